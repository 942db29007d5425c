// SPDX-License-Identifier: Apache-2.0
/// The PostgreSQL engine: writer threads with a connection each commit small groups; readers lease
/// from a pool.
#include <algorithm>
#include <chrono>
#include <thread>

#include "base/log.hpp"
#include "base/text.hpp"
#include "store/postgres_group.hpp"

namespace linli::store {

namespace {

constexpr std::size_t group_most = 16;
constexpr auto patience = std::chrono::seconds(5);

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
    explicit Pool(const Options& options) {
        const PgPatience patience{options.silence_ms, options.silence_ms / 4 * 3};
        for (int i = 0; i < std::max(1, options.readers); ++i) {
            m_all.push_back(std::make_unique<PgSlot>(options.url, patience));
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

class PgDatabase final : public Database {
 public:
    PgDatabase(const Options& options, TimeSource& time, RandomSource& random)
        : m_patience{options.silence_ms, 0},
          m_ids(time, options.url, m_patience),
          m_queue(options.queue),
          m_readers(options) {
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
        PgTx tx(connection, nullptr, job, 0, m_memory);
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
            connection.queue({"store.commit", "COMMIT"}, {}, 0);
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
        GroupRunner runner(url, m_patience, m_ids, random, m_memory);
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

    PgPatience m_patience;
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
