// SPDX-License-Identifier: Apache-2.0
/// The first loop: a resident reports, the community accepts and passes on, a department resolves
/// under a clock, what is late escalates by itself, the resident says that it is not solved, and
/// rates in the end. Everything through the interface, each step by the role that takes it.
#include <doctest/doctest.h>

#include <algorithm>

#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

/// Whether a list of the answer holds an object whose member is this text.
bool holds(const Reply& reply, const char* list, const char* member, const std::string& text) {
    const auto* entries = reply.at(list).as_list();
    return entries && std::any_of(entries->begin(), entries->end(), [&](const Value& entry) {
               return entry.text_or(member) == text;
           });
}

bool in_inbox(const Client& who, const std::string& tab, const std::string& id) {
    const auto reply = who.get("/api/inbox?tab=" + tab);
    REQUIRE_MESSAGE(reply.status == 200, reply.body);
    return holds(reply, "items", "id", id);
}

std::vector<std::string> texts(const Reply& reply, const char* list, const char* member) {
    std::vector<std::string> result;
    if (const auto* entries = reply.at(list).as_list()) {
        for (const auto& entry : *entries) {
            result.push_back(entry.text_or(member));
        }
    }
    return result;
}

const Value* clock_named(const Reply& record, const std::string& name) {
    const Value* newest = nullptr;
    if (const auto* clocks = record.at("clocks").as_list()) {
        for (const auto& clock : *clocks) {
            newest = clock.text_or("name") == name ? &clock : newest;
        }
    }
    return newest;
}

REGISTER_EXCEPTION_TRANSLATOR(const Refused& refused) {
    std::string text = refused.code + ": " + refused.detail;
    for (const auto& problem : refused.problems) {
        text += "; " + problem.pointer + " " + problem.code + " " + problem.detail;
    }
    return doctest::String(text.c_str());
}

struct People {
    explicit People(TestApp& app)
        : county(app.city().counties[0]),
          community(county.subdistricts[0].communities[0]),
          department(county.departments.at(0)),
          resident(app.as("resident", community.id)),
          neighbour(app.other("resident", community.id, "neighbour")),
          desk(app.as("community_desk", community.id)),
          next_desk(app.as("community_desk", county.subdistricts[0].communities[1].id)),
          street(app.as("subdistrict_desk", county.subdistricts[0].id)),
          officer(app.as("department", county.id, department)),
          head(app.as("department", county.id, department, true)),
          other_officer(app.as("department", county.id, county.departments.at(1))),
          supervisor(app.as("county_supervisor", county.id)) {}

    const County& county;
    const Community& community;
    UnitId department;
    Client resident, neighbour, desk, next_desk, street, officer, head, other_officer, supervisor;
};

Value handling(const char* how) {
    return obj({{"fields", obj({{"handling", how}})}});
}

Value done(const char* result) {
    return obj({{"result", result}, {"evidence", obj({{"word", "居民确认已恢复正常"}})}});
}

/// Filed by the resident, accepted and passed on: where it lies with the department.
std::string assigned_request(TestApp& app, const People& who) {
    const auto filed = app.file_request(who.resident, who.community.grids[0]);
    const auto id = filed.text("id");
    CHECK(in_inbox(who.desk, "all", id));
    CHECK_FALSE(in_inbox(who.next_desk, "all", id));
    CHECK_FALSE(in_inbox(who.officer, "all", id));
    app.advance(hour_ms);
    auto reply = who.desk.act("request", id, "accept", handling("immediate"));
    REQUIRE_MESSAGE(reply.status == 200, reply.body);
    CHECK(reply.text("state") == "accepted");
    REQUIRE(clock_named(reply, "accept"));
    CHECK(clock_named(reply, "accept")->text_or("state") == "stopped");
    reply = who.desk.act("request", id, "assign", obj({{"lead_unit", text_of(who.department)}}));
    REQUIRE_MESSAGE(reply.status == 200, reply.body);
    CHECK(reply.text("state") == "assigned");
    CHECK(reply.text("unit/id") == text_of(who.department));
    return id;
}

}  // namespace

TEST_CASE("from report to rating, with one escalation on the way") {
    on_each_app([](TestApp& app) {
        const People who(app);
        const auto id = assigned_request(app, who);
        const auto path = "/api/records/request/" + id;

        // It is the department's now; nobody else's, and the neighbour never saw it.
        CHECK(in_inbox(who.officer, "mine", id));
        CHECK(in_inbox(who.officer, "unit", id));
        CHECK_FALSE(in_inbox(who.other_officer, "all", id));
        CHECK(who.other_officer.get(path).status == 404);
        CHECK(who.neighbour.get(path).status == 404);
        CHECK(who.resident.get(path).status == 200);

        // One working day passes, and half another: reminded, urged, raised.
        const auto due =
            *parse_instant(clock_named(who.officer.get(path), "resolve")->text_or("due_at"));
        CHECK(due > app.time.now());
        app.advance(due - app.time.now());
        for (int i = 0; i < 96 && !in_inbox(who.street, "raised", id); ++i) {
            app.advance(hour_ms);
        }
        auto record = who.officer.get(path);
        CHECK(record.at("overdue") == Value(true));
        CHECK_FALSE(clock_named(record, "resolve")->text_or("breached_at").empty());
        const auto told = texts(who.head.get("/api/notices"), "notices", "what");
        CHECK(std::count(told.begin(), told.end(), "remind") == 1);
        CHECK(std::count(told.begin(), told.end(), "urge") == 1);
        const auto officer_told = texts(who.officer.get("/api/notices"), "notices", "what");
        CHECK(std::count(officer_told.begin(), officer_told.end(), "urge") == 0);
        CHECK(in_inbox(who.street, "raised", id));
        CHECK(who.street.get("/api/inbox/counts").number("raised") == 1);
        CHECK(texts(who.street.get("/api/notices"), "notices", "what").front() == "raise");

        // After another day the county hears of it; nothing is told twice.
        app.advance(4 * day_ms);
        CHECK(in_inbox(who.supervisor, "raised", id));
        CHECK(who.supervisor.get("/api/notices").size("notices") == 1);
        CHECK(who.other_officer.get("/api/notices").size("notices") == 0);
        CHECK(texts(who.head.get("/api/notices"), "notices", "what") == told);

        auto reply = who.officer.act("request", id, "resolve", done("已更换灯泡"));
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        CHECK(reply.text("state") == "resolved");
        CHECK(clock_named(reply, "resolve")->text_or("state") == "stopped");
        CHECK_FALSE(in_inbox(who.officer, "mine", id));
        CHECK(in_inbox(who.resident, "mine", id));

        // Not solved: back to the community, under a clock that starts anew.
        reply = who.resident.act("request", id, "reopen", obj({{"reason", "又不亮了"}}));
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        CHECK(reply.text("state") == "accepted");
        CHECK(reply.at("overdue") == Value(false));
        CHECK(clock_named(reply, "resolve")->text_or("state") == "running");
        app.advance(minute_ms);
        reply = who.desk.act("request", id, "resolve", done("重新接线"));
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        reply =
            who.resident.act("request", id, "rate", obj({{"fields", obj({{"satisfaction", 4}})}}));
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        CHECK(reply.text("state") == "closed");

        // What remains: every step in the history, every step in the log, nothing in any inbox.
        const auto history = who.desk.get(path + "/history");
        const auto steps = texts(history, "entries", "action");
        for (const auto* step : {"create", "accept", "assign", "resolve", "reopen", "rate"}) {
            CAPTURE(step);
            CHECK(
                std::count(steps.begin(), steps.end(), step) ==
                (step == std::string("resolve") ? 2 : 1)
            );
        }
        CHECK(
            app.integer("SELECT COUNT(*) FROM store_change WHERE record = " + id) ==
            static_cast<std::int64_t>(steps.size())
        );
        app->sealer().seal_all();
        CHECK(app->database().read_now([&](store::Tx& tx) {
            const auto broken = store::find_broken_link(tx, home(std::stoll(id)));
            return broken.value_or(0);
        }) == 0);
        for (const auto& one : {who.resident, who.desk, who.officer, who.street}) {
            CHECK_FALSE(in_inbox(one, "all", id));
        }
        CHECK(app.integer("SELECT COUNT(*) FROM flow_timer WHERE record = " + id) == 0);
        record = who.resident.get(path);
        CHECK(record.at("fields/satisfaction") == Value(4));
    });
}

TEST_CASE("the board counts what happened, and only where it happened") {
    on_each_app([](TestApp& app) {
        const People who(app);
        const auto id = assigned_request(app, who);
        app.file_request(who.resident, who.community.id);
        const auto& elsewhere = app.city().counties[1].subdistricts[0].communities[0];
        app.file_request(app.as("resident", elsewhere.id), elsewhere.id);
        const auto board = [&](const Client& client, AreaId area) {
            const auto reply = client.get("/api/board?kind=request&area=" + text_of(area));
            REQUIRE_MESSAGE(reply.status == 200, reply.body);
            return reply;
        };
        auto figures = board(who.supervisor, who.county.id);
        CHECK(figures.number("open") == 2);
        CHECK(figures.number("overdue") == 0);
        CHECK(figures.number("created") == 2);
        CHECK(board(app.as("city_supervisor", app.city().id), app.city().id).number("open") == 3);

        app.advance(30 * day_ms, 4 * hour_ms);
        figures = board(who.supervisor, who.county.id);
        CHECK(figures.number("overdue") == 2);
        auto reply = who.officer.act("request", id, "resolve", done("已更换灯泡"));
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        reply =
            who.resident.act("request", id, "rate", obj({{"fields", obj({{"satisfaction", 2}})}}));
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        figures = board(who.supervisor, who.county.id);
        CHECK(figures.number("open") == 1);
        CHECK(figures.number("overdue") == 1);
        CHECK(figures.number("closed") == 1);
        CHECK(figures.number("satisfaction/of") == 1);
        CHECK(figures.size("areas") == 2);
    });
}

TEST_CASE("an answer that nobody gives closes by itself, and waiting stops the clock") {
    on_each_app([](TestApp& app) {
        const People who(app);
        const auto id = assigned_request(app, who);
        const auto path = "/api/records/request/" + id;
        const auto due = clock_named(who.officer.get(path), "resolve")->text_or("due_at");
        auto reply = who.officer.act("request", id, "wait", obj({{"reason", "等配件"}}));
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        app.advance(3 * day_ms, 6 * hour_ms);
        reply = who.officer.act("request", id, "continue");
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        CHECK(reply.at("overdue") == Value(false));
        CHECK(clock_named(reply, "resolve")->text_or("due_at") > due);
        reply = who.officer.act("request", id, "resolve", done("已更换灯泡"));
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        app.advance(10 * day_ms + hour_ms, 6 * hour_ms);
        reply = who.resident.get(path);
        CHECK(reply.text("state") == "closed");
        const auto history = who.resident.get(path + "/history");
        CHECK(
            history.at("entries/" + std::to_string(history.size("entries") - 1) + "/system") ==
            Value(true)
        );
        // Too late to say that it is not solved.
        app.advance(11 * day_ms, 6 * hour_ms);
        reply = who.resident.act("request", id, "reopen", obj({{"reason", "又不亮了"}}));
        CHECK(reply.status == 409);
        CHECK(reply.refusal() == "action_too_late");
    });
}

TEST_CASE("steps cannot be skipped, repeated or taken by others (C30)") {
    on_each_app([](TestApp& app) {
        const People who(app);
        const auto id = app.file_request(who.resident, who.community.id).text("id");
        struct Case {
            const char* what;
            const Client* by;
            const char* action;
            Value body;
            int status;
            const char* refusal;
        };
        const std::vector<Case> cases{
            {"assign before it is accepted", &who.desk, "assign",
             obj({{"lead_unit", text_of(who.department)}}), 409, "action_not_now"},
            {"rate before it is resolved", &who.resident, "rate",
             obj({{"fields", obj({{"satisfaction", 5}})}}), 409, "action_not_now"},
            {"accept one's own request", &who.resident, "accept", handling("immediate"), 403,
             "action_not_yours"},
            {"close in place of the timer", &who.desk, "close", obj({}), 403, "action_not_yours"},
            {"accept in the next community", &who.next_desk, "accept", handling("immediate"), 404,
             "record_not_found"},
            {"an action that there is not", &who.desk, "finish", obj({}), 404, ""},
        };
        const auto before = app.row_counts();
        for (const auto& c : cases) {
            CAPTURE(c.what);
            const auto reply = c.by->send(
                "POST", "/api/records/request/" + id + "/actions/" + c.action, to_json(c.body),
                {{"if-match", "\"1\""}}
            );
            CHECK(reply.status == c.status);
            CHECK_MESSAGE((*c.refusal == '\0' || reply.refusal() == c.refusal), reply.body);
        }
        CHECK(TestApp::difference(before, app.row_counts()) == "");
    });
}

}  // namespace linli::app::testing
