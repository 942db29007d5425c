// SPDX-License-Identifier: Apache-2.0
/// Areas in time: a split, a merge, a move take records, units and rights with them in one
/// transaction, and undoing them leaves everything as it was (C24).
#include "app/area_decisions.hpp"

#include <doctest/doctest.h>

#include <set>

#include "app/area_digest.hpp"
#include "base/crypto.hpp"

namespace linli::app::testing {

std::string digest_of(TestApp& app) {
    const std::vector<std::string> queries{
        "SELECT area, valid_from, COALESCE(valid_to, 0), code, name, level, parent, counted FROM "
        "area_version "
        "ORDER BY area, valid_from",
        "SELECT decision, before, after, weight FROM area_lineage WHERE undone = 0 AND how <> "
        "'undo' "
        "ORDER BY decision, before, after",
        "SELECT account, role, area, unit, head FROM identity_grant WHERE ended_at = 0 ORDER BY id",
        "SELECT id, area, name, office FROM identity_unit ORDER BY id",
        "SELECT id, area, COALESCE(subdistrict, 0), COALESCE(community, 0), COALESCE(grid, 0), "
        "state, "
        "unit, updated_at FROM request ORDER BY id",
        "SELECT id, area, subdistrict, community, grid, state, unit, due_at FROM flow_work ORDER "
        "BY id",
        "SELECT id, area, subdistrict, community, grid, state, unit FROM flow_done ORDER BY id",
        "SELECT id, area, subdistrict, community, grid, unit, due_at FROM flow_clock ORDER BY id"};
    std::string text;
    for (const auto& sql : queries) {
        app->database().read_now([&](store::Tx& tx) {
            tx.each(store::Sql{"test.digest", sql}, [&](const store::Row& row) {
                for (int i = 0; i < row.columns(); ++i) {
                    text += std::string(row.text(i)) + std::to_string(row.integer(i)) + "|";
                }
                text += "\n";
                return true;
            });
            return 0;
        });
    }
    return text;
}

namespace {

Value id_list(std::initializer_list<AreaId> ids) {
    Value::List list;
    for (const auto id : ids) {
        list.emplace_back(text_of(id));
    }
    return list;
}

struct Office {
    explicit Office(TestApp& of)
        : app(of),
          county(of.city().counties[0]),
          street(county.subdistricts[0]),
          there(street.communities[0]),
          next(street.communities[1]),
          chief(of.as("system_admin", of.city().id).stepped_up()),
          deputy(of.other("system_admin", of.city().id, "deputy").stepped_up()) {}

    Value successor(const std::string& tail, const std::string& name, int weight, bool heir) const {
        return obj(
            {{"code", street.code.substr(0, 9) + tail},
             {"name", name},
             {"weight", weight},
             {"heir", heir}}
        );
    }
    Value proposal(const std::string& kind, Value::List areas, Value::List successors) const {
        Value::List affected;
        for (auto& one : areas) {
            affected.push_back(obj({{"area", one}}));
        }
        return obj(
            {{"kind", kind},
             {"effective", to_text(official_date(app.time.now()))},
             {"document", "花民〔2025〕7号"},
             {"areas", affected},
             {"successors", successors}}
        );
    }
    /// The community becomes 北社区 (heir) and 南社区; its second grid and its compound go south.
    Value split() const {
        auto south = successor("052", "南社区", 400'000, false);
        south.set("children", id_list({there.grids[1], there.compound}));
        return proposal(
            "split", {text_of(there.id)}, {successor("051", "北社区", 600'000, true), south}
        );
    }
    std::string decide(const Value& body) {
        const auto made = chief.post("/api/area-decisions", body);
        REQUIRE_MESSAGE(made.status == 201, made.body);
        const auto path = "/api/area-decisions/" + made.text("id");
        const auto approved = deputy.post(path + "/approve");
        REQUIRE_MESSAGE(approved.status == 200, approved.body);
        const auto applied = chief.post(path + "/apply");
        REQUIRE_MESSAGE(applied.status == 200, applied.body);
        return path;
    }
    AreaId area(const std::string& tail) const {
        const auto* node = app->areas().today()->find_code(street.code.substr(0, 9) + tail);
        return node ? node->id : AreaId{};
    }
    std::int64_t community_of(const Reply& record) const {
        return app.integer("SELECT community FROM request WHERE id = " + record.text("id"));
    }

    TestApp& app;
    const County& county;
    const Subdistrict& street;
    const Community &there, &next;
    Client chief, deputy;
};

}  // namespace

TEST_CASE("a split files open records anew, leaves what is over, and takes rights along (C24)") {
    on_each_app([](TestApp& app) {
        Office office(app);
        const auto desk = app.as("community_desk", office.there.id);
        const auto neighbour = app.as("community_desk", office.next.id);
        const auto street = app.as("subdistrict_desk", office.street.id);
        const auto plain = app.file_request(desk, office.there.id);
        const auto by_compound = app.file_request(
            desk, office.there.id, obj({{"compound", text_of(office.there.compound)}})
        );
        const auto in_grid = app.file_request(desk, office.there.grids[1]);
        const auto over = app.file_request(desk, office.there.id);
        REQUIRE(desk.act("request", over.text("id"), "decline", obj({{"reason", "x"}})).ok());

        const auto preview = office.chief.post("/api/area-decisions/preview", office.split());
        REQUIRE_MESSAGE(preview.status == 200, preview.body);
        CHECK(preview.size("problems") == 0);
        CHECK(preview.size("begins") >= 4);
        CHECK(preview.size("refiled") == 3);
        CHECK(preview.number("staying/0/records") == 1);
        CHECK(preview.size("units") == 1);
        CHECK(preview.text("grants/0/to/0") == "北社区");

        const auto before = digest_of(app);
        const auto path = office.decide(office.split());
        const auto north = office.area("051"), south = office.area("052");
        REQUIRE(north);
        REQUIRE(south);
        CHECK(office.community_of(plain) == north.value);
        CHECK(office.community_of(by_compound) == south.value);
        CHECK(office.community_of(in_grid) == south.value);
        CHECK(office.community_of(over) == office.there.id.value);
        CHECK(
            app.integer(
                "SELECT count(*) FROM flow_work WHERE community = " + text_of(office.there.id)
            ) == 0
        );
        CHECK(app.integer("SELECT count(*) FROM store_change WHERE action = 'refile'") == 3);

        // The desk is the unit's, and the unit went to the heir: at once, and not to the south.
        const auto mine = desk.get("/api/records/request?count=1");
        CHECK(mine.size("records") == 2);  // what is over is seen through lineage
        CHECK(desk.get("/api/records/request/" + plain.text("id")).status == 200);
        CHECK(desk.get("/api/records/request/" + over.text("id")).status == 200);
        CHECK(desk.get("/api/records/request/" + in_grid.text("id")).status == 404);
        CHECK(neighbour.get("/api/records/request/" + over.text("id")).status == 404);
        const auto southern = app.as("grid_worker", south);
        CHECK(southern.get("/api/records/request?count=1").number("count") == 2);
        CHECK(southern.get("/api/records/request/" + over.text("id")).status == 404);
        CHECK(street.get("/api/records/request?count=1").number("count") == 4);
        CHECK(desk.get("/api/inbox?tab=all").size("items") == 1);

        const auto filed_south = app.file_request(southern, south);
        const auto undone = office.chief.post(path + "/undo");
        REQUIRE_MESSAGE(undone.status == 200, undone.body);
        CHECK(office.community_of(filed_south) == office.there.id.value);
        app->database().write_now([&](store::Tx& tx) {
            for (const char* sql :
                 {"DELETE FROM request WHERE id = $1", "DELETE FROM flow_work WHERE id = $1",
                  "DELETE FROM flow_clock WHERE record = $1"}) {
                tx.run(store::Sql{"test.remove", sql}, std::stoll(filed_south.text("id")));
            }
            tx.run(
                store::Sql{"test.end", "UPDATE identity_grant SET ended_at = 1 WHERE account = $1"},
                southern.account()
            );
        });
        CHECK(digest_of(app) == before);
        CHECK(desk.get("/api/records/request?count=1").number("count") == 4);
    });
}

TEST_CASE("a merge and its undoing: identical figures; a decision built upon is not undone") {
    on_each_app([](TestApp& app) {
        Office office(app);
        const auto one = app.as("community_desk", office.there.id);
        const auto other = app.as("community_desk", office.next.id);
        app.file_request(one, office.there.id);
        app.file_request(other, office.next.grids[0]);
        const auto before = digest_of(app);
        const auto board = one.get("/api/board?kind=request&area=" + text_of(office.street.id));
        auto merged = office.proposal(
            "merge", {text_of(office.there.id), text_of(office.next.id)},
            {office.successor("061", "合社区", 1'000'000, true)}
        );
        const auto path = office.decide(merged);
        const auto both = office.area("061");
        CHECK(one.get("/api/records/request?count=1").number("count") == 2);
        CHECK(other.get("/api/records/request?count=1").number("count") == 2);
        auto renamed = office.proposal("rename", {text_of(both)}, {obj({{"name", "和社区"}})});
        const auto again = office.decide(renamed);
        CHECK(office.chief.post(path + "/undo").refusal() == "later_changes");
        CHECK(office.chief.post(again + "/undo").status == 200);
        CHECK(office.chief.post(path + "/undo").status == 200);
        CHECK(office.chief.post(path + "/undo").refusal() == "not_applied");
        CHECK(digest_of(app) == before);
    });
}

TEST_CASE("more records than are read at once go along, and come back") {
    on_each_app([](TestApp& app) {
        Office office(app);
        constexpr int all = 450;
        const auto clerk = app.as("community_desk", office.there.id);
        app->database().write_now([&](store::Tx& tx) {
            http::Caller caller;
            caller.account = clerk.account();
            caller.grants.emplace_back();
            caller.grants.back().role = "community_desk";
            caller.grants.back().area = office.there.id;
            const auto body = obj(
                {{"area", text_of(office.there.id)},
                 {"fields", obj({{"category", "street_light"}, {"description", "dark"}})}}
            );
            for (int i = 0; i < all; ++i) {
                app->records().create(tx, caller, "request", body, app.time.now());
            }
        });
        const auto before = digest_of(app);
        const auto path = office.decide(office.split());
        const auto filed_at = [&](const char* table, AreaId area) {
            return app.integer(
                std::string("SELECT count(*) FROM ") + table + " WHERE community = " + text_of(area)
            );
        };
        for (const char* table : {"request", "flow_work", "flow_clock"}) {
            CHECK(filed_at(table, office.area("051")) == all);
            CHECK(filed_at(table, office.there.id) == 0);
        }
        CHECK(app.integer("SELECT count(*) FROM store_change WHERE action = 'refile'") == all);
        CHECK(office.chief.post(path + "/undo").status == 200);
        CHECK(digest_of(app) == before);
    });
}

TEST_CASE("a community that moves to another street, or county, is seen from there alone (C24)") {
    on_each_app([](TestApp& app) {
        Office office(app);
        const auto desk = app.as("community_desk", office.there.id);
        const auto& other = office.county.subdistricts[1];
        const auto& far = app.city().counties[1].subdistricts[0];
        const auto open = app.file_request(desk, office.there.id);
        const auto over = app.file_request(desk, office.there.id);
        REQUIRE(desk.act("request", over.text("id"), "decline", obj({{"reason", "x"}})).ok());
        const auto here = app.as("subdistrict_desk", office.street.id);
        const auto there = app.as("subdistrict_desk", other.id);
        const auto abroad = app.as("subdistrict_desk", far.id);
        const auto sees = [&](const Client& who, const Reply& what) {
            return who.get("/api/records/request/" + what.text("id")).status == 200;
        };
        const auto before = digest_of(app);
        const auto move = [&](AreaId to) {
            return office.proposal(
                "move", {text_of(office.there.id)}, {obj({{"parent", text_of(to)}})}
            );
        };
        const auto path = office.decide(move(other.id));
        CHECK_FALSE(sees(here, open));
        CHECK(sees(there, open));
        CHECK(sees(there, over));
        CHECK(there.get("/api/records/request?count=1").number("count") == 2);
        CHECK(sees(desk, open));
        REQUIRE(office.chief.post(path + "/undo").status == 200);
        CHECK(digest_of(app) == before);
        CHECK_FALSE(sees(there, open));

        const auto beyond = office.decide(move(far.id));
        CHECK(sees(abroad, open));
        CHECK(abroad.get("/api/records/request?count=1").number("count") == 2);
        CHECK(abroad.get("/api/inbox?tab=all").size("items") == 1);
        CHECK(sees(desk, open));
        CHECK(desk.act("request", open.text("id"), "decline", obj({{"reason", "x"}})).ok());
        REQUIRE(office.chief.post(beyond + "/undo").status == 200);
        CHECK_FALSE(sees(abroad, open));
        CHECK(sees(here, over));
    });
}

TEST_CASE("a county moves to another city: its records stay where they are and are seen from there"
) {
    on_each_app([](TestApp& app) {
        Office office(app);
        const auto desk = app.as("community_desk", office.there.id);
        const auto filed = app.file_request(desk, office.there.id);
        const auto& other = app.city(1);
        const auto here = app.as("city_supervisor", app.city().id);
        const auto there = app.as("city_supervisor", other.id);
        const auto sees = [&](const Client& who) {
            const auto listed = who.get("/api/records/request?count=1").number("count");
            const auto one = who.get("/api/records/request/" + filed.text("id")).status;
            CHECK((one == 200) == (listed > 0));
            return listed > 0;
        };
        const auto move = office.proposal(
            "move", {text_of(office.county.id)}, {obj({{"parent", text_of(other.id)}})}
        );
        CHECK(office.chief.post("/api/area-decisions", move).refusal() == "area_out_of_scope");
        // Above both cities no account decides: the operator does, by the command line.
        auto& decisions = app->area_decisions();
        const auto proposal = read<area::Proposal>(move);
        const auto decision = [&](std::int64_t id) {
            return app->database().read_now([&](store::Tx& tx) {
                return area::find_decision(tx, id).value();
            });
        };
        const auto in_tx = [&](const auto& step) { return app->database().write_now(step); };
        const auto by = office.chief.account(), second = office.deputy.account();
        const auto id = in_tx([&](store::Tx& tx) {
            return area::propose(tx, *app->areas().today(), proposal, by, app.time.now());
        });
        in_tx([&](store::Tx& tx) { area::approve(tx, decision(id), second, app.time.now()); });
        CHECK(sees(here));
        CHECK_FALSE(sees(there));
        in_tx([&](store::Tx& tx) { decisions.apply(tx, decision(id), by, app.time.now()); });
        CHECK_FALSE(sees(here));
        CHECK(sees(there));
        CHECK(app->areas().today()->within(office.there.id, other.id));
        const auto more = app.file_request(desk, office.there.id);
        CHECK(desk.act("request", more.text("id"), "decline", obj({{"reason", "x"}})).ok());
        CHECK(
            there.get("/api/records/request?count=1&area=" + text_of(other.id)).number("count") == 2
        );
        // The list of decisions goes by where the areas are now.
        CHECK(office.chief.get("/api/area-decisions").size("decisions") == 0);
        in_tx([&](store::Tx& tx) { decisions.undo(tx, decision(id), by, app.time.now()); });
        CHECK(sees(here));
        CHECK_FALSE(sees(there));
        CHECK(desk.get("/api/records/request?count=1").number("count") == 2);
    });
}

TEST_CASE("figures as then, as now and on another day's map: divided by households, sums stay") {
    on_each_app([](TestApp& app) {
        Office office(app);
        const auto desk = app.as("community_desk", office.there.id);
        for (int i = 0; i < 7; ++i) {
            const auto filed = app.file_request(desk, office.there.id);
            REQUIRE(desk.act("request", filed.text("id"), "decline", obj({{"reason", "x"}})).ok());
        }
        app.file_request(desk, office.there.grids[1]);
        app.advance(2 * day_ms);
        office.decide(office.split());
        const auto chief = app.as("subdistrict_desk", office.street.id);
        const auto board = [&](AreaId area, const std::string& map) {
            return chief.get(
                "/api/board?kind=request&area=" + text_of(area) + (map.empty() ? "" : "&map=" + map)
            );
        };
        const auto of = [](const Reply& reply, const std::string& name, const std::string& what) {
            for (std::size_t i = 0; i < reply.size("areas"); ++i) {
                const auto at = "areas/" + std::to_string(i) + "/";
                if (reply.text(at + "area/name") == name) {
                    return reply.number(at + what);
                }
            }
            return std::int64_t{-1};
        };
        const auto listed = [&](AreaId area, const std::string& map) {
            return chief
                .get(
                    "/api/records/request?state=declined&count=1&area=" + text_of(area) +
                    "&map=" + map
                )
                .number("count");
        };
        const auto today = to_text(official_date(app.time.now()));
        const auto then = board(office.street.id, ""), now = board(office.street.id, "now");
        const auto past = to_text(official_date(app.time.now()) + -1);
        const auto before = board(office.street.id, past), shared = board(office.street.id, today);
        const auto north = office.area("051"), south = office.area("052");
        for (const auto& one : {then, now, before, shared}) {
            CHECK(one.number("closed") == 7);
            CHECK(one.number("open") == 1);
        }
        CHECK(of(then, "北社区", "closed") == 0);
        CHECK(of(now, "北社区", "closed") == 7);
        CHECK(of(now, "南社区", "closed") == 0);
        CHECK(of(now, "南社区", "open") == 1);
        CHECK(of(shared, "北社区", "closed") == 4);
        CHECK(of(shared, "南社区", "closed") == 3);
        CHECK(of(shared, "南社区", "open") == 1);
        CHECK(shared.at("divided") == Value(true));
        CHECK(before.at("divided") == Value(false));
        CHECK(now.text("map") == today);
        CHECK(before.text("map") == past);
        const auto* old = app->areas().on(*parse_date(past))->find(office.there.id);
        REQUIRE(old);
        CHECK(of(before, std::string(old->name), "closed") == 7);
        CHECK(of(before, std::string(old->name), "open") == 1);
        CHECK(board(south, today).number("closed") == 3);
        CHECK(board(south, "").number("closed") == 0);
        // The lists behind them.
        CHECK(listed(north, "now") == 7);
        CHECK(listed(south, "now") == 0);
        CHECK(listed(north, "then") == 0);
        CHECK(listed(office.there.id, "then") == 7);
        CHECK(listed(office.there.id, past) == 7);
        CHECK(listed(office.street.id, "then") == 7);
        const auto list = [&](const Client& who, AreaId area, const std::string& more) {
            return who.get("/api/records/request?count=1&area=" + text_of(area) + more);
        };
        CHECK(list(chief, office.there.id, "").status == 404);
        CHECK(list(chief, north, "&map=" + past).status == 404);
        CHECK(list(chief, north, "&map=yesterday").refusal() == "query_invalid");
        // Never more than one may see: the south inherits nothing of what is over.
        const auto southern = app.as("grid_worker", south);
        for (const std::string map : {"then", past.c_str()}) {
            const auto seen = list(southern, office.there.id, "&map=" + map);
            CHECK(seen.number("count") == (map == "then" ? 0 : 1));
            CHECK(seen.size("records") == (map == "then" ? 0 : 1));
        }
        const auto sheet = chief.get(
            "/api/exports/request.csv?columns=number&area=" + text_of(office.there.id) + "&map=then"
        );
        CHECK(std::count(sheet.body.begin(), sheet.body.end(), '\n') == 8);
        // Page by page over old and new rows.
        std::set<std::string> numbers;
        std::string cursor;
        do {
            const auto page = list(
                chief, office.there.id,
                "&limit=3&map=" + past + (cursor.empty() ? "" : "&cursor=" + cursor)
            );
            for (std::size_t i = 0; i < page.size("records"); ++i) {
                CHECK(numbers.insert(page.text("records/" + std::to_string(i) + "/id")).second);
            }
            cursor = page.text("next");
        } while (!cursor.empty());
        CHECK(numbers.size() == 8);
        CHECK(chief.get("/api/areas/" + text_of(south)).text("changed/0") == today);
        CHECK(chief.get("/api/areas/" + text_of(office.next.id)).size("changed") == 0);
        CHECK(board(office.street.id, "x").status == 400);
        CHECK(desk.get("/api/board?area=" + text_of(office.next.id) + "&map=now").status == 404);
    });
}

TEST_CASE("who decides about areas: two accounts, within their areas, on the day") {
    on_each_app([](TestApp& app) {
        Office office(app);
        const auto stranger = app.as("system_admin", app.city(1).id).stepped_up();
        const auto desk = app.as("community_desk", office.there.id);
        const auto counts = app.row_counts();
        auto body = office.split();
        CHECK(stranger.post("/api/area-decisions", body).refusal() == "area_out_of_scope");
        CHECK(desk.post("/api/area-decisions", body).refusal() == "right_missing");
        body.set("document", " ");
        CHECK(office.chief.post("/api/area-decisions", body).status == 422);
        CHECK(TestApp::difference(counts, app.row_counts()) == "");

        const auto tomorrow = official_date(app.time.now()) + 1;
        body = office.split();
        body.set("effective", to_text(tomorrow));
        const auto made = office.chief.post("/api/area-decisions", body);
        REQUIRE_MESSAGE(made.status == 201, made.body);
        const auto path = "/api/area-decisions/" + made.text("id");
        CHECK(stranger.get(path).status == 404);
        CHECK(stranger.post(path + "/approve").status == 404);
        CHECK(office.chief.post(path + "/approve").refusal() == "own_proposal");
        CHECK(office.chief.post(path + "/apply").refusal() == "not_approved");
        CHECK(
            app.other("system_admin", app.city().id, "third").post(path + "/approve").refusal() ==
            "step_up_needed"
        );
        CHECK(office.deputy.post(path + "/approve").status == 200);
        CHECK(office.chief.post(path + "/apply").refusal() == "not_yet");
        auto& decisions = app->area_decisions();
        CHECK(decisions.apply_due(app->database(), app.time.now()) == 0);
        app.advance(day_ms);
        CHECK(decisions.apply_due(app->database(), app.time.now()) == 1);
        CHECK(decisions.apply_due(app->database(), app.time.now()) == 0);
        CHECK(office.area("051"));
        CHECK(office.chief.get(path).text("state") == "applied");
        CHECK(office.chief.get("/api/area-decisions?state=applied").size("decisions") == 1);
        CHECK(stranger.get("/api/area-decisions").size("decisions") == 0);
    });
}

TEST_CASE("a decision that cannot be applied on its day says why and is tried again") {
    TestApp app;
    Office office(app);
    const auto tomorrow = official_date(app.time.now()) + 1;
    std::vector<std::string> paths;
    for (int i = 0; i < 2; ++i) {  // the same split twice: the second finds its codes taken
        auto body = office.split();
        body.set("effective", to_text(tomorrow));
        const auto made = office.chief.post("/api/area-decisions", body);
        REQUIRE_MESSAGE(made.status == 201, made.body);
        paths.push_back("/api/area-decisions/" + made.text("id"));
        REQUIRE(office.deputy.post(paths.back() + "/approve").status == 200);
    }
    auto& decisions = app->area_decisions();
    const auto apply = [&] { return decisions.apply_due(app->database(), app.time.now()); };
    const auto tries = [&] {
        return app->database().read_now([&](store::Tx& tx) {
            return tx.one<int>({"test.tries", "SELECT SUM(failures) FROM area_decision"}).value();
        });
    };
    app.advance(day_ms);
    CHECK(apply() == 1);
    CHECK(tries() == 1);
    const auto shown = office.chief.get(paths[1]);
    CHECK(shown.body.find("\"failure\":{\"code\":\"") != std::string::npos);
    CHECK(apply() == 0);
    CHECK(tries() == 1);  // not before its time
    app.advance(minute_ms);
    CHECK(apply() == 0);
    CHECK(tries() == 2);
    app.advance(minute_ms);
    apply();
    CHECK(tries() == 2);  // the pauses grow
    REQUIRE(office.chief.post(paths[0] + "/undo").status == 200);
    app.advance(minute_ms);
    CHECK(apply() == 1);
    CHECK(office.chief.get(paths[1]).body.find("\"failure\":{") == std::string::npos);
}

TEST_CASE("a decision that fails by a fault of the system holds up no other, and is tried again") {
    on_each_app([](TestApp& app) {
        Office office(app);
        const auto desk = app.as("community_desk", office.there.id);
        const auto record = app.file_request(desk, office.there.id).text("id");
        const auto tomorrow = official_date(app.time.now()) + 1;
        const auto propose = [&](Value body) {
            body.set("effective", to_text(tomorrow));
            const auto made = office.chief.post("/api/area-decisions", body);
            REQUIRE_MESSAGE(made.status == 201, made.body);
            const auto path = "/api/area-decisions/" + made.text("id");
            REQUIRE(office.deputy.post(path + "/approve").status == 200);
            return path;
        };
        const auto split = propose(office.split());
        const auto renamed = propose(
            office.proposal("rename", {text_of(office.next.id)}, {obj({{"name", "和平社区"}})})
        );
        const auto run = [&](const std::string& text) {
            app->database().write_now([&](store::Tx& tx) { tx.run(store::Sql{"test.run", text}); });
        };
        // What the split would keep of the record stands there already, which nobody has foreseen.
        run("INSERT INTO record_refiled (county, decision, record, kind, area, subdistrict, "
            "community, grid, area_after) SELECT county, " +
            split.substr(split.rfind('/') + 1) +
            ", id, 'request', 1, 1, 1, 0, 1 FROM request WHERE id = " + record);
        const auto apply = [&] {
            return app->area_decisions().apply_due(app->database(), app.time.now());
        };
        app.advance(day_ms);
        CHECK(apply() == 1);
        CHECK(office.chief.get(renamed).text("state") == "applied");
        const auto failed = office.chief.get(split);
        CHECK(failed.text("state") == "approved");
        CHECK(failed.text("failure/code") == "internal");
        CHECK(failed.number("failure/tries") == 1);
        run("DELETE FROM record_refiled");
        CHECK(apply() == 0);  // not before its time
        app.advance(minute_ms);
        CHECK(apply() == 1);
        CHECK(office.chief.get(split).text("state") == "applied");
    });
}

TEST_CASE("a proposal that cannot be applied is refused with the name of every field") {
    TestApp app;
    Office office(app);
    struct Wrong {
        const char* code;
        Value body;
    };
    const auto kind = [&](const char* word, Value body) {
        body.set("kind", word);
        return body;
    };
    auto no_heir = office.proposal(
        "split", {text_of(office.there.id)},
        {office.successor("051", "北", 500'000, false),
         office.successor("052", "南", 500'000, false)}
    );
    auto light = office.proposal(
        "split", {text_of(office.there.id)},
        {office.successor("051", "北", 500'000, true),
         office.successor("052", "南", 400'000, false)}
    );
    auto taken = office.proposal(
        "split", {text_of(office.there.id)},
        {office.successor(office.next.code.substr(9), "北", 500'000, true),
         office.successor("052", "南", 500'000, false)}
    );
    auto past = office.split();
    past.set("effective", "1999-01-01");
    const std::vector<Wrong> wrong{
        {"heir_missing", no_heir},
        {"weights_wrong", light},
        {"code_in_use", taken},
        {"unknown_area", past},
        {"wrong_number", kind("merge", office.split())},
        {"county_by_import",
         [&] {
             auto body = office.split();
             body.set("areas", Value::List{obj({{"area", text_of(office.county.id)}})});
             return body;
         }()},
        {"other_county", office.proposal(
                             "merge",
                             {text_of(office.there.id),
                              text_of(app.city().counties[1].subdistricts[0].communities[0].id)},
                             {office.successor("051", "合", 1'000'000, true)}
                         )},
        {"parent_too_low",
         office.proposal(
             "move", {text_of(office.there.id)}, {obj({{"parent", text_of(office.next.id)}})}
         )},
        {"nothing_changes", office.proposal("rename", {text_of(office.there.id)}, {obj({})})}};
    for (const auto& one : wrong) {
        const auto reply = office.chief.post("/api/area-decisions", one.body);
        CAPTURE(one.code);
        CHECK_MESSAGE(reply.status == 422, reply.body);
        CHECK_MESSAGE(reply.body.find(one.code) != std::string::npos, reply.body);
    }
}

}  // namespace linli::app::testing
