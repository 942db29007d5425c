// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>

#include "flow/testing.hpp"

using namespace linli;
using namespace linli::flow;

namespace {

Inputs inputs(
    const World& world, const std::string& lead, const std::vector<std::string>& assists = {}
) {
    Inputs result;
    result.reason = "because";
    if (!lead.empty()) {
        result.lead_unit = world.unit(lead);
    }
    for (const auto& one : assists) {
        result.assist_units.push_back(world.unit(one));
    }
    return result;
}

const std::vector<std::string> everybody = {
    "resident",        "neighbour", "desk",      "desk2",       "street_desk", "grid_worker",
    "clerk",           "assistant", "far_clerk", "water_clerk", "supervisor",  "supervisor2",
    "city_supervisor", "duty",      "centre"};

/// A request of the test city in a state, with the lamps leading where a department does.
RecordId request_in(World& world, const std::string& state) {
    const auto id = world.file("grid");
    if (state == "submitted") {
        return id;
    }
    world.act(id, "accept", "desk", {}, obj({{"handling", "time_limited"}}));
    if (state == "declined") {
        world.act(id, "decline", "desk", inputs(world, ""));
    }
    if (state == "accepted" || state == "declined") {
        return id;
    }
    if (state == "called") {
        world.act(id, "call", "desk", inputs(world, "lamps", {"roads"}));
        return id;
    }
    if (state == "arbitration") {
        for (int i = 0; i < 2; ++i) {
            world.act(id, "call", "desk", inputs(world, "lamps"));
            world.act(id, "return", "clerk", inputs(world, ""));
        }
        world.act(id, "refer", "desk", inputs(world, ""));
        return id;
    }
    world.act(id, "assign", "desk", inputs(world, "lamps", {"roads"}));
    if (state == "assigned") {
        return id;
    }
    if (state == "waiting") {
        world.act(id, "wait", "clerk", inputs(world, ""));
        return id;
    }
    world.act(id, "resolve", "clerk");
    if (state == "closed") {
        world.act(id, "rate", "resident", {}, obj({{"satisfaction", 5}}));
    }
    return id;
}

/// Who acts by a word of `by` in the state of request_in, where the lamps or the office lead.
std::vector<std::string> people_of(const std::string& word, const std::string& state) {
    const bool department = state == "called" || state == "assigned" || state == "waiting" ||
                            state == "resolved" || state == "closed";
    if (word == "lead_unit") {
        return {department ? "clerk" : "desk"};
    }
    if (word == "assist_unit") {
        return department ? std::vector<std::string>{"assistant"} : std::vector<std::string>{};
    }
    if (word == "reporter") {
        return {"resident"};
    }
    if (word == "timer") {
        return {};
    }
    static const std::map<std::string, std::vector<std::string>> holders = {
        {"community_desk", {"desk"}},
        {"subdistrict_desk", {"street_desk"}},
        {"grid_worker", {"grid_worker"}},
        {"department", {"clerk", "assistant", "water_clerk"}},
        {"county_supervisor", {"supervisor"}},
        {"city_supervisor", {"city_supervisor"}},
        {"duty_officer", {"duty"}},
        {"grid_centre", {"centre"}},
        {"resident", {"resident", "neighbour"}}};
    return holders.at(word);
}

/// Whether the guard of an action holds, counted by hand.
bool guarded(World& world, RecordId id, const catalogue::ActionSpec& action) {
    if (!action.guard) {
        return true;
    }
    const auto subject = world.subject(id);
    const auto value = action.guard->evaluate(
        {[&](const std::string& name) {
             return name.starts_with("times_") ? Value(world.db().read_now([&](store::Tx& tx) {
                 return count_steps(tx, id, name.substr(6));
             }))
                                               : subject.value_of(name);
         },
         {},
         world.now()}
    );
    return value.as_bool() && *value.as_bool();
}

}  // namespace

TEST_CASE(
    "every action of the request flow may be taken by those whom it names, in its states, and by "
    "nobody else"
) {
    in_world([](World& world) {
        const auto& flow = *world.kind().flow;
        for (const auto& state : flow.states) {
            const auto id = request_in(world, state.name);
            REQUIRE(world.state(id) == state.name);
            for (const auto& who : everybody) {
                std::vector<std::string> expected;
                for (const auto& action : flow.actions) {
                    const bool here =
                        std::find(action.from.begin(), action.from.end(), state.name) !=
                        action.from.end();
                    const bool named = std::any_of(
                        action.by.begin(), action.by.end(),
                        [&](const std::string& word) {
                            const auto those = people_of(word, state.name);
                            return std::find(those.begin(), those.end(), who) != those.end();
                        }
                    );
                    const bool holds = guarded(world, id, action);
                    if (here && named && holds) {
                        expected.push_back(action.name);
                    } else {
                        CAPTURE(action.name);
                        CAPTURE(who);
                        CAPTURE(state.name);
                        const auto code =
                            world.refusal(id, action.name, who, inputs(world, "lamps"));
                        CHECK(
                            (here && named ? code == "action_guarded"
                                           : code == "action_not_yours" || code == "action_not_now")
                        );
                        CHECK(world.state(id) == state.name);
                    }
                }
                CAPTURE(who);
                CAPTURE(state.name);
                CHECK(world.allowed(id, who) == expected);
            }
        }
    });
}

TEST_CASE("a request goes from filing to rating, each step by who it is for") {
    in_world([](World& world) {
        const auto id = world.file();
        CHECK(world.work(id)->unit == world.unit("office"));
        CHECK(
            world.act(id, "accept", "desk", {}, obj({{"handling", "immediate"}})).as ==
            "community_desk"
        );
        CHECK(
            world.act(id, "assign", "desk", inputs(world, "lamps", {"roads"})).unit ==
            world.unit("lamps")
        );
        const auto parties = world.db().read_now([&](store::Tx& tx) {
            return world.flow().parties(tx, {"request", id});
        });
        CHECK(parties == std::vector{world.unit("lamps"), world.unit("roads")});
        CHECK(world.act(id, "wait", "clerk", inputs(world, "")).as == "lead_unit");
        world.act(id, "continue", "clerk");
        CHECK(world.act(id, "resolve", "clerk").state == "resolved");
        const auto end = world.act(id, "rate", "resident", {}, obj({{"satisfaction", 4}}));
        CHECK(end.final);
        CHECK(end.as == "reporter");
        CHECK(end.unit == world.unit("lamps"));
        CHECK(!world.work(id));
    });
}

TEST_CASE("inputs that an action needs, and units that cannot be in charge, are refused by name") {
    in_world([](World& world) {
        const auto id = world.accepted("immediate");
        struct Case {
            const char *lead, *assist, *refusal;
        };
        for (const auto& c : std::vector<Case>{
                 {"", "", "/lead_unit required"},
                 {"closed", "", "/lead_unit unit_disabled"},
                 {"far", "", "/lead_unit unit_out_of_area"},
                 {"office2", "", "/lead_unit unit_out_of_area"},
                 {"lamps", "lamps", "/assist_units/0 unit_twice"},
                 {"lamps", "far", "/assist_units/0 unit_out_of_area"}}) {
            CAPTURE(c.refusal);
            const auto assists =
                *c.assist ? std::vector<std::string>{c.assist} : std::vector<std::string>{};
            CHECK(world.refusal(id, "assign", "desk", inputs(world, c.lead, assists)) == c.refusal);
        }
        Inputs unknown;
        unknown.lead_unit = {4711};
        CHECK(world.refusal(id, "assign", "desk", unknown) == "/lead_unit unit_unknown");
        CHECK(world.refusal(id, "decline", "desk") == "/reason required");
        Inputs blank;
        blank.reason = " \n ";
        CHECK(world.refusal(id, "decline", "desk", blank) == "/reason required");
        CHECK(
            world.refusal(id, "resolve", "desk", inputs(world, "lamps")) ==
            "/lead_unit unknown_field"
        );
        CHECK(world.refusal(id, "dance", "desk") == "action_not_found");
        CHECK(world.refusal(id, "assign", "desk", inputs(world, "water")).empty());
        CHECK(world.refusal(id, "assign", "desk", inputs(world, "street_office")).empty());
    });
}

TEST_CASE("what is sent back goes to the office again, and no more than twice") {
    in_world([](World& world) {
        const auto id = world.assigned("time_limited");
        for (int i = 0; i < 2; ++i) {
            CHECK(world.act(id, "return", "clerk", inputs(world, "")).unit == world.unit("office"));
            world.act(id, "assign", "desk", inputs(world, "lamps"));
        }
        CHECK(world.refusal(id, "return", "clerk", inputs(world, "")) == "action_limit_reached");
        const auto allowed = world.allowed(id, "clerk");
        CHECK(std::find(allowed.begin(), allowed.end(), "return") == allowed.end());
    });
}

TEST_CASE("a reporter reopens within ten days, and twice at most") {
    in_world([](World& world) {
        world.at("2025-05-08 10:00");
        const auto id = request_in(world, "closed");
        world.at("2025-05-18 10:00");
        CHECK(world.act(id, "reopen", "resident", inputs(world, "")).unit == world.unit("office"));
        CHECK(world.work(id)->created_at == wall("2025-05-08 10:00"));
        world.act(id, "resolve", "desk");
        world.at("2025-05-28 10:01");
        CHECK(world.refusal(id, "reopen", "resident", inputs(world, "")) == "action_too_late");
        CHECK(world.allowed(id, "resident") == std::vector<std::string>{"rate"});
    });
}

TEST_CASE("a record that moves to another community is taken by the office there") {
    in_world([](World& world) {
        const auto id = world.file();
        world.change(id, {}, "community2");
        CHECK(world.work(id)->unit == world.unit("office2"));
        CHECK(world.refusal(id, "accept", "desk") == "action_not_yours");
        CHECK(world.refusal(id, "accept", "desk2", {}, obj({{"handling", "immediate"}})).empty());
        CHECK_THROWS_AS(world.change(id, {}, "community3"), Refused);
    });
}

TEST_CASE("a withdrawn record is nobody's business any more") {
    in_world([](World& world) {
        const auto id = world.assigned("immediate");
        world.withdraw(id);
        CHECK(!world.work(id));
        CHECK(world.clock(id, "resolve").state == ClockState::stopped);
        world.time().advance(40 * day_ms);
        CHECK(world.run() == 0);
    });
}
