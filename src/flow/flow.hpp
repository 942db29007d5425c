// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Flows: which action may happen now and who may take it, the running deadlines it starts and
/// stops, escalation, and what waits for whom. Knows a record by (kind, id, state) alone; never
/// includes record.
///
/// Tables: flow_work (one row per open record: where it stands and what is due), flow_done (records
/// that are over), flow_party (lead and assisting units; they stay when a record is over),
/// flow_clock and flow_pause, flow_timer (what happens by itself, and when), flow_step (actions
/// taken, for limits), flow_notice and flow_read (reminders and escalations that wait to be read).
/// Every row bears the county of its record. What the keys of a flow mean is said for catalogue
/// editors in docs/flow.md.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "area/area.hpp"
#include "catalogue/catalogue.hpp"
#include "http/caller.hpp"
#include "http/router.hpp"
#include "identity/identity.hpp"

namespace linli::flow {

enum class ClockState { running, paused, stopped };
constexpr auto names(ClockState) {
    return std::array{"running", "paused", "stopped"};
}

/// A running deadline of one record. `left_ms` is what was left (in the limit's kind of time) at
/// `since`: when it was started, resumed, paused or stopped. A breached clock goes on running until
/// it is stopped, with `breached_at` set to the deadline; it is not paused any more, nor is its
/// deadline moved, so that nobody cancels his own escalation (C30). The calendar is that of the
/// unit in charge when the clock starts, else the city's, else the national one.
struct Clock {
    std::int64_t id = 0;
    std::string name;
    ClockState state = ClockState::running;
    std::string limit;  ///< "5 working days"
    std::string calendar;
    Instant started_at, since;
    std::int64_t left_ms = 0;
    std::optional<Instant> due_at;  ///< none while paused
    std::optional<Instant> breached_at;
    std::optional<Instant> stopped_at;
    std::int64_t paused_ms = 0;  ///< plain time spent in pauses
    int fired = 0;               ///< percent of the last escalation step that has happened
    static constexpr auto fields = std::tuple{
        field("id", &Clock::id),
        field("name", &Clock::name),
        field("state", &Clock::state),
        field("limit", &Clock::limit),
        field("calendar", &Clock::calendar),
        field("started_at", &Clock::started_at),
        field("since", &Clock::since),
        field("left_ms", &Clock::left_ms),
        field("due_at", &Clock::due_at),
        field("breached_at", &Clock::breached_at),
        field("stopped_at", &Clock::stopped_at),
        field("paused_ms", &Clock::paused_ms),
        field("fired", &Clock::fired)};
};

/// The record as the flow sees it.
struct Subject {
    RecordRef record;
    std::string number,
        title;  ///< title without personal data: for inbox rows (category, not words)
    area::Filing filing;
    std::string state;
    int flow_version = 1;
    UnitId unit;  ///< in charge
    AccountId filed_by;
    RecordId about;  ///< person whom it is about
    bool urgent = false;
    /// For guards, limits by choice and boards; in `act` the values *after* the fields sent with
    /// the action.
    std::function<Value(const std::string& field)> value_of;
};

struct Inputs {
    std::string reason;
    UnitId lead_unit;
    std::vector<UnitId> assist_units;
};

struct Outcome {
    std::string state;
    UnitId unit;
    std::optional<Instant> due_at;  ///< earliest of the running clocks
    bool final = false;
    std::string
        as;  ///< role or relation by which the actor acted (`act` alone); "timer" for the timer
    std::vector<Clock> clocks;  ///< of a new record (`begin` alone), so that nobody has to ask
};

/// Who acts: a caller, or the timer.
struct Actor {
    const http::Caller* caller = nullptr;  ///< null = timer
    Instant now;
};

struct AllowedAction {
    const catalogue::ActionSpec* spec = nullptr;
    std::string as;  ///< the role or relation by which the actor may take it
};

struct Ground;
class BoardCache;

class Flow {
 public:
    Flow(std::shared_ptr<const catalogue::Catalogue>, area::Areas&);

    const catalogue::FlowSpec& spec(const catalogue::Kind&, int version) const;

    /// A new record enters its start state: unit in charge = office of the area; clocks and timers
    /// start. `lead` is in charge instead if another record's action names it.
    Outcome begin(
        store::Tx&, const catalogue::Kind&, const Subject&, const Actor&, UnitId lead = {}
    ) const;
    /// Throws forbidden("action_not_yours"), conflict("action_not_now" | "action_limit_reached" |
    /// "action_too_late" | "action_guarded"), invalid for missing inputs. Whether needed *fields*
    /// are there is the record engine's check.
    Outcome
    act(store::Tx&, const catalogue::Kind&, const Subject&, const std::string& action,
        const Inputs&, const Actor&) const;
    /// Actions that the caller may take now, in the order of the flow.
    std::vector<AllowedAction>
    allowed(store::Tx&, const catalogue::Kind&, const Subject&, const Actor&) const;
    /// A field that picks a limit (handling) or the area has changed: clocks are recomputed from
    /// what is left.
    Outcome
    changed(store::Tx&, const catalogue::Kind&, const Subject& before, const Subject& after, const Actor&)
        const;
    /// Withdrawn: clocks stop, timers and inbox rows go.
    void end(store::Tx&, const catalogue::Kind&, const Subject&, const Actor&) const;

    /// A decision about areas files an open record anew: nothing else about it changes.
    void refile(store::Tx&, RecordId, const area::Filing&) const;

    std::vector<Clock> clocks(store::Tx&, const RecordRef&) const;
    std::vector<UnitId> parties(store::Tx&, const RecordRef&) const;  ///< lead first

    Ground ground() const;  ///< for the room's own files
    BoardCache& boards() const { return *m_boards; }

 private:
    std::shared_ptr<const catalogue::Catalogue> m_catalogue;
    area::Areas& m_areas;
    std::shared_ptr<BoardCache> m_boards;
};

/// Runs due timers: breaches, escalation steps, actions by timer. One thread; each timer exactly
/// once, in the transaction of its effect, also after a crash.
class Scheduler {
 public:
    /// `act` takes an action of a record as the timer (record engine, wired by app).
    using Act =
        std::function<void(store::Tx&, const RecordRef&, const std::string& action, Instant now)>;
    Scheduler(store::Database&, TimeSource&, const Flow&, Act act);
    ~Scheduler();
    void start();
    void stop();
    /// For tests and the demo: runs everything due now on the calling thread; returns how many
    /// timers ran.
    int run_due(Instant now);

 private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// GET /api/inbox, /api/inbox/counts, /api/notices, POST /api/notices/{id}/read, GET /api/board,
/// GET /api/clocks/why.
void routes(http::Router&, std::shared_ptr<const catalogue::Catalogue>, area::Areas&, const Flow&);

std::vector<store::SchemaStep> schema();

}  // namespace linli::flow
