// SPDX-License-Identifier: Apache-2.0
/// Whoever tries what is not his is seen in the log, which tells nothing of what he tried (C19).
#include <doctest/doctest.h>

#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

const std::string all_requests = "/api/records/request";

std::int64_t lines(TestApp& app) {
    return app.integer("SELECT COUNT(*) FROM store_change WHERE action = 'refused'");
}

/// What the newest line says.
std::string newest(TestApp& app, AreaId auditors_area) {
    const auto found = app.as("auditor", auditors_area).get("/api/audit?action=refused&limit=1");
    return found.text("lines/0/role") + " " + found.text("lines/0/detail");
}

}  // namespace

TEST_CASE("C19: who names what is not his is in the log, by which route, without what it was") {
    on_each_app([](TestApp& app) {
        const auto &here = app.community(0), &far = app.community(app.communities().size() - 1);
        const auto desk = app.as("community_desk", here.id);
        const auto foreign_desk = app.as("community_desk", far.id);
        const auto foreign = app.file_request(foreign_desk, far.id).text("id");
        const auto own = app.file_request(desk, here.id).text("id");
        const auto path = all_requests + "/" + foreign;
        const auto fields = obj({{"category", "noise"}, {"description", "x"}});
        const auto accept = obj({{"fields", obj({{"handling", "immediate"}})}});
        struct Case {
            const char* method;
            std::string target;
            Value body;
            const char* said;
        };
        std::int64_t seen = 0;
        for (const auto& c : std::vector<Case>{
                 {"POST", path + "/actions/accept", accept,
                  "POST /api/records/{kind}/{id}/actions/{action}: record_not_found"},
                 {"PATCH", path, obj({{"fields", obj({{"category", "noise"}})}}),
                  "PATCH /api/records/{kind}/{id}: record_not_found"},
                 {"POST", all_requests, obj({{"area", text_of(far.id)}, {"fields", fields}}),
                  "POST /api/records/{kind}: area_out_of_scope"},
                 {"POST", all_requests + "/" + own + "/actions/accept",
                  obj(
                      {{"fields", obj({{"handling", "immediate"}})},
                       {"evidence", obj({{"files", Value::List{foreign}}})}}
                  ),
                  "POST /api/records/{kind}/{id}/actions/{action}: file_not_found"}}) {
            CAPTURE(c.target);
            const auto reply =
                desk.send(c.method, c.target, to_json(c.body), {{"if-match", "\"1\""}});
            CHECK(reply.status >= 400);
            CHECK(lines(app) == ++seen);
            CHECK(newest(app, app.city().id) == std::string("community_desk ") + c.said);
        }
        CHECK(
            app.integer(
                "SELECT COUNT(*) FROM store_change WHERE action = 'refused' AND (record = " +
                foreign + " OR detail LIKE '%" + foreign + "%' OR detail LIKE '%" +
                text_of(far.id) + "%')"
            ) == 0
        );
        CHECK(desk.get(path).status == 404);  // looking is no change
        const auto mistake = obj({{"fields", obj({{"handling", "soon"}})}});
        CHECK(desk.act("request", own, "accept", mistake).status == 422);  // nor is a mistake a try
        CHECK(desk.act("request", own, "accept", accept).ok());
        CHECK(lines(app) == seen);
    });
}

TEST_CASE("C19: an account fills no log with what it is refused") {
    on_each_app([](TestApp& app) {
        const auto desk = app.as("community_desk", app.community(0).id);
        const auto other = app.as("community_desk", app.community(1).id);
        const auto flood = [](const Client& by) {
            for (int i = 1; i <= 30; ++i) {
                const auto path = all_requests + "/" + std::to_string(i) + "/actions/accept";
                CHECK(by.send("POST", path, "{}", {{"if-match", "\"1\""}}).status == 404);
            }
        };
        flood(desk);
        CHECK(lines(app) == 10);
        CHECK(newest(app, app.city().id).ends_with("; no more are written in this minute"));
        flood(other);
        CHECK(lines(app) == 20);
        app.time.advance(minute_ms);
        flood(desk);
        CHECK(lines(app) == 30);
    });
}

}  // namespace linli::app::testing
