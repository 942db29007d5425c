// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Rows of the flow room and every statement that writes them.
#include <optional>
#include <string>
#include <vector>

#include "flow/clock.hpp"
#include "flow/flow.hpp"

namespace linli::flow {

/// An open record. `due_at` is `never` if no clock runs; `rank` 0 = urgent, 1 = ordinary, so that
/// sorting by (rank, due_at, id) is sorting by urgency.
struct Work {
    RecordId id;
    std::string kind, number, title;
    AreaId area, subdistrict, community, grid;
    std::string state;
    int flow_version = 1;
    UnitId unit;
    AccountId filed_by;
    RecordId about;
    int rank = 1;
    Instant due_at = never;
    std::string clock;   ///< of due_at
    AreaId raised_to;    ///< escalated upward up to here
    bool asks = false;   ///< the state waits for the reporter
    std::string choice;  ///< value of the kind's first choice field: boards break down by it
    Instant since;       ///< when the state was entered
    Instant created_at;
    static constexpr auto fields = std::tuple{
        field("id", &Work::id),
        field("kind", &Work::kind),
        field("number", &Work::number),
        field("title", &Work::title),
        field("area", &Work::area),
        field("subdistrict", &Work::subdistrict),
        field("community", &Work::community),
        field("grid", &Work::grid),
        field("state", &Work::state),
        field("flow_version", &Work::flow_version),
        field("unit", &Work::unit),
        field("filed_by", &Work::filed_by),
        field("about", &Work::about),
        field("rank", &Work::rank),
        field("due_at", &Work::due_at),
        field("clock", &Work::clock),
        field("raised_to", &Work::raised_to),
        field("asks", &Work::asks),
        field("choice", &Work::choice),
        field("since", &Work::since),
        field("created_at", &Work::created_at)};
    bool urgent() const { return rank == 0; }
};
std::optional<Work> find_work(store::Tx&, RecordId);
void insert_work(store::Tx&, const Work&);
void update_work(store::Tx&, const Work&);
void delete_work(store::Tx&, RecordId);
/// Filed under other areas, with the clocks that have not stopped yet.
void refile_work(store::Tx&, RecordId, const area::Filing&);
void raise_work(store::Tx&, RecordId, AreaId to);

/// A record that is over.
struct Done {
    AreaId area;
    std::string state;
    UnitId unit;
    AccountId filed_by;
    RecordId about;
    Instant created_at, closed_at;
    bool withdrawn = false;
    static constexpr auto fields =
        std::tuple{field("area", &Done::area),           field("state", &Done::state),
                   field("unit", &Done::unit),           field("filed_by", &Done::filed_by),
                   field("about", &Done::about),         field("created_at", &Done::created_at),
                   field("closed_at", &Done::closed_at), field("withdrawn", &Done::withdrawn)};
};
std::optional<Done> find_done(store::Tx&, const RecordRef&);
void insert_done(
    store::Tx&, const Work&, std::optional<std::int64_t> rating, Instant now, bool withdrawn
);
void delete_done(store::Tx&, RecordId);

void add_lead(store::Tx&, const RecordRef&, UnitId);  ///< of a new record; nothing without unit
/// Replaces all.
void put_parties(store::Tx&, const RecordRef&, UnitId lead, const std::vector<UnitId>& assists);
/// Whether the record is open, so that assisting units find what is theirs without what is over.
void open_parties(store::Tx&, RecordId, bool open);
bool assists(store::Tx&, RecordId, UnitId);

/// The newest clock of each name, in the order in which they started.
std::vector<Clock> find_clocks(store::Tx&, RecordId);
std::optional<Clock> find_clock(store::Tx&, RecordId, std::int64_t clock);
void insert_clock(store::Tx&, const Work&, Clock&);  ///< makes the id
/// Writes state, limit and times. `on_time` is set for a clock that stopped because its goal was
/// reached.
void update_clock(store::Tx&, const Work&, const Clock&, std::optional<bool> on_time);
/// The record starts this clock anew: its stop does not count any more.
void uncount_stop(store::Tx&, RecordId, std::int64_t clock);
void set_fired(store::Tx&, RecordId, const Clock&);
void insert_pause(
    store::Tx&, RecordId, std::int64_t clock, Instant from, std::optional<Instant> to
);
void end_pause(store::Tx&, RecordId, std::int64_t clock, Instant to);
std::vector<Span> find_pauses(store::Tx&, RecordId, std::int64_t clock);

/// What happens by itself: a step of a clock (in percent), or an action (clock 0).
struct Timer {
    RecordId record;
    std::int64_t clock = 0;
    std::string action;
    std::string kind;
    int step = 0;
    int rank = 1;
    Instant at;
    int tries = 0;
    static constexpr auto fields =
        std::tuple{field("record", &Timer::record), field("clock", &Timer::clock),
                   field("action", &Timer::action), field("kind", &Timer::kind),
                   field("step", &Timer::step),     field("rank", &Timer::rank),
                   field("at", &Timer::at),         field("tries", &Timer::tries)};
};
void insert_timer(store::Tx&, const Timer&);
bool delete_timer(store::Tx&, const Timer&);  ///< false if it is gone or has moved
void delay_timer(store::Tx&, const Timer&, Instant until);
void delete_clock_timer(store::Tx&, RecordId, std::int64_t clock);
void delete_action_timers(store::Tx&, RecordId);
void delete_timers(store::Tx&, RecordId);
void rank_timers(store::Tx&, RecordId, int rank);
/// Urgent ones first, then the longest due.
std::vector<Timer> due_timers(store::Tx&, County, Instant now, int limit);

struct Step {
    std::string action, state_before, state_after;
    Instant at;
    AccountId account;
    std::string as;
    UnitId unit;
};
void insert_step(store::Tx&, const RecordRef&, const Step&);
int count_steps(store::Tx&, RecordId, const std::string& action);
std::optional<Instant> last_step(store::Tx&, RecordId, const std::string& action);

struct Notice {
    std::int64_t id = 0;
    std::string what, kind;
    RecordId record;
    std::string number, title, clock;
    UnitId unit;
    bool head = false;
    AreaId area;
    std::string role;
    Instant at;
    std::optional<Instant> read_at;
    static constexpr auto fields =
        std::tuple{field("id", &Notice::id),          field("what", &Notice::what),
                   field("kind", &Notice::kind),      field("record", &Notice::record),
                   field("number", &Notice::number),  field("title", &Notice::title),
                   field("clock", &Notice::clock),    field("unit", &Notice::unit),
                   field("head", &Notice::head),      field("area", &Notice::area),
                   field("role", &Notice::role),      field("at", &Notice::at),
                   field("read_at", &Notice::read_at)};
};
void insert_notice(store::Tx&, const Notice&);
std::optional<Notice> find_notice(store::Tx&, std::int64_t id, AccountId reader);
void mark_read(store::Tx&, std::int64_t notice, AccountId, Instant now);

}  // namespace linli::flow
