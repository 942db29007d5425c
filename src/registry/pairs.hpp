// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Which of many persons may be the same, without comparing everybody with everybody: only those
/// who agree in one of several ways are compared.
#include "registry/likeness.hpp"

namespace linli::registry {

struct Pair {
    std::uint32_t a = 0, b = 0;  ///< places in the list; a < b
    Likeness like;
};

/// Pairs of at least `least` bits, the likeliest first.
std::vector<Pair> find_pairs(
    std::vector<Person>&, const Readings&, float least = likely, int threads = 2
);

}  // namespace linli::registry
