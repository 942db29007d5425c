// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Doors and places as sheets of CSV, put onto the streets of a network; for the commands of
/// `linli spatial`.
#include <filesystem>
#include <string>
#include <vector>

#include "map/sheet.hpp"
#include "spatial/circles.hpp"
#include "spatial/snap.hpp"

namespace linli::app {

using map::points_of;
using map::Sheet;

/// Says on standard error how many are on a street; refuses if none is.
spatial::Placed place(
    const spatial::Network&, const Sheet&, const std::vector<spatial::Point>&, bool gcj02
);

/// The doors on a street, with the row of each; areas by name below one root.
struct Doors {
    spatial::Dwellings dwellings;
    spatial::AreaTree areas{{0}};
    std::vector<std::string> area_names = {"all"}, weight_names;
    std::vector<std::size_t> rows;
};
/// Columns: lon, lat, area, class (urban, county_seat or rural); all others are added up.
Doors doors_of(const Sheet&, const spatial::Placed&);

/// Facilities of the wanted kinds, with the row of each; their kind is its place in the list.
struct Places {
    std::vector<spatial::Facility> facilities;
    std::vector<std::size_t> rows;
};
Places places_of(const Sheet&, const spatial::Placed&, const std::vector<std::string>& kinds);

}  // namespace linli::app
