// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Looks through all divisions of a small graph, the heaviest prunings first.
#include "spatial/partition.hpp"

namespace linli::spatial {

constexpr std::size_t most_exact_units = 64;
enum class Exact : std::uint8_t { found, none, gave_up };

/// The graph hangs together and has at most 64 units; `part` gets the division that was found.
Exact divide_exactly(
    const UnitGraph&, const PartRules&, std::uint64_t steps, std::vector<std::uint32_t>& part
);

/// Whether so much can be n parts in range for some n; the least and the most such n.
struct PartCount {
    std::uint64_t least = 1, most = 0;
    bool any() const { return least <= most; }
};
PartCount count_for(std::uint64_t weight, const PartRules&);

}  // namespace linli::spatial
