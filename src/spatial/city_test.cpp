// SPDX-License-Identifier: Apache-2.0
#include "spatial/city.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "spatial/city_block.hpp"
#include "spatial/network.hpp"
#include "spatial/snap.hpp"

using namespace linli::spatial;

namespace {

Profile foot() {
    return load_profile("catalogue/walking/foot.yaml");
}

/// A number that changes with any part of the city.
std::uint64_t digest(const City& city) {
    std::uint64_t sum = 0;
    const auto add = [&](std::int64_t value) {
        sum = (sum ^ static_cast<std::uint64_t>(value)) * 0x100000001b3;
        sum ^= sum >> 29;
    };
    for (const auto p : city.streets.points) {
        add(p.lon);
        add(p.lat);
    }
    for (const auto ref : city.streets.refs) {
        add(ref);
    }
    for (const auto& one : city.dwellings) {
        add(one.door.lon);
        add(one.door.lat);
        add(one.grid);
        add(one.households + one.persons * 3 + one.elderly * 5 + one.children * 7 + one.jobs * 11);
    }
    for (const auto& one : city.facilities) {
        add(one.place.lon);
        add(one.kind + one.days * 100);
    }
    return sum;
}

std::vector<std::uint32_t> households_of(const City& city) {
    std::vector<std::uint32_t> sum(city.areas.size());
    for (const auto& one : city.dwellings) {
        for (auto area = one.grid;; area = city.areas[area].parent) {
            sum[area] += one.households;
            if (area == city.areas[area].parent) {
                break;
            }
        }
    }
    return sum;
}

}  // namespace

TEST_CASE("the same seed makes the same city on every machine") {
    const auto city = make_city({20'000, 7}, foot());
    CHECK(digest(city) == digest(make_city({20'000, 7}, foot())));
    CHECK(digest(city) != digest(make_city({20'000, 8}, foot())));
    CHECK(digest(city) == 11415688937490391521u);
}

TEST_CASE("a city has as many street points as ordered, in one piece, every door near a street") {
    for (const std::uint32_t points : {5'000, 12'000, 60'000}) {
        for (std::uint64_t seed = 1; seed <= 4; ++seed) {
            CAPTURE(points);
            CAPTURE(seed);
            const auto city = make_city({points, seed}, foot());
            const auto count = static_cast<double>(city.streets.points.size());
            CHECK(count > points * 0.98);
            CHECK(count < points * 1.02);
            CHECK(city.streets.made_up);
            const auto network = build_network(city.streets, foot());
            CHECK(network.component_points.size() == 1);
            CHECK(network.points.size() == city.streets.points.size());
            std::vector<Point> doors;
            for (const auto& one : city.dwellings) {
                doors.push_back(one.door);
            }
            const auto placed = place_doors(network, doors, {.most_metres = 30});
            CHECK(placed.not_placed.empty());
        }
    }
}

TEST_CASE("areas stand below their parents with codes that no place has; households vary as in life"
) {
    const auto city = make_city({300'000, 7}, foot());
    std::set<std::string> codes;
    for (std::size_t a = 0; a < city.areas.size(); ++a) {
        const auto& area = city.areas[a];
        codes.insert(area.code);
        CHECK((a == 0 ? area.parent == 0 : area.parent < a));
        CHECK(area.code.substr(0, 2) == "99");
        CHECK(area.code.size() == (area.level == CityLevel::grid ? 15 : 12));
    }
    CHECK(codes.size() == city.areas.size());
    const auto households = households_of(city);
    std::size_t communities = 0, good = 0, large = 0, small = 0;
    for (std::size_t a = 0; a < city.areas.size(); ++a) {
        if (city.areas[a].level == CityLevel::community &&
            city.areas[a].area_class != AreaClass::rural) {
            ++communities;
            good += households[a] >= 1'000 && households[a] <= 5'000;
            large += households[a] > 5'000;
            small += households[a] > 0 && households[a] < 500;
        }
    }
    CHECK(communities > 300);
    CHECK(good * 100 > communities * 60);
    CHECK(large > 5);
    CHECK(small > 5);
    for (const auto& one : city.dwellings) {
        CHECK(one.households + one.jobs > 0);
        CHECK(one.elderly + one.children <= one.persons);
    }
}

TEST_CASE("the river is crossed on a few bridges, and compounds have one to four gates") {
    const auto city = make_city({100'000, 3}, foot());
    const auto& river = city.river;
    const auto in_river = [&](Point p) {
        bool inside = false;
        for (std::size_t i = 0; i + 1 < river.size(); ++i) {
            const double ax = river[i].lon, ay = river[i].lat;
            const double bx = river[i + 1].lon, by = river[i + 1].lat;
            if ((ay > p.lat) != (by > p.lat) && p.lon < ax + (bx - ax) * (p.lat - ay) / (by - ay)) {
                inside = !inside;
            }
        }
        return inside;
    };
    std::size_t bridges = 0;
    for (std::size_t w = 0; w < city.streets.ways(); ++w) {
        const auto begin = city.streets.refs.begin() + city.streets.way_begin[w];
        const auto end = city.streets.refs.begin() + city.streets.way_begin[w + 1];
        if (std::any_of(begin, end, [&](auto p) { return in_river(city.streets.points[p]); })) {
            ++bridges;
            CHECK(main_road(city.roads[w]));
        }
    }
    CHECK(bridges >= 3);
    CHECK(bridges <= 10);
    CHECK(std::none_of(city.dwellings.begin(), city.dwellings.end(), [&](const auto& one) {
        return in_river(one.door);
    }));
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Board board;
        Dice dice(seed);
        const Quad ground{{0, 0}, {30'000, 0}, {0, 30'000}, {30'000, 30'000}};
        const std::array corners = {
            board.node(ground.low_left), board.node(ground.low_right), board.node(ground.high_left),
            board.node(ground.high_right)};
        Block block;
        block.ground = ground;
        for (int f = 0; f < 4; ++f) {
            constexpr std::array<std::array<std::size_t, 2>, 4> ends = {
                {{0, 1}, {2, 3}, {0, 2}, {1, 3}}};
            const auto [from, to] = ends[static_cast<std::size_t>(f)];
            block.fronts[static_cast<std::size_t>(f)] = {
                board.side(corners[from], corners[to], Road::collector), 0, 1024, f % 2 == 0};
        }
        const auto built = build_block(board, block, dice);
        CHECK(built.gates.size() >= 1);
        CHECK(built.gates.size() <= 4);
        CHECK(built.households > 300);
    }
}

TEST_CASE("a city of no size or of a country is refused") {
    CHECK_THROWS_AS(make_city({10, 1}, foot()), linli::Refused);
    CHECK_THROWS_AS(make_city({60'000'000, 1}, foot()), linli::Refused);
}
