// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "identity/store.hpp"
#include "identity/testing.hpp"

using namespace linli;
using namespace linli::identity;
using namespace linli::identity::testing;

namespace {

/// A program: nothing but its token.
Reply call(
    Town& town, const std::string& token, const char* method, const std::string& path,
    const Value& body = {}
) {
    http::Request request;
    request.method = method;
    request.path = path;
    request.peer = "10.0.0.2";
    request.id = "test";
    request.headers.emplace_back("authorization", "Bearer " + token);
    if (!body.is_null()) {
        request.headers.emplace_back("content-type", "application/json");
        request.body = to_json(body);
    }
    const auto answer = town.server->serve(std::move(request));
    return {answer.status, answer.body.empty() ? Value() : parse_json(answer.body)};
}

Value wish(const std::vector<std::int64_t>& grants, int days = 30, bool read_only = false) {
    Value::List ids;
    for (const auto id : grants) {
        ids.emplace_back(std::to_string(id));
    }
    return obj({{"name", "sheet"}, {"days", days}, {"grants", ids}, {"read_only", read_only}});
}

/// Who may see accounts of two counties, and reads boards in one.
struct Owner {
    explicit Owner(Town& town) : person(town) {
        id = town.account("a");
        here = town.give(id, "system_admin", "340503000000");
        there = town.give(id, "system_admin", "340504000000");
        person.sign_in("a");
        person.step_up();
    }
    std::string token(const Value& wanted) {
        const auto made = person.post("/api/account/tokens", wanted);
        REQUIRE(made.status == 201);
        return made.body.text_or("token");
    }
    AccountId id;
    std::int64_t here = 0, there = 0;
    Person person;
};

}  // namespace

TEST_CASE("C28: a token carries the grants it was made for and no others") {
    in_each_town([](Town& town) {
        Owner owner(town);
        town.account("near", "resident", "340503001001");
        town.account("far", "resident", "340504001001");
        const auto token = owner.token(wish({owner.here}));
        CHECK(token.size() == 43);
        const auto me = call(town, token, "GET", "/api/me");
        REQUIRE(me.status == 200);
        CHECK(me.body.find("grants")->as_list()->size() == 1);
        const auto seen = to_json(call(town, token, "GET", "/api/accounts?q=").body);
        CHECK(seen.find("near") != std::string::npos);
        CHECK(seen.find("far") == std::string::npos);
        CHECK(to_json(owner.person.get("/api/accounts").body).find("far") != std::string::npos);

        const auto listed = owner.person.get("/api/account/tokens");
        REQUIRE(listed.body.find("tokens")->as_list()->size() == 1);
        CHECK(to_json(listed.body).find(token) == std::string::npos);
        constexpr store::Sql sql{
            "test.token", "SELECT digest FROM identity_token WHERE purpose = 'api'"};
        CHECK(town.database->read_now([&](store::Tx& tx) {
            return tx.one<std::string>(sql);
        }) == to_hex(sha256(token)));
    });
}

TEST_CASE("C28: what may not be asked of a token") {
    in_each_town([](Town& town) {
        Owner owner(town);
        const auto other = town.account("b");
        const auto foreign = town.give(other, "resident", "340503001001");
        const auto refusal = [&](const Value& wanted) {
            return owner.person.post("/api/account/tokens", wanted).refusal();
        };
        CHECK(refusal(wish({foreign})) == "unknown_grant");
        CHECK(refusal(wish({owner.here, 1})) == "unknown_grant");
        CHECK(refusal(wish({})) == "required");
        CHECK(refusal(wish({owner.here}, 367)) != "");
        CHECK(refusal(wish({owner.here}, 0)) != "");
        town.database.time().advance(11 * minute_ms);
        CHECK(refusal(wish({owner.here})) == "step_up_needed");
        owner.person.step_up();
        const auto token = owner.token(wish({owner.here, owner.there}));
        // It makes no other tokens, changes no password and takes no step up.
        CHECK(
            call(town, token, "POST", "/api/account/tokens", wish({owner.here})).code() ==
            "step_up_needed"
        );
        CHECK(
            call(
                town, token, "POST", "/api/session/step-up", obj({{"password", password}})
            ).code() == "session_needed"
        );
        CHECK(
            call(
                town, token, "POST", "/api/account/password",
                obj({{"old", password}, {"new", "four green hills"}})
            ).code() == "session_needed"
        );
        CHECK(Person(town).sign_in("a").status == 200);
        for (int i = 1; i < 20; ++i) {
            owner.token(wish({owner.here}));
        }
        CHECK(refusal(wish({owner.here})) == "too_many_tokens");
    });
}

TEST_CASE("C28: a reading token changes nothing") {
    in_each_town([](Town& town) {
        Owner owner(town);
        const auto body = obj({{"login", "c"}, {"name", "c"}});
        const auto reader = owner.token(wish({owner.here}, 30, true));
        CHECK(call(town, reader, "GET", "/api/accounts").status == 200);
        CHECK(call(town, reader, "POST", "/api/accounts", body).code() == "token_read_only");
        const auto writer = owner.token(wish({owner.here}));
        CHECK(call(town, writer, "POST", "/api/accounts", body).status == 201);
    });
}

TEST_CASE("C28: a token ends at once when it is revoked, with its time, its grant and its owner") {
    in_each_town([](Town& town) {
        Offices offices(town);
        Owner owner(town);
        const auto works = [&](const std::string& token) {
            return call(town, token, "GET", "/api/accounts").status;
        };
        const auto id_of = [&](std::size_t i) {
            return owner.person.get("/api/account/tokens")
                .body.find("tokens")
                ->as_list()
                ->at(i)
                .text_or("id");
        };
        const auto first = owner.token(wish({owner.here})), next = owner.token(wish({owner.here}));
        CHECK(works(first) == 200);
        CHECK(owner.person.send("DELETE", "/api/account/tokens/" + id_of(1)).status == 204);
        CHECK(works(first) == 401);
        CHECK(works(next) == 200);
        CHECK(offices.auditor.get(account_path(owner.id, "/tokens")).code() == "right_missing");
        CHECK(
            offices.system.get(account_path(owner.id, "/tokens"))
                .body.find("tokens")
                ->as_list()
                ->size() == 1
        );
        CHECK(
            offices.system.send("DELETE", account_path(offices.system_id, "/tokens/" + id_of(0)))
                .code() == "token_not_found"
        );
        CHECK(
            offices.system.send("DELETE", account_path(owner.id, "/tokens/" + id_of(0))).status ==
            204
        );
        CHECK(works(next) == 401);

        const auto brief = owner.token(wish({owner.here}, 1));
        const auto both = owner.token(wish({owner.here, owner.there}));
        town.database.time().advance(day_ms);
        CHECK(works(brief) == 401);
        CHECK(works(both) == 200);
        offices.security.sign_in("security");
        offices.security.step_up();
        for (const auto grant : {owner.here, owner.there}) {
            const auto path = account_path(owner.id, "/grants/" + std::to_string(grant));
            REQUIRE(offices.security.send("DELETE", path).status == 200);
        }
        CHECK(works(both) == 403);  // it holds nothing any more
        constexpr store::Sql off{
            "test.off", "UPDATE identity_account SET enabled = 0 WHERE id = $1"};
        town.database->write_now([&](store::Tx& tx) { tx.run(off, owner.id); });
        CHECK(works(both) == 401);
        offices.auditor.sign_in("auditor");
        CHECK(
            offices.auditor.get("/api/audit?action=end_token")
                .body.find("lines")
                ->as_list()
                ->size() == 2
        );
    });
}
