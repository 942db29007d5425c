// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Values that no records give: entered by hand for an area and a period, with where they come from
/// and what proves them. Nothing is overwritten; the newest entry holds.
#include "measure/measure.hpp"

namespace linli::measure {

/// What their change lines are about.
constexpr const char* manual_kind = "indicator";

struct ManualValue {
    Id<ManualValue> id;
    std::string indicator;
    AreaId area;
    Month from = 0, to = 0;
    std::optional<std::int64_t> millionths;  ///< none = taken back
    std::string source, evidence;
    AccountId entered_by;
    Instant entered_at;
    static constexpr auto fields = std::tuple{
        field("id", &ManualValue::id),
        field("indicator", &ManualValue::indicator),
        field("area", &ManualValue::area),
        field("month_from", &ManualValue::from),
        field("month_to", &ManualValue::to),
        field("value", &ManualValue::millionths),
        field("source", &ManualValue::source),
        field("evidence", &ManualValue::evidence),
        field("entered_by", &ManualValue::entered_by),
        field("entered_at", &ManualValue::entered_at)};
};
std::optional<double> value_of(const ManualValue&);

/// As it is answered.
struct ManualEntry {
    Id<ManualValue> id;
    std::string period;
    std::optional<double> value;
    std::string source, evidence;
    Instant entered_at;
    static constexpr auto fields = std::tuple{
        field("id", &ManualEntry::id),
        field("period", &ManualEntry::period),
        field("value", &ManualEntry::value),
        field("source", &ManualEntry::source),
        field("evidence", &ManualEntry::evidence),
        field("entered_at", &ManualEntry::entered_at)};
};
ManualEntry entry_of(const ManualValue&);

/// All that was entered for an area (of one indicator, or of every one), newest first.
std::vector<ManualValue> manual_values(store::Tx&, const area::Node&, const std::string& indicator);
void save(store::Tx&, County, const ManualValue&);

/// What holds for a period: of the entries within it the one that ends last, of those the longest.
/// Null = none.
const ManualValue* in_force(
    const std::vector<ManualValue>& newest_first, std::string_view indicator, Period
);

/// GET and POST /api/indicators/{indicator}/values.
void manual_routes(http::Router&, const Measure&);

}  // namespace linli::measure
