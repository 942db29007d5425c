// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The streets, dwellings and facilities of one place, as the server keeps them: a folder whose
/// files `linli spatial city` and `build` write, named by the official code of its area.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "area/area.hpp"
#include "spatial/circles.hpp"
#include "spatial/snap.hpp"

namespace linli::map {

/// An area of the town by number; 0 is the town itself, a parent stands before its children.
struct TownArea {
    AreaId id;  ///< none: the tree of today does not know its code
    std::string code, name;
    area::Level level = area::Level::community;
    std::uint32_t parent = 0;
};

struct TownPlace {
    spatial::Point at;
    spatial::Position position;
    std::string kind;
    std::uint8_t days = spatial::every_day;
    std::uint32_t area = 0;
};

/// "135" for Monday, Wednesday and Friday; "" for every day.
std::string days_text(std::uint8_t days);

/// Lines of the base map besides the streets.
struct TownLine {
    bool water = false;
    std::vector<spatial::Point> points;
};

struct Town {
    std::string code;
    spatial::Network network;
    spatial::Box box;
    std::unique_ptr<spatial::Snapper> snapper;
    std::vector<TownArea> areas;
    spatial::AreaTree tree;
    /// Buildings; those without households are there for the people who work in them.
    std::vector<spatial::Point> doors;
    spatial::Dwellings dwellings;  ///< weights: households first, then those of `columns`
    std::vector<std::string> columns;
    std::vector<std::uint32_t> jobs, compound;
    std::vector<std::string> grid;  ///< of each building, if there is such a column
    std::vector<TownPlace> places;
    std::vector<TownLine> lines;
    std::string barriers;              ///< GeoJSON text; "" = none
    std::vector<std::string> remarks;  ///< what was left out, and why

    const std::vector<std::uint32_t>& households() const { return dwellings.weights[0]; }
    /// The column of that name among the weights; nothing if there is none.
    const std::vector<std::uint32_t>* column(const std::string& name) const;
};

/// A sum of a column as it is told. People of a group by fives: else what a facility gains by one
/// step aside would tell who lives in one building (C18). Dwellings and households are exact.
std::int64_t told(std::string_view column, std::uint64_t sum);

/// Reads city.net, dwellings.csv, places.csv and, if they are there, barriers.geojson. Throws what
/// its readers throw, with the file; and `invalid` (another_profile, nothing_placed).
std::unique_ptr<const Town>
read_town(const std::filesystem::path& folder, const spatial::Profile&, const area::Tree&);

}  // namespace linli::map
