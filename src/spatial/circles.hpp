// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Circles: which dwellings have what they need within a walk, and which have not. Columns in,
/// columns out; borders of areas mean nothing to a walk.
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "spatial/search.hpp"

namespace linli::spatial {

enum class AreaClass : std::uint8_t { urban, county_seat, rural };
constexpr auto names(AreaClass) {
    return std::array{"urban", "county_seat", "rural"};
}
constexpr std::size_t area_classes = 3;

/// The tree of areas by number; a parent stands before its children, the root is its own parent.
struct AreaTree {
    std::vector<std::uint32_t> parent;
};

struct Dwellings {
    std::vector<Position> positions;
    std::vector<std::uint32_t> area;  ///< the smallest area of each
    std::vector<AreaClass> area_class;
    /// What is added up besides dwellings, a column each: households, persons, elderly, children.
    std::vector<std::vector<std::uint32_t>> weights;
    std::size_t size() const { return positions.size(); }
};

constexpr std::uint8_t every_day = 0x7f;
struct Facility {
    Position position;
    std::uint16_t kind = 0;
    std::uint8_t days = every_day;  ///< bit 0 is Monday: a mobile station counts on its days
};

struct Circle {
    std::string name;
    std::vector<std::uint16_t> kinds;         ///< destination kinds
    bool every_kind = false;                  ///< each of them is needed, not just any
    std::array<Ms, area_classes> limit = {};  ///< by class of area; 0: no such circle there
};

/// Sums over an area and all below it; column 0 counts dwellings, then the weights in order.
struct Shares {
    std::size_t columns = 0;
    std::vector<std::uint64_t> covered, all;  ///< areas x columns
};

/// How far it is to what lies outside is told up to so many times the longest limit.
constexpr Ms gap_reach = 3;

struct Covered {
    std::vector<Ms> walk;  ///< of each dwelling; `unreachable` beyond that
    Shares shares;
    /// Dwellings outside of the circle, by area, those with the farthest walk first.
    std::vector<std::uint32_t> gaps;
};

/// Throws `invalid` (columns_differ, circle_malformed) unless all that fits together.
void check_circle(const Network&, const AreaTree&, const Dwellings&, const Circle&, int weekday);

/// One pass over the dwellings, then every area into its parent: all levels at once. Dwellings of a
/// class without a limit do not count.
Shares add_up(const AreaTree&, const Dwellings&, const Circle&, const std::vector<bool>& covered);

/// Throws `invalid` (no_such_facility) if no facility of a kind that the circle needs is open on
/// that day (0 is Monday), and as check_circle.
Covered cover(
    const Network&, Search&, const AreaTree&, const Dwellings&, std::span<const Facility>,
    const Circle&, int weekday = 0
);

}  // namespace linli::spatial
