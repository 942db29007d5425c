// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What one facility more, moved or gone would change in a circle, while a hand drags it over the
/// map: only dwellings within the limit of it are looked at.
#include <span>
#include <vector>

#include "spatial/circles.hpp"

namespace linli::spatial {

/// What would be.
struct Effect {
    std::vector<std::uint64_t> covered;       ///< areas x columns, as in Shares
    std::vector<std::uint32_t> gained, lost;  ///< dwellings
};

/// Working memory of one thread; keep it as long as its network, areas and dwellings.
class WhatIf {
 public:
    /// Refuses what `cover` refuses, except that no facility needs to be there yet.
    WhatIf(
        const Network&, const AreaTree&, const Dwellings&, std::span<const Facility>, const Circle&,
        int weekday = 0
    );
    /// As things are.
    const Shares& shares() const { return m_shares; }
    /// Throws `invalid` (not_of_the_circle) unless the circle needs its kind.
    Effect added(const Facility&);
    /// By number in the list that was given.
    Effect moved(std::size_t facility, const Position& to);
    Effect removed(std::size_t facility);

 private:
    std::size_t slot_of(std::uint16_t kind) const;
    bool open(const Facility&) const;
    template <class Work>
    void each_within(const Position&, const Work&);
    bool covered(std::uint32_t dwelling) const;
    void note(const Position&, int change);
    Effect effect(std::size_t slot);
    void add(std::vector<std::uint64_t>& covered, std::uint32_t dwelling, bool gained) const;

    const Network& m_network;
    const AreaTree& m_areas;
    const Dwellings& m_dwellings;
    std::vector<Facility> m_facilities;
    Circle m_circle;
    int m_weekday;
    Search m_search;
    std::vector<std::uint32_t> m_begin, m_on_chain;  ///< dwellings of each chain
    /// How many open facilities each dwelling has within its limit, slot by slot: one slot, or one
    /// a kind if every kind is needed.
    std::vector<std::vector<std::uint32_t>> m_counts;
    Shares m_shares;
    std::vector<std::int8_t> m_change;  ///< of the one count that is in question
    std::vector<std::uint32_t> m_noted;
};

}  // namespace linli::spatial
