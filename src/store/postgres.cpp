// SPDX-License-Identifier: Apache-2.0
#include "store/postgres.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "store/jobs.hpp"

namespace linli::store {

namespace {

constexpr std::size_t statements_kept = 400;
/// Answers awaited at most: they fit the socket's buffers, so neither side waits for the other to
/// read.
constexpr std::size_t awaited_most = 200;
constexpr Oid int8_type = 20, float8_type = 701, bytea_type = 17;

/// Parameters in the shape libpq wants them. Texts are copied for their closing zero.
class PgParams {
 public:
    PgParams(const Sql& sql, std::span<const Param> params) {
        std::size_t room = 0;
        for (const auto& param : params) {
            const auto* text = std::get_if<std::string_view>(&param.value());
            room += (text ? text->size() : 0) + number_room;
        }
        m_texts.reserve(room);
        for (const auto& param : params) {
            add(sql, param.value());
        }
    }
    int count() const { return static_cast<int>(m_values.size()); }
    const char* const* values() const { return m_values.data(); }
    const int* lengths() const { return m_lengths.data(); }
    const int* formats() const { return m_formats.data(); }

 private:
    static constexpr std::size_t number_room = 33;
    void add(const Sql& sql, const Param::Any& value) {
        const char* at = m_texts.data() + m_texts.size();
        int format = 0;
        std::size_t length = 0;
        char digits[number_room];
        auto put_number = [&](auto number) {
            m_texts.append(digits, std::to_chars(digits, digits + sizeof digits - 1, number).ptr);
        };
        if (const auto* n = std::get_if<std::int64_t>(&value)) {
            put_number(*n);
        } else if (const auto* d = std::get_if<double>(&value)) {
            put_number(*d);
        } else if (const auto* t = std::get_if<std::string_view>(&value)) {
            refuse_nul(*t, sql.name);
            m_texts.append(*t);
        } else if (const auto* b = std::get_if<Bytes>(&value)) {
            at = b->data.data() ? b->data.data() : "";
            length = b->data.size();
            format = 1;
        } else {
            at = nullptr;
        }
        m_texts += '\0';
        m_values.push_back(at);
        m_lengths.push_back(static_cast<int>(length));
        m_formats.push_back(format);
    }
    std::string m_texts;
    std::vector<const char*> m_values;
    std::vector<int> m_lengths, m_formats;
};

/// Whole numbers, reals and bytes say their type; the type of texts and nulls is inferred from
/// where they stand.
Oid type_of(const Param& param) {
    const auto& value = param.value();
    return std::holds_alternative<std::int64_t>(value) ? int8_type
           : std::holds_alternative<double>(value)     ? float8_type
           : std::holds_alternative<Bytes>(value)      ? bytea_type
                                                       : 0;
}

std::string key_of(const Sql& sql, std::span<const Param> params) {
    std::string key;
    key.reserve(params.size() + 1 + sql.text.size());
    for (const auto& param : params) {
        key += static_cast<char>('0' + param.value().index());
    }
    key += ' ';
    key += sql.text;
    return key;
}

}  // namespace

void PgResultDeleter::operator()(pg_result* result) const {
    PQclear(result);
}

namespace {

bool met_another(std::string_view state) {
    return state == "40001" || state == "40P01" || state == "55P03";
}
bool statement_is_stale(std::string_view state) {
    return state == "0A000" || state == "26000";
}

}  // namespace

bool PgFailed::again() const {
    return met_another(state) || statement_is_stale(state);
}

void PgFailed::rethrow() const {
    using Kind = ConstraintError::Kind;
    const std::string message = what();
    if (state == "23505") {
        throw ConstraintError(Kind::unique, message);
    }
    if (state == "23503") {
        throw ConstraintError(Kind::foreign_key, message);
    }
    if (state == "23514") {
        throw ConstraintError(Kind::check, message);
    }
    if (state == "23502") {
        throw ConstraintError(Kind::not_null, message);
    }
    if (state == "53100") {
        throw DiskFull(message);
    }
    // out of resources, out of time, being shut down, an I/O error, or a standby that was the
    // primary
    if (met_another(state) || state == "57014" || state.starts_with("53") ||
        state.starts_with("57P") || state == "58030" || state == "25006") {
        throw Unreachable(message);
    }
    throw std::runtime_error(message);
}

PgConnection::PgConnection(const std::string& url, PgPatience patience) : m_patience(patience) {
    // what the URL says of these comes first
    const char* const keywords[] = {"tcp_user_timeout", "keepalives_idle",  "keepalives_interval",
                                    "keepalives_count", "dbname",           "client_encoding",
                                    "connect_timeout",  "application_name", nullptr};
    const char* const values[] = {"10000", "10", "3",     "3",    url.c_str(),
                                  "UTF8",  "5",  "linli", nullptr};
    m_connection = PQconnectdbParams(keywords, values, 1);
    if (PQstatus(m_connection) != CONNECTION_OK) {
        const std::string why = PQerrorMessage(m_connection);
        PQfinish(m_connection);
        throw Unreachable("cannot reach PostgreSQL: " + why);
    }
    PQsetNoticeProcessor(
        m_connection, [](void*, const char*) {}, nullptr
    );
    // The detail of an error holds values of the row.
    PQsetErrorVerbosity(m_connection, PQERRORS_TERSE);
    try {
        prepare_session();
    } catch (...) {
        PQfinish(m_connection);
        throw;
    }
}

void PgConnection::prepare_session() {
    PQenterPipelineMode(m_connection);
    script(
        "SET lock_timeout = '5s'; SET jit = off; SET client_min_messages = warning; SET timezone = "
        "'UTC'; SET statement_timeout = " +
            std::to_string(m_patience.statement_ms),
        0
    );
}

PgConnection::~PgConnection() {
    PQfinish(m_connection);
}

void PgConnection::lose() {
    lose(PQerrorMessage(m_connection));
}

void PgConnection::lose(const std::string& why) {
    m_lost = true;
    m_awaited.clear();
    throw Unreachable("the connection to PostgreSQL is lost: " + why);
}

bool PgConnection::in_transaction() const {
    return PQtransactionStatus(m_connection) != PQTRANS_IDLE;
}

bool PgConnection::alive() {
    if (m_lost) {
        return false;
    }
    pollfd socket{PQsocket(m_connection), POLLIN, 0};
    while (!m_lost && poll(&socket, 1, 0) > 0) {  // a farewell, then the end
        m_lost = PQconsumeInput(m_connection) == 0;
    }
    if (m_lost) {
        m_awaited.clear();
    }
    return !m_lost;
}

PgConnection::Prepared& PgConnection::prepare(
    const Sql& sql, const std::string& key, std::span<const Param> params, int owner
) {
    auto& prepared = m_prepared[key];
    if (prepared.name.empty()) {
        prepared.name = "s" + std::to_string(++m_names);
        std::vector<Oid> types;
        for (const auto& param : params) {
            types.push_back(type_of(param));
        }
        const std::string text(sql.text);
        if (!PQsendPrepare(
                m_connection, prepared.name.c_str(), text.c_str(), static_cast<int>(types.size()),
                types.data()
            )) {
            lose();
        }
        m_awaited.push_back({Awaited::preparation, owner, key, sql.name});
    }
    return prepared;
}

void PgConnection::queue(const Sql& sql, std::span<const Param> params, int owner) {
    if (m_lost) {
        lose();
    }
    settle();
    if (m_awaited.size() >= awaited_most) {
        collect();
    }
    if ((m_stale || m_prepared.size() > statements_kept) && m_awaited.empty() &&
        !in_transaction()) {
        forget_statements();
    }
    const PgParams shaped(sql, params);
    const auto& prepared = prepare(sql, key_of(sql, params), params, owner);
    constexpr int text_format = 0;
    if (!PQsendQueryPrepared(
            m_connection, prepared.name.c_str(), shaped.count(), shaped.values(), shaped.lengths(),
            shaped.formats(), text_format
        )) {
        lose();
    }
    m_awaited.push_back({Awaited::statement, owner, {}, sql.name});
}

void PgConnection::forget_statements() {
    m_stale = false;
    m_prepared.clear();
    script("DEALLOCATE ALL", 0);
}

void PgConnection::end_segment() {
    if (!PQpipelineSync(m_connection)) {
        lose();
    }
    m_awaited.push_back({Awaited::end, 0, {}, {}});
}

void PgConnection::send_off() {
    if (!m_awaited.empty()) {
        end_segment();
        m_sent_off = true;
    }
}

void PgConnection::settle() {
    if (m_sent_off) {
        m_sent_off = false;
        try {
            drain();
        } catch (const PgFailed&) {
            // the end of a reading transaction: its answers have been given
        }
    }
}

PgResult PgConnection::collect() {
    settle();
    if (m_lost) {
        lose();
    }
    if (m_awaited.empty()) {
        return {};
    }
    end_segment();
    return drain();
}

/// A machine that died or a network that swallows everything sends no farewell.
void PgConnection::wait_for_answer() {
    using Clock = std::chrono::steady_clock;
    const auto until = Clock::now() + std::chrono::milliseconds(m_patience.silence_ms);
    pollfd socket{PQsocket(m_connection), POLLIN, 0};
    while (PQisBusy(m_connection)) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
        if (m_patience.silence_ms > 0 && left <= 0) {
            lose("no answer within " + std::to_string(m_patience.silence_ms) + " ms");
        }
        const int wait = m_patience.silence_ms > 0 ? static_cast<int>(left) : -1;
        if (poll(&socket, 1, wait) > 0 && !PQconsumeInput(m_connection)) {
            lose();
        }
    }
}

PgResult PgConnection::next_result() {
    wait_for_answer();
    PgResult result(PQgetResult(m_connection));
    if (!result || PQstatus(m_connection) == CONNECTION_BAD) {
        lose();
    }
    return result;
}

PgResult PgConnection::drain() {
    const SlowStatement watch(m_awaited.empty() ? "" : m_awaited.front().name);
    PgResult last;
    std::optional<PgFailed> failure;
    while (!m_awaited.empty()) {
        const auto awaited = m_awaited.front();
        auto result = next_result();
        m_awaited.pop_front();
        if (awaited.kind == Awaited::end) {
            continue;
        }
        const auto status = PQresultStatus(result.get());
        const bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
        if (status == PGRES_FATAL_ERROR && !failure) {
            const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
            failure.emplace(
                awaited.owner, state ? state : "",
                std::string(awaited.name) + ": " + PQresultErrorMessage(result.get())
            );
            m_stale = m_stale || statement_is_stale(failure->state);
        }
        if (awaited.kind == Awaited::preparation && !good) {
            m_prepared.erase(awaited.key);
        } else if (awaited.kind == Awaited::statement && good) {
            last = std::move(result);
        }
        if (PQgetResult(m_connection) != nullptr) {
            lose();
        }
    }
    if (failure) {
        throw *failure;
    }
    return last;
}

void PgConnection::script(const std::string& sql, int owner) {
    collect();
    PQexitPipelineMode(m_connection);
    const PgResult result(PQexec(m_connection, sql.c_str()));
    if (PQstatus(m_connection) == CONNECTION_BAD) {
        lose();
    }
    PQenterPipelineMode(m_connection);
    if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR) {
        const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
        throw PgFailed(owner, state ? state : "", PQresultErrorMessage(result.get()));
    }
}

}  // namespace linli::store
