// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Months and the periods that figures are asked for: 2025, 2025-Q2, 2025-06, 2025-01..2025-06.
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace linli::measure {

/// year * 12 + month - 1, by the calendar on the wall in China.
using Month = std::int32_t;
constexpr Month all_months = -1;

Month month_of(Date);
Month month_of(Instant);
Date first_day(Month);
std::string to_text(Month);  ///< "2025-06"

struct Period {
    Month from = 0, to = 0;  ///< both within
    bool operator==(const Period&) const = default;
};
/// Nothing for what is no period, is longer than 50 years or ends before it begins.
std::optional<Period> parse_period(std::string_view);
std::string to_text(Period);  ///< "2025-06", or "2025-01..2025-06"

}  // namespace linli::measure
