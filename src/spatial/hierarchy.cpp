// SPDX-License-Identifier: Apache-2.0
#include "spatial/hierarchy.hpp"

#include <algorithm>
#include <numeric>
#include <queue>
#include <tuple>

namespace linli::spatial {

namespace {

constexpr std::uint32_t none = 0xffffffff;
using Arcs = std::vector<Arc>;

Ms sum(Ms a, Ms b) {
    return std::min(a + b, unreachable);
}

/// Walks from a junction to its neighbours by way of another neighbour.
class Detours {
 public:
    explicit Detours(std::size_t junctions) : m_index(junctions, none) {}
    /// Of each arc of the junction: the shortest detour that `arcs` knows.
    std::span<const Ms> from(std::uint32_t junction, const std::vector<Arcs>& arcs) {
        const auto& around = arcs[junction];
        m_walks.assign(around.size(), unreachable);
        for (std::uint32_t i = 0; i < around.size(); ++i) {
            m_index[around[i].to] = i;
        }
        for (std::uint32_t i = 0; i < around.size(); ++i) {
            for (const auto& beyond : arcs[around[i].to]) {
                if (const auto j = m_index[beyond.to]; j != none) {
                    m_walks[j] = std::min(m_walks[j], sum(around[i].length, beyond.length));
                    m_walks[i] = std::min(m_walks[i], sum(around[j].length, beyond.length));
                }
            }
        }
        for (const auto& arc : around) {
            m_index[arc.to] = none;
        }
        return m_walks;
    }

 private:
    std::vector<std::uint32_t> m_index;  // of a neighbour among the arcs
    std::vector<Ms> m_walks;
};

/// Junctions are taken out one by one, always one with few neighbours left; shortcuts between these
/// stand in for it. What it had when it went are its arcs upwards.
class Elimination {
 public:
    explicit Elimination(const Network& network)
        : m_arcs(network.junctions), m_level(network.junctions, 0), m_detours(network.junctions) {
        for (std::uint32_t j = 0; j < network.junctions; ++j) {
            const auto arcs = network.arcs_of(j);
            m_arcs[j].assign(arcs.begin(), arcs.end());
            std::erase_if(m_arcs[j], [&](const Arc& arc) { return arc.to == j; });
            std::sort(m_arcs[j].begin(), m_arcs[j].end(), [](const Arc& a, const Arc& b) {
                return std::pair(a.to, a.length) < std::pair(b.to, b.length);
            });
            const auto same = [](const Arc& a, const Arc& b) { return a.to == b.to; };
            m_arcs[j].erase(std::unique(m_arcs[j].begin(), m_arcs[j].end(), same), m_arcs[j].end());
        }
    }

    /// Junctions in the order in which they went.
    std::vector<std::uint32_t> run() {
        std::vector<std::uint32_t> gone;
        gone.reserve(m_arcs.size());
        using Item = std::pair<std::uint32_t, std::uint32_t>;
        std::priority_queue<Item, std::vector<Item>, std::greater<>> queue;
        std::vector<std::uint32_t> cost(m_arcs.size());
        const auto weigh = [&](std::uint32_t j) {
            cost[j] = static_cast<std::uint32_t>(m_arcs[j].size());
            queue.push({cost[j], j});
        };
        for (std::uint32_t j = 0; j < m_arcs.size(); ++j) {
            weigh(j);
        }
        while (!queue.empty()) {
            const auto [price, junction] = queue.top();
            queue.pop();
            if (cost[junction] != price) {
                continue;
            }
            cost[junction] = none;
            take_out(junction);
            for (const auto& arc : m_arcs[junction]) {
                weigh(arc.to);
            }
            gone.push_back(junction);
        }
        return gone;
    }
    std::vector<Arcs>& arcs() { return m_arcs; }
    /// How many arcs may be gone up one after another until the junction is reached.
    const std::vector<std::uint32_t>& levels() const { return m_level; }

 private:
    void take_out(std::uint32_t junction) {
        prune(junction);
        const auto& around = m_arcs[junction];
        for (const auto& arc : around) {
            m_level[arc.to] = std::max(m_level[arc.to], m_level[junction] + 1);
            join(arc.to, junction, arc.length, around);
        }
    }
    /// Arcs that a detour makes needless go on both sides.
    void prune(std::uint32_t junction) {
        auto& around = m_arcs[junction];
        const auto detours = m_detours.from(junction, m_arcs);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < around.size(); ++i) {
            if (around[i].length < detours[i]) {
                around[kept++] = around[i];
            } else {
                std::erase_if(m_arcs[around[i].to], [&](const Arc& arc) {
                    return arc.to == junction;
                });
            }
        }
        around.resize(kept);
    }
    /// The arcs of `here` and those through the junction that goes.
    void join(std::uint32_t here, std::uint32_t going, Ms length, const Arcs& around) {
        m_merged.clear();
        auto old = m_arcs[here].begin();
        const auto end = m_arcs[here].end();
        const auto keep = [&] {
            if (old->to != going) {
                m_merged.push_back(*old);
            }
            ++old;
        };
        for (const auto& arc : around) {
            while (old != end && old->to < arc.to) {
                keep();
            }
            if (arc.to == here) {
                continue;
            }
            const Ms through = sum(length, arc.length);
            if (old != end && old->to == arc.to) {
                m_merged.push_back({arc.to, std::min(old->length, through)});
                ++old;
            } else {
                m_merged.push_back({arc.to, through});
            }
        }
        while (old != end) {
            keep();
        }
        m_arcs[here].assign(m_merged.begin(), m_merged.end());
    }

    std::vector<Arcs> m_arcs;
    std::vector<std::uint32_t> m_level;
    Detours m_detours;
    Arcs m_merged;
};

/// Appends the arcs of a junction that no detour makes needless. From the top down: those below get
/// to see the true lengths.
void keep_needed(std::uint32_t junction, std::vector<Arcs>& arcs, Detours& detours, Arcs& needed) {
    const auto walks = detours.from(junction, arcs);
    for (std::size_t i = 0; i < walks.size(); ++i) {
        auto& arc = arcs[junction][i];
        if (arc.length < walks[i]) {
            needed.push_back(arc);
        }
        arc.length = std::min(arc.length, walks[i]);
    }
}

}  // namespace

void add_hierarchy(Network& network) {
    Elimination elimination(network);
    auto order = elimination.run();
    std::reverse(order.begin(), order.end());
    std::vector<std::uint32_t> begin(order.size() + 1), place(order.size());
    Arcs arcs;
    Detours detours(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        place[order[i]] = i;
        keep_needed(order[i], elimination.arcs(), detours, arcs);
        begin[i + 1] = static_cast<std::uint32_t>(arcs.size());
    }
    // Level by level, so that neighbours in the order do not wait for each other; within a level by
    // the number of arcs, which makes the loops over them predictable, and then by where they are.
    std::vector<std::uint32_t> sorted(order.size());
    std::iota(sorted.begin(), sorted.end(), 0);
    const auto key = [&](std::uint32_t at) {
        return std::tuple(~elimination.levels()[order[at]], begin[at + 1] - begin[at], order[at]);
    };
    std::sort(sorted.begin(), sorted.end(), [&](auto a, auto b) { return key(a) < key(b); });
    for (std::uint32_t i = 0; i < sorted.size(); ++i) {
        place[order[sorted[i]]] = i;
    }
    Hierarchy hierarchy{std::move(place), {0}, {}};
    hierarchy.arcs.reserve(arcs.size());
    for (const auto at : sorted) {
        for (auto a = begin[at]; a < begin[at + 1]; ++a) {
            hierarchy.arcs.push_back({hierarchy.place[arcs[a].to], arcs[a].length});
        }
        hierarchy.arc_begin.push_back(static_cast<std::uint32_t>(hierarchy.arcs.size()));
    }
    network.hierarchy = std::move(hierarchy);
}

}  // namespace linli::spatial
