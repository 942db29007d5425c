// SPDX-License-Identifier: Apache-2.0
// Made-up ledgers in the layouts that offices use.
#include "plan/ledger.hpp"

#include <doctest/doctest.h>

using namespace linli;
using namespace linli::plan;

namespace {

/// A line a task: number, chapters, lead, assisting units, deadline.
std::string told(const std::string& text) {
    std::string all;
    for (const auto& task : read_ledger(office::read_document(text)).tasks) {
        const auto due = task.due ? to_text(*task.due) : name_of(task.deadline);
        all += task.number + " " + join(task.chapters, "/") + " " + task.text + " " +
               join(task.lead, "+") + " | " + join(task.assist, "+") + " " + due + "\n";
    }
    return all;
}

}  // namespace

TEST_CASE("chapters go down from the first columns, also over a page break that repeats them") {
    CHECK(
        told("\t序号\n\t工作任务\n\t具体项目\n\t主要内容\n\t责任单位\n\t完成时限\n\n"
             "\t1\n\t一、甲\n\t（一）乙\n\t扫街\n\t区城管局\n区民政局\n\t持续实施\n\n"
             "\t2\n\t\n\t\n\t种树\n\t区民政局\n\t2025\n\n"
             "\t3\n\t一、甲\n\t（二）丙\n\t修灯\n\t区住建局\n\t\n\n"
             "\t4\n\t二、丁\n\t\n\t送餐\n\t区民政局\n\t2024年6月底前\n") ==
        "1 一、甲/（一）乙 扫街 区城管局 | 区民政局 continuous\n"
        "2 一、甲/（一）乙 种树 区民政局 |  2025-12-31\n"
        "3 一、甲/（二）丙 修灯 区住建局 |  none\n"
        "4 二、丁 送餐 区民政局 |  2024-06-30\n"
    );
}

TEST_CASE("a heading of two rows, chapters in rows of their own, numbers that begin anew") {
    CHECK(
        told("序号,重点任务,责任单位,,时间节点\n,,牵头单位,配合单位,\n"
             "一、养老,,,,\n1,建食堂,市民政局,市财政局、市住建局,2023年6月\n"
             "二、托育,,,,\n1,开托班,市卫健委,各县（市、区）政府,长期坚持\n") ==
        "1 一、养老 建食堂 市民政局 | 市财政局+市住建局 2023-06-30\n"
        "1 二、托育 开托班 市卫健委 | 各县（市、区）政府 continuous\n"
    );
}

TEST_CASE("units say in their cell who leads and who helps") {
    struct Case {
        std::string text, lead, assist;
    };
    for (const auto& c : std::vector<Case>{
             {"牵头单位：区民政局；配合单位：区教育局、区财政局", "区民政局", "区教育局+区财政局"},
             {"区民政局牵头，区教育局、区财政局配合", "区民政局", "区教育局+区财政局"},
             {"区民政局、区教育局、各镇街", "区民政局", "区教育局+各镇街"},
             {"区民政局 区教育局", "区民政局", "区教育局"},
             {"", "", ""}}) {
        CAPTURE(c.text);
        const auto units = read_units(c.text);
        CHECK(join(units.lead, "+") == c.lead);
        CHECK(join(units.assist, "+") == c.assist);
    }
    const auto units = read_units("区民政局\n以下均需各乡镇（街道）落实，不再列出。");
    CHECK(units.lead == std::vector<std::string>{"区民政局"});
    CHECK(units.notes == std::vector<std::string>{"以下均需各乡镇（街道）落实，不再列出"});
}

TEST_CASE("a deadline is a day, something that goes on, or nothing; else it is pointed out") {
    struct Case {
        std::string text, is;
    };
    for (const auto& c : std::vector<Case>{
             {"持续实施", "continuous"},
             {"每年", "continuous"},
             {"", "none"},
             {"—", "none"},
             {"2025", "2025-12-31"},
             {"２０２５年底前", "2025-12-31"},
             {"2023年6月", "2023-06-30"},
             {"2024年12月30日前", "2024-12-30"},
             {"2024.2", "2024-02-29"},
             {"2024-05-06", "2024-05-06"},
             {"2023年上半年", "2023-06-30"},
             {"2023-2025年", "2025-12-31"},
             {"2025年底前，持续推进", "2025-12-31"},
             {"另行通知", "?"}}) {
        CAPTURE(c.text);
        const auto deadline = read_deadline(c.text);
        const std::string is = deadline.date ? to_text(*deadline.date) : name_of(deadline.kind);
        CHECK((deadline.understood ? is : "?") == c.is);
    }
}

TEST_CASE(
    "what is not understood is pointed out with row and column; a table without heading is refused"
) {
    const auto ledger = read_ledger(office::read_document(
        "序号,任务,责任单位,完成时限,分管领导\n1,甲,区民政局,另行通知,某人\n2,,区民政局,2025,\n"
    ));
    REQUIRE(ledger.remarks.size() == 3);
    CHECK(ledger.remarks[0].code == "deadline_not_understood");
    CHECK(ledger.remarks[0].row == 2);
    CHECK(ledger.remarks[0].column == "完成时限");
    CHECK(ledger.remarks[1].code == "column_not_understood");
    CHECK(ledger.remarks[2].code == "row_without_task");
    CHECK_THROWS_AS(read_ledger(office::read_document("甲,乙\n1,2\n")), Refused);
}
