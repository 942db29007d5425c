// SPDX-License-Identifier: Apache-2.0
// Statements on timers and notices.
#include "flow/store.hpp"

namespace linli::flow {

using store::Sql;
using store::Tx;

void insert_timer(Tx& tx, const Timer& t) {
    constexpr Sql sql{"flow.insert_timer", R"(
        INSERT INTO flow_timer (county, record, clock, action, kind, step, rank, at, tries)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (county, record, clock, action)
        DO UPDATE SET step = excluded.step, rank = excluded.rank, at = excluded.at, tries = excluded.tries)"};
    tx.post(
        sql, home(t.record), t.record, t.clock, t.action, t.kind, t.step, t.rank, t.at, t.tries
    );
}

bool delete_timer(Tx& tx, const Timer& t) {
    constexpr Sql sql{"flow.delete_timer", R"(
        DELETE FROM flow_timer
         WHERE county = $1 AND record = $2 AND clock = $3 AND action = $4 AND step = $5 AND at = $6)"};
    return tx.run(sql, home(t.record), t.record, t.clock, t.action, t.step, t.at) == 1;
}

void delay_timer(Tx& tx, const Timer& t, Instant until) {
    constexpr Sql sql{"flow.delay_timer", R"(
        UPDATE flow_timer SET at = $7, tries = tries + 1
         WHERE county = $1 AND record = $2 AND clock = $3 AND action = $4 AND step = $5 AND at = $6)"};
    tx.run(sql, home(t.record), t.record, t.clock, t.action, t.step, t.at, until);
}

void delete_clock_timer(Tx& tx, RecordId record, std::int64_t clock) {
    constexpr Sql sql{"flow.delete_clock_timer", R"(
        DELETE FROM flow_timer WHERE county = $1 AND record = $2 AND clock = $3)"};
    tx.post(sql, home(record), record, clock);
}

void delete_action_timers(Tx& tx, RecordId record) {
    delete_clock_timer(tx, record, 0);
}

void delete_timers(Tx& tx, RecordId record) {
    constexpr Sql sql{
        "flow.delete_timers", "DELETE FROM flow_timer WHERE county = $1 AND record = $2"};
    tx.post(sql, home(record), record);
}

void rank_timers(Tx& tx, RecordId record, int rank) {
    constexpr Sql sql{
        "flow.rank_timers", "UPDATE flow_timer SET rank = $3 WHERE county = $1 AND record = $2"};
    tx.post(sql, home(record), record, rank);
}

std::vector<Timer> due_timers(Tx& tx, County county, Instant now, int limit) {
    constexpr Sql sql{"flow.due_timers", R"(
        SELECT record, clock, action, kind, step, rank, at, tries
          FROM flow_timer WHERE county = $1 AND rank = $2 AND at <= $3 ORDER BY at LIMIT $4)"};
    auto due = tx.all<Timer>(sql, county, 0, now, limit);
    if (const int rest = limit - static_cast<int>(due.size()); rest > 0) {
        for (auto& timer : tx.all<Timer>(sql, county, 1, now, rest)) {
            due.push_back(std::move(timer));
        }
    }
    return due;
}

void insert_notice(Tx& tx, const Notice& n) {
    constexpr Sql sql{"flow.insert_notice", R"(
        INSERT INTO flow_notice (county, id, what, kind, record, number, title, clock, unit, head, area, role, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13))"};
    const auto county = home(n.record);
    tx.post(
        sql, county, tx.new_id(county), n.what, n.kind, n.record, n.number, n.title, n.clock,
        n.unit, n.head, n.area, n.role, n.at
    );
}

std::optional<Notice> find_notice(Tx& tx, std::int64_t id, AccountId reader) {
    constexpr Sql sql{"flow.find_notice", R"(
        SELECT n.id, n.what, n.kind, n.record, n.number, n.title, n.clock, n.unit, n.head, n.area, n.role, n.at, r.read_at
          FROM flow_notice n
          LEFT JOIN flow_read r ON r.county = n.county AND r.notice = n.id AND r.account = $3
         WHERE n.county = $1 AND n.id = $2)"};
    return tx.one<Notice>(sql, home(id), id, reader);
}

void mark_read(Tx& tx, std::int64_t notice, AccountId account, Instant now) {
    constexpr Sql sql{"flow.mark_read", R"(
        INSERT INTO flow_read (county, notice, account, read_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (county, notice, account) DO NOTHING)"};
    tx.post(sql, home(notice), notice, account, now);
}

}  // namespace linli::flow
