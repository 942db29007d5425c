// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Lists of records: filter, sort, keyset cursor, at every level. A page is merged from one short
/// index walk per county, part of the caller's access and state, so that it costs the same at a
/// community, a county and a city, and deep pages the same as the first.
#include <functional>

#include "record/view.hpp"
#include "record/where.hpp"

namespace linli::record {

/// `field`: of a view alone, by a field whose column is a number.
enum class Sort { created_at, updated_at, due_at, field };
constexpr auto names(Sort) {
    return std::array{"created_at", "updated_at", "due_at", "field"};
}

/// `f.<field>=`: one of values, or a range "2025-01-01..2025-01-31" of numbers and dates.
struct FieldFilter {
    std::size_t field = 0;
    std::vector<Value> values;  ///< stored form
    bool range = false;
    std::optional<std::int64_t> least, most;
};

struct ListQuery {
    std::optional<AreaId> area;
    bool as_filed = false;  ///< `area` means the columns alone, whatever became of it
    std::shared_ptr<const area::Tree> map;  ///< `area` is one of this; none: today's tree
    std::vector<std::string> states;        ///< empty: all but withdrawn, of own records all
    int view = -1;                          ///< index among the kind's views
    std::string words;
    Sort sort = Sort::created_at;
    std::size_t sort_field = 0;
    bool descending = true;
    int limit = 50;
    std::string cursor;
    bool mine = false, count = false, overdue = false;
    std::optional<Instant> from, to;
    UnitId unit;  ///< in charge; of `stopped_from`, when the clock stopped
    /// As the board counts: not ended (`open`); ended and not withdrawn, perhaps rated; its last
    /// clock stopped, perhaps too late.
    std::optional<Instant> closed_from, stopped_from;
    bool open = false, rated = false, late = false;
    std::vector<FieldFilter> filters;
    identity::Operation operation = identity::Operation::read;
    std::string digest;  ///< of all but cursor and limit: a cursor serves its own list alone
};
/// `get(name)` gives a query parameter. Throws malformed, invalid, forbidden.
using GetQuery = std::function<std::optional<std::string>(const std::string&)>;
ListQuery read_query(
    const Context&, const KindTable&, const std::vector<std::pair<std::string, std::string>>& query
);

/// Columns and digests by which a word that looks like a phone or identity number is found, of
/// fields that the caller sees.
std::vector<std::pair<std::string, std::string>> word_digests(
    const Context&, const KindTable&, const std::string& words
);

/// What the flow must say of a row (alias r), as a condition to add; "" = nothing is asked.
std::string flow_conditions(Binder&, const KindTable&, const ListQuery&, Instant now);

struct Page {
    std::vector<ListRow> rows;
    std::string next;  ///< cursor; "" = that was all
};
/// Reads the fields of the selection alone.
Page list(const Context&, const KindTable&, const ListQuery&, const Selection&);
/// At most 10,000: `capped` says whether there are more.
std::int64_t count(const Context&, const KindTable&, const ListQuery&, bool& capped);

/// The answer of GET /api/records/{kind}.
std::string list_json(const Context&, const KindTable&, const ListQuery&);

/// For tests: the statements that list() would run, with how the engine runs them.
std::vector<std::string> explain(const Context&, const KindTable&, const ListQuery&);

}  // namespace linli::record
