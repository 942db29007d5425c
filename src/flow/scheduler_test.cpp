// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "flow/notices.hpp"
#include "flow/testing.hpp"
#include "store/change.hpp"

using namespace linli;
using namespace linli::flow;

namespace {

Inputs because() {
    Inputs inputs;
    inputs.reason = "because";
    return inputs;
}

std::vector<std::string> escalations(World& world, RecordId id) {
    std::vector<std::string> found;
    world.db().read([&](store::Tx& tx) {
        for (const auto& change : store::changes_of(tx, home(id), {"request", id}, 100)) {
            if (change.action == "escalate") {
                CHECK(!change.actor);
                found.push_back(change.detail);
            }
        }
    });
    return found;
}

std::vector<std::string> notices(World& world, const std::string& who) {
    std::vector<std::string> found;
    world.db().read([&](store::Tx& tx) {
        for (const auto& one :
             notices_for(tx, world.flow().ground(), world.as(who), true, 100, world.now())) {
            found.push_back(one.what + " " + one.clock);
        }
    });
    return found;
}

std::int64_t count(World& world, const char* sql) {
    return world.db().read_now([&](store::Tx& tx) {
        return *tx.one<std::int64_t>({"test.count", sql}, 1);
    });
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "a silent department is reminded at 80 %, urged at 100 %, raised at 150 % and 200 %, each "
    "once, in order"
) {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto id = world.assigned("time_limited");  // due on the 19th at 09:00
        world.at("2025-05-16 08:59");
        CHECK(world.run() == 0);
        world.at("2025-05-16 09:00");
        CHECK(world.run() == 1);
        CHECK(world.run() == 0);
        CHECK(notices(world, "clerk") == Words{"remind resolve"});
        world.at("2025-05-19 09:00");
        CHECK(world.run() == 1);
        CHECK(*world.clock(id, "resolve").breached_at == wall("2025-05-19 09:00"));
        CHECK(notices(world, "head") == Words{"urge resolve", "remind resolve"});
        CHECK(notices(world, "clerk") == Words{"remind resolve"});
        CHECK(!world.work(id)->raised_to);
        world.at("2025-05-21 14:30");
        CHECK(world.run() == 1);
        CHECK(world.work(id)->raised_to == world.area("street"));
        CHECK(notices(world, "street_desk") == Words{"raise resolve"});
        world.at("2025-05-26 09:00");
        CHECK(world.run() == 1);
        CHECK(world.work(id)->raised_to == world.area("county"));
        CHECK(notices(world, "supervisor") == Words{"raise resolve"});
        CHECK(notices(world, "supervisor2").empty());
        world.time().advance(100 * day_ms);
        CHECK(world.run() == 0);
        CHECK(
            escalations(world, id) ==
            Words{
                "resolve 80% remind lead_unit", "resolve 100% urge lead_unit.head",
                "resolve 150% raise area.parent", "resolve 200% raise county_supervisor"}
        );
    });
}

TEST_CASE("a server that was down runs every step it missed, in order, once") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto id = world.assigned("immediate");
        world.at("2025-06-12 09:00");
        CHECK(world.run() == 4);
        CHECK(world.run() == 0);
        CHECK(escalations(world, id).size() == 4);
        CHECK(*world.clock(id, "resolve").breached_at == wall("2025-05-13 09:00"));
    });
}

TEST_CASE("an office that does not accept is raised to the level above, from a grid too") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto id = world.file("grid");
        world.at("2025-05-13 10:00");  // 8 of 4 working hours
        CHECK(world.run() == 3);
        CHECK(escalations(world, id).back() == "accept 200% raise area.parent");
        CHECK(world.work(id)->raised_to == world.area("street"));
        world.act(id, "accept", "desk", {}, obj({{"handling", "immediate"}}));
        CHECK(
            world.work(id)->raised_to == world.area("street")
        );  // handlers do not take it down again
        world.at("2025-06-13 10:00");
        world.run();
        CHECK(world.work(id)->raised_to == world.area("county"));
    });
}

TEST_CASE("a pause shifts the steps that remain; a breached clock is not paused any more") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto id = world.assigned("time_limited");
        world.at("2025-05-13 09:00");
        world.act(id, "wait", "clerk", because());
        world.at("2025-05-26 09:00");
        CHECK(world.run() == 0);
        world.act(id, "continue", "clerk");
        world.at("2025-05-29 09:00");
        CHECK(world.run() == 1);
        world.at("2025-05-30 09:00");
        CHECK(world.run() == 1);
        world.act(id, "wait", "clerk", because());
        CHECK(world.clock(id, "resolve").state == ClockState::running);
        world.at("2025-06-30 09:00");
        CHECK(world.run() == 2);
        CHECK(world.work(id)->raised_to == world.area("county"));
    });
}

TEST_CASE("what is resolved in time is never escalated; unrated it closes by itself after ten days"
) {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto id = world.assigned("immediate");
        world.act(id, "resolve", "clerk");
        world.at("2025-05-22 08:59");
        CHECK(world.run() == 0);
        world.at("2025-05-22 09:00");
        CHECK(world.run() == 1);
        CHECK(world.state(id) == "closed");
        CHECK(escalations(world, id).empty());
        CHECK(count(world, "SELECT COUNT(*) FROM flow_timer WHERE county >= $1 - 1") == 0);

        const auto reopened = world.assigned("immediate");
        world.act(reopened, "resolve", "clerk");
        world.act(reopened, "reopen", "resident", because());
        world.act(reopened, "resolve", "desk");
        world.at("2025-05-31 09:00");
        CHECK(world.run() == 0);
        world.at("2025-06-01 09:00");
        CHECK(world.run() == 1);
    });
}

TEST_CASE(
    "a timer whose record has moved on is dropped; one that fails is tried again and does not stop "
    "the others"
) {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        std::vector<RecordId> ids;
        for (int i = 0; i < 5; ++i) {
            ids.push_back(world.assigned("immediate"));
            world.act(ids.back(), "resolve", "clerk");
        }
        world.failing[ids[2]] = 0;
        world.at("2025-05-22 09:00");
        const auto scheduler = world.scheduler();
        CHECK(scheduler->run_due(world.now()) == 5);
        CHECK(world.state(ids[2]) == "resolved");
        CHECK(world.state(ids[4]) == "closed");
        const int tried = world.failing[ids[2]];
        CHECK(scheduler->run_due(world.now()) == 0);
        world.time().advance(second_ms);
        scheduler->run_due(world.now());
        CHECK(world.failing[ids[2]] > tried);
        world.failing.clear();
        world.time().advance(hour_ms);
        CHECK(scheduler->run_due(world.now()) == 1);
        CHECK(world.state(ids[2]) == "closed");
    });
}

TEST_CASE("two processes do not run the same county; a dead one's counties are taken over") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        world.assigned("immediate");
        world.at("2025-05-13 09:00");
        const auto first = world.scheduler(), second = world.scheduler();
        CHECK(first->run_due(world.now()) == 2);
        world.at("2025-05-13 14:00");
        const auto again = world.assigned("immediate");
        world.time().advance(5 * second_ms);
        const auto late = world.assigned("immediate");
        world.at("2025-05-14 14:00");
        CHECK(first->run_due(world.now()) > 0);
        world.time().advance(6 * second_ms);
        CHECK(second->run_due(world.now()) == 0);
        world.time().advance(5 * second_ms);
        CHECK(second->run_due(world.now()) == 1);
        CHECK(world.clock(late, "resolve").breached_at.has_value());
        CHECK(!escalations(world, again).empty());
    });
}

TEST_CASE("a timer that comes early does nothing and is set anew") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        const auto id = world.assigned("immediate");
        world.db().write_now([&](store::Tx& tx) {
            tx.run(
                {"test.early", "UPDATE flow_timer SET at = $2 WHERE county = $1 AND record = $3"},
                home(id), world.now(), id
            );
        });
        CHECK(world.run() == 0);
        CHECK(escalations(world, id).empty());
        world.at("2025-05-13 08:59");
        CHECK(world.run() == 1);  // the reminder
        world.at("2025-05-13 09:00");
        CHECK(world.run() == 1);
        CHECK(world.clock(id, "resolve").breached_at == wall("2025-05-13 09:00"));
    });
}

TEST_CASE("urgent ones come first") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        for (int i = 0; i < 150; ++i) {
            world.file();
        }
        const auto urgent = world.file("community", obj({{"urgent", true}}));
        world.at("2025-05-12 11:00");
        world.db().read([&](store::Tx& tx) {
            CHECK(due_timers(tx, home(urgent), world.now(), 100).front().record == urgent);
        });
        world.change(urgent, obj({{"urgent", false}}));
        world.db().read([&](store::Tx& tx) {
            CHECK(due_timers(tx, home(urgent), world.now(), 1).front().record != urgent);
        });
    });
}

TEST_CASE("in a storm none is lost, none is doubled, and the running thread stops when told") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        constexpr int storm = 300;
        for (int i = 0; i < storm; ++i) {
            world.file();
        }
        world.at("2025-05-12 11:00");
        for (int restart = 0; restart < 50; ++restart) {
            const auto scheduler = world.scheduler();
            scheduler->start();
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            scheduler->stop();
            if (count(world, "SELECT COUNT(*) FROM flow_notice WHERE county >= $1 - 1") == storm) {
                break;
            }
        }
        CHECK(count(world, "SELECT COUNT(*) FROM flow_notice WHERE county >= $1 - 1") == storm);
        CHECK(
            count(world, "SELECT COUNT(DISTINCT record) FROM flow_notice WHERE county >= $1 - 1") ==
            storm
        );
        CHECK(count(world, "SELECT COUNT(*) FROM flow_timer WHERE county >= $1 - 1") == storm);
        CHECK(world.run() == 0);
    });
}
