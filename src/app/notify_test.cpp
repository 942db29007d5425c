// SPDX-License-Identifier: Apache-2.0
/// Notices by mail as people and administrators meet them.
#include <doctest/doctest.h>

#include "app/testing.hpp"
#include "notify/testing.hpp"

namespace linli::app::testing {

namespace {

const std::string own = "/api/account/notify";

template <class F>
void with_servers(F&& body) {
    for (const auto engine : store::testing::engines()) {
        notify::Servers servers;
        TestOptions options;
        options.engine = engine;
        options.notify = servers.settings();
        TestApp app(options);
        body(app, servers);
    }
}

/// The code in the newest mail.
std::string code_in(const std::vector<std::string>& mails) {
    const auto text = notify::decoded(mails.at(mails.size() - 1));
    const auto at = text.find_first_of("0123456789");
    return text.substr(at, 6);
}

Value wish(const std::string& channel) {
    const Value::List chosen{channel};
    return obj(
        {{"language", "zh"},
         {"remind", chosen},
         {"escalate", chosen},
         {"moved", chosen},
         {"quiet_from", 0},
         {"quiet_to", 0}}
    );
}

Reply put(const Client& by, const Value& body) {
    return by.send("PUT", own, to_json(body));
}

void prove(
    TestApp& app, const notify::Servers& servers, const Client& by, const std::string& address
) {
    REQUIRE(by.post(own + "/mail", obj({{"address", address}})).ok());
    REQUIRE(app->notify().send_due() == 1);
    const auto code = code_in(servers.arrived("mail"));
    const auto reply = by.post(own + "/mail/confirm", obj({{"code", code}}));
    REQUIRE_MESSAGE(reply.ok(), reply.body);
    REQUIRE(put(by, wish("mail")).ok());
}

}  // namespace

TEST_CASE("an address counts once its code came back; it is shown masked, and kept encrypted") {
    with_servers([](TestApp& app, notify::Servers& servers) {
        const auto resident = app.as("resident", app.community().id);
        CHECK(resident.get(own).at("channels/0/offered") == Value(true));
        CHECK(put(resident, wish("mail")).at("problems/0/code") == Value("not_confirmed"));
        CHECK(resident.post(own + "/mail", obj({{"address", "x"}})).status == 422);
        CHECK(resident.post(own + "/pigeon", obj({{"address", "x"}})).status == 404);
        CHECK(resident.post(own + "/mail", obj({{"address", "zhang@example.org"}})).ok());
        CHECK(app->notify().send_due() == 1);
        const auto code = code_in(servers.arrived("mail"));
        const auto wrong = code == "000000" ? "111111" : "000000";
        for (int i = 0; i < 5; ++i) {
            CHECK(
                resident.post(own + "/mail/confirm", obj({{"code", wrong}})).refusal() ==
                "wrong_code"
            );
        }
        CHECK(resident.post(own + "/mail/confirm", obj({{"code", code}})).refusal() == "code_over");
        prove(app, servers, resident, "zhang@example.org");
        const auto reply = resident.get(own);
        CHECK(reply.text("channels/0/address") == "z***@example.org");
        CHECK(reply.at("channels/0/confirmed") == Value(true));
        CHECK(app.integer("SELECT count(*) FROM notify_way WHERE address LIKE '%example%'") == 0);
        CHECK(app.as("resident", app.community(1).id).get(own).text("channels/0/address") == "");
        CHECK(resident.remove(own + "/mail").size("moved") == 0);
        CHECK(app->notify().send_due() == 0);
    });
}

TEST_CASE("codes are sent five times an hour at most, and hold half an hour") {
    with_servers([](TestApp& app, notify::Servers& servers) {
        const auto resident = app.as("resident", app.community().id);
        const auto ask = [&] {
            return resident.post(own + "/mail", obj({{"address", "zhang@example.org"}}));
        };
        for (int i = 0; i < 5; ++i) {
            CHECK(ask().ok());
        }
        CHECK(ask().refusal() == "too_many_codes");
        app->notify().send_due();
        const auto code = code_in(servers.arrived("mail"));
        app.time.advance(31 * minute_ms);
        CHECK(resident.post(own + "/mail/confirm", obj({{"code", code}})).refusal() == "code_over");
        app.time.advance(30 * minute_ms);
        CHECK(ask().ok());
    });
}

TEST_CASE("whoever filed a request hears by mail what became of it, but not of what he did himself"
) {
    with_servers([](TestApp& app, notify::Servers& servers) {
        const auto& here = app.community();
        const auto resident = app.as("resident", here.id);
        const auto desk = app.as("community_desk", here.id);
        prove(app, servers, resident, "zhang@example.org");
        app.time.advance(10 * minute_ms);
        store::Follower follower(app->database(), app->sealer(), "notify", app->notify().filler());
        follower.stop();
        const auto filed = app.file_request(resident, here.id);
        const auto told = [&] {
            app->sealer().seal_all();
            follower.catch_up();
            return app->notify().send_due();
        };
        CHECK(told() == 0);
        const auto accepted = desk.act(
            "request", filed.text("id"), "accept",
            obj({{"fields", obj({{"handling", "immediate"}})}})
        );
        REQUIRE_MESSAGE(accepted.ok(), accepted.body);
        CHECK(told() == 1);
        const auto text = notify::decoded(servers.arrived("mail").back());
        CAPTURE(text);
        CHECK(text.find("进展：") == 0);
        CHECK(text.find(filed.text("number")) != std::string::npos);
        CHECK(text.find("/records/request/" + filed.text("id")) != std::string::npos);
        CHECK(text.find("期限 ") != std::string::npos);
    });
}

TEST_CASE("administrators see the outbox of their counties, try again and give up; nobody else") {
    with_servers([](TestApp& app, notify::Servers& servers) {
        const auto resident = app.as("resident", app.community().id);
        const auto city = app.as("system_admin", app.city().id);
        const auto elsewhere = app.as("system_admin", app.city(1).id);
        servers.kill();
        CHECK(resident.post(own + "/mail", obj({{"address", "zhang@example.org"}})).ok());
        CHECK(app->notify().send_due() == 0);
        CHECK(resident.get("/api/outbox").status == 403);
        CHECK(app.as("auditor", app.city().id).get("/api/outbox").status == 403);
        CHECK(elsewhere.get("/api/outbox").size("messages") == 0);
        const auto list = city.get("/api/outbox");
        REQUIRE_MESSAGE(list.size("messages") == 1, list.body);
        CHECK(list.text("messages/0/status") == "failed");
        CHECK(list.text("messages/0/reason") == "unreachable");
        CHECK(list.body.find("example.org") == std::string::npos);
        const auto path = "/api/outbox/" + list.text("messages/0/id");
        CHECK(elsewhere.post(path + "/give-up").status == 404);
        CHECK(city.post(path + "/give-up").text("status") == "given_up");
        CHECK(city.post(path + "/give-up").refusal() == "message_not_so");
        CHECK(city.get("/api/outbox?status=failed").size("messages") == 0);
        CHECK(city.get("/api/outbox?status=given_up").size("messages") == 1);
        CHECK(city.get("/api/outbox?status=lost").status == 400);
        CHECK(city.get("/api/outbox?cursor=x").refusal() == "cursor_malformed");
        CHECK(city.post(path + "/retry").text("status") == "waiting");
        CHECK(city.post(path + "/retry").refusal() == "message_not_so");
    });
}

}  // namespace linli::app::testing
