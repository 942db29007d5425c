// SPDX-License-Identifier: Apache-2.0
#include "flow/republish.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "flow/testing.hpp"
#include "flow/verify.hpp"

using namespace linli;
using namespace linli::flow;

namespace {

/// The shipped catalogue with one more day off in the national calendar.
std::shared_ptr<const catalogue::Catalogue> with_day_off(const std::string& day) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("linli-calendar-" + std::to_string(getpid()));
    std::filesystem::remove_all(folder);
    std::filesystem::copy(
        LINLI_SOURCE_DIR "/catalogue", folder, std::filesystem::copy_options::recursive
    );
    const auto path = folder / "calendars" / "national.yaml";
    std::ifstream file(path);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const std::string year = "  2025:\n    off:\n";
    REQUIRE(text.find(year) != std::string::npos);
    text.insert(text.find(year) + year.size(), "      - \"" + day + "\"\n");
    std::ofstream(path) << text;
    const auto loaded = catalogue::load(folder.string());
    std::filesystem::remove_all(folder);
    REQUIRE(loaded.mistakes.empty());
    return loaded.catalogue;
}

bool never_stopped() {
    return false;
}

template <class F>
void on_each_database(F&& body) {
    store::testing::on_each_engine(world_schema(), [&](store::testing::TestDatabase& database) {
        World world(database, shipped());
        CHECK(follow_calendars(world.db(), world.flow(), world.now(), never_stopped).changed == 0);
        body(database, world);
    });
}

std::string faults(World& world) {
    store::Check check;
    world.db().read([&](store::Tx& tx) {
        check_work(tx, check);
        check_timers(tx, world.flow(), check);
    });
    return check.findings.empty() ? "" : check.findings.front().what;
}

Inputs because() {
    Inputs inputs;
    inputs.reason = "because";
    return inputs;
}

/// The slow way: minute by minute from the start, pauses left out, until the limit is used up.
/// Pauses run at whole minutes here, and the limits in working time.
Instant by_minutes(World& world, RecordId record, const Clock& clock) {
    const auto rate = rate_of(clock, *world.catalogue());
    const auto pauses =
        world.db().read_now([&](store::Tx& tx) { return find_pauses(tx, record, clock.id); });
    auto left = rate.whole_ms() / minute_ms;
    auto at = clock.started_at;
    for (; left > 0; at = at + minute_ms) {
        const bool paused = std::any_of(pauses.begin(), pauses.end(), [&](const Span& span) {
            return span.from <= at && at < span.to.value_or(never);
        });
        left -= !paused && rate.calendar->open(at) ? 1 : 0;
    }
    return at;
}

std::int64_t count(World& world, const char* text) {
    return world.db().read_now([&](store::Tx& tx) {
        return tx.one<std::int64_t>({"test.count", text}).value();
    });
}

}  // namespace

TEST_CASE("a day off that is announced later moves open deadlines and their steps, once") {
    on_each_database([](store::testing::TestDatabase& database, World& before) {
        before.at("2025-05-12 09:00");
        const auto open = before.assigned("time_limited");  // due on the 19th at 09:00
        World after(database, with_day_off("05-14"));
        const auto report = follow_calendars(after.db(), after.flow(), after.now(), never_stopped);
        CHECK(report.calendars == std::vector<std::string>{"national"});
        CHECK(report.changed == 1);
        CHECK(after.clock(open, "resolve").due_at == wall("2025-05-20 09:00"));
        CHECK(after.work(open)->due_at == wall("2025-05-20 09:00"));
        CHECK(after.work(open)->clock == "resolve");
        CHECK(faults(after) == "");
        CHECK(
            follow_calendars(after.db(), after.flow(), after.now(), never_stopped).calendars.empty()
        );

        after.at("2025-05-19 08:59");
        CHECK(after.run() == 0);  // the reminder has moved from the 16th to the 19th
        after.at("2025-05-19 09:00");
        CHECK(after.run() == 1);

        World again(database, shipped());  // and back: the deadline is now, the reminder stays told
        CHECK(follow_calendars(again.db(), again.flow(), again.now(), never_stopped).changed == 1);
        CHECK(again.clock(open, "resolve").due_at == wall("2025-05-19 09:00"));
        CHECK(again.run() == 1);
        CHECK(again.clock(open, "resolve").breached_at == wall("2025-05-19 09:00"));
    });
}

TEST_CASE("what is over, breached or paused: over and breached stay, a pause keeps what is left") {
    on_each_database([](store::testing::TestDatabase& database, World& before) {
        before.at("2025-05-12 09:00");
        const auto paused = before.assigned("time_limited");
        const auto resumed = before.assigned("time_limited");
        const auto breached = before.assigned("immediate");
        const auto over = before.assigned("time_limited");
        before.act(over, "resolve", "clerk");
        before.at("2025-05-13 09:00");
        before.act(paused, "wait", "clerk", because());
        before.act(resumed, "wait", "clerk", because());
        before.run();
        before.at("2025-05-15 09:00");
        before.act(resumed, "continue", "clerk");
        const auto was_over = before.clock(over, "resolve");

        // the 12th, a day that was worked, and the 16th, a day to come
        World first(database, with_day_off("05-16"));
        CHECK(follow_calendars(first.db(), first.flow(), first.now(), never_stopped).changed == 1);
        CHECK(first.clock(resumed, "resolve").due_at == wall("2025-05-22 09:00"));
        CHECK(first.clock(breached, "resolve").due_at == wall("2025-05-13 09:00"));
        CHECK(first.clock(over, "resolve").left_ms == was_over.left_ms);
        World second(database, with_day_off("05-12"));
        CHECK(
            follow_calendars(second.db(), second.flow(), second.now(), never_stopped).changed == 2
        );
        CHECK(second.clock(paused, "resolve").left_ms == 5 * 7 * hour_ms - hour_ms / 2);
        CHECK(!second.clock(paused, "resolve").due_at);
        CHECK(faults(second) == "");
    });
}

TEST_CASE("a pass that is cut off is begun anew and ends where one pass would") {
    on_each_database([](store::testing::TestDatabase& database, World& before) {
        before.at("2025-05-12 09:00");
        std::vector<RecordId> ids;
        constexpr int all = 2600;
        for (int i = 0; i < all; ++i) {
            ids.push_back(before.file());
        }
        World after(database, with_day_off("05-12"));
        int asked = 0;
        const auto soon = [&] { return ++asked > 2; };
        const auto cut = follow_calendars(after.db(), after.flow(), after.now(), soon);
        CHECK(cut.changed > 0);
        CHECK(cut.changed < all);
        CHECK(faults(after) == "");  // each is wholly counted anew, or not at all
        const auto rest = follow_calendars(after.db(), after.flow(), after.now(), never_stopped);
        CHECK(cut.changed + rest.changed == all);
        for (const auto id : ids) {
            CHECK(after.work(id)->due_at == wall("2025-05-13 14:30"));
        }
        CHECK(faults(after) == "");
    });
}

TEST_CASE("many records in many states end where counting minute by minute ends") {
    on_each_database([](store::testing::TestDatabase& database, World& before) {
        const std::vector<std::string> classes{"immediate", "time_limited", "tracked"};
        std::vector<RecordId> ids;
        for (int i = 0; i < 120; ++i) {
            before.time().set(wall("2025-05-12 08:30") + i * 7 * minute_ms);
            ids.push_back(i % 4 == 3 ? before.file() : before.assigned(classes[i % 3]));
        }
        before.at("2025-05-13 09:10");
        for (std::size_t i = 0; i < ids.size(); i += 5) {
            if (before.state(ids[i]) == "assigned") {
                before.act(ids[i], "wait", "clerk", because());
            }
        }
        before.at("2025-05-14 15:20");
        for (std::size_t i = 0; i < ids.size(); i += 10) {
            if (before.state(ids[i]) == "waiting") {
                before.act(ids[i], "continue", "clerk");
            }
        }
        World after(database, with_day_off("05-16"));
        CHECK(follow_calendars(after.db(), after.flow(), after.now(), never_stopped).changed > 50);
        int running = 0;
        for (const auto id : ids) {
            auto earliest = never;
            const auto clocks =
                after.db().read_now([&](store::Tx& tx) { return find_clocks(tx, id); });
            for (const auto& clock : clocks) {
                if (clock.state == ClockState::running) {
                    ++running;
                    CHECK(clock.due_at == by_minutes(after, id, clock));
                    earliest = std::min(earliest, *clock.due_at);
                }
            }
            CHECK(after.work(id)->due_at == earliest);
        }
        CHECK(running > 90);
        CHECK(faults(after) == "");
    });
}

TEST_CASE("steps that happen while deadlines are counted again happen once") {
    on_each_database([](store::testing::TestDatabase& database, World& before) {
        before.at("2025-05-12 09:00");
        constexpr int all = 1500;
        for (int i = 0; i < all; ++i) {
            before.assigned("time_limited");
        }
        before.at("2025-05-16 16:00");  // reminders are due by the calendar as it was
        World after(database, with_day_off("05-15"));
        {
            const std::jthread scheduler([&] { after.run(); });
            follow_calendars(after.db(), after.flow(), after.now(), never_stopped);
        }
        CHECK(faults(after) == "");
        CHECK(count(after, "SELECT COUNT(*) FROM flow_clock WHERE state = 'running'") == all);
        after.at("2025-05-19 16:00");  // and by the new one
        after.run();
        CHECK(count(after, "SELECT COUNT(*) FROM flow_clock WHERE fired > 0") == all);
        CHECK(count(after, "SELECT COUNT(*) FROM flow_notice WHERE what = 'remind'") == all);
    });
}
