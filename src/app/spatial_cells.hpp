// SPDX-License-Identifier: Apache-2.0
#pragma once
/// linli spatial cells: grid cells of so many households along streets.
#include <cstdint>
#include <filesystem>

namespace linli::app {

struct CellsOrder {
    std::filesystem::path network, dwellings, barriers, out, geojson;
    std::uint32_t low = 300, high = 500;
    std::int32_t keep = 1;  ///< what it costs that a household leaves its grid; 0: no matter
    std::uint64_t seed = 1;
    bool gcj02 = false;
};
/// Dwellings: CSV with lon, lat, area, households and, if there are grids today, grid. Prints a
/// line of CSV for each area; writes the cell of each dwelling to `out`. What cannot be divided so
/// is told on standard error with where and why; the answer is then 1.
int spatial_cells(const CellsOrder&);

}  // namespace linli::app
