// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "base/log.hpp"
#include "base/thread.hpp"
#include "store/change.hpp"

namespace linli::store {

namespace {

constexpr int batch = 400;
/// Lines that another process sealed are found by looking.
constexpr auto look = std::chrono::milliseconds(250);
constexpr auto pause_after_error = std::chrono::milliseconds(1000);

struct Behind {
    County county;
    std::int64_t position;  ///< of the cursor
};

struct Portion {
    Behind from;
    std::vector<SealedChange> lines;
};

std::vector<Behind> counties_behind(Tx& tx, const std::string& reader) {
    constexpr Sql sql{"store.counties_behind", R"(
        SELECT h.county, COALESCE(c.position, 0)
          FROM store_head h LEFT JOIN store_cursor c ON c.county = h.county AND c.reader = $1
         WHERE h.position > COALESCE(c.position, 0) ORDER BY h.county)"};
    std::vector<Behind> found;
    tx.each(
        sql,
        [&](const Row& row) {
            found.push_back({static_cast<County>(row.integer(0)), row.integer(1)});
            return true;
        },
        reader
    );
    return found;
}

/// Moves the cursor if it still stands where the lines were read; the row stays locked until the
/// commit.
bool move_cursor(Tx& tx, const std::string& reader, const Behind& from, std::int64_t to) {
    constexpr Sql sql{"store.move_cursor", R"(
        INSERT INTO store_cursor (county, reader, position) VALUES ($1, $2, $4)
        ON CONFLICT (county, reader) DO UPDATE SET position = excluded.position
         WHERE store_cursor.position = $3)"};
    return tx.run(sql, from.county, reader, from.position, to) > 0;
}

}  // namespace

/// Shared with the sealer's listener, which may outlive the follower.
struct FollowerSignal {
    std::mutex mutex;
    std::condition_variable woken;
    bool wanted = true;  ///< what was sealed before this process began
    bool stopping = false;
};

struct Follower::Impl {
    Impl(Database& db, std::string reader, Handle f)
        : database(db), name(std::move(reader)), handle(std::move(f)) {}

    Database& database;
    std::string name;
    Handle handle;
    std::shared_ptr<FollowerSignal> signal = std::make_shared<FollowerSignal>();
    std::mutex catching_up;
    std::thread thread;

    void run() {
        std::unique_lock lock(signal->mutex);
        while (!signal->stopping) {
            signal->woken.wait_for(lock, look, [&] { return signal->wanted || signal->stopping; });
            if (signal->stopping) {
                return;
            }
            signal->wanted = false;
            lock.unlock();
            const bool good = try_to_catch_up();
            lock.lock();
            if (!good) {
                signal->woken.wait_for(lock, pause_after_error, [&] { return signal->stopping; });
            }
        }
    }

    bool try_to_catch_up() {
        std::lock_guard one_at_a_time(catching_up);
        std::set<County> stuck;
        try {
            while (!stopping() && handle_some(&stuck)) {
            }
        } catch (const std::exception& e) {
            log::warning("store.follower_failed", obj({{"reader", name}, {"error", e.what()}}));
            return false;
        }
        return stuck.empty();
    }

    /// Handles the next lines of several counties in one transaction; false if there were none. If
    /// that fails, each county is tried alone and those that fail go to `stuck`: they do not hold
    /// up the others.
    bool handle_some(std::set<County>* stuck) {
        const auto portions = database.read_now([&](Tx& tx) { return read_portions(tx, stuck); });
        try {
            handle_together(portions);
        } catch (const std::exception&) {
            if (!stuck) {
                throw;
            }
            for (const auto& portion : portions) {
                handle_alone(portion, *stuck);
            }
        }
        return !portions.empty();
    }

    std::vector<Portion> read_portions(Tx& tx, std::set<County>* stuck) {
        std::vector<Portion> portions;
        int room = batch;
        for (const auto& from : counties_behind(tx, name)) {
            if (room > 0 && !(stuck && stuck->contains(from.county))) {
                auto lines = changes_after(tx, from.county, from.position, room);
                if (lines.empty()) {
                    give_up(from, stuck, "the log is shorter than its head says");
                    continue;
                }
                room -= static_cast<int>(lines.size());
                portions.push_back({from, std::move(lines)});
            }
        }
        return portions;
    }

    /// A cursor that has moved meanwhile means that another process handles the county.
    void handle_together(const std::vector<Portion>& portions) {
        database.write_now([&](Tx& tx) {
            for (const auto& portion : portions) {
                if (move_cursor(tx, name, portion.from, portion.lines.back().position)) {
                    handle(tx, portion.lines);
                }
            }
        });
    }

    void handle_alone(const Portion& portion, std::set<County>& stuck) {
        try {
            handle_together({portion});
        } catch (const std::exception& e) {
            give_up(portion.from, &stuck, e.what());
        }
    }

    /// For now; without `stuck`, the caller hears of it.
    void give_up(const Behind& from, std::set<County>* stuck, const std::string& why) {
        if (!stuck) {
            throw std::runtime_error("county " + std::to_string(from.county) + ": " + why);
        }
        stuck->insert(from.county);
        log::error(
            "store.follower_stuck", obj(
                                        {{"reader", name},
                                         {"county", from.county},
                                         {"after_position", from.position},
                                         {"error", why}}
                                    )
        );
    }

    bool stopping() {
        std::lock_guard lock(signal->mutex);
        return signal->stopping;
    }
};

Follower::Follower(Database& database, Sealer& sealer, std::string name, Handle handle)
    : m_impl(std::make_unique<Impl>(database, std::move(name), std::move(handle))) {
    sealer.on_sealed([signal = m_impl->signal](County) {
        std::lock_guard lock(signal->mutex);
        signal->wanted = true;
        signal->woken.notify_one();
    });
    m_impl->thread = std::thread([this] {
        give_way();
        m_impl->run();
    });
}

Follower::~Follower() {
    stop();
}

void Follower::stop() {
    {
        std::lock_guard lock(m_impl->signal->mutex);
        m_impl->signal->stopping = true;
    }
    m_impl->signal->woken.notify_all();
    if (m_impl->thread.joinable()) {
        m_impl->thread.join();
    }
}

void Follower::catch_up() {
    std::lock_guard one_at_a_time(m_impl->catching_up);
    while (m_impl->handle_some(nullptr)) {
    }
}

}  // namespace linli::store
