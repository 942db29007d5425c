// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The database: one Tx over SQLite and PostgreSQL, and the write engine (architecture §3).
///
/// SQLite: one writer thread runs each piece of work inside a savepoint, commits whatever has
/// queued, and only then calls the continuations; readers run in parallel on a snapshot each.
/// PostgreSQL: a few writer threads, each with its own connection, do the same; readers lease from
/// a pool.
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "store/memory.hpp"
#include "store/schema.hpp"
#include "store/sql.hpp"

namespace linli::store {

enum class Engine { sqlite, postgres };

/// What the engine refused, by class; anything else is a plain std::runtime_error.
class ConstraintError : public std::runtime_error {
 public:
    enum class Kind { unique, foreign_key, check, not_null };
    ConstraintError(Kind which, const std::string& what) : std::runtime_error(what), kind(which) {}
    Kind kind;
};
/// The database cannot be reached or is busy beyond patience: 503, tried again by the caller.
class Unreachable : public std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// No space left: 507; reads go on.
class DiskFull : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// One transaction, or one savepoint of a group. Used by one thread at a time; never kept beyond
/// the call. After an error of the engine it is spoilt: every further statement, and the work as a
/// whole, fails with that error.
class Tx {
 public:
    virtual ~Tx() = default;
    virtual Engine engine() const = 0;

    /// Rows changed.
    template <class... A>
    std::int64_t run(const Sql& sql, const A&... a) {
        const Param params[sizeof...(A) + 1] = {Param(a)...};
        return execute(sql, {params, sizeof...(A)});
    }
    /// Like `run`, but need not wait for the engine's answer (PostgreSQL pipelines it); an error
    /// shows at a later call or at the end of the transaction.
    template <class... A>
    void post(const Sql& sql, const A&... a) {
        const Param params[sizeof...(A) + 1] = {Param(a)...};
        defer(sql, {params, sizeof...(A)});
    }
    template <class T, class... A>
    std::optional<T> one(const Sql& sql, const A&... a) {
        std::optional<T> found;
        each(
            sql,
            [&](const Row& row) {
                found = read_row<T>(row);
                return false;
            },
            a...
        );
        return found;
    }
    template <class T, class... A>
    std::vector<T> all(const Sql& sql, const A&... a) {
        std::vector<T> found;
        each(
            sql,
            [&](const Row& row) {
                found.push_back(read_row<T>(row));
                return true;
            },
            a...
        );
        return found;
    }
    /// `f(row)` returns false to stop.
    template <class F, class... A>
    void each(const Sql& sql, F&& f, const A&... a) {
        const Param params[sizeof...(A) + 1] = {Param(a)...};
        query(sql, {params, sizeof...(A)}, f);
    }

    /// For the record engine, whose parameters are known at run time only.
    virtual std::int64_t execute(const Sql&, std::span<const Param>) = 0;
    virtual void defer(const Sql&, std::span<const Param>) = 0;
    virtual void
    query(const Sql&, std::span<const Param>, const std::function<bool(const Row&)>&) = 0;
    /// Several statements separated by semicolons, no parameters: schema steps alone.
    virtual void script(const std::string& sql) = 0;

    /// A fresh id of the county, ascending. Safe to use even if the transaction rolls back (gaps
    /// are fine).
    virtual std::int64_t new_id(County) = 0;
    /// The next number of a named sequence of a county: blocks of 100 are leased, gaps are fine,
    /// never the same twice.
    virtual std::int64_t next_number(County, const std::string& sequence) = 0;

    /// Runs once the transaction is durable; never after a roll-back. Must not throw.
    virtual void after_commit(std::function<void()>) = 0;
    /// Says that this transaction appended to the change log: what `on_changes` named is called
    /// after the commit.
    virtual void mark_changed() = 0;

    /// What `load()` gives, asked at most once a second for `key` under `name` (a literal): for
    /// rows of small reference tables on hot paths. A transaction that changed such a table says
    /// `forget_remembered` and sees its own rows.
    template <class Load>
    auto remember(std::string_view name, std::int64_t key, Load&& load) {
        using T = std::invoke_result_t<Load>;
        if (!m_memory) {
            return load();
        }
        if (const auto kept = m_memory->find({name, key})) {
            return *std::static_pointer_cast<const T>(kept);
        }
        auto value = std::make_shared<const T>(load());
        m_memory->keep({name, key}, value);
        return *value;
    }
    void forget_remembered();

 protected:
    Memory* m_memory = nullptr;  ///< null: nothing is remembered
};

struct Options {
    std::string url;  ///< "postgresql://..." or the path of an SQLite file, ":memory:" for tests
    int readers = 4;  ///< SQLite reader connections / PostgreSQL reading connections
    int writers = 4;  ///< PostgreSQL writing connections
    std::size_t queue = 4096;  ///< writes waiting at most; beyond that `unavailable`
    bool require_standby = false;
    /// PostgreSQL that says nothing for so long is away (its machine died, or the network between);
    /// a reading statement is given up a little before.
    int silence_ms = 20'000;
    /// Tests and benchmarks alone: PostgreSQL with fsync off and the like is accepted, SQLite runs
    /// with synchronous=OFF.
    bool unsafe_durability = false;
    std::string sqlite_vfs;  ///< a test VFS by name, "" = the system's
};

struct Statistics {
    std::int64_t writes = 0, groups = 0, write_failures = 0, reads = 0;
    std::int64_t queued = 0;
};

/// Thread-safe.
class Database {
 public:
    using Work = std::function<void(Tx&)>;
    using Done = std::function<void(std::exception_ptr)>;  ///< null = durable

    /// Opens and checks durability settings (C73): throws std::runtime_error with a sentence for
    /// the operator.
    static std::unique_ptr<Database> open(const Options&, TimeSource&, RandomSource&);
    virtual ~Database() = default;
    virtual Engine engine() const = 0;

    /// Queues `work`; `done` is called from an engine thread when the group is durable or has
    /// failed. Throws `unavailable` if the queue is full. If `work` throws, its savepoint alone is
    /// rolled back. `work` may run again from its beginning after a roll-back (deadlock, lost
    /// connection), so what it keeps outside the Tx is set, not added to.
    virtual void write(Work work, Done done) = 0;
    /// Runs `work` on a snapshot, on the calling thread, with a leased reader (waits up to 5 s,
    /// then Unreachable).
    virtual void read(const Work& work) = 0;

    /// Called on an engine thread after each group that appended changes. One function; the sealer
    /// sets it.
    void on_changes(std::function<void()> f);

    /// The same, waiting for the answer. Not from inside a transaction or an engine thread.
    template <class F>
    auto write_now(F&& f) {
        using R = std::invoke_result_t<F, Tx&>;
        if constexpr (std::is_void_v<R>) {
            wait([&](Tx& tx) { f(tx); });
        } else {
            std::optional<R> result;
            wait([&](Tx& tx) { result.emplace(f(tx)); });
            return std::move(*result);
        }
    }
    template <class F>
    auto read_now(F&& f) {
        using R = std::invoke_result_t<F, Tx&>;
        std::optional<R> result;
        read([&](Tx& tx) { result.emplace(f(tx)); });
        return std::move(*result);
    }

    /// Runs the steps not yet run, each in its own transaction, recorded as (room, number). Refuses
    /// a database that knows steps which this program does not (a newer schema), and a released
    /// step whose text was edited. Pass the steps of all rooms at once, in layer order.
    void migrate(const std::vector<SchemaStep>& steps);
    /// Waits until nothing is queued; then refuses further work. Called once at stop.
    virtual void close() = 0;
    /// Throws Unreachable if the engine does not answer: for /readyz.
    virtual void ping() = 0;
    virtual Statistics statistics() const = 0;

 protected:
    Memory m_memory;
    void wait(const Work& work);
    void changes_committed();

 private:
    std::mutex m_listener_mutex;
    std::function<void()> m_listener;
};

}  // namespace linli::store
