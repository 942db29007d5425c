// SPDX-License-Identifier: Apache-2.0
#include "base/calendar.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "base/calendar_brute.hpp"

using namespace linli;

namespace {

/// Monday to Friday 08:30-12:00 and 14:00-17:30; a holiday, its make-up workday, a half day.
Calendar office() {
    std::vector<std::vector<Hours>> week(7);
    for (std::size_t i = 0; i < 5; ++i) {
        week[i] = {{510, 720}, {840, 1050}};
    }
    return {
        "office",
        week,
        {{date_of({2025, 5, 1}), {}},
         {date_of({2025, 5, 2}), {}},
         {date_of({2025, 5, 5}), {}},
         {date_of({2025, 4, 27}), week[0]},
         {date_of({2025, 1, 28}), {{510, 720}}}}};
}

Instant at(const char* official) {
    return *parse_instant(std::string(official) + "+08:00");
}

std::string text(Instant instant) {
    return to_text(instant + official_offset_ms).substr(0, 23);
}

constexpr std::int64_t working_hour = hour_ms;

}  // namespace

TEST_CASE("an impossible calendar is refused") {
    const std::vector<std::vector<Hours>> week(7);
    const auto with = [&](std::vector<Hours> hours) {
        auto copy = week;
        copy[2] = std::move(hours);
        return Calendar("x", copy, {});
    };
    CHECK_THROWS_AS(Calendar("x", {}, {}), std::invalid_argument);
    CHECK_THROWS_AS(with({{10, 10}}), std::invalid_argument);
    CHECK_THROWS_AS(with({{20, 10}}), std::invalid_argument);
    CHECK_THROWS_AS(with({{-1, 10}}), std::invalid_argument);
    CHECK_THROWS_AS(with({{10, 1441}}), std::invalid_argument);
    CHECK_THROWS_AS(with({{10, 30}, {20, 40}}), std::invalid_argument);
    CHECK_THROWS_AS(with({{50, 60}, {20, 40}}), std::invalid_argument);
    CHECK_NOTHROW(with({{0, 720}, {720, 1440}}));
    CHECK_THROWS_WITH_AS(
        Calendar("x", week, {{date_of({1899, 1, 1}), {}}}),
        "calendar x, 1899-01-01: the year must be within 1900 and 2200", std::invalid_argument
    );
    CHECK_THROWS_AS(
        Calendar("x", week, {{date_of({2025, 1, 1}), {{9, 8}}}}), std::invalid_argument
    );
}

TEST_CASE("the office is open in its hours, on make-up workdays too") {
    const auto calendar = office();
    CHECK_FALSE(calendar.open(at("2025-05-08T08:29:59.999")));
    CHECK(calendar.open(at("2025-05-08T08:30:00")));
    CHECK(calendar.open(at("2025-05-08T11:59:59.999")));
    CHECK_FALSE(calendar.open(at("2025-05-08T12:00:00")));
    CHECK_FALSE(calendar.open(at("2025-05-01T10:00:00")));
    CHECK_FALSE(calendar.open(at("2025-05-10T10:00:00")));
    CHECK(calendar.open(at("2025-04-27T10:00:00")));
    CHECK(calendar.open(at("2025-01-28T10:00:00")));
    CHECK_FALSE(calendar.open(at("2025-01-28T15:00:00")));
    CHECK(calendar.open(at("2090-01-02T10:00:00")));
    CHECK(calendar.day_minutes() == 420);
}

TEST_CASE("deadlines follow the official calendar") {
    const auto calendar = office();
    struct Case {
        const char* start;
        const char* limit;
        const char* due;
    };
    for (const auto& c : {
             // Over the May holiday: 30 April afternoon, then 6 May.
             Case{"2025-04-30T16:30:00", "4 working hours", "2025-05-06T11:30:00.000"},
             Case{"2025-04-30T16:30:00", "1 working day", "2025-05-06T16:30:00.000"},
             // A Sunday that is worked.
             Case{"2025-04-26T09:00:00", "4 working hours", "2025-04-27T14:30:00.000"},
             Case{"2025-04-25T17:29:59.250", "30 working minutes", "2025-04-27T08:59:59.250"},
             // The end of a span belongs to it: due at the end of the day, not next morning.
             Case{"2025-05-08T08:30:00", "1 working day", "2025-05-08T17:30:00.000"},
             Case{"2025-05-08T12:00:00", "210 working minutes", "2025-05-08T17:30:00.000"},
             Case{"2025-05-09T20:00:00", "5 working days", "2025-05-16T17:30:00.000"},
             // Half day: 3.5 hours on 28 January.
             Case{"2025-01-28T08:30:00", "4 working hours", "2025-01-29T09:00:00.000"},
             Case{"2025-04-30T16:30:00", "10 days", "2025-05-10T16:30:00.000"},
             Case{"2025-04-30T16:30:00", "2 hours", "2025-04-30T18:30:00.000"},
             Case{"2025-04-30T16:30:00", "30 minutes", "2025-04-30T17:00:00.000"},
         }) {
        CAPTURE(c.start);
        CAPTURE(c.limit);
        const auto limit = parse_limit(c.limit);
        REQUIRE(limit);
        const auto end = due(calendar, *limit, at(c.start));
        CHECK(text(end) == c.due);
        CHECK(elapsed_ms(calendar, *limit, at(c.start), end) == limit_ms(calendar, *limit));
    }
}

TEST_CASE("limits are read and written") {
    for (const auto* words :
         {"1 minute", "30 minutes", "2 hours", "10 days", "1 working day", "4 working hours",
          "90 working minutes", "999999999 days"}) {
        REQUIRE(parse_limit(words));
        CHECK(to_text(*parse_limit(words)) == words);
    }
    for (const auto* words :
         {"", " ", "1", "days", "0 days", "-1 days", "1.5 days", "+1 days", " 1 day", "1  day",
          "1 dayss", "1 week", "1 working  day", "1 workingday", "1000000000 days", "1 s",
          "1x day"}) {
        CAPTURE(words);
        CHECK_FALSE(parse_limit(words));
    }
}

TEST_CASE("nothing happens in no time, and time never runs back") {
    const auto calendar = office();
    const auto night = at("2025-05-08T22:00:00");
    CHECK(calendar.after(night, 0) == night);
    CHECK(calendar.after(night, -5) == night);
    CHECK(due(calendar, {5, Limit::Unit::day}, night, -1) == night);
    CHECK(calendar.worked(night, night) == 0);
    CHECK(calendar.worked(night, at("2025-05-08T08:30:00")) == -7 * working_hour);
}

TEST_CASE("a calendar without hours never comes to an end") {
    const Calendar closed("closed", std::vector<std::vector<Hours>>(7), {});
    CHECK(closed.after(at("2025-05-08T22:00:00"), 1) == never);
    CHECK(due(closed, {1, Limit::Unit::working_day}, at("1800-05-08T22:00:00")) == never);
    CHECK(due(closed, {1, Limit::Unit::working_day}, at("3000-05-08T22:00:00")) == never);
    CHECK(closed.worked({0}, never) == 0);

    const Calendar once(
        "once", std::vector<std::vector<Hours>>(7), {{date_of({2025, 5, 8}), {{600, 660}}}}
    );
    CHECK(once.after(at("1700-01-01T00:00:00"), hour_ms) == at("2025-05-08T11:00:00"));
    CHECK(once.after(at("2025-05-08T10:30:00"), hour_ms / 2) == at("2025-05-08T11:00:00"));
    CHECK(once.after(at("2025-05-08T10:30:00"), hour_ms / 2 + 1) == never);
    CHECK(once.after(at("2050-05-08T10:30:00"), 1) == never);
    CHECK(once.worked({INT64_MIN}, {INT64_MAX}) == hour_ms);
}

TEST_CASE("the ends of time are harmless") {
    const auto calendar = office();
    CHECK(calendar.after({0}, INT64_MAX) == never);
    CHECK(calendar.after({INT64_MIN}, 1) > Instant{INT64_MIN});
    CHECK(calendar.after(never + 5, 1) == never + 5);
    CHECK(calendar.after({INT64_MAX}, 1) == Instant{INT64_MAX});
    CHECK(calendar.after(at("9999-12-31T17:29:00"), 60'001) == never);
    CHECK(calendar.worked({INT64_MIN}, {INT64_MAX}) > 0);
    CHECK(due(calendar, {INT64_MAX, Limit::Unit::working_day}, {0}) == never);
    CHECK(due(calendar, {INT64_MAX, Limit::Unit::day}, {0}) == never);
    CHECK(due(calendar, {INT64_MAX, Limit::Unit::day}, {INT64_MAX}) == Instant{INT64_MAX});
    CHECK(due(calendar, {1, Limit::Unit::minute}, {INT64_MIN}) == Instant{INT64_MIN} + minute_ms);
}

TEST_CASE("arithmetic equals counting the minutes one by one") {
    // Every case walks minute by minute with its own calendar rule; spans of up to three days.
    SeededRandom random(20250508);
    for (int round = 0; round < 20; ++round) {
        const auto plan = random_plan(random, 2018, 2043);
        const auto calendar = plan.calendar();
        for (int i = 0; i < 1000; ++i) {
            const auto from = plan.random_instant(random);
            const auto to = from + random_below(random, 3 * day_ms);
            const auto walked = plan.walk(from, to);
            CAPTURE(to_text(from));
            CAPTURE(to_text(to));
            REQUIRE(calendar.worked(from, to) == walked);
            REQUIRE(calendar.worked(to, from) == -walked);
            const auto reached = calendar.after(from, walked);
            REQUIRE(reached <= to);
            REQUIRE(plan.walk(from, reached) == walked);
            if (walked > 0) {  // the earliest: a millisecond before it is not enough
                REQUIRE(plan.walk(from, reached - 1) < walked);
            }
        }
    }
}

TEST_CASE("long spans equal a table of all minutes of 30 years") {
    SeededRandom random(4);
    const auto plan = random_plan(random, 2015, 2044);
    const auto calendar = plan.calendar();
    const MinuteTable table(plan);
    for (int i = 0; i < 20'000; ++i) {
        REQUIRE(table.disagreement(calendar, random) == "");
    }
}
