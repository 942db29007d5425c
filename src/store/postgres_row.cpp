// SPDX-License-Identifier: Apache-2.0
/// Rows of PostgreSQL, in text format, and connections that come back.
#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/text.hpp"
#include "store/postgres.hpp"

namespace linli::store {

namespace {

constexpr Oid bytea_type = 17;

template <class T>
T number_of(std::string_view text) {
    T value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

class PgRow final : public Row {
 public:
    PgRow(const PGresult* result)
        : m_result(result), m_unescaped(static_cast<std::size_t>(PQnfields(result))) {}
    void move_to(int row) {
        m_row = row;
        if (m_any_unescaped) {
            std::fill(m_unescaped.begin(), m_unescaped.end(), std::nullopt);
            m_any_unescaped = false;
        }
    }
    int columns() const override { return PQnfields(m_result); }
    bool null(int column) const override { return PQgetisnull(m_result, m_row, column) != 0; }
    std::int64_t integer(int column) const override { return number_of<std::int64_t>(raw(column)); }
    double real(int column) const override { return number_of<double>(raw(column)); }
    std::string_view text(int column) const override {
        if (PQftype(m_result, column) != bytea_type) {
            return raw(column);
        }
        auto& kept = m_unescaped[static_cast<std::size_t>(column)];
        if (!kept) {
            constexpr std::size_t prefix = 2;  // "\x"
            const auto hex = raw(column);
            kept = hex.size() > prefix ? from_hex(hex.substr(prefix)) : std::string();
            m_any_unescaped = true;
        }
        return *kept;
    }
    std::string bytes(int column) const override { return std::string(text(column)); }

 private:
    std::string_view raw(int column) const {
        return {
            PQgetvalue(m_result, m_row, column),
            static_cast<std::size_t>(PQgetlength(m_result, m_row, column))};
    }
    const PGresult* m_result;
    int m_row = 0;
    mutable std::vector<std::optional<std::string>> m_unescaped;
    mutable bool m_any_unescaped = false;
};

}  // namespace

void each_row(const PgResult& result, const std::function<bool(const Row&)>& f) {
    PgRow row(result.get());
    const int rows = PQntuples(result.get());
    for (int i = 0; i < rows; ++i) {
        row.move_to(i);
        if (!f(row)) {
            return;
        }
    }
}

std::int64_t rows_changed(const PgResult& result) {
    return number_of<std::int64_t>(PQcmdTuples(result.get()));
}

std::string_view command_of(const PgResult& result) {
    return PQcmdStatus(result.get());
}

PgConnection& PgSlot::ready() {
    if (m_connection && m_connection->alive()) {
        return *m_connection;
    }
    m_connection.reset();
    auto now = [] {
        const auto since = std::chrono::steady_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
    };
    if (now() < m_try_at_ms) {
        throw Unreachable("PostgreSQL is away; the next attempt follows shortly");
    }
    try {
        m_connection = std::make_unique<PgConnection>(m_url, m_patience);
        m_pause_ms = 0;
    } catch (const Unreachable&) {
        constexpr std::int64_t first_ms = 50, most_ms = 2000;
        m_pause_ms = std::clamp(m_pause_ms * 2, first_ms, most_ms);
        m_try_at_ms = now() + m_pause_ms;
        throw;
    }
    return *m_connection;
}

}  // namespace linli::store
