// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Figures of one kind under one area: what is open now, and what came and went in the last days.
/// Never persons.
#include <optional>
#include <string>
#include <vector>

#include "flow/inbox.hpp"

namespace linli::flow {

struct AreaBrief {
    AreaId id;
    std::string name, level;
    static constexpr auto fields = std::tuple{
        field("id", &AreaBrief::id), field("name", &AreaBrief::name),
        field("level", &AreaBrief::level)};
};
struct BoardArea {
    AreaId id;
    std::string code, name, level;
    std::vector<AreaBrief> path;
    static constexpr auto fields = std::tuple{
        field("id", &BoardArea::id), field("code", &BoardArea::code),
        field("name", &BoardArea::name), field("level", &BoardArea::level),
        field("path", &BoardArea::path)};
};
struct UnitBrief {
    UnitId id;
    std::string name;
    static constexpr auto fields =
        std::tuple{field("id", &UnitBrief::id), field("name", &UnitBrief::name)};
};

/// Of the records whose last clock of the flow has stopped within the days, each by its last stop:
/// the share that kept the deadline; none of 0.
struct OnTime {
    std::optional<double> share;
    std::int64_t of = 0;
    static constexpr auto fields =
        std::tuple{field("share", &OnTime::share), field("of", &OnTime::of)};
};
struct Mean {
    std::optional<double> mean;
    std::int64_t of = 0;
    static constexpr auto fields = std::tuple{field("mean", &Mean::mean), field("of", &Mean::of)};
};

struct BoardChild {
    AreaBrief area;
    std::int64_t open = 0, overdue = 0, created = 0, closed = 0;
    OnTime on_time;
    static constexpr auto fields =
        std::tuple{field("area", &BoardChild::area),       field("open", &BoardChild::open),
                   field("overdue", &BoardChild::overdue), field("created", &BoardChild::created),
                   field("closed", &BoardChild::closed),   field("on_time", &BoardChild::on_time)};
};
struct BoardChoice {
    std::string key;
    std::int64_t open = 0, created = 0;
    static constexpr auto fields = std::tuple{
        field("key", &BoardChoice::key), field("open", &BoardChoice::open),
        field("created", &BoardChoice::created)};
};
struct BoardUnit {
    UnitBrief unit;
    std::int64_t open = 0, overdue = 0, closed = 0;
    OnTime on_time;
    static constexpr auto fields = std::tuple{
        field("unit", &BoardUnit::unit), field("open", &BoardUnit::open),
        field("overdue", &BoardUnit::overdue), field("closed", &BoardUnit::closed),
        field("on_time", &BoardUnit::on_time)};
};
struct BoardDay {
    Date day;
    std::int64_t created = 0, closed = 0;
    static constexpr auto fields = std::tuple{
        field("day", &BoardDay::day), field("created", &BoardDay::created),
        field("closed", &BoardDay::closed)};
};

struct Board {
    BoardArea area;
    Instant at;
    std::int64_t open = 0, overdue = 0, urgent = 0, created = 0, closed = 0;
    OnTime on_time;
    std::optional<double>
        median_hours;   ///< from filing to the stop of the last clock, plain hours, to 0.1
    Mean satisfaction;  ///< of what was closed
    std::vector<BoardChild> areas;
    std::vector<BoardChoice> by_choice;
    std::vector<BoardUnit> units;  ///< at most 100, most open first
    std::vector<BoardDay> trend;   ///< each of the days, oldest first
    /// The day whose map the figures are restated on; none = by the areas as filed. Restated, only
    /// totals and areas are given: what is divided by households has no middle and no unit.
    std::optional<Date> map;
    bool divided = false;  ///< some rows count in shares by households: lists show them whole
    static constexpr auto fields = std::tuple{
        field("area", &Board::area),
        field("at", &Board::at),
        field("open", &Board::open),
        field("overdue", &Board::overdue),
        field("urgent", &Board::urgent),
        field("created", &Board::created),
        field("closed", &Board::closed),
        field("on_time", &Board::on_time),
        field("median_hours", &Board::median_hours),
        field("satisfaction", &Board::satisfaction),
        field("areas", &Board::areas),
        field("by_choice", &Board::by_choice),
        field("units", &Board::units),
        field("trend", &Board::trend),
        field("map", &Board::map),
        field("divided", &Board::divided)};
};

/// `days` calendar days up to and including today. Withdrawn records count as created, never as
/// closed.
Board board_of(
    store::Tx&, const Ground&, const catalogue::Kind&, const area::Node&, int days, Instant now
);
/// Through lineage: each row whole, where the list of an area as now finds it.
Board board_now(
    store::Tx&, const Ground&, const catalogue::Kind&, const area::Node& top, int days, Instant now
);
/// The same on the map of another day: each figure divided by households among the areas that its
/// own became, in whole numbers whose sums stay. `top` is of that map.
Board restated_board(
    store::Tx&, const Ground&, const catalogue::Kind&, const area::Tree& map, const area::Node& top,
    int days, Instant now
);

}  // namespace linli::flow
