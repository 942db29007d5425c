// SPDX-License-Identifier: Apache-2.0
#include "spatial/siting.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "spatial/testing.hpp"

using namespace linli::spatial;

TEST_CASE("a site reaches whom a walk of its own reaches, each within their limit") {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const auto drawing = draw(random_picture(seed, 8, 6, 30));
        const auto& network = drawing.network;
        std::vector<Position> doors;
        std::vector<Ms> limit;
        for (std::uint32_t p = 0; p < network.points.size(); p += 2) {
            doors.push_back(position_of(network, p));
            doors.back().access = p % 5 * 1000;
            limit.push_back(p % 3 * 150'000);
        }
        Search search(network);
        const auto reach = reach_of(network, search, doors, doors, limit);
        const auto graph = plain_graph(network);
        std::size_t k = 0;
        for (std::size_t s = 0; s < doors.size(); ++s) {
            std::vector<std::uint32_t> row;
            for (std::uint32_t i = 0; i < doors.size(); ++i) {
                search.run({&doors[s], 1}, longest_walk);
                const auto walk = search.at(doors[i]);
                if (limit[i] > 0 && walk <= limit[i]) {
                    row.push_back(i);
                    CHECK(reach.walks[k++] == walk);
                }
            }
            const auto found = reach.demands.row(s);
            CHECK(std::vector<std::uint32_t>(found.begin(), found.end()) == row);
        }
    }
}

TEST_CASE("groups count by their weights; areas left behind count more, up to 1 + equity times") {
    const std::vector<std::vector<std::uint32_t>> groups = {{10, 10, 4}, {1, 0, 2}};
    const std::vector<double> weights = {1, 2.5};
    auto value = priorities(groups, weights);
    CHECK(value == std::vector<std::int64_t>{12'500, 10'000, 9'000});
    const std::vector<std::uint32_t> area = {0, 0, 1};
    favour_worst_off(value, area, {true, false, false}, 1);
    CHECK(value == std::vector<std::int64_t>{18'056, 14'444, 18'000});
    CHECK_THROWS_AS(favour_worst_off(value, area, {true, false, false}, -1), linli::Refused);
    CHECK_THROWS_AS(priorities(groups, std::vector<double>{1}), linli::Refused);
    CHECK_THROWS_AS(priorities(groups, std::vector<double>{1, -2}), linli::Refused);
}

TEST_CASE("the least that works is found, whatever probes leave open") {
    for (std::int64_t truth = 0; truth <= 20; ++truth) {
        for (std::int64_t open = 0; open <= 4; ++open) {
            const auto least = least_that_works(0, 20, [&](std::int64_t n) {
                if (n >= truth) {
                    return Probe::works;
                }
                return n >= truth - open ? Probe::open : Probe::cannot;
            });
            CHECK(least.works == truth);
            CHECK(least.bound == std::max<std::int64_t>(0, truth - open));
        }
    }
}
