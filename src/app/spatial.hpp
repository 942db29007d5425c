// SPDX-License-Identifier: Apache-2.0
#pragma once
/// linli spatial: networks and circles from files, without a database.
#include <filesystem>
#include <string>
#include <vector>

namespace linli::app {

struct NetworkOrder {
    std::filesystem::path streets, out, profile;
    bool gcj02 = false;
};
/// Builds a network from a street file, saves it, and says what it is.
int spatial_build(const NetworkOrder&);

struct CoverOrder {
    std::filesystem::path network, profile, doors, places, gaps;
    std::vector<std::string> kinds;
    std::string group;
    int minutes = 15, weekday = 1;  ///< 1 is Monday
    bool every_kind = false, gcj02 = false;
};
/// Doors: CSV with lon, lat, area and any columns of whole numbers; places: lon, lat, kind and,
/// if wished, days such as 135. Prints a line of CSV for the whole and for each area, and writes
/// the doors outside with their walk in minutes to `gaps`.
int spatial_cover(const CoverOrder&);

}  // namespace linli::app
