// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "measure/asked.hpp"
#include "plan/plan.hpp"

namespace linli::plan {

namespace {

using measure::Asked;
using measure::Measure;

constexpr int quarters_shown = 8;

struct PlanBrief {
    std::string id;
    catalogue::Title title;
    std::string source;
    measure::AreaWords area;
    int from_year = 0, to_year = 0;
    std::int64_t indicators = 0;
    static constexpr auto fields = std::tuple{
        field("id", &PlanBrief::id),
        field("title", &PlanBrief::title),
        field("source", &PlanBrief::source),
        field("area", &PlanBrief::area),
        field("from_year", &PlanBrief::from_year),
        field("to_year", &PlanBrief::to_year),
        field("indicators", &PlanBrief::indicators)};
};
struct PlansAnswer {
    std::vector<PlanBrief> plans;
    static constexpr auto fields = std::tuple{field("plans", &PlansAnswer::plans)};
};
struct TargetWords {
    int year = 0;
    std::string comparison;
    double value = 0;
    std::optional<double> within;
    static constexpr auto fields = std::tuple{
        field("year", &TargetWords::year), field("comparison", &TargetWords::comparison),
        field("value", &TargetWords::value), field("within", &TargetWords::within)};
};
struct Baseline {
    int year = 0;
    double value = 0;
    static constexpr auto fields =
        std::tuple{field("year", &Baseline::year), field("value", &Baseline::value)};
};
struct TrendPoint {
    std::string period;
    std::optional<double> value;
    static constexpr auto fields =
        std::tuple{field("period", &TrendPoint::period), field("value", &TrendPoint::value)};
};
/// An indicator of a plan in one area and period.
struct PlanFigure {
    std::string indicator;
    catalogue::Title title, unit;
    int digits = 0;
    bool manual = false;
    std::string formula, section, nature;
    catalogue::Title note;
    std::optional<double> value, previous;
    Origin origin = Origin::none;
    std::optional<measure::ManualEntry> entered;
    std::optional<TargetWords> target;
    std::optional<Baseline> baseline;
    Standing standing = Standing::no_value;
    std::vector<TrendPoint> trend;
    std::vector<measure::CounterValue> counters;
    static constexpr auto fields = std::tuple{
        field("indicator", &PlanFigure::indicator), field("title", &PlanFigure::title),
        field("unit", &PlanFigure::unit),           field("digits", &PlanFigure::digits),
        field("manual", &PlanFigure::manual),       field("formula", &PlanFigure::formula),
        field("section", &PlanFigure::section),     field("nature", &PlanFigure::nature),
        field("note", &PlanFigure::note),           field("value", &PlanFigure::value),
        field("previous", &PlanFigure::previous),   field("origin", &PlanFigure::origin),
        field("entered", &PlanFigure::entered),     field("target", &PlanFigure::target),
        field("baseline", &PlanFigure::baseline),   field("standing", &PlanFigure::standing),
        field("trend", &PlanFigure::trend),         field("counters", &PlanFigure::counters)};
};
struct PlanAnswer {
    PlanBrief plan;
    measure::AreaWords area;
    std::string period;
    std::vector<PlanFigure> indicators;
    measure::Waiting waiting;
    static constexpr auto fields = std::tuple{
        field("plan", &PlanAnswer::plan), field("area", &PlanAnswer::area),
        field("period", &PlanAnswer::period), field("indicators", &PlanAnswer::indicators),
        field("waiting", &PlanAnswer::waiting)};
};
struct AreaFigure {
    measure::AreaWords area;
    std::optional<double> value;
    Origin origin = Origin::none;
    std::optional<TargetWords> target;
    Standing standing = Standing::no_value;
    static constexpr auto fields = std::tuple{
        field("area", &AreaFigure::area), field("value", &AreaFigure::value),
        field("origin", &AreaFigure::origin), field("target", &AreaFigure::target),
        field("standing", &AreaFigure::standing)};
};
struct IndicatorAnswer {
    PlanBrief plan;
    measure::AreaWords area;
    std::string period;
    PlanFigure figure;
    std::vector<AreaFigure> children;
    std::vector<measure::ManualEntry> entries;
    measure::Waiting waiting;
    static constexpr auto fields = std::tuple{
        field("plan", &IndicatorAnswer::plan),         field("area", &IndicatorAnswer::area),
        field("period", &IndicatorAnswer::period),     field("figure", &IndicatorAnswer::figure),
        field("children", &IndicatorAnswer::children), field("entries", &IndicatorAnswer::entries),
        field("waiting", &IndicatorAnswer::waiting)};
};

/// None if the tree does not hold the area of the plan.
std::optional<PlanBrief> brief(const catalogue::Plan& plan, const area::Tree& tree) {
    const auto* node = tree.find_code(plan.area);
    if (!node) {
        return std::nullopt;
    }
    return PlanBrief{
        plan.id,
        plan.title,
        plan.source,
        measure::words(*node),
        plan.from_year,
        plan.to_year,
        static_cast<std::int64_t>(plan.indicators.size())};
}

/// Plans of areas within the caller's reach, or around it.
PlansAnswer list_plans(http::Call& call, const Measure& measure) {
    const auto tree = measure.tree();
    PlansAnswer answer;
    for (const auto& plan : measure.catalogue().plans()) {
        auto one = brief(plan, *tree);
        const auto reaches = [&](const http::Grant& grant) {
            return !role_with(call.caller, measure, *tree, grant.area, measure::read_right)
                        .empty() &&
                   (tree->within(grant.area, one->area.id) || tree->within(one->area.id, grant.area)
                   );
        };
        const auto& grants = call.caller.grants;
        if (one && std::any_of(grants.begin(), grants.end(), reaches)) {
            answer.plans.push_back(std::move(*one));
        }
    }
    return answer;
}

std::optional<TargetWords> words(const catalogue::Target* target) {
    return target ? std::optional(TargetWords{
                        target->year, target->comparison, target->value, target->within})
                  : std::nullopt;
}

/// One plan, asked in one area and period.
struct Question {
    const Measure& measure;
    const catalogue::Plan& plan;
    PlanBrief brief;
    Asked asked;

    int year() const { return asked.period.to / 12; }
    const catalogue::Target* target(const catalogue::PlanTarget& of, const area::Node& at) const {
        return target_for(of, at.code, at.id == brief.area.id, year());
    }
    PlanFigure figure_of(
        const catalogue::PlanTarget&, const std::vector<measure::ManualValue>& entered
    ) const;
    AreaFigure area_figure(const catalogue::PlanTarget&, const area::Node&, store::Tx&) const;
};

/// An area outside of the plan's has no figures of it.
Question question(const http::Call& call, const Measure& measure) {
    auto where = measure::asked(call, measure);
    const auto* plan = find_plan(measure.catalogue(), call.param("plan"));
    auto found = plan ? brief(*plan, *where.tree) : std::nullopt;
    if (!found) {
        throw not_found("plan");
    }
    if (!where.tree->within(where.area->id, found->area.id)) {
        throw not_found("area");
    }
    return {measure, *plan, std::move(*found), std::move(where)};
}

PlanFigure Question::figure_of(
    const catalogue::PlanTarget& of, const std::vector<measure::ManualValue>& entered
) const {
    const auto& indicator = measure.indicator(of.indicator);
    const auto at = [&](measure::Period period) {
        return figure(measure, indicator, asked.area->id, period, entered);
    };
    const auto now = at(asked.period);
    const auto* target = this->target(of, *asked.area);
    PlanFigure one;
    one.indicator = indicator.id;
    one.title = indicator.title;
    one.unit = indicator.unit;
    one.digits = indicator.digits;
    one.manual = indicator.manual;
    one.formula = indicator.formula.text();
    one.section = of.section;
    one.nature = of.nature;
    one.note = of.note;
    one.value = now.value;
    one.origin = now.origin;
    one.entered = now.entered;
    one.previous = at(before(asked.period)).value;
    one.target = words(target);
    if (of.baseline_year) {
        one.baseline = Baseline{*of.baseline_year, of.baseline};
    }
    one.standing = judge(now.value, target, of, year(), indicator.digits);
    for (const auto& quarter : last_quarters(asked.period, quarters_shown)) {
        one.trend.push_back({to_text(quarter), at(quarter).value});
    }
    for (const auto* query : measure.counters_of(indicator)) {
        one.counters.push_back(measure.counter(*query, asked.area->id, asked.period));
    }
    return one;
}

AreaFigure Question::area_figure(
    const catalogue::PlanTarget& of, const area::Node& node, store::Tx& tx
) const {
    const auto& indicator = measure.indicator(of.indicator);
    const auto entered = indicator.manual ? measure::manual_values(tx, node, indicator.id)
                                          : std::vector<measure::ManualValue>();
    const auto now = figure(measure, indicator, node.id, asked.period, entered);
    const auto* target = this->target(of, node);
    return {
        measure::words(node), now.value, now.origin, words(target),
        judge(now.value, target, of, year(), indicator.digits)};
}

PlanAnswer show_plan(http::Call& call, const Measure& measure) {
    const auto q = question(call, measure);
    const auto entered = measure::manual_values(call.tx(), *q.asked.area, "");
    PlanAnswer answer{
        q.brief,
        measure::words(*q.asked.area),
        to_text(q.asked.period),
        {},
        measure::waiting(call.tx())};
    for (const auto& of : q.plan.indicators) {
        answer.indicators.push_back(q.figure_of(of, entered));
    }
    return answer;
}

IndicatorAnswer show_indicator(http::Call& call, const Measure& measure) {
    const auto q = question(call, measure);
    const auto& all = q.plan.indicators;
    const auto of = std::find_if(all.begin(), all.end(), [&](const catalogue::PlanTarget& one) {
        return one.indicator == call.param("indicator");
    });
    if (of == all.end()) {
        throw not_found("indicator");
    }
    const auto entered = measure::manual_values(call.tx(), *q.asked.area, of->indicator);
    IndicatorAnswer answer{q.brief,
                           measure::words(*q.asked.area),
                           to_text(q.asked.period),
                           q.figure_of(*of, entered),
                           {},
                           {},
                           measure::waiting(call.tx())};
    for (const auto* child : q.asked.tree->children(q.asked.area->id)) {
        answer.children.push_back(q.area_figure(*of, *child, call.tx()));
    }
    for (const auto& one : entered) {
        answer.entries.push_back(entry_of(one));
    }
    return answer;
}

}  // namespace

void plan_routes(http::Router& r, const Measure& measure) {
    using http::Call;
    using http::Scope;
    const auto* m = &measure;
    const char* const area_words = "id of an area of the plan, of my grants or below one";
    const char* const period_words = "2025, 2025-Q2, 2025-06 or 2025-01..2025-06";
    r.get(
        "/api/plans", [m](Call& call) { return list_plans(call, *m); }, measure::read_right,
        Scope::area, "The plans of my areas"
    );
    r.get(
         "/api/plans/{plan}", [m](Call& call) { return show_plan(call, *m); }, measure::read_right,
         Scope::area, "A plan's indicators in an area and period, held against their targets"
    )
        .query("area", area_words)
        .query("period", period_words)
        .id_fields({"query:area"});
    r.get(
         "/api/plans/{plan}/indicators/{indicator}",
         [m](Call& call) { return show_indicator(call, *m); }, measure::read_right, Scope::area,
         "One of them, also in each area below, and what was entered by hand"
    )
        .query("area", area_words)
        .query("period", period_words)
        .id_fields({"query:area"});
}

}  // namespace linli::plan
