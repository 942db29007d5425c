// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The board on which a city is drawn: corners and streets in whole centimetres. Streets that
/// others run into are sides: whatever is attached to one becomes part of it in the end.
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "spatial/city.hpp"

namespace linli::spatial {

struct Spot {
    std::int32_t x = 0, y = 0;  ///< centimetres east and north of the middle
};
std::int64_t distance(Spot a, Spot b);
Point place_of(Spot);

/// Four corners; what lies between them is told in 1024ths.
struct Quad {
    Spot low_left, low_right, high_left, high_right;
    Spot at(std::int64_t u, std::int64_t v) const;
};

class Board {
 public:
    std::uint32_t node(Spot spot);
    Spot spot(std::uint32_t node) const { return m_nodes[node]; }
    std::size_t nodes() const { return m_nodes.size(); }
    void path(std::span<const std::uint32_t> nodes, Road road);
    std::uint32_t side(std::uint32_t from, std::uint32_t to, Road road);
    /// A new corner on a side, t 1024ths from its beginning; no two at the same t.
    std::uint32_t attach(std::uint32_t side, int t);
    void attach(std::uint32_t side, int t, std::uint32_t node);
    /// Sides become streets, and streets get points between corners, about `points` in all.
    void finish(std::uint32_t points, std::uint64_t seed, City& city);

 private:
    struct Side {
        std::uint32_t from, to;
        Road road;
    };
    struct Stop {
        std::uint32_t side;
        int t;
        std::uint32_t node;
    };
    void lay_sides();
    std::int64_t spacing_for(std::uint32_t points) const;

    std::vector<Spot> m_nodes;
    std::vector<Side> m_sides;
    std::vector<Stop> m_stops;
    std::vector<std::uint32_t> m_refs, m_begin = {0};
    std::vector<Road> m_roads;
};

}  // namespace linli::spatial
