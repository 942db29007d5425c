// SPDX-License-Identifier: Apache-2.0
#include "spatial/what_if.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "base/error.hpp"
#include "spatial/testing.hpp"

using namespace linli::spatial;

namespace {

/// A random town of three areas with dwellings at every street point and some facilities.
struct Town {
    Drawing drawing;
    AreaTree areas{{0, 0, 0, 1}};
    Dwellings dwellings;
    std::vector<Facility> facilities;
    std::mt19937_64 random;

    explicit Town(std::uint64_t seed)
        : drawing(draw(random_picture(seed, 9, 7, 25))), random(seed) {
        std::vector<std::uint32_t> points(drawing.network.points.size());
        for (std::uint32_t p = 0; p < points.size(); ++p) {
            points[p] = p;
            dwellings.area.push_back(p % 4);
            dwellings.area_class.push_back(static_cast<AreaClass>(p % 3));
        }
        dwellings.positions = positions_of(drawing.network, points);
        dwellings.weights.resize(2);
        for (const auto p : points) {
            dwellings.positions[p].access = p % 5 * 10'000;
            dwellings.weights[0].push_back(p * 7 % 11);
            dwellings.weights[1].push_back(p % 2);
        }
        for (int i = 0; i < 6; ++i) {
            facilities.push_back(any_facility());
        }
    }
    Position any_place() { return dwellings.positions[random() % dwellings.size()]; }
    Facility any_facility() {
        const auto days = static_cast<std::uint8_t>(random() % 4 == 0 ? 0x02 : 0x7f);
        return {any_place(), static_cast<std::uint16_t>(random() % 3), days};
    }
    std::vector<std::uint64_t> counted(const Circle& circle, std::vector<Facility> with) {
        // `cover` wants a facility of each kind: one that nothing can be walked to from.
        for (const auto kind : circle.kinds) {
            with.push_back({{0, 0, longest_walk}, kind});
        }
        Search search(drawing.network);
        return cover(drawing.network, search, areas, dwellings, with, circle).shares.covered;
    }
};

}  // namespace

TEST_CASE("a facility more, moved or gone changes just what counting everything anew would") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        Town town(seed);
        const Circle circle{"life", {0, 2}, seed % 2 == 0, {300'000, 0, 500'000}};
        WhatIf what_if(town.drawing.network, town.areas, town.dwellings, town.facilities, circle);
        const auto now = town.counted(circle, town.facilities);
        CHECK(what_if.shares().covered == now);
        for (std::size_t f = 0; f < town.facilities.size(); ++f) {
            auto others = town.facilities;
            others.erase(others.begin() + static_cast<std::ptrdiff_t>(f));
            CHECK(what_if.removed(f).covered == town.counted(circle, others));
            auto moved = town.facilities;
            moved[f].position = town.any_place();
            CHECK(what_if.moved(f, moved[f].position).covered == town.counted(circle, moved));
        }
        auto more = town.facilities;
        more.push_back({town.any_place(), 2});
        const auto effect = what_if.added(more.back());
        CHECK(effect.covered == town.counted(circle, more));
        CHECK(effect.covered[0] == now[0] + effect.gained.size());
        CHECK(effect.lost.empty());
        CHECK(what_if.shares().covered == now);
    }
}

TEST_CASE("the first facility of all may be tried; one that the circle does not need is refused") {
    Town town(3);
    const Circle circle{"meals", {0}, false, {400'000, 400'000, 400'000}};
    WhatIf what_if(town.drawing.network, town.areas, town.dwellings, {}, circle);
    CHECK(what_if.shares().covered[0] == 0);
    CHECK(what_if.added({town.any_place(), 0}).covered[0] > 0);
    CHECK_THROWS_AS(what_if.added({town.any_place(), 1}), linli::Refused);
}
