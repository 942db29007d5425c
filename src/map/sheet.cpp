// SPDX-License-Identifier: Apache-2.0
#include "map/sheet.hpp"

#include <algorithm>
#include <charconv>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "spatial/streets.hpp"

namespace linli::map {

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

}  // namespace linli::map
