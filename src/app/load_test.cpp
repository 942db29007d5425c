// SPDX-License-Identifier: Apache-2.0
/// What keeps the server calm when many ask much.
#include <doctest/doctest.h>

#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

Value filed(AreaId area, const Value& fields) {
    return obj({{"area", text_of(area)}, {"fields", fields}});
}

Reply post(const Client& by, AreaId area) {
    return by.post(
        "/api/records/request",
        filed(area, obj({{"category", "public_toilet"}, {"description", "门坏了"}}))
    );
}

}  // namespace

TEST_CASE("C79: a resident files thirty an hour, staff as many as there are") {
    TestOptions options;
    options.pace = 1;
    on_each_app(
        [](TestApp& app) {
            const auto area = app.community().id;
            const auto resident = app.as("resident", area);
            const auto desk = app.as("community_desk", area);
            for (int i = 0; i < 30; ++i) {
                REQUIRE(post(resident, area).status == 201);
                REQUIRE(post(desk, area).status == 201);
            }
            const auto refused = post(resident, area);
            CHECK(refused.status == 429);
            CHECK(refused.refusal() == "filing_ration");
            CHECK(post(desk, area).status == 201);
            app.advance(hour_ms);
            CHECK(post(resident, area).status == 201);
        },
        options
    );
}

TEST_CASE("C78: an urgent order is known by its words before anything is looked up") {
    TestApp app;
    const auto area = app.community().id;
    const auto& routes = app->router();
    struct Case {
        const char *method, *path;
        Value body;
        bool urgent;
    };
    for (const auto& c : std::vector<Case>{
             {"POST", "/api/records/request", obj({{"category", "fire_hazard"}}), true},
             {"POST", "/api/records/request", obj({{"urgent", true}}), true},
             {"POST", "/api/records/request", obj({{"category", "public_toilet"}}), false},
             {"POST", "/api/records/request", obj({{"category", 7}, {"urgent", "yes"}}), false},
             {"POST", "/api/records/nothing", obj({{"urgent", true}}), false},
             {"GET", "/api/records/request", obj({{"urgent", true}}), false}}) {
        CAPTURE(c.path);
        http::Request request;
        request.method = c.method;
        request.path = c.path;
        request.body = to_json(filed(area, c.body));
        const auto match = routes.find(request.method, request.path);
        REQUIRE(match.route);
        CHECK(app->records().sounds_urgent(request, *match.route) == c.urgent);
    }
    http::Request broken;
    broken.path = "/api/records/request";
    broken.body = "{\"fields\":";
    CHECK_FALSE(
        app->records().sounds_urgent(broken, *routes.find("POST", "/api/records/request").route)
    );
}

}  // namespace linli::app::testing
