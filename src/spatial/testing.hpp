// SPDX-License-Identifier: Apache-2.0
#pragma once
/// For tests and benchmarks alone: maps drawn in ASCII, and the slow obvious way to walk.
#include <string>
#include <string_view>

#include "spatial/near_kernels.hpp"
#include "spatial/network.hpp"

namespace linli::spatial {

/// A profile that walks 60 metres a minute, so that a metre is a second.
Profile plain_profile();

/// Draws streets: letters, digits and `+` are points; `-` and `|` join what stands on both sides,
/// `#` is a point nobody walks through. One sign is `metres` wide and high.
///     A--B--C
///     |     |
///     +-----D
struct Drawing {
    StreetMap map;
    Network network;
    std::vector<std::string> rows;
    double metres = 0;
    Point where(char name) const;  ///< of the sign, whether it is a street or not
    Position position(char name) const;
};
Drawing draw(std::string_view picture, double metres = 50);
/// A drawing of streets on a grid, some of them missing.
std::string random_picture(std::uint64_t seed, int columns, int rows, int percent_missing);

/// All street points as one graph, without junctions and chains.
struct PlainGraph {
    std::vector<std::uint32_t> begin;
    std::vector<Arc> arcs;
};
PlainGraph plain_graph(const Network&);
/// Multi-source Dijkstra with a heap of four children over all street points: the walk from each to
/// the nearest source, `unreachable` beyond the limit.
std::vector<Ms> plain_nearest(
    const Network&, const PlainGraph&, std::span<const Position> sources, Ms limit
);
/// The k nearest sources of each point by one search from each source, ascending; equally far ones
/// by number.
std::vector<std::vector<Near>> plain_k_nearest(
    const Network&, const PlainGraph&, std::span<const Position> sources, Ms limit, std::size_t k
);

}  // namespace linli::spatial
