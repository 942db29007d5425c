// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Inside of maximal covering: what is left of a task to think about.
#include "spatial/cover_sites.hpp"

namespace linli::spatial {

enum class Fate : std::uint8_t { open, taken, dropped };

/// Sites that no other can replace at no greater cost; demands merged if the same sites serve them.
struct CoverCore {
    Rows demands_of, sites_of;
    std::vector<std::int64_t> value, cost;
    std::vector<double> price;         ///< what each demand pays a site at most, as known so far
    std::vector<std::uint32_t> site;   ///< number of each in the task
    std::vector<std::uint32_t> taken;  ///< sites that belong to every better answer, as in the task
    std::int64_t base = 0;             ///< covered already
    std::int64_t budget = 0;           ///< what is left of it
    std::int64_t even_cost = 0;        ///< of each site if all cost the same, else 0
};

CoverCore core_of(const CoverTask&);
/// The same without sites that are dropped and demands that are served by those taken.
CoverCore reduced(const CoverCore&, std::span<const Fate>);

/// A choice of core sites and what it covers with the base.
struct Choice {
    std::vector<std::uint32_t> sites;
    std::int64_t covered = -1;
};
std::int64_t covered_by(const CoverCore&, std::span<const std::uint32_t> sites);

/// A Lagrangean bound: each demand pays a price to the sites that serve it.
struct Prices {
    std::vector<double> price;
    double bound = 0;  ///< no choice covers more
    Choice best;       ///< the best that was met on the way
};
/// Goes on from the prices of the core. `meter` may use `share` of its work; ends early if `goal`
/// is out of reach or found.
Prices price_demands(const CoverCore&, Choice known, std::int64_t goal, Meter&, double share);
/// The least budget that these prices do not rule out for covering `wanted`.
std::int64_t least_budget(const CoverCore&, const Prices&, std::int64_t wanted);
/// What is sure for every choice that covers more than `known`.
std::vector<Fate> fates(const CoverCore&, const Prices&, std::int64_t known);

/// The `count` sites that these prices pay best: where it is worth to search first.
CoverCore best_paid(const CoverCore&, const Prices&, std::size_t count);

/// Swaps, worse ones now and then (simulated annealing), until `enough` is covered or the
/// `until` part of the work is used up.
Choice swap_sites(
    const CoverCore&, Choice start, std::int64_t enough, std::uint64_t seed, Meter&, double until
);

}  // namespace linli::spatial
