// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Small numbers (C18): figures about people of whom the reader may not see the records. There a
/// count below five is withheld, and with it all that would give it away by subtraction: a set of
/// sibling areas is shown whole or not at all, and so are the months of a quarter and the quarters
/// of a year.
#include <map>

#include "measure/measure.hpp"

namespace linli::measure {

/// Counts from here on, and none at all, tell nothing about a person.
constexpr std::int64_t least_shown = 5;

/// Remembers what it found out: one for each question. Looks into its arguments.
class Reader {
 public:
    Reader(const Measure&, const http::Caller&);
    bool may_see(const CounterQuery&, AreaId, Period);
    /// All counters that its formula names.
    bool may_see(const catalogue::Indicator&, AreaId, Period);
    /// Whether the parts of a counter by its breakdown may be told.
    bool may_see_parts(const CounterQuery&, AreaId, Period);

 private:
    bool reads_records(const CounterQuery&, AreaId) const;
    bool small(const CounterQuery&, AreaId, Period) const;
    bool small_below(const CounterQuery&, AreaId, Period);
    bool small_up_the_tree(const CounterQuery&, AreaId, Period);

    const Measure& m_measure;
    const http::Caller& m_caller;
    std::shared_ptr<const area::Tree> m_tree;
    std::map<std::tuple<std::string, AreaId, Month, Month>, bool> m_small_below;
};

/// A counter as one reader sees it: withheld = no value.
struct SeenCounter {
    std::string id;
    catalogue::Title title;
    std::optional<double> value;
    bool withheld = false;
    static constexpr auto fields = std::tuple{
        field("id", &SeenCounter::id), field("title", &SeenCounter::title),
        field("value", &SeenCounter::value), field("withheld", &SeenCounter::withheld)};
};
SeenCounter seen(Reader&, const Measure&, const CounterQuery&, AreaId, Period);

}  // namespace linli::measure
