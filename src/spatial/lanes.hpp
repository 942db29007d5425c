// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The walk from everywhere to the nearest place of each of up to 16 kinds at once: the network's
/// hierarchy is gone up from the places and down to everywhere, with all kinds side by side. Exact.
#include <span>
#include <vector>

#include "spatial/lane_kernels.hpp"
#include "spatial/network.hpp"

namespace linli::spatial {

/// Working memory of one thread; keep it as long as the network.
class LaneSearch {
 public:
    /// The network has its hierarchy (add_hierarchy).
    explicit LaneSearch(const Network&, Width = widest());
    /// A lane a kind, at most 16; walks up to `limit`; they stay until the next call.
    void run(std::span<const std::vector<Position>> kinds, Ms limit);
    /// Walk from a position, its access included; `unreachable` beyond the limit.
    Ms at(std::size_t lane, const Position&) const;
    /// Walks of all street points: a column a lane, each with one entry a point.
    void points(std::span<Ms* const> columns) const;

 private:
    struct Source {
        Position position;
        std::size_t lane;
    };
    const LaneRow& row(std::uint32_t junction) const;
    void reach(std::uint32_t junction, std::size_t lane, Ms walk);

    const Network& m_network;
    const LaneKernels& m_kernels;
    InnerChains m_inner;
    std::vector<LaneRow> m_rows;
    Touched m_touched;
    std::vector<Source> m_sources;  ///< by chain
    Ms m_limit = 0;
};

}  // namespace linli::spatial
