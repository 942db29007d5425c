// SPDX-License-Identifier: Apache-2.0
#include "spatial/lanes.hpp"

#include <doctest/doctest.h>

#include <random>

#include "spatial/hierarchy.hpp"
#include "spatial/near.hpp"
#include "spatial/testing.hpp"

using namespace linli::spatial;

namespace {

/// A town of blocks with a country road of many bends and a lone street beside it.
std::string town_with_road(std::uint64_t seed) {
    auto picture = random_picture(
        seed, 6 + static_cast<int>(seed % 9), 5 + static_cast<int>(seed % 7),
        10 + static_cast<int>(seed % 35)
    );
    for (std::uint64_t i = 0; i < 3 + seed % 40; ++i) {
        picture += i == 0 ? "|\n+" : "--+";
    }
    return picture + "\n\n+--+\n";
}

std::vector<Position> random_places(const Network& network, std::mt19937_64& random, int count) {
    std::vector<Position> places;
    for (int i = 0; i < count; ++i) {
        const auto chain = static_cast<std::uint32_t>(random() % network.chain_count());
        const auto offset = static_cast<Ms>(random() % (network.chains[chain].length + 1));
        places.push_back({chain, offset, static_cast<Ms>(random() % 3 * 20'000)});
    }
    return places;
}

std::vector<Position> all_positions(const Network& network) {
    std::vector<std::uint32_t> points(network.points.size());
    for (std::uint32_t p = 0; p < points.size(); ++p) {
        points[p] = p;
    }
    return positions_of(network, points);
}

}  // namespace

TEST_CASE("sixteen kinds side by side are walked as each by the slow way, whatever the machine can"
) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        auto network = draw(town_with_road(seed)).network;
        add_hierarchy(network);
        const auto graph = plain_graph(network);
        const auto positions = all_positions(network);
        std::mt19937_64 random(seed);
        std::vector<std::vector<Position>> kinds(1 + seed % lanes);
        for (auto& kind : kinds) {
            kind = random_places(network, random, static_cast<int>(random() % 5));
        }
        for (const auto width : {Width::plain, Width::avx2, Width::avx512}) {
            if (!can_use(width)) {
                continue;
            }
            CAPTURE(width);
            LaneSearch search(network, width);
            for (const Ms limit : {Ms{300'000}, Ms{1'500'000}, longest_walk}) {
                search.run(kinds, limit);
                std::vector<std::vector<Ms>> walks(
                    kinds.size(), std::vector<Ms>(network.points.size())
                );
                std::vector<Ms*> columns;
                for (auto& column : walks) {
                    columns.push_back(column.data());
                }
                search.points(columns);
                for (std::size_t k = 0; k < kinds.size(); ++k) {
                    CHECK(walks[k] == plain_nearest(network, graph, kinds[k], limit));
                    bool same = true;
                    for (std::size_t p = 0; p < positions.size(); ++p) {
                        same = same && search.at(k, positions[p]) == walks[k][p];
                    }
                    CHECK(same);
                }
            }
        }
    }
}

TEST_CASE("the hierarchy of a network only rises and does not depend on the machine") {
    auto network = draw(town_with_road(7)).network;
    add_hierarchy(network);
    const auto& up = network.hierarchy;
    CHECK(up.place.size() == network.junctions);
    CHECK(up.arc_begin.back() == up.arcs.size());
    for (std::uint32_t place = 0; place < network.junctions; ++place) {
        for (auto a = up.arc_begin[place]; a < up.arc_begin[place + 1]; ++a) {
            CHECK(up.arcs[a].to < place);
        }
    }
    auto again = network;
    add_hierarchy(again);
    CHECK(again.hierarchy.place == up.place);
}

TEST_CASE("the nearest three of each kind, and which they are, as found by one walk from each place"
) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        auto network = draw(town_with_road(seed)).network;
        add_hierarchy(network);
        const auto graph = plain_graph(network);
        const auto positions = all_positions(network);
        std::mt19937_64 random(seed);
        std::vector<std::vector<Position>> kinds(1 + seed % lanes);
        for (auto& kind : kinds) {
            kind = random_places(network, random, static_cast<int>(random() % 9));
        }
        const std::size_t k = 1 + seed % most_near;
        for (const auto width : {Width::plain, Width::avx2, Width::avx512}) {
            if (!can_use(width)) {
                continue;
            }
            CAPTURE(width);
            NearSearch search(network, k, width);
            // The longest limit needs keys of 64 bits.
            for (const Ms limit : {Ms{300'000}, Ms{1'500'000}, longest_walk}) {
                search.run(kinds, limit);
                std::vector<std::vector<Near>> near(
                    kinds.size(), std::vector<Near>(network.points.size() * k)
                );
                std::vector<Near*> columns;
                for (auto& column : near) {
                    columns.push_back(column.data());
                }
                search.points(columns);
                for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
                    auto plain = plain_k_nearest(network, graph, kinds[kind], limit, k);
                    bool same = true;
                    for (std::size_t p = 0; p < plain.size(); ++p) {
                        plain[p].resize(k);
                        std::vector<Near> at(k);
                        search.at(kind, positions[p], at);
                        const auto* found = near[kind].data() + p * k;
                        same = same && plain[p] == std::vector<Near>(found, found + k);
                        same = same && plain[p] == at;
                    }
                    CHECK(same);
                }
            }
        }
    }
}
