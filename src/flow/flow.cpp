// SPDX-License-Identifier: Apache-2.0
#include "flow/flow.hpp"

#include <algorithm>
#include <stdexcept>

#include "flow/action.hpp"
#include "flow/board_cache.hpp"

namespace linli::flow {
namespace {

using catalogue::ActionSpec;
using catalogue::FlowSpec;
using catalogue::Kind;

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
        open_parties(tx, work.id, false);
        insert_done(tx, work, rating_of(kind, subject), now, false);
        return true;
    }
    start_action_timers(tx, ground, flow, work, now);
    if (open) {
        update_work(tx, work);
    } else {
        delete_done(tx, work.id);
        insert_work(tx, work);
        open_parties(tx, work.id, true);
    }
    return false;
}

}  // namespace

Flow::Flow(std::shared_ptr<const catalogue::Catalogue> catalogue, area::Areas& areas)
    : m_catalogue(std::move(catalogue)), m_areas(areas), m_boards(std::make_shared<BoardCache>()) {}

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

Outcome Flow::begin(
    store::Tx& tx, const Kind& kind, const Subject& subject, const Actor& actor, UnitId lead
) const {
    const auto here = ground();
    const auto office = identity::office_of(tx, *here.tree, subject.filing.area);
    Work work;
    work.unit = lead ? lead : office.value_or(subject.unit);
    if (!kind.flow) {
        return {"active", work.unit, {}, false, {}, {}};
    }
    const auto& flow = spec(kind, subject.flow_version);
    work.state = flow.start;
    work.since = work.created_at = actor.now;
    describe(work, kind, flow, subject);
    auto clocks = run_clocks(tx, here, kind, flow, subject, work, nullptr, actor.now);
    start_action_timers(tx, here, flow, work, actor.now);
    insert_work(tx, work);
    add_lead(tx, subject.record, work.unit);
    auto outcome = outcome_of(work, false);
    outcome.clocks = std::move(clocks);
    return outcome;
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
    if (const auto code = obstacle(tx, here, *action, subject, actor); !code.empty()) {
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
        {name, subject.state, action->leads_to(subject.state), actor.now, account, as,
         unit_of(actor.caller, subject)}
    );
    work.unit = take_charge(tx, *here.tree, flow, *action, subject, inputs);
    const bool stays = action->to.empty();
    if (!stays) {
        work.state = action->to;
        work.since = actor.now;
        work.asks = waits_for(flow, work.state, "reporter");
        if (has_timed_action(flow, subject.state)) {
            delete_action_timers(tx, work.id);
        }
    }
    if (!stays || open) {
        run_clocks(tx, here, kind, flow, subject, work, action, actor.now);
    }
    if (rank != work.rank) {
        rank_timers(tx, work.id, work.rank);
    }
    bool final = !open;
    if (!stays) {
        final = settle(tx, here, kind, flow, subject, work, open, actor.now);
    } else if (open) {
        update_work(tx, work);
    }
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
        if (!as.empty() && obstacle(tx, here, action, subject, actor).empty()) {
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
    open_parties(tx, work->id, false);
    work->state = "withdrawn";
    insert_done(tx, *work, rating_of(kind, subject), actor.now, true);
}

void Flow::refile(store::Tx& tx, RecordId id, const area::Filing& filing) const {
    refile_work(tx, id, filing);
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
