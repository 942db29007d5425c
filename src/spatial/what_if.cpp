// SPDX-License-Identifier: Apache-2.0
#include "spatial/what_if.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "base/error.hpp"

namespace linli::spatial {

WhatIf::WhatIf(
    const Network& network, const AreaTree& areas, const Dwellings& dwellings,
    std::span<const Facility> facilities, const Circle& circle, int weekday
)
    : m_network(network),
      m_areas(areas),
      m_dwellings(dwellings),
      m_facilities(facilities.begin(), facilities.end()),
      m_circle(circle),
      m_weekday(weekday),
      m_search(network),
      m_begin(network.chain_count() + 1),
      m_on_chain(dwellings.size()),
      m_change(dwellings.size()) {
    check_circle(network, areas, dwellings, circle, weekday);
    for (const auto& place : dwellings.positions) {
        ++m_begin[place.chain + 1];
    }
    std::partial_sum(m_begin.begin(), m_begin.end(), m_begin.begin());
    auto next = m_begin;
    for (std::uint32_t d = 0; d < dwellings.size(); ++d) {
        m_on_chain[next[dwellings.positions[d].chain]++] = d;
    }
    m_counts.assign(
        circle.every_kind ? circle.kinds.size() : 1, std::vector<std::uint32_t>(dwellings.size())
    );
    for (const auto& one : m_facilities) {
        const auto slot = slot_of(one.kind);
        if (slot < m_counts.size() && open(one)) {
            each_within(one.position, [&](std::uint32_t d) { ++m_counts[slot][d]; });
        }
    }
    std::vector<bool> inside(dwellings.size());
    for (std::uint32_t d = 0; d < dwellings.size(); ++d) {
        inside[d] = covered(d);
    }
    m_shares = add_up(areas, dwellings, circle, inside);
}

/// None of the counts if the circle does not ask for the kind.
std::size_t WhatIf::slot_of(std::uint16_t kind) const {
    const auto found = std::find(m_circle.kinds.begin(), m_circle.kinds.end(), kind);
    if (found == m_circle.kinds.end()) {
        return m_counts.size();
    }
    return m_circle.every_kind ? static_cast<std::size_t>(found - m_circle.kinds.begin()) : 0;
}

bool WhatIf::open(const Facility& facility) const {
    return (facility.days >> m_weekday & 1) != 0;
}

template <class Work>
void WhatIf::each_within(const Position& place, const Work& work) {
    m_search.run({&place, 1}, *std::max_element(m_circle.limit.begin(), m_circle.limit.end()));
    m_search.each_reached_chain([&](std::uint32_t chain) {
        for (auto i = m_begin[chain]; i < m_begin[chain + 1]; ++i) {
            const auto d = m_on_chain[i];
            const auto limit = m_circle.limit[static_cast<std::size_t>(m_dwellings.area_class[d])];
            if (limit > 0 && m_search.at(m_dwellings.positions[d]) <= limit) {
                work(d);
            }
        }
    });
}

bool WhatIf::covered(std::uint32_t dwelling) const {
    return std::all_of(m_counts.begin(), m_counts.end(), [&](const auto& count) {
        return count[dwelling] > 0;
    });
}

void WhatIf::note(const Position& place, int change) {
    each_within(place, [&](std::uint32_t d) {
        m_noted.push_back(d);
        m_change[d] = static_cast<std::int8_t>(m_change[d] + change);
    });
}

void WhatIf::add(std::vector<std::uint64_t>& covered, std::uint32_t dwelling, bool gained) const {
    for (auto area = m_dwellings.area[dwelling];; area = m_areas.parent[area]) {
        for (std::size_t c = 0; c < m_shares.columns; ++c) {
            const std::uint64_t weight = c == 0 ? 1 : m_dwellings.weights[c - 1][dwelling];
            covered[area * m_shares.columns + c] += gained ? weight : -weight;
        }
        if (m_areas.parent[area] == area) {
            return;
        }
    }
}

/// Of what was noted for one count; forgets it.
Effect WhatIf::effect(std::size_t slot) {
    Effect out;
    out.covered = m_shares.covered;
    for (const auto d : m_noted) {
        const int change = m_change[d];
        m_change[d] = 0;  // noted twice: counts once
        auto& count = m_counts[slot][d];
        const bool before = covered(d);
        count += static_cast<std::uint32_t>(change);
        const bool after = covered(d);
        count -= static_cast<std::uint32_t>(change);
        if (before != after) {
            (after ? out.gained : out.lost).push_back(d);
            add(out.covered, d, after);
        }
    }
    m_noted.clear();
    return out;
}

Effect WhatIf::added(const Facility& facility) {
    const auto slot = slot_of(facility.kind);
    if (slot >= m_counts.size()) {
        throw invalid(m_circle.name, "not_of_the_circle", "the circle does not need that kind");
    }
    if (open(facility)) {
        note(facility.position, 1);
    }
    return effect(slot);
}

Effect WhatIf::moved(std::size_t facility, const Position& to) {
    assert(facility < m_facilities.size());
    const auto& one = m_facilities[facility];
    const auto slot = slot_of(one.kind);
    if (slot >= m_counts.size() || !open(one)) {
        return effect(0);
    }
    note(one.position, -1);
    note(to, 1);
    return effect(slot);
}

Effect WhatIf::removed(std::size_t facility) {
    assert(facility < m_facilities.size());
    const auto& one = m_facilities[facility];
    const auto slot = slot_of(one.kind);
    if (slot >= m_counts.size() || !open(one)) {
        return effect(0);
    }
    note(one.position, -1);
    return effect(slot);
}

}  // namespace linli::spatial
