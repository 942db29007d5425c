// SPDX-License-Identifier: Apache-2.0
#include "app/live.hpp"

#include <doctest/doctest.h>

#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

bool hears(const std::shared_ptr<http::Listener>& listener, const std::string& words) {
    return listener->take().value_or("").find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("what happens by itself is told as what people do") {
    on_each_app([](TestApp& app) {
        const auto& here = app.community();
        const auto resident = app.as("resident", here.id);
        const auto desk = app.as("community_desk", here.id);
        const auto elsewhere = app.as("community_desk", app.communities().back()->id);
        app.tell();
        const auto stream = desk.listen(), own = resident.listen(), other = elsewhere.listen();
        const auto id = app.file_request(resident, here.id).text("id");
        app.tell();
        CHECK(hears(stream, id));
        CHECK(hears(own, id));
        CHECK_FALSE(hears(other, "event"));
        constexpr const char* escalated =
            "SELECT count(*) FROM store_change WHERE action = 'escalate'";
        for (int hours = 0; hours < 24 * 14 && app.integer(escalated) == 0; ++hours) {
            app.advance(hour_ms);
        }
        REQUIRE(app.integer(escalated) > 0);
        app.tell();
        CHECK(hears(stream, id));
        CHECK_FALSE(hears(other, "event"));
    });
}

TEST_CASE("many at once are told as several") {
    on_each_app([](TestApp& app) {
        const auto& here = app.community();
        const auto desk = app.as("community_desk", here.id);
        app.tell();
        const auto stream = desk.listen();
        std::string id;
        for (int i = 0; i < 51; ++i) {
            id = app.file_request(desk, here.id).text("id");
        }
        app.tell();
        const auto heard = stream->take().value_or("");
        CHECK(heard.find(R"("kind":"request","id":"0")") != std::string::npos);
        CHECK(heard.find(id) == std::string::npos);
        CHECK(heard.find("reload") == std::string::npos);
    });
}

TEST_CASE("figures that changed, counted or entered, are told to those whose areas they are of") {
    on_each_app([](TestApp& app) {
        const auto& here = app.community();
        const auto& county = app.city().counties.front();
        const auto desk = app.as("community_desk", here.id);
        const auto supervisor = app.as("county_supervisor", county.id);
        const auto elsewhere = app.as("community_desk", app.communities().back()->id);
        const auto resident = app.as("resident", here.id);
        const auto count = [&] { (*app).measure().catch_up((*app).sealer()); };
        count();
        const auto stream = desk.listen(), above = supervisor.listen(), own = resident.listen(),
                   other = elsewhere.listen();
        app.file_request(desk, here.id);
        count();
        CHECK(hears(stream, "event: figures"));
        CHECK(hears(above, "event: figures"));
        CHECK_FALSE(hears(other, "figures"));
        CHECK_FALSE(hears(own, "figures"));
        app.tell();
        stream->take();
        other->take();
        const auto entered = desk.post(
            "/api/indicators/care_workers_trained/values",
            obj(
                {{"area", std::to_string(here.id.value)},
                 {"period", "2020"},
                 {"value", 12},
                 {"source", "yearbook"},
                 {"evidence", "table 3"}}
            )
        );
        REQUIRE(entered.status == 201);
        app.tell();
        CHECK(hears(stream, "event: figures"));
        CHECK_FALSE(hears(other, "figures"));
    });
}

}  // namespace linli::app::testing
