// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The walk from everywhere to the nearest of some places, without any preparation: a queue of
/// buckets over the junctions; the points between them follow from their two ends. Exact.
#include <memory>
#include <span>
#include <vector>

#include "spatial/lane_kernels.hpp"
#include "spatial/network.hpp"

namespace linli::spatial {

/// Working memory of one thread; keep it as long as the network.
class Search {
 public:
    explicit Search(const Network&);
    /// Walks to the nearest source, at most `limit` long; they stay until the next call.
    void run(std::span<const Position> sources, Ms limit);
    Ms at_junction(std::uint32_t junction) const { return m_walks[junction]; }
    /// Junctions reached by the last run, in no order.
    std::span<const std::uint32_t> reached() const { return {m_reached.data(), m_reached_count}; }
    /// Walk from a position, its access included; `unreachable` beyond the limit.
    Ms at(const Position&) const;
    /// Walks of all street points. `out` has one entry a point.
    void points(std::span<Ms> out) const;
    /// Calls work(chain) once for each chain of which some part may be reached.
    template <class Work>
    void each_reached_chain(const Work& work) const {
        for (const auto junction : reached()) {
            for (auto a = m_network.arc_begin[junction]; a < m_network.arc_begin[junction + 1];
                 ++a) {
                const auto c = m_network.arc_chain[a];
                const auto from = m_network.chains[c].from;
                if (from == junction || m_walks[from] == unreachable) {
                    work(c);
                }
            }
        }
        for (const auto& source : m_sources) {
            const auto& chain = m_network.chains[source.chain];
            if (m_walks[chain.from] == unreachable && m_walks[chain.to] == unreachable) {
                work(source.chain);
            }
        }
    }

 private:
    void fill_chain(std::uint32_t chain, Ms* inner) const;

    struct Waiting {
        std::uint32_t junction;
        Ms walk;
    };
    struct Bucket {
        std::unique_ptr<Waiting[]> items;
        std::uint32_t count = 0, room = 0;
        void grow();
    };
    /// The first four arcs of a junction side by side; fewer are filled up with arcs to itself.
    struct alignas(32) Fan {
        Arc arcs[4];
    };
    const Network& m_network;
    const LaneKernels& m_kernels;
    InnerChains m_inner;
    std::vector<Fan> m_fans;
    std::vector<Ms> m_walks;
    std::vector<std::uint32_t> m_reached;  ///< junctions; one more than there are
    std::size_t m_reached_count = 0;
    std::vector<Bucket> m_buckets;    ///< and a last one for walks beyond the limit
    std::vector<Position> m_sources;  ///< by chain
    Ms m_limit = 0;
};

}  // namespace linli::spatial
