// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "plan/question.hpp"

namespace linli::plan {

namespace {

using measure::Measure;

struct PlansAnswer {
    std::vector<PlanBrief> plans;
    static constexpr auto fields = std::tuple{field("plans", &PlansAnswer::plans)};
};
struct PlanAnswer {
    PlanBrief plan;
    measure::AreaWords area;
    std::string period;
    std::vector<PlanFigure> indicators;
    bool may_enter = false;
    measure::Waiting waiting;
    static constexpr auto fields = std::tuple{
        field("plan", &PlanAnswer::plan),           field("area", &PlanAnswer::area),
        field("period", &PlanAnswer::period),       field("indicators", &PlanAnswer::indicators),
        field("may_enter", &PlanAnswer::may_enter), field("waiting", &PlanAnswer::waiting)};
};
struct IndicatorAnswer {
    PlanBrief plan;
    measure::AreaWords area;
    std::string period;
    PlanFigure figure;
    std::vector<AreaFigure> children;
    std::vector<measure::ManualEntry> entries;
    bool may_enter = false;
    measure::Waiting waiting;
    static constexpr auto fields = std::tuple{field("plan", &IndicatorAnswer::plan),
                                              field("area", &IndicatorAnswer::area),
                                              field("period", &IndicatorAnswer::period),
                                              field("figure", &IndicatorAnswer::figure),
                                              field("children", &IndicatorAnswer::children),
                                              field("entries", &IndicatorAnswer::entries),
                                              field("may_enter", &IndicatorAnswer::may_enter),
                                              field("waiting", &IndicatorAnswer::waiting)};
};

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

PlanAnswer show_plan(http::Call& call, const Measure& measure) {
    const auto q = question(call, measure);
    const auto entered = measure::manual_values(call.tx(), *q.asked.area, "");
    PlanAnswer answer{q.brief,       measure::words(*q.asked.area), to_text(q.asked.period), {},
                      q.may_enter(), measure::waiting(call.tx())};
    measure::Reader reader(measure, call.caller);
    for (const auto& of : q.plan.indicators) {
        answer.indicators.push_back(q.figure_of(of, reader, entered));
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
    measure::Reader reader(measure, call.caller);
    IndicatorAnswer answer{
        q.brief,
        measure::words(*q.asked.area),
        to_text(q.asked.period),
        q.figure_of(*of, reader, entered),
        {},
        {},
        q.may_enter(),
        measure::waiting(call.tx())};
    for (const auto* child : q.asked.tree->children(q.asked.area->id)) {
        answer.children.push_back(q.area_figure(
            *of, *child, reader, measure::manual_values(call.tx(), *child, of->indicator)
        ));
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
    r.get(
        "/api/plans", [m](Call& call) { return list_plans(call, *m); }, measure::read_right,
        Scope::area, "The plans of my areas"
    );
    asks(r.get(
        "/api/plans/{plan}", [m](Call& call) { return show_plan(call, *m); }, measure::read_right,
        Scope::area, "A plan's indicators in an area and period, held against their targets"
    ));
    asks(r.get(
        "/api/plans/{plan}/indicators/{indicator}",
        [m](Call& call) { return show_indicator(call, *m); }, measure::read_right, Scope::area,
        "One of them, also in each area below, and what was entered by hand"
    ));
    table_routes(r, measure);
}

}  // namespace linli::plan
