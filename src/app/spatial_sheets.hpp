// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Doors and places as sheets of CSV, put onto the streets of a network; for the commands of
/// `linli spatial`.
#include <filesystem>
#include <string>
#include <vector>

#include "spatial/circles.hpp"
#include "spatial/snap.hpp"

namespace linli::app {

/// A CSV file whose first row names its columns.
struct Sheet {
    std::string file;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
    std::vector<std::size_t> lines;

    explicit Sheet(const std::filesystem::path&);
    /// Throws `invalid` (column_missing).
    std::size_t column(const std::string& name) const;
    bool has(const std::string& name) const;
    /// Throws `invalid` (number_malformed) with file and line.
    double number(std::size_t row, std::size_t column, double low, double high) const;
    std::string where(std::size_t row) const;  ///< file:line
};

/// Of the columns lon and lat, in WGS 84.
std::vector<spatial::Point> points_of(const Sheet&, bool gcj02);

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
