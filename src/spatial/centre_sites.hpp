// SPDX-License-Identifier: Apache-2.0
#pragma once
/// p-centre: the sites that make the farthest walk shortest.
#include "spatial/siting.hpp"

namespace linli::spatial {

struct CentreTask {
    Reach reach;  ///< of each site
    std::size_t demands = 0;
    std::vector<SiteState> state;  ///< of each site; empty: all are candidates
    std::size_t sites = 0;         ///< how many to build at most
};

struct CentreAnswer {
    std::vector<std::uint32_t> sites;
    Ms farthest = 0;                 ///< walk to the nearest site
    Ms bound = 0;                    ///< no choice is below: proven
    std::vector<std::uint32_t> who;  ///< the demands that walk so far
};

/// Throws `invalid`: columns_differ, nothing_to_choose, out_of_reach (a demand is in no site's
/// reach, or so many sites do not reach all).
CentreAnswer shortest_farthest(const CentreTask&, const Effort&);

}  // namespace linli::spatial
