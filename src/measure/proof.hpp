// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The records behind a figure: those that the reader may see, and an honest count of the others.
#include "measure/measure.hpp"

namespace linli::measure {

struct ProvenRecord {
    RecordId id;
    std::string kind, number;
    double value = 0;  ///< what it adds to the figure
    static constexpr auto fields = std::tuple{
        field("id", &ProvenRecord::id), field("kind", &ProvenRecord::kind),
        field("number", &ProvenRecord::number), field("value", &ProvenRecord::value)};
};
struct Proof {
    double value = 0;        ///< the figure, from the cells
    double counted = 0;      ///< the same, counted from the records just now
    std::int64_t total = 0;  ///< records behind it
    std::vector<ProvenRecord> records;
    std::int64_t unseen = 0;       ///< of this page: records that the reader may not see
    std::optional<RecordId> next;  ///< none = that was all
    static constexpr auto fields =
        std::tuple{field("value", &Proof::value),   field("counted", &Proof::counted),
                   field("total", &Proof::total),   field("records", &Proof::records),
                   field("unseen", &Proof::unseen), field("next", &Proof::next)};
};

struct Question {
    AreaId area;
    Period period;
    Instant now;
};
/// A page of at most `limit` records after `after`, seen and unseen together. Throws conflict for a
/// stock of the past: only its value was kept.
Proof prove(
    store::Tx&, const Measure&, const CounterQuery&, const Question&, const http::Caller&,
    RecordId after, int limit
);

/// What the records say now, and how many they are.
struct Recount {
    std::int64_t value = 0, records = 0;
};
Recount recount(store::Tx&, const Measure&, const CounterQuery&, const Question&);
/// Counties whose rows may count under an area.
std::vector<County> counties_for(const area::Tree&, AreaId);

}  // namespace linli::measure
