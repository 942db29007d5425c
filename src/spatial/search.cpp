// SPDX-License-Identifier: Apache-2.0
#include "spatial/search.hpp"

#include <algorithm>

namespace linli::spatial {

namespace {

// About 18 m of walking: junctions rarely improve each other within one bucket.
constexpr int bucket_bits = 14;

bool by_chain(const Position& a, const Position& b) {
    return a.chain < b.chain;
}

Ms distance(Ms a, Ms b) {
    return a < b ? b - a : a - b;
}

}  // namespace

Search::Search(const Network& network)
    : m_network(network), m_walks(network.junctions, unreachable) {}

void Search::reach(std::uint32_t junction, Ms walk) {
    auto& known = m_walks[junction];
    if (walk >= known || walk > m_limit) {
        return;
    }
    if (known == unreachable) {
        m_reached.push_back(junction);
    }
    known = walk;
    m_buckets[walk >> bucket_bits].push_back({junction, walk});
}

void Search::run(std::span<const Position> sources, Ms limit) {
    for (const auto junction : m_reached) {
        m_walks[junction] = unreachable;
    }
    m_reached.clear();
    m_limit = std::min(limit, longest_walk);
    m_buckets.resize(std::max<std::size_t>(m_buckets.size(), (m_limit >> bucket_bits) + 1));
    m_sources.assign(sources.begin(), sources.end());
    std::sort(m_sources.begin(), m_sources.end(), by_chain);
    for (const auto& source : m_sources) {
        const auto& chain = m_network.chains[source.chain];
        reach(chain.from, source.access + source.offset);
        reach(chain.to, source.access + chain.length - source.offset);
    }
    for (auto& bucket : m_buckets) {
        // Grows while it is walked through.
        for (std::size_t i = 0; i < bucket.size(); ++i) {
            const auto [junction, walk] = bucket[i];
            if (walk != m_walks[junction]) {
                continue;
            }
            for (const auto& arc : m_network.arcs_of(junction)) {
                reach(arc.to, walk + arc.length);
            }
        }
        bucket.clear();
    }
}

Ms Search::at(const Position& position) const {
    const auto& chain = m_network.chains[position.chain];
    Ms walk = std::min(
        m_walks[chain.from] + position.offset, m_walks[chain.to] + chain.length - position.offset
    );
    const auto [begin, end] =
        std::equal_range(m_sources.begin(), m_sources.end(), position, by_chain);
    for (auto source = begin; source != end; ++source) {
        walk = std::min(walk, source->access + distance(source->offset, position.offset));
    }
    walk += position.access;
    return walk > m_limit ? unreachable : walk;
}

void Search::fill_chain(std::uint32_t c, Ms* inner) const {
    const auto& chain = m_network.chains[c];
    const auto count = m_network.chains[c + 1].first - chain.first;
    if (count == 0) {
        return;
    }
    const Ms* offset = m_network.offsets.data() + (chain.first - m_network.junctions);
    const Ms from = m_walks[chain.from], to = m_walks[chain.to] + chain.length, limit = m_limit;
    for (std::uint32_t i = 0; i < count; ++i) {
        const Ms walk = std::min(from + offset[i], to - offset[i]);
        inner[i] = walk > limit ? unreachable : walk;
    }
}

void Search::points(std::span<Ms> out) const {
    const auto inner = out.begin() + m_network.junctions;
    std::copy(m_walks.begin(), m_walks.end(), out.begin());
    // Few junctions reached: only their chains. Many: all chains in order.
    if (m_reached.size() * 8 < m_network.junctions) {
        std::fill(inner, out.end(), unreachable);
        each_reached_chain([&](std::uint32_t c) {
            fill_chain(c, &out[0] + m_network.chains[c].first);
        });
    } else {
        for (std::uint32_t c = 0; c < m_network.chain_count(); ++c) {
            fill_chain(c, &out[0] + m_network.chains[c].first);
        }
    }
    for (const auto& source : m_sources) {
        const auto first = m_network.chains[source.chain].first;
        for (auto p = first; p < m_network.chains[source.chain + 1].first; ++p) {
            const Ms walk =
                source.access + distance(source.offset, m_network.offsets[p - m_network.junctions]);
            if (walk <= m_limit) {
                out[p] = std::min(out[p], walk);
            }
        }
    }
}

}  // namespace linli::spatial
