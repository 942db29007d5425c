// SPDX-License-Identifier: Apache-2.0
// Plans as they are shipped, and what a pack may say of them.
#include <doctest/doctest.h>

#include <algorithm>

#include "catalogue/testing.hpp"

using namespace linli::catalogue;

namespace {

const Plan* plan_of(const Catalogue& all, const std::string& id) {
    const auto& plans = all.plans();
    const auto found =
        std::find_if(plans.begin(), plans.end(), [&](const Plan& one) { return one.id == id; });
    return found == plans.end() ? nullptr : &*found;
}

const PlanTarget* target_of(const Plan& plan, const std::string& indicator) {
    const auto& all = plan.indicators;
    const auto found = std::find_if(all.begin(), all.end(), [&](const PlanTarget& one) {
        return one.indicator == indicator;
    });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("the five plans are shipped with their official tables") {
    const auto loaded = load("catalogue");
    REQUIRE(loaded.catalogue);
    const auto& all = *loaded.catalogue;
    struct Case {
        const char* plan;
        std::size_t in_tables;
    };
    for (const auto& c : std::vector<Case>{
             {"maanshan-145", 10},
             {"wenzhou-145", 29},
             {"jining-17", 0},
             {"luojiang-72", 0},
             {"huaishang-shiquan", 0}}) {
        CAPTURE(c.plan);
        const auto* plan = plan_of(all, c.plan);
        REQUIRE(plan);
        const auto in_tables = std::count_if(
            plan->indicators.begin(), plan->indicators.end(),
            [](const PlanTarget& one) { return one.section.starts_with("表"); }
        );
        CHECK(static_cast<std::size_t>(in_tables) == c.in_tables);
    }
}

TEST_CASE("one indicator bears each plan's own target") {
    const auto loaded = load("catalogue");
    REQUIRE(loaded.catalogue);
    struct Case {
        const char *plan, *comparison;
        double value;
    };
    for (const auto& c : std::vector<Case>{
             {"maanshan-145", ">=", 35}, {"wenzhou-145", ">=", 40}, {"luojiang-72", ">", 30}}) {
        CAPTURE(c.plan);
        const auto* plan = plan_of(*loaded.catalogue, c.plan);
        REQUIRE(plan);
        const auto* target = target_of(*plan, "facility_area_per_100_households");
        REQUIRE(target);
        REQUIRE(target->targets.size() == 1);
        CHECK(target->targets[0].comparison == c.comparison);
        CHECK(target->targets[0].value == c.value);
    }
}

TEST_CASE("a plan says targets by year and area, baseline, unit, section and note") {
    auto files = base_pack();
    files["cities/x/plan.yaml"] = R"(plan: x
area: "340500000000"
period: 2021..2025
source: a document
manual:
  - {id: places, unit: {zh: 个, en: places}, digits: 0}
indicators:
  - of: places
    section: table 1
    nature: binding
    total: true
    unit: {zh: 个, en: places}
    baseline: {2020: 5}
    target: {2025: ">= 50", 2023: "about 30 +- 2"}
    areas: {"340503000000": {2025: ">= 20"}}
    note: as we read it
)";
    const auto loaded = load_files(files);
    REQUIRE_MESSAGE(loaded.catalogue, (loaded.mistakes.empty() ? "" : to_text(loaded.mistakes[0])));
    const auto& plan = loaded.catalogue->plans().at(0);
    const auto& one = plan.indicators.at(0);
    CHECK(plan.source == "a document");
    CHECK(one.total);
    CHECK(one.baseline_year == 2020);
    REQUIRE(one.targets.size() == 2);
    CHECK(one.targets[0].year == 2023);
    CHECK(one.targets[0].within == 2.0);
    CHECK(one.areas.at("340503000000").at(0).value == 20);
    CHECK(one.note.en == "as we read it");
    const auto& indicator = loaded.catalogue->indicators().at(0);
    CHECK(indicator.manual);
    CHECK(indicator.unit.en == "places");
    CHECK(indicator.digits == 0);
}

TEST_CASE("what records give takes the place of what is entered by hand") {
    auto files = base_pack();
    files["core/plan/indicators.yaml"] = "indicators: [{id: one, manual: true}]\n";
    files["cities/x/plan.yaml"] =
        "plan: x\narea: \"340500000000\"\nperiod: 2021..2025\nindicators: [{of: one}, {of: two}]\n"
        "manual: [{id: two}]\n";
    files["core/a/measures.yaml"] = "indicators: [{id: one, formula: \"1\"}]\n";
    files["core/z/measures.yaml"] = "indicators: [{id: two, formula: \"2\"}]\n";
    const auto loaded = load_files(files);
    REQUIRE_MESSAGE(loaded.catalogue, (loaded.mistakes.empty() ? "" : to_text(loaded.mistakes[0])));
    REQUIRE(loaded.catalogue->indicators().size() == 2);
    for (const auto& one : loaded.catalogue->indicators()) {
        CHECK(!one.manual);
    }
}
