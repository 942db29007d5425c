// SPDX-License-Identifier: Apache-2.0
#include "spatial/near.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace linli::spatial {

namespace {

Ms distance(Ms a, Ms b) {
    return a < b ? b - a : a - b;
}

/// Keeps a list ascending, a place in it once.
void insert(std::span<Near> list, Near one) {
    const auto before = [](const Near& a, const Near& b) {
        return std::pair(a.walk, a.source) < std::pair(b.walk, b.source);
    };
    const auto source = one.source;
    for (auto& place : list) {
        const bool same = place.source == source;
        if (before(one, place)) {
            std::swap(one, place);
        }
        if (same) {
            return;
        }
    }
}

}  // namespace

NearSearch::NearSearch(const Network& network, std::size_t k, Width width)
    : m_network(network),
      m_k(k),
      m_narrow{near_kernels<std::uint32_t>(width, k), {}},
      m_wide{near_kernels<std::int64_t>(width, k), {}},
      m_touched(network.junctions) {
    assert(network.hierarchy.place.size() == network.junctions);  // add_hierarchy was forgotten
    assert(k >= 1 && k <= most_near);
}

template <class Key>
void NearSearch::take(Side<Key>& side, std::uint32_t junction, std::size_t lane, Near one) {
    if (one.walk >= m_shape.beyond) {
        return;
    }
    const auto place = m_network.hierarchy.place[junction];
    Key* row = side.rows.data() + place * m_k * lanes;
    if (m_touched.touch(place, one.walk)) {
        std::fill_n(row, m_k * lanes, none_of<Key>(m_shape));
    }
    std::array<Near, most_near> list;
    for (std::size_t i = 0; i < m_k; ++i) {
        list[i] = near_of(row[i * lanes + lane], m_shape);
    }
    insert({list.data(), m_k}, one);
    for (std::size_t i = 0; i < m_k; ++i) {
        const bool none = list[i].walk == unreachable;
        row[i * lanes + lane] =
            none ? none_of<Key>(m_shape)
                 : static_cast<Key>((Key{list[i].walk} << m_shape.bits) + list[i].source);
    }
}

template <class Key>
void NearSearch::run_with(Side<Key>& side) {
    side.rows.resize(std::size_t{m_network.junctions} * m_k * lanes);
    for (const auto& [source, lane, number] : m_sources) {
        const auto& chain = m_network.chains[source.chain];
        take(side, chain.from, lane, {source.access + source.offset, number});
        take(side, chain.to, lane, {source.access + chain.length - source.offset, number});
    }
    side.kernels.rise(m_network.hierarchy, side.rows.data(), m_touched, m_shape);
    side.kernels.fall(m_network.hierarchy, side.rows.data(), m_touched, m_shape);
}

void NearSearch::run(std::span<const std::vector<Position>> kinds, Ms limit) {
    assert(kinds.size() <= lanes);
    m_limit = std::min(limit, longest_walk);
    m_sources.clear();
    m_touched.clear();
    std::size_t most = 0;
    for (std::size_t lane = 0; lane < kinds.size(); ++lane) {
        most = std::max(most, kinds[lane].size());
        for (std::uint32_t i = 0; i < kinds[lane].size(); ++i) {
            if (kinds[lane][i].access <= m_limit) {
                m_sources.push_back({kinds[lane][i], lane, i});
            }
        }
    }
    std::sort(m_sources.begin(), m_sources.end(), [](const auto& a, const auto& b) {
        return a.position.chain < b.position.chain;
    });
    const auto bits = static_cast<std::uint32_t>(std::bit_width(most + 1));
    // Twice a walk must fit above the number, and a bit is kept.
    m_fits = bits + static_cast<std::uint32_t>(std::bit_width(m_limit + 1)) + 1 <= 31;
    m_shape = {m_fits ? bits : 32, m_limit + 1, kinds.size()};
    m_fits ? run_with(m_narrow) : run_with(m_wide);
}

void NearSearch::list_at(std::uint32_t junction, std::size_t lane, std::span<Near> out) const {
    const auto first = m_network.hierarchy.place[junction] * m_k * lanes + lane;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto at = first + i * lanes;
        out[i] = m_fits ? near_of(m_narrow.rows[at], m_shape) : near_of(m_wide.rows[at], m_shape);
    }
}

template <class Work>
void NearSearch::sources_on(std::uint32_t chain, const Work& work) const {
    auto source = std::lower_bound(
        m_sources.begin(), m_sources.end(), chain,
        [](const Source& a, std::uint32_t wanted) { return a.position.chain < wanted; }
    );
    for (; source != m_sources.end() && source->position.chain == chain; ++source) {
        work(*source);
    }
}

void NearSearch::at(std::size_t lane, const Position& position, std::span<Near> out) const {
    std::fill(out.begin(), out.end(), Near{});
    const auto& chain = m_network.chains[position.chain];
    const auto take_from = [&](std::uint32_t junction, Ms further) {
        std::array<Near, most_near> list;
        list_at(junction, lane, {list.data(), m_k});
        for (std::size_t i = 0; i < m_k && list[i].walk != unreachable; ++i) {
            insert(out, {list[i].walk + further, list[i].source});
        }
    };
    take_from(chain.from, position.offset);
    take_from(chain.to, chain.length - position.offset);
    sources_on(position.chain, [&](const Source& source) {
        if (source.lane == lane) {
            const auto walk =
                source.position.access + distance(source.position.offset, position.offset);
            insert(out, {walk, source.number});
        }
    });
    for (auto& one : out) {
        one.walk += one.walk == unreachable ? 0 : position.access;
        one = one.walk > m_limit ? Near{} : one;
    }
}

void NearSearch::points(std::span<Near* const> columns) const {
    if (m_fits) {
        m_narrow.kernels.fill(m_network, m_narrow.rows.data(), m_shape, columns);
    } else {
        m_wide.kernels.fill(m_network, m_wide.rows.data(), m_shape, columns);
    }
    for (const auto& [source, lane, number] : m_sources) {
        const auto end = lane < columns.size() ? m_network.chains[source.chain + 1].first : 0;
        for (auto p = m_network.chains[source.chain].first; p < end; ++p) {
            const Ms walk =
                source.access + distance(source.offset, m_network.offsets[p - m_network.junctions]);
            if (walk <= m_limit) {
                insert({columns[lane] + p * m_k, m_k}, {walk, number});
            }
        }
    }
}

}  // namespace linli::spatial
