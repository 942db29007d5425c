// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Rules of routing: what a new record's fields begin with, and what the rules would have said of
/// past records.
#include "record/engine.hpp"

namespace linli::record {

/// Whether a rule's condition holds for a record and one of its words is found in it.
bool applies(const Context&, const KindTable&, const catalogue::RouteSpec&, const Record&);

/// A field and what a rule sets it to, as text.
struct RuleSets {
    std::string name, value;
    static constexpr auto fields =
        std::tuple{field("field", &RuleSets::name), field("value", &RuleSets::value)};
};
struct RuleHits {
    std::string id;
    catalogue::Title title;
    bool trial = false;
    std::string when;  ///< the condition as written; "" = none
    std::vector<std::string> words;
    std::vector<RuleSets> sets;
    std::int64_t hits = 0;     ///< records for which it holds
    std::int64_t decides = 0;  ///< ... and for which no rule before it holds
    std::int64_t agrees = 0;   ///< ... of the hits, which bear now what it sets
    static constexpr auto fields =
        std::tuple{field("id", &RuleHits::id),        field("title", &RuleHits::title),
                   field("trial", &RuleHits::trial),  field("when", &RuleHits::when),
                   field("words", &RuleHits::words),  field("sets", &RuleHits::sets),
                   field("hits", &RuleHits::hits),    field("decides", &RuleHits::decides),
                   field("agrees", &RuleHits::agrees)};
};
struct Replay {
    std::int64_t records = 0;
    bool capped = false;  ///< there were more than replay_most in the time asked for
    std::vector<RuleHits> rules;
    static constexpr auto fields = std::tuple{
        field("records", &Replay::records), field("capped", &Replay::capped),
        field("rules", &Replay::rules)};
};
inline constexpr int replay_most = 100'000;

/// Asks every rule, trial ones too, of the records that the caller reads, filed within the time;
/// the newest replay_most at most. Writes nothing.
Replay replay(
    const Context&, const KindTable&, const std::vector<catalogue::RouteSpec>& rules,
    std::optional<AreaId>, Instant from, Instant until
);

}  // namespace linli::record
