// SPDX-License-Identifier: Apache-2.0
// From an office's table to records: first what would become of it, then all rows or none.
#include <algorithm>

#include "identity/store.hpp"
#include "plan/ledger_tasks.hpp"
#include "record/list.hpp"
#include "record/write.hpp"
#include "store/change.hpp"

namespace linli::plan {

namespace {

constexpr std::size_t tasks_most = 1000;

Value body_of(const LedgerPlace& place, const TaskDraft& draft) {
    const auto& task = draft.task;
    auto fields = obj(
        {{"plan", place.plan.id},
         {"heading", draft.heading},
         {"words", task.text},
         {"deadline", name_of(task.deadline)}}
    );
    const auto set = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            fields.set(name, value);
        }
    };
    set("task_no", task.number);
    if (!task.chapters.empty()) {
        set("chapter", task.chapters.front());
        set("section", join({task.chapters.begin() + 1, task.chapters.end()}, " / "));
    }
    set("measures", task.measures);
    set("goal", task.goal);
    set("implementers", task.areas);
    set("note", task.note);
    set("lead_name", join(task.lead, "、"));
    set("assist_names", join(task.assist, "、"));
    set("indicators", join(draft.indicators, ";"));
    if (task.due) {
        fields.set("due_on", to_text(*task.due));
    }
    return obj({{"area", std::to_string(place.area.id.value)}, {"fields", std::move(fields)}});
}

/// Units that may be in charge of a record of the area.
std::vector<identity::UnitRow> units_around(const record::Context& c, const area::Node& area) {
    std::vector<identity::UnitRow> units;
    for (const auto* node : c.tree->path(area.id)) {
        for (auto& unit : identity::units_of_area(c.tx, node->id)) {
            if (unit.enabled) {
                units.push_back(std::move(unit));
            }
        }
    }
    return units;
}

/// Words of a refusal as the table names them.
void explain(LedgerPreview& seen, const LedgerTask& task, const Refused& refused) {
    if (refused.problems.empty()) {
        seen.problems.push_back({task.row, "", refused.code, refused.detail});
    }
    for (const auto& problem : refused.problems) {
        const auto parts = split(problem.pointer, '/');
        seen.problems.push_back(
            {task.row, std::string(parts.empty() ? "" : parts.back()), problem.code, problem.detail}
        );
    }
}

TaskDraft draft_of(
    const LedgerPlace& place, const LedgerTask& task, const std::vector<identity::UnitRow>& units
) {
    std::vector<std::string> known;
    for (const auto& unit : units) {
        known.push_back(unit.name);
    }
    TaskDraft draft;
    draft.task = task;
    draft.heading = heading_of(task.text);
    draft.indicators = indicators_for(place.plan, task);
    const auto look_up = [&](const std::string& name) -> std::optional<UnitWords> {
        if (const auto at = find_unit_named(known, name)) {
            return UnitWords{units[*at].id, units[*at].name};
        }
        draft.unknown.push_back(name);
        return std::nullopt;
    };
    for (std::size_t i = 0; i < task.lead.size(); ++i) {
        const auto unit = look_up(task.lead[i]);
        if (unit && i == 0) {
            draft.lead = unit;
        } else if (unit) {
            draft.assist.push_back(*unit);
        }
    }
    for (const auto& name : task.assist) {
        if (const auto unit = look_up(name)) {
            draft.assist.push_back(*unit);
        }
    }
    return draft;
}

bool has_tasks(const record::Context& c, const LedgerPlace& place) {
    const auto& table = c.core.table(task_kind);
    record::ListQuery query;
    query.area = place.area.id;
    query.limit = static_cast<int>(2 * tasks_most);
    record::FieldFilter plan;
    plan.field = static_cast<std::size_t>(table.find("plan"));
    plan.values = {place.plan.id};
    query.filters = {plan};
    const auto rows = record::list(c, table, query, table.listed).rows;
    return std::any_of(rows.begin(), rows.end(), [&](const record::ListRow& row) {
        return row.record.area == place.area.id;
    });
}

void hand_over(const record::Context& c, const record::Record& r, const TaskDraft& draft) {
    if (!draft.lead) {
        return;
    }
    Value::List assist;
    for (const auto& unit : draft.assist) {
        assist.emplace_back(std::to_string(unit.id.value));
    }
    auto body = obj({{"lead_unit", std::to_string(draft.lead->id.value)}});
    if (!assist.empty()) {
        body.set("assist_units", std::move(assist));
    }
    record::act(c, c.core.table(task_kind), r.id, {}, "assign", body);
}

void log_import(const record::Context& c, const LedgerPlace& place, std::int64_t tasks) {
    store::Change line;
    line.at = c.now;
    line.actor = c.account();
    line.role = c.caller->grants.front().role;
    line.kind = task_kind;
    line.action = "import";
    line.area_after = place.area.id;
    line.detail = "plan=" + place.plan.id + " created=" + std::to_string(tasks);
    line.request = c.request_id;
    store::append_change(c.tx, place.area.county_number, std::move(line));
}

}  // namespace

std::optional<std::size_t> find_unit_named(
    const std::vector<std::string>& units, const std::string& name
) {
    constexpr std::size_t bytes_least = 9;  // three characters
    if (const auto same = std::find(units.begin(), units.end(), name); same != units.end()) {
        return static_cast<std::size_t>(same - units.begin());
    }
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (name.size() >= bytes_least && units[i].ends_with(name)) {
            if (found) {
                return std::nullopt;
            }
            found = i;
        }
    }
    return found;
}

LedgerPreview preview_ledger(
    const record::Context& c, const LedgerPlace& place, const Ledger& ledger
) {
    const auto& table = c.core.table(task_kind);
    if (identity::access(*c.caller, *table.kind, identity::Operation::import, *c.tree).none()) {
        throw forbidden("right_missing", "you may not import records of this kind");
    }
    if (ledger.tasks.empty()) {
        throw malformed("ledger_without_tasks", "below the heading there is no row with a task");
    }
    if (ledger.tasks.size() > tasks_most) {
        throw too_large("ledger_too_long", "at most " + std::to_string(tasks_most) + " tasks");
    }
    LedgerPreview seen;
    seen.columns = ledger.columns;
    seen.remarks = ledger.remarks;
    const auto units = units_around(c, place.area);
    for (const auto& task : ledger.tasks) {
        auto draft = draft_of(place, task, units);
        try {
            record::draft(c, table, body_of(place, draft), identity::Operation::import);
        } catch (const Refused& refused) {
            if (refused.status == 403) {
                throw;  // the same for every row
            }
            explain(seen, task, refused);
        }
        seen.tasks.push_back(std::move(draft));
    }
    return seen;
}

LedgerPreview import_ledger(
    const record::Context& c, const LedgerPlace& place, const Ledger& ledger
) {
    auto seen = preview_ledger(c, place, ledger);
    if (!seen.problems.empty()) {
        std::vector<Problem> problems;
        for (const auto& one : seen.problems) {
            problems.push_back(
                {"/rows/" + std::to_string(one.row) + "/" + one.column, one.code, one.words}
            );
        }
        throw invalid(std::move(problems));
    }
    if (has_tasks(c, place)) {
        throw conflict(
            "ledger_imported_already",
            "the area has tasks of this plan; withdraw them before another table takes their place"
        );
    }
    const auto& table = c.core.table(task_kind);
    for (auto& draft : seen.tasks) {
        const auto made = record::create(
            c, table, record::draft(c, table, body_of(place, draft), identity::Operation::import)
        );
        draft.record = made.record.id;
        hand_over(c, made.record, draft);
        ++seen.imported;
    }
    log_import(c, place, seen.imported);
    return seen;
}

}  // namespace linli::plan
