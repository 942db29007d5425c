// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "measure/measure.hpp"
#include "measure/proof.hpp"
#include "measure/store.hpp"

namespace linli::measure {

namespace {

constexpr const char* right = "board.read";

struct IndicatorBrief {
    std::string id, unit;
    catalogue::Title title;
    std::string formula;
    static constexpr auto fields = std::tuple{
        field("id", &IndicatorBrief::id), field("unit", &IndicatorBrief::unit),
        field("title", &IndicatorBrief::title), field("formula", &IndicatorBrief::formula)};
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
struct AreaWords {
    AreaId id;
    std::string code, name, level;
    static constexpr auto fields = std::tuple{
        field("id", &AreaWords::id), field("code", &AreaWords::code),
        field("name", &AreaWords::name), field("level", &AreaWords::level)};
};
/// What is committed but not in the figure yet: lines that were not read, cells that were not
/// counted.
struct Waiting {
    std::int64_t changes = 0, cells = 0;
    static constexpr auto fields =
        std::tuple{field("changes", &Waiting::changes), field("cells", &Waiting::cells)};
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
    return {one.id, one.unit, one.title, one.formula.text()};
}

AreaWords words(const area::Node& node) {
    return {node.id, std::string(node.code), std::string(node.name), linli::name_of(node.level)};
}

Waiting waiting(store::Tx& tx) {
    return {lines_behind(tx, follower_name), count_marks(tx)};
}

/// What a figure is asked for. Where the caller holds no role with the right is as if it were not
/// there.
struct Asked {
    std::shared_ptr<const area::Tree> tree;
    const area::Node* area = nullptr;
    Period period;
};
Asked asked(const http::Call& call, const Measure& measure) {
    Asked result{measure.tree(), nullptr, {}};
    AreaId id;
    if (parse_id(call.query("area").value_or(""), id.value)) {
        result.area = result.tree->find(id);
    }
    const auto granted = [&](const http::Grant& grant) {
        const auto* role = measure.catalogue().role(grant.role);
        return role && result.tree->within(id, grant.area) &&
               std::find(role->rights.begin(), role->rights.end(), right) != role->rights.end();
    };
    const auto& grants = call.caller.grants;
    if (!result.area || !std::any_of(grants.begin(), grants.end(), granted)) {
        throw not_found("area");
    }
    const auto period = parse_period(call.query("period").value_or(""));
    if (!period) {
        throw malformed(
            "period_malformed",
            "period is 2025, 2025-Q2, 2025-06 or 2025-01..2025-06, at most 50 years"
        );
    }
    result.period = *period;
    return result;
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
        measure.value(indicator, where.area->id, where.period),
        {},
        {},
        waiting(call.tx())};
    for (const auto* query : measure.counters_of(indicator)) {
        answer.counters.push_back(measure.counter(*query, where.area->id, where.period));
    }
    if (!by.empty()) {
        for (const auto* child : where.tree->children(where.area->id)) {
            answer.children.push_back(
                {words(*child), measure.value(indicator, child->id, where.period)}
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
    const char* const area_words = "id of an area of my grants, or below one";
    const char* const period_words = "2025, 2025-Q2, 2025-06 or 2025-01..2025-06";
    r.get(
        "/api/indicators", [m](Call& call) { return list_measures(call, *m); }, right, Scope::area,
        "Indicators with their formulas, and the counters that they are made of"
    );
    r.get(
         "/api/indicators/{indicator}", [m](Call& call) { return show_indicator(call, *m); }, right,
         Scope::area, "An indicator of an area and a period, with the counters behind it"
    )
        .query("area", area_words)
        .query("period", period_words)
        .query("by", "children: also of each area below")
        .id_fields({"query:area"});
    r.get(
         "/api/counters/{counter}", [m](Call& call) { return show_counter(call, *m); }, right,
         Scope::area, "A counter of an area and a period, and its breakdown"
    )
        .query("area", area_words)
        .query("period", period_words)
        .id_fields({"query:area"});
    r.get(
         "/api/counters/{counter}/records", [m](Call& call) { return show_records(call, *m); },
         right, Scope::area,
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
