// SPDX-License-Identifier: Apache-2.0
#include "spatial/search.hpp"

#include <algorithm>

namespace linli::spatial {

namespace {

// About 18 m of walking: junctions rarely improve each other within one bucket.
constexpr int bucket_bits = 14;

// What is waited for so many turns later is fetched early.
constexpr std::uint32_t ahead = 6;

// In the length of the first arc of a fan: there are more than four.
constexpr Ms more_arcs = Ms{1} << 31;
// In the junction an arc leads to: nothing else leads on from there.
constexpr std::uint32_t dead_end = std::uint32_t{1} << 31;

bool by_chain(const Position& a, const Position& b) {
    return a.chain < b.chain;
}

Ms distance(Ms a, Ms b) {
    return a < b ? b - a : a - b;
}

}  // namespace

Search::Search(const Network& network)
    : m_network(network),
      m_kernels(lane_kernels(widest())),
      m_inner(inner_chains(network, {})),
      m_fans(network.junctions),
      m_walks(network.junctions, unreachable),
      m_reached(network.junctions + std::size_t{1}) {
    const auto flagged = [&](Arc arc) {
        const auto from_there = network.arcs_of(arc.to);
        const bool ends = from_there.size() == 1 && from_there[0].to != arc.to;
        return Arc{arc.to | (ends ? dead_end : 0), arc.length};
    };
    for (std::uint32_t j = 0; j < network.junctions; ++j) {
        const auto arcs = network.arcs_of(j);
        for (std::size_t a = 0; a < 4; ++a) {
            m_fans[j].arcs[a] = a < arcs.size() ? flagged(arcs[a]) : Arc{j, 0};
        }
        m_fans[j].arcs[0].length |= arcs.size() > 4 ? more_arcs : 0;
    }
}

[[gnu::noinline]] void Search::Bucket::grow() {
    room = room * 2 + 64;
    auto more = std::make_unique<Waiting[]>(room);
    std::copy_n(items.get(), count, more.get());
    items = std::move(more);
}

void Search::run(std::span<const Position> sources, Ms limit) {
    for (const auto junction : reached()) {
        m_walks[junction] = unreachable;
    }
    m_limit = limit = std::min(limit, longest_walk);
    const Ms last = limit >> bucket_bits;
    if (m_buckets.size() < last + 2) {
        m_buckets.resize(last + 2);
    }
    Ms* const walks = m_walks.data();
    Bucket* const buckets = m_buckets.data();
    std::uint32_t* end = m_reached.data();
    // Without a branch that depends on the walk: which way is shorter cannot be foretold.
    const auto reach = [&](std::uint32_t to, Ms walk) __attribute__((always_inline)) {
        const auto junction = to & ~dead_end;
        const Ms known = walks[junction];
        const bool shorter = (walk < known) & (walk <= limit);
        auto& bucket = buckets[std::min(walk >> bucket_bits, last + 1)];
        if (bucket.count == bucket.room) [[unlikely]] {
            bucket.grow();
        }
        bucket.items[bucket.count] = {junction, walk};
        bucket.count += shorter & (to == junction);
        *end = junction;
        end += shorter & (known == unreachable);
        walks[junction] = shorter ? walk : known;
    };
    m_sources.assign(sources.begin(), sources.end());
    std::sort(m_sources.begin(), m_sources.end(), by_chain);
    for (const auto& source : m_sources) {
        const auto& chain = m_network.chains[source.chain];
        reach(chain.from, source.access + source.offset);
        reach(chain.to, source.access + chain.length - source.offset);
    }
    for (Ms b = 0; b <= last; ++b) {
        // Grows while it is walked through.
        for (std::uint32_t i = 0; i < buckets[b].count; ++i) {
            const auto [junction, walk] = buckets[b].items[i];
            const auto soon = std::min(i + ahead, buckets[b].count - 1);
            __builtin_prefetch(&m_fans[buckets[b].items[soon].junction]);
            if (walk != walks[junction]) {
                continue;
            }
            const auto& arcs = m_fans[junction].arcs;
            const Ms first = arcs[0].length;
            reach(arcs[0].to, walk + (first & ~more_arcs));
            reach(arcs[1].to, walk + arcs[1].length);
            reach(arcs[2].to, walk + arcs[2].length);
            reach(arcs[3].to, walk + arcs[3].length);
            if ((first & more_arcs) != 0) [[unlikely]] {
                for (const auto& arc : m_network.arcs_of(junction).subspan(4)) {
                    reach(arc.to, walk + arc.length);
                }
            }
        }
        buckets[b].count = 0;
    }
    m_reached_count = static_cast<std::size_t>(end - m_reached.data());
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
    // Few junctions reached: only their chains. Many: all chains in order.
    if (m_reached_count * 8 < m_network.junctions) {
        std::copy(m_walks.begin(), m_walks.end(), out.begin());
        std::fill(out.begin() + m_network.junctions, out.end(), unreachable);
        each_reached_chain([&](std::uint32_t c) {
            fill_chain(c, &out[0] + m_network.chains[c].first);
        });
    } else {
        m_kernels.fill_one(m_network, m_inner, m_walks.data(), m_limit, out.data());
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
