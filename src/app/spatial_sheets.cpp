// SPDX-License-Identifier: Apache-2.0
#include "app/spatial_sheets.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "spatial/streets.hpp"

namespace linli::app {

Sheet::Sheet(const std::filesystem::path& path) : file(path.string()) {
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

std::size_t Sheet::column(const std::string& name) const {
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found == columns.end()) {
        throw invalid(file, "column_missing", "the first row names no column " + name);
    }
    return static_cast<std::size_t>(found - columns.begin());
}

bool Sheet::has(const std::string& name) const {
    return std::find(columns.begin(), columns.end(), name) != columns.end();
}

std::string Sheet::where(std::size_t row) const {
    return file + ":" + std::to_string(lines[row]);
}

double Sheet::number(std::size_t row, std::size_t at, double low, double high) const {
    const auto& text = rows[row][at];
    double value = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (wrong != std::errc() || end != text.data() + text.size() || !(value >= low) ||
        !(value <= high)) {
        throw invalid(where(row), "number_malformed", columns[at] + " is \"" + text + "\"");
    }
    return value;
}

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

namespace {

spatial::AreaClass class_of(const Sheet& sheet, std::size_t row) {
    if (!sheet.has("class")) {
        return spatial::AreaClass::urban;
    }
    constexpr auto all = names(spatial::AreaClass{});
    const auto& name = sheet.rows[row][sheet.column("class")];
    const auto found = std::find(all.begin(), all.end(), name);
    if (found == all.end()) {
        throw invalid(
            sheet.where(row), "class_unknown", "class is urban, county_seat or rural, not " + name
        );
    }
    return static_cast<spatial::AreaClass>(found - all.begin());
}

std::uint8_t days_of(const Sheet& sheet, std::size_t row) {
    if (!sheet.has("days") || sheet.rows[row][sheet.column("days")].empty()) {
        return spatial::every_day;
    }
    std::uint8_t days = 0;
    for (const char day : sheet.rows[row][sheet.column("days")]) {
        if (day < '1' || day > '7') {
            throw invalid(sheet.where(row), "days_malformed", "days are digits, 1 is Monday");
        }
        days = static_cast<std::uint8_t>(days | 1 << (day - '1'));
    }
    return days;
}

}  // namespace

Doors doors_of(const Sheet& sheet, const spatial::Placed& placed) {
    Doors doors;
    std::vector<std::size_t> weights;
    for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
        const auto& name = sheet.columns[c];
        if (name != "lon" && name != "lat" && name != "area" && name != "class") {
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
        doors.dwellings.area_class.push_back(class_of(sheet, row));
        for (std::size_t w = 0; w < weights.size(); ++w) {
            doors.dwellings.weights[w].push_back(
                static_cast<std::uint32_t>(sheet.number(row, weights[w], 0, 4e9))
            );
        }
    }
    return doors;
}

Places places_of(
    const Sheet& sheet, const spatial::Placed& placed, const std::vector<std::string>& kinds
) {
    Places places;
    const auto column = sheet.column("kind");
    for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
        const auto kind = std::find(kinds.begin(), kinds.end(), sheet.rows[row][column]);
        if (placed.positions[row] && kind != kinds.end()) {
            places.rows.push_back(row);
            places.facilities.push_back(
                {*placed.positions[row], static_cast<std::uint16_t>(kind - kinds.begin()),
                 days_of(sheet, row)}
            );
        }
    }
    return places;
}

}  // namespace linli::app
