// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A plan's ledger as records of the kind ledger_task: brought in from an office's table, shown
/// with lights, and written out as the table that offices hand on.
#include "measure/asked.hpp"
#include "office/table.hpp"
#include "plan/ledger.hpp"
#include "plan/plan.hpp"
#include "record/engine.hpp"

namespace linli::plan {

inline constexpr const char* task_kind = "ledger_task";

enum class Light { done, on_track, behind, late };
constexpr auto names(Light) {
    return std::array{"done", "on_track", "behind", "late"};
}
/// What a task's light depends on.
struct TaskStanding {
    std::string state;
    int progress = 0;  ///< percent: measured, else as reported
    std::optional<Date> due;
    Date begun;               ///< of the plan
    bool report_due = false;  ///< no word for longer than a quarter
};
/// Late: the day has passed. Behind: returned, silent, or more than a fifth of the whole less than
/// the days that have passed.
Light light_of(const TaskStanding&, Date today);
/// How much of a target is reached, 0 to 100; none where there is no value or no target.
std::optional<int> share_reached(std::optional<double> value, const catalogue::Target*, int digits);

/// The indicators of a plan that measure a task, as the plan's sections tell (任务10, 行动2); of an
/// action with many commitments those whose target the commitment names.
std::vector<std::string> indicators_for(const catalogue::Plan&, const LedgerTask&);
/// The first clause without its numbering: what a list shows of a task.
std::string heading_of(const std::string& words);
/// The one unit of that name, with the area's name before it or without; none if there are several.
std::optional<std::size_t> find_unit_named(
    const std::vector<std::string>& units, const std::string& name
);

/// Where a ledger is at home, checked: a plan, and an area of it.
struct LedgerPlace {
    const catalogue::Plan& plan;
    const area::Node& area;
};
LedgerPlace
ledger_place(const measure::Measure&, const area::Tree&, std::string_view plan, const area::Node*);

struct UnitWords {
    UnitId id;
    std::string name;
    static constexpr auto fields =
        std::tuple{field("id", &UnitWords::id), field("name", &UnitWords::name)};
};
/// A row of the table and what becomes of it.
struct TaskDraft {
    LedgerTask task;
    std::string heading;
    std::optional<UnitWords> lead;     ///< in charge; none: not known here, the office is
    std::vector<UnitWords> assist;     ///< those that are known here
    std::vector<std::string> unknown;  ///< names that no unit here bears
    std::vector<std::string> indicators;
    RecordId record;  ///< that was made of it; none in a preview
    static constexpr auto fields = std::tuple{
        field("task", &TaskDraft::task),       field("heading", &TaskDraft::heading),
        field("lead", &TaskDraft::lead),       field("assist", &TaskDraft::assist),
        field("unknown", &TaskDraft::unknown), field("indicators", &TaskDraft::indicators),
        field("record", &TaskDraft::record)};
};
/// What was understood of a table and what was not. `problems` stand in the way of an import.
struct LedgerPreview {
    std::vector<LedgerColumn> columns;
    std::vector<TaskDraft> tasks;
    std::vector<Remark> remarks, problems;
    std::int64_t imported = 0;
    static constexpr auto fields = std::tuple{
        field("columns", &LedgerPreview::columns), field("tasks", &LedgerPreview::tasks),
        field("remarks", &LedgerPreview::remarks), field("problems", &LedgerPreview::problems),
        field("imported", &LedgerPreview::imported)};
};
/// Writes nothing. Throws for what is no table or no ledger (malformed, too_large).
LedgerPreview preview_ledger(const record::Context&, const LedgerPlace&, const Ledger&);
/// All rows or none: a record each, handed over to the unit that leads. Throws conflict if the area
/// has tasks of the plan already, invalid if the preview has problems.
LedgerPreview import_ledger(const record::Context&, const LedgerPlace&, const Ledger&);

struct TaskMeasure {
    std::string indicator;
    catalogue::Title title, unit;
    std::optional<double> value;
    std::string target;
    Standing standing = Standing::no_value;
    static constexpr auto fields = std::tuple{
        field("indicator", &TaskMeasure::indicator), field("title", &TaskMeasure::title),
        field("unit", &TaskMeasure::unit),           field("value", &TaskMeasure::value),
        field("target", &TaskMeasure::target),       field("standing", &TaskMeasure::standing)};
};
struct TaskRow {
    RecordId id;
    std::string number, task_no, chapter, section, heading, words, goal;
    std::string lead_name, assist_names, unit;  ///< as written; who is in charge
    DeadlineKind deadline = DeadlineKind::none;
    std::optional<Date> due_on;
    std::string state;
    int progress = 0;  ///< as reported
    std::optional<int> measured;
    std::string progress_words;
    Light light = Light::on_track;
    std::vector<TaskMeasure> measures;
    measure::AreaWords area;
    static constexpr auto fields = std::tuple{
        field("id", &TaskRow::id),
        field("number", &TaskRow::number),
        field("task_no", &TaskRow::task_no),
        field("chapter", &TaskRow::chapter),
        field("section", &TaskRow::section),
        field("heading", &TaskRow::heading),
        field("words", &TaskRow::words),
        field("goal", &TaskRow::goal),
        field("lead_name", &TaskRow::lead_name),
        field("assist_names", &TaskRow::assist_names),
        field("unit", &TaskRow::unit),
        field("deadline", &TaskRow::deadline),
        field("due_on", &TaskRow::due_on),
        field("state", &TaskRow::state),
        field("progress", &TaskRow::progress),
        field("measured", &TaskRow::measured),
        field("progress_words", &TaskRow::progress_words),
        field("light", &TaskRow::light),
        field("measures", &TaskRow::measures),
        field("area", &TaskRow::area)};
};
/// The tasks of a plan that the caller may read, of the place's area, of areas within it and of
/// those around it, in the order of the table.
std::vector<TaskRow> tasks_of(
    const record::Context&, const measure::Measure&, const LedgerPlace&,
    identity::Operation operation = identity::Operation::read
);

/// The table that offices hand on: chapters merged, units, deadlines, progress.
std::vector<std::string> ledger_heading(const LedgerPlace&, Date today);
office::Table ledger_table(const std::vector<TaskRow>&);

/// /api/ledgers/{plan}...
void ledger_routes(http::Router&, const measure::Measure&, std::shared_ptr<const record::Core>);

}  // namespace linli::plan
