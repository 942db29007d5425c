// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.hpp"

#include <doctest/doctest.h>

#include "catalogue/testing.hpp"

using namespace linli;
using namespace linli::plan;
using catalogue::PlanTarget;
using catalogue::Target;

namespace {

Target target(int year, std::string comparison, double value) {
    return {year, std::move(comparison), value, {}};
}

constexpr const char* head = R"(plan: x
area: "340500000000"
period: 2021..2025
manual: [{id: one}, {id: two}]
indicators:
)";

std::shared_ptr<const catalogue::Catalogue> with_plan(const std::string& indicators) {
    const auto loaded =
        catalogue::load_files(catalogue::pack_with("cities/x/plan.yaml", head + indicators));
    REQUIRE_MESSAGE(loaded.catalogue, (loaded.mistakes.empty() ? "" : to_text(loaded.mistakes[0])));
    return loaded.catalogue;
}

}  // namespace

TEST_CASE("a target is met as its comparison says, both rounded as they are shown") {
    struct Case {
        const char* comparison;
        double target, value;
        int digits;
        bool met;
    };
    for (const auto& c : std::vector<Case>{
             {">=", 35, 35, 1, true},
             {">=", 35, 34.96, 1, true},
             {">=", 35, 34.94, 1, false},
             {">", 30, 30, 1, false},
             {">", 30, 30.04, 1, false},
             {">", 30, 30.06, 1, true},
             {"<=", 15, 15.2, 0, true},
             {"<=", 15, 15.6, 0, false},
             {"<", 10, 10, 1, false},
             {"<", 10, 9.9, 1, true},
             {"=", 100, 99.96, 1, true},
             {"=", 100, 99.9, 1, false},
             {"about", 100, 95, 0, true},
             {"about", 100, 94, 0, false},
             {"about", 100, 105, 0, true},
             {"about", 100, 106, 0, false}}) {
        CAPTURE(c.comparison);
        CAPTURE(c.value);
        CHECK(meets(c.value, target(2025, c.comparison, c.target), c.digits) == c.met);
    }
    CHECK(meets(1.93, {2025, "about", 1.9, 0.03}, 2));
    CHECK(!meets(1.94, {2025, "about", 1.9, 0.03}, 2));
}

TEST_CASE("what misses by at most a tenth is near") {
    const PlanTarget of;
    const auto all = target(2025, ">=", 100);
    CHECK(judge(100.0, &all, of, 2025, 1) == Standing::met);
    CHECK(judge(90.0, &all, of, 2025, 1) == Standing::near);
    CHECK(judge(89.9, &all, of, 2025, 1) == Standing::behind);
    const auto minutes = target(2025, "<=", 10);
    CHECK(judge(11.0, &minutes, of, 2025, 0) == Standing::near);
    CHECK(judge(12.0, &minutes, of, 2025, 0) == Standing::behind);
    const auto none = target(2025, "=", 0);
    CHECK(judge(1.0, &none, of, 2025, 0) == Standing::behind);
    CHECK(judge(std::nullopt, &all, of, 2025, 1) == Standing::no_value);
    CHECK(judge(50.0, nullptr, of, 2025, 1) == Standing::no_target);
}

TEST_CASE("before its year a target asks for the straight line from the baseline") {
    PlanTarget of;
    of.baseline_year = 2020;
    of.baseline = 50;
    const auto all = target(2025, ">=", 100);
    CHECK(judge(70.0, &all, of, 2022, 1) == Standing::met);
    CHECK(judge(65.0, &all, of, 2022, 1) == Standing::near);
    CHECK(judge(60.0, &all, of, 2022, 1) == Standing::behind);
    CHECK(judge(70.0, &all, of, 2025, 1) == Standing::behind);
    of.baseline = 2;
    const auto ratio = target(2025, "about", 1);
    CHECK(judge(1.6, &ratio, of, 2022, 2) == Standing::met);
    CHECK(judge(2.0, &ratio, of, 2022, 2) == Standing::behind);
}

TEST_CASE("the target of the year holds, else the next one, else the last") {
    PlanTarget of;
    of.targets = {target(2023, ">=", 50), target(2025, ">=", 100)};
    CHECK(target_for(of, "", true, 2021)->value == 50);
    CHECK(target_for(of, "", true, 2023)->value == 50);
    CHECK(target_for(of, "", true, 2024)->value == 100);
    CHECK(target_for(of, "", true, 2026)->value == 100);
    of.targets.clear();
    CHECK(!target_for(of, "", true, 2025));
}

TEST_CASE("an area has its own target, else the plan's unless that is a total") {
    PlanTarget of;
    of.targets = {target(2025, ">=", 100)};
    of.areas["340503000000"] = {target(2025, ">=", 40)};
    CHECK(target_for(of, "340503000000", false, 2025)->value == 40);
    CHECK(target_for(of, "340504000000", false, 2025)->value == 100);
    of.total = true;
    CHECK(target_for(of, "340503000000", false, 2025)->value == 40);
    CHECK(!target_for(of, "340504000000", false, 2025));
    CHECK(target_for(of, "340500000000", true, 2025)->value == 100);
}

TEST_CASE("the period before is as long, and trends go by quarters") {
    const auto text = [](const char* period) {
        return to_text(before(*measure::parse_period(period)));
    };
    CHECK(text("2025") == "2024-01..2024-12");
    CHECK(text("2025-Q1") == "2024-10..2024-12");
    CHECK(text("2025-01") == "2024-12");
    const auto quarters = last_quarters(*measure::parse_period("2025-05"), 3);
    REQUIRE(quarters.size() == 3);
    CHECK(to_text(quarters[0]) == "2024-10..2024-12");
    CHECK(to_text(quarters[2]) == "2025-04..2025-06");
}

TEST_CASE("two versions of a plan are compared word by word") {
    const auto before = with_plan("  - {of: one, target: {2025: \">= 35\"}, nature: expected}\n");
    const auto after = with_plan(
        "  - {of: one, target: {2024: \"> 30\", 2025: \">= 40\"}, nature: binding}\n  - {of: two}\n"
    );
    CHECK(plan::difference(*before, *before).empty());
    CHECK(
        plan::difference(*before, *after) ==
        std::vector<std::string>{
            "~ x: one: expected -> binding", "+ x: one 2024: > 30", "~ x: one 2025: >= 35 -> >= 40",
            "+ x: two: none"}
    );
    CHECK(
        plan::difference(*after, *before) ==
        std::vector<std::string>{
            "- x: one 2024: > 30", "- x: two: none", "~ x: one: binding -> expected",
            "~ x: one 2025: >= 40 -> >= 35"}
    );
}

TEST_CASE("the page of the plans says what is computed, what is by hand and why") {
    const auto all = with_plan(
        "  - {of: one, section: 表1第1项, target: {2025: \">= 35\"}, note: {zh: 注, en: read so}}\n"
        "  - {of: two}\n"
    );
    const auto page = document(*all);
    CHECK(page.find("| 0 of 2 | 0 of 1 | 0 of 1 |") != std::string::npos);
    CHECK(
        page.find("| 表1第1项 | One | `one` | >= 35 (2025) | by hand: no kind of record holds it "
                  "yet; read so |") != std::string::npos
    );
    CHECK(page.find("| `two` | watched |") != std::string::npos);
}
