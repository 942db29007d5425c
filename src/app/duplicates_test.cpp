// SPDX-License-Identifier: Apache-2.0
/// Hints while a request is being written, and "me too", as residents and staff see them.
#include <doctest/doctest.h>

#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

struct Street {
    explicit Street(TestApp& in)
        : app(in),
          area(in.community().id),
          desk(in.as("community_desk", area)),
          first(in.as("resident", area)),
          second(in.other("resident", area, "second")) {
        lamp = file(
            first, obj(
                       {{"category", "street_light"},
                        {"description", "王家门口的路灯坏了"},
                        {"place", obj({{"lat", 31.6701}, {"lon", 118.5002}})},
                        {"phone", "13812345678"}}
                   )
        );
    }
    std::string file(const Client& by, const Value& fields) {
        return app.file_request(by, area, fields).text("id");
    }
    Reply ask(const Client& by, const Value& fields, AreaId where = {}) {
        return by.post(
            "/api/records/request/duplicates",
            obj({{"area", text_of(where ? where : area)}, {"fields", fields}})
        );
    }
    Reply follow(const Client& by, const std::string& id, const char* method = "POST") {
        return by.send(method, "/api/records/request/" + id + "/follow");
    }

    TestApp& app;
    AreaId area;
    Client desk, first, second;
    std::string lamp;
};

const Value lamp_words = obj({{"category", "street_light"}, {"description", "路灯不亮"}});

}  // namespace

TEST_CASE("a hint tells what, how it stands, roughly where and since when, and nothing else (C17)"
) {
    on_each_app([](TestApp& app) {
        Street street(app);
        auto asked = lamp_words;
        asked.set("place", obj({{"lat", 31.6703}, {"lon", 118.5001}}));
        const auto hints = street.ask(street.second, asked);
        REQUIRE_MESSAGE(hints.status == 200, hints.body);
        REQUIRE(hints.size("hints") == 1);
        CHECK(hints.text("hints/0/id") == street.lamp);
        CHECK(hints.text("hints/0/title/en") == "Street light out");
        CHECK(hints.text("hints/0/state/en").find("looking") != std::string::npos);
        CHECK(hints.size("hints/0/reasons") == 3);
        CHECK(hints.number("hints/0/metres") == 0);
        CHECK(hints.at("hints/0/own") == Value(false));
        CHECK(hints.at("hints/0/readable") == Value(false));
        for (const char* secret : {"王家", "1381234", "31.67", "118.5"}) {
            CHECK(hints.body.find(secret) == std::string::npos);
        }
        CHECK(street.ask(street.first, lamp_words).at("hints/0/own") == Value(true));
        CHECK(street.ask(street.desk, lamp_words).at("hints/0/readable") == Value(true));
        CHECK(street.ask(street.second, obj({{"description", "王家门口"}})).size("hints") == 0);
        CHECK(street.ask(street.second, obj({{"category", "noise"}})).size("hints") == 0);
        CHECK(street.ask(street.second, lamp_words, app.community(1).id).size("hints") == 0);
    });
}

TEST_CASE("who may ask, and what is refused") {
    TestApp app;
    Street street(app);
    CHECK(street.ask(app.nobody(), lamp_words).status == 401);
    CHECK(
        street.ask(app.as("county_supervisor", app.city().counties[0].id), lamp_words).refusal() ==
        "right_missing"
    );
    CHECK(street.ask(street.second, lamp_words, {7}).refusal() == "invalid");
    CHECK(street.second.post("/api/records/notice/duplicates", obj({})).status == 404);
    CHECK(street.ask(street.second, obj({})).size("hints") == 0);
    CHECK(street.ask(street.second, obj({{"category", 3}, {"place", "x"}})).size("hints") == 0);
    CHECK(app.nobody().get("/api/follows").status == 401);
}

TEST_CASE("what tells whom it is about, what was withdrawn and what ended long ago is no hint") {
    on_each_app([](TestApp& app) {
        Street street(app);
        const auto help = obj({{"category", "elder_help"}, {"description", "独居老人"}});
        const auto about = street.file(street.first, help);
        CHECK(street.ask(street.second, help).size("hints") == 0);
        CHECK(street.follow(street.second, about).status == 404);

        CHECK(
            street.desk.act("request", street.lamp, "decline", obj({{"reason", "已另案办理"}})).ok()
        );
        CHECK(street.ask(street.second, lamp_words).at("hints/0/closed") == Value(true));
        CHECK(street.follow(street.second, street.lamp).refusal() == "record_over");
        app.time.advance(15 * day_ms);
        CHECK(street.ask(street.second, lamp_words).size("hints") == 0);

        const auto gone = street.file(street.first, lamp_words);
        CHECK(street.ask(street.second, lamp_words).size("hints") == 1);
        CHECK(street.first
                  .send(
                      "POST", "/api/records/request/" + gone + "/withdraw",
                      to_json(obj({{"reason", "x"}})), {{"if-match", "\"1\""}}
                  )
                  .ok());
        CHECK(street.ask(street.second, lamp_words).size("hints") == 0);
        CHECK(street.follow(street.second, gone).status == 404);
    });
}

TEST_CASE("me too: counted once, told of what happens, taken back") {
    on_each_app([](TestApp& app) {
        Street street(app);
        CHECK(street.follow(app.nobody(), street.lamp).status == 401);
        CHECK(street.follow(street.second, "7").status == 404);
        CHECK(street.follow(street.second, street.lamp, "DELETE").status == 404);
        CHECK(street.follow(street.second, street.lamp).number("followers") == 1);
        CHECK(street.follow(street.second, street.lamp).number("followers") == 1);
        const auto hints = street.ask(street.second, lamp_words);
        CHECK(hints.number("hints/0/followers") == 1);
        CHECK(hints.at("hints/0/following") == Value(true));
        // He follows it, but may not read it.
        CHECK(street.second.get("/api/records/request/" + street.lamp).status == 404);

        CHECK(street.second.get("/api/notices").size("notices") == 0);
        app.time.advance(minute_ms);
        CHECK(street.desk
                  .act(
                      "request", street.lamp, "accept",
                      obj({{"fields", obj({{"handling", "immediate"}})}})
                  )
                  .ok());
        const auto notices = street.second.get("/api/notices?unread=1");
        REQUIRE(notices.size("notices") == 1);
        CHECK(notices.text("notices/0/what") == "moved");
        CHECK(notices.text("notices/0/state/en") == "Accepted");
        CHECK(street.first.get("/api/notices").size("notices") == 0);
        auto follows = street.second.get("/api/follows");
        CHECK(follows.text("follows/0/title/zh") == "路灯不亮");
        CHECK(follows.text("follows/0/state/en").find("taken it on") != std::string::npos);
        CHECK(follows.at("follows/0/news") == Value(true));
        CHECK(follows.body.find("王家") == std::string::npos);

        const auto path = "/api/records/request/" + street.lamp + "/follow/read";
        CHECK(street.first.post(path).status == 404);
        CHECK(street.second.post(path).status == 204);
        CHECK(street.second.get("/api/follows").at("follows/0/news") == Value(false));
        CHECK(street.second.get("/api/notices?unread=1").size("notices") == 0);
        const auto id = notices.text("notices/0/id");
        CHECK(street.first.post("/api/notices/" + id + "/read").status == 404);
        CHECK(street.second.post("/api/notices/" + id + "/read").status == 204);

        CHECK(street.follow(street.second, street.lamp, "DELETE").number("followers") == 0);
        CHECK(street.second.get("/api/follows").size("follows") == 0);
        CHECK(street.second.get("/api/notices").size("notices") == 0);
    });
}

TEST_CASE("a kind without hints is followed only by who may read it") {
    on_each_app([](TestApp& app) {
        const auto area = app.community().id;
        const auto author = app.as("resident", area);
        const auto filed = author.post(
            "/api/records/consultation",
            obj(
                {{"area", text_of(area)},
                 {"fields", obj({{"topic", "social_security"}, {"question", "y"}})}}
            )
        );
        if (!filed.ok()) {
            MESSAGE(filed.body);
        }
        REQUIRE(filed.ok());
        const auto path = "/api/records/consultation/" + filed.text("id") + "/follow";
        CHECK(app.other("resident", area, "second").post(path).status == 404);
        CHECK(author.post(path).number("followers") == 1);
        CHECK(author.post("/api/records/consultation/7/follow").status == 404);
    });
}

}  // namespace linli::app::testing
