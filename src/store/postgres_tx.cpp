// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_tx.hpp"

namespace linli::store {

namespace {

/// Types are named differently in schema steps alone.
std::string translate(std::string sql) {
    constexpr std::string_view theirs = "BLOB", ours = "BYTEA";
    auto in_word = [&](std::size_t at) {
        return at < sql.size() && (std::isalnum(sql[at]) || sql[at] == '_');
    };
    for (std::size_t at = 0; (at = sql.find(theirs, at)) != std::string::npos; at += ours.size()) {
        if (!in_word(at + theirs.size()) && (at == 0 || !in_word(at - 1))) {
            sql.replace(at, theirs.size(), ours);
        }
    }
    return sql;
}

}  // namespace

std::int64_t PgIds::ask(const Sql& sql, std::span<const Param> params) {
    std::lock_guard lock(m_slot_mutex);
    auto& connection = m_slot.ready();
    std::int64_t end = 0;
    try {
        connection.queue(sql, params, 0);
        each_row(connection.collect(), [&](const Row& row) {
            end = row.integer(0);
            return false;
        });
    } catch (const PgFailed& failed) {
        failed.rethrow();
    }
    return end;
}

std::int64_t PgIds::next_id(County county) {
    return m_ids.next_id(county, [this](County of, std::int64_t from) {
        const Param params[] = {of, from, Ids::lease_ms};
        return ask(Ids::lease_time_sql, params);
    });
}

std::int64_t PgIds::next_number(County county, const std::string& sequence) {
    return m_ids.next_number(county, sequence, [this](County of, const std::string& name) {
        const Param params[] = {of, name, Ids::block};
        return ask(Ids::lease_numbers_sql, params);
    });
}

PgIds& PgTx::writing() {
    if (!m_ids) {
        throw std::logic_error("a reading transaction makes no ids");
    }
    return *m_ids;
}

/// Runs what speaks with the server. After a failure the transaction is spoilt for good.
template <class F>
auto PgTx::guarded(F&& f) {
    if (m_error) {
        std::rethrow_exception(m_error);
    }
    try {
        return f();
    } catch (const PgFailed& failed) {
        try {
            if (failed.owner != m_owner) {
                m_spoilt = std::make_exception_ptr(GroupSpoilt());
                throw GroupSpoilt();
            }
            m_spoilt = std::current_exception();
            failed.rethrow();
        } catch (...) {
            m_error = std::current_exception();
            throw;
        }
    } catch (const Unreachable&) {
        m_spoilt = m_error = std::current_exception();
        throw;
    }
}

void PgTx::begin_reading() {
    if (!m_ids && !m_begun) {
        m_begun = true;
        m_connection.queue(
            {"store.begin_read", "BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ"}, {}, m_owner
        );
    }
}

std::int64_t PgTx::execute(const Sql& sql, std::span<const Param> params) {
    return guarded([&] {
        begin_reading();
        m_connection.queue(sql, params, m_owner);
        return rows_changed(m_connection.collect());
    });
}

void PgTx::defer(const Sql& sql, std::span<const Param> params) {
    guarded([&] {
        begin_reading();
        m_connection.queue(sql, params, m_owner);
    });
}

void PgTx::query(
    const Sql& sql, std::span<const Param> params, const std::function<bool(const Row&)>& f
) {
    const auto result = guarded([&] {
        begin_reading();
        m_connection.queue(sql, params, m_owner);
        return m_connection.collect();
    });
    each_row(result, f);
}

void PgTx::script(const std::string& sql) {
    guarded([&] {
        begin_reading();
        m_connection.script(translate(sql), m_owner);
    });
}

}  // namespace linli::store
