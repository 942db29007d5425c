// SPDX-License-Identifier: Apache-2.0
#include "spatial/units.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "spatial/testing.hpp"

using namespace linli::spatial;

namespace {

/// Small letters are doors of 100 households each, in the order in which they stand in the text.
struct Village {
    Drawing drawing;
    Homes homes;
    Village(std::string_view picture, std::string_view letters) : drawing(draw(picture)) {
        for (const char letter : letters) {
            homes.positions.push_back(drawing.position(letter));
            homes.doors.push_back(drawing.where(letter));
            homes.households.push_back(100);
            homes.area.push_back(0);
        }
    }
    StreetUnits units(const Barriers& barriers = {}) const {
        return street_units(drawing.network, homes, barriers);
    }
};

bool linked(const UnitGraph& graph, std::uint32_t a, std::uint32_t b) {
    for (const auto& link : graph.of(a)) {
        if (link.to == b) {
            return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("neighbours are those between whom nobody lives on the way") {
    const Village village(
        "A--a--B--b--C--c--D\n"
        "      |     |      \n"
        "      E     F      \n",
        "abc"
    );
    const auto row = village.units();
    REQUIRE(row.graph.size() == 3);
    CHECK(linked(row.graph, row.unit[0], row.unit[1]));
    CHECK(linked(row.graph, row.unit[1], row.unit[2]));
    CHECK(!linked(row.graph, row.unit[0], row.unit[2]));
    const Village ring(
        "+--+--a--+--b--+--c--+--+\n"
        "   |     |     |     |   \n"
        "   |     +     +     |   \n"
        "   |                 |   \n"
        "   +-----------------+   \n",
        "abc"
    );
    const auto round = ring.units();
    CHECK(linked(round.graph, round.unit[0], round.unit[2]));
}

TEST_CASE("doors of one street are one unit until it is full; a large building is one alone") {
    Village village("A-a-b-c-d-B--C\n     |\n     E\n", "abcd");
    village.homes.households = {60, 60, 60, 400};
    auto units = village.units();
    CHECK(units.unit[3] != units.unit[2]);
    CHECK(units.graph.weight[units.unit[3]] == 400);
    CHECK(contiguous(units.graph, std::vector<std::uint32_t>(units.graph.size(), 0)));
    village.homes.together = {7, 0, 7, 0};
    units = village.units();
    CHECK(units.unit[0] == units.unit[2]);
    CHECK(units.unit[0] != units.unit[1]);
}

TEST_CASE("a river between two streets is told, and units of two areas stay apart") {
    Village village(
        "+--a--+--b--+\n"
        "|           |\n"
        "|           |\n"
        "+--c--+--d--+\n"
        "      |      \n"
        "      +      \n",
        "abcd"
    );
    Barriers river;
    const auto plane = village.drawing;
    const auto west = plane.where('a'), south = plane.where('c');
    const auto middle = static_cast<std::int32_t>((std::int64_t{west.lat} + south.lat) / 2);
    river.add(std::vector<Point>{{west.lon - 100'000, middle}, {west.lon + 200'000, middle}});
    CHECK(river.crossed(west, south));
    CHECK(!river.crossed(west, plane.where('b')));
    village.homes.area = {0, 0, 1, 1};
    const auto units = street_units(village.drawing.network, village.homes, river);
    for (std::uint32_t u = 0; u < units.graph.size(); ++u) {
        for (const auto& link : units.graph.of(u)) {
            CHECK((link.cost < 0) == (units.area[u] != units.area[link.to]));
        }
    }
    const auto parted = within_areas(village.drawing.network, units, river);
    CHECK(contiguous(parted, units.area));
}

TEST_CASE("an area that is reached only over the ground of another is joined by the shortest walk"
) {
    Village village("A--a--B--b--C--c--D\n      |     |\n      E     F\n", "abc");
    village.homes.area = {0, 1, 0};
    const auto units = village.units();
    REQUIRE(units.graph.size() == 3);
    CHECK(!linked(units.graph, units.unit[0], units.unit[2]));
    const auto parted = within_areas(village.drawing.network, units, {});
    CHECK(linked(parted, units.unit[0], units.unit[2]));
    CHECK(!linked(parted, units.unit[0], units.unit[1]));
    const auto near = within_areas(village.drawing.network, units, {}, 100);
    CHECK(!linked(near, units.unit[0], units.unit[2]));
}

TEST_CASE("barriers come from lines and outlines; broken ones are refused") {
    const auto barriers = read_barriers(R"({"type":"FeatureCollection","features":[
        {"geometry":{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,1]]]}},
        {"geometry":{"type":"Point","coordinates":[5,5]}}]})");
    CHECK(barriers.crossed(at(1.5, 0.9999), at(1.5, 1.0001)));
    CHECK(!barriers.crossed(at(2.5, 0.9999), at(2.5, 1.0001)));
    for (const auto* text :
         {"{}", "nothing",
          R"({"features":[{"geometry":{"type":"LineString","coordinates":[[1]]}}]})",
          R"({"features":[{"geometry":{"type":"LineString","coordinates":7}}]})",
          R"({"features":[{"geometry":{"type":"LineString","coordinates":[[1,200],[1,2]]}}]})"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(read_barriers(text), linli::Refused);
    }
}
