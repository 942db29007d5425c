// SPDX-License-Identifier: Apache-2.0
#include "base/calendar.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace linli {
namespace {

constexpr int day_minutes_most = 24 * 60;
constexpr Instant earliest{-62135596800000};  ///< year 1

int minutes_of(const std::vector<Hours>& hours) {
    int sum = 0;
    for (const auto& span : hours) {
        sum += span.to - span.from;
    }
    return sum;
}

void check_hours(const std::vector<Hours>& hours, const std::string& where) {
    int last = 0;
    for (const auto& span : hours) {
        if (span.from < last || span.to <= span.from || span.to > day_minutes_most) {
            throw std::invalid_argument(
                where + ": hours must be ascending, must not overlap and must end by 24:00"
            );
        }
        last = span.to;
    }
}

/// Working time of the day before the `ms`-th millisecond of it.
std::int64_t worked_within(const std::vector<Hours>& hours, std::int64_t ms) {
    std::int64_t sum = 0;
    for (const auto& span : hours) {
        const auto from = span.from * minute_ms, to = span.to * minute_ms;
        if (ms <= from) {
            break;
        }
        sum += std::min(ms, to) - from;
    }
    return sum;
}

/// The millisecond of the day at which `need` (> 0, at most the day's) of its working time has
/// passed.
std::int64_t reached_within(const std::vector<Hours>& hours, std::int64_t need) {
    for (const auto& span : hours) {
        const auto length = (span.to - span.from) * minute_ms;
        if (need <= length) {
            return span.from * minute_ms + need;
        }
        need -= length;
    }
    return day_ms;
}

std::int64_t unit_ms(const Calendar& calendar, Limit::Unit unit) {
    switch (unit) {
        case Limit::Unit::minute:
        case Limit::Unit::working_minute:
            return minute_ms;
        case Limit::Unit::hour:
        case Limit::Unit::working_hour:
            return hour_ms;
        case Limit::Unit::day:
            return day_ms;
        case Limit::Unit::working_day:
            return calendar.day_minutes() * minute_ms;
    }
    return 0;
}

constexpr std::string_view unit_words[] = {"minute",         "hour",         "day",
                                           "working minute", "working hour", "working day"};

Instant plus(Instant start, std::int64_t ms) {
    return start.ms > never.ms - ms ? std::max(start, never) : start + ms;
}

}  // namespace

Calendar::Calendar(
    std::string name, std::vector<std::vector<Hours>> week,
    std::map<Date, std::vector<Hours>> exceptions
)
    : m_name(std::move(name)), m_week(std::move(week)), m_exceptions(std::move(exceptions)) {
    if (m_week.size() != 7) {
        throw std::invalid_argument("calendar " + m_name + ": the week must have seven days");
    }
    for (std::size_t i = 0; i < 7; ++i) {
        check_hours(m_week[i], "calendar " + m_name + ", weekday " + std::to_string(i + 1));
        const int minutes = minutes_of(m_week[i]);
        m_week_minutes[i + 1] = m_week_minutes[i] + minutes;
        m_day_minutes = std::max(m_day_minutes, minutes);
    }
    if (m_day_minutes == 0) {
        m_day_minutes = day_minutes_most;
    }
    build_table();
}

void Calendar::build_table() {
    int first_year = 2019, last_year = 2040;
    for (const auto& [date, hours] : m_exceptions) {
        const auto where = "calendar " + m_name + ", " + to_text(date);
        check_hours(hours, where);
        const int year = civil(date).year;
        if (year < 1900 || year > 2200) {
            throw std::invalid_argument(where + ": the year must be within 1900 and 2200");
        }
        first_year = std::min(first_year, year);
        last_year = std::max(last_year, year + 10);
    }
    m_first = date_of({first_year, 1, 1});
    const auto days = date_of({last_year + 1, 1, 1}) - m_first;
    m_patterns = m_week;
    m_minutes.assign(1, 0);
    m_minutes.reserve(static_cast<std::size_t>(days) + 1);
    m_pattern.reserve(static_cast<std::size_t>(days));
    for (Date date = m_first; date < m_first + days; date = date + 1) {
        auto pattern = static_cast<std::size_t>(weekday(date));
        if (const auto found = m_exceptions.find(date); found != m_exceptions.end()) {
            const auto same = std::find(m_patterns.begin(), m_patterns.end(), found->second);
            pattern = static_cast<std::size_t>(same - m_patterns.begin());
            if (same == m_patterns.end()) {
                m_patterns.push_back(found->second);
            }
        }
        if (pattern > UINT16_MAX) {
            throw std::invalid_argument("calendar " + m_name + ": too many different days");
        }
        m_pattern.push_back(static_cast<std::uint16_t>(pattern));
        m_minutes.push_back(m_minutes.back() + minutes_of(m_patterns[pattern]));
    }
}

const std::vector<Hours>& Calendar::hours(Date date) const {
    const auto i = static_cast<std::int64_t>(date.days) - m_first.days;
    if (i >= 0 && i < static_cast<std::int64_t>(m_pattern.size())) {
        return m_patterns[m_pattern[static_cast<std::size_t>(i)]];
    }
    return m_week[static_cast<std::size_t>(weekday(date))];
}

bool Calendar::open(Instant at) const {
    const auto date = official_date(at);
    const auto minute = (at - start_of(date)) / minute_ms;
    for (const auto& span : hours(date)) {
        if (minute >= span.from && minute < span.to) {
            return true;
        }
    }
    return false;
}

/// Working minutes between the table's first day and `date`; negative before it.
std::int64_t Calendar::minutes_before(Date date) const {
    const auto i = static_cast<std::int64_t>(date.days) - m_first.days;
    const auto last = static_cast<std::int64_t>(m_pattern.size());
    if (i >= 0 && i <= last) {
        return m_minutes[static_cast<std::size_t>(i)];
    }
    // Outside the table every week is alike: minutes since some Monday, at both ends.
    const Date edge = i < 0 ? m_first : m_first + static_cast<std::int32_t>(last);
    const auto since_monday = [&](Date day) {
        const auto monday = std::int64_t{day.days} - weekday(day);
        return (monday - 4) / 7 * m_week_minutes[7] +  // 1970-01-05 was a Monday
               m_week_minutes[static_cast<std::size_t>(weekday(day))];
    };
    return (i < 0 ? 0 : m_minutes.back()) + since_monday(date) - since_monday(edge);
}

std::int64_t Calendar::worked_until(Instant at) const {
    const auto date = official_date(at);
    return minutes_before(date) * minute_ms + worked_within(hours(date), at - start_of(date));
}

std::int64_t Calendar::worked(Instant from, Instant to) const {
    return worked_until(std::clamp(to, earliest, never)) -
           worked_until(std::clamp(from, earliest, never));
}

/// The day of the table whose working minutes reach `minutes` (0 < minutes <= the whole table's).
Date Calendar::table_day(std::int64_t minutes) const {
    constexpr std::int64_t window = 16;
    const auto size = static_cast<std::int64_t>(m_minutes.size());
    const auto guess = minutes * (size - 1) / m_minutes.back();
    auto low = std::max<std::int64_t>(guess - window, 0);
    auto high = std::min<std::int64_t>(guess + window, size);
    const auto at = [&](std::int64_t i) { return m_minutes[static_cast<std::size_t>(i)]; };
    if (low > 0 && at(low) >= minutes) {
        low = 0;
    }
    if (high < size && at(high - 1) < minutes) {
        high = size;
    }
    const auto found = std::lower_bound(m_minutes.begin() + low, m_minutes.begin() + high, minutes);
    return m_first + static_cast<std::int32_t>(found - m_minutes.begin() - 1);
}

/// The first day not before `from` at whose end `minutes` (as counted by minutes_before) have
/// passed, or year 10000.
Date Calendar::day_reaching(Date from, std::int64_t minutes) const {
    const Date end = m_first + static_cast<std::int32_t>(m_pattern.size());
    if (from < end && minutes > 0 && minutes <= m_minutes.back()) {
        return table_day(minutes);
    }
    if (from < end && minutes > m_minutes.back()) {
        from = end;
    }
    // Outside the table, where every week is alike: whole weeks at once, then day by day.
    const auto week = m_week_minutes[7];
    const Date last = official_date(never) + 1;
    if (week == 0) {
        return last;
    }
    const auto weeks = (minutes - minutes_before(from) - 1) / week;
    if (weeks > (last - from) / 7) {
        return last;
    }
    Date day = from + static_cast<std::int32_t>(weeks * 7);
    while (minutes_before(day + 1) < minutes) {
        day = day + 1;
    }
    return day;
}

Instant Calendar::after(Instant start, std::int64_t ms) const {
    if (ms <= 0 || start >= never) {
        return start;
    }
    const Instant from = std::max(start, earliest);
    const auto before = worked_until(from);
    if (ms > never.ms) {
        return never;
    }
    const auto target = before + ms;
    const auto minutes = target >= 0 ? (target + minute_ms - 1) / minute_ms : target / minute_ms;
    const Date day = day_reaching(official_date(from), minutes);
    if (day > official_date(never)) {
        return never;
    }
    const auto need = target - minutes_before(day) * minute_ms;
    return std::min(start_of(day) + reached_within(hours(day), need), never);
}

std::string to_text(const Limit& limit) {
    std::string text = std::to_string(limit.amount) + " ";
    text += unit_words[static_cast<std::size_t>(limit.unit)];
    if (limit.amount != 1) {
        text += 's';
    }
    return text;
}

std::optional<Limit> parse_limit(std::string_view text) {
    Limit limit;
    const auto blank = text.find(' ');
    if (blank == std::string_view::npos || blank > 9 || text.front() < '1' || text.front() > '9') {
        return std::nullopt;
    }
    const char* end = text.data() + blank;
    if (std::from_chars(text.data(), end, limit.amount).ptr != end) {
        return std::nullopt;
    }
    auto word = text.substr(blank + 1);
    if (word.ends_with('s')) {
        word.remove_suffix(1);
    }
    const auto* found = std::find(std::begin(unit_words), std::end(unit_words), word);
    if (found == std::end(unit_words)) {
        return std::nullopt;
    }
    limit.unit = static_cast<Limit::Unit>(found - std::begin(unit_words));
    return limit;
}

std::int64_t limit_ms(const Calendar& calendar, const Limit& limit) {
    const auto unit = unit_ms(calendar, limit.unit);
    return limit.amount > never.ms / unit ? never.ms : limit.amount * unit;
}

std::int64_t elapsed_ms(const Calendar& calendar, const Limit& limit, Instant from, Instant to) {
    return limit.working() ? calendar.worked(from, to) : to - from;
}

Instant due(const Calendar& calendar, const Limit& limit, Instant start, std::int64_t left_ms) {
    if (limit.working()) {
        return calendar.after(start, left_ms);
    }
    return left_ms <= 0 ? start : plus(start, left_ms);
}

Instant due(const Calendar& calendar, const Limit& limit, Instant start) {
    return due(calendar, limit, start, limit_ms(calendar, limit));
}

}  // namespace linli
