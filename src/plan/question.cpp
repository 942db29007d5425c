// SPDX-License-Identifier: Apache-2.0
#include "plan/question.hpp"

namespace linli::plan {

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

namespace {

std::optional<TargetWords> words(const catalogue::Target* target) {
    return target ? std::optional(TargetWords{
                        target->year, target->comparison, target->value, target->within})
                  : std::nullopt;
}

}  // namespace

Question question(const http::Call& call, const measure::Measure& measure) {
    auto where = measure::asked(call, measure);
    const auto* plan = find_plan(measure.catalogue(), call.param("plan"));
    auto found = plan ? brief(*plan, *where.tree) : std::nullopt;
    if (!found) {
        throw not_found("plan");
    }
    if (!where.tree->within(where.area->id, found->area.id)) {
        throw not_found("area");
    }
    return {measure, *plan, std::move(*found), std::move(where), call.caller};
}

Figure Question::seen(
    measure::Reader& reader, const catalogue::Indicator& indicator, AreaId area,
    measure::Period period, const std::vector<measure::ManualValue>& entered
) const {
    if (!reader.may_see(indicator, area, period)) {
        return {std::nullopt, Origin::withheld, {}};
    }
    return figure(measure, indicator, area, period, entered);
}

PlanFigure Question::figure_of(
    const catalogue::PlanTarget& of, measure::Reader& reader,
    const std::vector<measure::ManualValue>& entered
) const {
    const auto& indicator = measure.indicator(of.indicator);
    const auto at = [&](measure::Period period) {
        return seen(reader, indicator, asked.area->id, period, entered);
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
        one.counters.push_back(measure::seen(reader, measure, *query, asked.area->id, asked.period)
        );
    }
    return one;
}

AreaFigure Question::area_figure(
    const catalogue::PlanTarget& of, const area::Node& node, measure::Reader& reader,
    const std::vector<measure::ManualValue>& entered
) const {
    const auto& indicator = measure.indicator(of.indicator);
    const auto now = seen(reader, indicator, node.id, asked.period, entered);
    const auto* target = this->target(of, node);
    return {
        measure::words(node), now.value, now.origin, words(target),
        judge(now.value, target, of, year(), indicator.digits)};
}

bool Question::may_enter() const {
    return !measure::role_with(caller, measure, *asked.tree, asked.area->id, measure::enter_right)
                .empty();
}

}  // namespace linli::plan
