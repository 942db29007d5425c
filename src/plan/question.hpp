// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A plan asked in one area and period, and what is answered about each of its indicators.
#include "measure/asked.hpp"
#include "measure/small.hpp"
#include "plan/plan.hpp"

namespace linli::plan {

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
/// None if the tree does not hold the area of the plan.
std::optional<PlanBrief> brief(const catalogue::Plan&, const area::Tree&);

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
    std::vector<measure::SeenCounter> counters;
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
/// The same in an area below.
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

struct Question {
    const measure::Measure& measure;
    const catalogue::Plan& plan;
    PlanBrief brief;
    measure::Asked asked;
    const http::Caller& caller;

    int year() const { return asked.period.to / 12; }
    const catalogue::Target* target(const catalogue::PlanTarget& of, const area::Node& at) const {
        return target_for(of, at.code, at.id == brief.area.id, year());
    }
    /// What the reader may see of a figure.
    Figure seen(
        measure::Reader&, const catalogue::Indicator&, AreaId, measure::Period,
        const std::vector<measure::ManualValue>& entered
    ) const;
    PlanFigure figure_of(
        const catalogue::PlanTarget&, measure::Reader&,
        const std::vector<measure::ManualValue>& entered
    ) const;
    AreaFigure area_figure(
        const catalogue::PlanTarget&, const area::Node&, measure::Reader&,
        const std::vector<measure::ManualValue>& entered
    ) const;
    /// Whether the caller may enter values by hand here.
    bool may_enter() const;
};
/// An area outside of the plan's has no figures of it.
Question question(const http::Call&, const measure::Measure&);

/// GET /api/plans/{plan}/areas and figures.csv.
void table_routes(http::Router&, const measure::Measure&);

/// Lets a route be asked for an area of the plan and a period.
inline http::Route& asks(http::Route& route) {
    return measure::asks_area_and_period(
        route, "id of an area of the plan, of my grants or below one"
    );
}

}  // namespace linli::plan
