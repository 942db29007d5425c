// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The loops that work on many walks side by side, compiled for each width of vector registers and
/// chosen at run time. Nobody but LaneSearch and NearSearch needs them.
#include <algorithm>
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

/// Rows that hold walks of this run; the others hold nothing yet.
struct Touched {
    std::vector<std::uint64_t> words;  ///< a bit a place
    std::vector<Ms> nearest;           ///< of touched ones: the shortest walk of all lanes

    explicit Touched(std::size_t places) : words(places / 64 + 1), nearest(places) {}
    void clear() { std::fill(words.begin(), words.end(), 0); }
    bool holds(std::uint32_t place) const { return (words[place / 64] >> place % 64 & 1) != 0; }
    /// Whether it was not touched before.
    bool touch(std::uint32_t place, Ms walk) {
        const auto bit = std::uint64_t{1} << place % 64;
        const bool fresh = (words[place / 64] & bit) == 0;
        if (fresh) {
            words[place / 64] |= bit;
            nearest[place] = walk;
        } else {
            nearest[place] = std::min(nearest[place], walk);
        }
        return fresh;
    }
};

/// A chain with points between its junctions. `from` and `to` are their places in the hierarchy, or
/// their numbers where there is none.
struct InnerChain {
    std::uint32_t from, to;
    Ms length;
    std::uint32_t first, count;
};
struct InnerChains {
    /// With one point, two to four, or more; each list in order. They are filled in the order few,
    /// one, many.
    std::vector<InnerChain> one, few, many;
};
InnerChains inner_chains(const Network&, std::span<const std::uint32_t> place);

struct LaneKernels {
    using Rise = void(const Hierarchy&, LaneRow*, Touched&, Ms limit);
    using Fall = void(const Hierarchy&, LaneRow*, const Touched&);
    using Fill = void(
        const Network&, const InnerChains&, const LaneRow*, Ms limit, std::span<Ms* const> columns
    );
    using FillOne = void(const Network&, const InnerChains&, const Ms* walks, Ms limit, Ms* column);
    Rise* rise;  ///< from rows that are touched upwards, as far as the limit
    Fall* fall;  ///< from the top down into every row
    Fill* fill;  ///< walks of all street points, a column a lane, `unreachable` beyond the limit
    FillOne* fill_one;  ///< the same of one kind, from the walks of all junctions by number
};
const LaneKernels& lane_kernels(Width);

}  // namespace linli::spatial
