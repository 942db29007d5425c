// SPDX-License-Identifier: Apache-2.0
#pragma once
/// One SQLite connection with its prepared statements. Internal to the store; one thread at a time.
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/store.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace linli::store {

/// The disk failed: what SQLite holds in memory and what is on the disk may differ (C76).
class DiskFailed : public Unreachable {
    using Unreachable::Unreachable;
};

/// Lets a map be asked with a view, without a copy of the text.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};

class SqliteConnection {
 public:
    SqliteConnection(const std::string& path, const std::string& vfs);
    ~SqliteConnection();
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    /// Statements separated by semicolons, not kept.
    void script(const std::string& sql);
    std::int64_t execute(const Sql& sql, std::span<const Param> params);
    void query(
        const Sql& sql, std::span<const Param> params, const std::function<bool(const Row&)>& f
    );
    std::int64_t integer(const std::string& sql
    );  ///< first column of the first row of a pragma or query
    bool in_transaction() const;
    /// Counts statements that may have written, whether they succeeded or not.
    std::uint64_t attempts_to_write() const { return m_attempts_to_write; }
    /// Pages in the write-ahead log after the last commit of this connection.
    int wal_pages() const { return m_wal_pages; }
    /// Copies what it can from the write-ahead log into the database without waiting for anybody.
    /// Throws DiskFailed; any other obstacle is left to the next time.
    void checkpoint();
    /// Waits, a quarter of a second at most, for readers of older states, copies everything, and
    /// lets the log begin anew. Throws like `checkpoint`.
    void restart_log();

    /// The first error since `forget_error`: statements after it are refused with it.
    const std::exception_ptr& error() const { return m_error; }
    void forget_error() { m_error = nullptr; }

 private:
    struct Statement;
    class Use;
    Statement& prepare(const Sql& sql, std::unique_ptr<Statement>& spare);
    void bind(const Statement& statement, const Sql& sql, std::span<const Param> params);
    [[noreturn]] void fail(std::string_view what);

    sqlite3* m_db = nullptr;
    std::unordered_map<std::string, std::unique_ptr<Statement>, TextHash, std::equal_to<>>
        m_statements;
    std::exception_ptr m_error;
    int m_wal_pages = 0;
    std::uint64_t m_attempts_to_write = 0;
};

}  // namespace linli::store
