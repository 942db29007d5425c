// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Set covering: the fewest or cheapest sites so that all are covered, or a share of all.
#include "spatial/cover_sites.hpp"

namespace linli::spatial {

struct CoverAllAnswer {
    CoverAnswer plan;               ///< its bound is what is wanted
    std::int64_t cost = 0;          ///< of the sites to be built
    std::int64_t bound = 0;         ///< nobody gets by with less: proven
    std::int64_t wanted = 0;        ///< value to be covered
    std::int64_t out_of_reach = 0;  ///< value that no site reaches, existing ones included
    double gap() const {
        return cost > 0 ? static_cast<double>(cost - bound) / static_cast<double>(cost) : 0;
    }
};

/// `share` of what any site reaches; the task's budget means nothing. Throws `invalid` as
/// most_covered does, and share_malformed.
CoverAllAnswer cover_share(const CoverTask&, double share, const Effort&);

}  // namespace linli::spatial
