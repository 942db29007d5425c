// SPDX-License-Identifier: Apache-2.0
/// The SQLite engine: one writer thread, parallel readers, a thread that moves the write-ahead log
/// into the file.
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "base/log.hpp"
#include "store/ids.hpp"
#include "store/jobs.hpp"
#include "store/sqlite.hpp"

namespace linli::store {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t group_most = 256;
constexpr int careful_works = 1000;  ///< that get a savepoint after one failed late
constexpr auto group_time = std::chrono::milliseconds(20);
constexpr auto patience = std::chrono::seconds(5);
constexpr int checkpoint_pages = 1000;  ///< about 4 MiB of log: copied beside the writer
constexpr int log_pages_most =
    16'000;  ///< about 64 MiB of log: the writer itself waits for the copy

class SqliteTx final : public Tx {
 public:
    SqliteTx(SqliteConnection& connection, Ids* ids, Job* job, Memory& memory)
        : m_connection(connection), m_ids(ids), m_job(job) {
        m_memory = &memory;
    }
    Engine engine() const override { return Engine::sqlite; }
    std::int64_t execute(const Sql& sql, std::span<const Param> params) override {
        return m_connection.execute(sql, params);
    }
    void defer(const Sql& sql, std::span<const Param> params) override {
        m_connection.execute(sql, params);
    }
    void query(
        const Sql& sql, std::span<const Param> params, const std::function<bool(const Row&)>& f
    ) override {
        m_connection.query(sql, params, f);
    }
    void script(const std::string& sql) override { m_connection.script(sql); }
    std::int64_t new_id(County county) override {
        return writing().next_id(county, [this](County of, std::int64_t from) {
            return one<std::int64_t>(Ids::lease_time_sql, of, from, Ids::lease_ms).value();
        });
    }
    std::int64_t next_number(County county, const std::string& sequence) override {
        return writing().next_number(county, sequence, [this](County of, const std::string& name) {
            return one<std::int64_t>(Ids::lease_numbers_sql, of, name, Ids::block).value();
        });
    }
    void after_commit(std::function<void()> f) override { m_job->hooks.push_back(std::move(f)); }
    void mark_changed() override { m_job->changed = true; }

 private:
    Ids& writing() {
        if (!m_ids) {
            throw std::logic_error("a reading transaction makes no ids");
        }
        return *m_ids;
    }
    SqliteConnection& m_connection;
    Ids* m_ids;
    Job* m_job;
};

/// ":memory:" is a file of its own in memory, so that readers run beside the writer as they do in
/// earnest. It loses its name as soon as every connection holds it, and so vanishes with the
/// process.
std::string place_of(const Options& options) {
    if (options.url != ":memory:") {
        return options.url;
    }
    static std::atomic<int> made{0};
    const auto folder = std::filesystem::is_directory("/dev/shm")
                            ? std::filesystem::path("/dev/shm")
                            : std::filesystem::temp_directory_path();
    return folder / ("linli-" + std::to_string(getpid()) + "-" + std::to_string(++made));
}

std::unique_ptr<SqliteConnection> connect(
    const std::string& path, const Options& options, bool writer
) {
    auto connection = std::make_unique<SqliteConnection>(path, options.sqlite_vfs);
    connection->script(
        "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; "
        "PRAGMA journal_size_limit = 67108864; PRAGMA secure_delete = FAST;"
    );
    connection->script(
        options.unsafe_durability ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL"
    );
    connection->script(
        writer ? "PRAGMA cache_size = -32768" : "PRAGMA cache_size = -8192; PRAGMA query_only = ON"
    );
    if (options.sqlite_vfs.empty()) {
        connection->script("PRAGMA mmap_size = 67108864");
    }
    constexpr int full = 2;
    if (!options.unsafe_durability && connection->integer("PRAGMA synchronous") < full) {
        throw std::runtime_error(
            "SQLite does not accept synchronous=FULL: an acknowledged write could be lost"
        );
    }
    bool wal = false;
    connection->query({"store.journal_mode", "PRAGMA journal_mode"}, {}, [&](const Row& row) {
        wal = row.text(0) == "wal";
        return false;
    });
    if (!wal) {
        throw std::runtime_error(
            "the database file " + path +
            " cannot be used with a write-ahead log: is it on a network disk?"
        );
    }
    connection->integer("SELECT count(*) FROM sqlite_master");
    return connection;
}

/// Reading connections, leased one at a time.
class Readers {
 public:
    void add(std::unique_ptr<SqliteConnection> one) {
        m_free.push_back(one.get());
        m_all.push_back(std::move(one));
    }
    SqliteConnection* lease() {
        std::unique_lock lock(m_mutex);
        if (!m_returned.wait_for(lock, patience, [&] { return !m_free.empty(); })) {
            throw Unreachable("all reading connections are in use");
        }
        auto* one = m_free.back();
        m_free.pop_back();
        return one;
    }
    void give_back(SqliteConnection* one) {
        {
            std::lock_guard lock(m_mutex);
            m_free.push_back(one);
        }
        m_returned.notify_one();
    }

 private:
    std::mutex m_mutex;
    std::condition_variable m_returned;
    std::vector<std::unique_ptr<SqliteConnection>> m_all;
    std::vector<SqliteConnection*> m_free;
};

class SqliteDatabase final : public Database {
 public:
    SqliteDatabase(const Options& options, TimeSource& time) : m_ids(time), m_queue(options.queue) {
        const auto path = place_of(options);
        m_writer = connect(path, options, true);
        for (int i = 0; i < std::max(1, options.readers); ++i) {
            m_readers.add(connect(path, options, false));
        }
        m_copier = connect(path, options, true);
        if (options.url == ":memory:") {
            for (const auto* tail : {"", "-wal", "-shm"}) {
                std::filesystem::remove(path + tail);
            }
        }
        m_copying = std::thread([this] { copy_log(); });
        m_writing = std::thread([this] { write_groups(); });
    }
    ~SqliteDatabase() override { close(); }
    Engine engine() const override { return Engine::sqlite; }

    void write(Work work, Done done) override {
        Job job;
        job.work = std::move(work);
        job.done = std::move(done);
        m_queue.push(std::move(job));
    }

    void read(const Work& work) override {
        auto* connection = m_readers.lease();
        const std::unique_ptr<SqliteConnection, std::function<void(SqliteConnection*)>> lease(
            connection, [this](SqliteConnection* one) { m_readers.give_back(one); }
        );
        Job job;
        SqliteTx tx(*connection, nullptr, &job, m_memory);
        connection->forget_error();
        connection->execute({"store.begin_read", "BEGIN DEFERRED"}, {});
        try {
            work(tx);
        } catch (...) {
            roll_back(*connection);
            throw;
        }
        roll_back(*connection);
        m_counters.reads += 1;
        for (auto& hook : job.hooks) {
            hook();
        }
    }

    void close() override {
        m_queue.close();
        if (m_writing.joinable()) {
            m_writing.join();
        }
        {
            std::lock_guard lock(m_copy_mutex);
            m_stop_copying = true;
        }
        m_copy_wanted.notify_one();
        if (m_copying.joinable()) {
            m_copying.join();
        }
    }

    void ping() override {
        if (m_disk_failed) {
            throw Unreachable(disk_failed_text);
        }
        read([](Tx& tx) { tx.one<std::int64_t>({"store.ping", "SELECT 1"}); });
    }

    Statistics statistics() const override {
        Statistics all;
        all.writes = m_counters.writes;
        all.groups = m_counters.groups;
        all.write_failures = m_counters.write_failures;
        all.reads = m_counters.reads;
        all.queued = static_cast<std::int64_t>(m_queue.size());
        return all;
    }

 private:
    static constexpr auto disk_failed_text =
        "the disk failed during a commit; nothing is written until the server has been restarted";

    void write_groups() {
        on_engine_thread() = true;
        std::vector<Job> group;
        Job first;
        while (m_queue.begin_group(first)) {
            group.clear();
            group.push_back(std::move(first));
            write_group(group);
            answer(group, m_counters);
            if (std::any_of(group.begin(), group.end(), [](const Job& j) {
                    return j.changed && !j.error;
                })) {
                changes_committed();
            }
            tend_log();
            m_queue.end_group();
        }
    }

    void write_group(std::vector<Job>& group) {
        try {
            m_writer->forget_error();
            if (m_disk_failed) {
                throw Unreachable(disk_failed_text);
            }
            m_writer->execute({"store.begin", "BEGIN IMMEDIATE"}, {});
            if (!run_jobs(group)) {
                run_again(group);
            }
            m_writer->execute({"store.commit", "COMMIT"}, {});
            m_ids.committed();
        } catch (const std::exception& e) {
            m_disk_failed = m_disk_failed || dynamic_cast<const DiskFailed*>(&e);
            fail_group(group, std::current_exception());
            log::error(
                "store.group_failed",
                obj({{"works", std::int64_t(group.size())}, {"error", e.what()}})
            );
        }
    }

    /// Runs the first job and whatever else has queued meanwhile. False if one failed that had
    /// written and had no savepoint: then the group is as it was before, and must be run again.
    bool run_jobs(std::vector<Job>& group) {
        const auto until = Steady::now() + group_time;
        for (std::size_t i = 0;; ++i) {
            if (m_careful > 0) {
                --m_careful;
                run_job(group[i]);
            } else if (!run_hopefully(group[i])) {
                return false;
            }
            Job next;
            if (group.size() >= group_most || Steady::now() >= until || !m_queue.take(next)) {
                return true;
            }
            group.push_back(std::move(next));
        }
    }

    /// A savepoint costs a copy of every page that the work touches, and hardly any work fails
    /// after it has written. So works run without one; false if this one should have had it.
    bool run_hopefully(Job& job) {
        const auto before = m_writer->attempts_to_write();
        SqliteTx tx(*m_writer, &m_ids, &job, m_memory);
        try {
            job.work(tx);
            if (m_writer->error()) {
                std::rethrow_exception(m_writer->error());
            }
            return true;
        } catch (...) {
            job.error = std::current_exception();
        }
        if (!m_writer->in_transaction()) {
            std::rethrow_exception(m_writer->error() ? m_writer->error() : job.error);
        }
        m_writer->forget_error();
        return m_writer->attempts_to_write() == before;
    }

    /// The whole group once more from the beginning, each work with a savepoint; so are the next
    /// ones.
    void run_again(std::vector<Job>& group) {
        m_careful = careful_works;
        m_ids.rolled_back();
        roll_back(*m_writer);
        m_writer->execute({"store.begin", "BEGIN IMMEDIATE"}, {});
        for (auto& job : group) {
            job.error = nullptr;
            job.hooks.clear();
            job.changed = false;
            run_job(job);
        }
    }

    void run_job(Job& job) {
        m_writer->execute({"store.savepoint", "SAVEPOINT work"}, {});
        SqliteTx tx(*m_writer, &m_ids, &job, m_memory);
        try {
            job.work(tx);
            if (m_writer->error()) {
                std::rethrow_exception(m_writer->error());
            }
        } catch (...) {
            job.error = std::current_exception();
            m_ids.rolled_back();
            if (!m_writer->in_transaction()) {  // SQLite gave up the whole group
                std::rethrow_exception(m_writer->error() ? m_writer->error() : job.error);
            }
            m_writer->forget_error();
            m_writer->execute({"store.roll_back_work", "ROLLBACK TO work"}, {});
        }
        m_writer->execute({"store.release", "RELEASE work"}, {});
    }

    void fail_group(std::vector<Job>& group, const std::exception_ptr& error) {
        m_ids.rolled_back();
        try {
            roll_back(*m_writer);
        } catch (const std::exception& e) {
            m_disk_failed = true;
            log::error("store.roll_back_failed", obj({{"error", e.what()}}));
        }
        for (auto& job : group) {
            job.error = job.error ? job.error : error;
        }
    }

    /// Ends a transaction whatever its state. What was read is not changed by it.
    static void roll_back(SqliteConnection& connection) {
        connection.forget_error();
        if (connection.in_transaction()) {
            connection.execute({"store.roll_back", "ROLLBACK"}, {});
        }
    }

    void tend_log() {
        if (m_writer->wal_pages() >= m_restart_at) {
            tend(*m_writer, &SqliteConnection::restart_log);
            m_restart_at = std::max(log_pages_most, m_writer->wal_pages() + checkpoint_pages);
        } else if (m_writer->wal_pages() >= checkpoint_pages) {
            std::lock_guard lock(m_copy_mutex);
            m_copy = true;
            m_copy_wanted.notify_one();
        }
    }

    /// A failed fsync of the database file may be forgotten by the kernel, so the log must not be
    /// reused after it (C76).
    void tend(SqliteConnection& connection, void (SqliteConnection::*how)()) {
        try {
            connection.forget_error();
            (connection.*how)();
        } catch (const DiskFailed& e) {
            m_disk_failed = true;
            log::error("store.checkpoint_failed", obj({{"error", e.what()}}));
        }
    }

    void copy_log() {
        std::unique_lock lock(m_copy_mutex);
        while (!m_stop_copying) {
            m_copy_wanted.wait(lock, [&] { return m_copy || m_stop_copying; });
            if (!m_stop_copying) {
                m_copy = false;
                lock.unlock();
                tend(*m_copier, &SqliteConnection::checkpoint);
                lock.lock();
            }
        }
    }

    Ids m_ids;
    JobQueue m_queue;
    Counters m_counters;
    std::unique_ptr<SqliteConnection> m_writer, m_copier;
    Readers m_readers;
    std::atomic<bool> m_disk_failed{false};
    int m_restart_at = log_pages_most;  ///< pages of the log; writer thread alone
    int m_careful = 0;  ///< works still to run with a savepoint; writer thread alone
    std::mutex m_copy_mutex;
    std::condition_variable m_copy_wanted;
    bool m_copy = false, m_stop_copying = false;
    std::thread m_copying, m_writing;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(const Options& options, TimeSource& time) {
    return std::make_unique<SqliteDatabase>(options, time);
}

}  // namespace linli::store
