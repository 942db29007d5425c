// SPDX-License-Identifier: Apache-2.0
#include "measure/period.hpp"

#include <charconv>

namespace linli::measure {

namespace {

constexpr Month months_most = 50 * 12;

/// Digits alone; -1 for anything else.
int number(std::string_view text, std::size_t digits) {
    int value = -1;
    const bool plain =
        text.size() == digits && text.find_first_not_of("0123456789") == std::string_view::npos;
    if (plain) {
        std::from_chars(text.data(), text.data() + text.size(), value);
    }
    return value;
}

std::optional<Period> one_span(std::string_view text) {
    const int year = number(text.substr(0, 4), 4);
    if (year < 1900) {
        return std::nullopt;
    }
    if (text.size() == 4) {
        return Period{year * 12, year * 12 + 11};
    }
    if (text[4] != '-') {
        return std::nullopt;
    }
    const auto rest = text.substr(5);
    if (rest.size() == 2 && rest[0] == 'Q') {
        const int quarter = number(rest.substr(1), 1);
        const Month from = year * 12 + (quarter - 1) * 3;
        return quarter < 1 || quarter > 4 ? std::nullopt : std::optional(Period{from, from + 2});
    }
    const int month = number(rest, 2);
    return month < 1 || month > 12
               ? std::nullopt
               : std::optional(Period{year * 12 + month - 1, year * 12 + month - 1});
}

}  // namespace

Month month_of(Date date) {
    const auto day = civil(date);
    return day.year * 12 + day.month - 1;
}

Month month_of(Instant at) {
    return month_of(official_date(at));
}

Date first_day(Month month) {
    return date_of({month / 12, month % 12 + 1, 1});
}

std::string to_text(Month month) {
    return linli::to_text(first_day(month)).substr(0, 7);
}

std::optional<Period> parse_period(std::string_view text) {
    const auto dots = text.find("..");
    const auto first = one_span(text.substr(0, dots));
    const auto last = dots == std::string_view::npos ? first : one_span(text.substr(dots + 2));
    if (!first || !last || last->to < first->from || last->to - first->from >= months_most) {
        return std::nullopt;
    }
    return Period{first->from, last->to};
}

std::string to_text(Period period) {
    return period.from == period.to ? to_text(period.from)
                                    : to_text(period.from) + ".." + to_text(period.to);
}

}  // namespace linli::measure
