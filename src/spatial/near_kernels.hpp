// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The loops of NearSearch. A walk and the number of the place it leads to are one key: the walk in
/// the high bits, so that keys sort by walk and then by number.
#include <span>

#include "spatial/lane_kernels.hpp"
#include "spatial/network.hpp"

namespace linli::spatial {

constexpr std::size_t most_near = 5;

/// One of the places near a point.
struct Near {
    Ms walk = unreachable;
    std::uint32_t source = 0xffffffff;
    bool operator==(const Near&) const = default;
};

/// How keys are made; walks of `beyond` and more are none.
struct KeyShape {
    std::uint32_t bits = 0;  ///< of the number; all set: no place
    Ms beyond = 0;
    std::size_t lanes_used = lanes;
};
template <class Key>
constexpr Key numbers_of(KeyShape shape) {
    return static_cast<Key>((Key{1} << shape.bits) - 1);
}
template <class Key>
constexpr Key none_of(KeyShape shape) {
    return static_cast<Key>((Key{shape.beyond} << shape.bits) + numbers_of<Key>(shape));
}
template <class Key>
constexpr Near near_of(Key key, KeyShape shape) {
    const auto walk = static_cast<Ms>(key >> shape.bits);
    return walk >= shape.beyond
               ? Near{}
               : Near{walk, static_cast<std::uint32_t>(key & numbers_of<Key>(shape))};
}

/// A row of a place in the hierarchy: k vectors of `lanes` keys each, the nearest first.
template <class Key>
struct NearKernels {
    void (*rise)(const Hierarchy&, Key* rows, Touched&, KeyShape);
    void (*fall)(const Hierarchy&, Key* rows, const Touched&, KeyShape);
    /// A column a lane, k entries a point.
    using Fill = void(const Network&, const Key* rows, KeyShape, std::span<Near* const> columns);
    Fill* fill;
};
/// Key is uint32 or int64; k is 1 to most_near.
template <class Key>
NearKernels<Key> near_kernels(Width, std::size_t k);

}  // namespace linli::spatial
