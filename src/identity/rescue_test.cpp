// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "identity/testing.hpp"

using namespace linli;
using namespace linli::identity;
using namespace linli::identity::testing;

namespace {

const auto& list(const Reply& reply, const char* name) {
    return *reply.body.find(name)->as_list();
}
Reply reset(Person& person, const std::string& token, const char* to) {
    return person.post("/api/session/reset", obj({{"token", token}, {"password", to}}));
}

}  // namespace

TEST_CASE("C13: a link gives a new password once, within 15 minutes, and ends the sessions") {
    in_each_town([](Town& town) {
        Offices offices(town);
        const auto id = town.account("a", "resident", "340503001001");
        Person person(town);
        person.sign_in("a");
        const auto make = [&] {
            const auto reply = offices.system.post(account_path(id, "/reset"), {});
            REQUIRE(reply.status == 200);
            return reply.body.text_or("token");
        };
        const auto first = make(), link = make();
        Person anew(town);
        CHECK(reset(anew, "guess", "four green hills").code() == "reset_over");
        CHECK(reset(anew, first, "four green hills").code() == "reset_over");  // a newer one is out
        CHECK(reset(anew, link, "short").refusal() == "password_length");
        CHECK(person.get("/api/me").status == 200);
        CHECK(reset(anew, link, "four green hills").status == 204);
        CHECK(anew.get("/api/me").status == 401);  // signs nobody in
        CHECK(person.get("/api/me").status == 401);
        CHECK(person.sign_in("a").status == 401);
        CHECK(person.sign_in("a", "four green hills").status == 200);
        CHECK(reset(anew, link, "five green hills").code() == "reset_over");
        const auto late = make();
        town.database.time().advance(15 * minute_ms);
        CHECK(reset(anew, late, "five green hills").code() == "reset_over");
        CHECK(list(offices.auditor.get("/api/audit?action=offer_reset"), "lines").size() == 3);
        CHECK(list(offices.auditor.get("/api/audit?action=reset_password"), "lines").size() == 1);
    });
}

TEST_CASE("C13, C12: a link of before a grant is worth nothing after it") {
    in_each_town([](Town& town) {
        Offices offices(town);
        const auto id = town.account("a");
        const auto link = offices.system.post(account_path(id, "/reset"), {}).body.text_or("token");
        const auto role =
            obj({{"role", "auditor"}, {"area", std::to_string(town.area("340500000000").value)}});
        REQUIRE(offices.security.post(account_path(id, "/grants"), role).status == 200);
        Person thief(town);
        CHECK(reset(thief, link, "four green hills").code() == "reset_over");
    });
}

TEST_CASE("C13: staff never see, set or send a password of others") {
    in_each_town([](Town& town) {
        Offices offices(town);
        const auto id = town.account("a", "resident", "340503001001");
        const auto body = obj({{"password", "four green hills"}});
        CHECK(offices.system.send("PATCH", account_path(id), body, "2").status == 422);
        const auto made = offices.system.post(
            "/api/accounts", obj({{"login", "b"}, {"name", "b"}, {"password", "four green hills"}})
        );
        CHECK(made.status == 422);
        CHECK(
            to_json(offices.system.get("/api/accounts").body).find("argon2") == std::string::npos
        );
    });
}

TEST_CASE("C13: a link reaches no account outside of the administrator's areas") {
    in_each_town([](Town& town) {
        town.account("county", "system_admin", "340503000000");
        const auto foreign = town.account("foreign", "resident", "340504001001");
        Person county(town);
        county.sign_in("county");
        county.step_up();
        for (const auto* more : {"/reset"}) {
            CHECK(county.post(account_path(foreign, more), {}).code() == "account_not_found");
        }
        CHECK(county.get(account_path(foreign, "/sessions")).code() == "account_not_found");
        CHECK(county.get(account_path(foreign, "/tokens")).code() == "account_not_found");
        CHECK(
            county.send("DELETE", account_path(foreign, "/factor")).code() == "account_not_found"
        );
    });
}

TEST_CASE("C09: five sessions at most; the oldest ends") {
    in_each_town([](Town& town) {
        town.account("a", "resident", "340503001001");
        std::vector<Person> devices;
        for (int i = 0; i < 7; ++i) {
            devices.emplace_back(town);
            REQUIRE(devices.back().sign_in("a").status == 200);
            town.database.time().advance(second_ms);
        }
        for (int i = 0; i < 7; ++i) {
            CAPTURE(i);
            CHECK(
                devices[static_cast<std::size_t>(i)].get("/api/me").status == (i < 2 ? 401 : 200)
            );
        }
        CHECK(list(devices.back().get("/api/sessions"), "sessions").size() == 5);
    });
}

TEST_CASE("C09: administrators see and end the sessions of accounts that they manage") {
    in_each_town([](Town& town) {
        Offices offices(town);
        const auto id = town.account("a", "resident", "340503001001");
        const auto other = town.account("b", "resident", "340503001001");
        Person phone(town), computer(town);
        phone.sign_in("a");
        computer.sign_in("a");
        CHECK(phone.get(account_path(other, "/sessions")).code() == "right_missing");
        CHECK(offices.auditor.get(account_path(id, "/sessions")).code() == "right_missing");
        const auto sessions = offices.security.get(account_path(id, "/sessions"));
        REQUIRE(list(sessions, "sessions").size() == 2);
        const auto first = list(sessions, "sessions")[0].text_or("id");
        CHECK(
            offices.security.send("DELETE", account_path(other, "/sessions/" + first)).code() ==
            "session_not_found"
        );
        CHECK(phone.get("/api/me").status == 200);
        for (const auto& one : list(sessions, "sessions")) {
            const auto end = account_path(id, "/sessions/" + one.text_or("id"));
            CHECK(offices.security.send("DELETE", end).status == 204);
        }
        CHECK(phone.get("/api/me").status == 401);
        CHECK(computer.get("/api/me").status == 401);
    });
}
