// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <queue>
#include <tuple>

#include "spatial/units.hpp"

namespace linli::spatial {

namespace {

constexpr std::uint32_t none = 0xffffffff;

/// Joins what belongs to one area but is reached only over ground of others: by the shortest walk.
class Joiner {
 public:
    Joiner(const Network& network, const StreetUnits& units, const Barriers& barriers, Ms most)
        : m_network(network),
          m_units(units),
          m_barriers(barriers),
          m_most(most),
          m_walk(network.junctions, unreachable) {
        for (std::uint32_t u = 0; u < units.graph.size(); ++u) {
            m_on_chain[units.place[u].chain].push_back(u);
            for (const auto& link : units.graph.of(u)) {
                if (link.to > u && units.area[u] == units.area[link.to]) {
                    m_pairs.push_back({u, link.to, link.cost});
                }
            }
        }
    }

    UnitGraph join() {
        std::map<std::uint32_t, std::vector<std::uint32_t>> pieces;  // of each area, smallest first
        find_pieces();
        for (std::uint32_t p = 0; p < m_pieces.size(); ++p) {
            pieces[m_units.area[m_pieces[p].front()]].push_back(p);
        }
        for (auto& [area, all] : pieces) {
            std::stable_sort(all.begin(), all.end(), [&](auto a, auto b) {
                return m_pieces[a].size() < m_pieces[b].size();
            });
            for (std::size_t i = 0; i + 1 < all.size(); ++i) {
                join_piece(all[i]);
            }
        }
        return graph_of(m_units.graph.weight, std::move(m_pairs));
    }

 private:
    void find_pieces() {
        const auto graph = graph_of(m_units.graph.weight, m_pairs);
        m_piece.assign(graph.size(), none);
        for (std::uint32_t start = 0; start < graph.size(); ++start) {
            if (m_piece[start] != none) {
                continue;
            }
            const auto number = static_cast<std::uint32_t>(m_pieces.size());
            auto& piece = m_pieces.emplace_back(1, start);
            m_piece[start] = number;
            for (std::size_t i = 0; i < piece.size(); ++i) {
                for (const auto& link : graph.of(piece[i])) {
                    if (m_piece[link.to] == none) {
                        m_piece[link.to] = number;
                        piece.push_back(link.to);
                    }
                }
            }
        }
    }

    /// From all units of a piece to the nearest unit of another piece of the same area.
    void join_piece(std::uint32_t piece) {
        using Entry = std::tuple<Ms, std::uint32_t, std::uint32_t>;  // walk, junction, from unit
        std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
        std::vector<std::uint32_t> touched;
        const auto reach = [&](std::uint32_t junction, Ms walk, std::uint32_t unit) {
            if (walk < m_walk[junction] && walk <= m_most) {
                m_walk[junction] = walk;
                touched.push_back(junction);
                queue.push({walk, junction, unit});
            }
        };
        for (const auto unit : m_pieces[piece]) {
            const auto& place = m_units.place[unit];
            const auto& chain = m_network.chains[place.chain];
            reach(chain.from, place.offset, unit);
            reach(chain.to, chain.length - std::min(place.offset, chain.length), unit);
        }
        bool found = false;
        while (!queue.empty() && !found) {
            const auto [walk, junction, unit] = queue.top();
            queue.pop();
            if (walk > m_walk[junction]) {
                continue;
            }
            const auto begin = m_network.arc_begin[junction];
            for (auto a = begin; a < m_network.arc_begin[junction + 1] && !found; ++a) {
                found = meet(piece, unit, m_network.arc_chain[a]);
                reach(m_network.arcs[a].to, walk + m_network.arcs[a].length, unit);
            }
        }
        for (const auto junction : touched) {
            m_walk[junction] = unreachable;
        }
    }

    bool meet(std::uint32_t piece, std::uint32_t unit, std::uint32_t chain) {
        const auto here = m_on_chain.find(chain);
        if (here == m_on_chain.end()) {
            return false;
        }
        for (const auto other : here->second) {
            if (m_units.area[other] == m_units.area[unit] && m_piece[other] != piece) {
                const bool barrier =
                    m_barriers.crossed(m_units.middle[unit], m_units.middle[other]);
                m_pairs.push_back({unit, other, barrier ? -1 : 1});
                const auto gone = m_piece[other];
                for (const auto moved : m_pieces[piece]) {
                    m_piece[moved] = gone;
                    m_pieces[gone].push_back(moved);
                }
                m_pieces[piece].clear();
                return true;
            }
        }
        return false;
    }

    const Network& m_network;
    const StreetUnits& m_units;
    const Barriers& m_barriers;
    Ms m_most;
    std::vector<Ms> m_walk;
    std::map<std::uint32_t, std::vector<std::uint32_t>> m_on_chain;
    std::vector<UnitPair> m_pairs;
    std::vector<std::uint32_t> m_piece;
    std::vector<std::vector<std::uint32_t>> m_pieces;
};

}  // namespace

UnitGraph within_areas(
    const Network& network, const StreetUnits& units, const Barriers& barriers, double most_metres
) {
    const auto most = static_cast<Ms>(most_metres * 60'000 / network.metres_per_minute);
    return Joiner(network, units, barriers, most).join();
}

}  // namespace linli::spatial
