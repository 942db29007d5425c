// SPDX-License-Identifier: Apache-2.0
// linli spatial city | cells | district
#include "app/command_line.hpp"
#include "app/spatial_cells.hpp"
#include "app/spatial_city.hpp"
#include "app/spatial_district.hpp"

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

void add_district(CLI::App& spatial, std::function<int()>& todo) {
    static DistrictOrder order;
    auto* district =
        spatial.add_subcommand("district", "Propose splits and mergers of communities");
    const auto file = [&](const char* option, std::filesystem::path& to, const char* what) {
        return district->add_option(option, to, what)->check(CLI::ExistingFile);
    };
    file("network", order.network, "File of the network")->required();
    file("--dwellings", order.dwellings, "CSV: lon, lat, area, households, persons, jobs, compound")
        ->required();
    file("--barriers", order.barriers, "GeoJSON: main roads, rivers, railways");
    file("--areas", order.areas, "CSV: code, name of the areas");
    file(
        "--conditions", order.conditions,
        "CSV: rule (leave, together, apart), first, second, reason"
    );
    const auto number = [&](const char* option, std::uint32_t& to, const char* what) {
        district->add_option(option, to, what)
            ->check(CLI::Range(1, 1'000'000))
            ->capture_default_str();
    };
    number("--split-above", order.rules.split_above, "Households");
    number("--merge-below", order.rules.merge_below, "Households");
    number("--low", order.rules.low, "Households of a community of a good size, at least");
    number("--high", order.rules.high, "and at most");
    number("--persons-low", order.rules.persons_low, "Persons, at least");
    number("--persons-high", order.rules.persons_high, "and at most");
    district->add_flag("--villages", order.villages, "Villages too (class rural)");
    district->add_option("--seed", order.rules.seed, "Another seed, another way");
    district->add_option("--out", order.out, "CSV: where each dwelling would belong")->required();
    district->add_option("--geojson", order.geojson, "The streets of each community then");
    district->add_option("--commands", order.commands, "Lines for linli area split and merge");
    district->add_flag("--gcj02", order.gcj02, "Dwellings are in GCJ-02");
    district->callback([&todo] { todo = [] { return spatial_district(order); }; });
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
    add_district(spatial, todo);
}

}  // namespace linli::app
