// SPDX-License-Identifier: Apache-2.0
#include "flow/inbox.hpp"

#include <doctest/doctest.h>

#include "flow/testing.hpp"
#include "http/router.hpp"

using namespace linli;
using namespace linli::flow;

namespace {

/// The answer of a route as JSON; a refusal as its code.
Value ask(
    World& world, const std::string& who, const std::string& path,
    const std::vector<std::pair<std::string, std::string>>& query = {},
    const std::string& method = "GET"
) {
    http::Router router;
    routes(router, world.catalogue(), world.areas(), world.flow());
    const auto match = router.find(method, path);
    REQUIRE(match.route != nullptr);
    http::Request request;
    request.query = query;
    const auto run = [&](store::Tx& tx) {
        http::Call call(request, world.as(who), world.db(), world.now());
        call.params = match.params;
        call.use(&tx);
        const auto answer = match.route->prepare({})(call);
        return answer.body.empty() ? Value() : parse_json(answer.body);
    };
    try {
        return method == "GET" ? world.db().read_now(run) : world.db().write_now(run);
    } catch (const Refused& refused) {
        return refused.code;
    }
}

std::vector<RecordId> tab(
    World& world, const std::string& who, Tab which, const std::string& area = {}, int limit = 100
) {
    InboxQuery query;
    query.tab = which;
    query.limit = limit;
    if (!area.empty()) {
        query.area = world.area(area);
    }
    return world.db().read_now([&](store::Tx& tx) {
        std::vector<RecordId> ids;
        for (const auto& row : waiting(tx, world.flow().ground(), world.as(who), query)) {
            ids.push_back(row.id);
        }
        return ids;
    });
}

using Ids = std::vector<RecordId>;

Inputs lead(World& world, const char* unit, const char* assist = "") {
    Inputs inputs;
    inputs.reason = "because";
    inputs.lead_unit = world.unit(unit);
    if (*assist) {
        inputs.assist_units = {world.unit(assist)};
    }
    return inputs;
}

}  // namespace

TEST_CASE("an inbox holds what waits for its owner, in his area, and nothing else") {
    in_world([](World& world) {
        const auto fresh = world.file("grid"), elsewhere = world.file("community2"),
                   far = world.file("community3");
        CHECK(tab(world, "desk", Tab::mine) == Ids{fresh});
        CHECK(tab(world, "grid_worker", Tab::mine) == Ids{fresh});
        CHECK(tab(world, "desk2", Tab::mine) == Ids{elsewhere});
        CHECK(tab(world, "street_desk", Tab::mine) == Ids{fresh, elsewhere});
        CHECK(tab(world, "street_desk", Tab::mine, "community2") == Ids{elsewhere});
        CHECK(tab(world, "street_desk", Tab::mine, "county2").empty());
        CHECK(tab(world, "clerk", Tab::mine).empty());
        CHECK(tab(world, "resident", Tab::mine).empty());

        world.act(fresh, "accept", "desk", {}, obj({{"handling", "immediate"}}));
        world.act(fresh, "assign", "desk", lead(world, "lamps", "roads"));
        CHECK(tab(world, "desk", Tab::mine).empty());
        CHECK(tab(world, "clerk", Tab::mine) == Ids{fresh});
        CHECK(tab(world, "clerk", Tab::unit) == Ids{fresh});
        CHECK(tab(world, "assistant", Tab::unit) == Ids{fresh});
        CHECK(tab(world, "far_clerk", Tab::unit).empty());
        world.act(fresh, "resolve", "clerk");
        CHECK(tab(world, "resident", Tab::mine) == Ids{fresh});
        CHECK(tab(world, "neighbour", Tab::mine).empty());
        CHECK(tab(world, "clerk", Tab::mine).empty());
        world.act(fresh, "rate", "resident", {}, obj({{"satisfaction", 5}}));
        CHECK(tab(world, "resident", Tab::mine).empty());
        CHECK(tab(world, "clerk", Tab::unit).empty());
        CHECK(tab(world, "assistant", Tab::unit).empty());
        Inputs again;
        again.reason = "it went out again";
        world.act(fresh, "reopen", "resident", again);
        CHECK(tab(world, "desk", Tab::mine) == Ids{fresh});
        CHECK(tab(world, "clerk", Tab::unit).empty());
        world.withdraw(fresh);

        CHECK(tab(world, "supervisor", Tab::all) == Ids{elsewhere});
        CHECK(tab(world, "supervisor2", Tab::all) == Ids{far});
        CHECK(tab(world, "city_supervisor", Tab::all) == Ids{elsewhere, far});
        CHECK(tab(world, "city_supervisor", Tab::all, "county2") == Ids{far});
        CHECK(tab(world, "resident", Tab::all).empty());
    });
}

TEST_CASE(
    "urgent ones stand first, then what is due first, then what has no deadline; pages continue"
) {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto late = world.file();
        world.at("2025-05-12 08:00");
        const auto early = world.file();
        world.at("2025-05-12 10:00");
        const auto urgent = world.file("grid", obj({{"urgent", true}}));
        CHECK(tab(world, "desk", Tab::mine) == Ids{urgent, early, late});
        CHECK(tab(world, "city_supervisor", Tab::all) == Ids{urgent, early, late});

        Ids paged;
        std::vector<std::pair<std::string, std::string>> query{{"limit", "1"}};
        for (int page = 0; page < 5; ++page) {
            const auto answer = ask(world, "desk", "/api/inbox", query);
            for (const auto& item : *answer.find("items")->as_list()) {
                RecordId id;
                CHECK(parse_id(item.text_or("id"), id.value));
                paged.push_back(id);
            }
            if (answer.find("next")->is_null()) {
                break;
            }
            query = {{"limit", "1"}, {"cursor", answer.text_or("next")}};
        }
        CHECK(paged == Ids{urgent, early, late});
        CHECK(ask(world, "desk", "/api/inbox", {{"cursor", "x.1"}}) == Value("cursor_malformed"));
        CHECK(ask(world, "desk", "/api/inbox", {{"tab", "x"}}) == Value("tab_unknown"));
        CHECK(ask(world, "desk", "/api/inbox", {{"area", "4711"}}) == Value("area_not_found"));
    });
}

TEST_CASE("an inbox row says what it is, in words, without anybody's own") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto id = world.assigned("immediate");
        world.at("2025-05-13 09:01");
        const auto answer = ask(world, "clerk", "/api/inbox");
        REQUIRE(answer.find("items")->as_list()->size() == 1);
        const auto& item = answer.find("items")->as_list()->front();
        CHECK(item.text_or("id") == std::to_string(id.value));
        CHECK(item.text_or("kind") == "request");
        CHECK(item.find("state_title")->text_or("en") == "Assigned");
        CHECK(item.find("clock_title")->text_or("zh") == "办理时限");
        CHECK(item.find("unit")->text_or("name") == "lamps");
        CHECK(item.find("area")->text_or("name") == "community");
        CHECK(item.text_or("due_at") == to_text(wall("2025-05-13 09:00")));
        CHECK(*item.find("overdue")->as_bool());
        CHECK(!*item.find("raised")->as_bool());
        const auto counts = ask(world, "clerk", "/api/inbox/counts");
        CHECK(counts.int_or("mine") == 1);
        CHECK(counts.int_or("unit") == 1);
        CHECK(counts.int_or("overdue") == 1);
        CHECK(counts.int_or("raised") == 0);
    });
}

TEST_CASE("what was raised is seen by the level to which it was raised, and by no other") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto id = world.assigned("immediate");
        world.at("2025-05-13 14:30");
        world.run();
        CHECK(tab(world, "street_desk", Tab::raised) == Ids{id});
        CHECK(tab(world, "supervisor", Tab::raised).empty());
        world.at("2025-05-15 09:00");
        world.run();
        CHECK(tab(world, "street_desk", Tab::raised).empty());
        CHECK(tab(world, "supervisor", Tab::raised) == Ids{id});
        CHECK(tab(world, "supervisor2", Tab::raised).empty());
        CHECK(tab(world, "desk", Tab::raised).empty());
        CHECK(ask(world, "supervisor", "/api/inbox/counts").int_or("raised") == 1);
        CHECK(ask(world, "supervisor", "/api/inbox/counts").int_or("notices") == 1);
    });
}

TEST_CASE("a notice is read by each for himself, and only by those to whom it is addressed") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        world.assigned("immediate");
        world.at("2025-05-13 09:00");
        world.run();
        const auto list = [&](const char* who) {
            const auto answer = ask(world, who, "/api/notices", {{"unread", "1"}});
            return *answer.find("notices")->as_list();
        };
        REQUIRE(list("head").size() == 2);
        REQUIRE(list("clerk").size() == 1);
        const auto urge = list("head").front();
        CHECK(urge.text_or("what") == "urge");
        CHECK(urge.find("read_at")->is_null());
        const auto read = "/api/notices/" + urge.text_or("id") + "/read";
        CHECK(ask(world, "clerk", read, {}, "POST") == Value("notice_not_found"));
        CHECK(ask(world, "far_clerk", read, {}, "POST") == Value("notice_not_found"));
        CHECK(ask(world, "head", read, {}, "POST").is_null());
        CHECK(ask(world, "head", read, {}, "POST").is_null());
        CHECK(list("head").size() == 1);
        const auto all = ask(world, "head", "/api/notices");
        CHECK(all.find("notices")->as_list()->size() == 2);
        CHECK(!all.find("notices")->as_list()->front().find("read_at")->is_null());
    });
}

TEST_CASE("how a deadline came about is told to those who may read the record") {
    in_world([](World& world) {
        world.at("2025-09-28 09:00");
        const auto id = world.assigned("time_limited");
        const std::vector<std::pair<std::string, std::string>> query{
            {"kind", "request"}, {"id", std::to_string(id.value)}, {"clock", "resolve"}};
        for (const char* who : {"resident", "desk", "clerk", "supervisor"}) {
            CAPTURE(who);
            const auto told = ask(world, who, "/api/clocks/why", query);
            CHECK(told.text_or("due_at") == to_text(wall("2025-10-11 09:00")));
            CHECK(told.find("days")->as_list()->size() == 14);
        }
        for (const char* who : {"neighbour", "desk2", "assistant", "supervisor2"}) {
            CAPTURE(who);
            CHECK(ask(world, who, "/api/clocks/why", query) == Value("record_not_found"));
        }
        world.act(id, "resolve", "clerk");
        world.act(id, "rate", "resident", {}, obj({{"satisfaction", 5}}));
        CHECK(ask(world, "clerk", "/api/clocks/why", query).text_or("limit") == "5 working days");
        auto other = query;
        other[2].second = "dance";
        CHECK(ask(world, "clerk", "/api/clocks/why", other) == Value("clock_not_found"));
    });
}

TEST_CASE("a board is for those who may read it, within their areas") {
    in_world([](World& world) {
        world.file();
        const auto of = [&](const char* who, const char* area) {
            return ask(
                world, who, "/api/board", {{"area", std::to_string(world.area(area).value)}}
            );
        };
        CHECK(of("supervisor", "county").int_or("open") == 1);
        CHECK(of("supervisor", "community").int_or("open") == 1);
        CHECK(of("supervisor", "city") == Value("area_not_found"));
        CHECK(of("supervisor2", "county") == Value("area_not_found"));
        CHECK(of("desk", "street") == Value("area_not_found"));
        CHECK(of("resident", "community") == Value("area_not_found"));
        CHECK(ask(world, "supervisor2", "/api/board").int_or("open") == 0);
        CHECK(ask(world, "supervisor", "/api/board", {{"kind", "x"}}) == Value("kind_not_found"));
    });
}
