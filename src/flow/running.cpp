// SPDX-License-Identifier: Apache-2.0
// Clocks and timers of a record as it moves.
#include <algorithm>

#include "flow/ground.hpp"

namespace linli::flow {
namespace {

/// The limit for a record: by its choice and city.
const Limit& limit_for(
    const Ground& ground, const catalogue::Kind& kind, const catalogue::ClockSpec& spec,
    const Subject& subject
) {
    const auto choice = spec.by.empty() ? std::string() : text_of(subject, spec.by);
    return ground.catalogue.limit(kind, spec, choice, ground.city(subject.filing.area));
}

/// A record's own last day, counted in minutes up to the last of it from the day on which the clock
/// starts; a day that has passed already is missed from its end on.
struct OwnDay {
    Instant start;
    Limit limit;
};
OwnDay own_day(Date day, Date today) {
    const auto from = std::min(day, today);
    return {start_of(from), {(day - from + 1) * (day_ms / minute_ms) - 1, Limit::Unit::minute}};
}

/// The clocks of one record on one move.
class Running {
 public:
    Running(
        store::Tx& tx, const Ground& ground, const catalogue::Kind& kind,
        const catalogue::FlowSpec& flow, const Subject& subject, Work& work, Instant now
    )
        : m_tx(tx),
          m_ground(ground),
          m_kind(kind),
          m_flow(flow),
          m_subject(subject),
          m_work(work),
          m_now(now) {}

    void load() { m_clocks = find_clocks(m_tx, m_work.id); }
    void enter(const catalogue::ClockSpec& spec, const catalogue::ActionSpec* action);
    void enter_if_met(const catalogue::ClockSpec& spec);
    void recompute(const catalogue::ClockSpec& spec);
    void sum_up();
    const std::vector<Clock>& clocks() const { return m_clocks; }

 private:
    Clock* find(const std::string& name) {
        const auto same = [&](const Clock& clock) { return clock.name == name; };
        const auto found = std::find_if(m_clocks.begin(), m_clocks.end(), same);
        return found == m_clocks.end() ? nullptr : &*found;
    }
    Rate rate(const Clock& clock) const { return rate_of(clock, m_ground.catalogue); }
    Rate fresh_rate(const catalogue::ClockSpec& spec) const {
        const auto& calendar = m_ground.calendar(m_tx, m_subject.filing.area, m_work.unit);
        return {&calendar, limit_for(m_ground, m_kind, spec, m_subject)};
    }
    /// The day that the record names, if the clock asks for one.
    std::optional<Date> day_of(const catalogue::ClockSpec& spec) const {
        const auto value = spec.due.empty() ? Value() : value_of(m_subject, spec.due);
        return value.as_int() ? std::optional(Date{static_cast<std::int32_t>(*value.as_int())})
                              : std::nullopt;
    }
    bool meant(const catalogue::ClockSpec& spec) const;
    bool answered(const catalogue::ClockSpec& spec, const Clock& clock) const;
    void begin(const catalogue::ClockSpec& spec);
    void halt(Clock& clock, bool counts);
    void hold(Clock& clock);
    void go_on(Clock& clock);

    store::Tx& m_tx;
    const Ground& m_ground;
    const catalogue::Kind& m_kind;
    const catalogue::FlowSpec& m_flow;
    const Subject& m_subject;
    Work& m_work;
    Instant m_now;
    std::vector<Clock> m_clocks;
};

void Running::begin(const catalogue::ClockSpec& spec) {
    const auto day = day_of(spec);
    const auto own = day ? own_day(*day, official_date(m_now)) : OwnDay{};
    const auto fresh = day ? Rate{&m_ground.catalogue.calendar(), own.limit} : fresh_rate(spec);
    auto clock = started(spec.name, fresh, day ? own.start : m_now);
    insert_clock(m_tx, m_work, clock);
    insert_next_step(m_tx, m_flow, m_work, clock, fresh);
    const auto same = [&](const Clock& other) { return other.name == spec.name; };
    m_clocks.erase(std::remove_if(m_clocks.begin(), m_clocks.end(), same), m_clocks.end());
    m_clocks.push_back(std::move(clock));
}

void Running::halt(Clock& clock, bool counts) {
    if (clock.state == ClockState::paused) {
        end_pause(m_tx, m_work.id, clock.id, m_now);
        clock.paused_ms += m_now - clock.since;
    }
    stop(clock, rate(clock), m_now);
    delete_clock_timer(m_tx, m_work.id, clock.id);
    update_clock(m_tx, m_work, clock, counts ? std::optional(kept(clock)) : std::nullopt);
}

void Running::hold(Clock& clock) {
    if (!pause(clock, rate(clock), m_now)) {
        return;
    }
    delete_clock_timer(m_tx, m_work.id, clock.id);
    insert_pause(m_tx, m_work.id, clock.id, m_now, {});
    update_clock(m_tx, m_work, clock, {});
}

void Running::go_on(Clock& clock) {
    if (clock.state == ClockState::stopped) {
        insert_pause(m_tx, m_work.id, clock.id, clock.since, m_now);
    } else {
        end_pause(m_tx, m_work.id, clock.id, m_now);
    }
    const auto own = rate(clock);
    resume(clock, own, m_now);
    update_clock(m_tx, m_work, clock, {});
    insert_next_step(m_tx, m_flow, m_work, clock, own);
}

/// Whether the clock is for this record at all.
bool Running::meant(const catalogue::ClockSpec& spec) const {
    if (!spec.due.empty() && !day_of(spec)) {
        return false;
    }
    if (!spec.when) {
        return true;
    }
    const auto value = spec.when->evaluate(
        {[&](const std::string& name) { return value_of(m_subject, name); }, {}, m_now}
    );
    return value.as_bool() && *value.as_bool();
}

/// Stopped by an action, not by leaving its states: then it is not taken up again.
bool Running::answered(const catalogue::ClockSpec& spec, const Clock& clock) const {
    return std::any_of(spec.stop.begin(), spec.stop.end(), [&](const std::string& action) {
        const auto at = last_step(m_tx, m_work.id, action);
        return at && *at >= clock.started_at;
    });
}

/// Without an action: what a changed field starts and stops.
void Running::enter_if_met(const catalogue::ClockSpec& spec) {
    if (spec.when || !spec.due.empty()) {
        enter(spec, nullptr);
    }
}

void Running::enter(const catalogue::ClockSpec& spec, const catalogue::ActionSpec* action) {
    auto* clock = find(spec.name);
    const bool runs = clock && clock->state != ClockState::stopped;
    if (!meant(spec)) {
        if (runs && !clock->breached_at) {
            halt(*clock, false);
        }
        return;
    }
    if (action && contains(spec.stop, action->name)) {
        if (runs) {
            halt(*clock, true);
        }
        return;
    }
    const bool anew = action && clock && contains(spec.restart, action->name);
    const auto* state = m_flow.state(m_work.state);
    if (anew) {
        clock->state == ClockState::stopped ? uncount_stop(m_tx, m_work.id, clock->id)
                                            : halt(*clock, false);
        begin(spec);
    } else if (clock && m_work.state == spec.until && clock->state != ClockState::stopped) {
        halt(*clock, true);
    } else if (m_work.state == spec.from) {
        if (!clock) {
            begin(spec);
        } else if (clock->state == ClockState::stopped && !answered(spec, *clock)) {
            go_on(*clock);
        }
    }
    clock = find(spec.name);
    if (!clock || clock->state == ClockState::stopped) {
        return;
    }
    const bool holds = state && contains(state->pauses, spec.name);
    if (holds && clock->state == ClockState::running) {
        hold(*clock);
    } else if (!holds && clock->state == ClockState::paused) {
        go_on(*clock);
    }
}

void Running::recompute(const catalogue::ClockSpec& spec) {
    auto* clock = find(spec.name);
    if (!clock || clock->state == ClockState::stopped || clock->breached_at) {
        return;
    }
    // The unit in charge now does not change the calendar that the clock started with; the limit
    // may.
    const auto& calendar = m_ground.catalogue.calendar(clock->calendar);
    const auto day = day_of(spec);
    const auto own = day ? own_day(*day, official_date(clock->started_at)) : OwnDay{};
    const Rate fresh{&calendar, day ? own.limit : limit_for(m_ground, m_kind, spec, m_subject)};
    if (to_text(fresh.limit) == clock->limit && (!day || own.start == clock->since)) {
        return;
    }
    if (day) {
        move_day(*clock, fresh, own.start, m_now);
    } else {
        flow::recompute(*clock, fresh, find_pauses(m_tx, m_work.id, clock->id), m_now);
    }
    update_clock(m_tx, m_work, *clock, {});
    if (clock->state == ClockState::running && !clock->breached_at) {
        delete_clock_timer(m_tx, m_work.id, clock->id);
        insert_next_step(m_tx, m_flow, m_work, *clock, fresh);
    }
}

void Running::sum_up() {
    m_work.due_at = never;
    m_work.clock.clear();
    for (const auto& clock : m_clocks) {
        if (clock.state == ClockState::running && clock.due_at && *clock.due_at < m_work.due_at) {
            m_work.due_at = *clock.due_at;
            m_work.clock = clock.name;
        }
    }
}

}  // namespace

void insert_next_step(
    store::Tx& tx, const catalogue::FlowSpec& flow, const Work& work, const Clock& clock,
    const Rate& rate
) {
    const auto next = next_step(steps_of(flow, clock.name), clock.fired);
    if (!next) {
        return;
    }
    const auto at = step_at(clock, rate, *next);
    if (at < never) {
        insert_timer(tx, {work.id, clock.id, "", work.kind, *next, work.rank, at, 0});
    }
}

std::vector<Clock> run_clocks(
    store::Tx& tx, const Ground& ground, const catalogue::Kind& kind,
    const catalogue::FlowSpec& flow, const Subject& subject, Work& work,
    const catalogue::ActionSpec* action, Instant now
) {
    Running running(tx, ground, kind, flow, subject, work, now);
    if (action) {
        running.load();
    }
    for (const auto& spec : flow.clocks) {
        running.enter(spec, action);
        const auto& field = spec.due.empty() ? spec.by : spec.due;
        if (action && (contains(action->needs, field) || contains(action->may, field))) {
            running.recompute(spec);
        }
    }
    running.sum_up();
    return running.clocks();
}

void stop_clocks(store::Tx& tx, const Ground& ground, Work& work, Instant now, bool withdrawn) {
    for (auto& clock : find_clocks(tx, work.id)) {
        if (clock.state == ClockState::stopped) {
            continue;
        }
        if (clock.state == ClockState::paused) {
            end_pause(tx, work.id, clock.id, now);
            clock.paused_ms += now - clock.since;
        }
        stop(clock, rate_of(clock, ground.catalogue), now);
        update_clock(tx, work, clock, withdrawn ? std::nullopt : std::optional(kept(clock)));
    }
}

void recompute_clocks(
    store::Tx& tx, const Ground& ground, const catalogue::Kind& kind,
    const catalogue::FlowSpec& flow, const Subject& subject, Work& work, Instant now
) {
    Running running(tx, ground, kind, flow, subject, work, now);
    running.load();
    for (const auto& spec : flow.clocks) {
        running.enter_if_met(spec);
        running.recompute(spec);
    }
    running.sum_up();
}

void start_action_timers(
    store::Tx& tx, const Ground& ground, const catalogue::FlowSpec& flow, const Work& work,
    Instant now
) {
    for (const auto& action : flow.actions) {
        if (!action.after || !contains(action.by, "timer") || !contains(action.from, work.state)) {
            continue;
        }
        const auto& calendar = ground.calendar(tx, work.area, work.unit);
        const auto at = due(calendar, *action.after, now);
        insert_timer(tx, {work.id, 0, action.name, work.kind, 0, work.rank, at, 0});
    }
}

}  // namespace linli::flow
