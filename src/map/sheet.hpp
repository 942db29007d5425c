// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Sheets of CSV with places on the ground.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "spatial/circles.hpp"
#include "spatial/geo.hpp"

namespace linli::map {

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
std::vector<spatial::Point> points_of(const Sheet&, bool gcj02 = false);

/// Of the column class; urban without such a column. Throws `invalid` (class_unknown).
spatial::AreaClass class_of(const Sheet&, std::size_t row);
/// Of the column days, such as 135; every day if there are none. Throws `invalid` (days_malformed).
std::uint8_t days_of(const Sheet&, std::size_t row);

}  // namespace linli::map
