// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Which areas follow which, and what a figure of one day is on another day's map. Pure.
#include <cstdint>
#include <map>
#include <vector>

#include "base/fields.hpp"
#include "base/time.hpp"
#include "store/store.hpp"

namespace linli::area {

constexpr std::int64_t whole = 1'000'000;  ///< weights are millionths

/// `total` divided in proportion to the weights, in whole numbers that add up to it (largest
/// remainder; among equal ones the first). Weights are not negative and not all 0.
std::vector<std::int64_t> apportion(std::int64_t total, const std::vector<std::int64_t>& weights);

/// Of the households of `before`, `weight` millionths live in `after` from that day on; of those of
/// `after`, `share` millionths came from `before`.
struct Link {
    std::int64_t decision = 0;
    AreaId before, after;
    Date from;
    std::int64_t weight = whole, share = whole;
    static constexpr auto fields =
        std::tuple{field("decision", &Link::decision), field("before", &Link::before),
                   field("after", &Link::after),       field("from", &Link::from),
                   field("weight", &Link::weight),     field("share", &Link::share)};
};
struct Weighted {
    AreaId area;
    std::int64_t weight = 0;  ///< millionths
    bool operator==(const Weighted&) const = default;
};

/// Immutable; safe from any thread.
class Lineage {
 public:
    explicit Lineage(std::vector<Link> links);
    /// Where the households of `area`, as the map was on day `from`, stand on the map of day `to`:
    /// by area, weights add up to 1,000,000. One that has ended by then is taken as of its last
    /// day: what moved to another county stays filed under it.
    std::vector<Weighted> map(AreaId, Date from, Date to) const;
    /// The days on which something changes, ascending: between two of them every map is the same.
    const std::vector<Date>& days() const { return m_days; }
    bool empty() const { return m_events.empty(); }

 private:
    struct Event {
        Date day;
        std::map<AreaId, std::vector<Weighted>> forward, backward;
    };
    std::vector<Event> m_events;  ///< one a decision, in order
    std::vector<Date> m_days;
    std::map<AreaId, Date> m_last;  ///< of areas that ended
};

/// What is in force: not undone.
Lineage read_lineage(store::Tx&);

/// Whole numbers by area, as counted on day `from`, on the map of day `to`: the sum stays.
std::map<AreaId, std::int64_t> restate(
    const Lineage&, const std::map<AreaId, std::int64_t>& figures, Date from, Date to
);

}  // namespace linli::area
