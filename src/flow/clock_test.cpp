// SPDX-License-Identifier: Apache-2.0
#include "flow/clock.hpp"

#include <doctest/doctest.h>

#include "flow/testing.hpp"
#include "flow/why.hpp"

using namespace linli;
using namespace linli::flow;

namespace {

Inputs because() {
    Inputs inputs;
    inputs.reason = "because";
    return inputs;
}

const Calendar& national() {
    return shipped()->calendar();
}

Rate rate(const char* limit) {
    return {&national(), *parse_limit(limit)};
}

}  // namespace

TEST_CASE("working time passes on make-up workdays and stands still on holidays") {
    struct Case {
        const char *start, *limit, *due;
    };
    for (const auto& c : std::vector<Case>{
             {"2025-09-26 16:30", "1 working day",
              "2025-09-28 16:30"},  // Friday, then the Sunday that works
             {"2025-09-26 17:30", "4 working hours",
              "2025-09-28 14:30"},  // after hours counts from the morning
             {"2025-09-28 09:00", "5 working days",
              "2025-10-11 09:00"},  // the 11th is a Saturday that works
             {"2025-09-30 17:00", "1 working day", "2025-10-09 17:00"},
             {"2025-10-03 12:00", "4 working hours", "2025-10-09 14:30"},
             {"2025-05-09 17:00", "1 working day", "2025-05-12 17:00"},  // over a weekend
             {"2025-10-01 00:00", "10 days", "2025-10-11 00:00"},
             {"2025-10-01 23:50", "30 minutes", "2025-10-02 00:20"}}) {
        CAPTURE(c.start);
        CAPTURE(c.limit);
        CHECK(to_text(*started("c", rate(c.limit), wall(c.start)).due_at) == to_text(wall(c.due)));
    }
}

TEST_CASE("a percentage of a limit is of its kind of time") {
    const auto clock = started("resolve", rate("5 working days"), wall("2025-09-28 09:00"));
    CHECK(step_at(clock, rate("5 working days"), 80) == wall("2025-10-10 09:00"));
    CHECK(step_at(clock, rate("5 working days"), 100) == wall("2025-10-11 09:00"));
    CHECK(
        step_at(clock, rate("5 working days"), 140) == wall("2025-10-14 09:00")
    );  // the 11th is a make-up day
    const auto plain = started("c", rate("10 days"), wall("2025-10-01 00:00"));
    CHECK(step_at(plain, rate("10 days"), 50) == wall("2025-10-06 00:00"));
}

TEST_CASE("a pause moves the deadline by the working time that it took") {
    const auto r = rate("5 working days");
    auto clock = started("resolve", r, wall("2025-05-12 09:00"));
    CHECK(pause(clock, r, wall("2025-05-13 09:00")));
    CHECK(!clock.due_at);
    CHECK(left_at(clock, r, wall("2025-05-20 09:00")) == 4 * 7 * hour_ms);
    resume(clock, r, wall("2025-05-15 09:00"));
    CHECK(*clock.due_at == wall("2025-05-21 09:00"));
    CHECK(clock.paused_ms == 2 * day_ms);
    CHECK(step_at(clock, r, 80) == wall("2025-05-20 09:00"));
}

TEST_CASE("a breached clock is not paused, and its deadline stays") {
    const auto r = rate("1 working day");
    auto clock = started("resolve", r, wall("2025-05-12 09:00"));
    CHECK(!pause(clock, r, wall("2025-05-13 09:30")));
    CHECK(clock.state == ClockState::running);
    CHECK(*clock.breached_at == wall("2025-05-13 09:00"));
    stop(clock, r, wall("2025-05-13 10:00"));
    CHECK(!kept(clock));
    CHECK(clock.left_ms == -hour_ms);
    resume(clock, r, wall("2025-05-14 10:00"));
    CHECK(*clock.due_at == wall("2025-05-13 09:00"));
}

TEST_CASE("another limit leaves the time used as used") {
    auto clock = started("resolve", rate("5 working days"), wall("2025-05-12 09:00"));
    recompute(clock, rate("30 working days"), {}, wall("2025-05-14 09:00"));
    CHECK(clock.limit == "30 working days");
    CHECK(clock.left_ms == 28 * 7 * hour_ms);
    const std::vector<Span> pauses{{wall("2025-05-15 09:00"), wall("2025-05-16 09:00")}};
    recompute(clock, rate("5 working days"), pauses, wall("2025-05-16 09:00"));
    CHECK(*clock.due_at == wall("2025-05-20 09:00"));
    recompute(clock, rate("1 working day"), pauses, wall("2025-05-16 09:00"));
    CHECK(*clock.due_at == wall("2025-05-16 09:00"));  // used up: due at once
    recompute(clock, rate("30 working days"), pauses, wall("2025-05-16 09:01"));
    CHECK(clock.limit == "1 working day");  // and from then on it stays breached
}

TEST_CASE("the clocks of a request follow it from state to state") {
    in_world([](World& world) {
        world.at("2025-09-26 16:30");  // a Friday; the Sunday after it works
        const auto id = world.file();
        CHECK(*world.clock(id, "accept").due_at == wall("2025-09-28 11:30"));
        CHECK(world.work(id)->clock == "accept");
        world.at("2025-09-28 09:00");
        world.act(id, "accept", "desk", {}, obj({{"handling", "time_limited"}}));
        CHECK(world.clock(id, "accept").state == ClockState::stopped);
        CHECK(*world.clock(id, "resolve").due_at == wall("2025-10-11 09:00"));
        CHECK(world.work(id)->due_at == wall("2025-10-11 09:00"));

        Inputs lamps;
        lamps.lead_unit = world.unit("lamps");
        world.at("2025-09-29 09:00");
        CHECK(*world.act(id, "assign", "desk", lamps).due_at == wall("2025-10-11 09:00"));
        CHECK(!world.act(id, "wait", "clerk", because()).due_at);
        CHECK(world.clock(id, "resolve").state == ClockState::paused);
        CHECK(world.work(id)->due_at == never);
        world.at("2025-10-09 09:00");  // 29 and 30 September were paused
        CHECK(*world.act(id, "continue", "clerk").due_at == wall("2025-10-14 09:00"));
        world.at("2025-10-10 09:00");
        world.act(id, "resolve", "clerk");
        CHECK(world.clock(id, "resolve").state == ClockState::stopped);
        CHECK(world.work(id)->due_at == never);

        world.at("2025-10-15 09:00");
        CHECK(*world.act(id, "reopen", "resident", because()).due_at == wall("2025-10-22 09:00"));
        CHECK(world.clock(id, "resolve").started_at == wall("2025-10-15 09:00"));
        CHECK(world.clock(id, "accept").state == ClockState::stopped);
    });
}

TEST_CASE("sent back, a running clock goes on; the unit's return does not stop it") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto id = world.assigned("time_limited");
        world.at("2025-05-13 09:00");
        CHECK(*world.act(id, "return", "clerk", because()).due_at == wall("2025-05-19 09:00"));
    });
}

TEST_CASE(
    "a change of the handling class recomputes the deadline from what was used, but never undoes a "
    "breach"
) {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto id = world.accepted("time_limited");
        world.at("2025-05-14 09:00");
        world.change(id, obj({{"handling", "tracked"}}));
        CHECK(world.clock(id, "resolve").left_ms == 28 * 7 * hour_ms);
        CHECK(world.work(id)->due_at == *world.clock(id, "resolve").due_at);
        world.change(id, obj({{"handling", "immediate"}}));
        CHECK(world.work(id)->due_at == wall("2025-05-14 09:00"));
        world.at("2025-05-14 09:10");
        world.run();
        world.change(id, obj({{"handling", "tracked"}}));
        CHECK(world.clock(id, "resolve").limit == "1 working day");
        CHECK(world.clock(id, "resolve").breached_at);
        Inputs lamps;
        lamps.lead_unit = world.unit("lamps");
        world.act(id, "assign", "desk", lamps);
        CHECK(world.clock(id, "resolve").limit == "1 working day");
    });
}

TEST_CASE("an action that carries another class recomputes too") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto id = world.accepted("immediate");
        const auto due =
            world.act(
                     id, "reclassify", "desk", because(), obj({{"handling", "time_limited"}})
            ).due_at;
        CHECK(*due == wall("2025-05-19 09:00"));
    });
}

TEST_CASE("a unit with hours of its own has its own deadlines") {
    in_world([](World& world) {
        world.db().write_now([&](store::Tx& tx) {
            tx.run(
                {"test.calendar", "UPDATE identity_unit SET calendar = $2 WHERE id = $1"},
                world.unit("office"), "always"
            );
        });
        world.at("2025-05-09 22:00");
        const auto id = world.file();
        CHECK(world.work(id)->due_at == wall("2025-05-10 02:00"));
        CHECK(world.clock(id, "accept").calendar == "always");
        CHECK(world.work(world.file("community2"))->due_at == wall("2025-05-12 14:30"));
    });
}

TEST_CASE("a deadline is explained day by day") {
    auto clock = started("resolve", rate("5 working days"), wall("2025-09-28 09:00"));
    auto told = why(clock, rate("5 working days"), {}, wall("2025-09-28 09:00"));
    REQUIRE(told.days.size() == 14);
    CHECK(told.days[0].kind == DayKind::makeup);
    CHECK(told.days[0].minutes == 390);
    CHECK(told.days[1].minutes == 420);
    CHECK(told.days[3].kind == DayKind::off);
    CHECK(told.days[13].minutes == 30);
    std::int64_t sum = 0;
    for (const auto& day : told.days) {
        sum += day.minutes;
    }
    CHECK(sum == 5 * 420);
    CHECK(pause(clock, rate("5 working days"), wall("2025-09-29 08:30")));
    told =
        why(clock, rate("5 working days"), {{wall("2025-09-29 08:30"), {}}},
            wall("2025-09-30 12:00"));
    REQUIRE(told.days.size() == 3);
    CHECK(told.days[1].minutes == 0);
    CHECK(told.pauses.size() == 1);
}
