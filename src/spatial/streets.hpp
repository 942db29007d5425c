// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Streets as they stand in a file, before they become a network: points, and walkable ways over
/// them. Readers of OSM PBF, OSM XML and GeoJSON; each refuses what is broken with what and where.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "spatial/geo.hpp"
#include "spatial/profile.hpp"

namespace linli::spatial {

struct StreetMap {
    std::string source;    ///< where it is from, shown with every result
    bool made_up = false;  ///< a generated city
    std::vector<Point> points;
    std::vector<std::uint32_t> way_begin = {0};  ///< in refs; one more than there are ways
    std::vector<std::uint32_t> refs;             ///< points of the ways
    std::vector<std::uint8_t> percent;           ///< of the walking speed, one a way
    std::vector<std::uint32_t> blocked;          ///< points nobody walks through, ascending
    std::uint64_t ways_read = 0;                 ///< with those that nobody walks
    std::uint64_t points_missing = 0;  ///< named by a way but not in the file; the way is cut there

    std::size_t ways() const { return percent.size(); }
};

/// No file may have more.
constexpr std::size_t most_street_points = 50'000'000;

/// All three throw `malformed` (street_file_broken, street_file_truncated, axes_swapped, ...) or
/// `too_large`.
StreetMap read_osm_pbf(std::string_view bytes, const Profile&);
StreetMap read_osm_xml(std::string_view text, const Profile&);
/// Lines whose features have no `highway` at all are all walked at full speed.
StreetMap read_geojson_streets(std::string_view text, const Profile&);

/// Reads a file of any of the three, also if it is packed with gzip, into WGS 84.
StreetMap read_streets(const std::filesystem::path&, const Profile&, Datum = Datum::wgs84);
/// A whole file; a gzip file is unpacked.
std::string read_whole_file(const std::filesystem::path&);

void to_wgs84(StreetMap&);
/// Throws `invalid` (streets_elsewhere) unless more than half of the points lie in `place`; says
/// where they lie, and whether the axes seem swapped.
void expect_place(const StreetMap&, const Box& place);

}  // namespace linli::spatial
