// SPDX-License-Identifier: Apache-2.0
#include "flow/action.hpp"

#include <algorithm>

namespace linli::flow {
namespace {

using catalogue::ActionSpec;
using catalogue::FlowSpec;

bool takes(const ActionSpec& action, const std::string& input) {
    return contains(action.needs, input) || contains(action.may, input);
}

/// When the record entered the state in which it is.
Instant entered_at(store::Tx& tx, const Subject& subject, Instant fallback) {
    if (const auto work = find_work(tx, subject.record.id)) {
        return work->since;
    }
    const auto done = find_done(tx, subject.record);
    return done ? done->closed_at : fallback;
}

void check_unit(
    store::Tx& tx, const area::Tree& tree, const Subject& subject, UnitId unit,
    const std::string& pointer, Problems& problems
) {
    const auto row = identity::find_unit(tx, unit);
    if (!row) {
        problems.push_back({pointer, "unit_unknown", "there is no such unit"});
    } else if (!row->enabled) {
        problems.push_back(
            {pointer, "unit_disabled", "this unit does not work any more; choose another"}
        );
    } else if (!tree.within(subject.filing.area, row->area) && !tree.within(row->area, subject.filing.area)) {
        problems.push_back(
            {pointer, "unit_out_of_area", "this unit is not in charge of the record's area"}
        );
    }
}

/// Whether a unit has yet to be named in this state: an action that needs one leads out of it.
bool awaits_unit(const FlowSpec& flow, const std::string& state) {
    return std::any_of(flow.actions.begin(), flow.actions.end(), [&](const ActionSpec& action) {
        return contains(action.needs, "lead_unit") && contains(action.from, state) &&
               action.leads_to(state) != state;
    });
}

/// The timer is nobody: what is said of `actor` is unknown then, and does not hold.
bool holds(
    store::Tx& tx, const catalogue::Expression& guard, const Subject& subject, const Actor& actor
) {
    constexpr std::string_view times = "times_";
    const auto value_of = [&](const std::string& name) {
        if (name.compare(0, times.size(), times) == 0) {
            return Value(count_steps(tx, subject.record.id, name.substr(times.size())));
        }
        if (name == "actor") {
            return actor.caller ? Value(actor.caller->account.value) : Value();
        }
        return flow::value_of(subject, name);
    };
    const auto value = guard.evaluate({value_of, {}, actor.now});
    return value.as_bool() && *value.as_bool();
}

}  // namespace

std::string obstacle(
    store::Tx& tx, const Ground& ground, const ActionSpec& action, const Subject& subject,
    const Actor& actor
) {
    const auto now = actor.now;
    if (!contains(action.from, subject.state)) {
        return "action_not_now";
    }
    if (action.guard && !holds(tx, *action.guard, subject, actor)) {
        return "action_guarded";
    }
    if (action.limit > 0 && count_steps(tx, subject.record.id, action.name) >= action.limit) {
        return "action_limit_reached";
    }
    if (action.within) {
        const auto& calendar = ground.calendar(tx, subject.filing.area, subject.unit);
        if (now > due(calendar, *action.within, entered_at(tx, subject, now))) {
            return "action_too_late";
        }
    }
    return {};
}

std::string explain(const std::string& code, const ActionSpec& action, const Subject& subject) {
    if (code == "action_not_now") {
        return "the record is in state " + subject.state + "; " + action.name + " needs state " +
               join(action.from, " or ");
    }
    if (code == "action_limit_reached") {
        return action.name + " may be taken " + std::to_string(action.limit) + " times at most";
    }
    if (code == "action_too_late") {
        return action.name + " was possible within " + to_text(*action.within);
    }
    return "the condition of " + action.name + " does not hold: " + action.guard->text();
}

void check_inputs(
    store::Tx& tx, const area::Tree& tree, const ActionSpec& action, const Subject& subject,
    const Inputs& inputs
) {
    Problems problems;
    if (contains(action.needs, "reason") && tidy(inputs.reason, true).empty()) {
        problems.push_back({"/reason", "required", "say why"});
    }
    if (!inputs.lead_unit && contains(action.needs, "lead_unit")) {
        problems.push_back({"/lead_unit", "required", "name the unit that takes over"});
    }
    if (inputs.lead_unit) {
        takes(action, "lead_unit")
            ? check_unit(tx, tree, subject, inputs.lead_unit, "/lead_unit", problems)
            : problems.push_back({"/lead_unit", "unknown_field", action.name + " names no unit"});
    }
    if (inputs.assist_units.empty() && contains(action.needs, "assist_units")) {
        problems.push_back({"/assist_units", "required", "name the units that assist"});
    }
    if (!inputs.assist_units.empty() && !takes(action, "assist_units")) {
        problems.push_back(
            {"/assist_units", "unknown_field", action.name + " names no assisting units"}
        );
    }
    const auto lead = inputs.lead_unit ? inputs.lead_unit : subject.unit;
    for (std::size_t i = 0; takes(action, "assist_units") && i < inputs.assist_units.size(); ++i) {
        const auto pointer = "/assist_units/" + std::to_string(i);
        const auto unit = inputs.assist_units[i];
        const auto before = inputs.assist_units.begin() + static_cast<std::ptrdiff_t>(i);
        if (unit == lead || std::find(inputs.assist_units.begin(), before, unit) != before) {
            problems.push_back({pointer, "unit_twice", "name each unit once"});
        } else {
            check_unit(tx, tree, subject, unit, pointer, problems);
        }
    }
    if (!problems.empty()) {
        throw invalid(std::move(problems));
    }
}

UnitId take_charge(
    store::Tx& tx, const area::Tree& tree, const FlowSpec& flow, const ActionSpec& action,
    const Subject& subject, const Inputs& inputs
) {
    if (takes(action, "lead_unit") && inputs.lead_unit) {
        put_parties(tx, subject.record, inputs.lead_unit, inputs.assist_units);
        return inputs.lead_unit;
    }
    if (takes(action, "assist_units")) {
        put_parties(tx, subject.record, subject.unit, inputs.assist_units);
        return subject.unit;
    }
    if (!action.to.empty() && awaits_unit(flow, action.to)) {
        const auto office = identity::office_of(tx, tree, subject.filing.area);
        if (office && *office != subject.unit) {
            put_parties(tx, subject.record, *office, {});
            return *office;
        }
    }
    return subject.unit;
}

}  // namespace linli::flow
