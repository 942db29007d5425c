// SPDX-License-Identifier: Apache-2.0
#include "app/spatial_cells.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include "app/output_file.hpp"
#include "app/spatial_homes.hpp"
#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/fields.hpp"
#include "base/json.hpp"
#include "spatial/network_file.hpp"

namespace linli::app {

namespace {

/// The cells of all areas with their names: a cell that goes on from a grid of today keeps its.
struct Cells {
    spatial::Parts parts;
    std::vector<std::string> names;
    std::vector<std::uint32_t> area;     ///< of each cell
    std::vector<std::uint32_t> of_home;  ///< cell of each home
};

Cells name_cells(
    const HomeSheet& sheet, const spatial::StreetUnits& units, spatial::Parts parts,
    const std::vector<std::uint32_t>& heirs
) {
    Cells cells;
    cells.area.assign(parts.weight.size(), 0);
    for (std::size_t u = 0; u < units.area.size(); ++u) {
        cells.area[parts.part[u]] = units.area[u];
    }
    std::set<std::string> taken;
    cells.names.resize(parts.weight.size());
    for (std::size_t c = 0; c < heirs.size(); ++c) {
        if (heirs[c] < sheet.grids.size() && taken.insert(sheet.grids[heirs[c]]).second) {
            cells.names[c] = sheet.grids[heirs[c]];
        }
    }
    std::vector<int> last(sheet.areas.size(), 0);
    for (std::size_t c = 0; c < cells.names.size(); ++c) {
        while (cells.names[c].empty()) {
            char number[16];
            std::snprintf(number, sizeof number, "%03d", ++last[cells.area[c]]);
            const auto name = sheet.areas[cells.area[c]] + number;
            cells.names[c] = taken.insert(name).second ? name : "";
        }
    }
    for (const auto unit : units.unit) {
        cells.of_home.push_back(parts.part[unit]);
    }
    cells.parts = std::move(parts);
    return cells;
}

void print_areas(const CellsOrder& order, const HomeSheet& sheet, const Cells& cells) {
    struct Sum {
        std::uint64_t households = 0, least = ~std::uint64_t{0}, most = 0, change = 0;
        std::size_t cells = 0, good = 0;
    };
    std::vector<Sum> sums(sheet.areas.size());
    for (std::size_t c = 0; c < cells.names.size(); ++c) {
        auto& sum = sums[cells.area[c]];
        const auto weight = cells.parts.weight[c];
        sum.households += weight;
        sum.least = std::min(sum.least, weight);
        sum.most = std::max(sum.most, weight);
        ++sum.cells;
        sum.good += weight >= order.low && weight <= order.high;
    }
    for (std::size_t h = 0; h < sheet.grid.size(); ++h) {
        const bool moved = cells.names[cells.of_home[h]] != sheet.grids[sheet.grid[h]];
        sums[sheet.homes.area[h]].change += moved ? sheet.homes.households[h] : 0;
    }
    std::string text = "area,households,cells,in_range,smallest,largest,households_changing\r\n";
    for (std::uint32_t a = 0; a < sums.size(); ++a) {
        const auto& sum = sums[a];
        append_csv_row(
            text, {sheet.areas[a], std::to_string(sum.households), std::to_string(sum.cells),
                   std::to_string(sum.good), std::to_string(sum.least), std::to_string(sum.most),
                   sheet.grid.empty() ? "" : std::to_string(sum.change)}
        );
    }
    std::fputs(text.c_str(), stdout);
}

void tell_undivided(
    const CellsOrder& order, const HomeSheet& sheet, const spatial::StreetUnits& units,
    const spatial::Parts& parts
) {
    for (const auto& one : parts.undivided) {
        std::fprintf(
            stderr, "%s: %llu households around %s cannot be cells of %u to %u: %s\n",
            sheet.areas[units.area[one.unit]].c_str(), static_cast<unsigned long long>(one.weight),
            place_words(units.middle[one.unit]).c_str(), order.low, order.high, name_of(one.why)
        );
    }
}

void write_cells(const CellsOrder& order, const HomeSheet& sheet, const Cells& cells) {
    OutputFile file(order.out);
    file.text = "line,lon,lat,area,cell,cell_before\r\n";
    const auto lon = sheet.sheet.column("lon"), lat = sheet.sheet.column("lat");
    for (std::size_t h = 0; h < sheet.rows.size(); ++h) {
        const auto row = sheet.rows[h];
        append_csv_row(
            file.text,
            {std::to_string(sheet.sheet.lines[row]), sheet.sheet.rows[row][lon],
             sheet.sheet.rows[row][lat], sheet.areas[sheet.homes.area[h]],
             cells.names[cells.of_home[h]], sheet.grid.empty() ? "" : sheet.grids[sheet.grid[h]]}
        );
        file.flush();
    }
    file.finish();
}

std::vector<std::string> properties_of(const HomeSheet& sheet, const Cells& cells) {
    std::vector<std::string> all;
    for (std::size_t c = 0; c < cells.names.size(); ++c) {
        auto& text = all.emplace_back("\"cell\":");
        JsonWriter(text).text(cells.names[c]);
        text += ",\"area\":";
        JsonWriter(text).text(sheet.areas[cells.area[c]]);
        text += ",\"households\":" + std::to_string(cells.parts.weight[c]);
    }
    return all;
}

}  // namespace

int spatial_cells(const CellsOrder& order) {
    if (order.low == 0 || order.low > order.high) {
        throw invalid("--low", "range_empty", "a cell has at least one household, and low <= high");
    }
    const auto network = spatial::load_network(order.network);
    const HomeSheet sheet(order.dwellings, network, order.gcj02, false);
    const auto barriers = barriers_from(order.barriers);
    const auto units = spatial::street_units(
        network, sheet.homes, barriers, {.most = std::max(1u, order.high * 3 / 10), .crossing = 12}
    );
    const auto graph = spatial::within_areas(network, units, barriers);
    const auto present = order.keep > 0 && !sheet.grid.empty()
                             ? spatial::of_units(units, sheet.homes, sheet.grid)
                             : std::vector<std::uint32_t>();
    spatial::PartRules rules;
    rules.low = order.low;
    rules.high = order.high;
    rules.target = (order.low + order.high) / 2;
    rules.change_cost = order.keep;
    rules.seed = order.seed;
    auto parts = spatial::divide(graph, rules, present);
    const auto heirs = spatial::heirs_of(graph, parts.part, present);
    const auto cells = name_cells(sheet, units, std::move(parts), heirs);
    write_cells(order, sheet, cells);
    if (!order.geojson.empty()) {
        write_groups(
            order.geojson, network, sheet.homes, cells.of_home, properties_of(sheet, cells)
        );
    }
    print_areas(order, sheet, cells);
    tell_undivided(order, sheet, units, cells.parts);
    return cells.parts.undivided.empty() ? 0 : 1;
}

}  // namespace linli::app
