// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Proposals for grid cells and communities of a town; people decide about them elsewhere.
#include "map/asked.hpp"
#include "map/jobs.hpp"
#include "spatial/isochrone.hpp"
#include "spatial/units.hpp"

namespace linli::map {

enum class DistrictKind { cells, communities };
constexpr auto names(DistrictKind) {
    return std::array{"cells", "communities"};
}
enum class Rule { leave, together, apart };
constexpr auto names(Rule) {
    return std::array{"leave", "together", "apart"};
}

/// What people wish: areas by code, compounds by number.
struct Wish {
    Rule rule = Rule::leave;
    std::string first, second, reason;
    static constexpr auto fields = std::tuple{
        field("rule", &Wish::rule), field("first", &Wish::first, {.max = 40}),
        field("second", &Wish::second, {.max = 40, .required = false}),
        field("reason", &Wish::reason, {.max = 200})};
};

struct DistrictOrder {
    AreaId area;
    DistrictKind kind = DistrictKind::communities;
    std::string title;
    std::int64_t low = 300, high = 500;  ///< households of a cell
    std::int64_t split_above = 5'000, merge_below = 500;
    bool villages = false;
    std::vector<Wish> wishes;
    static constexpr auto fields = std::tuple{
        field("area", &DistrictOrder::area),
        field("kind", &DistrictOrder::kind),
        field("title", &DistrictOrder::title, {.max = 80, .required = false}),
        field("low", &DistrictOrder::low, {.required = false, .least = 1, .most = 100'000}),
        field("high", &DistrictOrder::high, {.required = false, .least = 1, .most = 100'000}),
        field(
            "split_above", &DistrictOrder::split_above,
            {.required = false, .least = 1, .most = 1'000'000}
        ),
        field(
            "merge_below", &DistrictOrder::merge_below,
            {.required = false, .least = 0, .most = 1'000'000}
        ),
        field("villages", &DistrictOrder::villages),
        field("wishes", &DistrictOrder::wishes, {.max = 200})};
};

/// Throws what is wrong with the order at once.
Jobs::Work districts(const Asked&, const DistrictOrder&);

/// What both kinds stand on: the buildings of the area as street units, areas numbered anew.
struct Divided {
    std::shared_ptr<const TownWork> work;
    std::vector<std::uint32_t> areas;      ///< number in the town of each
    std::vector<std::uint32_t> dwellings;  ///< of the town, of each home
    spatial::Homes homes;
    spatial::Barriers barriers;
    const Town& town() const { return work->town(); }
    const TownArea& area(std::uint32_t number) const { return town().areas[areas[number]]; }
};
Divided divided(const Asked&, bool with_jobs);
Value ground_value(const std::vector<spatial::Ground>&);
Value propose_cells(const Divided&, const DistrictOrder&);
Value propose_communities(const Divided&, const DistrictOrder&);

}  // namespace linli::map
