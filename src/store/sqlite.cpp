// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite.hpp"

#include "store/jobs.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace linli::store {

namespace {

constexpr std::size_t statements_kept = 400;
constexpr int patience_ms = 5000;

class SqliteRow final : public Row {
 public:
    explicit SqliteRow(sqlite3_stmt* statement) : m_statement(statement) {}
    int columns() const override { return sqlite3_column_count(m_statement); }
    bool null(int column) const override {
        return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
    }
    std::int64_t integer(int column) const override {
        return sqlite3_column_int64(m_statement, column);
    }
    double real(int column) const override { return sqlite3_column_double(m_statement, column); }
    std::string_view text(int column) const override {
        const auto* data = static_cast<const char*>(sqlite3_column_blob(m_statement, column));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column));
        return data ? std::string_view(data, size) : std::string_view();
    }
    std::string bytes(int column) const override { return std::string(text(column)); }

 private:
    sqlite3_stmt* m_statement;
};

[[noreturn]] void throw_error(int code, const std::string& message) {
    switch (code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
            throw ConstraintError(ConstraintError::Kind::unique, message);
        case SQLITE_CONSTRAINT_FOREIGNKEY:
            throw ConstraintError(ConstraintError::Kind::foreign_key, message);
        case SQLITE_CONSTRAINT_CHECK:
            throw ConstraintError(ConstraintError::Kind::check, message);
        case SQLITE_CONSTRAINT_NOTNULL:
            throw ConstraintError(ConstraintError::Kind::not_null, message);
        case SQLITE_IOERR_SHMSIZE:
            throw DiskFull(message);
        case SQLITE_IOERR_READ:
        case SQLITE_IOERR_SHORT_READ:
        case SQLITE_IOERR_NOMEM:
            throw Unreachable(message);
        default:
            break;
    }
    switch (code & 0xff) {
        case SQLITE_FULL:
            throw DiskFull(message);
        case SQLITE_IOERR:
            throw DiskFailed(message);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_CANTOPEN:
        case SQLITE_NOMEM:
            throw Unreachable(message);
        default:
            throw std::runtime_error(message);
    }
}

}  // namespace

struct SqliteConnection::Statement {
    sqlite3_stmt* handle = nullptr;
    std::vector<int> positions;  ///< of `$1`, `$2`, ... among the parameters of SQLite
    bool busy = false;

    Statement() = default;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { sqlite3_finalize(handle); }
};

/// Resets a statement at the end of each query: one that stays open would pin the snapshot.
class SqliteConnection::Use {
 public:
    explicit Use(Statement& statement) : m_statement(statement) { m_statement.busy = true; }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() {
        sqlite3_reset(m_statement.handle);
        sqlite3_clear_bindings(m_statement.handle);
        m_statement.busy = false;
    }

 private:
    Statement& m_statement;
};

SqliteConnection::SqliteConnection(const std::string& path, const std::string& vfs) {
    constexpr int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(path.c_str(), &m_db, flags, vfs.empty() ? nullptr : vfs.c_str()) !=
        SQLITE_OK) {
        const std::string why = m_db ? sqlite3_errmsg(m_db) : "out of memory";
        sqlite3_close(m_db);
        throw std::runtime_error("cannot open the database file " + path + ": " + why);
    }
    sqlite3_busy_timeout(m_db, patience_ms);
    sqlite3_wal_hook(
        m_db,
        [](void* self, sqlite3*, const char*, int pages) {
            static_cast<SqliteConnection*>(self)->m_wal_pages = pages;
            return SQLITE_OK;
        },
        this
    );
}

SqliteConnection::~SqliteConnection() {
    m_statements.clear();
    sqlite3_close(m_db);
}

void SqliteConnection::fail(std::string_view what) {
    const int code = sqlite3_extended_errcode(m_db);
    try {
        throw_error(code, std::string(what) + ": " + sqlite3_errmsg(m_db));
    } catch (...) {
        m_error = std::current_exception();
        throw;
    }
}

void SqliteConnection::script(const std::string& sql) {
    if (m_error) {
        std::rethrow_exception(m_error);
    }
    ++m_attempts_to_write;
    if (sqlite3_exec(m_db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        fail("script");
    }
}

SqliteConnection::Statement& SqliteConnection::prepare(
    const Sql& sql, std::unique_ptr<Statement>& spare
) {
    if (m_statements.size() > statements_kept) {
        std::erase_if(m_statements, [](const auto& kept) { return !kept.second->busy; });
    }
    auto found = m_statements.find(sql.text);
    if (found == m_statements.end()) {
        found = m_statements.emplace(sql.text, nullptr).first;
    }
    auto& kept = found->second;
    const bool in_use = kept && kept->busy;
    if (kept && !in_use) {
        return *kept;
    }
    auto fresh = std::make_unique<Statement>();
    const int size = static_cast<int>(sql.text.size());
    if (sqlite3_prepare_v3(
            m_db, sql.text.data(), size, SQLITE_PREPARE_PERSISTENT, &fresh->handle, nullptr
        ) != SQLITE_OK) {
        if (!kept) {
            m_statements.erase(found);
        }
        fail(sql.name);
    }
    const int count = sqlite3_bind_parameter_count(fresh->handle);
    for (int i = 1; i <= count; ++i) {
        const char* name = sqlite3_bind_parameter_name(fresh->handle, i);
        const std::size_t number = name && *name == '$' ? std::stoul(name + 1) : 0;
        if (number == 0) {
            throw std::logic_error(std::string(sql.name) + ": parameters are written $1, $2, ...");
        }
        fresh->positions.resize(std::max(fresh->positions.size(), number));
        fresh->positions[number - 1] = i;
    }
    auto& place = in_use ? spare : kept;
    place = std::move(fresh);
    return *place;
}

void SqliteConnection::bind(
    const Statement& statement, const Sql& sql, std::span<const Param> params
) {
    if (statement.positions.size() > params.size()) {
        throw std::logic_error(std::string(sql.name) + ": a parameter is not bound");
    }
    for (std::size_t i = 0; i < statement.positions.size(); ++i) {
        const int at = statement.positions[i];
        if (at == 0) {
            continue;  // a number that the text leaves out
        }
        const auto& value = params[i].value();
        int code = SQLITE_OK;
        if (const auto* n = std::get_if<std::int64_t>(&value)) {
            code = sqlite3_bind_int64(statement.handle, at, *n);
        } else if (const auto* d = std::get_if<double>(&value)) {
            code = sqlite3_bind_double(statement.handle, at, *d);
        } else if (const auto* t = std::get_if<std::string_view>(&value)) {
            refuse_nul(*t, sql.name);
            const char* data = t->data() ? t->data() : "";
            code = sqlite3_bind_text64(
                statement.handle, at, data, t->size(), SQLITE_STATIC, SQLITE_UTF8
            );
        } else if (const auto* b = std::get_if<Bytes>(&value)) {
            const char* data = b->data.data() ? b->data.data() : "";
            code = sqlite3_bind_blob64(statement.handle, at, data, b->data.size(), SQLITE_STATIC);
        }
        if (code != SQLITE_OK) {
            fail(sql.name);
        }
    }
}

std::int64_t SqliteConnection::execute(const Sql& sql, std::span<const Param> params) {
    query(sql, params, [](const Row&) { return true; });
    return sqlite3_changes64(m_db);
}

void SqliteConnection::query(
    const Sql& sql, std::span<const Param> params, const std::function<bool(const Row&)>& f
) {
    if (m_error) {
        std::rethrow_exception(m_error);
    }
    const SlowStatement watch(sql.name);
    std::unique_ptr<Statement> spare;
    auto& statement = prepare(sql, spare);
    Use use(statement);
    bind(statement, sql, params);
    if (!sqlite3_stmt_readonly(statement.handle)) {
        ++m_attempts_to_write;
    }
    SqliteRow row(statement.handle);
    bool wanted = true;
    int code = sqlite3_step(statement.handle);
    while (code == SQLITE_ROW) {
        wanted = wanted && f(row);
        if (!wanted && sqlite3_stmt_readonly(statement.handle)) {
            return;
        }
        code = sqlite3_step(statement.handle);
    }
    if (code != SQLITE_DONE) {
        fail(sql.name);
    }
}

std::int64_t SqliteConnection::integer(const std::string& sql) {
    std::int64_t value = 0;
    query({"store.integer", sql}, {}, [&](const Row& row) {
        value = row.integer(0);
        return false;
    });
    return value;
}

bool SqliteConnection::in_transaction() const {
    return sqlite3_get_autocommit(m_db) == 0;
}

void SqliteConnection::checkpoint() {
    const int code =
        sqlite3_wal_checkpoint_v2(m_db, nullptr, SQLITE_CHECKPOINT_PASSIVE, &m_wal_pages, nullptr);
    if ((code & 0xff) == SQLITE_IOERR) {
        fail("checkpoint");
    }
}

void SqliteConnection::restart_log() {
    constexpr int restart_patience_ms = 250;
    sqlite3_busy_timeout(m_db, restart_patience_ms);
    const int code =
        sqlite3_wal_checkpoint_v2(m_db, nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
    sqlite3_busy_timeout(m_db, patience_ms);
    if ((code & 0xff) == SQLITE_IOERR) {
        fail("checkpoint");
    }
    if (code == SQLITE_OK) {
        m_wal_pages = 0;
    }
}

}  // namespace linli::store
