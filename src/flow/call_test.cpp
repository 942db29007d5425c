// SPDX-License-Identifier: Apache-2.0
// Calling up, arbitration, tracked matters, urgent orders.
#include <doctest/doctest.h>

#include <algorithm>

#include "flow/notices.hpp"
#include "flow/testing.hpp"

using namespace linli;
using namespace linli::flow;

namespace {

Inputs to(const World& world, const std::string& lead) {
    Inputs inputs;
    inputs.reason = "because";
    if (!lead.empty()) {
        inputs.lead_unit = world.unit(lead);
    }
    return inputs;
}

std::vector<std::string> told(World& world, const std::string& who) {
    std::vector<std::string> found;
    world.db().read([&](store::Tx& tx) {
        for (const auto& one :
             notices_for(tx, world.flow().ground(), world.as(who), true, 100, world.now())) {
            found.push_back(one.what + " " + one.clock);
        }
    });
    std::sort(found.begin(), found.end());
    return found;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a called unit takes on or sends back within its clock; after two returns it is decided"
) {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto id = world.accepted("time_limited");
        const auto before = *world.clock(id, "resolve").due_at;
        world.act(id, "call", "desk", to(world, "lamps"));
        CHECK(world.state(id) == "called");
        CHECK(*world.clock(id, "answer_call").due_at == wall("2025-05-12 15:00"));
        CHECK(world.refusal(id, "take_on", "assistant") == "action_not_yours");
        CHECK(world.refusal(id, "refer", "desk", to(world, "")) == "action_guarded");
        world.act(id, "return", "clerk", to(world, ""));
        CHECK(world.clock(id, "answer_call").state == ClockState::stopped);
        CHECK(world.work(id)->unit == world.unit("office"));
        world.at("2025-05-12 10:00");
        world.act(id, "call", "desk", to(world, "roads"));
        CHECK(*world.clock(id, "answer_call").due_at == wall("2025-05-12 16:00"));
        world.act(id, "return", "assistant", to(world, ""));
        world.act(id, "call", "desk", to(world, "lamps"));
        CHECK(world.refusal(id, "return", "clerk", to(world, "")) == "action_limit_reached");
        world.act(id, "refer", "clerk", to(world, ""));
        CHECK(world.state(id) == "arbitration");
        CHECK(world.refusal(id, "arbitrate", "desk", to(world, "lamps")) == "action_not_yours");
        CHECK(world.refusal(id, "arbitrate", "centre", to(world, "")) == "/lead_unit required");
        world.act(id, "arbitrate", "centre", to(world, "roads"));
        CHECK(world.state(id) == "assigned");
        CHECK(world.work(id)->unit == world.unit("roads"));
        CHECK(world.refusal(id, "return", "assistant", to(world, "")) == "action_guarded");
        CHECK(world.refusal(id, "refer", "assistant", to(world, "")) == "action_guarded");
        CHECK(*world.clock(id, "resolve").due_at == before);  // who argues gains no time
    });
}

TEST_CASE("a subdistrict that is called may call the county on") {
    in_world([](World& world) {
        const auto id = world.accepted("time_limited");
        world.act(id, "call", "desk", to(world, "street_office"));
        world.act(id, "call_on", "street_desk", to(world, "lamps"));
        CHECK(world.state(id) == "called");
        CHECK(world.work(id)->unit == world.unit("lamps"));
        world.act(id, "take_on", "clerk");
        CHECK(world.state(id) == "assigned");
        CHECK(world.work(id)->unit == world.unit("lamps"));
    });
}

TEST_CASE("the caller scores the answer of the unit once, and only where it called") {
    in_world([](World& world) {
        const auto assigned = world.assigned("immediate");
        world.act(assigned, "resolve", "clerk");
        const auto score = obj({{"call_score", 4}});
        CHECK(world.refusal(assigned, "score", "desk", {}, score) == "action_guarded");
        const auto id = world.accepted("immediate");
        world.act(id, "call", "desk", to(world, "lamps"));
        world.act(id, "take_on", "clerk");
        world.act(id, "resolve", "clerk");
        CHECK(world.refusal(id, "score", "clerk", {}, score) == "action_not_yours");
        world.act(id, "rate", "resident", {}, obj({{"satisfaction", 5}}));
        const auto over = world.db().read_now([&](store::Tx& tx) {
            return find_done(tx, {"request", id})->closed_at;
        });
        world.at("2025-06-20 09:00");
        world.act(id, "score", "desk", {}, score);
        CHECK(world.state(id) == "closed");
        CHECK(!world.work(id));
        world.db().read([&](store::Tx& tx) {
            CHECK(find_done(tx, {"request", id})->closed_at == over);  // it stays as it ended
        });
        CHECK(world.refusal(id, "score", "desk", {}, score) == "action_limit_reached");
    });
}

TEST_CASE("an urgent order alerts the duty officer and the level above, and goes up while silent") {
    in_world([](World& world) {
        world.at("2025-05-17 23:00");  // a Saturday night: minutes are minutes
        const auto id = world.file("grid", obj({{"urgent", true}}));
        CHECK(*world.clock(id, "acknowledge").due_at == wall("2025-05-17 23:10"));
        world.at("2025-05-17 23:01");
        world.run();
        CHECK(told(world, "duty") == Words{"urge acknowledge"});
        CHECK(world.work(id)->raised_to == world.area("street"));
        world.at("2025-05-17 23:10");
        world.run();
        CHECK(
            told(world, "duty") ==
            Words{"raise acknowledge", "urge acknowledge", "urge acknowledge"}
        );
        CHECK(world.work(id)->raised_to == world.area("county"));
        world.at("2025-05-17 23:20");
        world.run();
        CHECK(told(world, "supervisor").size() >= 1);
        CHECK(world.work(id)->raised_to == world.area("city"));
        world.act(id, "acknowledge", "duty");
        CHECK(world.state(id) == "submitted");
        CHECK(world.clock(id, "acknowledge").state == ClockState::stopped);
        CHECK(world.refusal(id, "acknowledge", "duty") == "action_limit_reached");
    });
}

TEST_CASE("an acknowledged order is silent; its clock is not taken up again") {
    in_world([](World& world) {
        world.at("2025-05-17 23:00");
        const auto id = world.file("grid", obj({{"urgent", true}}));
        const auto ordinary = world.file("grid");
        world.at("2025-05-17 23:00");
        world.act(id, "acknowledge", "duty");
        CHECK(world.refusal(ordinary, "acknowledge", "duty") == "action_guarded");
        world.change(id, obj({{"handling", "immediate"}}));
        CHECK(world.clock(id, "acknowledge").state == ClockState::stopped);
        world.at("2025-05-18 02:00");
        world.run();
        CHECK(told(world, "duty").empty());
    });
}

TEST_CASE("what becomes urgent later has its clock from then; what is not any more has none") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto id = world.file("grid");
        CHECK_THROWS(world.clock(id, "acknowledge"));
        world.at("2025-05-12 10:00");
        world.change(id, obj({{"urgent", true}}));
        CHECK(*world.clock(id, "acknowledge").due_at == wall("2025-05-12 10:10"));
        world.change(id, obj({{"urgent", false}}));
        CHECK(world.clock(id, "acknowledge").state == ClockState::stopped);
    });
}

TEST_CASE("a tracked matter asks for notes; each note begins the time anew") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto plain = world.assigned("time_limited");
        CHECK_THROWS(world.clock(plain, "track"));
        CHECK(world.refusal(plain, "note", "clerk", to(world, "")) == "action_guarded");
        world.act(plain, "reclassify", "desk", to(world, ""), obj({{"handling", "tracked"}}));
        CHECK(*world.clock(plain, "track").due_at == wall("2025-05-19 09:00"));
        CHECK(world.clock(plain, "resolve").limit == "30 working days");
        world.act(plain, "name_tracker", "desk", {}, obj({{"tracker", "1"}}));
        world.at("2025-05-14 09:00");
        world.act(plain, "note", "clerk", to(world, ""));
        CHECK(*world.clock(plain, "track").due_at == wall("2025-05-21 09:00"));
        CHECK(world.state(plain) == "assigned");
        CHECK(world.refusal(plain, "reclassify", "desk") == "/reason required");
    });
}
