// SPDX-License-Identifier: Apache-2.0
#include "record/merge.hpp"

#include <algorithm>

namespace linli::record {

namespace {

using identity::Operation;

/// So many references at most: more is no person but a mistake.
constexpr std::size_t moved_most = 2000;

struct Both {
    Record kept, gone;
    std::string role;
};

Record changeable(const Context& c, const KindTable& table, RecordId id, std::string& role) {
    auto [record, facts] = load(c, table, id);
    if (!reaches(c, table, Operation::change, record, facts)) {
        throw forbidden("right_missing", "you may not change both records");
    }
    const auto grants =
        identity::grants_for(*c.caller, *table.kind, Operation::change, facts, *c.tree);
    role = grants.empty() ? role : grants.front()->role;
    return record;
}

Both load_both(const Context& c, const KindTable& table, RecordId kept, RecordId gone) {
    if (kept == gone) {
        throw conflict("same_record", "these are one record already");
    }
    if (table.kind->flow) {
        throw conflict("kind_has_flow", "records that run through a flow are not merged");
    }
    Both both;
    both.kept = changeable(c, table, kept, both.role);
    both.gone = changeable(c, table, gone, both.role);
    if (both.kept.state == "withdrawn") {
        throw conflict("record_withdrawn", "a withdrawn record is not changed any more");
    }
    return both;
}

/// The next version, with its line; says in it which record the other one is.
void write(
    const Context& c, const KindTable& table, const Record& before, Record& after,
    const Event& event
) {
    replace(c, table, before, after, true);
    log_change(c, table, &before, after, event);
}

Event event_of(const std::string& action, const Both& both, const std::string& reason) {
    Event event;
    event.action = action;
    event.as = both.role;
    event.reason = reason;
    event.detail = "kept=" + std::to_string(both.kept.id.value) +
                   " gone=" + std::to_string(both.gone.id.value);
    return event;
}

bool filled_by(const FieldSpec& field) {
    return field.type != FieldType::file && field.type != FieldType::extra;
}

/// What `kept` lacks comes from `gone`; of what must be unique nothing stays behind.
std::vector<std::string> fill(
    const Context& c, const KindTable& table, Record& kept, Record& gone
) {
    std::vector<std::string> filled;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto& field = table.field(i);
        if (!filled_by(field) || !kept.cells[i].empty() || gone.cells[i].empty()) {
            continue;
        }
        const bool itself = field.type == FieldType::ref && field.to == table.kind->name &&
                            gone.cells[i].value == Value(kept.id.value);
        if (itself) {
            continue;
        }
        kept.cells[i] = {open(c.core, table, gone, i), {}};
        if (field.unique) {
            gone.cells[i] = {};
        }
        filled.push_back(field.name);
    }
    return filled;
}

bool refers(const FieldSpec& field, const std::string& kind) {
    return (field.type == FieldType::ref || field.type == FieldType::refs) && field.to == kind;
}

/// The records of a kind whose field refers to `id`.
std::vector<RecordId> referring(
    const Context& c, const KindTable& table, const FieldSpec& field, RecordId id
) {
    const bool list = field.type == FieldType::refs;
    const Statement sql{
        "record." + table.kind->name + ".refer_by_" + field.name,
        list ? "SELECT record FROM " + sql_name(table.kind->name + "_" + field.name) +
                   " WHERE county = $1 AND value = $2 ORDER BY record"
             : "SELECT id FROM " + table.table + " WHERE county = $1 AND " + sql_name(field.name) +
                   " = $2 ORDER BY id"};
    std::set<County> counties{0};
    for (const auto* root : c.tree->children({})) {
        const auto below = c.tree->counties_under(root->id);
        counties.insert(below.begin(), below.end());
    }
    std::vector<RecordId> found;
    for (const auto county : counties) {
        const auto here = c.tx.all<RecordId>(sql, county, id);
        found.insert(found.end(), here.begin(), here.end());
    }
    return found;
}

bool names(const Cell& cell, RecordId id) {
    const auto* list = cell.value.as_list();
    return list ? std::find(list->begin(), list->end(), Value(id.value)) != list->end()
                : cell.value == Value(id.value);
}

/// `from` becomes `to`, or goes if `to` is there already. A record never refers to itself.
void turn(Cell& cell, RecordId owner, RecordId from, RecordId to) {
    if (!cell.value.as_list()) {
        cell.value = owner == to ? Value() : Value(to.value);
        return;
    }
    Value::List list;
    const bool both = names(cell, to);
    for (const auto& one : *cell.value.as_list()) {
        const bool turned = one == Value(from.value);
        if (!turned || !both) {
            list.push_back(turned ? Value(to.value) : one);
        }
    }
    cell.value = std::move(list);
}

/// Changes the cell that refers to `from`; false if it does not any more.
template <class F>
bool change_reference(
    const Context& c, const Moved& one, RecordId from, const Event& event, F&& change
) {
    const auto& table = c.core.table(one.kind);
    const int at = table.find(one.field);
    const auto before = find(c.tx, table, one.id);
    if (at < 0 || !before || !names(before->cells[static_cast<std::size_t>(at)], from)) {
        return false;
    }
    Record after = *before;
    change(after.cells[static_cast<std::size_t>(at)]);
    write(c, table, *before, after, event);
    return true;
}

std::vector<Moved> references_to(const Context& c, const std::string& kind, RecordId id) {
    std::vector<Moved> all;
    for (const auto& table : c.core.tables) {
        for (const auto& field : table->kind->fields) {
            if (!refers(field, kind)) {
                continue;
            }
            for (const auto found : referring(c, *table, field, id)) {
                all.push_back({table->kind->name, field.name, found});
            }
        }
    }
    if (all.size() > moved_most) {
        throw conflict("too_many_references", "more records refer to it than one step should move");
    }
    return all;
}

}  // namespace

Merged merge(
    const Context& c, const KindTable& table, RecordId kept, RecordId gone,
    const std::string& reason
) {
    auto both = load_both(c, table, kept, gone);
    if (both.gone.state == "withdrawn") {
        throw conflict("record_withdrawn", "a withdrawn record is not merged");
    }
    const auto event = event_of("merge", both, reason);
    Merged done;
    auto kept_after = both.kept, gone_after = both.gone;
    done.filled = fill(c, table, kept_after, gone_after);
    gone_after.state = "withdrawn";
    write(c, table, both.gone, gone_after, event);
    write(c, table, both.kept, kept_after, event);
    for (auto one : references_to(c, table.kind->name, gone)) {
        if (one.kind == table.kind->name && one.id == gone) {
            continue;
        }
        const bool moved = change_reference(c, one, gone, event, [&](Cell& cell) {
            one.both = names(cell, kept);
            turn(cell, one.id, gone, kept);
        });
        if (moved) {
            done.moved.push_back(one);
        }
    }
    return done;
}

void unmerge(
    const Context& c, const KindTable& table, RecordId kept, RecordId gone, const Merged& done,
    const std::string& reason
) {
    const auto both = load_both(c, table, kept, gone);
    if (both.gone.state != "withdrawn") {
        throw conflict("not_merged", "this record is in use again already");
    }
    const auto event = event_of("unmerge", both, reason);
    auto kept_after = both.kept, gone_after = both.gone;
    for (const auto& name : done.filled) {
        const int found = table.find(name);
        const auto i = static_cast<std::size_t>(found);
        if (found < 0) {
            continue;
        }
        const auto value = open(c.core, table, both.kept, i);
        if (table.field(i).unique && gone_after.cells[i].empty()) {
            gone_after.cells[i] = {value, {}};
            kept_after.cells[i] = {};
        } else if (value == open(c.core, table, both.gone, i)) {
            kept_after.cells[i] = {};
        }
    }
    gone_after.state = "active";
    write(c, table, both.kept, kept_after, event);
    write(c, table, both.gone, gone_after, event);
    for (const auto& one : done.moved) {
        change_reference(c, one, kept, event, [&](Cell& cell) {
            if (one.both) {
                auto list = *cell.value.as_list();
                list.emplace_back(gone.value);
                cell.value = std::move(list);
            } else {
                turn(cell, one.id, kept, gone);
            }
        });
    }
}

}  // namespace linli::record
