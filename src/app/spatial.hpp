// SPDX-License-Identifier: Apache-2.0
#pragma once
/// linli spatial: networks, circles and isochrones from files, without a database.
#include <filesystem>
#include <string>
#include <vector>

namespace linli::app {

struct NetworkOrder {
    std::filesystem::path streets, out, profile;
    bool gcj02 = false;
    std::vector<double> place;  ///< two corners: lon, lat, lon, lat; most streets lie between them
};
/// Builds a network from a street file, saves it, and says what it is.
int spatial_build(const NetworkOrder&);

struct CoverOrder {
    std::filesystem::path network, profile, circles, doors, places, gaps;
    std::string circle;  ///< of the table of circles, or nothing: kinds and minutes say it
    std::vector<std::string> kinds;
    std::string group;
    int minutes = 15, weekday = 1;  ///< 1 is Monday
    bool every_kind = false, gcj02 = false;
};
/// Doors: CSV with lon, lat, area, class and any columns of whole numbers; places: lon, lat, kind
/// and, if wished, days such as 135. Prints a line of CSV for the whole and for each area, and
/// writes the doors outside with their walk in minutes to `gaps`.
int spatial_cover(const CoverOrder&);

struct WhatIfOrder {
    CoverOrder circle;
    std::size_t line = 0;    ///< of the facility in `places` that is moved or removed; 0: a new one
    std::vector<double> at;  ///< lon, lat where it would stand; none: removed
};
/// The same lines with what would be covered then. A new facility is of the first kind.
int spatial_what_if(const WhatIfOrder&);

struct IsochroneOrder {
    std::filesystem::path network, profile;
    std::vector<double> at;  ///< lon, lat
    std::vector<int> minutes = {15};
    std::string group;
    bool gcj02 = false;
};
/// Prints the ground within a walk as GeoJSON, a feature for each number of minutes.
int spatial_isochrone(const IsochroneOrder&);

}  // namespace linli::app
