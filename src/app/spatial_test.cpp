// SPDX-License-Identifier: Apache-2.0
#include "app/spatial.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "base/error.hpp"

using namespace linli;
using namespace linli::app;

namespace {

/// A street of 1.9 km with a canteen at its west end, and doors along it.
struct Files {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / "linli-spatial-test";
    Files() {
        std::filesystem::create_directories(folder);
        write(
            "streets.geojson",
            R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"highway":"residential"},)"
            R"("geometry":{"type":"LineString","coordinates":[[117.0,32.0],[117.01,32.0],[117.02,32.0]]}}]})"
        );
        write(
            "doors.csv",
            "lon,lat,area,elderly\n117.001,32.0,East,2\n117.019,32.0,West,7\n118,32.0,West,1\n"
        );
        write("places.csv", "lon,lat,kind,days\n117.0,32.0,canteen,12345\n");
    }
    ~Files() { std::filesystem::remove_all(folder); }
    void write(const char* name, const std::string& text) const {
        std::ofstream(folder / name, std::ios::trunc) << text;
    }
    std::string read(const char* name) const {
        std::stringstream text;
        text << std::ifstream(folder / name).rdbuf();
        return text.str();
    }
    CoverOrder order() const {
        CoverOrder order;
        order.network = folder / "net";
        order.profile = "catalogue/walking/foot.yaml";
        order.circles = "catalogue/walking/circles.yaml";
        order.doors = folder / "doors.csv";
        order.places = folder / "places.csv";
        order.gaps = folder / "gaps.csv";
        order.kinds = {"canteen"};
        return order;
    }
    void build() const {
        CHECK(
            spatial_build({folder / "streets.geojson", folder / "net", order().profile, false, {}}
            ) == 0
        );
    }
    std::string refusal(const CoverOrder& order) const {
        return refusal([&] { spatial_cover(order); });
    }
    static std::string refusal(const auto& work) {
        try {
            work();
        } catch (const Refused& refused) {
            return refused.problems.empty() ? refused.code : refused.problems.front().code;
        }
        return {};
    }
};

}  // namespace

TEST_CASE("a circle from files: who is outside, and how far") {
    const Files files;
    files.build();
    CHECK(spatial_cover(files.order()) == 0);
    CHECK(
        files.read("gaps.csv") == "line,area,lon,lat,walk_minutes\r\n3,West,117.019,32.0,26.7\r\n"
    );
    auto far = files.order();
    far.minutes = 30;
    CHECK(spatial_cover(far) == 0);
    CHECK(files.read("gaps.csv") == "line,area,lon,lat,walk_minutes\r\n");
    far.group = "elderly";
    CHECK(spatial_cover(far) == 0);
    CHECK(files.read("gaps.csv").find("26.7") != std::string::npos);
}

TEST_CASE("a circle from broken files is refused and the last list of gaps stays") {
    const Files files;
    files.build();
    files.write("gaps.csv", "the last good one");
    auto sunday = files.order();
    sunday.weekday = 7;
    CHECK(files.refusal(sunday) == "no_such_facility");
    auto giants = files.order();
    giants.group = "giants";
    CHECK(files.refusal(giants) == "unknown_group");
    files.write("doors.csv", "lon,lat\n117.001,ninety\n");
    CHECK(files.refusal(files.order()) == "number_malformed");
    files.write("doors.csv", "x,y\n117.001,32\n");
    CHECK(files.refusal(files.order()) == "column_missing");
    files.write("doors.csv", "lon,lat\n2,2\n");
    CHECK(files.refusal(files.order()) == "nothing_placed");
    files.write("net", "nothing");
    CHECK(files.refusal(files.order()) == "network_file_broken");
    CHECK(files.read("gaps.csv") == "the last good one");
}

TEST_CASE("a circle of the table has its own kinds, limits by class of area and walker") {
    const Files files;
    files.build();
    files.write(
        "doors.csv",
        "lon,lat,area,class,elderly\n117.006,32.0,East,urban,2\n117.006,32.0,East,county_seat,2\n"
        "117.019,32.0,West,rural,7\n"
    );
    auto meals = files.order();
    meals.kinds.clear();
    meals.circle = "elder_meals";
    CHECK(spatial_cover(meals) == 0);
    // 566 m: 10.3 minutes of an old person; none is promised in the country.
    CHECK(
        files.read("gaps.csv") == "line,area,lon,lat,walk_minutes\r\n2,East,117.006,32.0,8.4\r\n"
    );
    meals.group = "adult";
    CHECK(spatial_cover(meals) == 0);
    CHECK(files.read("gaps.csv") == "line,area,lon,lat,walk_minutes\r\n");
    meals.circle = "elder_mealz";
    CHECK(files.refusal(meals) == "unknown_circle");
    meals.circle = "elder_meals";
    files.write("doors.csv", "lon,lat,class\n117.006,32.0,suburb\n");
    CHECK(files.refusal(meals) == "class_unknown");
}

TEST_CASE("streets that lie elsewhere are refused, and the last network stays") {
    const Files files;
    files.build();
    NetworkOrder order{
        files.folder / "streets.geojson", files.folder / "net", files.order().profile, false, {}};
    order.place = {116.9, 31.9, 117.1, 32.1};
    CHECK(spatial_build(order) == 0);
    const auto before = files.read("net");
    order.place = {120.5, 27.9, 120.9, 28.1};
    CHECK(Files::refusal([&] { spatial_build(order); }) == "streets_elsewhere");
    CHECK(files.read("net") == before);
}

TEST_CASE("a place may be added, moved and removed in thought; it must stand on a street") {
    const Files files;
    files.build();
    WhatIfOrder order{files.order(), 0, {117.019, 32.0}};
    CHECK(spatial_what_if(order) == 0);
    order.line = 2;
    CHECK(spatial_what_if(order) == 0);
    order.at.clear();
    CHECK(spatial_what_if(order) == 0);
    order.line = 9;
    CHECK(Files::refusal([&] { spatial_what_if(order); }) == "no_such_facility");
    order.at = {118, 32};
    order.line = 0;
    CHECK(Files::refusal([&] { spatial_what_if(order); }) == "place_not_on_street");
}

TEST_CASE("an isochrone begins on a street, for a group of the profile") {
    const Files files;
    files.build();
    IsochroneOrder order{
        files.folder / "net", files.order().profile, {117.001, 32.0}, {15, 30}, "elderly", false};
    CHECK(spatial_isochrone(order) == 0);
    order.at = {2, 2};
    CHECK(Files::refusal([&] { spatial_isochrone(order); }) == "place_not_on_street");
    order.at = {117.001, 32.0};
    order.group = "giants";
    CHECK(Files::refusal([&] { spatial_isochrone(order); }) == "unknown_group");
}
