// SPDX-License-Identifier: Apache-2.0
#include "spatial/lanes.hpp"

#include <algorithm>
#include <cassert>

namespace linli::spatial {

namespace {

Ms distance(Ms a, Ms b) {
    return a < b ? b - a : a - b;
}

}  // namespace

LaneSearch::LaneSearch(const Network& network, Width width)
    : m_network(network),
      m_kernels(lane_kernels(width)),
      m_inner(inner_chains(network, network.hierarchy.place)),
      m_rows(network.junctions),
      m_touched(network.junctions) {
    assert(network.hierarchy.place.size() == network.junctions);  // add_hierarchy was forgotten
}

const LaneRow& LaneSearch::row(std::uint32_t junction) const {
    return m_rows[m_network.hierarchy.place[junction]];
}

void LaneSearch::reach(std::uint32_t junction, std::size_t lane, Ms walk) {
    const auto place = m_network.hierarchy.place[junction];
    auto& row = m_rows[place].walk;
    if (m_touched.touch(place, walk)) {
        row.fill(unreachable);
    }
    row[lane] = std::min(row[lane], walk);
}

void LaneSearch::run(std::span<const std::vector<Position>> kinds, Ms limit) {
    assert(kinds.size() <= lanes);
    m_limit = std::min(limit, longest_walk);
    m_sources.clear();
    m_touched.clear();
    for (std::size_t lane = 0; lane < kinds.size(); ++lane) {
        for (const auto& source : kinds[lane]) {
            if (source.access > m_limit) {
                continue;
            }
            const auto& chain = m_network.chains[source.chain];
            reach(chain.from, lane, source.access + source.offset);
            reach(chain.to, lane, source.access + chain.length - source.offset);
            m_sources.push_back({source, lane});
        }
    }
    std::sort(m_sources.begin(), m_sources.end(), [](const auto& a, const auto& b) {
        return a.position.chain < b.position.chain;
    });
    m_kernels.rise(m_network.hierarchy, m_rows.data(), m_touched, m_limit);
    m_kernels.fall(m_network.hierarchy, m_rows.data(), m_touched);
}

Ms LaneSearch::at(std::size_t lane, const Position& position) const {
    const auto& chain = m_network.chains[position.chain];
    Ms walk = std::min(
        row(chain.from).walk[lane] + position.offset,
        row(chain.to).walk[lane] + chain.length - position.offset
    );
    auto source = std::lower_bound(
        m_sources.begin(), m_sources.end(), position.chain,
        [](const Source& a, std::uint32_t wanted) { return a.position.chain < wanted; }
    );
    for (; source != m_sources.end() && source->position.chain == position.chain; ++source) {
        if (source->lane == lane) {
            walk = std::min(
                walk, source->position.access + distance(source->position.offset, position.offset)
            );
        }
    }
    walk += position.access;
    return walk > m_limit ? unreachable : walk;
}

void LaneSearch::points(std::span<Ms* const> columns) const {
    m_kernels.fill(m_network, m_inner, m_rows.data(), m_limit, columns);
    for (const auto& [source, lane] : m_sources) {
        const auto end = lane < columns.size() ? m_network.chains[source.chain + 1].first : 0;
        for (auto p = m_network.chains[source.chain].first; p < end; ++p) {
            const Ms walk =
                source.access + distance(source.offset, m_network.offsets[p - m_network.junctions]);
            if (walk <= m_limit) {
                columns[lane][p] = std::min(columns[lane][p], walk);
            }
        }
    }
}

}  // namespace linli::spatial
