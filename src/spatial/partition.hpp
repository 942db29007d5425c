// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Divides a graph of street units into contiguous parts whose weights lie in a range: trees that
/// are cut for a start, mending where a part is out of range, then exchange between neighbours for
/// shorter borders. Small graphs that withstand all this are searched to the end.
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace linli::spatial {

struct UnitLink {
    std::uint32_t to = 0;
    /// What a border here costs; below nought where borders are welcome: a main road or a river;
    /// from `strong_link` on what should stay together.
    std::int32_t cost = 1;
};

constexpr std::int32_t strong_link = 16;

struct UnitGraph {
    std::vector<std::uint32_t> weight;       ///< households of each unit
    std::vector<std::uint32_t> begin = {0};  ///< of its links; one more than units
    std::vector<UnitLink> links;             ///< each in both directions

    std::size_t size() const { return weight.size(); }
    std::span<const UnitLink> of(std::uint32_t unit) const {
        return {links.data() + begin[unit], links.data() + begin[unit + 1]};
    }
};
struct UnitPair {
    std::uint32_t a = 0, b = 0;
    std::int32_t cost = 1;
};
/// Pairs named twice are added up.
UnitGraph graph_of(std::vector<std::uint32_t> weight, std::vector<UnitPair> pairs);
/// The graph of some of the units, numbered as they stand in the list.
UnitGraph part_of(const UnitGraph&, std::span<const std::uint32_t> units);

struct PartRules {
    std::uint32_t low = 300, high = 500;
    std::uint32_t target = 400;    ///< there are about total / target parts
    std::uint32_t parts = 0;       ///< exactly so many; 0: as the range allows
    std::int32_t change_cost = 0;  ///< of a household that leaves its present part
    std::uint64_t seed = 1;
    std::size_t compare_up_to = 120;  ///< units; above that the first balanced cut will do
    std::uint64_t search = 400'000;   ///< steps of the search to the end, for at most 64 units
};

enum class PartTrouble : std::uint8_t {
    too_few,         ///< all together have less than one part needs
    no_number_fits,  ///< too many for n parts and too few for n + 1
    unit_too_large,  ///< a single unit is above the range
    proven,          ///< no way of cutting gives it: all were tried
    not_found
};
constexpr auto names(PartTrouble) {
    return std::array{"too_few", "no_number_fits", "unit_too_large", "proven", "not_found"};
}

/// Units that hang together and cannot be divided so that all parts are in range.
struct Undivided {
    PartTrouble why = PartTrouble::not_found;
    std::uint32_t unit = 0;  ///< one of them; of unit_too_large the large one
    std::uint64_t weight = 0;
};

struct Parts {
    std::vector<std::uint32_t> part;  ///< of each unit
    std::vector<std::uint64_t> weight;
    std::vector<Undivided> undivided;  ///< none: every part is in range
};

/// Every part is contiguous, also where not all are in range. `present`: the part of each unit
/// today, or nothing. O(units log parts) and what mending takes.
Parts divide(const UnitGraph&, const PartRules&, std::span<const std::uint32_t> present = {});

/// Cost of all borders; what remains of a division once there is a range to keep.
std::int64_t border_cost(const UnitGraph&, std::span<const std::uint32_t> part);
/// Weight of the units that leave their part: each new part goes on from the present one with which
/// it shares most, each present one goes on once.
std::uint64_t changed_weight(
    const UnitGraph&, std::span<const std::uint32_t> part, std::span<const std::uint32_t> present
);
/// The present part that each part goes on from; 0xffffffff for a new one.
std::vector<std::uint32_t> heirs_of(
    const UnitGraph&, std::span<const std::uint32_t> part, std::span<const std::uint32_t> present
);

bool contiguous(const UnitGraph&, std::span<const std::uint32_t> part);

}  // namespace linli::spatial
