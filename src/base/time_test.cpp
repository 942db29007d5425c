// SPDX-License-Identifier: Apache-2.0
#include "base/time.hpp"

#include <doctest/doctest.h>

using namespace linli;

TEST_CASE("every date from year 1 to 2400 follows the one before it") {
    Date date = date_of({1, 1, 1});
    CHECK(date.days == -719162);
    for (int year = 1; year <= 2400; ++year) {
        for (int month = 1; month <= 12; ++month) {
            for (int day = 1; day <= days_in_month(year, month); ++day) {
                const auto parts = civil(date);
                if (date_of({year, month, day}) != date || parts.year != year ||
                    parts.month != month || parts.day != day) {
                    FAIL(to_text(date));
                }
                date = date + 1;
            }
        }
    }
    CHECK(to_text(date) == "2401-01-01");
}

TEST_CASE("weekdays count from Monday, also before 1970") {
    CHECK(weekday(date_of({1970, 1, 1})) == 3);
    CHECK(weekday(date_of({2025, 5, 5})) == 0);
    CHECK(weekday(date_of({2025, 5, 11})) == 6);
    CHECK(weekday(date_of({1949, 10, 1})) == 5);
}

TEST_CASE("the official date changes at midnight in China") {
    CHECK(to_text(official_date(*parse_instant("2025-05-07T15:59:59.999Z"))) == "2025-05-07");
    CHECK(to_text(official_date(*parse_instant("2025-05-07T16:00:00Z"))) == "2025-05-08");
    CHECK(to_text(official_date({-1})) == "1970-01-01");
    CHECK(to_text(official_date({-official_offset_ms - 1})) == "1969-12-31");
    CHECK(to_text(start_of(date_of({2025, 5, 8}))) == "2025-05-07T16:00:00.000Z");
    CHECK(official_date(start_of(date_of({1960, 2, 29}))) == date_of({1960, 2, 29}));
}

TEST_CASE("instants are read with any offset and written in UTC") {
    struct Case {
        const char* text;
        const char* utc;
    };
    for (const auto& c : {
             Case{"2025-05-08T08:12:30+08:00", "2025-05-08T00:12:30.000Z"},
             Case{"2025-05-08T00:12:30.1Z", "2025-05-08T00:12:30.100Z"},
             Case{"2025-05-08t00:12:30.123987z", "2025-05-08T00:12:30.123Z"},
             Case{"2024-02-29T23:30:00-01:30", "2024-03-01T01:00:00.000Z"},
             Case{"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
             Case{"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
         }) {
        CAPTURE(c.text);
        REQUIRE(parse_instant(c.text));
        CHECK(to_text(*parse_instant(c.text)) == c.utc);
    }
    CHECK(to_text(never) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("what is no instant or date is refused") {
    for (const auto* text :
         {"", "2025-05-08", "2025-05-08T08:12:30", "2025-05-08 08:12:30Z", "2025-05-08T08:12Z",
          "2025-02-29T08:12:30Z", "2025-05-08T24:00:00Z", "2025-05-08T08:60:00Z",
          "2025-05-08T08:12:60Z", "2025-05-08T08:12:30.Z", "2025-05-08T08:12:30+0800",
          "2025-05-08T08:12:30+08:60", "2025-05-08T08:12:30Z ", "2025-05-08T8:12:30Z",
          "+025-05-08T08:12:30Z", "２025-05-08T08:12:30Z"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_instant(text));
    }
    for (const auto* text :
         {"", "2025-5-8", "2025-13-01", "2025-00-01", "2025-04-31", "2025-04-00", "1900-02-29",
          "2025-05-08Z", "20250508", "2025-05-0a"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_date(text));
    }
    CHECK(parse_date("2000-02-29") == date_of({2000, 2, 29}));
}

TEST_CASE("a manual time stands still until told") {
    ManualTime time(*parse_instant("2025-05-08T08:00:00+08:00"));
    CHECK(to_text(time.now()) == "2025-05-08T00:00:00.000Z");
    time.advance(90 * minute_ms);
    CHECK(to_text(time.now()) == "2025-05-08T01:30:00.000Z");
    time.set({0});
    CHECK(time.now() == Instant{0});
    CHECK(SystemTime().now() > *parse_instant("2020-01-01T00:00:00Z"));
}
