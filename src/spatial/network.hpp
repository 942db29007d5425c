// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The street network people walk on. Junctions are where ways meet or end; chains are the streets
/// between them, with the points that give them their shape. All walks are whole milliseconds at
/// the speed of the profile.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "spatial/streets.hpp"

namespace linli::spatial {

using Ms = std::uint32_t;
/// No walk. Below half of the range, so that a walk may be added to it.
constexpr Ms unreachable = 0x3f3f3f3f;
/// Limits and single streets are at most 24 hours.
constexpr Ms longest_walk = 86'400'000;

struct Chain {
    std::uint32_t from = 0, to = 0;  ///< junctions
    Ms length = 0;
    std::uint32_t first = 0;  ///< its first inner point; they end where those of the next begin
};

struct Arc {
    std::uint32_t to = 0;
    Ms length = 0;
};

/// An order of the junctions in which all walks are found by going up and down once: every walk
/// between two junctions may be taken by shortcuts that first only rise and then only fall.
struct Hierarchy {
    std::vector<std::uint32_t> place;      ///< of each junction: 0 is the top
    std::vector<std::uint32_t> arc_begin;  ///< of each place; one more than junctions
    std::vector<Arc> arcs;                 ///< streets and shortcuts to places further up
};

struct Network {
    std::string source, profile;
    std::uint32_t metres_per_minute = 0;
    bool made_up = false;
    std::uint32_t junctions = 0;
    std::vector<Point> points;  ///< junctions first, then inner points, chain by chain
    std::vector<Chain> chains;  ///< and one beyond the last, for `first`
    std::vector<Ms> offsets;  ///< of inner point p from its chain's `from`: offsets[p - junctions]
    std::vector<std::uint32_t> arc_begin;         ///< of each junction; one more than junctions
    std::vector<Arc> arcs;                        ///< both directions of each chain, a loop once
    std::vector<std::uint32_t> arc_chain;         ///< of each arc
    std::vector<std::uint32_t> component;         ///< of each junction
    std::vector<std::uint32_t> component_points;  ///< street points of each component
    Hierarchy hierarchy;                          ///< empty until add_hierarchy

    std::size_t chain_count() const { return chains.empty() ? 0 : chains.size() - 1; }
    std::span<const Arc> arcs_of(std::uint32_t junction) const {
        return {arcs.data() + arc_begin[junction], arcs.data() + arc_begin[junction + 1]};
    }
    /// Walk from the chain's `from` to its point number i: 0 is `from`, the last is `to`.
    Ms walk_to(std::size_t chain, std::size_t i) const;
    std::size_t point_of(std::size_t chain, std::size_t i) const;
    std::size_t points_on(std::size_t chain) const;  ///< with both ends
};

/// Throws `invalid` (no_streets) if nobody can walk anywhere on the map.
Network build_network(const StreetMap&, const Profile&);

/// Somewhere on a street, and the walk from the door to it.
struct Position {
    std::uint32_t chain = 0;
    Ms offset = 0;  ///< from the chain's `from`
    Ms access = 0;
};

/// The position of a street point; point < points.size().
Position position_of(const Network&, std::size_t point);
/// The same for many: one look at all chains instead of a search each.
std::vector<Position> positions_of(const Network&, std::span<const std::uint32_t> points);

}  // namespace linli::spatial
