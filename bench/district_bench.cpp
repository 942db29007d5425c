// SPDX-License-Identifier: Apache-2.0
// room: spatial
/// Grid cells of 300 to 500 households on a made-up city, all of it as one area and community by
/// community; and on a lattice of 70,000 units. CPU time of one thread.
///     district_bench [POINTS]
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "cpu_time.hpp"
#include "spatial/city.hpp"
#include "spatial/dice.hpp"
#include "spatial/district.hpp"
#include "spatial/snap.hpp"

using namespace linli::spatial;

namespace {

void report(const char* name, const UnitGraph& graph, const Parts& parts, double ms) {
    const PartRules rules;
    std::size_t good = 0;
    for (const auto weight : parts.weight) {
        good += weight >= rules.low && weight <= rules.high;
    }
    std::printf(
        "%-28s %zu units, %zu cells: %.3f %% in range, %s, border cost %lld, %.0f ms\n", name,
        graph.size(), parts.weight.size(),
        100.0 * static_cast<double>(good) / static_cast<double>(parts.weight.size()),
        contiguous(graph, parts.part) ? "all contiguous" : "NOT CONTIGUOUS",
        static_cast<long long>(border_cost(graph, parts.part)), ms
    );
    std::array<int, 5> why{};
    for (const auto& one : parts.undivided) {
        ++why[static_cast<std::size_t>(one.why)];
    }
    std::printf(
        "    pieces that cannot be: %d too few, %d no number fits, %d unit too large, %d proven; "
        "%d not found\n",
        why[0], why[1], why[2], why[3], why[4]
    );
}

UnitGraph lattice(std::uint32_t columns, std::uint32_t rows) {
    Dice dice(1);
    std::vector<std::uint32_t> weight;
    std::vector<UnitPair> pairs;
    for (std::uint32_t u = 0; u < columns * rows; ++u) {
        weight.push_back(static_cast<std::uint32_t>(dice.between(5, 75)));
        // Three links in four are there, and enough that all hangs together.
        const bool left = u % columns != 0 && (u < columns || !dice.chance(25));
        if (left) {
            pairs.push_back({u - 1, u, dice.between(1, 8)});
        }
        if (u >= columns && (!left || !dice.chance(25))) {
            pairs.push_back({u - columns, u, dice.between(1, 8)});
        }
    }
    return graph_of(std::move(weight), std::move(pairs));
}

}  // namespace

int main(int argc, char** argv) {
    const auto flat = lattice(350, 200);
    auto start = cpu_ms();
    const auto flat_parts = divide(flat, {});
    report("lattice", flat, flat_parts, cpu_ms() - start);

    const auto profile = load_profile("catalogue/walking/foot.yaml");
    const auto points = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 300'000);
    const auto city = make_city({points, 7}, profile);
    const auto network = build_network(city.streets, profile);
    Homes homes;
    std::vector<std::uint32_t> persons;
    std::vector<Point> doors;
    for (const auto& one : city.dwellings) {
        doors.push_back(one.door);
    }
    const auto placed = place_doors(network, doors);
    for (std::size_t d = 0; d < doors.size(); ++d) {
        const auto& one = city.dwellings[d];
        if (placed.positions[d] && one.households > 0) {
            homes.positions.push_back(*placed.positions[d]);
            homes.doors.push_back(one.door);
            homes.households.push_back(one.households);
            homes.area.push_back(city.areas[one.grid].parent);
            persons.push_back(one.persons);
        }
    }
    Barriers barriers;
    std::vector<Point> line;
    for (std::size_t w = 0; w < city.streets.ways(); ++w) {
        if (main_road(city.roads[w])) {
            line.clear();
            for (auto i = city.streets.way_begin[w]; i < city.streets.way_begin[w + 1]; ++i) {
                line.push_back(city.streets.points[city.streets.refs[i]]);
            }
            barriers.add(line);
        }
    }
    barriers.add(city.river);
    start = cpu_ms();
    const auto units = street_units(network, homes, barriers);
    std::printf("%zu homes to units: %.0f ms\n", homes.size(), cpu_ms() - start);
    start = cpu_ms();
    const auto whole = divide(units.graph, {});
    report("city as one area", units.graph, whole, cpu_ms() - start);
    const auto parted = within_areas(network, units, barriers);
    std::printf("joined within communities: %.0f ms\n", cpu_ms() - start);
    start = cpu_ms();
    const auto each = divide(parted, {});
    report("every community by itself", parted, each, cpu_ms() - start);
    UnitFacts facts;
    facts.persons.assign(units.graph.size(), 0);
    facts.jobs.assign(units.graph.size(), 0);
    std::vector<Community> communities(city.areas.size());
    for (std::size_t h = 0; h < homes.size(); ++h) {
        auto& one = communities[homes.area[h]];
        one.households += homes.households[h];
        one.persons += persons[h];
        one.parent = city.areas[homes.area[h]].parent;
        one.leave = city.areas[homes.area[h]].area_class == AreaClass::rural;
        facts.persons[units.unit[h]] += persons[h];
    }
    start = cpu_ms();
    const auto proposals =
        propose_communities({units, parted, facts, communities, {}}, CommunityRules());
    std::array<std::array<int, 3>, 3> count{};
    for (const auto& one : proposals) {
        ++count[static_cast<std::size_t>(one.kind)][static_cast<std::size_t>(one.fit)];
    }
    std::printf(
        "communities: %d splits (%d relaxed, %d impossible), %d mergers (%d relaxed, %d "
        "impossible): %.0f ms\n",
        count[0][0], count[0][1], count[0][2], count[2][0], count[2][1], count[2][2],
        cpu_ms() - start
    );
    return 0;
}
