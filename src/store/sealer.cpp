// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <thread>

#include "base/log.hpp"
#include "store/change_row.hpp"

namespace linli::store {

namespace {

constexpr int batch = 1000;
constexpr std::int64_t lease_ms = 5000;
/// Lines that come within this time are sealed together.
constexpr auto gather = std::chrono::milliseconds(15);
/// SQLite has one process, which says when it commits; on PostgreSQL others commit unheard.
constexpr auto look_sqlite = std::chrono::milliseconds(1000);
constexpr auto look_postgres = std::chrono::milliseconds(40);

std::vector<County> unsealed_counties(Tx& tx) {
    constexpr Sql sql{"store.next_unsealed", R"(
        SELECT county FROM store_change WHERE county > $1 AND position IS NULL ORDER BY county LIMIT 1)"};
    std::vector<County> found;
    std::optional<County> county = -1;
    while ((county = tx.one<County>(sql, *county))) {
        found.push_back(*county);
    }
    return found;
}

/// Takes or renews the lease of a county. Its row stays locked until the commit, so that even two
/// that believe to hold it seal one after the other.
bool take_lease(Tx& tx, County county, const std::string& holder, Instant now) {
    constexpr Sql sql{"store.lease_sealing", R"(
        INSERT INTO store_lease (county, name, holder, until) VALUES ($1, 'seal', $2, CAST($3 AS BIGINT) + $4)
        ON CONFLICT (county, name) DO UPDATE SET holder = excluded.holder, until = excluded.until
         WHERE store_lease.holder = excluded.holder OR store_lease.until < $3 OR $5 = 1)"};
    const bool only_process = tx.engine() == Engine::sqlite;
    return tx.run(sql, county, holder, now, lease_ms, only_process) > 0;
}

std::vector<SealedChange> unsealed(Tx& tx, County county) {
    constexpr Sql sql{"store.unsealed", R"(
        SELECT id, at, actor, role, kind, record, version, action, area_before, area_after,
               state_before, state_after, fields, digest_before, digest_after, detail, request
          FROM store_change WHERE county = $1 AND position IS NULL ORDER BY id LIMIT $2)"};
    std::vector<SealedChange> found;
    tx.each(
        sql,
        [&](const Row& row) {
            found.push_back({county, 0, {}, read_change(row, 0)});
            return true;
        },
        county, batch
    );
    return found;
}

/// Gives up to `batch` lines their positions and returns how many.
int seal_batch(Tx& tx, County county, const std::string& holder, Instant now) {
    constexpr Sql head_sql{"store.head", "SELECT position, hash FROM store_head WHERE county = $1"};
    constexpr Sql seal_sql{"store.seal", R"(
        UPDATE store_change SET position = $3, hash = $4 WHERE county = $1 AND id = $2)"};
    constexpr Sql move_sql{"store.move_head", R"(
        INSERT INTO store_head (county, position, hash) VALUES ($1, $2, $3)
        ON CONFLICT (county) DO UPDATE SET position = excluded.position, hash = excluded.hash)"};
    if (!take_lease(tx, county, holder, now)) {
        return 0;
    }
    auto lines = unsealed(tx, county);
    if (lines.empty()) {
        return 0;
    }
    std::int64_t position = 0;
    std::string hash = first_link;
    tx.each(
        head_sql,
        [&](const Row& row) {
            position = row.integer(0);
            hash = row.text(1);
            return false;
        },
        county
    );
    for (auto& line : lines) {
        line.position = ++position;
        hash = link_hash(hash, line);
        tx.post(seal_sql, county, line.change.id, position, hash);
    }
    tx.post(move_sql, county, position, hash);
    return static_cast<int>(lines.size());
}

}  // namespace

namespace {

/// Batches under way together.
struct Round {
    std::mutex mutex;
    std::condition_variable ended;
    int open = 0;
    std::vector<County> sealed, full;
    std::exception_ptr error;

    void begin() {
        std::lock_guard lock(mutex);
        ++open;
    }
    void end(County county, int lines, const std::exception_ptr& failure) {
        std::lock_guard lock(mutex);
        error = failure ? failure : error;
        if (!failure && lines > 0) {
            sealed.push_back(county);
        }
        if (!failure && lines == batch) {
            full.push_back(county);
        }
        --open;
        ended.notify_all();
    }
    void wait() {
        std::unique_lock lock(mutex);
        ended.wait(lock, [&] { return open == 0; });
    }
};

}  // namespace

struct Sealer::Impl {
    Impl(Database& db, TimeSource& clock) : database(db), time(clock) {}

    void start() {
        database.on_changes([this] { wake(); });
        thread = std::thread([this] { run(); });
    }

    void wake() {
        std::lock_guard lock(mutex);
        wanted = true;
        woken.notify_one();
    }

    void run() {
        const auto look = database.engine() == Engine::sqlite ? look_sqlite : look_postgres;
        std::unique_lock lock(mutex);
        wanted = true;  // what a process before this one left unsealed
        while (!stopping) {
            if (!wanted) {
                woken.wait_for(lock, look, [&] { return wanted || stopping; });
            }
            if (wanted && !stopping) {
                woken.wait_for(lock, gather, [&] { return stopping; });
            }
            if (stopping) {
                return;
            }
            wanted = false;
            lock.unlock();
            const bool sealed = try_to_seal();
            lock.lock();
            if (!sealed && !stopping) {
                woken.wait_for(lock, std::chrono::seconds(1), [&] { return stopping; });
                wanted = true;
            }
        }
    }

    bool try_to_seal() {
        try {
            seal_all();
            return true;
        } catch (const std::exception& e) {
            log::warning("store.sealing_failed", obj({{"error", e.what()}}));
            return false;
        }
    }

    void seal_all() {
        std::lock_guard one_at_a_time(sealing);
        auto counties = database.read_now(unsealed_counties);
        if (holder.empty() && !counties.empty()) {
            holder = std::to_string(database.write_now([](Tx& tx) { return tx.new_id(0); }));
        }
        while (!counties.empty()) {
            counties = seal_together(counties);
        }
    }

    /// Queues a batch of each county at once, so that they share commits; returns the counties that
    /// may have more.
    std::vector<County> seal_together(const std::vector<County>& counties) {
        Round round;
        for (const auto county : counties) {
            round.begin();
            auto sealed = std::make_shared<int>(0);
            auto work = [this, county, sealed](Tx& tx) {
                *sealed = seal_batch(tx, county, holder, time.now());
            };
            auto done = [&round, county, sealed](std::exception_ptr error) {
                round.end(county, *sealed, error);
            };
            try {
                database.write(work, done);
            } catch (const std::exception&) {
                round.end(county, 0, std::current_exception());
            }
        }
        round.wait();
        for (const auto county : round.sealed) {
            tell(county);
        }
        if (round.error) {
            std::rethrow_exception(round.error);
        }
        return round.full;
    }

    void tell(County county) {
        std::vector<std::function<void(County)>> all;
        {
            std::lock_guard lock(mutex);
            all = listeners;
        }
        for (const auto& listener : all) {
            listener(county);
        }
    }

    void stop() {
        {
            std::lock_guard lock(mutex);
            stopping = true;
        }
        woken.notify_all();
        if (!thread.joinable()) {
            return;
        }
        thread.join();
        database.on_changes(nullptr);
        give_up_leases();
    }

    /// So that the next process need not wait for them to run out.
    void give_up_leases() {
        constexpr Sql sql{
            "store.give_up_sealing", "DELETE FROM store_lease WHERE name = 'seal' AND holder = $1"};
        if (holder.empty()) {
            return;
        }
        try {
            database.write_now([&](Tx& tx) { tx.run(sql, holder); });
        } catch (const std::exception& e) {
            log::info("store.sealing_lease_left", obj({{"error", e.what()}}));
        }
    }

    Database& database;
    TimeSource& time;
    std::string holder;
    std::vector<std::function<void(County)>> listeners;
    std::mutex mutex, sealing;
    std::condition_variable woken;
    bool wanted = false, stopping = false;
    std::thread thread;
};

Sealer::Sealer(Database& database, TimeSource& time)
    : m_impl(std::make_unique<Impl>(database, time)) {
    m_impl->start();
}
Sealer::~Sealer() {
    stop();
}
void Sealer::wake() {
    m_impl->wake();
}
void Sealer::stop() {
    m_impl->stop();
}
void Sealer::seal_all() {
    m_impl->seal_all();
}
void Sealer::on_sealed(std::function<void(County)> f) {
    std::lock_guard lock(m_impl->mutex);
    m_impl->listeners.push_back(std::move(f));
}

}  // namespace linli::store
