// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "identity/testing.hpp"

using namespace linli;
using namespace linli::identity;
using namespace linli::identity::testing;

namespace {

std::string text(AreaId id) {
    return std::to_string(id.value);
}
std::string version_of(Town& town, AccountId id) {
    return std::to_string(town.database->read_now([&](store::Tx& tx) {
        return find_account(tx, id)->version;
    }));
}

Value wish(Town& town, const char* role, const char* code) {
    return obj({{"role", role}, {"area", text(town.area(code))}});
}

}  // namespace

TEST_CASE("an account is made by one administrator and gets its roles from another") {
    in_each_town([](Town& town) {
        Offices offices(town);
        const auto made =
            offices.system.post("/api/accounts", obj({{"login", "new"}, {"name", "李四"}}));
        REQUIRE(made.status == 201);
        Person person(town);
        CHECK(person.sign_in("new", "!").code() == "wrong_login");  // no password yet
        const auto link =
            offices.system.post("/api/accounts/" + made.body.text_or("id") + "/reset", {});
        REQUIRE(
            person
                .post(
                    "/api/session/reset",
                    obj({{"token", link.body.text_or("token")}, {"password", "a fine password"}})
                )
                .status == 204
        );
        const auto grants = "/api/accounts/" + made.body.text_or("id") + "/grants";
        const auto wanted = wish(town, "county_supervisor", "340503000000");
        CHECK(offices.system.post(grants, wanted).code() == "right_missing");
        CHECK(offices.auditor.post(grants, wanted).code() == "right_missing");
        const auto given = offices.security.post(grants, wanted);
        REQUIRE(given.status == 200);
        const auto& grant = given.body.find("grants")->as_list()->at(0);
        CHECK(grant.find("area")->text_or("name") == "花山区");
        CHECK(
            offices.security.post(grants, wish(town, "king", "340503000000")).refusal() ==
            "unknown_role"
        );
        CHECK(person.sign_in("new", "a fine password").body.find("rights")->as_list()->size() > 0);
        CHECK(offices.security.send("DELETE", grants + "/" + grant.text_or("id")).status == 200);
        CHECK(person.get("/api/me").status == 401);  // C08: the role was changed
        CHECK(person.sign_in("new", "a fine password").body.find("grants")->as_list()->empty());
    });
}

TEST_CASE("an account is shown by its id to whom the list would show it") {
    in_each_town([](Town& town) {
        Offices offices(town);
        const auto here = town.account("here", "resident", "340503001001");
        town.account("county", "system_admin", "340504000000");
        Person county(town);
        county.sign_in("county");
        CHECK(offices.auditor.get(account_path(here)).body.text_or("login") == "here");
        CHECK(county.get(account_path(here)).code() == "account_not_found");
        CHECK(offices.auditor.get("/api/accounts/12345").code() == "account_not_found");
    });
}

TEST_CASE("C11: roles and passwords of others need the password once more") {
    in_each_town([](Town& town) {
        Offices offices(town);
        const auto id = town.account("a", "resident", "340503001001");
        town.database.time().advance(11 * minute_ms);
        const auto wanted = wish(town, "resident", "340503001002");
        CHECK(
            offices.security.post(account_path(id, "/grants"), wanted).code() == "step_up_needed"
        );
        CHECK(offices.system.post(account_path(id, "/reset"), {}).code() == "step_up_needed");
        CHECK(
            offices.system.send("DELETE", account_path(id, "/factor")).code() == "step_up_needed"
        );
        offices.system.step_up();
        CHECK(offices.system.post(account_path(id, "/reset"), {}).status == 200);
    });
}

TEST_CASE("C12: no administrator takes another's place by a new password or a factor less") {
    in_each_town([](Town& town) {
        Offices offices(town);
        for (const auto id : {offices.security_id, offices.auditor_id}) {
            CHECK(
                offices.system.post(account_path(id, "/reset"), {}).code() == "administrators_apart"
            );
            CHECK(
                offices.system.send("DELETE", account_path(id, "/factor")).code() ==
                "administrators_apart"
            );
        }
        CHECK(Person(town).sign_in("security").status == 200);
    });
}

TEST_CASE("nobody grants to himself or outside of his areas") {
    in_each_town([](Town& town) {
        Offices offices(town);
        const auto county_id = town.account("county", "security_admin", "340503000000");
        const auto mine = town.account("mine", "resident", "340503001001");
        const auto foreign = town.account("foreign", "resident", "340504001001");
        Person county(town);
        county.sign_in("county");
        county.step_up();
        CHECK(
            offices.security
                .post(
                    account_path(offices.security_id, "/grants"),
                    wish(town, "resident", "340503001001")
                )
                .code() == "own_grant"
        );
        CHECK(
            county.post(account_path(county_id, "/grants"), wish(town, "resident", "340503001001"))
                .code() == "own_grant"
        );
        CHECK(
            county.post(account_path(mine, "/grants"), wish(town, "resident", "340504001001"))
                .code() == "area_out_of_scope"
        );
        CHECK(
            county.post(account_path(foreign, "/grants"), wish(town, "resident", "340503001001"))
                .status == 404
        );
        CHECK(
            county.post(account_path({12345}, "/grants"), wish(town, "resident", "340503001001"))
                .status == 404
        );
        CHECK(
            county.post(account_path(mine, "/grants"), wish(town, "resident", "340503001002"))
                .status == 200
        );
        const auto foreign_grant = town.caller(foreign).grants.at(0).id;
        CHECK(
            county.send("DELETE", account_path(foreign, "/grants/" + std::to_string(foreign_grant)))
                .status == 404
        );
        CHECK(
            county.send("DELETE", account_path(mine, "/grants/" + std::to_string(foreign_grant)))
                .status == 404
        );
    });
}

TEST_CASE(
    "C12: without a security administrator, the system administrator appoints one and no other role"
) {
    in_each_town([](Town& town) {
        town.account("system", "system_admin", "340500000000");
        const auto next = town.account("next"), other = town.account("other");
        Person system(town);
        system.sign_in("system");
        system.step_up();
        CHECK(
            system.post(account_path(other, "/grants"), wish(town, "auditor", "340500000000"))
                .code() == "right_missing"
        );
        CHECK(
            system.post(account_path(next, "/grants"), wish(town, "security_admin", "340500000000"))
                .status == 200
        );
        CHECK(
            system
                .post(account_path(other, "/grants"), wish(town, "security_admin", "340500000000"))
                .code() == "right_missing"
        );
    });
}

TEST_CASE("C08: a disabled account is out at once, and cannot come back") {
    in_each_town([](Town& town) {
        Offices offices(town);
        const auto id = town.account("a", "resident", "340503001001");
        Person person(town);
        person.sign_in("a");
        CHECK(person.get("/api/me").status == 200);
        const auto off = obj({{"enabled", false}});
        CHECK(offices.system.send("PATCH", account_path(id), off).status == 428);
        CHECK(offices.system.send("PATCH", account_path(id), off, "99").status == 412);
        REQUIRE(
            offices.system.send("PATCH", account_path(id), off, version_of(town, id)).status == 200
        );
        CHECK(person.get("/api/me").status == 401);
        CHECK(person.sign_in("a").code() == "wrong_login");
    });
}

TEST_CASE("C08: what another process disabled is out within a second") {
    in_each_town([](Town& town) {
        const auto id = town.account("a", "resident", "340503001001");
        Person person(town);
        person.sign_in("a");
        CHECK(person.get("/api/me").status == 200);
        constexpr store::Sql sql{
            "test.disable", "UPDATE identity_account SET enabled = 0 WHERE id = $1"};
        town.database->write_now([&](store::Tx& tx) { tx.run(sql, id); });
        town.database.time().advance(second_ms);
        CHECK(person.get("/api/me").status == 401);
    });
}

TEST_CASE("the last administrator stays") {
    in_each_town([](Town& town) {
        Offices offices(town);
        const auto off = obj({{"enabled", false}});
        const auto disable = [&](AccountId id) {
            return offices.system.send("PATCH", account_path(id), off, version_of(town, id)).code();
        };
        CHECK(disable(offices.system_id) == "own_account");
        CHECK(disable(offices.security_id) == "last_administrator");
        CHECK(disable(offices.auditor_id) == "last_administrator");
        const auto take = [&](AccountId id) {
            const auto grant = std::to_string(town.caller(id).grants.at(0).id);
            return offices.security.send("DELETE", account_path(id, "/grants/" + grant)).code();
        };
        CHECK(take(offices.system_id) == "last_administrator");
        town.account("second", "system_admin", "340503000000");
        CHECK(take(offices.system_id) == "");
        town.account("third", "auditor", "340503000000");
        offices.security.sign_in("security");
        offices.security.step_up();
        CHECK(take(offices.auditor_id) == "");
    });
}

TEST_CASE("C17: accounts are listed within the administrator's areas alone") {
    in_each_town([](Town& town) {
        Offices offices(town);
        town.account("county", "system_admin", "340503000000");
        town.account("mine", "resident", "340503001001");
        town.account("foreign", "resident", "340504001001");
        town.account("fresh");
        Person county(town);
        county.sign_in("county");
        const auto logins = [&](const std::string& query) {
            std::string all;
            const auto reply = county.get("/api/accounts" + query);
            REQUIRE(reply.status == 200);
            for (const auto& one : *reply.body.find("accounts")->as_list()) {
                all += (all.empty() ? "" : " ") + one.text_or("login");
            }
            return all;
        };
        CHECK(logins("") == "fresh mine county");
        CHECK(logins("?q=FOR") == "");
        CHECK(logins("?q=mi") == "mine");
        CHECK(logins("?q=%25") == "");
        CHECK(logins("?role=resident") == "mine");
        CHECK(logins("?area=" + text(town.area("340503001000"))) == "mine");
        CHECK(logins("?area=" + text(town.area("340504000000"))) == "");
        const auto page = county.get("/api/accounts?limit=2");
        CHECK(page.body.find("accounts")->as_list()->size() == 2);
        CHECK(logins("?cursor=" + page.body.text_or("next")) == "county");
        Person resident(town);
        resident.sign_in("mine");
        CHECK(resident.get("/api/accounts").code() == "right_missing");
    });
}

TEST_CASE("units are made in one's areas and found by area") {
    in_each_town([](Town& town) {
        Offices offices(town);
        town.account("county", "system_admin", "340503000000");
        Person county(town);
        county.sign_in("county");
        const auto unit = [&](const char* code, const char* kind) {
            return obj(
                {{"area", text(town.area(code))},
                 {"name", "甲社区居委会"},
                 {"kind", kind},
                 {"office", true}}
            );
        };
        CHECK(
            county.post("/api/units", unit("340504001001", "community_office")).code() ==
            "area_out_of_scope"
        );
        CHECK(
            county.post("/api/units", unit("340503001001", "castle")).refusal() == "unknown_choice"
        );
        const auto made = county.post("/api/units", unit("340503001001", "community_office"));
        REQUIRE(made.status == 201);
        const auto url = "/api/units/" + made.body.text_or("id");
        const auto phone = obj({{"phone", "0555-1234567"}});
        CHECK(county.send("PATCH", url, phone).status == 428);
        CHECK(county.send("PATCH", url, phone, "1").body.int_or("version") == 2);
        CHECK(county.send("PATCH", url, phone, "1").status == 412);
        const auto found = [&](const std::string& query) {
            return offices.system.get("/api/units" + query).body.find("units")->as_list()->size();
        };
        CHECK(found("?under=" + text(town.area("340503000000"))) == 1);
        CHECK(found("?area=" + text(town.area("340503000000"))) == 0);
        CHECK(found("?under=" + text(town.area("340504000000"))) == 0);
        CHECK(found("?kind=community_office&q=%E7%94%B2") == 1);
    });
}

TEST_CASE("areas are shown to anybody; grids are added by administrators in their areas") {
    in_each_town([](Town& town) {
        Offices offices(town);
        const auto office = town.unit("340503001000");
        const auto community = town.area("340503001001");
        Person nobody(town);
        const auto shown = nobody.get("/api/areas/" + text(community));
        CHECK(shown.body.text_or("name") == "甲社区");
        CHECK(shown.body.find("office")->text_or("id") == std::to_string(office.value));
        CHECK(shown.body.find("path")->as_list()->size() == 5);
        CHECK(shown.body.find("versions")->as_list()->size() == 1);
        CHECK(nobody.get("/api/areas/12345").status == 404);
        CHECK(
            nobody.get("/api/areas?level=community&under=" + text(town.area("340503000000")))
                .body.int_or("total") == 3
        );
        CHECK(
            nobody.get("/api/areas").body.find("areas")->as_list()->at(0).text_or("name") ==
            "安徽省"
        );
        CHECK(
            offices.system.get("/api/areas").body.find("areas")->as_list()->at(0).text_or("name") ==
            "马鞍山市"
        );
        CHECK(
            nobody.get("/api/areas?q=%E7%A4%BE%E5%8C%BA&limit=2")
                .body.find("areas")
                ->as_list()
                ->size() == 2
        );
        CHECK(nobody.get("/api/areas?at=2019-01-01").body.int_or("total") == 0);
        CHECK(nobody.get("/api/areas?at=yesterday").status == 400);
        CHECK(nobody.get("/api/areas?level=village").status == 400);

        const auto grid = obj(
            {{"parent", text(community)},
             {"level", "grid"},
             {"code", "340503001001001"},
             {"name", "第一网格"}}
        );
        CHECK(nobody.post("/api/areas", grid).status == 401);
        CHECK(offices.security.post("/api/areas", grid).code() == "right_missing");
        const auto made = offices.system.post("/api/areas", grid);
        REQUIRE(made.status == 201);
        CHECK(town.areas->today()->within({std::stoll(made.body.text_or("id"))}, community));
        CHECK(offices.system.post("/api/areas", grid).refusal() == "code_in_use");
    });
}

TEST_CASE("C65: what administrators do is in the log, for the auditor of those areas") {
    in_each_town([](Town& town) {
        Offices offices(town);
        const auto mine = town.account("mine"), foreign = town.account("foreign");
        offices.security.post(
            account_path(mine, "/grants"), wish(town, "resident", "340503001001")
        );
        offices.security.post(
            account_path(foreign, "/grants"), wish(town, "resident", "340504001001")
        );
        const auto all = offices.auditor.get("/api/audit?action=grant");
        REQUIRE(all.body.find("lines")->as_list()->size() == 5);
        const auto& line = all.body.find("lines")->as_list()->at(1);
        CHECK(line.find("actor")->text_or("id") == std::to_string(offices.security_id.value));
        CHECK(line.find("area")->text_or("name") == "甲社区");
        CHECK(line.text_or("detail") == "resident");
        const auto page = offices.auditor.get("/api/audit?limit=2");
        const auto next =
            offices.auditor.get("/api/audit?limit=2&cursor=" + page.body.text_or("next"));
        CHECK(page.body.find("lines")->as_list()->size() == 2);
        CHECK(!(
            page.body.find("lines")->as_list()->at(1) == next.body.find("lines")->as_list()->at(0)
        ));
        CHECK(offices.system.get("/api/audit").code() == "right_missing");

        town.account("county", "auditor", "340503000000");
        Person county(town);
        county.sign_in("county");
        const auto seen = county.get("/api/audit?action=grant");
        REQUIRE(seen.body.find("lines")->as_list()->size() == 2);  // of his own, and of 甲社区
        CHECK(county.get("/api/audit?kind=session").body.find("lines")->as_list()->empty());
        CHECK(county.get("/api/audit?area=" + text(town.area("340504000000"))).status == 404);
        CHECK(
            county.get("/api/audit?account=" + std::to_string(offices.security_id.value))
                .body.find("lines")
                ->as_list()
                ->size() == 1
        );
    });
}

TEST_CASE("a request looks through a bounded part of the log and says where to go on") {
    Town town;
    Offices offices(town);
    const auto community = town.area("340503001001");
    const auto county = town.areas->today()->find(community)->county_number;
    town.database->write_now([&](store::Tx& tx) {
        for (int i = 0; i < 10'100; ++i) {
            store::Change line;
            line.at = town.now();
            line.kind = "request";
            line.action = i == 0 ? "rare" : "create";
            line.area_after = community;
            store::append_change(tx, county, std::move(line));
        }
    });
    std::string next;
    std::size_t found = 0, requests = 0;
    do {
        const auto page =
            offices.auditor.get("/api/audit?action=rare" + (next.empty() ? "" : "&cursor=" + next));
        found += page.body.find("lines")->as_list()->size();
        next = page.body.text_or("next");
        ++requests;
    } while (!next.empty() && requests < 20);
    CHECK(found == 1);
    CHECK(requests > 1);
    CHECK(requests < 8);
}

TEST_CASE("C15: every route of the room names a right that some role has") {
    Town town;
    town.router.check(town.catalogue->known_rights());
    CHECK(Person(town).get("/api/roles").status == 401);
}
