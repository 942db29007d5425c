// SPDX-License-Identifier: Apache-2.0
#include "app/spatial_city.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "app/spatial.hpp"
#include "area/import.hpp"
#include "base/error.hpp"
#include "spatial/network_file.hpp"

using namespace linli;
using namespace linli::app;

TEST_CASE("the files of a made-up city are those that the other commands read") {
    const auto folder = std::filesystem::temp_directory_path() / "linli-city-test";
    std::filesystem::remove_all(folder);
    const std::filesystem::path profile = "catalogue/walking/foot.yaml";
    CHECK(spatial_city({{8'000, 5}, folder, profile, false}) == 0);
    const auto text = spatial::read_whole_file(folder / "streets.geojson");
    CHECK(text.find("\"made_up\":true") < 60);

    const auto made = spatial::load_network(folder / "city.net");
    CHECK(made.made_up);
    CHECK(
        spatial_build({folder / "streets.geojson", folder / "again.net", profile, false, {}}) == 0
    );
    const auto read = spatial::load_network(folder / "again.net");
    CHECK(read.made_up);
    CHECK(read.junctions == made.junctions);
    CHECK(read.points.size() == made.points.size());
    CHECK(read.component_points.size() == 1);

    CoverOrder order;
    order.network = folder / "city.net";
    order.profile = profile;
    order.doors = folder / "doors.csv";
    order.places = folder / "places.csv";
    order.gaps = folder / "gaps.csv";
    order.circle = "elder_meals";
    order.circles = "catalogue/walking/circles.yaml";
    CHECK(spatial_cover(order) == 0);
    CHECK(std::filesystem::file_size(folder / "gaps.csv") > 100);

    const auto areas = area::read_areas(folder / "areas.csv");
    CHECK(areas.size() > 50);
    CHECK(areas.front().level == "city");
    CHECK(areas.back().parent == areas.back().code.substr(0, 12));
    std::filesystem::remove_all(folder);
}

TEST_CASE("a city into a folder that cannot be made is refused") {
    CHECK_THROWS_AS(
        spatial_city({{8'000, 5}, "/proc/nothing/here", "catalogue/walking/foot.yaml", false}),
        Refused
    );
}
