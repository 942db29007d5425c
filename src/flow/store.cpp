// SPDX-License-Identifier: Apache-2.0
#include "flow/store.hpp"

#include <algorithm>

namespace linli::flow {

using store::Sql;
using store::Tx;

std::optional<Work> find_work(Tx& tx, RecordId id) {
    constexpr Sql sql{"flow.find_work", R"(
        SELECT id, kind, number, title, area, subdistrict, community, grid, state, flow_version, unit, filed_by, about,
               rank, due_at, clock, raised_to, asks, choice, since, created_at
          FROM flow_work WHERE county = $1 AND id = $2)"};
    return tx.one<Work>(sql, home(id), id);
}

void insert_work(Tx& tx, const Work& w) {
    constexpr Sql sql{"flow.insert_work", R"(
        INSERT INTO flow_work (county, id, kind, number, title, area, subdistrict, community, grid, state, flow_version,
                               unit, filed_by, about, rank, due_at, clock, raised_to, asks, choice, since, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22))"};
    tx.post(
        sql, home(w.id), w.id, w.kind, w.number, w.title, w.area, w.subdistrict, w.community,
        w.grid, w.state, w.flow_version, w.unit, w.filed_by, w.about, w.rank, w.due_at, w.clock,
        w.raised_to, w.asks, w.choice, w.since, w.created_at
    );
}

void update_work(Tx& tx, const Work& w) {
    constexpr Sql sql{"flow.update_work", R"(
        UPDATE flow_work SET title = $3, area = $4, subdistrict = $5, community = $6, grid = $7, state = $8, unit = $9,
                             about = $10, rank = $11, due_at = $12, clock = $13, asks = $14, choice = $15, since = $16
         WHERE county = $1 AND id = $2)"};
    tx.post(
        sql, home(w.id), w.id, w.title, w.area, w.subdistrict, w.community, w.grid, w.state, w.unit,
        w.about, w.rank, w.due_at, w.clock, w.asks, w.choice, w.since
    );
}

void delete_work(Tx& tx, RecordId id) {
    constexpr Sql sql{"flow.delete_work", "DELETE FROM flow_work WHERE county = $1 AND id = $2"};
    tx.post(sql, home(id), id);
}

void refile_work(Tx& tx, RecordId id, const area::Filing& to) {
    constexpr Sql work{"flow.refile_work", R"(
        UPDATE flow_work SET area = $3, subdistrict = $4, community = $5, grid = $6 WHERE county = $1 AND id = $2)"};
    constexpr Sql clocks{"flow.refile_clocks", R"(
        UPDATE flow_clock SET area = $3, subdistrict = $4, community = $5, grid = $6
         WHERE county = $1 AND record = $2 AND stopped_at IS NULL)"};
    tx.post(work, home(id), id, to.area, to.subdistrict, to.community, to.grid);
    tx.post(clocks, home(id), id, to.area, to.subdistrict, to.community, to.grid);
}

void raise_work(Tx& tx, RecordId id, AreaId to) {
    constexpr Sql sql{
        "flow.raise_work", "UPDATE flow_work SET raised_to = $3 WHERE county = $1 AND id = $2"};
    tx.post(sql, home(id), id, to);
}

std::optional<Done> find_done(Tx& tx, const RecordRef& record) {
    constexpr Sql sql{"flow.find_done", R"(
        SELECT area, state, unit, filed_by, about, created_at, closed_at, withdrawn
          FROM flow_done WHERE county = $1 AND id = $2 AND kind = $3)"};
    return tx.one<Done>(sql, home(record.id), record.id, record.kind);
}

void insert_done(
    Tx& tx, const Work& w, std::optional<std::int64_t> rating, Instant now, bool withdrawn
) {
    constexpr Sql sql{"flow.insert_done", R"(
        INSERT INTO flow_done (county, id, kind, area, subdistrict, community, grid, state, unit, filed_by, about, choice,
                               rating, created_at, closed_at, withdrawn)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16))"};
    tx.post(
        sql, home(w.id), w.id, w.kind, w.area, w.subdistrict, w.community, w.grid, w.state, w.unit,
        w.filed_by, w.about, w.choice, rating, w.created_at, now, withdrawn
    );
}

void delete_done(Tx& tx, RecordId id) {
    constexpr Sql sql{"flow.delete_done", "DELETE FROM flow_done WHERE county = $1 AND id = $2"};
    tx.post(sql, home(id), id);
}

namespace {
void add_party(Tx& tx, const RecordRef& record, UnitId unit, const char* role) {
    constexpr Sql sql{"flow.insert_party", R"(
        INSERT INTO flow_party (county, record, unit, role, kind, open) VALUES ($1, $2, $3, $4, $5, 1))"};
    tx.post(sql, home(record.id), record.id, unit, role, record.kind);
}
}  // namespace

void add_lead(Tx& tx, const RecordRef& record, UnitId lead) {
    if (lead) {
        add_party(tx, record, lead, "lead");
    }
}

void put_parties(
    Tx& tx, const RecordRef& record, UnitId lead, const std::vector<UnitId>& assisting
) {
    constexpr Sql clear{
        "flow.clear_parties", "DELETE FROM flow_party WHERE county = $1 AND record = $2"};
    tx.post(clear, home(record.id), record.id);
    add_lead(tx, record, lead);
    for (const auto unit : assisting) {
        add_party(tx, record, unit, "assist");
    }
}

void open_parties(Tx& tx, RecordId record, bool open) {
    constexpr Sql sql{"flow.open_parties", R"(
        UPDATE flow_party SET open = $3 WHERE county = $1 AND record = $2 AND role = 'assist')"};
    tx.post(sql, home(record), record, open);
}

bool assists(Tx& tx, RecordId record, UnitId unit) {
    constexpr Sql sql{"flow.assists", R"(
        SELECT unit FROM flow_party WHERE county = $1 AND record = $2 AND unit = $3 AND role = 'assist')"};
    return tx.one<UnitId>(sql, home(record), record, unit).has_value();
}

std::vector<Clock> find_clocks(Tx& tx, RecordId record) {
    constexpr Sql sql{"flow.find_clocks", R"(
        SELECT id, name, state, limit_text, calendar, started_at, since, left_ms, due_at, breached_at, stopped_at,
               paused_ms, fired
          FROM flow_clock WHERE county = $1 AND record = $2 ORDER BY id)"};
    std::vector<Clock> newest;
    for (auto& clock : tx.all<Clock>(sql, home(record), record)) {
        const auto same = [&](const Clock& other) { return other.name == clock.name; };
        newest.erase(std::remove_if(newest.begin(), newest.end(), same), newest.end());
        newest.push_back(std::move(clock));
    }
    return newest;
}

std::optional<Clock> find_clock(Tx& tx, RecordId record, std::int64_t clock) {
    constexpr Sql sql{"flow.find_clock", R"(
        SELECT id, name, state, limit_text, calendar, started_at, since, left_ms, due_at, breached_at, stopped_at,
               paused_ms, fired
          FROM flow_clock WHERE county = $1 AND record = $2 AND id = $3)"};
    return tx.one<Clock>(sql, home(record), record, clock);
}

void insert_clock(Tx& tx, const Work& w, Clock& c) {
    constexpr Sql sql{"flow.insert_clock", R"(
        INSERT INTO flow_clock (county, record, id, kind, name, state, limit_text, calendar, started_at, since, left_ms,
                                fired, due_at, breached_at, stopped_at, paused_ms, area, subdistrict, community, grid, unit)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21))"};
    c.id = tx.new_id(home(w.id));
    tx.post(
        sql, home(w.id), w.id, c.id, w.kind, c.name, c.state, c.limit, c.calendar, c.started_at,
        c.since, c.left_ms, c.fired, c.due_at, c.breached_at, c.stopped_at, c.paused_ms, w.area,
        w.subdistrict, w.community, w.grid, w.unit
    );
}

void update_clock(Tx& tx, const Work& w, const Clock& c, std::optional<bool> on_time) {
    // A breach that the scheduler wrote meanwhile stays.
    constexpr Sql sql{"flow.update_clock", R"(
        UPDATE flow_clock SET state = $4, limit_text = $5, calendar = $6, since = $7, left_ms = $8, due_at = $9,
                              breached_at = COALESCE(breached_at, $10), stopped_at = $11, paused_ms = $12, on_time = $13,
                              took_ms = $14, area = $15, subdistrict = $16, community = $17, grid = $18, unit = $19
         WHERE county = $1 AND record = $2 AND id = $3)"};
    const auto took =
        on_time && c.stopped_at ? std::optional(*c.stopped_at - w.created_at) : std::nullopt;
    tx.post(
        sql, home(w.id), w.id, c.id, c.state, c.limit, c.calendar, c.since, c.left_ms, c.due_at,
        c.breached_at, c.stopped_at, c.paused_ms, on_time, took, w.area, w.subdistrict, w.community,
        w.grid, w.unit
    );
}

void uncount_stop(Tx& tx, RecordId record, std::int64_t clock) {
    constexpr Sql sql{"flow.uncount_stop", R"(
        UPDATE flow_clock SET on_time = NULL, took_ms = NULL WHERE county = $1 AND record = $2 AND id = $3)"};
    tx.post(sql, home(record), record, clock);
}

void set_fired(Tx& tx, RecordId record, const Clock& c) {
    constexpr Sql sql{"flow.set_fired", R"(
        UPDATE flow_clock SET fired = $4, breached_at = COALESCE(breached_at, $5)
         WHERE county = $1 AND record = $2 AND id = $3)"};
    tx.post(sql, home(record), record, c.id, c.fired, c.breached_at);
}

void insert_pause(
    Tx& tx, RecordId record, std::int64_t clock, Instant from, std::optional<Instant> to
) {
    constexpr Sql sql{"flow.insert_pause", R"(
        INSERT INTO flow_pause (county, clock, from_at, to_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (county, clock, from_at) DO UPDATE SET to_at = excluded.to_at)"};
    tx.post(sql, home(record), clock, from, to);
}

void end_pause(Tx& tx, RecordId record, std::int64_t clock, Instant to) {
    constexpr Sql sql{"flow.end_pause", R"(
        UPDATE flow_pause SET to_at = $3 WHERE county = $1 AND clock = $2 AND to_at IS NULL)"};
    tx.post(sql, home(record), clock, to);
}

std::vector<Span> find_pauses(Tx& tx, RecordId record, std::int64_t clock) {
    constexpr Sql sql{"flow.find_pauses", R"(
        SELECT from_at, to_at FROM flow_pause WHERE county = $1 AND clock = $2 ORDER BY from_at)"};
    std::vector<Span> spans;
    tx.each(
        sql,
        [&](const store::Row& row) {
            Span span{{row.integer(0)}, {}};
            store::read_column(row, 1, span.to);
            spans.push_back(span);
            return true;
        },
        home(record), clock
    );
    return spans;
}

void insert_step(Tx& tx, const RecordRef& record, const Step& s) {
    constexpr Sql sql{"flow.insert_step", R"(
        INSERT INTO flow_step (county, record, id, kind, action, state_before, state_after, at, account, as_role, unit)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))"};
    const auto county = home(record.id);
    tx.post(
        sql, county, record.id, tx.new_id(county), record.kind, s.action, s.state_before,
        s.state_after, s.at, s.account, s.as, s.unit
    );
}

int count_steps(Tx& tx, RecordId record, const std::string& action) {
    constexpr Sql sql{"flow.count_steps", R"(
        SELECT COUNT(*) FROM flow_step WHERE county = $1 AND record = $2 AND action = $3)"};
    return tx.one<int>(sql, home(record), record, action).value_or(0);
}

std::optional<Instant> last_step(Tx& tx, RecordId record, const std::string& action) {
    constexpr Sql sql{"flow.last_step", R"(
        SELECT at FROM flow_step WHERE county = $1 AND record = $2 AND action = $3 ORDER BY at DESC LIMIT 1)"};
    return tx.one<Instant>(sql, home(record), record, action);
}

}  // namespace linli::flow
