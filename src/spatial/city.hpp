// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A Chinese city that does not exist, for demos and for scale: ring roads and arterials that make
/// superblocks, gated compounds with few gates, an old town of alleys, works, villages, a river
/// with few bridges; with areas, dwellings and facilities. Whole numbers alone: the same seed makes
/// the same city on every machine.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "spatial/circles.hpp"
#include "spatial/streets.hpp"

namespace linli::spatial {

enum class Road : std::uint8_t {
    ring,
    arterial,
    rural,
    collector,
    alley,
    compound_path,
    village_road,
    park_path
};
/// The value of `highway` that such a road bears.
const char* highway(Road);
/// People seldom cross them: rings and arterials.
constexpr bool main_road(Road road) {
    return road <= Road::arterial;
}

struct CityOrder {
    std::uint32_t points = 300'000;  ///< street points, met within 2 %
    std::uint64_t seed = 7;
};
constexpr std::uint32_t least_city_points = 5'000, most_city_points = 6'000'000;

enum class CityLevel : std::uint8_t { city, county, subdistrict, community, grid };
constexpr auto names(CityLevel) {
    return std::array{"city", "county", "subdistrict", "community", "grid"};
}

struct CityArea {
    CityLevel level = CityLevel::city;
    std::uint32_t parent = 0;  ///< stands before; the city is its own
    AreaClass area_class = AreaClass::urban;
    std::string code, name;  ///< codes begin with 99, which no place has
};

/// A building that people live or work in.
struct CityDwelling {
    Point door;
    std::uint32_t grid = 0;  ///< area
    std::uint32_t compound =
        0;  ///< by number; the blocks of the old town and villages have one too
    std::uint16_t households = 0, persons = 0, elderly = 0, children = 0, jobs = 0;
};

struct CityFacility {
    Point place;
    std::uint16_t kind = 0;  ///< of city_kinds
    std::uint8_t days = every_day;
    std::uint32_t community = 0;
};
/// Those that the circles of the plans ask for (catalogue/walking/circles.yaml).
inline constexpr std::array city_kinds = {
    "comprehensive", "canteen",       "meal_point", "dentist",    "kindergarten", "elder_station",
    "health_centre", "clinic",        "culture",    "library",    "fitness",      "youth",
    "market",        "express_point", "kiosk",      "employment",
};

struct City {
    StreetMap streets;
    std::vector<Road> roads;  ///< of each way
    std::vector<CityArea> areas;
    std::vector<CityDwelling> dwellings;
    std::vector<CityFacility> facilities;
    std::vector<Point> river;  ///< outline, the first point again at its end
};

/// Throws `invalid` (points_out_of_range).
City make_city(const CityOrder&, const Profile&);

}  // namespace linli::spatial
