// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A counter is a query: one declaration gives the statement that counts a whole county, the one
/// that counts one area and month, and the one that lists the records behind a figure.
#include <functional>
#include <memory>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "measure/period.hpp"
#include "store/store.hpp"

namespace linli::measure {

/// What a statement asks for beside the counter.
struct Part {
    County county = 0;
    AreaId area;                   ///< as filed; none = every area
    std::optional<Period> period;  ///< of a flow; none = every month
};

/// One value that was counted. The month of a stock is none (0): it is what is true now.
struct Counted {
    AreaId area;
    std::string breakdown;  ///< values joined by |
    Month month = 0;
    std::int64_t value = 0, records = 0;
    auto key() const { return std::tie(area, breakdown, month); }
};

/// A record behind a figure, with what decides about who may read it.
struct Behind {
    RecordId id;
    std::string number;
    AreaId area, subdistrict, community, grid;
    std::string state;
    AccountId filed_by;
    RecordId about;
    std::int64_t value = 0;
};

/// Immutable; looks into the catalogue, which must live as long.
class CounterQuery {
 public:
    CounterQuery(const catalogue::Catalogue&, const catalogue::Counter&);

    const catalogue::Counter* counter;
    const catalogue::Kind* kind;
    std::string date;      ///< the column that says when; "" of a stock
    bool instant = false;  ///< it holds milliseconds, not days
    int scale = 0;         ///< of what is added up: stored times 10^scale
    bool moves = false;    ///< its `where` asks for today: counted anew every day
    std::string digest;    ///< of the declaration: cells of another one are counted anew

    struct Statement {
        std::string sql;
        std::vector<Value> params;  ///< $1 is the county
    };
    /// SELECT area, breakdowns, day, value, records ... GROUP BY area, breakdowns, day.
    Statement counting(const Part&, Instant now) const;
    /// The records that it counts, by id, after `after`; of `areas` alone unless that is empty.
    Statement listing(const Part&, const std::vector<AreaId>& areas, RecordId after, Instant now)
        const;

 private:
    std::string source(Statement&, const Part&, Instant now) const;
    std::string value() const;

    std::optional<catalogue::Expression> m_where;
    std::string m_about;  ///< the field that says whom a record is about; "" = none
};

/// Days are folded to months. Sorted by area, breakdown, month; what is 0 is left out.
std::vector<Counted> count(store::Tx&, const CounterQuery&, const Part&, Instant now);
/// `f` returns false to stop.
void each_behind(
    store::Tx&, const CounterQuery&, const CounterQuery::Statement&,
    const std::function<bool(const Behind&)>& f
);

/// Of the catalogue's counters, in their order. Those that count different values cannot be
/// answered yet and have no query.
std::vector<std::unique_ptr<CounterQuery>> queries_of(const catalogue::Catalogue&);

}  // namespace linli::measure
