// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "identity/session.hpp"
#include "identity/testing.hpp"

using namespace linli;
using namespace linli::identity;
using namespace linli::identity::testing;

namespace {

std::int64_t count_changes(Town& town, const std::string& kind, const std::string& action) {
    constexpr store::Sql sql{
        "test.changes",
        "SELECT count(*) FROM store_change WHERE county = 0 AND kind = $1 AND action = $2"};
    return town.database->read_now([&](store::Tx& tx) {
        return tx.one<std::int64_t>(sql, kind, action).value_or(0);
    });
}

}  // namespace

TEST_CASE("signing in tells who one is, signing out ends it, and both are in the log") {
    in_each_town([](Town& town) {
        const auto office = town.unit("340503001001");
        town.account("desk", "community_desk", "340503001001", office);
        Person person(town);
        CHECK(person.get("/api/me").status == 401);
        CHECK(person.get("/api/me").code() == "not_signed_in");
        const auto me = person.sign_in("Desk");
        REQUIRE(me.status == 200);
        CHECK(me.body.find("account")->text_or("login") == "desk");
        const auto& grant = me.body.find("grants")->as_list()->at(0);
        CHECK(grant.text_or("role") == "community_desk");
        CHECK(grant.find("area")->find("path")->as_list()->size() == 5);
        CHECK(grant.find("unit")->text_or("id") == std::to_string(office.value));
        CHECK(*me.body.find("kinds")->find("request")->find("create")->as_bool());
        CHECK(me.body.find("stepped_up_until")->is_null());
        CHECK(person.last_cookie.find("HttpOnly; SameSite=Lax") != std::string::npos);
        CHECK(person.get("/api/me").body == me.body);
        CHECK(person.send("DELETE", "/api/session").status == 204);
        CHECK(person.get("/api/me").status == 401);
        CHECK(count_changes(town, "session", "sign_in") == 1);
        CHECK(count_changes(town, "session", "sign_out") == 1);
    });
}

TEST_CASE("C34: a cookie without the csrf word changes nothing") {
    in_each_town([](Town& town) {
        town.account("a", "resident", "340503001001");
        Person person(town);
        person.sign_in("a");
        const auto word = person.csrf;
        for (const auto* wrong : {"", "x"}) {
            person.csrf = wrong;
            CHECK(person.send("DELETE", "/api/session").code() == "csrf_missing");
        }
        person.csrf = word;
        CHECK(person.send("DELETE", "/api/session").status == 204);
    });
}

TEST_CASE("C07: the token is new at each sign-in and step-up, and stored as a digest alone") {
    in_each_town([](Town& town) {
        town.account("a", "resident", "340503001001");
        Person person(town);
        person.cookies["linli_session"] = std::string(43, 'x');  // a fixed one is not taken over
        person.sign_in("a");
        const auto first = person.cookies["linli_session"];
        CHECK(first.size() == 43);
        CHECK(first != std::string(43, 'x'));
        const auto before = person.csrf;
        REQUIRE(person.step_up().status == 200);
        CHECK(person.cookies["linli_session"] != first);
        CHECK(person.csrf == before);
        CHECK_FALSE(person.get("/api/me").body.find("stepped_up_until")->is_null());
        Person thief(town);
        thief.cookies["linli_session"] = first;
        CHECK(thief.get("/api/me").status == 401);
        constexpr store::Sql sql{"test.digests", "SELECT digest FROM identity_session"};
        town.database->read([&](store::Tx& tx) {
            for (const auto& digest : tx.all<std::string>(sql)) {
                CHECK(digest.size() == 64);
                CHECK(digest != person.cookies["linli_session"]);
            }
        });
    });
}

TEST_CASE("C08: sessions end by idleness and by age, sooner for staff") {
    struct Case {
        const char* role;
        const char* area;
        std::int64_t idle, absolute;
    };
    for (const auto& c : std::vector<Case>{
             {"county_supervisor", "340503000000", 2 * hour_ms, 12 * hour_ms},
             {"resident", "340503001001", 30 * day_ms, 180 * day_ms}}) {
        CAPTURE(c.role);
        in_each_town([&](Town& town) {
            town.account("a", c.role, c.area);
            Person person(town);
            person.sign_in("a");
            town.database.time().advance(c.idle - minute_ms);
            CHECK(person.get("/api/me").status == 200);
            town.database.time().advance(c.idle - minute_ms);
            CHECK(person.get("/api/me").status == 200);
            town.database.time().advance(c.idle);
            CHECK(person.get("/api/me").status == 401);
            person.sign_in("a");
            for (std::int64_t spent = 0; spent + c.idle / 2 < c.absolute; spent += c.idle / 2) {
                CHECK(person.get("/api/me").status == 200);
                town.database.time().advance(c.idle / 2);
            }
            town.database.time().advance(c.idle / 2);
            CHECK(person.get("/api/me").status == 401);
        });
    }
}

TEST_CASE("C05: of 200 guesses at once at most five are evaluated, and none afterwards") {
    in_each_town([](Town& town) {
        town.account("a", "resident", "340503001001");
        Person owner(town, "10.0.0.9");
        REQUIRE(owner.sign_in("a").status == 200);
        std::atomic<int> evaluated = 0, refused = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 10; ++t) {
            threads.emplace_back([&town, &evaluated, &refused, t] {
                for (int i = 0; i < 20; ++i) {
                    Person thief(town, "10.1." + std::to_string(t) + "." + std::to_string(i));
                    const auto reply = thief.sign_in("a", "guess " + std::to_string(i));
                    evaluated += reply.status == 401;
                    refused += reply.status == 429 && reply.code() == "too_many_tries";
                }
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        CHECK(evaluated == 5);
        CHECK(refused == 195);
        CHECK(Person(town).sign_in("a").status == 429);  // even with the right password
        CHECK(owner.sign_in("a").status == 200);         // the owner's device is known
        town.database.time().advance(15 * minute_ms + 1);
        CHECK(Person(town).sign_in("a").status == 200);
        CHECK(count_changes(town, "session", "sign_in_failed") == 5);
    });
}

TEST_CASE("C05: a known device has five guesses of its own") {
    in_each_town([](Town& town) {
        town.account("a", "resident", "340503001001");
        Person owner(town);
        owner.sign_in("a");
        for (int i = 0; i < 5; ++i) {
            CHECK(owner.sign_in("a", "forgotten").status == 401);
        }
        CHECK(owner.sign_in("a").status == 429);
    });
}

TEST_CASE("C05: the five are of any 15 minutes, not of fixed ones") {
    Town town;
    town.account("a", "resident", "340503001001");
    Person thief(town);
    thief.sign_in("a", "one");
    town.database.time().advance(14 * minute_ms);
    for (int i = 0; i < 4; ++i) {
        CHECK(thief.sign_in("a", "more").status == 401);
    }
    town.database.time().advance(2 * minute_ms);
    CHECK(thief.sign_in("a", "more").status == 401);
    CHECK(thief.sign_in("a", "more").status == 429);
}

TEST_CASE("C05: one address cannot try many logins") {
    Town town;
    int refused = 0;
    for (int i = 0; i < 62; ++i) {
        refused += Person(town).sign_in("nobody" + std::to_string(i), "x").status == 429;
    }
    CHECK(refused == 2);
    CHECK(Person(town, "10.0.0.2").sign_in("nobody", "x").status == 401);
}

TEST_CASE("many people may sign in from one address") {
    Town town;
    town.account("a", "resident", "340503001001");
    for (int i = 0; i < 70; ++i) {
        REQUIRE(Person(town).sign_in("a").status == 200);
    }
}

TEST_CASE("C06: an unknown login is answered like a wrong password") {
    in_each_town([](Town& town) {
        town.account("a", "resident", "340503001001");
        Person person(town);
        const auto known = person.sign_in("a", "wrong"), unknown = person.sign_in("b", "wrong");
        CHECK(known.status == unknown.status);
        CHECK(known.code() == unknown.code());
        CHECK(known.body == unknown.body);
        for (int i = 0; i < 4; ++i) {
            person.sign_in("a", "wrong");
            person.sign_in("b", "wrong");
        }
        CHECK(person.sign_in("a", "wrong").body == person.sign_in("b", "wrong").body);
    });
}

TEST_CASE("C04: a password stored at a lower cost is stored anew at sign-in") {
    in_each_town([](Town& town) {
        // argon2id of the same password at 8 KiB and one pass
        const std::string cheap =
            "$argon2id$v=19$m=8,t=1,p=1$XGIxutrXvrHOz0zxxAUAPQ$xi0+wk1Ms4RTok6+"
            "AR7muT4J70VuIkfWsjccwX0m6X0";
        constexpr store::Sql save{
            "test.save", "UPDATE identity_account SET password = $2 WHERE id = $1"};
        constexpr store::Sql read{
            "test.read", "SELECT password FROM identity_account WHERE id = $1"};
        const auto id = town.account("a", "resident", "340503001001");
        town.database->write_now([&](store::Tx& tx) { tx.run(save, id, cheap); });
        const auto stored = [&] {
            return town.database->read_now([&](store::Tx& tx) {
                return tx.one<std::string>(read, id).value();
            });
        };
        CHECK(Person(town).sign_in("a", "wrong").status == 401);
        CHECK(stored() == cheap);
        CHECK(Person(town).sign_in("a").status == 200);
        CHECK(stored() != cheap);
        CHECK_FALSE(needs_rehash(stored()));
        CHECK(Person(town).sign_in("a").status == 200);
    });
}

TEST_CASE("own sessions are listed and ended one by one") {
    in_each_town([](Town& town) {
        town.account("a", "resident", "340503001001");
        town.account("b", "resident", "340503001001");
        Person phone(town), computer(town), other(town);
        phone.sign_in("a");
        computer.sign_in("a");
        other.sign_in("b");
        const auto list = computer.get("/api/sessions");
        REQUIRE(list.body.find("sessions")->as_list()->size() == 2);
        for (const auto& one : *list.body.find("sessions")->as_list()) {
            const auto path = "/api/sessions/" + one.text_or("id");
            CHECK(other.send("DELETE", path).status == 404);
            if (!*one.find("current")->as_bool()) {
                CHECK(computer.send("DELETE", path).status == 204);
            }
        }
        CHECK(phone.get("/api/me").status == 401);
        CHECK(computer.get("/api/me").status == 200);
    });
}

TEST_CASE("a new password ends the other sessions") {
    in_each_town([](Town& town) {
        town.account("a", "resident", "340503001001");
        Person here(town), there(town);
        here.sign_in("a");
        there.sign_in("a");
        const auto change = [&](const char* old_one, const char* new_one) {
            return here.post("/api/account/password", obj({{"old", old_one}, {"new", new_one}}));
        };
        CHECK(change("wrong", "a new password").code() == "wrong_password");
        CHECK(change(password, "short").refusal() == "password_length");
        CHECK(change(password, "aaaaaaaaaa").refusal() == "password_weak");
        CHECK(change(password, "a new password").status == 204);
        CHECK(here.get("/api/me").status == 200);
        CHECK(there.get("/api/me").status == 401);
        CHECK(there.sign_in("a").status == 401);
        CHECK(there.sign_in("a", "a new password").status == 200);
    });
}

TEST_CASE("C01: the first administrator comes by a token that works once, for an hour") {
    in_each_town([](Town& town) {
        Person person(town);
        CHECK(*person.get("/api/setup").body.find("needed")->as_bool());
        const auto set_up = [&](const std::string& with, const char* login) {
            return person.post(
                "/api/setup", obj(
                                  {{"token", with},
                                   {"login", login},
                                   {"name", "管理员"},
                                   {"password", "first password"}}
                              )
            );
        };
        const auto aged = town.identity->first_token(town.now());
        town.database.time().advance(hour_ms);
        CHECK(set_up(aged, "admin").code() == "setup_token_wrong");
        const auto old_token = town.identity->first_token(town.now());
        const auto token = town.identity->first_token(town.now());
        CHECK(set_up("guess", "admin").code() == "setup_token_wrong");
        CHECK(set_up(old_token, "admin").code() == "setup_token_wrong");
        const auto me = set_up(token, "admin");
        REQUIRE(me.status == 200);
        CHECK(me.body.find("grants")->as_list()->at(0).text_or("role") == "system_admin");
        CHECK(set_up(token, "second").code() == "setup_token_wrong");
        CHECK_FALSE(*person.get("/api/setup").body.find("needed")->as_bool());
        CHECK(town.identity->first_token(town.now()).empty());
        CHECK(person.get("/api/me").status == 200);
        CHECK(person.get("/api/demo").status == 404);
    });
}

TEST_CASE("the demo's accounts are shown in demo mode, and no other one") {
    Settings demo;
    demo.demo = true;
    Town town(store::Engine::sqlite, demo);
    const auto shown = town.account("resident1", "resident", "340503001001");
    town.account("somebody", "resident", "340503001001");
    town.account("nothing");
    town.database->write_now([&](store::Tx& tx) { mark_demo(tx, shown); });
    const auto reply = Person(town).get("/api/demo");
    REQUIRE(reply.status == 200);
    REQUIRE(reply.body.find("accounts")->as_list()->size() == 1);
    CHECK(reply.body.find("accounts")->as_list()->at(0).text_or("area_name") == "甲社区");
    CHECK(reply.body.text_or("password") == demo_password);
}

TEST_CASE("C01: outside of demo mode no account of the demo gets in, by whatever way") {
    in_each_town([](Town& town) {
        const auto id = town.account("mas-admin", "system_admin", "340500000000");
        Person(town).sign_in("mas-admin");
        SessionRow session;
        session.digest = digest_of("cookie");
        session.account = id;
        session.created_at = session.seen_at = town.now();
        town.database->write_now([&](store::Tx& tx) {
            constexpr store::Sql token{"test.token", R"(
                INSERT INTO identity_token
                       (id, digest, purpose, account, name, created_at, expires_at, ended_at)
                VALUES ($1, $2, 'api', $3, '', $4, $5, 0))"};
            save_session(tx, session);
            tx.run(token, tx.new_id(0), digest_of("word"), id, town.now(), town.now() + day_ms);
            mark_demo(tx, id);
        });
        Settings in_demo;
        in_demo.demo = true;
        Identity demo(
            *town.database, town.catalogue, *town.areas, town.database.random(), nullptr, in_demo
        );
        http::Request by_cookie, by_token;
        by_cookie.headers.emplace_back("cookie", "linli_session=cookie");
        by_token.headers.emplace_back("authorization", "Bearer word");
        CHECK(demo.identify()(by_cookie, *town.database, town.now()).account == id);
        CHECK(demo.identify()(by_token, *town.database, town.now()).account == id);
        const auto identify = town.identity->identify();
        CHECK_FALSE(identify(by_cookie, *town.database, town.now()).signed_in());
        CHECK_THROWS_AS(identify(by_token, *town.database, town.now()), Refused);
        CHECK(Person(town).sign_in("mas-admin").code() == "wrong_login");
        CHECK(town.identity->only_demo_accounts());
        CHECK_FALSE(demo.only_demo_accounts());
        town.account("somebody");
        CHECK(Person(town).sign_in("somebody").status == 200);
        CHECK_FALSE(town.identity->only_demo_accounts());
    });
}

TEST_CASE("what is old is cleared in slices, and nothing else is") {
    in_each_town([](Town& town) {
        const auto add = [&](std::int64_t first, std::int64_t count, Instant at) {
            constexpr store::Sql sql{"test.sessions", R"(
                INSERT INTO identity_session (id, digest, account, csrf, created_at, seen_at, stepped_up_until, ended_at, agent, address)
                VALUES ($1, $2, 1, '', $3, $3, 0, 0, '', ''))"};
            town.database->write_now([&](store::Tx& tx) {
                for (auto id = first; id < first + count; ++id) {
                    tx.post(sql, id, "d" + std::to_string(id), at);
                }
            });
        };
        const auto clear = [&] {
            return town.database->write_now([&](store::Tx& tx) { return clear_old(tx, town.now()); }
            );
        };
        add(1, 1100, town.now() - 1000 * day_ms);
        add(2001, 3, town.now());
        CHECK(clear() == 500);
        CHECK(clear() == 500);
        CHECK(clear() == 100);
        CHECK(clear() == 0);
        CHECK(town.database->read_now([&](store::Tx& tx) {
            return tx.one<int>({"test.left", "SELECT COUNT(*) FROM identity_session"}).value();
        }) == 3);
    });
}

TEST_CASE("devices that nobody has used for as long as their cookie lives are forgotten") {
    in_each_town([](Town& town) {
        const auto id = town.account("a");
        const auto known = [&] {
            return town.database->read_now([&](store::Tx& tx) {
                return known_device(tx, "device", id);
            });
        };
        const auto clear = [&](int days) {
            town.database->write_now([&](store::Tx& tx) {
                clear_old(tx, town.now() + days * day_ms);
            });
        };
        town.database->write_now([&](store::Tx& tx) { know_device(tx, "device", id, town.now()); });
        clear(399);
        CHECK(known());
        clear(401);
        CHECK_FALSE(known());
    });
}
