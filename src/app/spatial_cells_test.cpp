// SPDX-License-Identifier: Apache-2.0
#include "app/spatial_cells.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>

#include "app/spatial_city.hpp"
#include "app/spatial_sheets.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

using namespace linli;
using namespace linli::app;

namespace {

struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "linli-cells-test";
    Folder() {
        std::filesystem::remove_all(path);
        spatial_city({{6'000, 5}, path, "catalogue/walking/foot.yaml", true});
    }
    ~Folder() { std::filesystem::remove_all(path); }
    CellsOrder order() const {
        CellsOrder order;
        order.network = path / "city.net";
        order.dwellings = path / "dwellings.csv";
        order.barriers = path / "barriers.geojson";
        order.out = path / "cells.csv";
        order.geojson = path / "cells.geojson";
        return order;
    }
};

std::string refusal(const CellsOrder& order) {
    try {
        spatial_cells(order);
    } catch (const Refused& refused) {
        return refused.problems.empty() ? refused.code : refused.problems.front().code;
    }
    return {};
}

}  // namespace

TEST_CASE("cells of a city: every home has one, sizes in range, villages too small are told") {
    const Folder folder;
    CHECK(spatial_cells(folder.order()) == 1);  // villages under 300 households
    const Sheet cells(folder.path / "cells.csv"), homes(folder.path / "dwellings.csv");
    std::map<std::string, double> size, area;
    std::map<std::string, std::string> area_of;
    for (std::size_t row = 0; row < cells.rows.size(); ++row) {
        const auto& cell = cells.rows[row][cells.column("cell")];
        const auto line = static_cast<std::size_t>(cells.number(row, 0, 2, 1e6));
        const auto households = homes.number(line - 2, homes.column("households"), 1, 1e4);
        size[cell] += households;
        area[cells.rows[row][cells.column("area")]] += households;
        area_of[cell] = cells.rows[row][cells.column("area")];
        CHECK(cell.substr(0, 12) == area_of[cell]);
    }
    std::size_t in_range = 0;
    for (const auto& [cell, households] : size) {
        CHECK((households <= 500 || area[area_of[cell]] < 600));
        CHECK((households >= 300 || area[area_of[cell]] < 600));
        in_range += households >= 300 && households <= 500;
    }
    CHECK(in_range > 30);
    const auto map = parse_json(
        spatial::read_whole_file(folder.path / "cells.geojson"), {.bytes = 1 << 26, .depth = 32}
    );
    CHECK(map.find("features")->as_list()->size() == size.size());
    const auto first = spatial::read_whole_file(folder.path / "cells.csv");
    spatial_cells(folder.order());
    CHECK(spatial::read_whole_file(folder.path / "cells.csv") == first);
}

TEST_CASE("broken files make no cells, and the last list stays") {
    const Folder folder;
    std::ofstream(folder.path / "cells.csv") << "the last good one";
    auto order = folder.order();
    order.low = 600;
    CHECK(refusal(order) == "range_empty");
    order = folder.order();
    order.barriers = folder.path / "areas.csv";
    CHECK(refusal(order) == "barriers_broken");
    order = folder.order();
    order.dwellings = folder.path / "places.csv";
    CHECK(refusal(order) == "column_missing");
    std::ofstream(folder.path / "dwellings.csv")
        << "lon,lat,area,households\n117.38,32.92,a,many\n";
    CHECK(refusal(folder.order()) == "number_malformed");
    std::ofstream(folder.path / "dwellings.csv") << "lon,lat,area,households\n117.38,32.92,a,0\n";
    CHECK(refusal(folder.order()) != "");
    CHECK(spatial::read_whole_file(folder.path / "cells.csv") == "the last good one");
}
