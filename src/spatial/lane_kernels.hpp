// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The loops that work on many walks side by side, compiled for each width of vector registers and
/// chosen at run time. Nobody but LaneSearch and NearSearch needs them.
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "spatial/network.hpp"
#include "spatial/vectors.hpp"

namespace linli::spatial {

constexpr std::size_t lanes = 16;
/// Of one place of the hierarchy: its walk in each lane, one line of cache.
struct alignas(64) LaneRow {
    std::array<Ms, lanes> walk;
};

/// Rows that hold walks of this run, a bit a place; the others hold nothing yet.
using Touched = std::vector<std::uint64_t>;
inline bool holds(const Touched& touched, std::uint32_t place) {
    return (touched[place / 64] >> place % 64 & 1) != 0;
}
/// Whether it was not touched before.
inline bool touch(Touched& touched, std::uint32_t place) {
    const auto bit = std::uint64_t{1} << place % 64;
    const bool fresh = (touched[place / 64] & bit) == 0;
    if (fresh) {
        touched[place / 64] |= bit;
    }
    return fresh;
}

/// A chain with points between its junctions. `from` and `to` are their places in the hierarchy, or
/// their numbers where there is none.
struct InnerChain {
    std::uint32_t from, to;
    Ms length;
    std::uint32_t first, count;
};
struct InnerChains {
    std::vector<InnerChain> few, many;  ///< one to four points, or more; each in order
};
InnerChains inner_chains(const Network&, std::span<const std::uint32_t> place);

struct LaneKernels {
    using Rise = void(const Hierarchy&, LaneRow*, Touched&);
    using Fall = void(const Hierarchy&, LaneRow*, const Touched&);
    using Fill = void(
        const Network&, const InnerChains&, const LaneRow*, Ms limit, std::span<Ms* const> columns
    );
    using FillOne = void(const Network&, const InnerChains&, const Ms* walks, Ms limit, Ms* column);
    Rise* rise;  ///< from rows that are touched upwards
    Fall* fall;  ///< from the top down into every row
    Fill* fill;  ///< walks of all street points, a column a lane, `unreachable` beyond the limit
    FillOne* fill_one;  ///< the same of one kind, from the walks of all junctions by number
};
const LaneKernels& lane_kernels(Width);

}  // namespace linli::spatial
