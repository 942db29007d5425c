// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Maximal covering: the sites that give most people what they need within a walk, and the proof
/// how much better any other choice could be.
#include "spatial/siting.hpp"

namespace linli::spatial {

struct CoverTask {
    Rows reach;                       ///< of each site: the demands within the limit, ascending
    std::vector<std::int64_t> value;  ///< of each demand
    std::vector<SiteState> state;     ///< of each site; empty: all are candidates
    std::vector<std::int64_t> cost;   ///< of each site; empty: each costs 1
    std::int64_t budget = 0;          ///< for candidates; existing sites cost nothing
};

struct CoverAnswer {
    std::vector<std::uint32_t> sites;  ///< to be built, the one that adds most first
    std::vector<std::int64_t> adds;    ///< what each adds to those before it
    std::vector<std::int64_t> alone;   ///< what would be lost without it
    std::int64_t before = 0;           ///< covered by existing sites
    std::int64_t covered = 0;          ///< with the new ones
    std::int64_t bound = 0;            ///< nobody can cover more: proven
    std::int64_t spent = 0;
    bool stopped = false;
    double gap() const {
        return bound > 0 ? static_cast<double>(bound - covered) / static_cast<double>(bound) : 0;
    }
};

/// Where to stop thinking early: once so much is covered, or is proven to be out of reach; the
/// bound then says no more than that.
struct CoverGoal {
    std::int64_t enough = -1;  ///< -1: the most
};

/// Throws `invalid`: columns_differ, nothing_to_choose (no candidate), budget_malformed.
CoverAnswer most_covered(const CoverTask&, const Effort&, CoverGoal = {});
/// A choice made elsewhere, with what it covers and adds; no bound.
CoverAnswer measured(const CoverTask&, std::vector<std::uint32_t> sites);
/// Which demands sites serve.
std::vector<bool> served(const CoverTask&, std::span<const std::uint32_t> sites);
/// The chosen sites in the order in which they should open: most value early, sites[k] of them in
/// phase k.
std::vector<std::vector<std::uint32_t>>
phases(const CoverTask&, const CoverAnswer&, std::span<const std::size_t> sites, const Effort&);

}  // namespace linli::spatial
