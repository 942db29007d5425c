// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The areas of a made-up city: communities of blocks that follow each other, grids of buildings
/// that follow each other (some too large or too small, as in life), and the facilities of each.
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "spatial/city_block.hpp"

namespace linli::spatial {

struct BuiltBlock {
    Use use;
    Built built;
};

/// Which subdistrict a superblock belongs to.
struct CityPlace {
    int column = 0, row = 0;
    AreaClass area_class = AreaClass::urban;
};

class CityAreas {
 public:
    /// The blocks of one superblock, in an order in which neighbours follow each other.
    void add(CityPlace, std::span<const BuiltBlock>, const Board&, Dice&);
    City take() { return std::move(m_city); }

 private:
    std::uint32_t area(CityLevel, std::uint32_t parent, AreaClass);
    std::uint32_t subdistrict(CityPlace);
    void
    add_community(std::uint32_t subdistrict, CityPlace, std::span<const BuiltBlock>, const Board&, Dice&);
    void
    add_facilities(std::uint32_t community, AreaClass, std::span<const BuiltBlock>, const Board&, Dice&);

    City m_city;
    std::uint32_t m_compounds = 0;
    std::vector<std::uint32_t> m_children;  ///< of each area, counted so far
    std::map<std::pair<int, int>, std::uint32_t> m_counties, m_subdistricts;
};

}  // namespace linli::spatial
