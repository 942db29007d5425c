// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Proposals for communities: those far too large are split, those far too small are merged with a
/// neighbour; people decide. The thresholds are those of the Wenzhou plan (chapter 2, section 2).
#include <array>
#include <string>
#include <vector>

#include "spatial/units.hpp"

namespace linli::spatial {

struct CommunityRules {
    std::uint32_t split_above = 5'000, merge_below = 500;  ///< households
    std::uint32_t low = 1'500, high = 3'000;               ///< of a part, wished
    std::uint32_t persons_low = 10'000, persons_high = 15'000;
    std::uint32_t jobs_low = 5'000, jobs_high = 40'000;  ///< an industrial community
    std::uint64_t seed = 1;
    int tries = 12;  ///< divisions compared for each split
};

/// One community as it is today.
struct Community {
    std::uint64_t households = 0, persons = 0, jobs = 0;
    std::uint32_t parent = 0;  ///< merges stay within a subdistrict
    bool leave = false;        ///< people said so, or it is a village
    bool industrial(const CommunityRules& rules) const {
        return jobs >= rules.jobs_low && households <= rules.split_above;
    }
};

/// What is known of each unit besides its households.
struct UnitFacts {
    std::vector<std::uint64_t> persons, jobs;
};

enum class Proposed : std::uint8_t { split, split_by_jobs, merge };
constexpr auto names(Proposed) {
    return std::array{"split", "split_by_jobs", "merge"};
}
/// How well it can be done.
enum class Fit : std::uint8_t {
    good,     ///< as wished
    relaxed,  ///< parts are outside of the wished size, but none calls for a split or merger
    none      ///< it cannot be done; `why` says so
};
constexpr auto names(Fit) {
    return std::array{"good", "relaxed", "none"};
}
enum class Hindrance : std::uint8_t {
    nothing,
    no_neighbour,
    another_subdistrict,
    across_barrier,        ///< only over a main road or a river
    neighbours_too_large,  ///< or to be left as they are, or kept apart
    hangs_together         ///< no street along which to split it
};
constexpr auto names(Hindrance) {
    return std::array{"nothing",        "no_neighbour",         "another_subdistrict",
                      "across_barrier", "neighbours_too_large", "hangs_together"};
}

struct CommunityPart {
    std::uint64_t households = 0, persons = 0, jobs = 0;
    std::vector<std::uint32_t> units;
};

struct CommunityProposal {
    Proposed kind = Proposed::split;
    Fit fit = Fit::good;
    Hindrance why = Hindrance::nothing;
    std::vector<std::uint32_t> areas;  ///< the first goes on: the heir
    std::vector<CommunityPart> parts;  ///< of a split; the first is the heir, it has most
    std::uint64_t moved = 0;           ///< households that come into another community
};

struct Districting {
    const StreetUnits& units;
    const UnitGraph& inside;  ///< within_areas
    const UnitFacts& facts;
    const std::vector<Community>& communities;
    /// Communities that shall not become one.
    const std::vector<std::pair<std::uint32_t, std::uint32_t>>& apart;
};

/// Splits first, then mergers, the most pressing first.
std::vector<CommunityProposal> propose_communities(const Districting&, const CommunityRules&);

/// The links between units of one compound get dearer, so that borders leave compounds whole.
UnitGraph prefer_whole(const UnitGraph&, const std::vector<std::uint32_t>& compound, int cost = 20);

}  // namespace linli::spatial
