// SPDX-License-Identifier: Apache-2.0
/// The PostgreSQL engine: writer threads with a connection each commit small groups; readers lease
/// from a pool.
#include <algorithm>
#include <chrono>
#include <thread>

#include "base/log.hpp"
#include "base/text.hpp"
#include "store/postgres_tx.hpp"

namespace linli::store {

namespace {

constexpr std::size_t group_most = 16;
constexpr int attempts = 6;
constexpr auto patience = std::chrono::seconds(5);
constexpr int group_owner = -1, commit_owner = -2;

/// What an attempt to run a group came to.
enum class Outcome { done, run_alone, connection_lost };

std::string setting(PgConnection& connection, const char* name) {
    const Param params[] = {name};
    connection.queue({"store.setting", "SELECT current_setting($1)"}, params, 0);
    std::string value;
    each_row(connection.collect(), [&](const Row& row) {
        value = row.text(0);
        return false;
    });
    return value;
}

/// C73: an acknowledged write must survive a power cut.
void check_settings(PgConnection& connection, const Options& options) {
    if (setting(connection, "server_encoding") != "UTF8") {
        throw std::runtime_error(
            "the PostgreSQL database is not in UTF8: create one with ENCODING 'UTF8'"
        );
    }
    if (options.unsafe_durability) {
        return;
    }
    for (const char* name : {"fsync", "full_page_writes", "synchronous_commit"}) {
        const auto value = setting(connection, name);
        if (value != "on" && value != "remote_apply") {
            throw std::runtime_error(
                std::string("PostgreSQL runs with ") + name + " = " + value +
                ": an acknowledged write could be lost. Set it to on."
            );
        }
    }
    if (options.require_standby && setting(connection, "synchronous_standby_names").empty()) {
        throw std::runtime_error(
            "a synchronous standby is required (--require-standby), but synchronous_standby_names "
            "of PostgreSQL is "
            "empty"
        );
    }
}

/// Reading connections, leased one at a time.
class Pool {
 public:
    Pool(const std::string& url, int size) {
        for (int i = 0; i < std::max(1, size); ++i) {
            m_all.push_back(std::make_unique<PgSlot>(url));
            m_free.push_back(m_all.back().get());
        }
    }
    PgSlot* lease() {
        std::unique_lock lock(m_mutex);
        if (!m_returned.wait_for(lock, patience, [&] { return !m_free.empty(); })) {
            throw Unreachable("all reading connections are in use");
        }
        auto* one = m_free.back();
        m_free.pop_back();
        return one;
    }
    void give_back(PgSlot* one) {
        {
            std::lock_guard lock(m_mutex);
            m_free.push_back(one);
        }
        m_returned.notify_one();
    }

 private:
    std::mutex m_mutex;
    std::condition_variable m_returned;
    std::vector<std::unique_ptr<PgSlot>> m_all;
    std::vector<PgSlot*> m_free;
};

void queue(PgConnection& connection, const char* command, int owner) {
    connection.queue({command, command}, {}, owner);
}

/// Ends a transaction whatever its state; on a lost connection the server does it.
void roll_back(PgConnection& connection) {
    try {
        try {
            connection.collect();
        } catch (const PgFailed&) {
            // belongs to what is rolled back
        }
        queue(connection, "ROLLBACK", group_owner);
        connection.collect();
    } catch (const Unreachable&) {
        // seen by the next use of the connection
    }
}

/// Runs groups of jobs on one connection.
class GroupRunner {
 public:
    GroupRunner(const std::string& url, PgIds& ids, RandomSource& random)
        : m_slot(url), m_ids(ids), m_random(random) {}

    /// Each job ends with its error set or committed.
    void run(std::vector<Job>& group) {
        const auto outcome = attempt(group);
        if (outcome == Outcome::done) {
            return;
        }
        for (auto& job : group) {
            std::vector<Job> alone;
            alone.push_back(std::move(job));
            run_alone(alone);
            job = std::move(alone.front());
        }
    }

 private:
    void run_alone(std::vector<Job>& alone) {
        for (int i = 0; attempt(alone) != Outcome::done; ++i) {
            if (i == attempts) {
                alone[0].error = std::make_exception_ptr(Unreachable(
                    "the work met others at the same rows again and again, or the database is away"
                ));
                return;
            }
            std::uint8_t dice = 0;
            m_random.fill(&dice, 1);
            std::this_thread::sleep_for(std::chrono::milliseconds(dice % (8 << i)));
        }
    }

    /// One transaction over the group. `run_alone` and `connection_lost` leave nothing behind: the
    /// caller may try again.
    Outcome attempt(std::vector<Job>& group) {
        for (auto& job : group) {
            job.error = nullptr;
            job.hooks.clear();
            job.changed = false;
        }
        bool committing = false;
        try {
            auto& connection = m_slot.ready();
            const auto outcome = in_transaction(connection, group, committing);
            if (outcome != Outcome::done) {
                roll_back(connection);
            }
            return outcome;
        } catch (const Unreachable&) {
            if (!committing && m_may_reconnect) {
                m_may_reconnect = false;
                return Outcome::connection_lost;
            }
            m_may_reconnect = true;
            fail_all(group, std::current_exception());
            return Outcome::done;
        }
    }

    Outcome in_transaction(PgConnection& connection, std::vector<Job>& group, bool& committing) {
        queue(connection, "BEGIN", group_owner);
        const bool alone = group.size() == 1;
        for (std::size_t i = 0; i < group.size(); ++i) {
            const auto outcome = run_job(connection, group[i], static_cast<int>(i), alone);
            if (outcome != Outcome::done) {
                return outcome;
            }
        }
        if (alone && group[0].error) {
            roll_back(connection);
            return Outcome::done;
        }
        queue(connection, "COMMIT", commit_owner);
        committing = true;
        return commit(connection, group);
    }

    Outcome commit(PgConnection& connection, std::vector<Job>& group) {
        try {
            const auto result = connection.collect();
            if (command_of(result) != "COMMIT") {
                throw std::logic_error("the transaction had failed unseen");
            }
            m_may_reconnect = true;
            return Outcome::done;
        } catch (const PgFailed& failed) {
            if (group.size() > 1 || failed.again()) {
                return Outcome::run_alone;
            }
            try {
                failed.rethrow();
            } catch (...) {
                group[0].error = std::current_exception();
            }
            roll_back(connection);
            return Outcome::done;
        }
    }

    Outcome run_job(PgConnection& connection, Job& job, int owner, bool alone) {
        PgTx tx(connection, &m_ids, job, owner);
        try {
            if (!alone) {
                queue(connection, "SAVEPOINT work", owner);
            }
            job.work(tx);
            if (tx.error()) {
                std::rethrow_exception(tx.error());
            }
            if (!alone) {
                queue(connection, "RELEASE work", owner);
            }
            return Outcome::done;
        } catch (const PgFailed&) {  // something queued earlier
            return Outcome::run_alone;
        } catch (...) {
            job.error = std::current_exception();
        }
        if (tx.spoilt()) {
            return spoilt(tx, connection, alone);
        }
        if (connection.lost()) {
            throw Unreachable("the connection to PostgreSQL is lost");
        }
        return alone ? Outcome::done : undo(connection, owner);
    }

    /// After a refusal by the work itself: its savepoint is rolled back.
    Outcome undo(PgConnection& connection, int owner) {
        try {
            connection.collect();
        } catch (const PgFailed& failed) {
            if (failed.owner != owner) {
                return Outcome::run_alone;
            }
        }
        try {
            queue(connection, "ROLLBACK TO work", owner);
            queue(connection, "RELEASE work", owner);
            return Outcome::done;
        } catch (const PgFailed&) {
            return Outcome::run_alone;
        }
    }

    /// After an error of the engine inside a work.
    Outcome spoilt(PgTx& tx, PgConnection& connection, bool alone) {
        try {
            std::rethrow_exception(tx.spoilt());
        } catch (const PgFailed& failed) {
            if (failed.again()) {
                return Outcome::run_alone;
            }
            return alone ? Outcome::done : undo(connection, failed.owner);
        } catch (const GroupSpoilt&) {
            return Outcome::run_alone;
        }
    }

    static void fail_all(std::vector<Job>& group, const std::exception_ptr& error) {
        for (auto& job : group) {
            job.error = error;
        }
    }

    PgSlot m_slot;
    PgIds& m_ids;
    RandomSource& m_random;
    bool m_may_reconnect = true;
};

class PgDatabase final : public Database {
 public:
    PgDatabase(const Options& options, TimeSource& time, RandomSource& random)
        : m_ids(time, options.url),
          m_queue(options.queue),
          m_readers(options.url, options.readers) {
        {
            PgConnection connection(options.url);
            check_settings(connection, options);
        }
        m_writers = std::max(1, options.writers);
        for (int i = 0; i < m_writers; ++i) {
            m_threads.emplace_back([this, url = options.url, &random] { write_groups(url, random); }
            );
        }
    }
    ~PgDatabase() override { close(); }
    Engine engine() const override { return Engine::postgres; }

    void write(Work work, Done done) override {
        Job job;
        job.work = std::move(work);
        job.done = std::move(done);
        m_queue.push(std::move(job));
    }

    void read(const Work& work) override {
        auto* slot = m_readers.lease();
        const std::unique_ptr<PgSlot, std::function<void(PgSlot*)>> lease(
            slot, [this](PgSlot* one) { m_readers.give_back(one); }
        );
        auto& connection = slot->ready();
        Job job;
        PgTx tx(connection, nullptr, job, 0);
        try {
            work(tx);
            if (tx.error()) {
                std::rethrow_exception(tx.error());
            }
        } catch (...) {
            if (tx.begun()) {
                roll_back(connection);
            }
            throw;
        }
        if (tx.begun()) {
            queue(connection, "COMMIT", 0);
            connection.send_off();
        }
        m_counters.reads += 1;
        for (auto& hook : job.hooks) {
            hook();
        }
    }

    void close() override {
        m_queue.close();
        for (auto& thread : m_threads) {
            thread.join();
        }
        m_threads.clear();
    }

    void ping() override {
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
    void write_groups(const std::string& url, RandomSource& random) {
        on_engine_thread() = true;
        GroupRunner runner(url, m_ids, random);
        std::vector<Job> group;
        Job job;
        while (m_queue.begin_group(job)) {
            group.clear();
            group.push_back(std::move(job));
            while (group.size() < group_most && m_queue.take(job)) {
                group.push_back(std::move(job));
            }
            runner.run(group);
            answer(group, m_counters);
            if (std::any_of(group.begin(), group.end(), [](const Job& j) {
                    return j.changed && !j.error;
                })) {
                changes_committed();
            }
            m_queue.end_group();
        }
    }

    PgIds m_ids;
    JobQueue m_queue;
    Counters m_counters;
    Pool m_readers;
    int m_writers = 1;
    std::vector<std::thread> m_threads;
};

}  // namespace

std::unique_ptr<Database> open_postgres(
    const Options& options, TimeSource& time, RandomSource& random
) {
    return std::make_unique<PgDatabase>(options, time, random);
}

}  // namespace linli::store
