// SPDX-License-Identifier: Apache-2.0
// linli spatial city | cells
#include "app/command_line.hpp"
#include "app/spatial_cells.hpp"
#include "app/spatial_city.hpp"

namespace linli::app {

namespace {

void add_cells(CLI::App& spatial, std::function<int()>& todo) {
    static CellsOrder order;
    auto* cells = spatial.add_subcommand("cells", "Grid cells of so many households, by area");
    cells->add_option("network", order.network, "File of the network")
        ->required()
        ->check(CLI::ExistingFile);
    cells->add_option("--dwellings", order.dwellings, "CSV: lon, lat, area, households, grid")
        ->required()
        ->check(CLI::ExistingFile);
    cells->add_option("--barriers", order.barriers, "GeoJSON: main roads, rivers, railways")
        ->check(CLI::ExistingFile);
    cells->add_option("--low", order.low, "Households of a cell, at least")->capture_default_str();
    cells->add_option("--high", order.high, "and at most")->capture_default_str();
    cells->add_option("--keep", order.keep, "Cost of a household that changes its grid; 0: none")
        ->check(CLI::Range(0, 1'000))
        ->capture_default_str();
    cells->add_option("--seed", order.seed, "Another seed, another way")->capture_default_str();
    cells->add_option("--out", order.out, "CSV: the cell of each dwelling")->required();
    cells->add_option("--geojson", order.geojson, "The streets of each cell");
    cells->add_flag("--gcj02", order.gcj02, "Dwellings are in GCJ-02");
    cells->callback([&todo] { todo = [] { return spatial_cells(order); }; });
}

}  // namespace

void add_city_commands(CLI::App& spatial, std::function<int()>& todo) {
    static CityFilesOrder order;
    order.profile = "catalogue/walking/foot.yaml";
    auto* city = spatial.add_subcommand("city", "Make up a city: streets, areas, doors, places");
    city->add_option("--points", order.city.points, "Street points")
        ->check(CLI::Range(spatial::least_city_points, spatial::most_city_points))
        ->capture_default_str();
    city->add_option("--seed", order.city.seed, "Another seed, another city")
        ->capture_default_str();
    city->add_option("--out", order.out, "Folder for its files")->required();
    city->add_flag("--no-geojson", order.network_only, "The network without the street file");
    city->add_option("--profile", order.profile, "How people walk")->capture_default_str();
    city->callback([&todo] { todo = [] { return spatial_city(order); }; });
    add_cells(spatial, todo);
}

}  // namespace linli::app
