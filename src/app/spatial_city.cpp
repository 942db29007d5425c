// SPDX-License-Identifier: Apache-2.0
#include "app/spatial_city.hpp"

#include <cstdio>
#include <span>

#include "app/output_file.hpp"
#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/fields.hpp"
#include "spatial/hierarchy.hpp"
#include "spatial/network_file.hpp"

namespace linli::app {

namespace {

using spatial::City;
constexpr std::array class_words = {"urban", "county_seat", "rural"};

void begin_collection(std::string& out, const City& city) {
    out += "{\"type\":\"FeatureCollection\",\"made_up\":true,\"source\":\"" + city.streets.source +
           "\",\"features\":[";
}

/// One line; `property` is its only property besides that it is made up.
template <class Points>
void append_line(OutputFile& file, const Points& points, const std::string& property, bool first) {
    file.text += first ? "\n" : ",\n";
    file.text += "{\"type\":\"Feature\",\"properties\":{" + property +
                 ",\"made_up\":true},\"geometry\":{\"type\":\"LineString\",\"coordinates\":[";
    bool comma = false;
    for (const auto point : points) {
        if (comma) {
            file.text += ',';
        }
        append_position(file.text, point);
        comma = true;
    }
    file.text += "]}}";
    file.flush();
}

/// All ways, or the main roads with the banks of the river: what districts should not cross.
void write_streets(const City& city, const std::filesystem::path& path, bool barriers) {
    OutputFile file(path);
    begin_collection(file.text, city);
    const auto& map = city.streets;
    bool first = true;
    std::vector<spatial::Point> points;
    for (std::size_t w = 0; w < map.ways(); ++w) {
        if (barriers && !main_road(city.roads[w])) {
            continue;
        }
        points.clear();
        for (auto i = map.way_begin[w]; i < map.way_begin[w + 1]; ++i) {
            points.push_back(map.points[map.refs[i]]);
        }
        append_line(
            file, points, std::string("\"highway\":\"") + highway(city.roads[w]) + '"', first
        );
        first = false;
    }
    if (barriers) {
        append_line(file, city.river, "\"waterway\":\"riverbank\"", first);
    }
    file.text += "\n]}\n";
    file.finish();
}

void write_areas(const City& city, const std::filesystem::path& path) {
    OutputFile file(path);
    file.text = "code,parent,level,name\r\n";
    for (std::size_t a = 0; a < city.areas.size(); ++a) {
        const auto& area = city.areas[a];
        append_csv_row(
            file.text,
            {area.code, a == 0 ? "" : city.areas[area.parent].code, name_of(area.level), area.name}
        );
        file.flush();
    }
    file.finish();
}

void append_cell(std::string& out, std::uint64_t value) {
    out += ',';
    out += std::to_string(value);
}

void append_place(std::string& out, spatial::Point point) {
    append_degrees(out, point.lon);
    out += ',';
    append_degrees(out, point.lat);
}

/// With all columns, or only those that spatial cover adds up.
void write_dwellings(const City& city, const std::filesystem::path& path, bool all) {
    OutputFile file(path);
    file.text = std::string("lon,lat,area,class,households,persons,elderly,children") +
                (all ? ",jobs,grid,compound\r\n" : "\r\n");
    for (const auto& one : city.dwellings) {
        const auto& grid = city.areas[one.grid];
        if (!all && one.households == 0) {
            continue;
        }
        append_place(file.text, one.door);
        file.text += ',' + city.areas[grid.parent].code + ',' +
                     class_words[static_cast<std::size_t>(grid.area_class)];
        for (const auto count : {one.households, one.persons, one.elderly, one.children}) {
            append_cell(file.text, count);
        }
        if (all) {
            append_cell(file.text, one.jobs);
            file.text += ',' + grid.code;
            append_cell(file.text, one.compound);
        }
        file.text += "\r\n";
        file.flush();
    }
    file.finish();
}

void write_places(const City& city, const std::filesystem::path& path) {
    OutputFile file(path);
    file.text = "lon,lat,kind,days,area\r\n";
    for (const auto& one : city.facilities) {
        append_place(file.text, one.place);
        file.text += std::string(",") + spatial::city_kinds[one.kind] + ',';
        for (int day = 0; day < 7 && one.days != spatial::every_day; ++day) {
            if (one.days >> day & 1) {
                file.text += static_cast<char>('1' + day);
            }
        }
        file.text += ',' + city.areas[one.community].code + "\r\n";
        file.flush();
    }
    file.finish();
}

}  // namespace

void write_city(
    const City& city, const spatial::Profile& profile, const std::filesystem::path& out,
    bool with_streets
) {
    std::error_code wrong;
    std::filesystem::create_directories(out, wrong);
    if (wrong) {
        throw invalid(out.string(), "file_unwritable", "the folder cannot be made");
    }
    auto network = spatial::build_network(city.streets, profile);
    spatial::add_hierarchy(network);
    spatial::save_network(out / "city.net", network);
    if (with_streets) {
        write_streets(city, out / "streets.geojson", false);
    }
    write_streets(city, out / "barriers.geojson", true);
    write_dwellings(city, out / "dwellings.csv", true);
    write_places(city, out / "places.csv");
}

int spatial_city(const CityFilesOrder& order) {
    const auto profile = spatial::load_profile(order.profile);
    const auto city = spatial::make_city(order.city, profile);
    write_city(city, profile, order.out, !order.network_only);
    write_areas(city, order.out / "areas.csv");
    write_dwellings(city, order.out / "doors.csv", false);
    std::printf(
        "a made-up city: %zu street points, %zu ways, %zu areas, %zu buildings, %zu facilities\n",
        city.streets.points.size(), city.streets.ways(), city.areas.size(), city.dwellings.size(),
        city.facilities.size()
    );
    return 0;
}

}  // namespace linli::app
