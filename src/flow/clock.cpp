// SPDX-License-Identifier: Apache-2.0
#include "flow/clock.hpp"

#include <algorithm>
#include <stdexcept>

namespace linli::flow {
namespace {

std::int64_t used(const Rate& rate, Instant from, Instant to) {
    return elapsed_ms(*rate.calendar, rate.limit, from, to);
}

bool overdue(const Clock& clock, Instant now) {
    return clock.due_at && *clock.due_at < now;
}

}  // namespace

Rate rate_of(const Clock& clock, const catalogue::Catalogue& catalogue) {
    const auto limit = parse_limit(clock.limit);
    if (!limit) {
        throw std::runtime_error("clock " + clock.name + " has an unreadable limit " + clock.limit);
    }
    return {&catalogue.calendar(clock.calendar), *limit};
}

Clock started(const std::string& name, const Rate& rate, Instant now) {
    Clock clock;
    clock.name = name;
    clock.limit = to_text(rate.limit);
    clock.calendar = rate.calendar->name();
    clock.started_at = clock.since = now;
    clock.left_ms = rate.whole_ms();
    clock.due_at = due(*rate.calendar, rate.limit, now, clock.left_ms);
    return clock;
}

std::int64_t left_at(const Clock& clock, const Rate& rate, Instant at) {
    if (clock.state != ClockState::running) {
        return clock.left_ms;
    }
    return clock.left_ms - used(rate, clock.since, at);
}

bool pause(Clock& clock, const Rate& rate, Instant now) {
    if (overdue(clock, now) || clock.breached_at) {
        clock.breached_at = clock.breached_at ? clock.breached_at : clock.due_at;
        return false;
    }
    clock.left_ms = left_at(clock, rate, now);
    clock.since = now;
    clock.state = ClockState::paused;
    clock.due_at.reset();
    return true;
}

void resume(Clock& clock, const Rate& rate, Instant now) {
    clock.paused_ms += now - clock.since;
    clock.since = now;
    clock.state = ClockState::running;
    clock.stopped_at.reset();
    clock.due_at =
        clock.breached_at ? clock.breached_at : due(*rate.calendar, rate.limit, now, clock.left_ms);
}

void stop(Clock& clock, const Rate& rate, Instant now) {
    if (overdue(clock, now) && !clock.breached_at) {
        clock.breached_at = clock.due_at;
    }
    clock.left_ms = left_at(clock, rate, now);
    clock.since = now;
    clock.state = ClockState::stopped;
    clock.stopped_at = now;
}

bool kept(const Clock& clock) {
    return !clock.breached_at;
}

void recompute(Clock& clock, const Rate& fresh, const std::vector<Span>& pauses, Instant now) {
    if (clock.state == ClockState::stopped) {
        return;
    }
    if (clock.breached_at || overdue(clock, now)) {
        clock.breached_at = clock.breached_at ? clock.breached_at : clock.due_at;
        return;
    }
    auto spent = used(fresh, clock.started_at, now);
    for (const auto& span : pauses) {
        spent -= used(fresh, span.from, span.to.value_or(now));
    }
    clock.limit = to_text(fresh.limit);
    clock.calendar = fresh.calendar->name();
    clock.left_ms = fresh.whole_ms() - spent;
    if (clock.state == ClockState::running) {
        clock.since = now;
        clock.due_at = due(*fresh.calendar, fresh.limit, now, clock.left_ms);
    }
}

void move_day(Clock& clock, const Rate& fresh, Instant start, Instant now) {
    if (clock.breached_at || overdue(clock, now)) {
        clock.breached_at = clock.breached_at ? clock.breached_at : clock.due_at;
        return;
    }
    clock.limit = to_text(fresh.limit);
    clock.since = start;
    clock.left_ms = fresh.whole_ms();
    clock.due_at = due(*fresh.calendar, fresh.limit, clock.since, clock.left_ms);
}

std::vector<int> steps_of(const catalogue::FlowSpec& flow, const std::string& clock) {
    std::vector<int> steps{100};
    for (const auto& one : flow.escalation) {
        if (one.of == clock) {
            steps.push_back(one.at_percent);
        }
    }
    std::sort(steps.begin(), steps.end());
    steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
    return steps;
}

std::vector<catalogue::EscalationSpec> escalations_at(
    const catalogue::FlowSpec& flow, const std::string& clock, int percent
) {
    std::vector<catalogue::EscalationSpec> found;
    bool declared = false;
    for (const auto& one : flow.escalation) {
        declared = declared || one.of == clock;
        if (one.of == clock && one.at_percent == percent) {
            found.push_back(one);
        }
    }
    if (!declared && percent == 100) {
        found.push_back({100, clock, "raise", "area.parent", {}});
    }
    return found;
}

std::optional<int> next_step(const std::vector<int>& steps, int fired) {
    const auto next = std::upper_bound(steps.begin(), steps.end(), fired);
    return next == steps.end() ? std::nullopt : std::optional(*next);
}

Instant step_at(const Clock& clock, const Rate& rate, int percent) {
    const auto whole = rate.whole_ms();
    // Whole hundredths first: whole * percent would overflow for the longest limits.
    const auto at = whole / 100 * percent + whole % 100 * percent / 100;
    const auto need = at - (whole - clock.left_ms);
    return need <= 0 ? clock.since : due(*rate.calendar, rate.limit, clock.since, need);
}

}  // namespace linli::flow
