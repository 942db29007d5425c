// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Cuts units that hang together into parts: a random tree over them loses one branch at a time.
#include <vector>

#include "spatial/dice.hpp"
#include "spatial/partition_exact.hpp"

namespace linli::spatial {

using Units = std::vector<std::uint32_t>;

/// Whether a weight can be so many parts, whatever rules.parts says.
inline bool fits(std::uint64_t weight, std::uint64_t parts, const PartRules& rules) {
    return weight >= parts * rules.low && weight <= parts * rules.high;
}

class Splitter {
 public:
    Splitter(const UnitGraph&, const PartRules&, std::uint64_t seed);
    /// Into `parts` contiguous groups; true if all of them are in range. `tries` trees a cut.
    bool split(Units units, std::uint64_t parts, int tries, std::vector<Units>& groups);
    Dice& dice() { return m_dice; }

 private:
    struct Step {
        std::uint32_t unit, parent;  ///< the parent's place in the order
    };
    struct Cut {
        std::size_t at = 0;  ///< place in the order; 0: none
        std::uint64_t parts = 0;
        std::uint64_t amiss = ~std::uint64_t{0};
        std::int64_t cost = 0;
    };
    bool halve(const Units&, std::uint64_t parts, int tries, Units& branch, std::uint64_t& cut);
    void grow(const Units&);
    void consider(std::uint64_t parts, Cut& best);
    Cut judge(std::size_t at, std::uint64_t parts) const;
    std::int64_t cost_of(std::size_t at);
    void mark_branch(std::size_t at);

    const UnitGraph& m_graph;
    const PartRules& m_rules;
    Dice m_dice;
    std::uint32_t m_stamp = 0;
    std::vector<std::uint32_t> m_mark;    ///< stamp of the set a unit is in
    std::vector<std::uint32_t> m_branch;  ///< and of the branch that may be cut off
    std::uint32_t m_branch_stamp = 0;
    std::vector<Step> m_order, m_strong, m_near, m_far;
    std::vector<std::uint64_t> m_sum;  ///< of each branch
    std::vector<bool> m_in;
};

}  // namespace linli::spatial
