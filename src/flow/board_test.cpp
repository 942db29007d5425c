// SPDX-License-Identifier: Apache-2.0
#include "flow/board.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/testing.hpp"

using namespace linli;
using namespace linli::flow;

namespace {

/// What happened to one request, written down by the test itself.
struct Fate {
    RecordId id;
    std::string area, choice;
    Instant created;
    std::optional<Instant> closed;
    bool withdrawn = false;
    std::optional<int> rating;
    std::vector<std::pair<Instant, bool>> stops;  ///< of the clock "resolve", and whether in time
};

void stopped(World& world, Fate& fate) {
    const auto clock = world.clock(fate.id, "resolve");
    fate.stops.emplace_back(world.now(), world.now() <= clock.due_at.value_or(never));
}

/// Moves a request some way along; `way` picks which.
void live(World& world, Fate& fate, int way) {
    if (way == 0) {
        return;
    }
    const auto wait = [&](int hours) { world.time().advance(hours * hour_ms); };
    const std::string desk = fate.area == "community2" ? "desk2" : "desk";
    world.act(
        fate.id, "accept", desk, {}, obj({{"handling", way % 2 ? "immediate" : "time_limited"}})
    );
    Inputs inputs;
    inputs.reason = "because";
    if (way == 1) {
        wait(2);
        world.withdraw(fate.id);
        fate.withdrawn = true;
        fate.closed = world.now();
        return;
    }
    if (way == 2) {
        return;
    }
    inputs.lead_unit = world.unit(way % 3 ? "lamps" : "roads");
    world.act(fate.id, "assign", desk, inputs);
    inputs.lead_unit = {};
    wait(way * 13);
    const std::string clerk = way % 3 ? "clerk" : "assistant";
    world.act(fate.id, "resolve", clerk);
    stopped(world, fate);
    if (way == 3) {
        return;
    }
    if (way == 4) {
        world.act(fate.id, "reopen", "resident", inputs);
        fate.stops.clear();
        return;
    }
    fate.rating = way % 5 + 1;
    world.act(fate.id, "rate", "resident", {}, obj({{"satisfaction", *fate.rating}}));
    fate.closed = world.now();
    if (way == 8) {
        world.act(fate.id, "reopen", "resident", inputs);
        fate.closed.reset();
        fate.stops.clear();
        fate.rating.reset();
    }
}

std::vector<Fate> a_history(World& world) {
    std::vector<Fate> fates;
    const std::vector<std::string> where{"community", "grid", "community2", "grid2"};
    const std::vector<std::string> what{"street_light", "litter", "manhole"};
    for (int i = 0; i < 60; ++i) {
        world.time().set(wall("2025-03-03 09:00") + i * 29 * hour_ms);
        Fate fate;
        fate.area = where[static_cast<std::size_t>(i * 7 % 4)];
        fate.choice = what[static_cast<std::size_t>(i % 3)];
        fate.created = world.now();
        fate.id = world.file(fate.area, obj({{"category", fate.choice}, {"urgent", i % 10 == 0}}));
        live(world, fate, i % 11);
        fates.push_back(fate);
    }
    world.at("2025-05-20 10:00");
    return fates;
}

/// The board, counted by hand.
struct Count {
    std::int64_t open = 0, overdue = 0, urgent = 0, created = 0, closed = 0, of = 0, kept = 0,
                 rated = 0, stars = 0;
};

Count count(World& world, const std::vector<Fate>& fates, const std::string& area, Instant from) {
    Count sum;
    const auto tree = world.areas().today();
    for (const auto& fate : fates) {
        if (!tree->within(world.area(fate.area), world.area(area))) {
            continue;
        }
        const auto work = world.work(fate.id);
        CHECK(work.has_value() == !fate.closed.has_value());
        sum.open += work ? 1 : 0;
        sum.overdue += work && work->due_at < world.now() ? 1 : 0;
        sum.urgent += work && work->urgent() ? 1 : 0;
        sum.created += fate.created >= from ? 1 : 0;
        if (fate.closed && !fate.withdrawn && *fate.closed >= from) {
            ++sum.closed;
            sum.rated += fate.rating ? 1 : 0;
            sum.stars += fate.rating.value_or(0);
        }
        for (const auto& [at, kept] : fate.stops) {
            sum.of += at >= from ? 1 : 0;
            sum.kept += at >= from && kept ? 1 : 0;
        }
    }
    return sum;
}

}  // namespace

TEST_CASE("a request that is resolved, reopened and resolved again counts once, by its last stop") {
    in_world([](World& world) {
        Inputs inputs;
        inputs.reason = "dark again";
        const auto on_time = [&] {
            const auto ground = world.flow().ground();
            return world.db().read_now([&](store::Tx& tx) {
                const auto& county = *ground.tree->find(world.area("county"));
                return board_of(tx, ground, world.kind(), county, 30, world.now()).on_time;
            });
        };
        world.at("2025-05-12 09:00");
        const auto id = world.assigned("immediate");
        world.at("2025-05-12 10:00");
        world.act(id, "resolve", "clerk");
        CHECK(on_time().of == 1);
        CHECK(on_time().share == 1.0);
        world.act(id, "reopen", "resident", inputs);
        CHECK(on_time().of == 0);
        world.at("2025-05-15 10:00");
        world.act(id, "resolve", "desk");
        CHECK(on_time().of == 1);
        CHECK(on_time().share == 0.0);
    });
}

TEST_CASE("a board equals what is counted by hand, at every level") {
    in_world([](World& world) {
        const auto fates = a_history(world);
        for (const int days : {1, 10, 366}) {
            const auto from = start_of(official_date(world.now()) + (1 - days));
            for (const char* key : {"city", "county", "county2", "street", "community", "grid"}) {
                CAPTURE(key);
                CAPTURE(days);
                const auto ground = world.flow().ground();
                const auto board = world.db().read_now([&](store::Tx& tx) {
                    return board_of(
                        tx, ground, world.kind(), *ground.tree->find(world.area(key)), days,
                        world.now()
                    );
                });
                const auto sum = count(world, fates, key, from);
                CHECK(board.open == sum.open);
                CHECK(board.overdue == sum.overdue);
                CHECK(board.urgent == sum.urgent);
                CHECK(board.created == sum.created);
                CHECK(board.closed == sum.closed);
                CHECK(board.on_time.of == sum.of);
                CHECK(board.on_time.share.has_value() == (sum.of > 0));
                if (sum.of > 0) {
                    CHECK(
                        *board.on_time.share == doctest::Approx(double(sum.kept) / double(sum.of))
                    );
                }
                CHECK(board.satisfaction.of == sum.rated);
                if (sum.rated > 0) {
                    CHECK(
                        *board.satisfaction.mean ==
                        doctest::Approx(double(sum.stars) / double(sum.rated))
                    );
                }
                for (const auto& child : board.areas) {
                    const auto part = count(world, fates, child.area.name, from);
                    CHECK(child.open == part.open);
                    CHECK(child.created == part.created);
                    CHECK(child.closed == part.closed);
                    CHECK(child.on_time.of == part.of);
                }
                std::int64_t created = 0, closed = 0, chosen = 0, by_unit = 0;
                for (const auto& day : board.trend) {
                    created += day.created;
                    closed += day.closed;
                }
                for (const auto& choice : board.by_choice) {
                    chosen += choice.created;
                }
                for (const auto& unit : board.units) {
                    by_unit += unit.open;
                    CHECK(!unit.unit.name.empty());
                }
                CHECK(board.trend.size() == static_cast<std::size_t>(days));
                CHECK(created == sum.created);
                CHECK(closed == sum.closed);
                CHECK(chosen == sum.created);
                CHECK(by_unit == sum.open);
            }
        }
    });
}

TEST_CASE("the median is the middle of the times that it took, to a tenth of an hour") {
    in_world([](World& world) {
        world.at("2025-05-12 09:00");
        for (const int hours : {1, 3, 30}) {
            world.at("2025-05-12 09:00");
            const auto id = world.assigned("time_limited");
            world.time().advance(hours * hour_ms);
            world.act(id, "resolve", "clerk");
        }
        const auto ground = world.flow().ground();
        const auto board = world.db().read_now([&](store::Tx& tx) {
            return board_of(
                tx, ground, world.kind(), *ground.tree->find(world.area("city")), 30, world.now()
            );
        });
        CHECK(*board.median_hours == doctest::Approx(3));
        CHECK(board.areas.size() == 2);
        CHECK(board.area.path.size() == 2);
    });
}
