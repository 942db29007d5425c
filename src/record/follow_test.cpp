// SPDX-License-Identifier: Apache-2.0
// What an action brings about beside its own step.
#include <doctest/doctest.h>

#include "record/testing.hpp"

using namespace linli;
using namespace linli::record::testing;

namespace {

const Value proof = obj({{"result", "已修好"}, {"evidence", obj({{"word", "居民说好了"}})}});

struct Matter {
    explicit Matter(World& world) : w(world) {
        w.unit("桃花园社区居委会", "340503001001", true);
        bureau = w.unit("花山区城管局", "340503000000", false);
        helper = w.unit("花山区园林处", "340503000000", false);
        w.account("li", "resident", "340503001001");
        w.account(
            "desk", "community_desk", "340503001001", w.unit("桃花园工作站", "340503001001", false)
        );
        w.account("bureau", "department", "340503000000", bureau);
        w.account("helper", "department", "340503000000", helper);
        w.account("county", "county_supervisor", "340503000000");
        w.account("duty", "duty_officer", "340503000000", bureau);
    }
    Reply request(const Value& more = {}) {
        auto fields = obj(
            {{"category", "street_light"}, {"description", "路灯坏了"}, {"phone", "13855501234"}}
        );
        for (const auto& [name, value] : more.as_object() ? *more.as_object() : Value::Object{}) {
            fields.set(name, value);
        }
        return w.file("li", "request", "340503001001", fields);
    }
    Reply take(
        const std::string& who, const Reply& r, const std::string& action, const Value& body
    ) {
        auto reply = w.act(who, r, action, body);
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        return reply;
    }
    Reply resolved() {
        auto r = take("desk", request(), "accept", obj({}));
        r = take("desk", r, "assign", obj({{"lead_unit", std::to_string(bureau.value)}}));
        return take("bureau", r, "resolve", proof);
    }
    std::vector<Value> list(const std::string& who, const std::string& kind) {
        const auto reply = w.get(who, "/api/records/" + kind);
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        const auto* records = reply.json.find("records");
        REQUIRE(records);
        return {records->as_list()->begin(), records->as_list()->end()};
    }
    World& w;
    UnitId bureau, helper;
};

}  // namespace

TEST_CASE("a bad rating opens a rectification order for the unit that did it; a good one does not"
) {
    on_each_world([](World& w) {
        Matter m(w);
        m.take("li", m.resolved(), "rate", obj({{"fields", obj({{"satisfaction", 4}})}}));
        CHECK(m.list("county", "rectification").empty());
        const auto rated = m.take(
            "li", m.resolved(), "rate",
            obj({{"fields", obj({{"satisfaction", 1}, {"comment", "没人来过"}})}})
        );
        CHECK(rated.text("state") == "closed");
        const auto orders = m.list("bureau", "rectification");
        REQUIRE(orders.size() == 1);
        auto order = w.get("bureau", "/api/records/rectification/" + orders[0].text_or("id"));
        const auto& fields = *order.json.find("fields");
        CHECK(fields.int_or("rating") == 1);
        CHECK(fields.text_or("complaint") == "没人来过");
        CHECK(order.json.find("unit")->text_or("name") == "花山区城管局");
        CHECK(order.text("number").starts_with("ZG340503"));
        CHECK(order.json.find("clocks")->as_list()->size() == 1);
        CHECK(m.list("helper", "rectification").empty());
        order = m.take(
            "bureau", order, "reply",
            obj({{"fields", obj({{"cause", "漏派"}, {"measures", "补修并回访"}})}})
        );
        CHECK(order.text("state") == "replied");
        order = m.take("li", order, "confirm", obj({}));  // who rated sees and judges the answer
        CHECK(order.text("state") == "closed");
    });
}

TEST_CASE("reasons that say it is not solved take the request up again") {
    on_each_world([](World& w) {
        Matter m(w);
        const auto unsolved = obj(
            {{"fields",
              obj({{"satisfaction", 2}, {"satisfaction_reasons", Value::List{"unsolved"}}})}}
        );
        auto r = m.take("li", m.resolved(), "rate", unsolved);
        CHECK(r.text("state") == "accepted");
        CHECK(r.json.find("unit")->text_or("name") == "桃花园社区居委会");
        CHECK(m.list("county", "rectification").size() == 1);
        const auto slow = obj(
            {{"fields", obj({{"satisfaction", 3}, {"satisfaction_reasons", Value::List{"slow"}}})}}
        );
        CHECK(m.take("li", m.resolved(), "rate", slow).text("state") == "closed");
    });
}

TEST_CASE("what is not solved is said by others too, with a reason") {
    on_each_world([](World& w) {
        Matter m(w);
        const auto r = m.resolved();
        CHECK(w.act("desk", r, "not_solved", obj({})).problems() == "required at /reason");
        CHECK(
            m.take("desk", r, "not_solved", obj({{"reason", "还是黑的"}})).text("state") ==
            "accepted"
        );
    });
}

TEST_CASE("assisting units get parts of their own, supervision is a track beside the request") {
    on_each_world([](World& w) {
        Matter m(w);
        auto r = m.take("desk", m.request(), "accept", obj({}));
        r = m.take(
            "desk", r, "call",
            obj(
                {{"lead_unit", std::to_string(m.bureau.value)},
                 {"assist_units", Value::List{std::to_string(m.helper.value)}},
                 {"reason", "树枝挡灯，需先修剪"}}
            )
        );
        auto parts = m.list("helper", "request_part");
        REQUIRE(parts.size() == 1);
        CHECK(m.list("bureau", "request_part").empty());
        r = m.take("bureau", r, "take_on", obj({}));
        r = m.take("county", r, "supervise", obj({{"reason", "三日内办结"}}));
        const auto orders = m.list("bureau", "supervision");
        REQUIRE(orders.size() == 1);
        CHECK(orders[0].text_or("state") == "reminded");
        const auto order = w.get("bureau", "/api/records/supervision/" + orders[0].text_or("id"));
        CHECK(order.json.find("fields")->text_or("demand") == "三日内办结");
        CHECK(
            m.take("bureau", order, "answer", obj({{"result", "已换灯"}})).text("state") ==
            "answered"
        );
        CHECK(w.read("bureau", r).text("state") == "assigned");  // the request goes its own way
    });
}

TEST_CASE("an upgrade hands people, place and words over, and is done once") {
    on_each_world([](World& w) {
        Matter m(w);
        const auto r = m.request(obj(
            {{"reporter_name", "李雷"},
             {"address", "桃花源1号楼"},
             {"place", obj({{"lat", 31.7}, {"lon", 118.5}})}}
        ));
        const auto body =
            obj({{"reason", "煤气味扩散"}, {"fields", obj({{"emergency_level", "larger"}})}});
        CHECK(w.act("li", r, "upgrade", body).code == "action_not_yours");
        const auto up = m.take("duty", r, "upgrade", body);
        CHECK(up.text("state") == "submitted");
        CHECK(w.act("duty", up, "upgrade", body).code == "action_limit_reached");
        const auto all = m.list("duty", "emergency_handover");
        REQUIRE(all.size() == 1);
        const auto id = std::stoll(all[0].text_or("id"));
        const auto& table = w.core->table("emergency_handover");
        w.tx([&](store::Tx& tx) {
            const auto kept = record::find(tx, table, {id});
            REQUIRE(kept);
            const auto value = [&](const char* name) {
                return record::open(
                    *w.core, table, *kept, static_cast<std::size_t>(table.find(name))
                );
            };
            CHECK(value("phone") == Value("13855501234"));
            CHECK(value("caller") == Value("李雷"));
            CHECK(value("matter") == Value("路灯坏了"));
            CHECK(value("address") == Value("桃花源1号楼"));
            CHECK(!value("place").is_null());
            CHECK(value("level") == Value("larger"));
            CHECK(value("request").as_int());
            constexpr store::Sql stored{
                "test.phone",
                "SELECT count(*) FROM emergency_handover WHERE phone IS NOT NULL AND county = $1"};
            CHECK(tx.one<std::int64_t>(stored, kept->county()) == 1);
        });
    });
}

TEST_CASE(
    "rules of routing say what a request begins with; what is sent stays, trial rules do not act"
) {
    on_each_world([](World& w) {
        Matter m(w);
        const auto field = [](const Reply& r, const char* name) {
            return r.json.find("fields")->text_or(name);
        };
        auto r = m.request(obj({{"description", "楼下着火了"}}));
        CHECK(field(r, "handling") == "immediate");
        CHECK(r.json.find("urgent")->as_bool());
        CHECK(*r.json.find("urgent")->as_bool());
        CHECK(field(r, "lead_unit_kind") == "municipal_works");  // no rule speaks of it
        r = m.request(obj({{"category", "noise"}, {"description", "工地半夜打桩"}}));
        CHECK(field(r, "lead_unit_kind") == "urban_management");
        CHECK(field(r, "handling") == "time_limited");
        r = m.request(obj(
            {{"category", "litter"},
             {"channel", "grid_patrol"},
             {"answers", obj({{"waste_kind", "bulky"}})}}
        ));
        CHECK(field(r, "lead_unit_kind") == "sanitation");

        const auto asked = "/api/routing/request?area=" + w.area_id("340503000000");
        const auto hits = [&](const Reply& reply, const std::string& id) {
            for (const auto& rule : *reply.json.find("rules")->as_list()) {
                if (rule.text_or("id") == id) {
                    return rule;
                }
            }
            return Value();
        };
        auto replay = w.get("desk", asked + "&when=category='noise'");
        REQUIRE_MESSAGE(replay.status == 200, replay.body);
        CHECK(replay.json.int_or("records") == 3);
        CHECK(hits(replay, "danger_to_life").int_or("hits") == 1);
        CHECK(hits(replay, "danger_to_life").int_or("agrees") == 1);
        CHECK(hits(replay, "building_noise_at_night").int_or("decides") == 1);
        CHECK(hits(replay, "patrol_first").int_or("hits") == 1);
        CHECK(hits(replay, "patrol_first").int_or("agrees") == 0);
        CHECK(hits(replay, "trial").int_or("hits") == 1);
        CHECK(hits(w.get("desk", asked + "&words=打桩"), "trial").int_or("hits") == 1);
        CHECK(w.get("desk", asked + "&when=colour=1").code == "query_invalid");
        CHECK(w.get("li", asked).status == 403);
    });
}
