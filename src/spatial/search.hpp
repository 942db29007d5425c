// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The walk from everywhere to the nearest of some places, without any preparation: a queue of
/// buckets over the junctions; the points between them follow from their two ends. Exact.
#include <span>
#include <vector>

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
    std::span<const std::uint32_t> reached() const { return m_reached; }
    /// Walk from a position, its access included; `unreachable` beyond the limit.
    Ms at(const Position&) const;
    /// Walks of all street points. `out` has one entry a point.
    void points(std::span<Ms> out) const;
    /// Calls work(chain) once for each chain of which some part may be reached.
    template <class Work>
    void each_reached_chain(const Work& work) const {
        for (const auto junction : m_reached) {
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
    void reach(std::uint32_t junction, Ms walk);
    void fill_chain(std::uint32_t chain, Ms* inner) const;

    struct Waiting {
        std::uint32_t junction;
        Ms walk;
    };
    const Network& m_network;
    std::vector<Ms> m_walks;
    std::vector<std::uint32_t> m_reached;
    std::vector<std::vector<Waiting>> m_buckets;
    std::vector<Position> m_sources;  ///< by chain
    Ms m_limit = 0;
};

}  // namespace linli::spatial
