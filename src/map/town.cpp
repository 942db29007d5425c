// SPDX-License-Identifier: Apache-2.0
#include "map/town.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/json.hpp"
#include "map/sheet.hpp"
#include "spatial/hierarchy.hpp"
#include "spatial/network_file.hpp"
#include "spatial/streets.hpp"
#include "spatial/units.hpp"

namespace linli::map {

namespace {

/// Columns of dwellings that are no numbers to add up for circles.
bool is_fact(const std::string& column) {
    static const std::vector<std::string> facts = {"lon",        "lat",  "area", "class",
                                                   "households", "jobs", "grid", "compound"};
    return std::find(facts.begin(), facts.end(), column) != facts.end();
}

/// Numbers the areas that dwellings name, with all that stand between them and the town.
class AreaNumbers {
 public:
    AreaNumbers(Town& town, const area::Tree& tree) : m_town(town), m_tree(tree) {
        const auto* node = tree.find_code(town.code);
        m_town.areas.push_back(
            {node ? node->id : AreaId{}, town.code, node ? std::string(node->name) : town.code,
             node ? node->level : area::Level::county, 0}
        );
        m_town.tree.parent = {0};
        m_numbers[town.code] = 0;
    }
    std::uint32_t of(const std::string& code) {
        const auto known = m_numbers.find(code);
        if (known != m_numbers.end()) {
            return known->second;
        }
        const auto* node = m_tree.find_code(code);
        const bool below =
            node && m_town.areas[0].id && m_tree.within(node->id, m_town.areas[0].id);
        const auto* above = below ? m_tree.parent(node->id) : nullptr;
        const auto parent = above ? of(std::string(above->code)) : 0;
        const auto number = static_cast<std::uint32_t>(m_town.areas.size());
        m_town.areas.push_back(
            {below ? node->id : AreaId{}, code, below ? std::string(node->name) : code,
             below ? node->level : area::Level::community, parent}
        );
        m_town.tree.parent.push_back(parent);
        m_numbers[code] = number;
        m_unknown += !below;
        return number;
    }
    std::size_t unknown() const { return m_unknown; }

 private:
    Town& m_town;
    const area::Tree& m_tree;
    std::map<std::string, std::uint32_t> m_numbers;
    std::size_t m_unknown = 0;
};

spatial::Placed place(Town& town, const Sheet& sheet, const std::vector<spatial::Point>& points) {
    spatial::Placed placed;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto hit = town.snapper->snap(points[i]);
        placed.positions.push_back(hit.why ? std::nullopt : std::optional(hit.position));
        if (hit.why) {
            placed.not_placed.push_back({i, *hit.why, hit.metres});
        }
    }
    const auto name = std::filesystem::path(sheet.file).filename().string();
    if (!placed.not_placed.empty()) {
        town.remarks.push_back(name + ": " + spatial::describe(placed));
    }
    if (!points.empty() && placed.not_placed.size() == points.size()) {
        const bool shifted = spatial::seems_gcj02(town.network, points);
        throw invalid(
            name, "nothing_placed",
            spatial::describe(placed) + (shifted ? "; they seem to be in GCJ-02" : "")
        );
    }
    return placed;
}

std::uint32_t count(const Sheet& sheet, std::size_t row, const char* column) {
    return sheet.has(column)
               ? static_cast<std::uint32_t>(sheet.number(row, sheet.column(column), 0, 1e6))
               : 0;
}

void read_dwellings(Town& town, AreaNumbers& numbers, const std::filesystem::path& path) {
    const Sheet sheet(path);
    const auto points = points_of(sheet);
    const auto placed = place(town, sheet, points);
    const auto area = sheet.column("area");
    std::vector<std::size_t> sums = {sheet.column("households")};
    town.columns = {"households"};
    for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
        if (!is_fact(sheet.columns[c])) {
            sums.push_back(c);
            town.columns.push_back(sheet.columns[c]);
        }
    }
    auto& all = town.dwellings;
    all.weights.resize(sums.size());
    for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
        if (!placed.positions[row]) {
            continue;
        }
        town.doors.push_back(points[row]);
        all.positions.push_back(*placed.positions[row]);
        all.area.push_back(numbers.of(sheet.rows[row][area]));
        all.area_class.push_back(class_of(sheet, row));
        for (std::size_t s = 0; s < sums.size(); ++s) {
            all.weights[s].push_back(static_cast<std::uint32_t>(sheet.number(row, sums[s], 0, 4e9))
            );
        }
        town.jobs.push_back(count(sheet, row, "jobs"));
        if (sheet.has("compound")) {
            town.compound.push_back(count(sheet, row, "compound"));
        }
        if (sheet.has("grid")) {
            town.grid.push_back(sheet.rows[row][sheet.column("grid")]);
        }
    }
    if (town.doors.empty()) {
        throw invalid(path.filename().string(), "no_households", "there are no dwellings");
    }
}

void read_places(Town& town, AreaNumbers& numbers, const std::filesystem::path& path) {
    const Sheet sheet(path);
    const auto points = points_of(sheet);
    const auto placed = place(town, sheet, points);
    const auto kind = sheet.column("kind");
    for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
        if (placed.positions[row]) {
            const auto area =
                sheet.has("area") ? numbers.of(sheet.rows[row][sheet.column("area")]) : 0;
            town.places.push_back(
                {points[row], *placed.positions[row], sheet.rows[row][kind], days_of(sheet, row),
                 area}
            );
        }
    }
}

double degrees_in(const Value& position, std::size_t i) {
    const auto* pair = position.as_list();
    if (pair && pair->size() > i) {
        if (const auto* number = (*pair)[i].as_double()) {
            return *number;
        }
        if (const auto* whole = (*pair)[i].as_int()) {
            return static_cast<double>(*whole);
        }
    }
    throw malformed("barriers_broken", "a position of a LineString is two numbers");
}

std::vector<spatial::Point> line_of(const Value& coordinates) {
    std::vector<spatial::Point> points;
    for (const auto& position : *coordinates.as_list()) {
        points.push_back(spatial::at(degrees_in(position, 0), degrees_in(position, 1)));
    }
    return points;
}

/// `spatial::read_barriers` refuses what is no list of positions in range.
void read_lines(Town& town, const std::filesystem::path& path) {
    if (!std::filesystem::exists(path)) {
        return;
    }
    town.barriers = spatial::read_whole_file(path);
    spatial::read_barriers(town.barriers);
    const auto all = parse_json(town.barriers, {.bytes = 256 << 20});
    for (const auto& feature : *all.find("features")->as_list()) {
        const auto* properties = feature.find("properties");
        const auto* geometry = feature.find("geometry");
        if (geometry && geometry->text_or("type") == "LineString" &&
            geometry->find("coordinates")) {
            const bool water = properties && properties->find("waterway");
            town.lines.push_back({water, line_of(*geometry->find("coordinates"))});
        }
    }
}

}  // namespace

std::string days_text(std::uint8_t days) {
    std::string text;
    for (int day = 0; day < 7 && days != spatial::every_day; ++day) {
        if (days >> day & 1) {
            text += static_cast<char>('1' + day);
        }
    }
    return text;
}

const std::vector<std::uint32_t>* Town::column(const std::string& name) const {
    const auto found = std::find(columns.begin(), columns.end(), name);
    return found == columns.end()
               ? nullptr
               : &dwellings.weights[static_cast<std::size_t>(found - columns.begin())];
}

std::unique_ptr<const Town> read_town(
    const std::filesystem::path& folder, const spatial::Profile& profile, const area::Tree& tree
) {
    auto made = std::make_unique<Town>();
    auto& town = *made;
    town.code = folder.filename().string();
    town.network = spatial::load_network(folder / "city.net");
    if (town.network.profile != profile.name ||
        town.network.metres_per_minute != profile.metres_per_minute) {
        throw invalid(
            "city.net", "another_profile",
            "the network was built with the profile " + town.network.profile + ": build it again"
        );
    }
    town.box = spatial::box_of(town.network.points);
    town.snapper = std::make_unique<spatial::Snapper>(town.network);
    AreaNumbers numbers(town, tree);
    read_dwellings(town, numbers, folder / "dwellings.csv");
    read_places(town, numbers, folder / "places.csv");
    if (numbers.unknown() > 0) {
        town.remarks.push_back(
            std::to_string(numbers.unknown()) + " areas are not below " + town.code +
            " in the tree of today: only who sees the whole of it sees them"
        );
    }
    read_lines(town, folder / "barriers.geojson");
    return made;
}

std::int64_t told(std::string_view column, std::uint64_t sum) {
    constexpr std::uint64_t step = 5;
    const bool exact = column == "dwellings" || column == "households";
    return static_cast<std::int64_t>(exact ? sum : (sum + step / 2) / step * step);
}

}  // namespace linli::map
