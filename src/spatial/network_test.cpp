// SPDX-License-Identifier: Apache-2.0
#include "spatial/network.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "spatial/search.hpp"
#include "spatial/testing.hpp"

using namespace linli::spatial;

namespace {

Ms walk(const Drawing& drawing, char from, char to) {
    Search search(drawing.network);
    const auto source = drawing.position(from);
    search.run({&source, 1}, longest_walk);
    return search.at(drawing.position(to));
}

}  // namespace

TEST_CASE("streets without a crossing are one chain, dead ends and crossings are junctions") {
    const auto drawing = draw(
        "A--+--+--B\n"
        "   |\n"
        "   C\n"
    );
    CHECK(drawing.network.junctions == 4);  // A, B, C and the crossing
    CHECK(drawing.network.chain_count() == 3);
    CHECK(drawing.network.points.size() == 5);
    CHECK(drawing.network.component_points == std::vector<std::uint32_t>{5});
    CHECK(
        walk(drawing, 'A', 'B') == doctest::Approx(450'000).epsilon(1e-4)
    );  // 9 signs of 50 m at 1 m/s
    CHECK(walk(drawing, 'C', 'B') == doctest::Approx(400'000).epsilon(1e-4));
}

TEST_CASE("a ring without a crossing can be walked both ways") {
    const auto drawing = draw(
        "A--+--B\n"
        "|     |\n"
        "+--C--+\n"
    );
    CHECK(drawing.network.junctions == 1);
    CHECK(drawing.network.chain_count() == 1);
    CHECK(drawing.network.points.size() == 6);
    CHECK(walk(drawing, 'A', 'B') == doctest::Approx(300'000).epsilon(1e-4));
    CHECK(walk(drawing, 'B', 'C') == doctest::Approx(250'000).epsilon(1e-4));
    CHECK(walk(drawing, 'A', 'C') == doctest::Approx(250'000).epsilon(1e-4));
}

TEST_CASE("nobody walks through a blocked point, but up to it from both sides") {
    const auto drawing = draw(
        "A--#--B\n"
        "|     |\n"
        "+-----+\n"
    );
    CHECK(walk(drawing, 'A', 'B') == doctest::Approx(500'000).epsilon(1e-4));
    CHECK(walk(drawing, '#', 'B') > 0);
    CHECK(drawing.network.points.size() == 6);
}

TEST_CASE("a way that begins or ends at a blocked point does not join others there") {
    StreetMap map;
    map.points = {at(117, 32), at(117.001, 32), at(117.002, 32), at(117.001, 32.001)};
    map.refs = {0, 1, 1, 2, 1, 3};
    map.way_begin = {0, 2, 4, 6};
    map.percent = {100, 100, 100};
    CHECK(build_network(map, plain_profile()).component_points.size() == 1);
    map.blocked = {1};
    CHECK(build_network(map, plain_profile()).component_points.size() == 3);
}

TEST_CASE("slower ways take longer; two streets between the same crossings both count") {
    StreetMap map;
    map.points = {at(117, 32), at(117.01, 32), at(117.005, 32.001)};
    map.refs = {0, 1, 0, 2, 1};
    map.way_begin = {0, 2, 5};
    map.percent = {50, 100};
    const auto network = build_network(map, plain_profile());
    CHECK(network.points.size() == 3);
    const auto flat = metres_between(map.points[0], map.points[1]);
    std::vector<Position> ends = positions_of(network, std::vector<std::uint32_t>{0});
    Search search(network);
    search.run(ends, longest_walk);
    const auto detour =
        metres_between(map.points[0], map.points[2]) + metres_between(map.points[2], map.points[1]);
    std::vector<Ms> walks(network.points.size());
    search.points(walks);
    CHECK(*std::max_element(walks.begin(), walks.end()) <= std::llround(detour * 1000) + 2);
    CHECK(detour < 2 * flat);
}

TEST_CASE("a map that nobody can walk is refused") {
    StreetMap map;
    map.source = "sea.osm";
    map.ways_read = 12;
    try {
        build_network(map, plain_profile());
        FAIL("an empty network was built");
    } catch (const linli::Refused& refused) {
        CHECK(refused.problems.front().code == "no_streets");
        CHECK(refused.problems.front().pointer == "sea.osm");
    }
}

TEST_CASE("every street point of a random map is reached as by the slow way, wherever sources stand"
) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        const auto drawing = draw(random_picture(seed, 9, 8, 20 + static_cast<int>(seed % 30)));
        const auto& network = drawing.network;
        const auto graph = plain_graph(network);
        std::vector<Position> sources;
        for (std::uint32_t i = 0; i < 1 + seed % 4; ++i) {
            const auto chain =
                static_cast<std::uint32_t>((seed * 31 + i * 57) % network.chain_count());
            const auto length = network.chains[chain].length;
            sources.push_back(
                {chain, static_cast<Ms>((seed * 7919 + i * 104'729) % (length + 1)), i * 900}
            );
        }
        Search search(network);
        std::vector<Ms> walks(network.points.size());
        for (const Ms limit : {Ms{400'000}, Ms{1'000'000}, longest_walk}) {
            search.run(sources, limit);
            search.points(walks);
            CHECK(walks == plain_nearest(network, graph, sources, limit));
            std::vector<std::uint32_t> all(network.points.size());
            for (std::uint32_t p = 0; p < all.size(); ++p) {
                all[p] = p;
            }
            const auto positions = positions_of(network, all);
            for (std::size_t p = 0; p < all.size(); ++p) {
                CHECK(search.at(positions[p]) == walks[p]);
            }
        }
    }
}

TEST_CASE("a square where nine streets meet, some of them dead ends or loops, is walked through") {
    StreetMap map;
    map.points = {at(117, 32)};
    const auto street = [&](std::vector<std::uint32_t> refs) {
        map.refs.insert(map.refs.end(), refs.begin(), refs.end());
        map.way_begin.push_back(static_cast<std::uint32_t>(map.refs.size()));
        map.percent.push_back(100);
    };
    for (std::uint32_t i = 1; i <= 9; ++i) {
        map.points.push_back(at(117 + 0.001 * i, 32 + 0.0007 * (i % 4)));
        street({0, i});
    }
    street({1, 2});
    street({3, 5});
    map.points.push_back(at(117.02, 32.001));
    map.points.push_back(at(117.02, 32.002));
    street({8, 10, 11, 8});
    auto network = build_network(map, plain_profile());
    const auto graph = plain_graph(network);
    Search search(network);
    std::vector<Ms> walks(network.points.size());
    for (std::uint32_t c = 0; c < network.chain_count(); ++c) {
        const Position source{c, network.chains[c].length / 3, 500};
        for (const Ms limit : {Ms{200'000}, longest_walk}) {
            search.run({&source, 1}, limit);
            search.points(walks);
            CHECK(walks == plain_nearest(network, graph, {&source, 1}, limit));
        }
    }
}
