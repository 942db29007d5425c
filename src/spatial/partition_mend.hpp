// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A division that is bettered step by step: parts out of range are mended with their neighbours,
/// then borders are smoothed. Parts always hang together, and what is in range stays in range.
#include "spatial/partition_split.hpp"

namespace linli::spatial {

class Mender {
 public:
    Mender(
        const UnitGraph&, const PartRules&, std::span<const std::uint32_t> present,
        std::vector<Units> groups, std::uint64_t seed
    );
    void mend();
    void smooth();
    std::size_t bad() const;    ///< parts out of range
    std::int64_t cost() const;  ///< of the borders and of changes
    const std::vector<std::uint32_t>& part() const { return m_part; }

 private:
    bool good(std::uint64_t weight) const {
        return weight >= m_rules.low && weight <= m_rules.high;
    }
    bool shift_one(std::uint32_t part);
    bool regroup(std::uint32_t part, std::size_t neighbours, int tries);
    std::vector<std::uint32_t> around(std::uint32_t part, std::size_t neighbours);
    void replace(const std::vector<std::uint32_t>& parts, std::vector<Units> groups);
    bool smooth_unit(std::uint32_t unit);
    bool smooth_pair(std::uint32_t a, std::uint32_t b);
    bool may_leave(std::uint32_t unit);
    void move(std::uint32_t unit, std::uint32_t to);
    std::int64_t move_gain(std::uint32_t unit, std::uint32_t to) const;
    std::int64_t change_of(std::uint32_t unit, std::uint32_t part) const;
    std::int64_t cost_of(const std::vector<std::uint32_t>& parts) const;
    void find_heirs();

    const UnitGraph& m_graph;
    const PartRules& m_rules;
    std::span<const std::uint32_t> m_present;
    Splitter m_splitter;
    std::vector<std::uint32_t> m_part, m_place, m_heir;
    std::vector<Units> m_members;
    std::vector<std::uint64_t> m_weight;
    std::vector<std::uint32_t> m_seen;
    std::uint32_t m_stamp = 0;
    Units m_queue;
};

}  // namespace linli::spatial
