// SPDX-License-Identifier: Apache-2.0
#pragma once
/// How a deadline came about, day by day: for people who ask why it is due then.
#include <optional>
#include <string>
#include <vector>

#include "flow/ground.hpp"

namespace linli::flow {

struct WhyPause {
    Instant from;
    std::optional<Instant> to;
    static constexpr auto fields =
        std::tuple{field("from", &WhyPause::from), field("to", &WhyPause::to)};
};
enum class DayKind { work, off, makeup, half };
constexpr auto names(DayKind) {
    return std::array{"work", "off", "makeup", "half"};
}
struct WhyDay {
    Date date;
    std::int64_t minutes = 0;  ///< of this day that count towards the limit
    DayKind kind = DayKind::work;
    static constexpr auto fields = std::tuple{
        field("date", &WhyDay::date), field("minutes", &WhyDay::minutes),
        field("kind", &WhyDay::kind)};
};
struct Why {
    std::string clock, limit, calendar;
    Instant started_at;
    std::optional<Instant> due_at;
    std::vector<WhyPause> pauses;
    std::vector<WhyDay>
        days;  ///< from the start to the deadline, or to now while paused; at most 400
    static constexpr auto fields =
        std::tuple{field("clock", &Why::clock),       field("limit", &Why::limit),
                   field("calendar", &Why::calendar), field("started_at", &Why::started_at),
                   field("due_at", &Why::due_at),     field("pauses", &Why::pauses),
                   field("days", &Why::days)};
};

/// off: no work that day; makeup: work on a day of the week that has none; half: less than the day
/// of the week has.
DayKind kind_of(const Calendar&, Date);
Why why(const Clock&, const Rate&, const std::vector<Span>& pauses, Instant now);

}  // namespace linli::flow
