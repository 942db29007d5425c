// SPDX-License-Identifier: Apache-2.0
#include "flow/why.hpp"

#include <algorithm>

namespace linli::flow {
namespace {

constexpr std::size_t days_most = 400;

int minutes(const std::vector<Hours>& hours) {
    int sum = 0;
    for (const auto& span : hours) {
        sum += span.to - span.from;
    }
    return sum;
}

/// Time of [from, to) that counts: of the limit's kind, less the pauses.
std::int64_t counted(const Rate& rate, const std::vector<Span>& pauses, Instant from, Instant to) {
    auto ms = elapsed_ms(*rate.calendar, rate.limit, from, to);
    for (const auto& pause : pauses) {
        const auto begin = std::max(from, pause.from);
        const auto end = std::min(to, pause.to.value_or(never));
        if (begin < end) {
            ms -= elapsed_ms(*rate.calendar, rate.limit, begin, end);
        }
    }
    return ms;
}

}  // namespace

DayKind kind_of(const Calendar& calendar, Date date) {
    const int here = minutes(calendar.hours(date));
    const int usual = minutes(calendar.week()[static_cast<std::size_t>(weekday(date))]);
    if (here == 0) {
        return DayKind::off;
    }
    if (usual == 0) {
        return DayKind::makeup;
    }
    return here < usual ? DayKind::half : DayKind::work;
}

Why why(const Clock& clock, const Rate& rate, const std::vector<Span>& pauses, Instant now) {
    Why result{clock.name, clock.limit, clock.calendar, clock.started_at, clock.due_at, {}, {}};
    for (const auto& pause : pauses) {
        result.pauses.push_back({pause.from, pause.to});
    }
    const auto end = clock.due_at.value_or(clock.stopped_at.value_or(now));
    for (Date day = official_date(clock.started_at); start_of(day) < end; day = day + 1) {
        if (result.days.size() == days_most) {
            break;
        }
        const auto from = std::max(start_of(day), clock.started_at);
        const auto to = std::min(start_of(day + 1), end);
        const auto kind = rate.limit.working() ? kind_of(*rate.calendar, day) : DayKind::work;
        result.days.push_back({day, counted(rate, pauses, from, to) / minute_ms, kind});
    }
    return result;
}

}  // namespace linli::flow
