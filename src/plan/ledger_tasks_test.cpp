// SPDX-License-Identifier: Apache-2.0
#include "plan/ledger_tasks.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "base/text.hpp"

using namespace linli;
using namespace linli::plan;

namespace {

const Date begun = date_of({2021, 1, 1});

TaskRow row(const std::string& no, const std::string& chapter, const std::string& section) {
    TaskRow one;
    one.task_no = no;
    one.chapter = chapter;
    one.section = section;
    one.words = "做" + no;
    one.lead_name = "区民政局";
    one.assist_names = "区教育局、区财政局";
    one.deadline = DeadlineKind::continuous;
    return one;
}

catalogue::PlanTarget target(const char* indicator, const char* section, double value) {
    catalogue::PlanTarget of;
    of.indicator = indicator;
    of.section = section;
    catalogue::Target one;
    one.comparison = ">=";
    one.value = value;
    of.targets = {one};
    return of;
}

}  // namespace

TEST_CASE("a task's light: its day, its way, its silence") {
    struct Case {
        const char* state;
        int progress;
        std::optional<Date> due;
        bool silent;
        Date today;
        Light light;
    };
    const auto end = date_of({2025, 12, 31}), middle = date_of({2023, 7, 1});
    for (const auto& c : std::vector<Case>{
             {"in_progress", 100, end, false, date_of({2026, 1, 1}), Light::late},
             {"in_progress", 80, end, false, end, Light::on_track},
             {"in_progress", 79, end, false, end, Light::behind},
             {"in_progress", 28, end, false, middle, Light::behind},
             {"in_progress", 29, end, false, middle, Light::on_track},
             {"open", 0, end, false, begun, Light::on_track},
             {"open", 0, {}, false, middle, Light::on_track},
             {"in_progress", 50, {}, true, middle, Light::behind},
             {"returned", 100, {}, false, middle, Light::behind},
             {"returned", 100, end, false, date_of({2026, 1, 1}), Light::late},
             {"submitted", 0, end, false, date_of({2026, 1, 1}), Light::on_track},
             {"signed_off", 0, end, true, date_of({2026, 1, 1}), Light::done}}) {
        CAPTURE(c.state);
        CAPTURE(c.progress);
        CHECK(light_of({c.state, c.progress, c.due, begun, c.silent}, c.today) == c.light);
    }
}

TEST_CASE("how much of a target is reached is told only where both are known") {
    catalogue::Target at_least, at_most;
    at_least.comparison = ">=";
    at_least.value = 50;
    at_most.comparison = "<=";
    at_most.value = 15;
    CHECK(share_reached(std::nullopt, &at_least, 0) == std::nullopt);
    CHECK(share_reached(25.0, nullptr, 0) == std::nullopt);
    CHECK(share_reached(25.0, &at_least, 0) == 50);
    CHECK(share_reached(49.4, &at_least, 1) == 98);
    CHECK(share_reached(60.0, &at_least, 0) == 100);
    CHECK(share_reached(20.0, &at_most, 0) == 0);
    CHECK(share_reached(12.0, &at_most, 0) == 100);
}

TEST_CASE(
    "indicators measure the task that the plan's section names, and commitments by their target"
) {
    catalogue::Plan plan;
    plan.indicators = {target("beds", "任务1", 30),        target("more_beds", "任务10", 40),
                       target("rooms", "任务10", 5),       target("canteens", "行动2", 364),
                       target("homes", "行动2", 1000),     target("games", "行动9", 1000),
                       target("schools", "行动3 之二", 80)};
    LedgerTask task;
    task.number = "10";
    CHECK(indicators_for(plan, task) == std::vector<std::string>{"more_beds", "rooms"});
    task.number = "77";
    CHECK(indicators_for(plan, task).empty());
    task.chapters = {"行动2 社区养老服务行动"};
    CHECK(indicators_for(plan, task).empty());
    task.goal = "不少于1000张";
    CHECK(indicators_for(plan, task) == std::vector<std::string>{"homes"});
    plan.indicators.push_back(target("other_homes", "行动2", 1000));
    CHECK(indicators_for(plan, task).empty());
}

TEST_CASE("the first clause without its number heads a task") {
    CHECK(heading_of("1．强化责任，完善机制。") == "强化责任");
    CHECK(heading_of("12.建议事厅") == "建议事厅");
    CHECK(heading_of("推进“五社联动”") == "推进“五社联动”");
    CHECK(heading_of("6. 整合资源；开放") == "整合资源");
    CHECK(heading_of("2025年建成") == "2025年建成");
    std::string all;
    for (int i = 0; i < 41; ++i) {
        all += "长";
    }
    CHECK(characters(heading_of(all)) == 41);
    CHECK(heading_of(all).ends_with("…"));
}

TEST_CASE("a unit is known by its name, with its area's before it or without, if only one is") {
    const std::vector<std::string> units{
        "洛江区民政局", "洛江区教育局", "万安街道民政局", "民政局"};
    CHECK(find_unit_named(units, "洛江区民政局") == 0u);
    CHECK(find_unit_named(units, "区教育局") == 1u);
    CHECK(find_unit_named(units, "民政局") == 3u);
    CHECK(find_unit_named({"甲区民政局", "乙区民政局"}, "区民政局") == std::nullopt);
    CHECK(find_unit_named(units, "局") == std::nullopt);
    CHECK(find_unit_named(units, "区财政局") == std::nullopt);
}

TEST_CASE("what is written out is read in again, in Word and in Excel, with chapters merged") {
    auto last = row("3", "二、丙", "（一）丁");
    last.deadline = DeadlineKind::date;
    last.due_on = date_of({2025, 12, 31});
    const std::vector<TaskRow> rows{
        row("1", "一、甲", "（一）乙"), row("2", "一、甲", "（一）乙"), last};
    const auto table = ledger_table(rows);
    CHECK(table.rows[1].cells[1].rows == 2);
    CHECK(table.rows[2].cells[1].covered());
    CHECK_FALSE(table.rows[3].cells[2].covered());
    for (const auto& bytes :
         {office::write_docx({"台账"}, table), office::write_xlsx({"台账"}, table)}) {
        const auto ledger = read_ledger(office::read_document(bytes));
        REQUIRE(ledger.tasks.size() == 3);
        CHECK(ledger.tasks[1].chapters == std::vector<std::string>{"一、甲", "（一）乙"});
        CHECK(ledger.tasks[1].lead == std::vector<std::string>{"区民政局"});
        CHECK(ledger.tasks[1].assist == std::vector<std::string>{"区教育局", "区财政局"});
        CHECK(ledger.tasks[1].deadline == DeadlineKind::continuous);
        CHECK(ledger.tasks[2].due == last.due_on);
        CHECK(ledger.remarks.empty());
    }
}

TEST_CASE("the ledgers of two published plans: all their rows, and what measures them") {
    struct Case {
        const char *file, *plan;
        std::size_t tasks, chapters, dated, remarks;
        std::ptrdiff_t measured;
    };
    const auto loaded = catalogue::load(LINLI_SOURCE_DIR "/catalogue");
    REQUIRE(loaded.catalogue);
    for (const auto& c :
         {Case{"ledger-lj.csv", "luojiang-72", 72, 5, 15, 0, 32},
          Case{"ledger-jn.csv", "jining-17", 123, 18, 120, 1, 36}}) {
        CAPTURE(c.plan);
        std::ifstream file(
            std::string(LINLI_SOURCE_DIR "/catalogue/demo/") + c.file, std::ios::binary
        );
        std::stringstream text;
        text << file.rdbuf();
        const auto ledger = read_ledger(office::read_document(text.str()));
        const auto* plan = find_plan(*loaded.catalogue, c.plan);
        REQUIRE(plan);
        std::set<std::string> chapters;
        std::size_t dated = 0;
        std::ptrdiff_t measured = 0;
        for (const auto& task : ledger.tasks) {
            chapters.insert(task.chapters.front());
            dated += task.due ? 1 : 0;
            measured += indicators_for(*plan, task).empty() ? 0 : 1;
        }
        CHECK(ledger.tasks.size() == c.tasks);
        CHECK(chapters.size() == c.chapters);
        CHECK(dated == c.dated);
        CHECK(ledger.remarks.size() == c.remarks);
        CHECK(measured == c.measured);
    }
}
