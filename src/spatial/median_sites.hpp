// SPDX-License-Identifier: Apache-2.0
#pragma once
/// p-median: the sites that make the walks of all shortest in sum.
#include "spatial/siting.hpp"

namespace linli::spatial {

struct MedianTask {
    Reach reach;                      ///< of each site
    std::vector<std::int64_t> value;  ///< of each demand: its walk counts so often
    std::vector<SiteState> state;     ///< of each site; empty: all are candidates
    Ms beyond = longest_walk;         ///< counts as the walk of whom no site reaches
    std::size_t sites = 0;            ///< how many to build at most
};

struct MedianAnswer {
    std::vector<std::uint32_t> sites;  ///< to be built, the one that saves most first
    std::vector<std::int64_t> saves;   ///< what each takes off the sum of those before it
    std::int64_t before = 0;           ///< sum of value x walk with the existing sites
    std::int64_t total = 0;            ///< with the new ones
    std::int64_t bound = 0;            ///< nobody can get below: proven
    bool stopped = false;
    double gap() const {
        return total > 0 ? static_cast<double>(total - bound) / static_cast<double>(total) : 0;
    }
};

/// Throws `invalid`: columns_differ, nothing_to_choose.
MedianAnswer shortest_walks(const MedianTask&, const Effort&);

}  // namespace linli::spatial
