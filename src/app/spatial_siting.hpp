// SPDX-License-Identifier: Apache-2.0
#pragma once
/// linli spatial site and compare: where to build, from files, without a database.
#include <filesystem>
#include <string>
#include <vector>

namespace linli::app {

struct SiteOrder {
    std::filesystem::path network, profile, doors, candidates, existing, out, report;
    std::string kind = "max_cover";    ///< max_cover, cover_all, median or centre
    std::vector<std::string> weights;  ///< column=weight; none: every door counts 1
    std::vector<std::size_t> phases;   ///< sites of each phase
    std::string group;                 ///< who walks
    int minutes = 15;
    std::int64_t number = 0, budget = 0;
    double share = 1, equity = 0, effort = 1;
    std::uint64_t seed = 1;
    bool gcj02 = false;
};
/// Doors: lon, lat, area and columns of whole numbers. Candidates: lon, lat, name and, if wished,
/// cost and forbidden (1). Existing: lon, lat. Writes the chosen sites as CSV to `out` and the
/// whole answer as JSON to `report`; neither appears unless both can be made.
int spatial_site(const SiteOrder&);

/// Prints two reports side by side, area by area, as CSV.
int spatial_compare(const std::filesystem::path& one, const std::filesystem::path& other);

}  // namespace linli::app
