// SPDX-License-Identifier: Apache-2.0
/// Return visits: drawn at random among closed requests, answered, and what they say of a unit.
#include <doctest/doctest.h>

#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

/// A request that the department has solved and the resident has rated.
void close_one(TestApp& app, const County& county, const Community& here) {
    const auto resident = app.as("resident", here.id);
    const auto desk = app.as("community_desk", here.id);
    const auto unit = county.departments.at(0);
    const auto id = app.file_request(resident, here.id).text("id");
    const auto take = [&](const Client& who, const char* action, const Value& body) {
        const auto reply = who.act("request", id, action, body);
        REQUIRE_MESSAGE(reply.ok(), reply.body);
    };
    take(desk, "accept", obj({{"fields", obj({{"handling", "immediate"}})}}));
    take(desk, "assign", obj({{"lead_unit", text_of(unit)}}));
    take(
        app.as("department", county.id, unit), "resolve",
        obj({{"result", "已修好"}, {"evidence", obj({{"word", "居民确认"}})}})
    );
    take(resident, "rate", obj({{"fields", obj({{"satisfaction", 5}})}}));
}

}  // namespace

TEST_CASE("return visits are drawn, answered, and tell the truly solved share of a unit") {
    for (const auto engine : store::testing::engines()) {
        TestOptions options;
        options.engine = engine;
        TestApp app(options);
        const auto& county = app.city().counties[0];
        const auto& here = county.subdistricts[0].communities[0];
        for (int i = 0; i < 6; ++i) {
            close_one(app, county, here);
        }
        const auto centre = app.as("grid_centre", county.id);
        const auto today = to_text(official_date(app.time.now()));
        const auto ask = [&](AreaId area, int per_unit) {
            return obj(
                {{"area", text_of(area)},
                 {"from", today},
                 {"to", today},
                 {"per_unit", per_unit},
                 {"seed", 7}}
            );
        };
        const std::string draw = "/api/return-visits/draw";
        CHECK(app.as("community_desk", here.id).post(draw, ask(here.id, 4)).status >= 403);
        CHECK(centre.post(draw, ask(app.city().counties[1].id, 4)).status == 404);
        CHECK(centre.post(draw, ask(county.id, 0)).status == 422);
        auto drawn = centre.post(draw, ask(county.id, 4));
        REQUIRE_MESSAGE(drawn.ok(), drawn.body);
        CHECK(drawn.number("visits") == 4);
        CHECK(drawn.number("closed") == 6);
        drawn = centre.post(draw, ask(county.id, 4));
        CHECK(drawn.number("visits") == 2);  // nobody is asked twice

        const auto visits = centre.get("/api/records/return_visit");
        REQUIRE(visits.size("records") == 6);
        const std::vector<std::string> answers{"solved", "solved",   "solved",
                                               "partly", "unsolved", "unreachable"};
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const auto reply = centre.act(
                "return_visit", visits.text("records/" + std::to_string(i) + "/id"), "answer",
                obj({{"fields", obj({{"solved", answers[i]}})}})
            );
            REQUIRE_MESSAGE(reply.ok(), reply.body);
        }
        const auto told = centre.get("/api/return-visits/estimate?area=" + text_of(county.id));
        REQUIRE_MESSAGE(told.ok(), told.body);
        REQUIRE(told.size("units") == 1);
        CHECK(told.text("units/0/unit") == text_of(county.departments.at(0)));
        CHECK(told.number("units/0/closed") == 6);
        CHECK(told.number("units/0/drawn") == 6);
        CHECK(told.number("units/0/answered") == 5);
        CHECK(told.number("units/0/solved") == 3);
        CHECK(*told.at("units/0/share").as_double() == doctest::Approx(0.6));
        CHECK(*told.at("units/0/low").as_double() == doctest::Approx(0.2307).epsilon(0.001));
        CHECK(*told.at("units/0/high").as_double() == doctest::Approx(0.8824).epsilon(0.001));
    }
}

}  // namespace linli::app::testing
