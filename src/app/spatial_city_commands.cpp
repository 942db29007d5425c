// SPDX-License-Identifier: Apache-2.0
// linli spatial city
#include "app/command_line.hpp"
#include "app/spatial_city.hpp"

namespace linli::app {

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
}

}  // namespace linli::app
