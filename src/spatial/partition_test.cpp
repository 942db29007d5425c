// SPDX-License-Identifier: Apache-2.0
#include "spatial/partition.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "spatial/dice.hpp"
#include "spatial/partition_exact.hpp"

using namespace linli::spatial;

namespace {

/// A crooked map: a tree over the units and some links more.
UnitGraph random_graph(Dice& dice, std::uint32_t units, int low, int high, std::uint32_t more) {
    std::vector<std::uint32_t> weight;
    std::vector<UnitPair> pairs;
    for (std::uint32_t u = 0; u < units; ++u) {
        weight.push_back(static_cast<std::uint32_t>(dice.between(low, high)));
        if (u > 0) {
            pairs.push_back({dice.below(u), u, dice.between(-2, 5)});
        }
    }
    for (std::uint32_t i = 0; i < more; ++i) {
        pairs.push_back({dice.below(units), dice.below(units), dice.between(-2, 5)});
    }
    return graph_of(std::move(weight), std::move(pairs));
}

UnitGraph grid_graph(Dice& dice, std::uint32_t columns, std::uint32_t rows, int low, int high) {
    std::vector<std::uint32_t> weight;
    std::vector<UnitPair> pairs;
    for (std::uint32_t u = 0; u < columns * rows; ++u) {
        weight.push_back(static_cast<std::uint32_t>(dice.between(low, high)));
        if (u % columns != 0 && !dice.chance(20)) {
            pairs.push_back({u - 1, u, 1});
        }
        if (u >= columns && !dice.chance(20)) {
            pairs.push_back({u - columns, u, 1});
        }
    }
    return graph_of(std::move(weight), std::move(pairs));
}

bool all_in_range(
    const UnitGraph& graph, std::span<const std::uint32_t> part, const PartRules& rules
) {
    std::vector<std::uint64_t> weight(graph.size(), 0);
    std::vector<bool> used(graph.size(), false);
    for (std::size_t u = 0; u < graph.size(); ++u) {
        weight[part[u]] += graph.weight[u];
        used[part[u]] = true;
    }
    std::uint32_t count = 0;
    for (std::size_t p = 0; p < graph.size(); ++p) {
        count += used[p];
        if (used[p] && (weight[p] < rules.low || weight[p] > rules.high)) {
            return false;
        }
    }
    return (rules.parts == 0 || count == rules.parts) && contiguous(graph, part);
}

/// Every way to put units into groups, one after the other.
bool brute(
    const UnitGraph& graph, const PartRules& rules, std::vector<std::uint32_t>& part,
    std::uint32_t used
) {
    if (part.size() == graph.size()) {
        return all_in_range(graph, part, rules);
    }
    for (std::uint32_t p = 0; p <= used; ++p) {
        part.push_back(p);
        if (brute(graph, rules, part, std::max(used, p + 1))) {
            return true;
        }
        part.pop_back();
    }
    return false;
}

}  // namespace

TEST_CASE("whenever counting through finds a division in range, so does divide") {
    Dice dice(11);
    int possible = 0, impossible = 0;
    for (int round = 0; round < 1'500; ++round) {
        CAPTURE(round);
        const auto units = static_cast<std::uint32_t>(dice.between(2, 8));
        const auto graph = random_graph(dice, units, 40, 260, dice.below(6));
        PartRules rules;
        rules.seed = static_cast<std::uint64_t>(round);
        rules.parts = dice.chance(25) ? static_cast<std::uint32_t>(dice.between(1, 3)) : 0;
        std::vector<std::uint32_t> by_hand;
        const bool legal = brute(graph, rules, by_hand, 0);
        const auto parts = divide(graph, rules);
        CHECK(contiguous(graph, parts.part));
        CHECK(parts.undivided.empty() == legal);
        CHECK(all_in_range(graph, parts.part, rules) == legal);
        if (!legal) {
            CHECK(parts.undivided.front().why != PartTrouble::not_found);
        }
        (legal ? possible : impossible) += 1;
    }
    CHECK(possible > 300);
    CHECK(impossible > 300);
}

TEST_CASE("maps in several pieces are divided piece by piece, and each piece has its own trouble") {
    const auto graph =
        graph_of({200, 200, 120, 100, 600, 290, 290}, {{0, 1, 1}, {2, 3, 1}, {5, 6, 1}});
    const auto parts = divide(graph, {});
    CHECK(parts.undivided.size() == 3);
    CHECK(parts.undivided[0].why == PartTrouble::too_few);
    CHECK(parts.undivided[0].unit == 2);
    CHECK(parts.undivided[0].weight == 220);
    CHECK(parts.undivided[1].why == PartTrouble::unit_too_large);
    CHECK(parts.undivided[1].unit == 4);
    CHECK(parts.undivided[2].why == PartTrouble::no_number_fits);
    CHECK(parts.undivided[2].weight == 580);
    CHECK(contiguous(graph, parts.part));
    // A star: whatever is cut off is too small.
    const auto star =
        graph_of({10, 200, 200, 200, 200}, {{0, 1, 1}, {0, 2, 1}, {0, 3, 1}, {0, 4, 1}});
    CHECK(divide(star, {}).undivided.front().why == PartTrouble::proven);
}

TEST_CASE("maps of hundreds of units are divided wholly, contiguous and in range") {
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        const auto graph = grid_graph(dice, 20, 15 + dice.below(20), 15, 110);
        PartRules rules;
        rules.seed = seed;
        const auto parts = divide(graph, rules);
        CHECK(contiguous(graph, parts.part));
        std::uint64_t amiss = 0;
        for (const auto weight : parts.weight) {
            amiss += weight < rules.low || weight > rules.high ? weight : 0;
        }
        // What the lattice lost: corners cut off from all others.
        std::uint64_t cut_off = 0;
        for (const auto& one : parts.undivided) {
            CHECK(one.why != PartTrouble::not_found);
            CHECK(one.weight < 600);
            cut_off += one.weight;
        }
        CHECK(amiss == cut_off);
    }
}

TEST_CASE("who lives in a good cell stays in it") {
    Dice dice(5);
    const auto graph = grid_graph(dice, 30, 30, 30, 60);
    PartRules rules;
    auto present = divide(graph, rules).part;
    rules.seed = 99;
    rules.change_cost = 1;
    const auto same = divide(graph, rules, present);
    CHECK(changed_weight(graph, same.part, present) < 500);
    // Two neighbours become one that is too large: little else moves.
    for (auto& part : present) {
        part = part == 1 ? 0 : part;
    }
    const auto again = divide(graph, rules, present);
    CHECK(again.undivided.size() == same.undivided.size());
    CHECK(changed_weight(graph, again.part, present) < 1'500);
    const auto total = std::accumulate(graph.weight.begin(), graph.weight.end(), std::uint64_t{0});
    CHECK(changed_weight(graph, divide(graph, {.seed = 99}).part, present) > total / 4);
}

TEST_CASE("borders go where they are welcome") {
    // Two rows of six with a river between: parts do not reach across.
    std::vector<UnitPair> pairs;
    for (std::uint32_t i = 0; i < 6; ++i) {
        pairs.push_back({i, i + 6, -5});
        if (i > 0) {
            pairs.push_back({i - 1, i, 3});
            pairs.push_back({i + 5, i + 6, 3});
        }
    }
    const auto graph = graph_of(std::vector<std::uint32_t>(12, 70), pairs);
    const auto parts = divide(graph, {});
    CHECK(parts.undivided.empty());
    CHECK(parts.part[0] == parts.part[5]);
    CHECK(parts.part[6] == parts.part[11]);
    CHECK(parts.part[0] != parts.part[6]);
    CHECK(border_cost(graph, parts.part) == -30);
}

TEST_CASE("the search to the end gives up when told so, and never lies") {
    Dice dice(3);
    const auto graph = random_graph(dice, 60, 30, 120, 20);
    std::vector<std::uint32_t> part;
    CHECK(divide_exactly(graph, {}, 3, part) == Exact::gave_up);
    for (int round = 0; round < 30; ++round) {
        const auto small = random_graph(dice, 24, 30, 220, 8);
        const auto found = divide_exactly(small, {}, 2'000'000, part);
        if (found == Exact::found) {
            CHECK(all_in_range(small, part, {}));
        }
    }
}
