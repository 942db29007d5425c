// SPDX-License-Identifier: Apache-2.0
#include "app/spatial_sheets.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/error.hpp"

namespace linli::app {

spatial::Placed place(
    const spatial::Network& network, const Sheet& sheet, const std::vector<spatial::Point>& points,
    bool gcj02
) {
    auto placed = spatial::place_doors(network, points);
    std::fprintf(stderr, "%s: %s\n", sheet.file.c_str(), spatial::describe(placed).c_str());
    if (!gcj02 && spatial::seems_gcj02(network, points)) {
        std::fprintf(stderr, "%s: seems to be in GCJ-02 (--gcj02)\n", sheet.file.c_str());
    }
    if (placed.not_placed.size() == points.size()) {
        throw invalid(sheet.file, "nothing_placed", spatial::describe(placed));
    }
    return placed;
}

Doors doors_of(const Sheet& sheet, const spatial::Placed& placed) {
    Doors doors;
    std::vector<std::size_t> weights;
    for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
        const auto& name = sheet.columns[c];
        if (name != "lon" && name != "lat" && name != "area" && name != "class") {
            weights.push_back(c);
            doors.weight_names.push_back(name);
        }
    }
    doors.dwellings.weights.resize(weights.size());
    std::map<std::string, std::uint32_t> numbers;
    for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
        if (!placed.positions[row]) {
            continue;
        }
        std::uint32_t area = 0;
        if (sheet.has("area")) {
            const auto& name = sheet.rows[row][sheet.column("area")];
            const auto next = static_cast<std::uint32_t>(doors.areas.parent.size());
            const auto [found, fresh] = numbers.try_emplace(name, next);
            area = found->second;
            if (fresh) {
                doors.areas.parent.push_back(0);
                doors.area_names.push_back(name);
            }
        }
        doors.rows.push_back(row);
        doors.dwellings.positions.push_back(*placed.positions[row]);
        doors.dwellings.area.push_back(area);
        doors.dwellings.area_class.push_back(map::class_of(sheet, row));
        for (std::size_t w = 0; w < weights.size(); ++w) {
            doors.dwellings.weights[w].push_back(
                static_cast<std::uint32_t>(sheet.number(row, weights[w], 0, 4e9))
            );
        }
    }
    return doors;
}

Places places_of(
    const Sheet& sheet, const spatial::Placed& placed, const std::vector<std::string>& kinds
) {
    Places places;
    const auto column = sheet.column("kind");
    for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
        const auto kind = std::find(kinds.begin(), kinds.end(), sheet.rows[row][column]);
        if (placed.positions[row] && kind != kinds.end()) {
            places.rows.push_back(row);
            places.facilities.push_back(
                {*placed.positions[row], static_cast<std::uint16_t>(kind - kinds.begin()),
                 map::days_of(sheet, row)}
            );
        }
    }
    return places;
}

}  // namespace linli::app
