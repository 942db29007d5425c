// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "identity/password.hpp"
#include "identity/store.hpp"
#include "identity/testing.hpp"

using namespace linli;
using namespace linli::identity;
using namespace linli::identity::testing;

namespace {

/// The first problem of a password under a profile of the repository; "" = it is fine.
std::string problem(
    const char* profile, const std::string& password, const std::vector<std::string>& words = {}
) {
    try {
        check_password("/p", password, *repository_catalogue()->password_profile(profile), words);
    } catch (const Refused& refused) {
        return refused.problems.at(0).code;
    }
    return "";
}

Settings with_profile(const char* name) {
    auto settings = relaxed();
    settings.password_profile = name;
    return settings;
}

Reply change(Person& person, const std::string& from, const std::string& to) {
    return person.post("/api/account/password", obj({{"old", from}, {"new", to}}));
}

}  // namespace

TEST_CASE("C02: the classified profile asks for three kinds of characters, ASVS for none") {
    CHECK(problem("classified", "Ab1!xyz") == "password_length");
    CHECK(problem("classified", "correct horse battery") == "password_kinds");
    CHECK(problem("classified", "Correct horse") == "");
    CHECK(problem("classified", "korrekt7horse!") == "");
    CHECK(problem("asvs", "correct horse battery") == "");
    CHECK(problem("asvs", "short 1") == "password_length");
    CHECK(problem("asvs", "正确的马与电池订书钉") == "");
    CHECK(problem("asvs", "correct horse " + std::string(50, 'y') + " staple") == "");
    CHECK(problem("asvs", "correct horse " + std::string(150, 'y')) == "password_length");
}

TEST_CASE("C02: each rule of a profile can be switched off") {
    catalogue::PasswordProfile off;
    off.common = off.local = false;
    check_password("/p", "password123", off, {});
    check_password("/p", "13912345678", off, {});
    off.common = true;
    CHECK_THROWS_AS(check_password("/p", "password123", off, {}), Refused);
}

TEST_CASE("C03: thousands of common passwords are refused, however they are dressed up") {
    const auto& common = common_passwords();
    CHECK(common.size() >= 3000);
    for (const auto& one : common) {
        if (one.size() < 8 || problem("asvs", one).empty()) {
            FAIL_CHECK("is taken: " << one);
        }
    }
    for (const auto* one : {"12345678",    "123456789",  "password", "Passw0rd",  "P@ssw0rd",
                            "p@$$w0rd123", "qwertyuiop", "1qaz2wsx", "asdfghjkl", "woaini1314",
                            "zhangwei123", "Admin123",   "11111111", "abc12345",  "iloveyou",
                            "a1234567",    "20082008",   "qwer1234", "1q2w3e4r",  "admin@123"}) {
        CAPTURE(std::string(one));
        CHECK(problem("asvs", one) != "");
    }
}

TEST_CASE("C03: what others know of an account makes no password") {
    const std::vector<std::string> words{"lisi.hs",      "李四",   "花山区民政局",
                                         "0555-2345678", "花山区", "沙塘路街道"};
    for (const auto* one :
         {"linli@2077x", "LinliLinli77", "邻里社区2024", "huashan2024!", "huashanqu#1",
          "花山区12345", "lisi.hs2024", "李四李四1234", "huashanquminzhengju", "shatanglu88",
          "13955512345", "19900101", "34050319900101123X", "0101123x", "lisi19900101"}) {
        CAPTURE(std::string(one));
        CHECK(problem("asvs", one, words) == "password_local");
    }
    CHECK(problem("asvs", "huashan has four green hills", words) == "");
    CHECK(problem("asvs", "huashan2024!", {"雨山区"}) == "");
}

TEST_CASE("C03: words of the account's areas and unit are known to the server") {
    in_each_town([](Town& town) {
        const auto office = town.unit("340503001001");
        town.account("desk", "community_desk", "340503001001", office);
        Person person(town);
        person.sign_in("desk");
        const auto refusal = change(person, password, "shatanglu@2026").refusal();
        CHECK(refusal == "password_local");
        CHECK(change(person, password, "zhangsan2026").refusal() != "");
        CHECK(change(person, password, "maanshan#2026").refusal() == "password_local");
        CHECK(change(person, password, "four green hills").status == 204);
    });
}

TEST_CASE("C02: the last five passwords are not taken again") {
    in_each_town(
        [](Town& town) {
            const auto id = town.account("a", "resident", "340503001001");
            Person person(town);
            person.sign_in("a");
            const auto nth = [](int i) { return "Nice horse no " + std::to_string(i); };
            REQUIRE(change(person, password, nth(0)).status == 204);
            CHECK(change(person, nth(0), nth(0)).refusal() == "password_used");
            for (int i = 1; i <= 5; ++i) {
                REQUIRE(change(person, nth(i - 1), nth(i)).status == 204);
            }
            for (int i = 1; i <= 5; ++i) {
                CHECK(change(person, nth(5), nth(i)).refusal() == "password_used");
            }
            CHECK(change(person, nth(5), nth(0)).status == 204);  // six ago
            town.database->read([&](store::Tx& tx) {
                CHECK(last_passwords(tx, id, 24).size() == 8);
                for (const auto& hash : last_passwords(tx, id, 24)) {
                    CHECK(hash.starts_with("$argon2id$"));
                }
            });
        },
        with_profile("classified")
    );
}

TEST_CASE("C02: a password whose time is over signs in for nothing but a new one") {
    in_each_town(
        [](Town& town) {
            town.account("a", "county_supervisor", "340503000000");
            Person person(town);
            CHECK(person.sign_in("a").status == 200);
            town.database.time().advance(90 * day_ms - minute_ms);
            CHECK(person.sign_in("a").status == 200);
            town.database.time().advance(minute_ms);
            person.cookies.erase("linli_session");
            CHECK(person.sign_in("a").code() == "password_expired");
            CHECK(person.sign_in("a", "wrong").code() == "wrong_login");
            CHECK(person.get("/api/me").status == 401);
            const auto replace = [&](const char* old_one, const char* new_one) {
                return person.post(
                    "/api/session/expired",
                    obj({{"login", "a"}, {"password", old_one}, {"new", new_one}})
                );
            };
            CHECK(replace("wrong", "Nice horse no 7").code() == "wrong_login");
            CHECK(replace(password, "nice horse").refusal() == "password_kinds");
            CHECK(replace(password, password).refusal() == "password_kinds");
            CHECK(replace(password, "Nice horse no 7").status == 200);
            CHECK(person.get("/api/me").status == 200);
            CHECK(Person(town).sign_in("a", "Nice horse no 7").status == 200);
            CHECK(replace("Nice horse no 7", "Nice horse no 8").code() == "password_not_expired");
        },
        with_profile("classified")
    );
}

TEST_CASE("C02: an installation chooses a profile of the catalogue") {
    CHECK_THROWS_AS(Town(store::Engine::sqlite, with_profile("none")), std::runtime_error);
    CHECK(repository_catalogue()->password_profile()->name == "asvs");
    const auto& classified = *repository_catalogue()->password_profile("classified");
    CHECK(classified.least == 8);
    CHECK(classified.kinds == 3);
    CHECK(classified.days == 90);
    CHECK(classified.history == 5);
}
