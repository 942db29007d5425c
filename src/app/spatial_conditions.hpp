// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What people wish of districts: leave as it is, keep together, keep apart; each with a reason.
#include "app/spatial_homes.hpp"

namespace linli::app {

struct Condition {
    enum class Rule { leave, together, apart_areas, apart_compounds } rule = Rule::leave;
    std::uint32_t first = 0, second = 0;  ///< areas or compounds
    std::string first_name, second_name, reason;
};
/// None if the path is empty. Throws `invalid` (condition_unknown, unknown_area, unknown_compound,
/// reason_missing) with file and line.
std::vector<Condition> read_conditions(const std::filesystem::path&, const HomeSheet&);

/// Links between the compounds named get dearer or cheaper.
void weigh_conditions(spatial::UnitGraph&, const std::vector<std::uint32_t>& compound, const std::vector<Condition>&);

/// Says of each on standard error whether it is kept; `label` is the community of each home then.
void tell_conditions(
    const std::vector<Condition>&, const HomeSheet&, const std::vector<std::uint32_t>& label
);

}  // namespace linli::app
