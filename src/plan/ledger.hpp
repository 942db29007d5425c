// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A ledger of tasks as an office writes it, understood: which column means what, who leads, by
/// when. Rules alone; nothing here knows the database.
#include <optional>

#include "base/fields.hpp"
#include "office/table.hpp"

namespace linli::plan {

enum class DeadlineKind { continuous, date, none };
constexpr auto names(DeadlineKind) {
    return std::array{"continuous", "date", "none"};
}
struct Deadline {
    DeadlineKind kind = DeadlineKind::none;
    std::optional<Date> date;
    bool understood = true;
};
/// "持续实施", "2025", "2025年底前", "2023年6月", "2024年12月31日前", "2023-2025年": the last day
/// meant.
Deadline read_deadline(const std::string& text);

struct Units {
    std::vector<std::string> lead, assist;  ///< in the order in which they are written
    std::vector<std::string> notes;         ///< sentences that name no unit
};
/// One cell: separated by 、 ， ； lines or blanks; "牵头单位：…；配合单位：…"; "…牵头，…配合".
/// Without such words the first unit leads.
Units read_units(const std::string& text);

enum class Meaning {
    unknown,
    number,
    chapter,
    text,
    measures,
    goal,
    lead,
    assist,
    units,
    deadline,
    areas,
    note,
    standing  ///< how it stands: we write it out, and do not take it in
};
constexpr auto names(Meaning) {
    return std::array{"unknown", "number", "chapter",  "text",  "measures", "goal",    "lead",
                      "assist",  "units",  "deadline", "areas", "note",     "standing"};
}
struct LedgerColumn {
    std::string title;
    Meaning meaning = Meaning::unknown;
    static constexpr auto fields =
        std::tuple{field("title", &LedgerColumn::title), field("meaning", &LedgerColumn::meaning)};
};
/// What was not understood: where, why, and the words.
struct Remark {
    std::int64_t row = 0;
    std::string column, code, words;
    static constexpr auto fields = std::tuple{
        field("row", &Remark::row), field("column", &Remark::column), field("code", &Remark::code),
        field("words", &Remark::words)};
};
struct LedgerTask {
    std::int64_t row = 0;
    std::string number;
    std::vector<std::string> chapters;
    std::string text, measures, goal, areas, note;
    std::vector<std::string> lead, assist;
    DeadlineKind deadline = DeadlineKind::none;
    std::optional<Date> due;
    std::string deadline_text;
    static constexpr auto fields = std::tuple{
        field("row", &LedgerTask::row),
        field("number", &LedgerTask::number),
        field("chapters", &LedgerTask::chapters),
        field("text", &LedgerTask::text),
        field("measures", &LedgerTask::measures),
        field("goal", &LedgerTask::goal),
        field("areas", &LedgerTask::areas),
        field("note", &LedgerTask::note),
        field("lead", &LedgerTask::lead),
        field("assist", &LedgerTask::assist),
        field("deadline", &LedgerTask::deadline),
        field("due", &LedgerTask::due),
        field("deadline_text", &LedgerTask::deadline_text)};
};
struct Ledger {
    std::vector<LedgerColumn> columns;
    std::vector<LedgerTask> tasks;
    std::vector<Remark> remarks;
    static constexpr auto fields = std::tuple{
        field("columns", &Ledger::columns), field("tasks", &Ledger::tasks),
        field("remarks", &Ledger::remarks)};
};
/// Throws malformed("ledger_without_heading") if no table has a heading that says what its columns
/// are.
Ledger read_ledger(const office::Document&);

}  // namespace linli::plan
