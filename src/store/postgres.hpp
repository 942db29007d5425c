// SPDX-License-Identifier: Apache-2.0
#pragma once
/// One PostgreSQL connection in pipeline mode. Internal to the store; one thread at a time.
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/store.hpp"

struct pg_conn;
struct pg_result;

namespace linli::store {

struct PgResultDeleter {
    void operator()(pg_result* result) const;
};
using PgResult = std::unique_ptr<pg_result, PgResultDeleter>;

/// A statement that PostgreSQL refused. `owner` is the number given when it was queued.
struct PgFailed : std::runtime_error {
    PgFailed(int by, std::string sqlstate, const std::string& message)
        : std::runtime_error(message), owner(by), state(std::move(sqlstate)) {}
    int owner;
    std::string state;
    /// Deadlock, serialization failure, a lock not had in time, a plan grown stale: the work may be
    /// run again.
    bool again() const;
    /// Throws the error of the store's interface that it stands for.
    [[noreturn]] void rethrow() const;
};

/// How long to wait for an answer; the statement itself may take less time. 0 = no limit.
struct PgPatience {
    int silence_ms = 20'000, statement_ms = 0;
};

class PgConnection {
 public:
    /// Throws Unreachable.
    explicit PgConnection(const std::string& url, PgPatience patience = {});
    ~PgConnection();
    PgConnection(const PgConnection&) = delete;
    PgConnection& operator=(const PgConnection&) = delete;

    /// Queues a statement; it is sent with the next `collect` at the latest. Throws PgFailed if
    /// what was queued before had to be collected for lack of room and failed.
    void queue(const Sql& sql, std::span<const Param> params, int owner);
    /// Sends what is queued and waits for all answers: that of the last statement, or the first
    /// failure as PgFailed, or Unreachable if the connection is lost. Statements after a failed one
    /// were not run.
    PgResult collect();
    /// Sends what is queued; the answers are taken, and ignored, before the next statement.
    void send_off();
    /// Several statements without parameters; throws PgFailed.
    void script(const std::string& sql, int owner);

    /// False if the server has closed the connection, as far as can be known without asking it.
    bool alive();
    bool lost() const { return m_lost; }
    bool in_transaction() const;

 private:
    struct Prepared {
        std::string name;
        bool known = false;  ///< the server has confirmed it
    };
    struct Awaited {
        enum Kind { preparation, statement, end } kind;
        int owner;
        std::string key;  ///< of m_prepared, for a preparation
        std::string_view name;
    };
    void prepare_session();
    Prepared& prepare(
        const Sql& sql, const std::string& key, std::span<const Param> params, int owner
    );
    void end_segment();
    PgResult drain();
    PgResult next_result();
    void wait_for_answer();
    void settle();
    void forget_statements();
    [[noreturn]] void lose();
    [[noreturn]] void lose(const std::string& why);

    pg_conn* m_connection = nullptr;
    PgPatience m_patience;
    std::unordered_map<std::string, Prepared> m_prepared;
    std::deque<Awaited> m_awaited;
    bool m_sent_off = false, m_lost = false, m_stale = false;
    std::int64_t m_names = 0;
};

/// A place for a connection that is opened at need and again after a loss, with a pause that grows
/// while the server is away: meanwhile callers get Unreachable at once.
class PgSlot {
 public:
    PgSlot(std::string url, PgPatience patience) : m_url(std::move(url)), m_patience(patience) {}
    PgConnection& ready();

 private:
    std::string m_url;
    PgPatience m_patience;
    std::unique_ptr<PgConnection> m_connection;
    std::int64_t m_try_at_ms = 0, m_pause_ms = 0;  ///< of a steady clock
};

/// Calls `f` for each row until it returns false.
void each_row(const PgResult& result, const std::function<bool(const Row&)>& f);
std::int64_t rows_changed(const PgResult& result);
/// The command as the server names it: "COMMIT", "ROLLBACK", ...
std::string_view command_of(const PgResult& result);

}  // namespace linli::store
