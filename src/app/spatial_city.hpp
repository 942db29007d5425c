// SPDX-License-Identifier: Apache-2.0
#pragma once
/// linli spatial city: a made-up city as files that the other commands read.
#include <filesystem>

#include "spatial/city.hpp"

namespace linli::app {

struct CityFilesOrder {
    spatial::CityOrder city;
    std::filesystem::path out, profile;
    bool network_only = false;
};
/// The files of a town (map/town.hpp), and streets.geojson if wished.
void write_city(
    const spatial::City&, const spatial::Profile&, const std::filesystem::path& out,
    bool with_streets
);
/// Writes into the folder `out`: city.net (as of spatial build), streets.geojson,
/// barriers.geojson (main roads and banks), areas.csv (for area import), doors.csv and places.csv
/// (for spatial cover), dwellings.csv (for spatial cells and district).
int spatial_city(const CityFilesOrder&);

}  // namespace linli::app
