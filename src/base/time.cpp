// SPDX-License-Identifier: Apache-2.0
#include "base/time.hpp"

#include <chrono>
#include <cstdlib>

namespace linli {
namespace {

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

constexpr bool leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/// Days before year `year` counted from 0000-03-01, in years that begin in March, so that the leap
/// day is last.
constexpr std::int64_t days_before_march_year(std::int64_t year) {
    return 365 * year + floor_div(year, 4) - floor_div(year, 100) + floor_div(year, 400);
}
constexpr std::int64_t epoch_from_march = 719468;  ///< 1970-01-01 counted from 0000-03-01

void append_padded(std::string& out, std::int64_t number, int digits) {
    if (number < 0) {
        out += '-';
    }
    const auto text = std::to_string(std::abs(number));
    for (auto i = static_cast<int>(text.size()); i < digits; ++i) {
        out += '0';
    }
    out += text;
}

/// Takes text apart from the left; every step is false once something did not fit.
struct Scanner {
    std::string_view rest;

    bool number(std::size_t digits, int& value) {
        if (rest.size() < digits) {
            return false;
        }
        value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (rest[i] < '0' || rest[i] > '9') {
                return false;
            }
            value = value * 10 + (rest[i] - '0');
        }
        rest.remove_prefix(digits);
        return true;
    }
    bool one_of(std::string_view allowed, char& which) {
        if (rest.empty() || allowed.find(rest.front()) == std::string_view::npos) {
            return false;
        }
        which = rest.front();
        rest.remove_prefix(1);
        return true;
    }
    bool one_of(std::string_view allowed) {
        char ignored;
        return one_of(allowed, ignored);
    }
    /// The first three digits of a fraction; the others are dropped.
    bool milliseconds(int& value) {
        int count = 0;
        value = 0;
        while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
            if (count++ < 3) {
                value = value * 10 + (rest.front() - '0');
            }
            rest.remove_prefix(1);
        }
        for (int i = count; i < 3; ++i) {
            value *= 10;
        }
        return count > 0;
    }
    bool date(Date& value) {
        YearMonthDay parts{};
        if (!number(4, parts.year) || !one_of("-") || !number(2, parts.month) || !one_of("-") ||
            !number(2, parts.day) || !valid(parts)) {
            return false;
        }
        value = date_of(parts);
        return true;
    }
    bool time_of_day(std::int64_t& ms) {
        int hour = 0, minute = 0, second = 0, fraction = 0;
        if (!number(2, hour) || !one_of(":") || !number(2, minute) || !one_of(":") ||
            !number(2, second) || hour > 23 || minute > 59 || second > 59) {
            return false;
        }
        if (one_of(".") && !milliseconds(fraction)) {
            return false;
        }
        ms = hour * hour_ms + minute * minute_ms + second * second_ms + fraction;
        return true;
    }
    bool offset(std::int64_t& ms) {
        char sign = 0;
        if (one_of("Zz")) {
            ms = 0;
            return true;
        }
        int hour = 0, minute = 0;
        if (!one_of("+-", sign) || !number(2, hour) || !one_of(":") || !number(2, minute) ||
            hour > 23 || minute > 59) {
            return false;
        }
        ms = (hour * hour_ms + minute * minute_ms) * (sign == '-' ? -1 : 1);
        return true;
    }
};

}  // namespace

Date date_of(YearMonthDay parts) {
    const int month = (parts.month + 9) % 12;  // March is 0
    const std::int64_t year = parts.year - (parts.month <= 2 ? 1 : 0);
    const int day_of_year = (153 * month + 2) / 5 + parts.day - 1;
    return {
        static_cast<std::int32_t>(days_before_march_year(year) + day_of_year - epoch_from_march)};
}

YearMonthDay civil(Date date) {
    const std::int64_t days = date.days + epoch_from_march;
    std::int64_t year = floor_div(days * 400, 146097);  // at most one too large
    while (days_before_march_year(year) > days) {
        --year;
    }
    while (days_before_march_year(year + 1) <= days) {
        ++year;
    }
    const auto day_of_year = static_cast<int>(days - days_before_march_year(year));
    const int month = (5 * day_of_year + 2) / 153;
    const int day = day_of_year - (153 * month + 2) / 5 + 1;
    return {
        static_cast<int>(year) + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9, day};
}

int days_in_month(int year, int month) {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

bool valid(YearMonthDay parts) {
    return parts.year >= 0 && parts.year <= 9999 && parts.month >= 1 && parts.month <= 12 &&
           parts.day >= 1 && parts.day <= days_in_month(parts.year, parts.month);
}

Date official_date(Instant at) {
    return {static_cast<std::int32_t>(
        floor_div(at.ms, day_ms) +
        ((at.ms - floor_div(at.ms, day_ms) * day_ms) + official_offset_ms) / day_ms
    )};
}

Instant start_of(Date date) {
    return {date.days * day_ms - official_offset_ms};
}

std::string to_text(Date date) {
    const auto parts = civil(date);
    std::string text;
    append_padded(text, parts.year, 4);
    text += '-';
    append_padded(text, parts.month, 2);
    text += '-';
    append_padded(text, parts.day, 2);
    return text;
}

std::string_view write(Instant at, TimeText& to) {
    const auto day = floor_div(at.ms, day_ms);
    const auto date = civil(Date{static_cast<std::int32_t>(day)});
    auto rest = at.ms - day * day_ms;
    if (date.year < 0 || date.year > 9999) {
        const auto text = to_text(at);
        return {to.data(), text.copy(to.data(), to.size())};
    }
    auto* end = to.data();
    const auto put = [&end](std::int64_t number, int digits, char after) {
        for (int i = digits; i-- > 0; number /= 10) {
            end[i] = static_cast<char>('0' + number % 10);
        }
        end[digits] = after;
        end += digits + 1;
    };
    put(date.year, 4, '-');
    put(date.month, 2, '-');
    put(date.day, 2, 'T');
    put(rest / hour_ms, 2, ':');
    put(rest / minute_ms % 60, 2, ':');
    put(rest / second_ms % 60, 2, '.');
    put(rest % second_ms, 3, 'Z');
    return {to.data(), static_cast<std::size_t>(end - to.data())};
}

std::string to_text(Instant at) {
    const auto day = floor_div(at.ms, day_ms);
    auto rest = at.ms - day * day_ms;
    auto text = to_text(Date{static_cast<std::int32_t>(day)});
    text += 'T';
    append_padded(text, rest / hour_ms, 2);
    text += ':';
    append_padded(text, rest / minute_ms % 60, 2);
    text += ':';
    append_padded(text, rest / second_ms % 60, 2);
    text += '.';
    append_padded(text, rest % second_ms, 3);
    text += 'Z';
    return text;
}

std::optional<Instant> parse_instant(std::string_view text) {
    Scanner scanner{text};
    Date date;
    std::int64_t time_ms = 0, offset_ms = 0;
    if (!scanner.date(date) || !scanner.one_of("Tt") || !scanner.time_of_day(time_ms) ||
        !scanner.offset(offset_ms) || !scanner.rest.empty()) {
        return std::nullopt;
    }
    return Instant{date.days * day_ms + time_ms - offset_ms};
}

std::optional<Date> parse_date(std::string_view text) {
    Scanner scanner{text};
    Date date;
    if (!scanner.date(date) || !scanner.rest.empty()) {
        return std::nullopt;
    }
    return date;
}

Instant SystemTime::now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

Instant ManualTime::now() {
    return {m_ms.load()};
}
void ManualTime::set(Instant at) {
    m_ms = at.ms;
}
void ManualTime::advance(std::int64_t ms) {
    m_ms += ms;
}

}  // namespace linli
