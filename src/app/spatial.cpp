// SPDX-License-Identifier: Apache-2.0
#include "app/spatial.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <map>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "spatial/circles.hpp"
#include "spatial/hierarchy.hpp"
#include "spatial/network_file.hpp"
#include "spatial/snap.hpp"

namespace linli::app {

namespace {

/// A CSV file whose first row names its columns.
struct Sheet {
    std::string file;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
    std::vector<std::size_t> lines;

    explicit Sheet(const std::filesystem::path& path) : file(path.string()) {
        CsvReader reader([&](std::size_t line, std::vector<std::string>& cells) {
            if (columns.empty()) {
                columns = cells;
                return;
            }
            cells.resize(columns.size());
            rows.push_back(cells);
            lines.push_back(line);
        });
        reader.feed(spatial::read_whole_file(path));
        reader.finish();
    }
    std::size_t column(const std::string& name) const {
        const auto found = std::find(columns.begin(), columns.end(), name);
        if (found == columns.end()) {
            throw invalid(file, "column_missing", "the first row names no column " + name);
        }
        return static_cast<std::size_t>(found - columns.begin());
    }
    bool has(const std::string& name) const {
        return std::find(columns.begin(), columns.end(), name) != columns.end();
    }
    double number(std::size_t row, std::size_t at, double low, double high) const {
        const auto& text = rows[row][at];
        double value = 0;
        const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (wrong != std::errc() || end != text.data() + text.size() || !(value >= low) ||
            !(value <= high)) {
            throw invalid(
                file + ":" + std::to_string(lines[row]), "number_malformed",
                columns[at] + " is \"" + text + "\""
            );
        }
        return value;
    }
};

std::vector<spatial::Point> points_of(const Sheet& sheet, bool gcj02) {
    const auto lon = sheet.column("lon"), lat = sheet.column("lat");
    std::vector<spatial::Point> points;
    for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
        const auto point =
            spatial::at(sheet.number(row, lon, -180, 180), sheet.number(row, lat, -90, 90));
        points.push_back(gcj02 ? spatial::wgs84_of(point) : point);
    }
    return points;
}

/// Says how many are on a street; refuses if none is.
spatial::Placed place(
    const spatial::Network& network, const Sheet& sheet, const std::vector<spatial::Point>& points,
    bool gcj02
) {
    auto placed = spatial::place_doors(network, points);
    std::fprintf(stderr, "%s: %s\n", sheet.file.c_str(), spatial::describe(placed).c_str());
    if (!gcj02 && spatial::seems_gcj02(network, points)) {
        std::fprintf(stderr, "%s: seems to be in GCJ-02 (--gcj02)\n", sheet.file.c_str());
    }
    if (placed.not_placed.size() == points.size()) {
        throw invalid(sheet.file, "nothing_placed", spatial::describe(placed));
    }
    return placed;
}

/// The doors on a street, with the row of each; areas by name below one root.
struct Doors {
    spatial::Dwellings dwellings;
    spatial::AreaTree areas{{0}};
    std::vector<std::string> area_names = {"all"}, weight_names;
    std::vector<std::size_t> rows;
};

Doors doors_of(const Sheet& sheet, const spatial::Placed& placed) {
    Doors doors;
    std::vector<std::size_t> weights;
    for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
        const auto& name = sheet.columns[c];
        if (name != "lon" && name != "lat" && name != "area") {
            weights.push_back(c);
            doors.weight_names.push_back(name);
        }
    }
    doors.dwellings.weights.resize(weights.size());
    std::map<std::string, std::uint32_t> numbers;
    for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
        if (!placed.positions[row]) {
            continue;
        }
        std::uint32_t area = 0;
        if (sheet.has("area")) {
            const auto& name = sheet.rows[row][sheet.column("area")];
            const auto next = static_cast<std::uint32_t>(doors.areas.parent.size());
            const auto [found, fresh] = numbers.try_emplace(name, next);
            area = found->second;
            if (fresh) {
                doors.areas.parent.push_back(0);
                doors.area_names.push_back(name);
            }
        }
        doors.rows.push_back(row);
        doors.dwellings.positions.push_back(*placed.positions[row]);
        doors.dwellings.area.push_back(area);
        doors.dwellings.area_class.push_back(spatial::AreaClass::urban);
        for (std::size_t w = 0; w < weights.size(); ++w) {
            doors.dwellings.weights[w].push_back(
                static_cast<std::uint32_t>(sheet.number(row, weights[w], 0, 4e9))
            );
        }
    }
    return doors;
}

std::uint8_t days_of(const Sheet& sheet, std::size_t row) {
    if (!sheet.has("days") || sheet.rows[row][sheet.column("days")].empty()) {
        return spatial::every_day;
    }
    std::uint8_t days = 0;
    for (const char day : sheet.rows[row][sheet.column("days")]) {
        if (day < '1' || day > '7') {
            throw invalid(
                sheet.file + ":" + std::to_string(sheet.lines[row]), "days_malformed",
                "days are digits, 1 is Monday"
            );
        }
        days = static_cast<std::uint8_t>(days | 1 << (day - '1'));
    }
    return days;
}

/// Facilities of the wanted kinds; the kind is its place in the order's list.
std::vector<spatial::Facility> facilities_of(
    const Sheet& sheet, const spatial::Placed& placed, const std::vector<std::string>& kinds
) {
    std::vector<spatial::Facility> facilities;
    for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
        const auto kind =
            std::find(kinds.begin(), kinds.end(), sheet.rows[row][sheet.column("kind")]);
        if (placed.positions[row] && kind != kinds.end()) {
            facilities.push_back(
                {*placed.positions[row], static_cast<std::uint16_t>(kind - kinds.begin()),
                 days_of(sheet, row)}
            );
        }
    }
    return facilities;
}

void print_shares(const Doors& doors, const spatial::Shares& shares) {
    std::string text;
    std::vector<std::string> head = {"area", "doors", "doors_covered"};
    for (const auto& name : doors.weight_names) {
        head.insert(head.end(), {name, name + "_covered"});
    }
    append_csv_row(text, head);
    for (std::size_t a = 0; a < doors.area_names.size(); ++a) {
        std::vector<std::string> row = {doors.area_names[a]};
        for (std::size_t c = 0; c < shares.columns; ++c) {
            row.push_back(std::to_string(shares.all[a * shares.columns + c]));
            row.push_back(std::to_string(shares.covered[a * shares.columns + c]));
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

}  // namespace

int spatial_build(const NetworkOrder& order) {
    const auto profile = spatial::load_profile(order.profile);
    const auto streets = spatial::read_streets(
        order.streets, profile, order.gcj02 ? spatial::Datum::gcj02 : spatial::Datum::wgs84
    );
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
    const auto profile = spatial::load_profile(order.profile);
    const auto network = spatial::load_network(order.network);
    if (network.profile != profile.name || network.metres_per_minute != profile.metres_per_minute) {
        throw invalid(
            order.network.string(), "another_profile",
            "the network was built with the profile " + network.profile + ": build it again"
        );
    }
    const Sheet door_sheet(order.doors), place_sheet(order.places);
    const auto doors = doors_of(
        door_sheet, place(network, door_sheet, points_of(door_sheet, order.gcj02), order.gcj02)
    );
    const auto facilities = facilities_of(
        place_sheet, place(network, place_sheet, points_of(place_sheet, order.gcj02), order.gcj02),
        order.kinds
    );
    const auto limit =
        spatial::limit_for(profile, order.group, static_cast<std::uint32_t>(order.minutes));
    spatial::Circle circle{"circle", {}, order.every_kind, {limit, limit, limit}};
    for (std::size_t k = 0; k < order.kinds.size(); ++k) {
        circle.kinds.push_back(static_cast<std::uint16_t>(k));
    }
    spatial::Search search(network);
    const auto covered = spatial::cover(
        network, search, doors.areas, doors.dwellings, facilities, circle, order.weekday - 1
    );
    print_shares(doors, covered.shares);
    if (!order.gaps.empty()) {
        write_gaps(order.gaps, door_sheet, doors, covered);
    }
    return 0;
}

}  // namespace linli::app
