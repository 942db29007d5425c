// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A register whose duplicates are known: families with names as they are borne, of whom some are
/// entered once more with the mistakes that are made (testing.cpp says how often).
#include <filesystem>

#include "registry/pairs.hpp"

namespace linli::registry::testing {

struct Gold {
    std::vector<Person> people;
    std::vector<std::pair<std::uint32_t, std::uint32_t>>
        same;  ///< places in the list; first < second
};
/// `catalogue`: the folder with demo/people.csv. The same seed makes the same register.
Gold make_gold(
    const std::filesystem::path& catalogue, const Readings&, int persons, std::uint64_t seed
);

struct Quality {
    std::int64_t right = 0, wrong = 0, missed = 0;
    double precision() const;
    double recall() const;
};
Quality judge(const Gold&, const std::vector<Pair>&);

}  // namespace linli::registry::testing
