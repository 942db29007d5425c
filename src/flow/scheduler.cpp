// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "base/log.hpp"
#include "flow/ground.hpp"

namespace linli::flow {
namespace {

constexpr int batch_size = 100;
/// How long one batch may hold the writer: create and list requests of people wait behind it.
constexpr auto batch_time = std::chrono::milliseconds(8);
constexpr std::int64_t lease_ms = 10'000;
constexpr std::int64_t tick_ms = 200;
constexpr std::int64_t longest_delay_ms = hour_ms;

Instant retry_at(const Timer& timer, Instant now) {
    const auto delay = second_ms << std::min(timer.tries, 12);
    return now + std::min(delay, longest_delay_ms);
}

struct CountyTimers {
    County county = 0;
    std::optional<Instant> urgent, ordinary;  ///< the earliest of each
    static constexpr auto fields = std::tuple{
        field("county", &CountyTimers::county), field("urgent", &CountyTimers::urgent),
        field("ordinary", &CountyTimers::ordinary)};
    Instant earliest() const { return std::min(urgent.value_or(never), ordinary.value_or(never)); }
};

std::vector<CountyTimers> earliest_timers(store::Tx& tx) {
    constexpr store::Sql sql{"flow.earliest_timers", R"(
        SELECT l.county,
               (SELECT MIN(t.at) FROM flow_timer t WHERE t.county = l.county AND t.rank = 0),
               (SELECT MIN(t.at) FROM flow_timer t WHERE t.county = l.county AND t.rank = 1)
          FROM flow_lease l ORDER BY l.county)"};
    return tx.all<CountyTimers>(sql);
}

/// True if the county is ours for some time from `now`: another process that still works on it
/// keeps it.
bool take_lease(store::Tx& tx, County county, const std::string& holder, Instant now) {
    constexpr store::Sql sql{"flow.take_lease", R"(
        UPDATE flow_lease SET holder = $2, held_until = $3
         WHERE county = $1 AND (holder = $2 OR holder = '' OR held_until < $4))"};
    return tx.run(sql, county, holder, now + lease_ms, now) == 1;
}

void release_leases(store::Tx& tx, const std::string& holder) {
    constexpr store::Sql sql{"flow.release_leases", R"(
        UPDATE flow_lease SET holder = '', held_until = 0 WHERE holder = $1)"};
    tx.run(sql, holder);
}

/// The action cannot be taken any more (the record moved on, or is gone): nothing is wrong with the
/// timer.
bool out_of_date(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const Refused& refused) {
        return refused.status >= 400 && refused.status < 500;
    } catch (...) {
        return false;
    }
}

std::string words_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& e) {
        return e.what();
    }
}

}  // namespace

struct Scheduler::Impl {
    store::Database& db;
    TimeSource& time;
    const Flow& flow;
    Act act;
    std::string holder;
    std::set<County> counties;                 ///< that have a lease row
    std::shared_ptr<const area::Tree> listed;  ///< whose counties they are
    std::mutex mutex;
    std::condition_variable stopping;
    bool stopped = false;
    std::thread thread;

    Impl(store::Database& database, TimeSource& source, const Flow& rules, Act take_action)
        : db(database), time(source), flow(rules), act(std::move(take_action)) {
        SystemRandom random;
        holder = to_hex(random.bytes(8));
    }

    void list_counties();
    bool fire(store::Tx& tx, const Ground& ground, const Timer& timer, Instant now) const;
    int run_batch(County county, Instant now, bool& more);
    int run_singly(County county, Instant now, bool& more);
    bool run_single(County county, const Timer& timer, Instant now);
    int run_some(County county, Instant now, bool& more);
    int run_pass(Instant now);
    int run_all(Instant now);
    std::int64_t wait_ms();
    void loop();
    void release();
    bool is_stopped() {
        const std::lock_guard lock(mutex);
        return stopped;
    }
};

/// Every county of the tree has a row to lease, and so has the level above (0).
void Scheduler::Impl::list_counties() {
    const auto tree = flow.ground().tree;
    if (tree == listed) {
        return;
    }
    std::set<County> fresh{0};
    for (const auto& node : tree->all()) {
        fresh.insert(node.county_number);
    }
    std::erase_if(fresh, [&](County county) { return counties.contains(county); });
    db.write_now([&](store::Tx& tx) {
        constexpr store::Sql sql{"flow.insert_lease", R"(
            INSERT INTO flow_lease (county, holder, held_until) VALUES ($1, '', 0) ON CONFLICT (county) DO NOTHING)"};
        for (const auto county : fresh) {
            tx.post(sql, county);
        }
    });
    counties.merge(fresh);
    listed = tree;
}

/// False if nothing was to happen.
bool Scheduler::Impl::fire(store::Tx& tx, const Ground& ground, const Timer& timer, Instant now)
    const {
    if (timer.clock != 0) {
        return delete_timer(tx, timer) && fire_step(tx, ground, flow, timer, now);
    }
    // The record is locked before its timer, as by anybody who acts; leaving the state deletes the
    // timer.
    const auto work = find_work(tx, timer.record);
    const auto* kind = work ? ground.catalogue.kind(work->kind) : nullptr;
    const auto* action = kind ? flow.spec(*kind, work->flow_version).action(timer.action) : nullptr;
    if (action &&
        std::find(action->from.begin(), action->from.end(), work->state) != action->from.end()) {
        act(tx, {timer.kind, timer.record}, timer.action, now);
    }
    delete_timer(tx, timer);
    return true;
}

int Scheduler::Impl::run_batch(County county, Instant now, bool& more) {
    return db.write_now([&](store::Tx& tx) {
        more = false;
        if (!take_lease(tx, county, holder, now)) {
            return 0;
        }
        const auto ground = flow.ground();
        const auto end = std::chrono::steady_clock::now() + batch_time;
        const auto timers = due_timers(tx, county, now, batch_size);
        int ran = 0;
        std::size_t done = 0;
        for (const auto& timer : timers) {
            ran += fire(tx, ground, timer, now) ? 1 : 0;
            ++done;
            if (std::chrono::steady_clock::now() > end) {
                break;
            }
        }
        more = done < timers.size() || done == batch_size;
        return ran;
    });
}

/// After a batch has failed: each timer in its own transaction, so that one that fails does not
/// stop the others.
int Scheduler::Impl::run_singly(County county, Instant now, bool& more) {
    const auto timers =
        db.read_now([&](store::Tx& tx) { return due_timers(tx, county, now, batch_size); });
    int ran = 0;
    for (const auto& timer : timers) {
        ran += run_single(county, timer, now) ? 1 : 0;
    }
    more = ran == batch_size;
    return ran;
}

/// True if the timer is done with for now: it ran, was out of date, or will be tried again later.
bool Scheduler::Impl::run_single(County county, const Timer& timer, Instant now) {
    std::exception_ptr error;
    try {
        return db.write_now([&](store::Tx& tx) {
            const bool ours = take_lease(tx, county, holder, now);
            if (ours) {
                fire(tx, flow.ground(), timer, now);
            }
            return ours;
        });
    } catch (const store::Unreachable&) {
        throw;
    } catch (const store::DiskFull&) {
        throw;
    } catch (const std::exception&) {
        error = std::current_exception();
    }
    if (out_of_date(error)) {
        db.write_now([&](store::Tx& tx) { delete_timer(tx, timer); });
        return true;
    }
    log::error(
        "timer_failed", obj(
                            {{"kind", timer.kind},
                             {"record", std::to_string(timer.record.value)},
                             {"action", timer.clock ? "escalate" : timer.action},
                             {"tries", timer.tries + 1},
                             {"error", words_of(error)}}
                        )
    );
    db.write_now([&](store::Tx& tx) { delay_timer(tx, timer, retry_at(timer, now)); });
    return true;
}

/// One batch of a county.
int Scheduler::Impl::run_some(County county, Instant now, bool& more) {
    try {
        return run_batch(county, now, more);
    } catch (const store::Unreachable&) {
        throw;
    } catch (const store::DiskFull&) {
        throw;
    } catch (const std::exception&) {
        // Which timer failed, and why, is found and logged one by one.
        return run_singly(county, now, more);
    }
}

/// Counties take turns batch by batch, so that a storm in one does not delay the others.
int Scheduler::Impl::run_pass(Instant now) {
    std::vector<County> waiting;
    for (const auto& timers : db.read_now([](store::Tx& tx) { return earliest_timers(tx); })) {
        if (timers.earliest() <= now) {
            waiting.push_back(timers.county);
        }
    }
    int ran = 0;
    while (!waiting.empty() && !is_stopped()) {
        std::erase_if(waiting, [&](County county) {
            bool more = false;
            ran += run_some(county, now, more);
            return !more;
        });
    }
    return ran;
}

std::int64_t Scheduler::Impl::wait_ms() {
    std::int64_t wait = tick_ms;
    const auto now = time.now();
    for (const auto& timers : db.read_now([](store::Tx& tx) { return earliest_timers(tx); })) {
        wait = std::min(wait, timers.earliest() - now);
    }
    // A timer that is due and yet did not run is leased by another process: look again at the next
    // tick.
    return wait <= 0 ? tick_ms : wait;
}

void Scheduler::Impl::loop() {
    while (!is_stopped()) {
        std::int64_t wait = tick_ms;
        try {
            run_all(time.now());
            wait = wait_ms();
        } catch (const std::exception& error) {
            log::error("scheduler_failed", obj({{"error", error.what()}}));
            wait = second_ms;
        }
        std::unique_lock lock(mutex);
        stopping.wait_for(lock, std::chrono::milliseconds(wait), [&] { return stopped; });
    }
}

/// Steps that became due by what ran (a server that was down for days) run in the same call, in
/// their order.
int Scheduler::Impl::run_all(Instant now) {
    list_counties();
    int sum = 0;
    for (int ran = 1; ran > 0 && !is_stopped();) {
        ran = run_pass(now);
        sum += ran;
    }
    return sum;
}

void Scheduler::Impl::release() {
    if (counties.empty()) {
        return;
    }
    try {
        db.write_now([&](store::Tx& tx) { release_leases(tx, holder); });
    } catch (const std::exception& error) {
        log::warning("lease_not_released", obj({{"error", error.what()}}));
    }
    counties.clear();
    listed.reset();
}

Scheduler::Scheduler(store::Database& db, TimeSource& time, const Flow& flow, Act act)
    : m_impl(std::make_unique<Impl>(db, time, flow, std::move(act))) {}

Scheduler::~Scheduler() {
    stop();
}

void Scheduler::start() {
    const std::lock_guard lock(m_impl->mutex);
    if (!m_impl->thread.joinable()) {
        m_impl->stopped = false;
        m_impl->thread = std::thread([this] { m_impl->loop(); });
    }
}

void Scheduler::stop() {
    {
        const std::lock_guard lock(m_impl->mutex);
        m_impl->stopped = true;
    }
    m_impl->stopping.notify_all();
    if (m_impl->thread.joinable()) {
        m_impl->thread.join();
    }
    m_impl->release();
}

int Scheduler::run_due(Instant now) {
    return m_impl->run_all(now);
}

}  // namespace linli::flow
