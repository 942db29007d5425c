// SPDX-License-Identifier: Apache-2.0
#include "measure/store.hpp"

#include <set>

namespace linli::measure {

using store::Sql;
using store::Tx;

void mark(Tx& tx, const Mark& one) {
    constexpr Sql sql{"measure.mark", R"(
        INSERT INTO measure_dirty (county, counter, area, month, position) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (county, counter, area, month) DO UPDATE SET position = excluded.position)"};
    tx.post(sql, one.county, one.counter, one.area, one.month, one.position);
}

std::vector<Mark> marks(Tx& tx, int limit) {
    constexpr Sql sql{"measure.marks", R"(
        SELECT county, counter, area, month, position FROM measure_dirty
         ORDER BY month, county, counter, area LIMIT $1)"};
    return tx.all<Mark>(sql, limit);
}

std::int64_t count_marks(Tx& tx) {
    constexpr Sql sql{"measure.count_marks", "SELECT COUNT(*) FROM measure_dirty"};
    return tx.one<std::int64_t>(sql).value_or(0);
}

bool take(Tx& tx, const Mark& one) {
    constexpr Sql sql{"measure.take_mark", R"(
        DELETE FROM measure_dirty
         WHERE county = $1 AND counter = $2 AND area = $3 AND month = $4 AND position = $5)"};
    return tx.run(sql, one.county, one.counter, one.area, one.month, one.position) > 0;
}

std::vector<Cell> cells_of(
    Tx& tx, County county, const std::string& counter, std::optional<AreaId> area
) {
    constexpr Sql whole{"measure.cells", R"(
        SELECT area, breakdown, month, value FROM measure_cell
         WHERE county = $1 AND counter = $2 ORDER BY area, breakdown, month)"};
    constexpr Sql one{"measure.cells_of_area", R"(
        SELECT area, breakdown, month, value FROM measure_cell
         WHERE county = $1 AND counter = $2 AND area = $3 ORDER BY breakdown, month)"};
    return area ? tx.all<Cell>(one, county, counter, *area) : tx.all<Cell>(whole, county, counter);
}

std::vector<std::pair<std::string, County>> counters_kept(Tx& tx) {
    constexpr Sql sql{"measure.counters_kept", R"(
        SELECT DISTINCT counter, county FROM measure_cell ORDER BY counter, county)"};
    std::vector<std::pair<std::string, County>> found;
    tx.each(sql, [&](const store::Row& row) {
        found.emplace_back(row.text(0), static_cast<County>(row.integer(1)));
        return true;
    });
    return found;
}

namespace {

void insert(Tx& tx, const Mark& mark, const Cell& cell) {
    constexpr Sql sql{"measure.insert_cell", R"(
        INSERT INTO measure_cell (county, counter, area, breakdown, month, value)
        VALUES ($1, $2, $3, $4, $5, $6))"};
    tx.post(sql, mark.county, mark.counter, cell.area, cell.breakdown, cell.month, cell.value);
}

/// Months [from, to] of the mark's area, or of every area.
void clear(Tx& tx, const Mark& mark, Month from, Month to) {
    constexpr Sql whole{"measure.clear", R"(
        DELETE FROM measure_cell WHERE county = $1 AND counter = $2 AND month >= $3 AND month <= $4)"};
    constexpr Sql one{"measure.clear_area", R"(
        DELETE FROM measure_cell
         WHERE county = $1 AND counter = $2 AND month >= $3 AND month <= $4 AND area = $5)"};
    mark.area ? tx.post(one, mark.county, mark.counter, from, to, mark.area)
              : tx.post(whole, mark.county, mark.counter, from, to);
}

void keep_flow(Tx& tx, const Mark& mark, const std::vector<Counted>& counted) {
    const bool all = mark.month == all_months;
    clear(tx, mark, all ? 0 : mark.month, all ? INT32_MAX : mark.month);
    for (const auto& one : counted) {
        if (one.value != 0) {
            insert(tx, mark, {one.area, one.breakdown, one.month, one.value});
        }
    }
}

void keep_stock(Tx& tx, const Mark& mark, Month running, const std::vector<Counted>& counted) {
    const auto from = mark.month == all_months ? running : std::min(mark.month, running);
    using Key = std::pair<AreaId, std::string>;
    std::map<Key, std::int64_t> before, now;
    const auto area = mark.area ? std::optional(mark.area) : std::nullopt;
    for (const auto& cell : cells_of(tx, mark.county, mark.counter, area)) {
        if (cell.month < from) {
            before[{cell.area, cell.breakdown}] = cell.value;
        }
    }
    for (const auto& one : counted) {
        now[{one.area, one.breakdown}] = one.value;
    }
    for (const auto& [key, value] : before) {
        now.emplace(key, 0);
    }
    clear(tx, mark, from, INT32_MAX);
    for (const auto& [key, value] : now) {
        const auto was = before.find(key);
        if (value != (was == before.end() ? 0 : was->second)) {
            insert(tx, mark, {key.first, key.second, from, value});
        }
    }
}

}  // namespace

void keep(
    Tx& tx, const CounterQuery& query, const Mark& mark, Month running,
    const std::vector<Counted>& counted
) {
    query.counter->stock ? keep_stock(tx, mark, running, counted) : keep_flow(tx, mark, counted);
}

std::string counted_by(Tx& tx, County county, const std::string& counter) {
    constexpr Sql sql{"measure.counted_by", R"(
        SELECT digest FROM measure_counter WHERE county = $1 AND counter = $2)"};
    return tx.one<std::string>(sql, county, counter).value_or("");
}

void set_counted_by(Tx& tx, County county, const std::string& counter, const std::string& digest) {
    constexpr Sql sql{"measure.set_counted_by", R"(
        INSERT INTO measure_counter (county, counter, digest) VALUES ($1, $2, $3)
        ON CONFLICT (county, counter) DO UPDATE SET digest = excluded.digest)"};
    tx.run(sql, county, counter, digest);
}

void begin_following(Tx& tx, const std::string& follower) {
    constexpr Sql known{"measure.begun", R"(
        SELECT (SELECT COUNT(*) FROM store_cursor WHERE reader = $1)
             + (SELECT COUNT(*) FROM measure_counter) + (SELECT COUNT(*) FROM measure_dirty))"};
    constexpr Sql begin{"measure.begin_following", R"(
        INSERT INTO store_cursor (county, reader, position)
        SELECT county, $1, position FROM store_head WHERE position > 0)"};
    if (tx.one<std::int64_t>(known, follower).value_or(0) == 0) {
        tx.run(begin, follower);
    }
}

std::int64_t lines_behind(Tx& tx, const std::string& follower) {
    constexpr Sql sql{"measure.lines_behind", R"(
        SELECT CAST(COALESCE(SUM(h.position - COALESCE(c.position, 0)), 0) AS BIGINT)
          FROM store_head h LEFT JOIN store_cursor c ON c.county = h.county AND c.reader = $1)"};
    return tx.one<std::int64_t>(sql, follower).value_or(0);
}

}  // namespace linli::measure
