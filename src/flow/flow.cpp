// SPDX-License-Identifier: Apache-2.0
#include "flow/flow.hpp"

#include <algorithm>
#include <stdexcept>

#include "flow/ground.hpp"

namespace linli::flow {
namespace {

using catalogue::ActionSpec;
using catalogue::FlowSpec;
using catalogue::Kind;

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}
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

/// Why the action cannot be taken now, as a refusal code; "" if it can.
std::string obstacle(
    store::Tx& tx, const Ground& ground, const ActionSpec& action, const Subject& subject,
    Instant now
) {
    if (!contains(action.from, subject.state)) {
        return "action_not_now";
    }
    if (action.guard) {
        const auto value = action.guard->evaluate({subject.value_of, {}, now});
        if (!value.as_bool() || !*value.as_bool()) {
            return "action_guarded";
        }
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

/// Whether a unit has yet to be named in this state: an action that needs one leads out of it.
bool awaits_unit(const FlowSpec& flow, const std::string& state) {
    return std::any_of(flow.actions.begin(), flow.actions.end(), [&](const ActionSpec& action) {
        return contains(action.needs, "lead_unit") && contains(action.from, state) &&
               action.to != state;
    });
}

/// Who is in charge after the action: the unit that it names; the office of the area if the record
/// goes back to where a unit must be named; else who was.
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
    if (awaits_unit(flow, action.to)) {
        const auto office = identity::office_of(tx, tree, subject.filing.area);
        if (office && *office != subject.unit) {
            put_parties(tx, subject.record, *office, {});
            return *office;
        }
    }
    return subject.unit;
}

UnitId unit_of(const http::Caller* caller, const Subject& subject) {
    if (!caller) {
        return {};
    }
    UnitId found;
    for (const auto& grant : caller->grants) {
        if (grant.unit == subject.unit && grant.unit) {
            return grant.unit;
        }
        found = found ? found : grant.unit;
    }
    return found;
}

std::optional<std::int64_t> rating_of(const Kind& kind, const Subject& subject) {
    const auto* field = kind.field("satisfaction");
    if (!field || field->type != catalogue::FieldType::integer || field->least != 1 ||
        field->most != 5) {
        return std::nullopt;
    }
    const auto value = value_of(subject, "satisfaction");
    return value.as_int() ? std::optional(*value.as_int()) : std::nullopt;
}

bool has_timed_action(const FlowSpec& flow, const std::string& state) {
    return std::any_of(flow.actions.begin(), flow.actions.end(), [&](const ActionSpec& action) {
        return action.after && contains(action.from, state);
    });
}

Outcome outcome_of(const Work& work, bool final) {
    Outcome outcome;
    outcome.state = work.state;
    outcome.unit = work.unit;
    if (work.due_at < never) {
        outcome.due_at = work.due_at;
    }
    outcome.final = final;
    return outcome;
}

/// The row of the record before the action; for one that is over, as it will be if it is reopened.
Work work_before(store::Tx& tx, const Subject& subject, Instant now, bool& open) {
    auto found = find_work(tx, subject.record.id);
    open = found.has_value();
    Work work = found.value_or(Work{});
    if (!open) {
        const auto done = find_done(tx, subject.record);
        work.created_at = done ? done->created_at : now;
    }
    work.state = subject.state;
    work.unit = subject.unit;
    return work;
}

/// Writes the row where it belongs now: among what is open, or among what is over. True if it is
/// over.
bool settle(
    store::Tx& tx, const Ground& ground, const Kind& kind, const FlowSpec& flow,
    const Subject& subject, Work& work, bool open, Instant now
) {
    const auto* state = flow.state(work.state);
    if (state && state->final) {
        stop_clocks(tx, ground, work, now, false);
        delete_timers(tx, work.id);
        work.due_at = never;
        open ? delete_work(tx, work.id) : delete_done(tx, work.id);
        insert_done(tx, work, rating_of(kind, subject), now, false);
        return true;
    }
    start_action_timers(tx, ground, flow, work, now);
    if (open) {
        update_work(tx, work);
    } else {
        delete_done(tx, work.id);
        insert_work(tx, work);
    }
    return false;
}

}  // namespace

Flow::Flow(std::shared_ptr<const catalogue::Catalogue> catalogue, area::Areas& areas)
    : m_catalogue(std::move(catalogue)), m_areas(areas) {}

Ground Flow::ground() const {
    return {*m_catalogue, m_areas, m_areas.today()};
}

const FlowSpec& Flow::spec(const Kind& kind, int version) const {
    if (kind.flow && kind.flow->version == version) {
        return *kind.flow;
    }
    const auto old = kind.old_flows.find(version);
    if (old == kind.old_flows.end()) {
        throw std::runtime_error(
            "kind " + kind.name + " has no flow of version " + std::to_string(version) +
            ": keep the old version in the catalogue while records run on it"
        );
    }
    return old->second;
}

Outcome Flow::begin(store::Tx& tx, const Kind& kind, const Subject& subject, const Actor& actor)
    const {
    const auto here = ground();
    const auto office = identity::office_of(tx, *here.tree, subject.filing.area);
    Work work;
    work.unit = office.value_or(subject.unit);
    if (!kind.flow) {
        return {"active", work.unit, {}, false, {}};
    }
    const auto& flow = spec(kind, subject.flow_version);
    work.state = flow.start;
    work.since = work.created_at = actor.now;
    describe(work, kind, flow, subject);
    run_clocks(tx, here, kind, flow, subject, work, nullptr, actor.now);
    start_action_timers(tx, here, flow, work, actor.now);
    insert_work(tx, work);
    add_lead(tx, subject.record, work.unit);
    return outcome_of(work, false);
}

Outcome Flow::act(
    store::Tx& tx, const Kind& kind, const Subject& subject, const std::string& name,
    const Inputs& inputs, const Actor& actor
) const {
    const auto here = ground();
    const auto& flow = spec(kind, subject.flow_version);
    const auto* action = flow.action(name);
    if (!action) {
        throw not_found("action");
    }
    const auto as = acts_as(tx, *action, subject, actor, *here.tree);
    if (as.empty()) {
        throw forbidden("action_not_yours", name + " is for " + join(action->by, " or "));
    }
    if (const auto code = obstacle(tx, here, *action, subject, actor.now); !code.empty()) {
        throw conflict(code, explain(code, *action, subject));
    }
    check_inputs(tx, *here.tree, *action, subject, inputs);

    bool open = false;
    auto work = work_before(tx, subject, actor.now, open);
    const int rank = work.rank;
    describe(work, kind, flow, subject);
    const auto account = actor.caller ? actor.caller->account : AccountId{};
    insert_step(
        tx, subject.record,
        {name, subject.state, action->to, actor.now, account, as, unit_of(actor.caller, subject)}
    );
    work.unit = take_charge(tx, *here.tree, flow, *action, subject, inputs);
    work.state = action->to;
    work.since = actor.now;
    work.asks = waits_for(flow, work.state, "reporter");
    if (has_timed_action(flow, subject.state)) {
        delete_action_timers(tx, work.id);
    }
    run_clocks(tx, here, kind, flow, subject, work, action, actor.now);
    if (rank != work.rank) {
        rank_timers(tx, work.id, work.rank);
    }
    const bool final = settle(tx, here, kind, flow, subject, work, open, actor.now);
    auto outcome = outcome_of(work, final);
    outcome.as = as;
    return outcome;
}

std::vector<AllowedAction> Flow::allowed(
    store::Tx& tx, const Kind& kind, const Subject& subject, const Actor& actor
) const {
    if (!kind.flow) {
        return {};
    }
    const auto here = ground();
    std::vector<AllowedAction> found;
    for (const auto& action : spec(kind, subject.flow_version).actions) {
        if (!contains(action.from, subject.state)) {
            continue;
        }
        auto as = acts_as(tx, action, subject, actor, *here.tree);
        if (!as.empty() && obstacle(tx, here, action, subject, actor.now).empty()) {
            found.push_back({&action, std::move(as)});
        }
    }
    return found;
}

Outcome Flow::changed(
    store::Tx& tx, const Kind& kind, const Subject& before, const Subject& after, const Actor& actor
) const {
    if (before.filing.county_number != after.filing.county_number) {
        throw invalid(
            "/area", "area_in_other_county", "a record stays in its county; file a new one there"
        );
    }
    auto work = kind.flow ? find_work(tx, after.record.id) : std::nullopt;
    if (!work) {
        return {after.state, after.unit, {}, kind.flow.has_value(), {}};
    }
    const auto here = ground();
    const auto& flow = spec(kind, after.flow_version);
    const bool moved = before.filing.area != after.filing.area;
    if (moved && identity::office_of(tx, *here.tree, before.filing.area) == work->unit) {
        const auto office = identity::office_of(tx, *here.tree, after.filing.area);
        if (office && *office != work->unit) {
            work->unit = *office;
            put_parties(tx, after.record, *office, {});
        }
    }
    const int rank = work->rank;
    describe(*work, kind, flow, after);
    recompute_clocks(tx, here, kind, flow, after, *work, actor.now);
    if (rank != work->rank) {
        rank_timers(tx, work->id, work->rank);
    }
    update_work(tx, *work);
    return outcome_of(*work, false);
}

void Flow::end(store::Tx& tx, const Kind& kind, const Subject& subject, const Actor& actor) const {
    auto work = kind.flow ? find_work(tx, subject.record.id) : std::nullopt;
    if (!work) {
        return;
    }
    stop_clocks(tx, ground(), *work, actor.now, true);
    delete_timers(tx, work->id);
    delete_work(tx, work->id);
    work->state = "withdrawn";
    insert_done(tx, *work, rating_of(kind, subject), actor.now, true);
}

std::vector<Clock> Flow::clocks(store::Tx& tx, const RecordRef& record) const {
    return find_clocks(tx, record.id);
}

std::vector<UnitId> Flow::parties(store::Tx& tx, const RecordRef& record) const {
    constexpr store::Sql sql{"flow.parties", R"(
        SELECT unit FROM flow_party WHERE county = $1 AND record = $2
         ORDER BY CASE role WHEN 'lead' THEN 0 ELSE 1 END, unit)"};
    return tx.all<UnitId>(sql, home(record.id), record.id);
}

}  // namespace linli::flow
