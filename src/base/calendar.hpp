// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The official working calendar: weekly hours, days off, make-up workdays, half days. All
/// arithmetic in minutes.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace linli {

/// Minutes of a day during which work is done, ascending and disjoint: {510, 720} is 08:30-12:00.
struct Hours {
    int from = 0;
    int to = 0;
    bool operator==(const Hours&) const = default;
};

/// An amount of time of a deadline. Plain time runs always, working time only in the calendar's
/// hours; a working day is the calendar's standard day (`Calendar::day_minutes`).
struct Limit {
    enum class Unit { minute, hour, day, working_minute, working_hour, working_day };
    std::int64_t amount = 0;
    Unit unit = Unit::day;
    bool operator==(const Limit&) const = default;
    bool working() const { return unit >= Unit::working_minute; }
};
std::string to_text(const Limit&);  ///< "5 working days"
std::optional<Limit> parse_limit(std::string_view text
);  ///< "10 days", "4 working hours", "30 minutes"

/// Immutable after construction; safe from any thread.
class Calendar {
 public:
    /// `week[0]` is Monday. `exceptions` replaces the hours of single dates: empty = day off.
    /// Throws std::invalid_argument if there are not seven weekdays, hours overlap or a date is
    /// outside 1900..2200.
    Calendar(
        std::string name, std::vector<std::vector<Hours>> week,
        std::map<Date, std::vector<Hours>> exceptions
    );

    const std::string& name() const { return m_name; }
    const std::vector<std::vector<Hours>>& week() const { return m_week; }
    const std::map<Date, std::vector<Hours>>& exceptions() const { return m_exceptions; }
    /// Working minutes of the longest weekday: what "1 working day" means. 24 hours if no weekday
    /// has any.
    int day_minutes() const { return m_day_minutes; }
    const std::vector<Hours>& hours(Date) const;
    bool open(Instant) const;
    /// Milliseconds of working time in [from, to); negative if to < from.
    std::int64_t worked(Instant from, Instant to) const;
    /// The earliest instant at which `ms` of working time has passed since `start`; never earlier
    /// than `start`; `never` if the calendar's hours do not suffice.
    Instant after(Instant start, std::int64_t ms) const;

 private:
    void build_table();
    std::int64_t minutes_before(Date) const;
    std::int64_t worked_until(Instant) const;
    Date day_reaching(Date, std::int64_t minutes) const;
    Date table_day(std::int64_t minutes) const;
    std::string m_name;
    std::vector<std::vector<Hours>> m_week;
    std::map<Date, std::vector<Hours>> m_exceptions;
    int m_day_minutes = 0;
    std::array<int, 8> m_week_minutes{};   ///< working minutes of a week before its day i
    Date m_first;                          ///< first date of the table below
    std::vector<std::int32_t> m_minutes;   ///< working minutes of all days before m_first + i
    std::vector<std::uint16_t> m_pattern;  ///< hours of that day, as an index into m_patterns
    std::vector<std::vector<Hours>> m_patterns;
};

/// How much time of `limit`'s kind has been used between two instants, and when it will be used up.
std::int64_t elapsed_ms(const Calendar&, const Limit&, Instant from, Instant to);
std::int64_t limit_ms(const Calendar&, const Limit&);  ///< the whole limit in ms of its kind
/// The instant at which `left_ms` of the limit's kind of time has passed since `start`.
Instant due(const Calendar&, const Limit&, Instant start, std::int64_t left_ms);
Instant due(const Calendar&, const Limit&, Instant start);

}  // namespace linli
