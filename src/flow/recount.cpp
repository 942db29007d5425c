// SPDX-License-Identifier: Apache-2.0
#include "flow/recount.hpp"

#include <algorithm>
#include <deque>
#include <limits>
#include <map>

#include "flow/ground.hpp"

namespace linli::flow {
namespace {

constexpr int clocks_together = 5000;  ///< read at once; no record has as many
constexpr RecordId last_record{std::numeric_limits<std::int64_t>::max()};
constexpr Instant not_known{-1};

/// "($1, $2), ($3, $4), ..." of `rows_most` rows. The types of the first row are those of all.
std::string value_rows(int columns, int parameter = 0) {
    std::string text;
    for (std::size_t row = 0; row < Recount::rows_most; ++row) {
        text += row ? ", (" : "(";
        for (int column = 0; column < columns; ++column) {
            const auto value = "$" + std::to_string(++parameter);
            text += column ? ", " : "";
            text += row ? value : "CAST(" + value + " AS BIGINT)";
        }
        text += ")";
    }
    return text;
}

/// Runs a statement on some rows, `add` gives the values of one. Fewer than `rows_most` are filled
/// up with the last one, so that there is one text of each statement. True if each row was met.
template <class Add>
bool put(
    store::Tx& tx, const store::Sql& sql, const std::vector<const Fresh*>& rows,
    std::vector<store::Param> values, Add&& add
) {
    for (std::size_t i = 0; i < Recount::rows_most; ++i) {
        add(values, *rows[std::min(i, rows.size() - 1)]);
    }
    return tx.execute(sql, values) == static_cast<std::int64_t>(rows.size());
}

// The county is bound in each row: so both engines begin with the rows given and look each up.
bool put_clocks(store::Tx& tx, const std::vector<const Fresh*>& rows) {
    static const auto text = R"(
        UPDATE flow_clock SET left_ms = v.column5, due_at = NULLIF(v.column6, -1)
          FROM (VALUES )" + value_rows(7) +
                             R"() AS v
         WHERE county = v.column1 AND record = v.column2 AND id = v.column3 AND since = v.column4
           AND left_ms = v.column7 AND state <> 'stopped' AND breached_at IS NULL)";
    return put(tx, {"flow.recount_clocks", text}, rows, {}, [](auto& values, const Fresh& one) {
        values.insert(
            values.end(), {home(one.record), one.record, one.clock, one.since, one.left_ms,
                           one.due_at.value_or(not_known), one.left_before}
        );
    });
}

bool put_timers(store::Tx& tx, const std::vector<const Fresh*>& rows) {
    static const auto text = R"(
        UPDATE flow_timer SET at = v.column5, tries = 0
          FROM (VALUES )" + value_rows(5) +
                             R"() AS v
         WHERE county = v.column1 AND record = v.column2 AND clock = v.column3 AND action = '' AND step = v.column4)";
    return put(tx, {"flow.recount_timers", text}, rows, {}, [](auto& values, const Fresh& one) {
        values.insert(values.end(), {home(one.record), one.record, one.clock, one.step, one.at});
    });
}

bool put_dues(store::Tx& tx, const std::vector<const Fresh*>& rows) {
    static const auto text = R"(
        UPDATE flow_work SET due_at = v.column4
          FROM (VALUES )" + value_rows(4) +
                             R"() AS v
         WHERE county = v.column1 AND id = v.column2 AND due_at = v.column3)";
    return put(tx, {"flow.recount_dues", text}, rows, {}, [](auto& values, const Fresh& one) {
        values.insert(values.end(), {home(one.record), one.record, one.due_before, one.due_after});
    });
}

/// By the clocks as they are now, whoever wrote them; where none runs nothing is due already.
void sum_up(store::Tx& tx, const std::vector<const Fresh*>& rows) {
    static const auto text = R"(
        UPDATE flow_work
           SET (due_at, clock) = (SELECT c.due_at, c.name FROM flow_clock c
                                   WHERE c.county = flow_work.county AND c.record = flow_work.id AND c.state = 'running'
                                     AND c.due_at IS NOT NULL ORDER BY c.due_at, c.id LIMIT 1)
         WHERE county = $1 AND id IN (VALUES )" +
                             value_rows(1, 1) + R"()
           AND (SELECT MIN(c.due_at) FROM flow_clock c WHERE c.county = flow_work.county AND c.record = flow_work.id
                   AND c.state = 'running') IS NOT NULL)";
    put(tx, {"flow.recount_works", text}, rows, {home(rows.front()->record)},
        [](auto& values, const Fresh& one) { values.emplace_back(one.record); });
}

template <class Which>
std::vector<const Fresh*> those(std::span<const Fresh> rows, Which&& which) {
    std::vector<const Fresh*> found;
    for (const auto& row : rows) {
        if (which(row)) {
            found.push_back(&row);
        }
    }
    return found;
}

/// True if no clock and no timer has moved since it was read.
bool put_all(store::Tx& tx, std::span<const Fresh> rows) {
    const auto timers = those(rows, [](const Fresh& one) { return one.step > 0; });
    const bool clocks = put_clocks(tx, those(rows, [](const Fresh&) { return true; }));
    return (timers.empty() || put_timers(tx, timers)) && clocks;
}

}  // namespace

/// A clock that is not over, with the timer of its next step.
struct Recount::Running {
    RecordId record;
    std::int64_t clock = 0;
    bool runs = false;           ///< else it is paused
    const Rate* rate = nullptr;  ///< null = it is not counted again
    Instant started_at, since;
    std::int64_t left_ms = 0;
    std::optional<Instant> due_at;
    int step = 0;  ///< 0 = no timer
    Instant at;
};

/// How clocks pass; most of them share a few limits and calendars.
class Recount::Rates {
 public:
    explicit Rates(const Recount& owner) : m_owner(owner) {}
    /// Null if its calendar has not changed.
    const Rate* of(std::string_view limit, std::string_view calendar) {
        for (const auto& one : m_known) {
            if (one.limit == limit && one.calendar == calendar) {
                return one.counted ? &one.rate : nullptr;
            }
        }
        Clock clock;
        clock.limit = limit;
        clock.calendar = calendar;
        const auto rate = rate_of(clock, m_owner.m_catalogue);
        const bool counted = m_owner.m_calendars.contains(rate.calendar->name());
        m_known.push_back({clock.limit, clock.calendar, rate, counted});
        return counted ? &m_known.back().rate : nullptr;
    }

 private:
    struct Known {
        std::string limit, calendar;
        Rate rate;
        bool counted = false;
    };
    const Recount& m_owner;
    std::deque<Known> m_known;
};

namespace {

/// What is due first among the running clocks of a record.
struct Earliest {
    Instant at = never;
    std::int64_t clock = 0;
    void add(std::int64_t id, Instant due_at) {
        if (due_at < at) {
            at = due_at;
            clock = id;
        }
    }
};

template <class Running>
void read_timers(
    store::Tx& tx, County county, RecordId after, RecordId up_to, std::vector<Running>& clocks
) {
    constexpr store::Sql sql{"flow.timers_to_recount", R"(
        SELECT record, clock, step, at FROM flow_timer
         WHERE county = $1 AND record > $2 AND record <= $3 AND action = '' ORDER BY record, clock)"};
    auto next = clocks.begin();
    tx.each(
        sql,
        [&](const store::Row& row) {
            const std::pair key(row.integer(0), row.integer(1));
            while (next != clocks.end() && std::pair(next->record.value, next->clock) < key) {
                ++next;
            }
            if (next != clocks.end() && std::pair(next->record.value, next->clock) == key) {
                next->step = static_cast<int>(row.integer(2));
                next->at = {row.integer(3)};
            }
            return true;
        },
        county, after, up_to
    );
}

using Pauses = std::map<std::int64_t, std::vector<Span>>;  ///< by clock

void read_pauses(
    store::Tx& tx, County county, std::span<const std::int64_t> clocks, Pauses& pauses
) {
    static const auto text = R"(
        SELECT clock, from_at, to_at FROM flow_pause
         WHERE county = $1 AND clock IN (VALUES )" +
                             value_rows(1, 1) + ") ORDER BY clock, from_at";
    std::vector<store::Param> values{county};
    for (std::size_t i = 0; i < Recount::rows_most; ++i) {
        values.emplace_back(clocks[std::min(i, clocks.size() - 1)]);
    }
    tx.query({"flow.pauses_to_recount", text}, values, [&](const store::Row& row) {
        Span span{{row.integer(1)}, {}};
        store::read_column(row, 2, span.to);
        pauses[row.integer(0)].push_back(span);
        return true;
    });
}

/// Of the clocks that have stood still at some time.
template <class Running>
Pauses pauses_of(store::Tx& tx, County county, const std::vector<Running>& clocks) {
    std::vector<std::int64_t> paused;
    for (const auto& one : clocks) {
        if (one.rate && one.since != one.started_at) {
            paused.push_back(one.clock);
        }
    }
    Pauses pauses;
    const std::span all(paused);
    for (std::size_t i = 0; i < all.size(); i += Recount::rows_most) {
        const auto some = all.subspan(i, std::min(Recount::rows_most, all.size() - i));
        read_pauses(tx, county, some, pauses);
    }
    return pauses;
}

/// The clock counted from its start by the calendar as it is now; nothing if that changes nothing.
template <class Running>
std::optional<Fresh> count_again(const Running& one, const Pauses& pauses) {
    const auto& rate = *one.rate;
    auto spent = elapsed_ms(*rate.calendar, rate.limit, one.started_at, one.since);
    static const std::vector<Span> none;
    const auto paused = pauses.find(one.clock);
    for (const auto& pause : paused == pauses.end() ? none : paused->second) {
        if (pause.from < one.since) {
            spent -=
                elapsed_ms(*rate.calendar, rate.limit, pause.from, pause.to.value_or(one.since));
        }
    }
    Clock clock;
    clock.since = one.since;
    clock.left_ms = rate.whole_ms() - spent;
    auto at = one.at;
    if (one.runs) {
        clock.due_at = due(*rate.calendar, rate.limit, clock.since, clock.left_ms);
        at = one.step ? step_at(clock, rate, one.step) : at;
    }
    const int step = at < one.at ? one.step : 0;  // one that comes early is set anew by itself
    if (clock.left_ms == one.left_ms && clock.due_at == one.due_at && step == 0) {
        return std::nullopt;
    }
    return Fresh{one.record,   one.clock, one.since, one.left_ms, clock.left_ms,
                 clock.due_at, step,      at,        {},          {}};
}

/// All clocks of one record.
template <class Running>
void count_record(
    std::span<const Running> clocks, const Pauses& pauses, std::vector<Fresh>& fresh
) {
    const auto already = fresh.size();
    Earliest before, after;
    for (const auto& one : clocks) {
        const auto changed = one.rate ? count_again(one, pauses) : std::nullopt;
        if (changed) {
            fresh.push_back(*changed);
        }
        if (one.due_at) {
            before.add(one.clock, *one.due_at);
            after.add(one.clock, changed ? changed->due_at.value() : *one.due_at);
        }
    }
    if (fresh.size() > already) {
        const bool same = before.clock == after.clock;
        fresh.back().due_before = same ? before.at : not_known;
        fresh.back().due_after = after.at;
    }
}

}  // namespace

Recount::Recount(const catalogue::Catalogue& catalogue, std::set<std::string> calendars)
    : m_catalogue(catalogue), m_calendars(std::move(calendars)) {}

std::vector<Recount::Running> Recount::clocks_between(
    store::Tx& tx, County county, RecordId after, RecordId up_to, Rates& rates
) const {
    constexpr store::Sql sql{"flow.clocks_to_recount", R"(
        SELECT record, id, started_at, since, left_ms, due_at, limit_text, calendar, breached_at
          FROM flow_clock WHERE county = $1 AND record > $2 AND record <= $3 AND state <> 'stopped'
         ORDER BY record, id LIMIT $4)"};
    std::vector<Running> found;
    found.reserve(up_to == last_record ? clocks_together : 8);
    tx.each(
        sql,
        [&](const store::Row& row) {
            auto& one = found.emplace_back();
            one.record = {row.integer(0)};
            one.clock = row.integer(1);
            one.started_at = {row.integer(2)};
            one.since = {row.integer(3)};
            one.left_ms = row.integer(4);
            store::read_column(row, 5, one.due_at);
            one.runs = one.due_at.has_value();
            one.rate = row.null(8) ? rates.of(row.text(6), row.text(7)) : nullptr;
            return true;
        },
        county, after, up_to, clocks_together
    );
    return found;
}

Counted Recount::count(store::Tx& tx, County county, RecordId after) const {
    return count(tx, county, after, last_record);
}

Counted Recount::count(store::Tx& tx, County county, RecordId after, RecordId up_to) const {
    Rates rates(*this);
    auto clocks = clocks_between(tx, county, after, up_to, rates);
    Counted result;
    if (clocks.empty()) {
        return result;
    }
    result.more = clocks.size() == clocks_together;
    const auto cut = clocks.back().record;
    if (result.more && clocks.front().record != cut) {  // perhaps without its last clock
        std::erase_if(clocks, [&](const Running& one) { return one.record == cut; });
    }
    result.last = clocks.back().record;
    result.looked_at = static_cast<std::int64_t>(clocks.size());
    read_timers(tx, county, after, result.last, clocks);
    const auto pauses = pauses_of(tx, county, clocks);
    for (std::size_t i = 0, end = 0; i < clocks.size(); i = end) {
        while (end < clocks.size() && clocks[end].record == clocks[i].record) {
            ++end;
        }
        const auto record = std::span<const Running>(clocks).subspan(i, end - i);
        count_record(record, pauses, result.fresh);
    }
    return result;
}

Counted Recount::count_moved(store::Tx& tx, County county, RecordId after, Instant since) const {
    constexpr store::Sql sql{"flow.records_moved", R"(
        SELECT DISTINCT record FROM flow_clock
         WHERE county = $1 AND record > $2 AND since >= $3 AND state <> 'stopped' AND breached_at IS NULL
         ORDER BY record LIMIT $4)"};
    Counted result;
    const auto moved = tx.all<RecordId>(sql, county, after, since, clocks_together);
    for (const auto record : moved) {
        const auto one = count(tx, county, {record.value - 1}, record);
        result.fresh.insert(result.fresh.end(), one.fresh.begin(), one.fresh.end());
        result.looked_at += one.looked_at;
        result.last = record;
    }
    result.more = moved.size() == clocks_together;
    return result;
}

void Recount::write(store::Tx& tx, std::span<const Fresh> rows) const {
    if (!put_all(tx, rows)) {
        for (const auto& one : rows) {
            const auto now = count(tx, home(one.record), {one.record.value - 1}, one.record);
            now.fresh.empty() ? false : put_all(tx, now.fresh);
        }
        return sum_up(tx, those(rows, [](const Fresh&) { return true; }));
    }
    const auto dues = those(rows, [](const Fresh& o) { return o.due_before != o.due_after; });
    if (!dues.empty() && !put_dues(tx, dues)) {
        sum_up(tx, dues);
    }
}

}  // namespace linli::flow
