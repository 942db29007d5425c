// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>

#include "identity/factor.hpp"
#include "identity/testing.hpp"

using namespace linli;
using namespace linli::identity;
using namespace linli::identity::testing;

namespace {

/// 20 bytes of an authenticator, read from the answer as it would read them.
std::string secret_of(const Reply& offer) {
    const auto text = offer.body.text_or("secret");
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string bytes;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : text) {
        held = held << 5 | static_cast<std::uint32_t>(letters.find(c));
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(held >> bits & 0xff);
        }
    }
    return bytes;
}

std::string code_at(const std::string& secret, Instant at) {
    return totp_code(secret, at.ms / (30 * second_ms));
}

struct Enrolled {
    std::string secret;
    std::vector<std::string> recovery;
};

/// The person is signed in by then; his present step is used up afterwards.
Enrolled enrol(Town& town, Person& person) {
    REQUIRE(person.step_up().status == 200);
    const auto offer = person.send("POST", "/api/account/factor");
    REQUIRE(offer.status == 200);
    Enrolled result{secret_of(offer), {}};
    const auto done = person.post(
        "/api/account/factor/confirm", obj({{"code", code_at(result.secret, town.now())}})
    );
    REQUIRE(done.status == 200);
    for (const auto& code : *done.body.find("recovery_codes")->as_list()) {
        result.recovery.push_back(*code.as_text());
    }
    return result;
}

Reply second(Person& person, const Reply& first, const std::string& code) {
    auto reply = person.post(
        "/api/session/second",
        obj({{"challenge", first.body.text_or("second_factor")}, {"code", code}})
    );
    person.csrf = reply.status == 200 ? reply.body.text_or("csrf") : person.csrf;
    return reply;
}

}  // namespace

TEST_CASE("codes are those of RFC 6238") {
    const std::string secret = "12345678901234567890";
    const std::pair<std::int64_t, const char*> vectors[] = {
        {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (const auto& [seconds, code] : vectors) {
        CHECK(totp_code(secret, seconds / 30) == code);
    }
    CHECK(base32(secret) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    CHECK(base32("fooba") == "MZXW6YTB");
    CHECK(base32("foob") == "MZXW6YQ");
    CHECK(
        totp_uri(secret, "李 a") ==
        "otpauth://totp/linli:%E6%9D%8E%20a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=linli"
    );
    const Instant now{1111111111 * second_ms};
    CHECK(totp_step(secret, "081804", now));  // the step before
    CHECK(totp_step(secret, totp_code(secret, 1111111111 / 30 + 1), now));
    CHECK_FALSE(totp_step(secret, totp_code(secret, 1111111111 / 30 + 2), now));
    CHECK_FALSE(totp_step(secret, totp_code(secret, 1111111111 / 30 - 2), now));
}

TEST_CASE("C10: an administrator holds nothing until there is a second factor") {
    in_each_town(
        [](Town& town) {
            town.account("system", "system_admin", "340500000000");
            Person person(town);
            const auto me = person.sign_in("system");
            REQUIRE(me.status == 200);
            CHECK(*me.body.find("factor_needed")->as_bool());
            CHECK(me.body.find("rights")->as_list()->empty());
            CHECK(person.get("/api/accounts").code() == "right_missing");
            const auto enrolled = enrol(town, person);
            CHECK(enrolled.recovery.size() == 10);
            CHECK(person.get("/api/accounts").status == 200);
            CHECK_FALSE(*person.get("/api/me").body.find("factor_needed")->as_bool());
            CHECK(person.send("DELETE", "/api/account/factor").code() == "factor_needed");

            const auto first = person.sign_in("system");
            CHECK(first.status == 200);
            CHECK(first.body.find("account") == nullptr);
        },
        Settings{}
    );
}

TEST_CASE("C10: residents and desks sign in without; the demo never asks") {
    Settings demo;
    demo.demo = true;
    Town town(store::Engine::sqlite, demo);
    town.account("system", "system_admin", "340500000000");
    Person person(town);
    const auto me = person.sign_in("system");
    CHECK_FALSE(*me.body.find("factor_needed")->as_bool());
    CHECK(person.get("/api/accounts").status == 200);
    person.step_up();
    CHECK(person.send("POST", "/api/account/factor").code() == "demo_account");
}

TEST_CASE("C10: signing in takes the code of now, the one before or after, each once") {
    in_each_town([](Town& town) {
        const auto id = town.account("a", "resident", "340503001001");
        Person person(town);
        person.sign_in("a");
        CHECK(person.send("POST", "/api/account/factor").code() == "step_up_needed");
        const auto enrolled = enrol(town, person);
        const auto& secret = enrolled.secret;
        const auto sign_in = [&](const std::string& code) {
            return second(person, person.sign_in("a"), code);
        };
        CHECK(sign_in(code_at(secret, town.now())).code() == "wrong_code");  // used to confirm
        CHECK(sign_in(code_at(secret, town.now() + 60 * second_ms)).code() == "wrong_code");
        CHECK(sign_in(code_at(secret, town.now() + 30 * second_ms)).status == 200);
        CHECK(sign_in(code_at(secret, town.now())).code() == "wrong_code");  // before a used one
        town.database.time().advance(90 * second_ms);
        CHECK(sign_in(code_at(secret, town.now() + -30 * second_ms)).status == 200);
        CHECK(sign_in(code_at(secret, town.now() + -30 * second_ms)).code() == "wrong_code");
        CHECK(person.get("/api/me").status == 200);

        constexpr store::Sql sql{"test.secret", "SELECT secret FROM identity_factor"};
        const auto stored = town.database->read_now([&](store::Tx& tx) {
            return tx.one<std::string>(sql).value();
        });
        CHECK(stored.find(to_hex(secret)) == std::string::npos);
        CHECK(town.database->read_now([&](store::Tx& tx) { return has_factor(tx, id); }));
    });
}

TEST_CASE("C10: a challenge opens one session, within five minutes, for its own account") {
    in_each_town([](Town& town) {
        town.account("a", "resident", "340503001001");
        town.account("b", "resident", "340503001001");
        Person a(town), b(town);
        a.sign_in("a");
        b.sign_in("b");
        const auto of_a = enrol(town, a), of_b = enrol(town, b);
        town.database.time().advance(10 * minute_ms);
        auto first = a.sign_in("a");
        CHECK(second(a, first, code_at(of_b.secret, town.now())).code() == "wrong_code");
        CHECK(second(a, first, code_at(of_a.secret, town.now())).status == 200);
        CHECK(second(a, first, of_a.recovery[0]).code() == "challenge_over");
        first = a.sign_in("a");
        const auto later = a.sign_in("a");  // ends the attempt before
        CHECK(second(a, first, of_a.recovery[1]).code() == "challenge_over");
        town.database.time().advance(5 * minute_ms);
        CHECK(second(a, later, of_a.recovery[1]).code() == "challenge_over");
        CHECK(second(a, a.sign_in("a"), of_a.recovery[1]).status == 200);
        CHECK(
            Person(town).post(
                            "/api/session/second", obj({{"challenge", "x"}, {"code", "1"}})
            ).code() == "challenge_over"
        );
    });
}

TEST_CASE("C10: of many guesses of a code five are evaluated; recovery codes work once") {
    in_each_town([](Town& town) {
        town.account("a", "resident", "340503001001");
        Person person(town);
        person.sign_in("a");
        const auto enrolled = enrol(town, person);
        Person thief(town, "10.0.0.66");
        const auto first = thief.sign_in("a");
        for (int i = 0; i < 5; ++i) {
            CHECK(second(thief, first, "00000" + std::to_string(i)).code() == "wrong_code");
        }
        CHECK(second(thief, first, enrolled.recovery[0]).status == 429);
        CHECK(second(thief, thief.sign_in("a"), enrolled.recovery[0]).status == 429);
        // The owner is on a device that is known.
        CHECK(second(person, person.sign_in("a"), enrolled.recovery[0]).status == 200);
        CHECK(second(person, person.sign_in("a"), enrolled.recovery[0]).code() == "wrong_code");
        auto typed = enrolled.recovery[1];
        std::transform(typed.begin(), typed.end(), typed.begin(), [](char c) {
            return c == '-' ? ' ' : static_cast<char>(std::tolower(c));
        });
        CHECK(second(person, person.sign_in("a"), typed).status == 200);
        CHECK(*person.get("/api/account/factor").body.find("recovery_left")->as_int() == 8);
    });
}

TEST_CASE("C11: a code does for the password once more") {
    in_each_town([](Town& town) {
        town.account("a", "resident", "340503001001");
        Person person(town);
        person.sign_in("a");
        const auto enrolled = enrol(town, person);
        town.database.time().advance(11 * minute_ms);
        CHECK(person.send("DELETE", "/api/account/factor").code() == "step_up_needed");
        const auto step_up = [&](const std::string& code) {
            return person.post("/api/session/step-up", obj({{"code", code}}));
        };
        CHECK(step_up("123456").code() == "wrong_code");
        CHECK(step_up(code_at(enrolled.secret, town.now())).status == 200);
        CHECK(person.send("DELETE", "/api/account/factor").status == 204);
        CHECK(person.sign_in("a").body.find("account") != nullptr);
        CHECK(person.send("DELETE", "/api/account/factor").status >= 400);
    });
}

TEST_CASE("C10: an administrator takes a lost factor away, which is told and ends the sessions") {
    in_each_town([](Town& town) {
        Offices offices(town);
        const auto id = town.account("a", "resident", "340503001001");
        Person person(town);
        person.sign_in("a");
        CHECK(
            offices.system.send("DELETE", account_path(id, "/factor")).code() == "factor_not_found"
        );
        enrol(town, person);
        CHECK(
            offices.security.send("DELETE", account_path(id, "/factor")).code() == "right_missing"
        );
        const auto reply = offices.system.send("DELETE", account_path(id, "/factor"));
        REQUIRE(reply.status == 200);
        CHECK_FALSE(*reply.body.find("second_factor")->as_bool());
        CHECK(person.get("/api/me").status == 401);
        CHECK(person.sign_in("a").body.find("account") != nullptr);
        const auto lines = offices.auditor.get("/api/audit?action=remove_factor");
        CHECK(lines.body.find("lines")->as_list()->size() == 1);
    });
}

TEST_CASE("C02, C10: an expired password is replaced only with the code") {
    auto settings = relaxed();
    settings.password_profile = "classified";
    in_each_town(
        [](Town& town) {
            town.account("a", "resident", "340503001001");
            Person person(town);
            person.sign_in("a");
            const auto enrolled = enrol(town, person);
            town.database.time().advance(91 * day_ms);
            CHECK(person.sign_in("a").code() == "password_expired");
            auto body = obj({{"login", "a"}, {"password", password}, {"new", "Nice horse no 7"}});
            CHECK(person.post("/api/session/expired", body).code() == "second_factor_needed");
            body.set("code", "000000");
            CHECK(person.post("/api/session/expired", body).code() == "wrong_code");
            body.set("code", code_at(enrolled.secret, town.now()));
            CHECK(person.post("/api/session/expired", body).status == 200);
            CHECK(person.get("/api/me").status == 200);
        },
        settings
    );
}
