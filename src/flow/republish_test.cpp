// SPDX-License-Identifier: Apache-2.0
#include "flow/republish.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

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
        CHECK(follow_calendars(world.db(), world.flow(), never_stopped).changed == 0);
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

}  // namespace

TEST_CASE("a day off that is announced later moves open deadlines and their steps, once") {
    on_each_database([](store::testing::TestDatabase& database, World& before) {
        before.at("2025-05-12 09:00");
        const auto open = before.assigned("time_limited");  // due on the 19th at 09:00
        World after(database, with_day_off("05-14"));
        const auto report = follow_calendars(after.db(), after.flow(), never_stopped);
        CHECK(report.calendars == std::vector<std::string>{"national"});
        CHECK(report.changed == 1);
        CHECK(after.clock(open, "resolve").due_at == wall("2025-05-20 09:00"));
        CHECK(after.work(open)->due_at == wall("2025-05-20 09:00"));
        CHECK(after.work(open)->clock == "resolve");
        CHECK(faults(after) == "");
        CHECK(follow_calendars(after.db(), after.flow(), never_stopped).calendars.empty());

        after.at("2025-05-19 08:59");
        CHECK(after.run() == 0);  // the reminder has moved from the 16th to the 19th
        after.at("2025-05-19 09:00");
        CHECK(after.run() == 1);

        World again(database, shipped());  // and back: the deadline is now, the reminder stays told
        CHECK(follow_calendars(again.db(), again.flow(), never_stopped).changed == 1);
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
        CHECK(follow_calendars(first.db(), first.flow(), never_stopped).changed == 1);
        CHECK(first.clock(resumed, "resolve").due_at == wall("2025-05-22 09:00"));
        CHECK(first.clock(breached, "resolve").due_at == wall("2025-05-13 09:00"));
        CHECK(first.clock(over, "resolve").left_ms == was_over.left_ms);
        World second(database, with_day_off("05-12"));
        CHECK(follow_calendars(second.db(), second.flow(), never_stopped).changed == 2);
        CHECK(second.clock(paused, "resolve").left_ms == 5 * 7 * hour_ms - hour_ms / 2);
        CHECK(!second.clock(paused, "resolve").due_at);
        CHECK(faults(second) == "");
    });
}

TEST_CASE("a pass that is cut off is begun anew and ends where one pass would") {
    on_each_database([](store::testing::TestDatabase& database, World& before) {
        before.at("2025-05-12 09:00");
        std::vector<RecordId> ids;
        for (int i = 0; i < 450; ++i) {
            ids.push_back(before.file());
        }
        World after(database, with_day_off("05-12"));
        int asked = 0;
        const auto soon = [&] { return ++asked > 4; };
        const auto cut = follow_calendars(after.db(), after.flow(), soon);
        CHECK(cut.changed > 0);
        CHECK(cut.changed < 450);
        const auto rest = follow_calendars(after.db(), after.flow(), never_stopped);
        CHECK(cut.changed + rest.changed == 450);
        for (const auto id : ids) {
            CHECK(after.work(id)->due_at == wall("2025-05-13 14:30"));
        }
        CHECK(faults(after) == "");
    });
}
