// SPDX-License-Identifier: Apache-2.0
#include "record/follow.hpp"

#include <algorithm>

#include "record/write.hpp"

namespace linli::record {

namespace {

using catalogue::ActionSpec;
using catalogue::OpenSpec;

bool holds(
    const Context& c, const KindTable& table, const std::optional<catalogue::Expression>& when,
    const Record& record
) {
    if (!when) {
        return true;
    }
    const auto value = when->evaluate(
        {[&](const std::string& name) { return value_of(c, table, record, name); }, {}, c.now}
    );
    return value.as_bool() && *value.as_bool();
}

/// What a field of the new record begins with.
Value value_from(
    const Context& c, const KindTable& table, const Record& record, const std::string& source,
    const flow::Inputs& inputs, const std::string& result
) {
    if (source.size() > 1 && source.front() == '\'') {
        return source.substr(1, source.size() - 2);
    }
    if (source == "record") {
        return record.id.value;
    }
    if (source == "reason" || source == "result") {
        const auto& words = source == "reason" ? inputs.reason : result;
        return words.empty() ? Value() : Value(words);
    }
    const int i = table.find(source);
    return i < 0 ? Value() : open(c.core, table, record, static_cast<std::size_t>(i));
}

void open_record(
    const Context& c, const KindTable& from, const Record& record, const OpenSpec& spec,
    const flow::Inputs& inputs, const std::string& result, UnitId lead
) {
    const auto& table = c.core.table(spec.kind);
    Draft draft;
    auto& r = draft.record;
    r.id.value = record.id.value;  // no id yet, but the county of this one
    r.area = record.area;
    r.subdistrict = record.subdistrict;
    r.community = record.community;
    r.grid = record.grid;
    r.state = table.kind->flow->start;
    r.flow_version = table.kind->flow->version;
    r.created_at = r.updated_at = c.now;
    r.created_by = r.updated_by = c.account();
    r.cells.resize(table.size());
    for (const auto& [name, source] : spec.fields) {
        const auto at = static_cast<std::size_t>(table.find(name));
        r.cells[at].value = value_from(c, from, record, source, inputs, result);
    }
    draft.facts = {filing_of(c, r), c.caller != nullptr, {}, r.state};
    add(c, table, std::move(draft), "flow", lead);
}

/// Whether a chosen entry of the field bears the attribute, as the record's city has it.
bool marked(
    const Context& c, const KindTable& table, const catalogue::ThenSpec& then, const Record& record
) {
    const int i = table.find(then.field);
    if (i < 0) {
        return false;
    }
    const auto at = static_cast<std::size_t>(i);
    const auto* list = c.catalogue().list(table.field(at).list, c.core.city_of(record.area));
    const auto& value = record.cells[at].value;
    const auto bears = [&](const Value& key) {
        const auto* choice = list && key.as_text() ? list->find(*key.as_text()) : nullptr;
        const auto* mark = choice ? choice->attributes.find(then.attribute) : nullptr;
        return mark && mark->as_bool() && *mark->as_bool();
    };
    return value.as_list() ? std::any_of(value.as_list()->begin(), value.as_list()->end(), bears)
                           : bears(value);
}

}  // namespace

void open_records(
    const Context& c, const KindTable& table, const ActionSpec& action, const Record& after,
    const flow::Inputs& inputs, const std::string& result
) {
    for (const auto& spec : action.opens) {
        if (!holds(c, table, spec.when, after)) {
            continue;
        }
        if (spec.to == "assist_units") {
            for (const auto unit : inputs.assist_units) {
                open_record(c, table, after, spec, inputs, result, unit);
            }
        } else {
            const auto lead = spec.to == "lead_unit" ? after.unit : UnitId{};
            open_record(c, table, after, spec, inputs, result, lead);
        }
    }
}

bool take_next(
    const Context& c, const KindTable& table, const ActionSpec& action, const Record& after
) {
    if (!action.then || !marked(c, table, *action.then, after)) {
        return false;
    }
    const Context timer(c.core, c.tx, nullptr, c.now, c.request_id);
    try {
        act(timer, table, after.id, std::nullopt, action.then->action, Value(Value::Object{}));
    } catch (const Refused& refused) {
        if (refused.status != 409) {
            throw;
        }
        return false;  // its limit is reached, or its time is over
    }
    return true;
}

}  // namespace linli::record
