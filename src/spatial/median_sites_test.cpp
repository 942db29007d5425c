// SPDX-License-Identifier: Apache-2.0
#include "spatial/median_sites.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <numeric>
#include <random>

#include "base/error.hpp"
#include "spatial/centre_sites.hpp"

using namespace linli::spatial;

namespace {

struct World {
    MedianTask median;
    CentreTask centre;
    std::vector<std::vector<Ms>> walk;  ///< site, demand
};

/// Nine sites and twelve demands in a square; some sites exist, some are forbidden; `sparse`: far
/// demands are out of reach.
World random_world(std::uint64_t seed, bool sparse) {
    std::mt19937_64 random(seed);
    World world;
    const auto place = [&] { return static_cast<std::int64_t>(random() % 100); };
    std::vector<std::pair<std::int64_t, std::int64_t>> demands;
    for (int i = 0; i < 12; ++i) {
        demands.emplace_back(place(), place());
        world.median.value.push_back(static_cast<std::int64_t>(random() % 5));
    }
    world.median.beyond = sparse ? 60 : 500;
    for (int s = 0; s < 9; ++s) {
        const auto x = place(), y = place();
        world.walk.emplace_back();
        auto& reach = world.median.reach;
        for (std::uint32_t i = 0; i < 12; ++i) {
            const auto walk = std::abs(x - demands[i].first) + std::abs(y - demands[i].second);
            world.walk.back().push_back(static_cast<Ms>(walk));
            if (!sparse || walk < 60) {
                reach.demands.items.push_back(i);
                reach.walks.push_back(static_cast<Ms>(walk));
            }
        }
        reach.demands.begin.push_back(static_cast<std::uint32_t>(reach.walks.size()));
        const auto lot = random() % 8;
        world.median.state.push_back(
            lot == 0   ? SiteState::existing
            : lot == 1 ? SiteState::forbidden
                       : SiteState::candidate
        );
    }
    world.median.state[5] = SiteState::candidate;
    world.median.sites = 1 + random() % 4;
    world.centre = {world.median.reach, 12, world.median.state, world.median.sites};
    return world;
}

/// Walks to the nearest of the sites and those that exist.
std::vector<Ms> walks(const World& world, std::uint32_t bits) {
    std::vector<Ms> out(12, world.median.beyond);
    for (std::uint32_t s = 0; s < 9; ++s) {
        if (bits >> s & 1 || world.median.state[s] == SiteState::existing) {
            for (std::size_t i = 0; i < 12; ++i) {
                out[i] = std::min(out[i], world.walk[s][i]);
            }
        }
    }
    return out;
}

std::int64_t sum_of(const World& world, std::uint32_t bits) {
    const auto walk = walks(world, bits);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < 12; ++i) {
        sum += world.median.value[i] * walk[i];
    }
    return sum;
}

void each_set(const World& world, const auto& work) {
    for (std::uint32_t bits = 0; bits < 1U << 9; ++bits) {
        bool allowed = std::popcount(bits) <= static_cast<int>(world.median.sites);
        for (std::uint32_t s = 0; s < 9; ++s) {
            allowed =
                allowed && (!(bits >> s & 1) || world.median.state[s] == SiteState::candidate);
        }
        if (allowed) {
            work(bits);
        }
    }
}

std::uint32_t bits_of(std::span<const std::uint32_t> sites) {
    std::uint32_t bits = 0;
    for (const auto s : sites) {
        bits |= 1U << s;
    }
    return bits;
}

}  // namespace

TEST_CASE("the p-median is what trying all sets finds, and its bound holds") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        CAPTURE(seed);
        const auto world = random_world(seed, seed % 2 == 0);
        std::int64_t best = INT64_MAX;
        each_set(world, [&](std::uint32_t bits) { best = std::min(best, sum_of(world, bits)); });
        const auto answer = shortest_walks(world.median, {.work = 500'000, .seed = seed});
        CHECK(answer.total == best);
        CHECK(answer.bound <= best);
        CHECK(sum_of(world, bits_of(answer.sites)) == best);
        CHECK(answer.sites.size() <= world.median.sites);
        CHECK(answer.before == sum_of(world, 0));
        CHECK(
            std::accumulate(answer.saves.begin(), answer.saves.end(), answer.total) == answer.before
        );
    }
}

TEST_CASE("the p-centre is what trying all sets finds, and its bound holds") {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        CAPTURE(seed);
        const auto world = random_world(seed, false);
        Ms best = unreachable;
        each_set(world, [&](std::uint32_t bits) {
            const auto walk = walks(world, bits);
            best = std::min(best, *std::max_element(walk.begin(), walk.end()));
        });
        const auto answer = shortest_farthest(world.centre, {.work = 5'000'000, .seed = seed});
        CHECK(answer.farthest == best);
        CHECK(answer.bound <= best);
        const auto walk = walks(world, bits_of(answer.sites));
        CHECK(*std::max_element(walk.begin(), walk.end()) == best);
        for (const auto i : answer.who) {
            CHECK(walk[i] == best);
        }
    }
}

TEST_CASE("medians and centres that cannot be are refused") {
    auto world = random_world(1, false);
    world.median.sites = 0;
    CHECK_THROWS_AS(shortest_walks(world.median, {}), linli::Refused);
    world = random_world(1, false);
    world.median.state.assign(9, SiteState::forbidden);
    CHECK_THROWS_AS(shortest_walks(world.median, {}), linli::Refused);
    world.centre.state.assign(9, SiteState::forbidden);
    CHECK_THROWS_AS(shortest_farthest(world.centre, {}), linli::Refused);
    auto broken = random_world(2, false);
    broken.median.reach.walks.pop_back();
    CHECK_THROWS_AS(shortest_walks(broken.median, {}), linli::Refused);
}
