// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Dwellings as a sheet, as street units of areas; for `linli spatial cells` and `district`.
#include <unordered_map>

#include "app/spatial_sheets.hpp"
#include "spatial/units.hpp"

namespace linli::app {

/// Names by number, in the order in which they appear.
class Names {
 public:
    std::uint32_t number(const std::string& name);
    const std::string& operator[](std::uint32_t number) const { return m_names[number]; }
    std::size_t size() const { return m_names.size(); }
    const std::uint32_t* find(const std::string& name) const;

 private:
    std::vector<std::string> m_names;
    std::unordered_map<std::string, std::uint32_t> m_numbers;
};

/// Columns lon, lat, area, households; if wished persons, jobs, grid, compound, class.
struct HomeSheet {
    Sheet sheet;
    std::vector<std::size_t> rows;  ///< of each home; homes on no street are left out
    spatial::Homes homes;
    std::vector<std::uint64_t> persons, jobs;
    Names areas, grids, compounds;
    std::vector<std::uint32_t> grid, compound;  ///< of each home; empty without such a column
    std::vector<bool> rural;                    ///< of each area: class says so

    HomeSheet(const std::filesystem::path&, const spatial::Network&, bool gcj02, bool with_jobs);
};

spatial::Barriers barriers_from(const std::filesystem::path&);  ///< none if the path is empty

/// "117.23240, 32.79833"
std::string place_words(spatial::Point);

/// Street lines of each group of homes as GeoJSON; `properties` of each group without braces.
void write_groups(
    const std::filesystem::path&, const spatial::Network&, const spatial::Homes&,
    const std::vector<std::uint32_t>& group, const std::vector<std::string>& properties
);

}  // namespace linli::app
