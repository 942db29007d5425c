// SPDX-License-Identifier: Apache-2.0
#pragma once
/// For the calendar's tests and benchmark: random calendars, and working time counted minute by
/// minute without any code of the calendar itself.
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/calendar.hpp"
#include "base/crypto.hpp"
#include "base/time.hpp"

namespace linli {

inline std::int64_t random_below(RandomSource& random, std::int64_t limit) {
    std::uint64_t bits = 0;
    random.fill(&bits, sizeof bits);
    return static_cast<std::int64_t>(bits % static_cast<std::uint64_t>(limit));
}

/// What a calendar is made of, and the rule by which each minute is judged on its own.
struct CalendarPlan {
    std::vector<std::vector<Hours>> week;
    std::map<Date, std::vector<Hours>> exceptions;
    int first_year = 0;
    int last_year = 0;

    Calendar calendar() const { return {"plan", week, exceptions}; }
    Instant first() const { return start_of(date_of({first_year, 1, 1})); }
    Instant last() const { return start_of(date_of({last_year + 1, 1, 1})); }

    /// The hours of the day that begins `day` days after 1970-01-01.
    const std::vector<Hours>& hours_of(std::int64_t day) const {
        const auto found = exceptions.find(Date{static_cast<std::int32_t>(day)});
        return found != exceptions.end() ? found->second
                                         : week[static_cast<std::size_t>(((day + 3) % 7 + 7) % 7)];
    }
    static bool open_minute(const std::vector<Hours>& hours, std::int64_t minute) {
        for (std::size_t i = 0; i < hours.size(); ++i) {
            if (minute >= hours[i].from && minute < hours[i].to) {
                return true;
            }
        }
        return false;
    }

    /// Working milliseconds in [from, to], from <= to: one minute after the other.
    std::int64_t walk(Instant from, Instant to) const {
        std::int64_t sum = 0;
        auto at = from.ms + official_offset_ms;
        const auto end = to.ms + official_offset_ms;
        while (at < end) {
            const auto day = at / day_ms - (at % day_ms < 0 ? 1 : 0);
            const auto& hours = hours_of(day);
            for (auto minute = (at - day * day_ms) / minute_ms; minute < 1440 && at < end;
                 ++minute) {
                const auto next = std::min(end, day * day_ms + (minute + 1) * minute_ms);
                sum += open_minute(hours, minute) ? next - at : 0;
                at = next;
            }
        }
        return sum;
    }

    /// Often on the minute, as people and rules have it, else anywhere.
    Instant random_instant(RandomSource& random) const {
        const auto at = first() + random_below(random, last() - first());
        return random_below(random, 2) ? at : Instant{at.ms / minute_ms * minute_ms};
    }
};

inline std::vector<Hours> random_hours(RandomSource& random) {
    std::vector<Hours> hours;
    int from = 0;
    for (auto spans = random_below(random, 4); spans > 0 && from < 1400; --spans) {
        from += static_cast<int>(random_below(random, 500));
        const int to = std::min(1440, from + 1 + static_cast<int>(random_below(random, 400)));
        if (from < to) {
            hours.push_back({from, to});
        }
        from = to;
    }
    return hours;
}

/// Half of the plans have a week like an office, the others any week; exceptions anywhere in the
/// years.
inline CalendarPlan random_plan(RandomSource& random, int first_year, int last_year) {
    CalendarPlan plan;
    plan.first_year = first_year;
    plan.last_year = last_year;
    const bool office = random_below(random, 2) == 0;
    for (int i = 0; i < 7; ++i) {
        plan.week.push_back(
            !office ? random_hours(random)
            : i < 5 ? std::vector<Hours>{{510, 720}, {840, 1050}}
                    : std::vector<Hours>{}
        );
    }
    const auto first = date_of({first_year + 3, 1, 1});
    const auto years = 1 + random_below(random, last_year - first_year - 3);
    for (auto count = random_below(random, 200); count > 0; --count) {
        const auto date = first + static_cast<std::int32_t>(random_below(random, years * 365));
        plan.exceptions[date] =
            random_below(random, 2) ? random_hours(random) : std::vector<Hours>{};
    }
    return plan;
}

/// Every minute of the plan's years counted once, so that a million long spans can be compared.
class MinuteTable {
 public:
    explicit MinuteTable(const CalendarPlan& plan) : m_plan(plan) {
        const auto first_day = (plan.first().ms + official_offset_ms) / day_ms;
        const auto days = (plan.last() - plan.first()) / day_ms;
        m_before.reserve(static_cast<std::size_t>(days * 1440) + 1);
        for (std::int64_t day = 0; day < days; ++day) {
            const auto& hours = plan.hours_of(first_day + day);
            for (int minute = 0; minute < 1440; ++minute) {
                m_before.push_back(static_cast<std::int32_t>(m_open.size()));
                if (CalendarPlan::open_minute(hours, minute)) {
                    m_open.push_back(static_cast<std::int32_t>(day * 1440 + minute));
                }
            }
        }
        m_before.push_back(static_cast<std::int32_t>(m_open.size()));
    }

    /// Working milliseconds from the first year to `at`.
    std::int64_t until(Instant at) const {
        const auto since = at - m_plan.first();
        const auto i = static_cast<std::size_t>(since / minute_ms);
        const bool open = i + 1 < m_before.size() && m_before[i + 1] > m_before[i];
        return m_before[i] * minute_ms + (open ? since % minute_ms : 0);
    }

    /// The earliest instant with `ms` working milliseconds behind it; `never` beyond the last year.
    Instant when(std::int64_t ms) const {
        const auto i = static_cast<std::size_t>((ms - 1) / minute_ms);
        return i < m_open.size() ? m_plan.first() + m_open[i] * minute_ms +
                                       (ms - static_cast<std::int64_t>(i) * minute_ms)
                                 : never;
    }

    /// Compares one random span; empty if the calendar agrees.
    std::string disagreement(const Calendar& calendar, RandomSource& random) const {
        const auto from = m_plan.random_instant(random), to = m_plan.random_instant(random);
        const auto counted = until(to) - until(from);
        if (calendar.worked(from, to) != counted) {
            return "worked from " + to_text(from) + " to " + to_text(to);
        }
        const auto ms = 1 + random_below(random, 400 * day_ms);
        const auto expected = when(until(from) + ms);
        const auto reached = calendar.after(from, ms);
        if (expected == never ? reached < m_plan.last() : reached != expected) {
            return std::to_string(ms) + " ms after " + to_text(from);
        }
        return "";
    }

 private:
    const CalendarPlan& m_plan;
    std::vector<std::int32_t> m_before;  ///< open minutes before minute i
    std::vector<std::int32_t> m_open;    ///< the open minutes
};

}  // namespace linli
