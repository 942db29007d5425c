// SPDX-License-Identifier: Apache-2.0
#include "app/spatial.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "app/spatial_sheets.hpp"
#include "base/csv.hpp"
#include "base/error.hpp"
#include "spatial/circle_table.hpp"
#include "spatial/hierarchy.hpp"
#include "spatial/isochrone.hpp"
#include "spatial/network_file.hpp"
#include "spatial/what_if.hpp"

namespace linli::app {

namespace {

spatial::Network load_network_of(
    const std::filesystem::path& file, const spatial::Profile& profile
) {
    auto network = spatial::load_network(file);
    if (network.profile != profile.name || network.metres_per_minute != profile.metres_per_minute) {
        throw invalid(
            file.string(), "another_profile",
            "the network was built with the profile " + network.profile + ": build it again"
        );
    }
    return network;
}

spatial::Box box_between(const std::vector<double>& corners) {
    spatial::Box box;
    box.add(spatial::at(corners[0], corners[1]));
    box.add(spatial::at(corners[2], corners[3]));
    return box;
}

/// What all commands about a circle read.
struct Town {
    spatial::Profile profile;
    spatial::Network network;
    Sheet door_sheet, place_sheet;
    Doors doors;
    Places places;
    spatial::Circle circle;
    std::vector<std::string> kinds;

    explicit Town(const CoverOrder& order)
        : profile(spatial::load_profile(order.profile)),
          network(load_network_of(order.network, profile)),
          door_sheet(order.doors),
          place_sheet(order.places) {
        doors = doors_of(
            door_sheet, place(network, door_sheet, points_of(door_sheet, order.gcj02), order.gcj02)
        );
        choose_circle(order);
        places = places_of(
            place_sheet,
            place(network, place_sheet, points_of(place_sheet, order.gcj02), order.gcj02), kinds
        );
    }

 private:
    void choose_circle(const CoverOrder& order) {
        if (order.circle.empty()) {
            const auto limit =
                spatial::limit_for(profile, order.group, static_cast<std::uint32_t>(order.minutes));
            circle = {"circle", {}, order.every_kind, {limit, limit, limit}};
            kinds = order.kinds;
        } else {
            const auto table = spatial::load_circles(order.circles);
            const auto& promised = spatial::circle_of(table, order.circle);
            circle = {
                promised.id, {}, promised.every_kind, limits_of(promised, profile, order.group)};
            kinds = promised.kinds;
            weigh(promised.priority);
        }
        for (std::size_t k = 0; k < kinds.size(); ++k) {
            circle.kinds.push_back(static_cast<std::uint16_t>(k));
        }
    }
    /// Adds up what counts more as one column of its own.
    void weigh(const std::vector<std::pair<std::string, std::uint32_t>>& priority) {
        std::vector<std::uint32_t> sums(doors.dwellings.size());
        bool any = false;
        for (const auto& [name, weight] : priority) {
            const auto found =
                std::find(doors.weight_names.begin(), doors.weight_names.end(), name);
            if (found == doors.weight_names.end()) {
                std::fprintf(stderr, "the doors have no column %s to weigh\n", name.c_str());
                continue;
            }
            any = true;
            const auto& column =
                doors.dwellings
                    .weights[static_cast<std::size_t>(found - doors.weight_names.begin())];
            for (std::size_t i = 0; i < sums.size(); ++i) {
                sums[i] = static_cast<std::uint32_t>(std::min<std::uint64_t>(
                    sums[i] + std::uint64_t{column[i]} * weight, 4'000'000'000
                ));
            }
        }
        if (any) {
            doors.weight_names.emplace_back("weighted");
            doors.dwellings.weights.push_back(std::move(sums));
        }
    }
};

/// A line an area: of each column all, and what the given sums hold of it.
void print_areas(
    const Doors& doors, const spatial::Shares& shares,
    const std::vector<std::pair<std::string, const std::vector<std::uint64_t>*>>& sums
) {
    std::string text;
    std::vector<std::string> head = {"area"};
    auto names = doors.weight_names;
    names.insert(names.begin(), "doors");
    for (const auto& name : names) {
        head.push_back(name);
        for (const auto& [ending, values] : sums) {
            head.push_back(name + ending);
        }
    }
    append_csv_row(text, head);
    for (std::size_t a = 0; a < doors.area_names.size(); ++a) {
        std::vector<std::string> row = {doors.area_names[a]};
        for (std::size_t c = 0; c < shares.columns; ++c) {
            row.push_back(std::to_string(shares.all[a * shares.columns + c]));
            for (const auto& [ending, values] : sums) {
                row.push_back(std::to_string((*values)[a * shares.columns + c]));
            }
        }
        append_csv_row(text, row);
    }
    std::fputs(text.c_str(), stdout);
}

void write_gaps(
    const std::filesystem::path& file, const Sheet& sheet, const Doors& doors,
    const spatial::Covered& covered
) {
    std::string text;
    append_csv_row(text, {"line", "area", "lon", "lat", "walk_minutes"});
    for (const auto i : covered.gaps) {
        const auto row = doors.rows[i];
        char minutes[32] = "";
        if (covered.walk[i] != spatial::unreachable) {
            std::snprintf(minutes, sizeof minutes, "%.1f", covered.walk[i] / 60'000.0);
        }
        append_csv_row(
            text,
            {std::to_string(sheet.lines[row]), doors.area_names[doors.dwellings.area[i]],
             sheet.rows[row][sheet.column("lon")], sheet.rows[row][sheet.column("lat")], minutes}
        );
    }
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    if (!out.flush()) {
        throw invalid(file.string(), "file_unwritable", "the list of gaps cannot be written");
    }
}

/// Where a person points at on the map; it has to be near a street.
spatial::Position position_at(
    const spatial::Network& network, const std::vector<double>& lon_lat, bool gcj02
) {
    const auto point = spatial::at(lon_lat[0], lon_lat[1]);
    const auto hit = spatial::Snapper(network).snap(gcj02 ? spatial::wgs84_of(point) : point);
    if (hit.why) {
        throw invalid(
            "place", "place_not_on_street",
            std::to_string(lon_lat[0]) + "," + std::to_string(lon_lat[1]) +
                " is on no street: " + names(*hit.why)[static_cast<std::size_t>(*hit.why)]
        );
    }
    return hit.position;
}

/// The facility on a line of the sheet of places.
std::size_t facility_on_line(const Town& town, std::size_t line) {
    for (std::size_t f = 0; f < town.places.rows.size(); ++f) {
        if (town.place_sheet.lines[town.places.rows[f]] == line) {
            return f;
        }
    }
    throw invalid(
        town.place_sheet.file + ":" + std::to_string(line), "no_such_facility",
        "no facility of the circle stands on that line"
    );
}

}  // namespace

int spatial_build(const NetworkOrder& order) {
    const auto profile = spatial::load_profile(order.profile);
    const auto streets = spatial::read_streets(
        order.streets, profile, order.gcj02 ? spatial::Datum::gcj02 : spatial::Datum::wgs84
    );
    if (!order.place.empty()) {
        spatial::expect_place(streets, box_between(order.place));
    }
    auto network = spatial::build_network(streets, profile);
    spatial::add_hierarchy(network);
    spatial::save_network(order.out, network);
    const auto largest =
        *std::max_element(network.component_points.begin(), network.component_points.end());
    std::printf(
        "%s: %zu street points, %u junctions, %zu chains; %zu parts, the largest has %.1f %%; "
        "%llu of %llu ways walked, cut at %llu missing points\n",
        network.source.c_str(), network.points.size(), network.junctions, network.chain_count(),
        network.component_points.size(),
        100.0 * largest / static_cast<double>(network.points.size()),
        static_cast<unsigned long long>(streets.ways()),
        static_cast<unsigned long long>(streets.ways_read),
        static_cast<unsigned long long>(streets.points_missing)
    );
    return 0;
}

int spatial_cover(const CoverOrder& order) {
    const Town town(order);
    spatial::Search search(town.network);
    const auto covered = spatial::cover(
        town.network, search, town.doors.areas, town.doors.dwellings, town.places.facilities,
        town.circle, order.weekday - 1
    );
    print_areas(town.doors, covered.shares, {{"_covered", &covered.shares.covered}});
    if (!order.gaps.empty()) {
        write_gaps(order.gaps, town.door_sheet, town.doors, covered);
    }
    return 0;
}

int spatial_what_if(const WhatIfOrder& order) {
    const Town town(order.circle);
    spatial::WhatIf what_if(
        town.network, town.doors.areas, town.doors.dwellings, town.places.facilities, town.circle,
        order.circle.weekday - 1
    );
    spatial::Effect effect;
    if (order.line == 0) {
        effect = what_if.added(
            {position_at(town.network, order.at, order.circle.gcj02), town.circle.kinds.front()}
        );
    } else if (const auto facility = facility_on_line(town, order.line); order.at.empty()) {
        effect = what_if.removed(facility);
    } else {
        effect = what_if.moved(facility, position_at(town.network, order.at, order.circle.gcj02));
    }
    print_areas(
        town.doors, what_if.shares(),
        {{"_covered", &what_if.shares().covered}, {"_then", &effect.covered}}
    );
    std::fprintf(stderr, "%zu doors gained, %zu lost\n", effect.gained.size(), effect.lost.size());
    return 0;
}

int spatial_isochrone(const IsochroneOrder& order) {
    const auto profile = spatial::load_profile(order.profile);
    const auto network = load_network_of(order.network, profile);
    const auto from = position_at(network, order.at, order.gcj02);
    const spatial::Isochrones isochrones(network);
    spatial::Search search(network);
    std::string text = R"({"type":"FeatureCollection","features":[)";
    for (const int minutes : order.minutes) {
        search.run(
            {&from, 1},
            spatial::limit_for(profile, order.group, static_cast<std::uint32_t>(minutes))
        );
        text += text.back() == '[' ? "" : ",";
        text += R"({"type":"Feature","properties":{"minutes":)" + std::to_string(minutes) +
                R"(,"made_up":)" + (network.made_up ? "true" : "false") + R"(},"geometry":)" +
                to_geojson(isochrones.ground(search)) + "}";
    }
    std::puts((text + "]}").c_str());
    return 0;
}

}  // namespace linli::app
