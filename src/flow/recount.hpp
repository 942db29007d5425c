// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Running deadlines counted again from their start by the calendars as they are now: many records
/// are read at once, and of them what differs is written. What `republish` is made of.
#include <set>
#include <span>
#include <string>
#include <vector>

#include "flow/flow.hpp"

namespace linli::flow {

/// What is written of a clock, its timer and, once a record, its deadline in inboxes.
struct Fresh {
    RecordId record;
    std::int64_t clock = 0;
    Instant since;  ///< as it was read, like the next: a clock that has moved since is counted anew
    std::int64_t left_before = 0;
    std::int64_t left_ms = 0;
    std::optional<Instant> due_at;
    int step = 0;  ///< of the timer; 0 = it stays
    Instant at;
    Instant due_before, due_after;  ///< of the record; alike: they stay
};
struct Counted {
    std::vector<Fresh> fresh;
    std::int64_t looked_at = 0;
    RecordId last;      ///< all of its clocks were looked at, and of those before it
    bool more = false;  ///< than `last`
};

/// Thread-safe; the catalogue must live on.
class Recount {
 public:
    static constexpr std::size_t rows_most = 100;

    Recount(const catalogue::Catalogue&, std::set<std::string> calendars);
    /// Of the next few thousand clocks of records after `after`.
    Counted count(store::Tx&, County, RecordId after) const;
    /// Of the next records after `after` that have moved since an instant.
    Counted count_moved(store::Tx&, County, RecordId after, Instant since) const;
    /// At most `rows_most`. Records that have moved since they were counted are counted again.
    void write(store::Tx&, std::span<const Fresh>) const;

 private:
    struct Running;
    class Rates;
    Counted count(store::Tx&, County, RecordId after, RecordId up_to) const;
    std::vector<Running> clocks_between(store::Tx&, County, RecordId after, RecordId up_to, Rates&)
        const;

    const catalogue::Catalogue& m_catalogue;
    std::set<std::string> m_calendars;
};

}  // namespace linli::flow
