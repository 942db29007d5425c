// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Inside of the p-median: candidates alone; what existing sites do is in `beyond`.
#include "spatial/median_sites.hpp"

namespace linli::spatial {

struct MedianCore {
    Reach of_site;    ///< demands nearer to the site than their `beyond`
    Reach of_demand;  ///< sites, the nearest first
    std::vector<std::int64_t> value, beyond;
    std::vector<std::uint32_t> site;  ///< number of each in the task
    std::size_t choose = 0;
    std::size_t demands() const { return value.size(); }
};

MedianCore median_core(const MedianTask&);
/// Only the sites for which `keep` is true.
MedianCore kept(const MedianCore&, const std::vector<bool>& keep);

struct MedianChoice {
    std::vector<std::uint32_t> sites;  ///< of the core
    std::int64_t total = INT64_MAX;
};
std::int64_t total_of(const MedianCore&, std::span<const std::uint32_t> sites);

/// A Lagrangean bound: each demand offers a price; a site earns what offers exceed walks.
struct Offers {
    std::vector<double> offer;
    double bound = -1e300;
    std::vector<double> earns;  ///< of each site, at these offers
    MedianChoice best;
};
Offers raise_offers(const MedianCore&, Offers start, Meter&, double share);
/// Sites that may still belong to something better than `total`.
std::vector<bool> worth_a_look(const MedianCore&, const Offers&, std::int64_t total);

/// Swaps until none helps, then random ones and again, until `enough` is reached or the `until`
/// part of the work is used up.
MedianChoice swap_medians(
    const MedianCore&, const MedianChoice& start, std::int64_t enough, std::uint64_t seed, Meter&,
    double until
);

}  // namespace linli::spatial
