// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "measure/asked.hpp"
#include "measure/manual.hpp"
#include "measure/proof.hpp"
#include "measure/small.hpp"

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
/// Withheld: there is a value, but it would tell of too few people (small.hpp).
struct ChildValue {
    AreaWords area;
    std::optional<double> value;
    bool withheld = false;
    static constexpr auto fields = std::tuple{
        field("area", &ChildValue::area), field("value", &ChildValue::value),
        field("withheld", &ChildValue::withheld)};
};
struct IndicatorAnswer {
    IndicatorBrief indicator;
    AreaWords area;
    std::string period;
    std::optional<double> value;
    bool withheld = false;
    std::vector<SeenCounter> counters;
    std::vector<ChildValue> children;
    Waiting waiting;
    static constexpr auto fields = std::tuple{field("indicator", &IndicatorAnswer::indicator),
                                              field("area", &IndicatorAnswer::area),
                                              field("period", &IndicatorAnswer::period),
                                              field("value", &IndicatorAnswer::value),
                                              field("withheld", &IndicatorAnswer::withheld),
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
    SeenCounter counter;
    AreaWords area;
    std::string period;
    std::vector<std::string> by;
    std::vector<PartValue> parts;
    bool parts_withheld = false;
    Waiting waiting;
    static constexpr auto fields =
        std::tuple{field("counter", &CounterAnswer::counter),
                   field("area", &CounterAnswer::area),
                   field("period", &CounterAnswer::period),
                   field("by", &CounterAnswer::by),
                   field("parts", &CounterAnswer::parts),
                   field("parts_withheld", &CounterAnswer::parts_withheld),
                   field("waiting", &CounterAnswer::waiting)};
};

IndicatorBrief brief(const catalogue::Indicator& one) {
    return {one.id, one.title, one.unit, one.formula.text(), one.manual};
}

/// From the cells, or as entered by hand.
ChildValue figure(
    store::Tx& tx, const Measure& measure, Reader& reader, const catalogue::Indicator& indicator,
    const area::Node& area, Period period
) {
    ChildValue one{words(area), {}, !reader.may_see(indicator, area.id, period)};
    if (!indicator.manual) {
        one.value = one.withheld ? std::nullopt : measure.value(indicator, area.id, period);
        return one;
    }
    const auto entered = manual_values(tx, area, indicator.id);
    const auto* value = in_force(entered, indicator.id, period);
    one.value = value ? value_of(*value) : std::nullopt;
    return one;
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
    Reader reader(measure, call.caller);
    const auto at = [&](const area::Node& area) {
        return figure(call.tx(), measure, reader, indicator, area, where.period);
    };
    const auto here = at(*where.area);
    IndicatorAnswer answer{
        brief(indicator),  here.area, to_text(where.period), here.value, here.withheld, {}, {},
        waiting(call.tx())};
    for (const auto* query : measure.counters_of(indicator)) {
        answer.counters.push_back(seen(reader, measure, *query, where.area->id, where.period));
    }
    if (!by.empty()) {
        for (const auto* child : where.tree->children(where.area->id)) {
            answer.children.push_back(at(*child));
        }
    }
    return answer;
}

CounterAnswer show_counter(http::Call& call, const Measure& measure) {
    const auto where = asked(call, measure);
    const auto& query = measure.query(call.param("counter"));
    Reader reader(measure, call.caller);
    CounterAnswer answer{
        seen(reader, measure, query, where.area->id, where.period),
        words(*where.area),
        to_text(where.period),
        query.counter->by,
        {},
        !reader.may_see_parts(query, where.area->id, where.period),
        waiting(call.tx())};
    if (answer.by.empty() || answer.parts_withheld) {
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
    if (!Reader(measure, call.caller).may_see(query, where.area->id, where.period)) {
        throw conflict("figure_withheld", "it would tell of too few people");
    }
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
    r.get(
        "/api/indicators", [m](Call& call) { return list_measures(call, *m); }, read_right,
        Scope::area, "Indicators with their formulas, and the counters that they are made of"
    );
    asks_area_and_period(
        r.get(
            "/api/indicators/{indicator}", [m](Call& call) { return show_indicator(call, *m); },
            read_right, Scope::area,
            "An indicator of an area and a period, with the counters behind it"
        ),
        area_words
    )
        .query("by", "children: also of each area below");
    asks_area_and_period(
        r.get(
            "/api/counters/{counter}", [m](Call& call) { return show_counter(call, *m); },
            read_right, Scope::area, "A counter of an area and a period, and its breakdown"
        ),
        area_words
    );
    asks_area_and_period(
        r.get(
            "/api/counters/{counter}/records", [m](Call& call) { return show_records(call, *m); },
            read_right, Scope::area,
            "The records behind a counter: those I may read, and how many others there are"
        ),
        area_words
    )
        .query("limit", "1 to 200, default 50")
        .query("cursor", "`next` of the page before")
        .bulk();
}

}  // namespace linli::measure
