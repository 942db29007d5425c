// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What every rule of the flow stands on: the catalogue and the tree of today. Made per call; not
/// kept.
#include <memory>
#include <string>

#include "flow/flow.hpp"
#include "flow/store.hpp"

namespace linli::flow {

struct Ground {
    const catalogue::Catalogue& catalogue;
    area::Areas& areas;
    std::shared_ptr<const area::Tree> tree;

    /// The name of the city pack that holds for an area; "" = none.
    std::string city(AreaId) const;
    /// The calendar of a unit, else of the city, else the national one.
    const Calendar& calendar(store::Tx&, AreaId, UnitId) const;
};

bool contains(const std::vector<std::string>& words, std::string_view word);

/// The value of a field, null if the subject has none or does not say.
Value value_of(const Subject&, const std::string& field);
std::string text_of(const Subject&, const std::string& field);  ///< "" if it is no text

/// The role or relation by which the actor may take an action; "" if he may not.
std::string
acts_as(store::Tx&, const catalogue::ActionSpec&, const Subject&, const Actor&, const area::Tree&);

/// Names of the state's actors contain `actor`.
bool waits_for(const catalogue::FlowSpec&, const std::string& state, const std::string& actor);

/// The record as the inbox shows it, from the subject; clocks and times are the caller's business.
void describe(Work&, const catalogue::Kind&, const catalogue::FlowSpec&, const Subject&);

/// Entering a state: clocks start, stop, pause and go on; their timers follow. Sets `work.due_at`
/// and `work.clock`. `action` is null for a new record.
std::vector<Clock> run_clocks(
    store::Tx&, const Ground&, const catalogue::Kind&, const catalogue::FlowSpec&, const Subject&,
    Work&, const catalogue::ActionSpec* action, Instant now
);
/// The record is over or withdrawn: whatever runs stops.
void stop_clocks(store::Tx&, const Ground&, Work&, Instant now, bool withdrawn);
/// Limits or calendars may have changed.
void recompute_clocks(
    store::Tx&, const Ground&, const catalogue::Kind&, const catalogue::FlowSpec&, const Subject&,
    Work&, Instant now
);
/// Timers of actions that are taken by themselves some time after entering the state.
void start_action_timers(
    store::Tx&, const Ground&, const catalogue::FlowSpec&, const Work&, Instant now
);
/// The timer of the next step of a running clock.
void insert_next_step(store::Tx&, const catalogue::FlowSpec&, const Work&, const Clock&, const Rate&);

/// One due step of a clock: breach, notices, raising; the next step's timer. False if it is not
/// valid any more, or comes early: then its timer is set anew.
bool fire_step(store::Tx&, const Ground&, const Flow&, const Timer&, Instant now);

}  // namespace linli::flow
