// SPDX-License-Identifier: Apache-2.0
// The ledger in the layout in which offices hand it on: it can be read in again.
#include <algorithm>

#include "plan/ledger_tasks.hpp"

namespace linli::plan {

namespace {

const char* const columns[] = {"序号",     "工作任务", "具体项目", "主要内容", "牵头单位",
                               "配合单位", "完成时限", "进展情况", "进度",     "状态"};
constexpr std::size_t chapter_column = 1, section_column = 2;

std::string deadline_words(const TaskRow& row) {
    if (row.due_on) {
        const auto day = civil(*row.due_on);
        return std::to_string(day.year) + "年" + std::to_string(day.month) + "月" +
               std::to_string(day.day) + "日前";
    }
    return row.deadline == DeadlineKind::continuous ? "持续实施" : "";
}

/// State and light in one word.
std::string standing_words(const TaskRow& row) {
    if (row.state == "submitted") {
        return "待验收";
    }
    switch (row.light) {
        case Light::done:
            return "已销号";
        case Light::late:
            return "已超期";
        case Light::behind:
            return "滞后";
        default:
            return "正常";
    }
}

std::vector<std::string> cells_of(const TaskRow& row) {
    return {row.task_no,
            row.chapter,
            row.section,
            row.words,
            row.lead_name,
            row.assist_names,
            deadline_words(row),
            row.progress_words,
            std::to_string(row.measured.value_or(row.progress)) + "%",
            standing_words(row)};
}

/// Equal chapters one below the other become one cell.
void merge(office::Table& table, std::size_t column, std::size_t within) {
    std::size_t first = 1;
    for (std::size_t row = 2; row < table.rows.size(); ++row) {
        auto& above = table.rows[first].cells;
        auto& here = table.rows[row].cells;
        const bool same = here[column].text == above[column].text && !here[column].text.empty() &&
                          (column == within || here[within].up > 0);
        if (!same) {
            first = row;
            continue;
        }
        here[column].text.clear();
        here[column].up = static_cast<int>(row - first);
        above[column].rows = here[column].up + 1;
    }
}

}  // namespace

std::vector<std::string> ledger_heading(const LedgerPlace& place, Date today) {
    const auto day = civil(today);
    return {
        place.plan.source.empty() ? place.plan.title.zh : place.plan.source,
        std::string(place.area.name) + "　截至" + std::to_string(day.year) + "年" +
            std::to_string(day.month) + "月" + std::to_string(day.day) + "日"};
}

office::Table ledger_table(const std::vector<TaskRow>& rows) {
    office::Table table;
    table.name = "工作台账";
    table.columns = std::size(columns);
    office::Row head{1, {}};
    for (const char* title : columns) {
        head.cells.push_back({title});
    }
    table.rows.push_back(std::move(head));
    for (const auto& row : rows) {
        office::Row line{table.rows.size() + 1, {}};
        for (auto& text : cells_of(row)) {
            line.cells.push_back({std::move(text)});
        }
        table.rows.push_back(std::move(line));
    }
    merge(table, section_column, section_column);
    merge(table, chapter_column, chapter_column);
    return table;
}

}  // namespace linli::plan
