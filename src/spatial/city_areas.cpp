// SPDX-License-Identifier: Apache-2.0
#include "spatial/city_areas.hpp"

#include <algorithm>

namespace linli::spatial {

namespace {

constexpr int county_size = 7;  // subdistricts across and up

/// Percent of communities that have a facility of each kind, in the order of city_kinds.
struct Having {
    std::uint32_t urban, rural;
};
constexpr std::array<Having, city_kinds.size()> having = {{
    {96, 80},
    {38, 20},
    {60, 30},
    {24, 3},
    {58, 25},
    {46, 30},
    {12, 4},
    {45, 35},
    {30, 15},
    {8, 1},
    {68, 40},
    {14, 3},
    {50, 20},
    {85, 40},
    {70, 50},
    {9, 3},
}};

std::string padded(std::uint32_t number, int digits) {
    auto text = std::to_string(number);
    return std::string(
               static_cast<std::size_t>(std::max(0, digits - static_cast<int>(text.size()))), '0'
           ) +
           text;
}

}  // namespace

/// Codes as the official ones: 4, 6, 9, 12 digits with noughts up to 12, and 15 for grids.
std::uint32_t CityAreas::area(CityLevel level, std::uint32_t parent, AreaClass area_class) {
    const auto number = static_cast<std::uint32_t>(m_city.areas.size());
    constexpr std::array lengths = {4, 6, 9, 12, 15};
    constexpr std::array urban = {"虚构市", "区", "街道", "社区", "网格"};
    constexpr std::array rural = {"虚构市", "区", "乡", "村", "网格"};
    const auto l = static_cast<std::size_t>(level);
    CityArea made{level, parent, area_class, "990100000000", "虚构市"};
    if (level != CityLevel::city) {
        const auto& above = m_city.areas[parent];
        const auto child = ++m_children[parent];
        const auto cut = static_cast<std::size_t>(lengths[l - 1]);
        made.code = above.code.substr(0, cut) + padded(child, lengths[l] - lengths[l - 1]);
        made.code.resize(std::max<std::size_t>(12, made.code.size()), '0');
        made.name = (level == CityLevel::county ? "虚构" : "第") + std::to_string(child) +
                    (area_class == AreaClass::rural ? rural : urban)[l];
    }
    m_city.areas.push_back(std::move(made));
    m_children.push_back(0);
    return number;
}

std::uint32_t CityAreas::subdistrict(CityPlace place) {
    if (m_city.areas.empty()) {
        area(CityLevel::city, 0, AreaClass::urban);
    }
    const auto found = m_subdistricts.find({place.column, place.row});
    if (found != m_subdistricts.end()) {
        return found->second;
    }
    auto& county = m_counties[{place.column / county_size, place.row / county_size}];
    if (county == 0) {
        county = area(CityLevel::county, 0, AreaClass::urban);
    }
    return m_subdistricts[{place.column, place.row}] =
               area(CityLevel::subdistrict, county, place.area_class);
}

void CityAreas::add(
    CityPlace place, std::span<const BuiltBlock> blocks, const Board& board, Dice& dice
) {
    const auto parent = subdistrict(place);
    std::uint32_t left = 0;
    for (const auto& block : blocks) {
        left += block.built.households;
    }
    std::size_t first = 0;
    while (first < blocks.size()) {
        // Most communities are of a good size; some were never split.
        const auto wanted = static_cast<std::uint32_t>(
            dice.chance(8) ? dice.between(5'000, 7'000) : dice.between(1'300, 3'200)
        );
        std::uint32_t households = 0;
        std::size_t end = first;
        while (end < blocks.size() && (end == first || households < wanted)) {
            households += blocks[end++].built.households;
        }
        // A few small ones were never merged.
        if (const auto lone = blocks[first].built.households;
            lone > 0 && lone < 500 && dice.chance(60)) {
            households = lone;
            end = first + 1;
        }
        left -= households;
        if (left < 500 && !dice.chance(25)) {
            end = blocks.size();
            left = 0;
        }
        add_community(parent, place, blocks.subspan(first, end - first), board, dice);
        first = end;
    }
}

void CityAreas::add_community(
    std::uint32_t subdistrict, CityPlace place, std::span<const BuiltBlock> blocks,
    const Board& board, Dice& dice
) {
    const bool empty = std::all_of(blocks.begin(), blocks.end(), [](const auto& block) {
        return block.built.buildings.empty();
    });
    if (empty) {
        ++m_compounds;
        return;
    }
    const auto community = area(CityLevel::community, subdistrict, place.area_class);
    std::uint32_t grid = 0, households = 0, wanted = 0;
    for (const auto& block : blocks) {
        ++m_compounds;
        for (auto building : block.built.buildings) {
            if (grid == 0 || households + building.households / 2u > wanted) {
                grid = area(CityLevel::grid, community, place.area_class);
                households = 0;
                wanted = static_cast<std::uint32_t>(dice.between(260, 540));
            }
            households += building.households;
            building.grid = grid;
            building.compound = m_compounds;
            m_city.dwellings.push_back(building);
        }
    }
    add_facilities(community, place.area_class, blocks, board, dice);
}

void CityAreas::add_facilities(
    std::uint32_t community, AreaClass area_class, std::span<const BuiltBlock> blocks,
    const Board& board, Dice& dice
) {
    for (std::uint16_t kind = 0; kind < having.size(); ++kind) {
        const bool rural = area_class == AreaClass::rural;
        if (!dice.chance(rural ? having[kind].rural : having[kind].urban)) {
            continue;
        }
        const auto& built = blocks[dice.below(static_cast<std::uint32_t>(blocks.size()))].built;
        const bool inside = built.gates.empty() || dice.chance(50);
        const auto& nodes = inside ? built.corners : built.gates;
        auto spot = board.spot(nodes[dice.below(static_cast<std::uint32_t>(nodes.size()))]);
        spot.x += dice.between(-800, 800);
        spot.y += dice.between(-800, 800);
        // In villages some come on three days a week.
        constexpr std::uint8_t odd_days = 0x15;
        const auto days = rural && dice.chance(40) ? odd_days : every_day;
        m_city.facilities.push_back({place_of(spot), kind, days, community});
    }
}

}  // namespace linli::spatial
