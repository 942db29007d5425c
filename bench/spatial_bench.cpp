// SPDX-License-Identifier: Apache-2.0
// room: spatial
/// The nearest of ten kinds of facilities within 15 minutes for all street points, against
/// Dijkstra's algorithm with a heap of four children over all points; a facility tried out;
/// isochrones; and reading OSM PBF against unpacking its blobs alone. CPU milliseconds of one
/// thread, the least of several runs.
///     spatial_bench FILE|POINTS...     POINTS: a made-up city of so many street points
/// The program ends with 1 if a walk differs from the baseline's.
#include <time.h>
#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <protozero/pbf_message.hpp>
#include <random>

#include "base/error.hpp"
#include "spatial/city.hpp"
#include "spatial/hierarchy.hpp"
#include "spatial/isochrone.hpp"
#include "spatial/lanes.hpp"
#include "spatial/near.hpp"
#include "spatial/search.hpp"
#include "spatial/snap.hpp"
#include "spatial/testing.hpp"
#include "spatial/what_if.hpp"

using namespace linli::spatial;

namespace {

/// The least of several runs; of long ones there are few.
template <class Work>
double cpu_ms(int runs, const Work& work) {
    double best = 1e18;
    for (int i = 0; i < runs && (i < 3 || best < 500); ++i) {
        timespec before, after;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
        work();
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
        const auto seconds = static_cast<double>(after.tv_sec - before.tv_sec);
        best = std::min(best, seconds * 1e3 + (after.tv_nsec - before.tv_nsec) / 1e6);
    }
    return best;
}

/// Unpacks every blob of a sound file and throws the result away.
void inflate_all(std::string_view bytes) {
    std::string out;
    while (bytes.size() > 4) {
        std::size_t size = 0;
        for (int i = 0; i < 4; ++i) {
            size = size << 8 | static_cast<unsigned char>(bytes[i]);
        }
        protozero::pbf_reader header(bytes.data() + 4, size);
        std::size_t length = 0;
        while (header.next()) {
            header.tag() == 3 ? void(length = header.get_int32()) : header.skip();
        }
        protozero::pbf_reader blob(bytes.data() + 4 + size, length);
        uLongf raw = 0;
        while (blob.next()) {
            if (blob.tag() == 2) {
                raw = blob.get_int32();
            } else if (blob.tag() == 3) {
                const auto packed = blob.get_view();
                out.resize(raw);
                ::uncompress(
                    reinterpret_cast<Bytef*>(out.data()), &raw,
                    reinterpret_cast<const Bytef*>(packed.data()), packed.size()
                );
            } else {
                blob.skip();
            }
        }
        bytes.remove_prefix(4 + size + length);
    }
}

std::vector<std::vector<Position>> ten_kinds(const Network& network) {
    std::mt19937_64 random(42);
    std::vector<std::vector<Position>> kinds;
    for (const std::size_t count : {3, 6, 12, 25, 50, 100, 200, 400, 600, 800}) {
        const auto scaled = std::max<std::size_t>(3, count * network.points.size() / 299'007);
        std::vector<std::uint32_t> points(scaled);
        for (auto& point : points) {
            point = static_cast<std::uint32_t>(random() % network.points.size());
        }
        kinds.push_back(positions_of(network, points));
    }
    return kinds;
}

// Above that the lists of the nearest five alone would take gigabytes.
constexpr std::size_t most_for_lists = 1'000'000;

constexpr Ms limit = 900'000;  // 15 minutes

/// All kinds side by side on the hierarchy, in each width the machine can.
bool nearest_in_lanes(
    const Network& network, const std::vector<std::vector<Position>>& kinds,
    const std::vector<std::vector<Ms>>& plain, double slow_ms, double& lane_ms
) {
    std::vector<std::vector<Ms>> walks(kinds.size(), std::vector<Ms>(network.points.size()));
    std::vector<Ms*> columns;
    for (auto& column : walks) {
        columns.push_back(column.data());
    }
    bool right = true;
    for (const auto width : {Width::plain, Width::avx2, Width::avx512}) {
        if (!can_use(width)) {
            continue;
        }
        LaneSearch search(network, width);
        const double ms = cpu_ms(30, [&] {
            search.run(kinds, limit);
            search.points(columns);
        });
        lane_ms = ms;
        right = right && walks == plain;
        std::printf(
            " | %s %.3f ms %.1f x%s", names(width)[static_cast<int>(width)], ms, slow_ms / ms,
            walks == plain ? "" : " DIFFERENT"
        );
    }
    return right;
}

/// The k nearest of each kind with their numbers, to the time of the nearest alone.
bool k_nearest(
    const Network& network, const std::vector<std::vector<Position>>& kinds, double lane_ms
) {
    const auto graph = plain_graph(network);
    bool right = true;
    for (const std::size_t k : {1, 3, 5}) {
        NearSearch search(network, k);
        std::vector<std::vector<Near>> near(
            kinds.size(), std::vector<Near>(network.points.size() * k)
        );
        std::vector<Near*> columns;
        for (auto& column : near) {
            columns.push_back(column.data());
        }
        const double ms = cpu_ms(15, [&] {
            search.run(kinds, limit);
            search.points(columns);
        });
        std::printf(" | k=%zu %.3f ms %.1f x lanes", k, ms, ms / lane_ms);
        for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
            const auto plain = plain_k_nearest(network, graph, kinds[kind], limit, k);
            for (std::size_t p = 0; p < plain.size(); ++p) {
                for (std::size_t i = 0; i < k; ++i) {
                    const auto wanted = i < plain[p].size() ? plain[p][i] : Near{};
                    right = right && near[kind][p * k + i] == wanted;
                }
            }
        }
    }
    std::printf("%s", right ? "" : " DIFFERENT");
    return right;
}

/// The median and the worst of many.
struct Spread {
    double median, worst;
};
template <class Work>
Spread spread(int count, const Work& work) {
    std::vector<double> all;
    for (int i = 0; i < count; ++i) {
        all.push_back(cpu_ms(1, [&] { work(i); }));
    }
    std::sort(all.begin(), all.end());
    return {all[all.size() / 2], all.back()};
}

/// A dwelling at every street point, in 500 areas below 50 below one; one kind, 100 facilities.
void what_if_and_isochrones(const Network& network) {
    std::mt19937_64 random(7);
    std::vector<std::uint32_t> points(network.points.size());
    AreaTree areas{{0}};
    for (std::uint32_t a = 1; a <= 550; ++a) {
        areas.parent.push_back(a <= 50 ? 0 : 1 + a % 50);
    }
    Dwellings dwellings;
    dwellings.weights.resize(4, std::vector<std::uint32_t>(points.size(), 3));
    for (std::uint32_t p = 0; p < points.size(); ++p) {
        points[p] = p;
        dwellings.area.push_back(
            51 + static_cast<std::uint32_t>(p * std::uint64_t{500} / points.size())
        );
        dwellings.area_class.push_back(AreaClass::urban);
    }
    dwellings.positions = positions_of(network, points);
    const auto any = [&] { return dwellings.positions[random() % points.size()]; };
    std::vector<Facility> facilities;
    for (int i = 0; i < 100; ++i) {
        facilities.push_back({any(), 0});
    }
    WhatIf what_if(network, areas, dwellings, facilities, {"bench", {0}, false, {limit, 0, 0}});
    const auto added = spread(300, [&](int) { what_if.added({any(), 0}); });
    const auto moved = spread(300, [&](int i) { what_if.moved(i % 100, any()); });
    const Isochrones isochrones(network);
    Search search(network);
    const auto walk = [&](Ms far) {
        return spread(300, [&, far](int) {
            const auto from = any();
            search.run({&from, 1}, far);
            isochrones.ground(search);
        });
    };
    const auto quarter = walk(limit), half = walk(2 * limit);
    std::printf(
        " | what-if added %.3f ms (worst %.3f), moved %.3f ms (%.3f) | isochrone 15 min %.3f ms "
        "(worst %.3f), 30 min %.3f ms (%.3f)",
        added.median, added.worst, moved.median, moved.worst, quarter.median, quarter.worst,
        half.median, half.worst
    );
}

bool nearest(const char* name, Network& network) {
    const auto kinds = ten_kinds(network);
    const auto graph = plain_graph(network);
    std::vector<std::vector<Ms>> plain(10), quick(10, std::vector<Ms>(network.points.size()));
    Search search(network);
    const double slow_ms = cpu_ms(network.points.size() > most_for_lists ? 1 : 7, [&] {
        for (std::size_t k = 0; k < kinds.size(); ++k) {
            plain[k] = plain_nearest(network, graph, kinds[k], limit);
        }
    });
    const double quick_ms = cpu_ms(15, [&] {
        for (std::size_t k = 0; k < kinds.size(); ++k) {
            search.run(kinds[k], limit);
            search.points(quick[k]);
        }
    });
    const double hierarchy_ms = cpu_ms(1, [&] { add_hierarchy(network); });
    std::printf(
        "%-26s %8zu points %7u junctions: plain Dijkstra %.3f ms | no index %.3f ms %.1f x%s"
        " | hierarchy once %.1f ms",
        name, network.points.size(), network.junctions, slow_ms, quick_ms, slow_ms / quick_ms,
        plain == quick ? "" : " DIFFERENT", hierarchy_ms
    );
    double lane_ms = 0;
    bool right = nearest_in_lanes(network, kinds, plain, slow_ms, lane_ms) && plain == quick;
    if (network.points.size() <= most_for_lists) {
        right = k_nearest(network, kinds, lane_ms) && right;
        what_if_and_isochrones(network);
    }
    std::printf("\n");
    return right;
}

/// All circles of a city anew: doors put onto streets, then each kind of facility with its shares
/// for all areas.
void recompute(const City& city, const Network& network) {
    std::vector<Point> doors, places;
    for (const auto& dwelling : city.dwellings) {
        doors.push_back(dwelling.door);
    }
    for (const auto& facility : city.facilities) {
        places.push_back(facility.place);
    }
    Placed door_positions, place_positions;
    const double snap_ms = cpu_ms(1, [&] {
        door_positions = place_doors(network, doors);
        place_positions = place_doors(network, places);
    });
    AreaTree areas;
    for (const auto& area : city.areas) {
        areas.parent.push_back(area.parent);
    }
    Dwellings dwellings;
    dwellings.weights.resize(4);
    std::uint64_t persons = 0;
    for (std::size_t d = 0; d < doors.size(); ++d) {
        const auto& one = city.dwellings[d];
        persons += one.persons;
        if (door_positions.positions[d]) {
            dwellings.positions.push_back(*door_positions.positions[d]);
            dwellings.area.push_back(one.grid);
            dwellings.area_class.push_back(city.areas[one.grid].area_class);
            const std::uint32_t weights[] = {
                one.households, one.persons, one.elderly, one.children};
            for (std::size_t w = 0; w < 4; ++w) {
                dwellings.weights[w].push_back(weights[w]);
            }
        }
    }
    std::vector<Facility> facilities;
    for (std::size_t f = 0; f < places.size(); ++f) {
        if (place_positions.positions[f]) {
            facilities.push_back({*place_positions.positions[f], city.facilities[f].kind});
        }
    }
    Search search(network);
    const double cover_ms = cpu_ms(1, [&] {
        for (std::uint16_t kind = 0; kind < city_kinds.size(); ++kind) {
            const Circle circle{city_kinds[kind], {kind}, false, {limit, limit, 2 * limit}};
            cover(network, search, areas, dwellings, facilities, circle);
        }
    });
    std::printf(
        "%26s %llu persons, %zu dwellings, %zu areas, %zu facilities: onto streets %.2f s, %zu "
        "circles with shares and gaps %.2f s\n",
        "", static_cast<unsigned long long>(persons), doors.size(), areas.parent.size(),
        facilities.size(), snap_ms / 1e3, city_kinds.size(), cover_ms / 1e3
    );
}

bool city_of(std::uint32_t points, const Profile& profile) {
    CityOrder order;
    order.points = points;
    const auto city = make_city(order, profile);
    auto network = build_network(city.streets, profile);
    const bool right = nearest(("made up, " + std::to_string(points)).c_str(), network);
    recompute(city, network);
    return right;
}

}  // namespace

int main(int argc, char** argv) try {
    const auto profile = load_profile("catalogue/walking/foot.yaml");
    bool right = true;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) {
            right = city_of(static_cast<std::uint32_t>(std::stoul(name)), profile) && right;
            continue;
        }
        const std::filesystem::path file = argv[i];
        const auto bytes = read_whole_file(file);
        if (file.extension() == ".pbf") {
            Network built;
            const double inflate_ms = cpu_ms(5, [&] { inflate_all(bytes); });
            const double build_ms =
                cpu_ms(5, [&] { built = build_network(read_osm_pbf(bytes, profile), profile); });
            std::printf(
                "%-26s graph from PBF %7.2f ms, unpacking alone %6.2f ms, %4.1f x\n",
                file.filename().c_str(), build_ms, inflate_ms, build_ms / inflate_ms
            );
        }
        auto network = build_network(read_streets(file, profile), profile);
        right = nearest(file.filename().c_str(), network) && right;
    }
    return right ? 0 : 1;
} catch (const linli::Refused& refused) {
    std::fprintf(stderr, "%s\n", refused.detail.c_str());
    return 2;
}
