// SPDX-License-Identifier: Apache-2.0
#include "spatial/district.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "spatial/dice.hpp"

using namespace linli::spatial;

namespace {

/// Communities as units on a map, by hand.
struct Town {
    StreetUnits units;
    UnitFacts facts;
    std::vector<Community> communities;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> apart;
    std::vector<UnitPair> pairs;

    void community(
        std::uint32_t units_in_it, std::uint32_t households_each, std::uint32_t jobs = 0
    ) {
        const auto area = static_cast<std::uint32_t>(communities.size());
        communities.emplace_back();
        for (std::uint32_t i = 0; i < units_in_it; ++i) {
            const auto unit = static_cast<std::uint32_t>(units.area.size());
            if (i > 0) {
                pairs.push_back({unit - 1, unit, 3});
            }
            units.area.push_back(area);
            units.graph.weight.push_back(households_each);
            facts.persons.push_back(households_each * 3);
            facts.jobs.push_back(jobs);
            communities[area].households += households_each;
            communities[area].persons += households_each * 3;
            communities[area].jobs += jobs;
        }
    }
    std::vector<CommunityProposal> propose() {
        units.graph = graph_of(units.graph.weight, pairs);
        std::vector<UnitPair> within;
        for (const auto& pair : pairs) {
            if (units.area[pair.a] == units.area[pair.b]) {
                within.push_back(pair);
            }
        }
        const auto inside = graph_of(units.graph.weight, within);
        return propose_communities({units, inside, facts, communities, apart}, {});
    }
};

}  // namespace

TEST_CASE("a community of 6,000 households is split into contiguous ones of the wished size") {
    Town town;
    town.community(60, 100);
    const auto all = town.propose();
    REQUIRE(all.size() == 1);
    CHECK(all[0].kind == Proposed::split);
    CHECK(all[0].fit == Fit::good);
    // 18,000 persons: two parts come nearer to 10,000 to 15,000 than three or four.
    REQUIRE(all[0].parts.size() == 2);
    CHECK(all[0].parts[0].households <= 3'000);
    CHECK(all[0].moved == all[0].parts[1].households);
    std::vector<std::uint32_t> part(60);
    for (std::uint32_t p = 0; p < all[0].parts.size(); ++p) {
        for (const auto unit : all[0].parts[p].units) {
            part[unit] = p;
        }
    }
    CHECK(contiguous(town.units.graph, part));
}

TEST_CASE("what cannot be split as wished is split otherwise, or it is said that it cannot be") {
    Town town;
    town.community(3, 1'100);  // no proposal
    town.community(2, 3'600);  // parts of 3,600 are above the wished size
    town.community(1, 5'500);
    const auto all = town.propose();
    REQUIRE(all.size() == 2);
    CHECK(all[0].areas == std::vector<std::uint32_t>{1});
    CHECK(all[0].fit == Fit::relaxed);
    CHECK(all[0].parts.size() == 2);
    CHECK(all[1].areas == std::vector<std::uint32_t>{2});
    CHECK(all[1].fit == Fit::none);
    CHECK(all[1].why == Hindrance::hangs_together);
}

TEST_CASE("an industrial community goes by its jobs") {
    Town town;
    town.community(20, 10, 1'000);  // 200 households, 20,000 jobs: of a good size
    town.community(30, 0, 2'000);   // 60,000 jobs
    town.pairs.push_back({19, 20, 3});
    const auto all = town.propose();
    REQUIRE(all.size() == 1);
    CHECK(all[0].kind == Proposed::split_by_jobs);
    CHECK(all[0].areas == std::vector<std::uint32_t>{1});
    CHECK(all[0].parts.size() == 2);
    for (const auto& part : all[0].parts) {
        CHECK(part.jobs >= 5'000);
        CHECK(part.jobs <= 40'000);
    }
}

TEST_CASE("a community of 400 households joins the neighbour that makes the better size") {
    const auto town_with = [](std::int32_t border) {
        Town town;
        town.community(4, 100);
        town.community(20, 100);
        town.community(45, 100);
        town.community(10, 100);
        town.pairs.push_back({0, 4, border});
        town.pairs.push_back({3, 24, 3});
        return town;
    };
    auto town = town_with(3);
    auto all = town.propose();
    REQUIRE(all.size() == 1);
    CHECK(all[0].areas == std::vector<std::uint32_t>{1, 0});
    CHECK(all[0].moved == 400);
    CHECK(all[0].fit == Fit::good);
    town = town_with(-5);  // a river between: the other one
    CHECK(town.propose()[0].areas == std::vector<std::uint32_t>{2, 0});
    town = town_with(3);
    town.apart = {{0, 1}, {2, 0}};
    all = town.propose();
    CHECK(all[0].fit == Fit::none);
    CHECK(all[0].why == Hindrance::neighbours_too_large);
    town = town_with(3);
    town.communities[0].parent = 1;
    CHECK(town.propose()[0].why == Hindrance::another_subdistrict);
    town = town_with(3);
    town.communities[0].leave = true;
    CHECK(town.propose().empty());
}

TEST_CASE("on random maps every small community is merged if a neighbour can take it, else told why"
) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        Town town;
        const auto count = static_cast<std::uint32_t>(dice.between(3, 9));
        for (std::uint32_t a = 0; a < count; ++a) {
            town.community(
                static_cast<std::uint32_t>(dice.between(1, 5)),
                static_cast<std::uint32_t>(dice.between(40, 900))
            );
            town.communities[a].leave = dice.chance(15);
            town.communities[a].parent = dice.below(2);
        }
        for (std::uint32_t i = 0; i < 2 * count; ++i) {
            const auto n = static_cast<std::uint32_t>(town.units.area.size());
            town.pairs.push_back({dice.below(n), dice.below(n), dice.between(0, 3) == 0 ? -5 : 4});
        }
        const auto all = town.propose();
        std::vector<std::uint32_t> group(count);
        std::set<std::uint32_t> told;
        for (std::uint32_t a = 0; a < count; ++a) {
            group[a] = a;
        }
        for (const auto& one : all) {
            if (one.kind == Proposed::merge && one.fit != Fit::none) {
                for (const auto area : one.areas) {
                    CHECK(!town.communities[area].leave);
                    CHECK(town.communities[area].parent == town.communities[one.areas[0]].parent);
                    group[area] = one.areas[0];
                }
            } else if (one.kind == Proposed::merge) {
                told.insert(one.areas[0]);
            }
        }
        std::vector<std::uint64_t> size(count, 0);
        for (std::uint32_t a = 0; a < count; ++a) {
            size[group[a]] += town.communities[a].households;
        }
        for (std::uint32_t a = 0; a < count; ++a) {
            CHECK((size[group[a]] <= 5'000 || group[a] == a));
            if (town.communities[a].households < 500 && !town.communities[a].leave) {
                CHECK(
                    (size[group[a]] >= 500 || told.contains(a) || told.contains(group[a]) ||
                     std::any_of(
                         told.begin(), told.end(), [&](auto t) { return group[t] == group[a]; }
                     ))
                );
            }
        }
    }
}
