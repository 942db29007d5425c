// SPDX-License-Identifier: Apache-2.0
#include "measure/manual.hpp"

#include <cmath>
#include <set>

#include "base/text.hpp"
#include "measure/asked.hpp"

namespace linli::measure {

namespace {

constexpr double unit = 1e6;
constexpr double largest = 1e12;
constexpr int listed_most = 5000;

}  // namespace

std::optional<double> value_of(const ManualValue& one) {
    return one.millionths ? std::optional(static_cast<double>(*one.millionths) / unit)
                          : std::nullopt;
}

ManualEntry entry_of(const ManualValue& one) {
    return {one.id,        to_text(Period{one.from, one.to}),
            value_of(one), one.source,
            one.evidence,  one.entered_at};
}

std::vector<ManualValue> manual_values(
    store::Tx& tx, const area::Node& area, const std::string& indicator
) {
    constexpr store::Sql sql{"measure.manual", R"(
        SELECT id, indicator, area, month_from, month_to, value, source, evidence, entered_by, entered_at
          FROM measure_manual WHERE county = $1 AND area = $2 AND ($3 = '' OR indicator = $3)
         ORDER BY id DESC LIMIT $4)"};
    return tx.all<ManualValue>(sql, area.county_number, area.id, indicator, listed_most);
}

void save(store::Tx& tx, County county, const ManualValue& one) {
    constexpr store::Sql sql{"measure.save_manual", R"(
        INSERT INTO measure_manual (county, id, indicator, area, month_from, month_to, value, source, evidence,
                                    entered_by, entered_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))"};
    tx.run(
        sql, county, one.id, one.indicator, one.area, one.from, one.to, one.millionths, one.source,
        one.evidence, one.entered_by, one.entered_at
    );
}

const ManualValue* in_force(
    const std::vector<ManualValue>& newest_first, std::string_view indicator, Period period
) {
    const ManualValue* best = nullptr;
    std::set<std::pair<Month, Month>> seen;
    for (const auto& one : newest_first) {
        const bool asked =
            one.indicator == indicator && one.from >= period.from && one.to <= period.to;
        if (!asked || !seen.emplace(one.from, one.to).second || !one.millionths) {
            continue;
        }
        if (!best || std::pair(one.to, -one.from) > std::pair(best->to, -best->from)) {
            best = &one;
        }
    }
    return best;
}

namespace {

struct EnterRequest {
    AreaId area;
    std::string period;
    std::optional<double> value;  ///< none = what was entered is taken back
    std::string source, evidence;
    static constexpr auto fields = std::tuple{
        field("area", &EnterRequest::area), field("period", &EnterRequest::period, {.max = 40}),
        field("value", &EnterRequest::value), field("source", &EnterRequest::source, {.max = 200}),
        field("evidence", &EnterRequest::evidence, {.max = 2000})};
};
struct ManualAnswer {
    AreaWords area;
    std::vector<ManualEntry> entries;
    static constexpr auto fields =
        std::tuple{field("area", &ManualAnswer::area), field("entries", &ManualAnswer::entries)};
};

ManualAnswer list_entries(http::Call& call, const Measure& measure) {
    const auto where = asked_area(call, measure);
    const auto& indicator = measure.indicator(call.param("indicator"));
    ManualAnswer answer{words(*where.area), {}};
    for (const auto& one : manual_values(call.tx(), *where.area, indicator.id)) {
        answer.entries.push_back(entry_of(one));
    }
    return answer;
}

/// Refuses what is no number of the indicator: it would be rounded, or too large to be kept.
std::optional<std::int64_t> checked(
    const std::optional<double>& value, const catalogue::Indicator& indicator
) {
    if (!value) {
        return std::nullopt;
    }
    if (!std::isfinite(*value) || std::abs(*value) > largest) {
        throw invalid("/value", "number_too_large", "at most 1,000,000,000,000");
    }
    const double step = std::pow(10.0, indicator.digits);
    const double rounded = std::round(*value * step) / step;
    if (std::abs(rounded - *value) > 1e-9 * std::max(1.0, std::abs(*value))) {
        throw invalid(
            "/value", "too_precise",
            "at most " + std::to_string(indicator.digits) + " digits behind the point"
        );
    }
    return std::llround(rounded * unit);
}

void log(http::Call& call, const std::string& role, const ManualValue& one, County county) {
    store::Change change;
    change.at = call.now;
    change.actor = call.caller.account;
    change.role = role;
    change.kind = manual_kind;
    change.record = {one.id.value};
    change.action = one.millionths ? "enter" : "take_back";
    change.area_after = one.area;
    change.detail = one.indicator + " " + to_text(Period{one.from, one.to});
    change.request = call.request.id;
    store::append_change(call.tx(), county, std::move(change));
}

ManualEntry enter(http::Call& call, const EnterRequest& body, const Measure& measure) {
    const auto tree = measure.tree();
    const auto* node = tree->find(body.area);
    if (!node || role_with(call.caller, measure, *tree, body.area, read_right).empty()) {
        throw not_found("area");
    }
    const auto role = role_with(call.caller, measure, *tree, body.area, enter_right);
    if (role.empty()) {
        throw forbidden("area_out_of_scope", "the area is outside of your own");
    }
    const auto& indicator = measure.indicator(call.param("indicator"));
    if (!indicator.manual) {
        throw conflict("indicator_computed", "its values come from the records");
    }
    const auto period = parse_period(body.period);
    if (!period) {
        throw invalid("/period", "period_malformed", "2025, 2025-Q2 or 2025-06");
    }
    if (period->from > month_of(call.now)) {
        throw invalid("/period", "period_ahead", "the period has not begun yet");
    }
    ManualValue one;
    one.indicator = indicator.id;
    one.area = node->id;
    one.from = period->from;
    one.to = period->to;
    one.millionths = checked(body.value, indicator);
    one.source = tidy(body.source);
    one.evidence = tidy(body.evidence);
    for (const auto& [pointer, text] :
         {std::pair("/source", &one.source), {"/evidence", &one.evidence}}) {
        if (text->empty()) {
            throw invalid(pointer, "required", "say where the value comes from and what proves it");
        }
    }
    one.entered_by = call.caller.account;
    one.entered_at = call.now;
    one.id = {call.tx().new_id(node->county_number)};
    save(call.tx(), node->county_number, one);
    log(call, role, one, node->county_number);
    return entry_of(one);
}

}  // namespace

void manual_routes(http::Router& r, const Measure& measure) {
    const auto* m = &measure;
    r.get(
         "/api/indicators/{indicator}/values",
         [m](http::Call& call) { return list_entries(call, *m); }, read_right, http::Scope::area,
         "What was entered by hand for an indicator and an area, newest first"
    )
        .query("area", "id of an area of my grants, or below one")
        .id_fields({"query:area"});
    r.post(
         "/api/indicators/{indicator}/values",
         [m](http::Call& call, const EnterRequest& body) { return enter(call, body, *m); },
         enter_right, http::Scope::area,
         "Enter a value by hand, with its source and evidence; without a value it is taken back"
    )
        .created()
        .once_per_key()
        .id_fields({"body:area"});
}

}  // namespace linli::measure
