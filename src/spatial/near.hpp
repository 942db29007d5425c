// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The k nearest places of each of up to 16 kinds from everywhere, with which place each is: as
/// LaneSearch, with lists instead of single walks. Exact; of equally near places the first of the
/// list comes first.
#include <span>
#include <vector>

#include "spatial/near_kernels.hpp"

namespace linli::spatial {

/// Working memory of one thread; keep it as long as the network.
class NearSearch {
 public:
    /// The network has its hierarchy (add_hierarchy); k is 1 to most_near.
    NearSearch(const Network&, std::size_t k, Width = widest());
    /// A lane a kind, at most 16; walks up to `limit`; they stay until the next call.
    void run(std::span<const std::vector<Position>> kinds, Ms limit);
    /// The places near a position, its access included, ascending; Near{} where there are fewer.
    void at(std::size_t lane, const Position&, std::span<Near> out) const;
    /// Of all street points: a column a lane, each with k entries a point.
    void points(std::span<Near* const> columns) const;

 private:
    struct Source {
        Position position;
        std::size_t lane;
        std::uint32_t number;
    };
    template <class Key>
    struct Side {
        NearKernels<Key> kernels;
        std::vector<Key> rows;
    };
    template <class Key>
    void run_with(Side<Key>&);
    template <class Key>
    void take(Side<Key>&, std::uint32_t junction, std::size_t lane, Near);
    void list_at(std::uint32_t junction, std::size_t lane, std::span<Near> out) const;
    template <class Work>
    void sources_on(std::uint32_t chain, const Work&) const;

    const Network& m_network;
    std::size_t m_k;
    /// Short walks to few places fit in 32 bits, which is twice as fast.
    Side<std::uint32_t> m_narrow;
    Side<std::int64_t> m_wide;
    bool m_fits = true;
    KeyShape m_shape;
    Touched m_touched;
    std::vector<Source> m_sources;  ///< by chain
    Ms m_limit = 0;
};

}  // namespace linli::spatial
