// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Rules of running deadlines that need no database: how a clock starts, pauses, goes on, stops,
/// and when its steps are.
#include <optional>
#include <vector>

#include "base/calendar.hpp"
#include "flow/flow.hpp"

namespace linli::flow {

/// How time passes for a clock: its limit and the calendar that counts it.
struct Rate {
    const Calendar* calendar = nullptr;
    Limit limit;
    std::int64_t whole_ms() const { return limit_ms(*calendar, limit); }
};
/// The rate of a stored clock. Throws std::runtime_error if its limit cannot be read.
Rate rate_of(const Clock&, const catalogue::Catalogue&);

Clock started(const std::string& name, const Rate&, Instant now);
/// What is left at `at`, in the limit's kind of time; negative after the deadline. A paused or
/// stopped clock keeps still.
std::int64_t left_at(const Clock&, const Rate&, Instant at);
/// False, and no pause, if the deadline has passed: then the clock is breached instead.
bool pause(Clock&, const Rate&, Instant now);
/// Goes on after a pause or a stop; a breached clock keeps its deadline.
void resume(Clock&, const Rate&, Instant now);
void stop(Clock&, const Rate&, Instant now);
/// Whether a stopped clock kept its deadline.
bool kept(const Clock&);

struct Span {
    Instant from;
    std::optional<Instant> to;
};
/// Another limit, counted from the start less the pauses: the time used stays used. Does nothing to
/// a breached clock.
void recompute(Clock&, const Rate& fresh, const std::vector<Span>& pauses, Instant now);
/// The same for a clock that ends with a day of the record's own.
void move_day(Clock&, const Rate& fresh, Instant start, Instant now);

/// Percentages at which something happens to a clock of this flow, ascending; 100, the breach, is
/// always among them.
std::vector<int> steps_of(const catalogue::FlowSpec&, const std::string& clock);
/// What is done at a step. A clock for which the flow declares no escalation is raised to
/// area.parent at 100 %.
std::vector<catalogue::EscalationSpec> escalations_at(
    const catalogue::FlowSpec&, const std::string& clock, int percent
);
std::optional<int> next_step(const std::vector<int>& steps, int fired);
/// When a running clock reaches a percentage of its limit; not before `since`.
Instant step_at(const Clock&, const Rate&, int percent);

}  // namespace linli::flow
