// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Instants and dates. Official time is UTC+8 without daylight saving; instants are stored and sent
/// in UTC.
#include <array>
#include <atomic>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linli {

struct Instant {
    std::int64_t ms = 0;  ///< milliseconds since 1970-01-01T00:00Z
    auto operator<=>(const Instant&) const = default;
};

struct Date {
    std::int32_t days = 0;  ///< days since 1970-01-01 in the proleptic Gregorian calendar
    auto operator<=>(const Date&) const = default;
};

struct YearMonthDay {
    int year, month, day;
};

constexpr std::int64_t second_ms = 1000, minute_ms = 60 * second_ms, hour_ms = 60 * minute_ms,
                       day_ms = 24 * hour_ms;
constexpr std::int64_t official_offset_ms = 8 * hour_ms;

constexpr Instant operator+(Instant at, std::int64_t ms) {
    return {at.ms + ms};
}
constexpr Instant operator-(Instant at, std::int64_t ms) {
    return {at.ms - ms};
}
constexpr std::int64_t operator-(Instant a, Instant b) {
    return a.ms - b.ms;
}
constexpr Date operator+(Date date, std::int32_t days) {
    return {date.days + days};
}
constexpr std::int32_t operator-(Date a, Date b) {
    return a.days - b.days;
}

/// The last instant that can be written in four digits of year: the answer to "when?" for what
/// never happens.
constexpr Instant never{253402300799999};

Date date_of(YearMonthDay);
bool valid(YearMonthDay);  ///< a real date of the years 0 to 9999
int days_in_month(int year, int month);
YearMonthDay civil(Date);
constexpr int weekday(Date date) {
    return ((date.days % 7) + 10) % 7;
}  ///< 0 = Monday
Date official_date(Instant);  ///< the date on the wall in China
Instant start_of(Date);       ///< its midnight, official time
/// What to_text(Instant) gives, without memory of its own.
using TimeText = std::array<char, 32>;
std::string_view write(Instant, TimeText&);
std::string to_text(Instant);                            ///< "2025-05-08T00:12:30.123Z"
std::string to_text(Date);                               ///< "2025-05-08"
std::optional<Instant> parse_instant(std::string_view);  ///< RFC 3339 with any offset
std::optional<Date> parse_date(std::string_view);        ///< "2025-05-08", checked

/// Where `now` comes from; injected so that tests and the demo own the time. Thread-safe.
class TimeSource {
 public:
    virtual ~TimeSource() = default;
    virtual Instant now() = 0;
};
class SystemTime final : public TimeSource {
 public:
    Instant now() override;
};
/// Stands still until told.
class ManualTime final : public TimeSource {
 public:
    explicit ManualTime(Instant at) : m_ms(at.ms) {}
    Instant now() override;
    void set(Instant at);
    void advance(std::int64_t ms);

 private:
    std::atomic<std::int64_t> m_ms;
};

}  // namespace linli
