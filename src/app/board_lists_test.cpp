// SPDX-License-Identifier: Apache-2.0
/// Every figure of the board opens the records behind it: their number is the figure.
#include <doctest/doctest.h>

#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

Value with_fields(Value fields) {
    return obj({{"fields", std::move(fields)}});
}

/// Some open, some late, some ended in time and too late, some rated, one withdrawn.
void happen(TestApp& app, const Client& desk, const Client& resident) {
    const auto& here = app.community();
    const auto filed = [&] { return app.file_request(resident, here.id).text("id"); };
    const auto accept = [&](const std::string& id) {
        const auto handling = with_fields(obj({{"handling", "immediate"}}));
        REQUIRE(desk.act("request", id, "accept", handling).ok());
    };
    const auto resolve = [&](const std::string& id) {
        const auto done = obj({{"result", "已修好"}, {"evidence", obj({{"word", "居民确认"}})}});
        const auto reply = desk.act("request", id, "resolve", done);
        REQUIRE_MESSAGE(reply.ok(), reply.body);
    };
    const auto rate = [&](const std::string& id) {
        const auto stars = with_fields(obj({{"satisfaction", 5}}));
        REQUIRE(resident.act("request", id, "rate", stars).ok());
    };
    const auto quick = filed(), unrated = filed(), slow = filed(), late = filed(), gone = filed();
    for (const auto& id : {quick, unrated, slow, late}) {
        accept(id);
    }
    resolve(quick);
    rate(quick);
    resolve(unrated);
    const auto reason = to_json(obj({{"reason", "不用了"}}));
    const auto withdrawn = resident.send(
        "POST", "/api/records/request/" + gone + "/withdraw", reason, {{"if-match", "\"1\""}}
    );
    REQUIRE_MESSAGE(withdrawn.ok(), withdrawn.body);
    app.advance(12 * day_ms, 6 * hour_ms);  // closes what nobody rated
    resolve(slow);
    rate(slow);
    filed();
    const auto unanswered = filed();
    accept(unanswered);
    resolve(unanswered);
}

}  // namespace

TEST_CASE("the lists that a board leads to hold as many records as its figures say") {
    on_each_app([](TestApp& app) {
        const auto& here = app.community();
        const auto desk = app.as("community_desk", here.id);
        happen(app, desk, app.as("resident", here.id));
        const auto supervisor = app.as("county_supervisor", app.city().counties[0].id);
        const auto area = text_of(app.city().counties[0].id);
        const auto board = supervisor.get("/api/board?kind=request&days=30&area=" + area);
        REQUIRE_MESSAGE(board.ok(), board.body);
        const auto listed = [&](const std::string& query) {
            const auto reply =
                supervisor.get("/api/records/request?count=1&area=" + area + "&" + query);
            CHECK_MESSAGE(reply.ok(), reply.body);
            return reply.number("count");
        };
        const auto since = to_text(official_date(app.time.now()) + -29);
        CHECK(board.number("open") == 3);
        CHECK(board.number("overdue") == 1);
        CHECK(board.number("closed") == 3);
        CHECK(board.number("on_time/of") == 4);
        CHECK(board.number("satisfaction/of") == 2);
        CHECK(listed("open=1") == board.number("open"));
        CHECK(listed("overdue=1") == board.number("overdue"));
        CHECK(listed("state=any&from=" + since) == board.number("created"));
        CHECK(listed("closed_from=" + since) == board.number("closed"));
        CHECK(listed("closed_from=" + since + "&rated=1") == board.number("satisfaction/of"));
        CHECK(listed("stopped_from=" + since) == board.number("on_time/of"));
        CHECK(listed("late=1&stopped_from=" + since) == 1);
        const auto unit = "unit=" + board.text("units/0/unit/id") + "&";
        CHECK(board.size("units") == 1);
        CHECK(listed(unit + "open=1") == board.number("units/0/open"));
        CHECK(listed(unit + "overdue=1") == board.number("units/0/overdue"));
        CHECK(listed(unit + "closed_from=" + since) == board.number("units/0/closed"));
        CHECK(listed(unit + "stopped_from=" + since) == board.number("units/0/on_time/of"));
        const auto other = "unit=" + text_of(app.community(1).office) + "&";
        CHECK(listed(other + "open=1") == 0);
        CHECK(listed(other + "stopped_from=" + since) == 0);
    });
}

TEST_CASE("what a board's list asks for must make sense") {
    TestApp app;
    const auto desk = app.as("community_desk", app.community().id);
    for (const std::string query :
         {"request?unit=x", "request?rated=1", "request?late=1", "request?closed_from=soon"}) {
        CAPTURE(query);
        CHECK(desk.get("/api/records/" + query).status == 400);
    }
}

}  // namespace linli::app::testing
