// SPDX-License-Identifier: Apache-2.0
#include "measure/period.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace linli;
using namespace linli::measure;

TEST_CASE("a period is a year, a quarter, a month, or from one to another") {
    struct Case {
        const char* text;
        const char* means;
    };
    for (const auto& c : std::vector<Case>{
             {"2025", "2025-01..2025-12"},
             {"2025-Q2", "2025-04..2025-06"},
             {"2025-06", "2025-06"},
             {"2024-11..2025-02", "2024-11..2025-02"},
             {"2024..2025-Q1", "2024-01..2025-03"}}) {
        CAPTURE(c.text);
        REQUIRE(parse_period(c.text));
        CHECK(to_text(*parse_period(c.text)) == c.means);
    }
}

TEST_CASE("what is no period is refused") {
    for (const char* text :
         {"", "25", "2025-", "2025-0", "2025-13", "2025-00", "2025-Q0", "2025-Q5", "2025-Q",
          "2025-06-01", "2025-06..", "..2025", "2025..2024", "1900..2025", "2025-6", "20250",
          "2025_06", "+025", "x"}) {
        CAPTURE(text);
        CHECK(!parse_period(text));
    }
}

TEST_CASE("a month begins at midnight in China") {
    CHECK(to_text(month_of(*parse_instant("2025-05-31T15:59:59Z"))) == "2025-05");
    CHECK(to_text(month_of(*parse_instant("2025-05-31T16:00:00Z"))) == "2025-06");
    CHECK(to_text(first_day(2025 * 12)) == "2025-01-01");
}
