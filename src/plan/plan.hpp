// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Plans: the targets of a pack, held against figures. The rules here are pure.
#include "catalogue/catalogue.hpp"
#include "measure/manual.hpp"

namespace linli::plan {

/// near: misses by at most a tenth of the target.
enum class Standing { met, near, behind, no_value, no_target };
constexpr auto names(Standing) {
    return std::array{"met", "near", "behind", "no_value", "no_target"};
}
/// How a figure came about; withheld: it would tell the reader of too few people.
enum class Origin { counted, by_hand, withheld, none };
constexpr auto names(Origin) {
    return std::array{"counted", "by_hand", "withheld", "none"};
}

/// What holds in an area in a year: the target of that year, else of the next one to come, else the
/// last one. Null = none: a total has none below the plan's area unless the plan says so.
const catalogue::Target* target_for(
    const catalogue::PlanTarget&, std::string_view area_code, bool plan_area, int year
);
/// Both are rounded to `digits` first.
bool meets(double value, const catalogue::Target&, int digits);
/// Before the year of the target the straight line from the baseline to it is what is asked for.
Standing judge(
    std::optional<double> value, const catalogue::Target*, const catalogue::PlanTarget&, int year,
    int digits
);

/// The period of the same length before.
measure::Period before(measure::Period);
/// The quarters up to the end of a period, oldest first.
std::vector<measure::Period> last_quarters(measure::Period, int count);

/// Null if there is none of the name.
const catalogue::Plan* find_plan(const catalogue::Catalogue&, std::string_view id);
/// What is other in the plans of one catalogue than in those of another, a line each.
std::vector<std::string> difference(
    const catalogue::Catalogue& before, const catalogue::Catalogue& after
);
std::string to_text(const catalogue::Target&);  ///< ">= 35"

/// The plans as a page (Markdown): which indicators are computed from which counters, which are
/// entered by hand and why.
std::string document(const catalogue::Catalogue&);

/// A figure of an area and a period, from the cells or as entered by hand.
struct Figure {
    std::optional<double> value;
    Origin origin = Origin::none;
    std::optional<measure::ManualEntry> entered;
};
Figure figure(
    const measure::Measure&, const catalogue::Indicator&, AreaId, measure::Period,
    const std::vector<measure::ManualValue>& entered
);

/// GET /api/plans...
void plan_routes(http::Router&, const measure::Measure&);

}  // namespace linli::plan
