// SPDX-License-Identifier: Apache-2.0
#pragma once
/// linli spatial district: proposals to split and merge communities.
#include <filesystem>

#include "spatial/district.hpp"

namespace linli::app {

struct DistrictOrder {
    std::filesystem::path network, dwellings, barriers, areas, conditions, out, geojson, commands;
    spatial::CommunityRules rules;
    bool villages = false;  ///< propose for villages (class rural) too
    bool gcj02 = false;
};
/// Dwellings: CSV with lon, lat, area, households, persons and, if there are, jobs, grid, compound,
/// class. Conditions: CSV with rule (leave, together, apart), first, second, reason; leave names an
/// area, apart two areas or two compounds, together two compounds. Prints the proposals as CSV,
/// writes where each dwelling of the communities concerned would belong to `out`, and the lines
/// for `linli area split` and `merge` to `commands`.
int spatial_district(const DistrictOrder&);

}  // namespace linli::app
