// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What the OSM readers share: walkable ways by the ids of their nodes, joined with the nodes.
#include <cstdint>
#include <span>
#include <vector>

#include "spatial/streets.hpp"

namespace linli::spatial {

struct OsmNode {
    std::int64_t id = 0;
    Point point;
};

struct OsmWays {
    std::vector<std::int64_t> refs;
    std::vector<std::uint32_t> begin = {0};
    std::vector<std::uint8_t> percent;
    void add(std::span<const std::int64_t> nodes, int percent_of_speed);
    std::vector<std::int64_t> needed() const;  ///< ids of nodes, ascending, each once
};

/// `nodes` ascending by id, each id once; `blocked` ids in any order. Ways are cut where a node is
/// missing.
StreetMap join_ways(
    const OsmWays&, const std::vector<OsmNode>& nodes, std::vector<std::int64_t> blocked
);

}  // namespace linli::spatial
