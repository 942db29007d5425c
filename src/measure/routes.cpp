// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "measure/asked.hpp"
#include "measure/manual.hpp"
#include "measure/proof.hpp"

namespace linli::measure {

namespace {

struct IndicatorBrief {
    std::string id;
    catalogue::Title title, unit;
    std::string formula;
    bool manual = false;  ///< entered by hand: there is no formula
    static constexpr auto fields = std::tuple{
        field("id", &IndicatorBrief::id), field("unit", &IndicatorBrief::unit),
        field("title", &IndicatorBrief::title), field("formula", &IndicatorBrief::formula),
        field("manual", &IndicatorBrief::manual)};
};
struct CounterBrief {
    std::string id, of;
    catalogue::Title title;
    bool stock = false, counted = true;
    std::vector<std::string> by;
    static constexpr auto fields =
        std::tuple{field("id", &CounterBrief::id),           field("of", &CounterBrief::of),
                   field("title", &CounterBrief::title),     field("stock", &CounterBrief::stock),
                   field("counted", &CounterBrief::counted), field("by", &CounterBrief::by)};
};
struct MeasuresAnswer {
    std::vector<IndicatorBrief> indicators;
    std::vector<CounterBrief> counters;
    static constexpr auto fields = std::tuple{
        field("indicators", &MeasuresAnswer::indicators),
        field("counters", &MeasuresAnswer::counters)};
};
struct ChildValue {
    AreaWords area;
    std::optional<double> value;
    static constexpr auto fields =
        std::tuple{field("area", &ChildValue::area), field("value", &ChildValue::value)};
};
struct IndicatorAnswer {
    IndicatorBrief indicator;
    AreaWords area;
    std::string period;
    std::optional<double> value;
    std::vector<CounterValue> counters;
    std::vector<ChildValue> children;
    Waiting waiting;
    static constexpr auto fields = std::tuple{field("indicator", &IndicatorAnswer::indicator),
                                              field("area", &IndicatorAnswer::area),
                                              field("period", &IndicatorAnswer::period),
                                              field("value", &IndicatorAnswer::value),
                                              field("counters", &IndicatorAnswer::counters),
                                              field("children", &IndicatorAnswer::children),
                                              field("waiting", &IndicatorAnswer::waiting)};
};
struct PartValue {
    std::vector<std::string> of;  ///< one value for each breakdown; "" = the record has none
    double value = 0;
    static constexpr auto fields =
        std::tuple{field("of", &PartValue::of), field("value", &PartValue::value)};
};
struct CounterAnswer {
    CounterValue counter;
    AreaWords area;
    std::string period;
    std::vector<std::string> by;
    std::vector<PartValue> parts;
    Waiting waiting;
    static constexpr auto fields = std::tuple{
        field("counter", &CounterAnswer::counter), field("area", &CounterAnswer::area),
        field("period", &CounterAnswer::period),   field("by", &CounterAnswer::by),
        field("parts", &CounterAnswer::parts),     field("waiting", &CounterAnswer::waiting)};
};

IndicatorBrief brief(const catalogue::Indicator& one) {
    return {one.id, one.title, one.unit, one.formula.text(), one.manual};
}

/// From the cells, or as entered by hand.
std::optional<double> figure(
    store::Tx& tx, const Measure& measure, const catalogue::Indicator& indicator,
    const area::Node& area, Period period
) {
    if (!indicator.manual) {
        return measure.value(indicator, area.id, period);
    }
    const auto entered = manual_values(tx, area, indicator.id);
    const auto* one = in_force(entered, indicator.id, period);
    return one ? value_of(*one) : std::nullopt;
}

MeasuresAnswer list_measures(http::Call&, const Measure& measure) {
    MeasuresAnswer answer;
    for (const auto& one : measure.catalogue().indicators()) {
        answer.indicators.push_back(brief(one));
    }
    for (const auto& one : measure.catalogue().counters()) {
        answer.counters.push_back(
            {one.id, one.of, one.title, one.stock, one.distinct.empty(), one.by}
        );
    }
    return answer;
}

IndicatorAnswer show_indicator(http::Call& call, const Measure& measure) {
    const auto where = asked(call, measure);
    const auto& indicator = measure.indicator(call.param("indicator"));
    const auto by = call.query("by").value_or("");
    if (!by.empty() && by != "children") {
        throw malformed("query_malformed", "by is children");
    }
    IndicatorAnswer answer{
        brief(indicator),
        words(*where.area),
        to_text(where.period),
        figure(call.tx(), measure, indicator, *where.area, where.period),
        {},
        {},
        waiting(call.tx())};
    for (const auto* query : measure.counters_of(indicator)) {
        answer.counters.push_back(measure.counter(*query, where.area->id, where.period));
    }
    if (!by.empty()) {
        for (const auto* child : where.tree->children(where.area->id)) {
            answer.children.push_back(
                {words(*child), figure(call.tx(), measure, indicator, *child, where.period)}
            );
        }
    }
    return answer;
}

CounterAnswer show_counter(http::Call& call, const Measure& measure) {
    const auto where = asked(call, measure);
    const auto& query = measure.query(call.param("counter"));
    CounterAnswer answer{
        measure.counter(query, where.area->id, where.period),
        words(*where.area),
        to_text(where.period),
        query.counter->by,
        {},
        waiting(call.tx())};
    if (answer.by.empty()) {
        return answer;
    }
    double unit = 1;
    for (int i = 0; i < query.scale; ++i) {
        unit *= 10;
    }
    for (const auto& [key, value] :
         measure.cells().split(query.counter->id, where.area->id, where.period)) {
        PartValue part{{}, static_cast<double>(value) / unit};
        for (const auto one : split(key, '|')) {
            part.of.emplace_back(one);
        }
        answer.parts.push_back(std::move(part));
    }
    return answer;
}

Proof show_records(http::Call& call, const Measure& measure) {
    const auto where = asked(call, measure);
    const auto& query = measure.query(call.param("counter"));
    RecordId after;
    const auto cursor = call.query("cursor");
    if (cursor && !parse_id(*cursor, after.value)) {
        throw malformed("cursor_malformed", "pass on `next` of the page before");
    }
    const int limit = call.query_int("limit", 50, 1, 200);
    return prove(
        call.tx(), measure, query, {where.area->id, where.period, call.now}, call.caller, after,
        limit
    );
}

}  // namespace

void Measure::routes(http::Router& r) const {
    using http::Call;
    using http::Scope;
    const auto* m = this;
    manual_routes(r, *this);
    const char* const area_words = "id of an area of my grants, or below one";
    const char* const period_words = "2025, 2025-Q2, 2025-06 or 2025-01..2025-06";
    r.get(
        "/api/indicators", [m](Call& call) { return list_measures(call, *m); }, read_right,
        Scope::area, "Indicators with their formulas, and the counters that they are made of"
    );
    r.get(
         "/api/indicators/{indicator}", [m](Call& call) { return show_indicator(call, *m); },
         read_right, Scope::area,
         "An indicator of an area and a period, with the counters behind it"
    )
        .query("area", area_words)
        .query("period", period_words)
        .query("by", "children: also of each area below")
        .id_fields({"query:area"});
    r.get(
         "/api/counters/{counter}", [m](Call& call) { return show_counter(call, *m); }, read_right,
         Scope::area, "A counter of an area and a period, and its breakdown"
    )
        .query("area", area_words)
        .query("period", period_words)
        .id_fields({"query:area"});
    r.get(
         "/api/counters/{counter}/records", [m](Call& call) { return show_records(call, *m); },
         read_right, Scope::area,
         "The records behind a counter: those I may read, and how many others there are"
    )
        .query("area", area_words)
        .query("period", period_words)
        .query("limit", "1 to 200, default 50")
        .query("cursor", "`next` of the page before")
        .id_fields({"query:area"})
        .bulk();
}

}  // namespace linli::measure
