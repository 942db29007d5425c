// SPDX-License-Identifier: Apache-2.0
#include "measure/measure.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "base/log.hpp"
#include "base/thread.hpp"
#include "measure/impl.hpp"

namespace linli::measure {

namespace {

constexpr int batch = 300;
/// A tree or a day that has changed, and marks of another process, are found by looking.
constexpr auto look = std::chrono::milliseconds(250);
constexpr auto pause_after_error = std::chrono::seconds(1);
/// While records come in, counting rests four times as long as it took, so that it leaves the
/// machine to those who write; no longer than this, so that figures stay fresh.
constexpr int rests = 4;
constexpr auto rest_most = std::chrono::seconds(1);

/// What became of a mark: the cells as the database now holds them.
struct Kept {
    const CounterQuery* query;
    Mark mark;
    std::vector<Cell> cells;
};

}  // namespace

Measure::Impl::Impl(
    store::Database& db, TimeSource& source, std::shared_ptr<const catalogue::Catalogue> of,
    area::Areas& in, const flow::Flow& with
)
    : database(db),
      time(source),
      catalogue(std::move(of)),
      areas(in),
      flow(with),
      queries(queries_of(*catalogue)),
      marker(queries) {
    for (const auto& query : queries) {
        by_id[query->counter->id] = query.get();
    }
    cells.use(areas.today());
}

const CounterQuery* Measure::Impl::find(std::string_view counter) const {
    const auto found = by_id.find(counter);
    return found == by_id.end() ? nullptr : found->second;
}

std::vector<County> Measure::Impl::counties(store::Tx& tx) const {
    std::set<County> all{0};
    for (const auto& [county, position] : store::heads(tx)) {
        all.insert(county);
    }
    for (const auto& node : areas.today()->all()) {
        all.insert(node.county_number);
    }
    return {all.begin(), all.end()};
}

std::string Measure::Impl::digest_on(const CounterQuery& query, Date today) const {
    return query.moves ? query.digest + " " + to_text(today) : query.digest;
}

void Measure::Impl::read_cells(store::Tx& tx) {
    for (const auto& [id, county] : counters_kept(tx)) {
        if (const auto* query = find(id)) {
            cells.replace(*query, county, std::nullopt, cells_of(tx, county, id, std::nullopt));
        }
    }
}

void Measure::Impl::mark_stale(Date today, bool every) {
    database.write_now([&](store::Tx& tx) {
        begin_following(tx, follower_name);
        for (const auto county : counties(tx)) {
            for (const auto& query : queries) {
                const auto& id = query->counter->id;
                if (every || counted_by(tx, county, id) != digest_on(*query, today)) {
                    mark(tx, {county, id, {}, all_months, 0});
                }
            }
        }
    });
}

/// False if nothing was marked.
bool Measure::Impl::recount_some() {
    const auto now = time.now();
    const auto running = month_of(now);
    std::vector<std::pair<Mark, std::vector<Counted>>> counted;
    database.read([&](store::Tx& tx) {
        for (auto& one : marks(tx, batch)) {
            Part part{one.county, one.area, std::nullopt};
            if (one.month != all_months) {
                part.period = Period{one.month, one.month};
            }
            const auto* query = find(one.counter);
            auto values = query ? count(tx, *query, part, now) : std::vector<Counted>();
            counted.emplace_back(std::move(one), std::move(values));
        }
    });
    if (before_keeping) {
        before_keeping();
    }
    std::vector<Kept> kept;
    database.write_now([&](store::Tx& tx) {
        kept.clear();
        for (const auto& [one, values] : counted) {
            const auto* query = find(one.counter);
            if (!take(tx, one) || !query) {
                continue;  // touched again since it was counted, or not in the catalogue any more
            }
            keep(tx, *query, one, running, values);
            if (!one.area) {
                set_counted_by(tx, one.county, one.counter, digest_on(*query, official_date(now)));
            }
            const auto area = one.area ? std::optional(one.area) : std::nullopt;
            kept.push_back({query, one, cells_of(tx, one.county, one.counter, area)});
        }
    });
    for (const auto& one : kept) {
        const auto area = one.mark.area ? std::optional(one.mark.area) : std::nullopt;
        cells.replace(*one.query, one.mark.county, area, one.cells);
    }
    if (on_counted && !kept.empty()) {
        std::set<AreaId> touched;
        for (const auto& one : kept) {
            touched.insert(one.mark.area);
        }
        on_counted({touched.begin(), touched.end()});
    }
    return !counted.empty();
}

void Measure::Impl::wake() {
    const std::lock_guard lock(mutex);
    wanted = true;
    woken.notify_one();
}

void Measure::Impl::run(std::stop_token stop) {
    using std::chrono::steady_clock;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        wanted = false;
        lock.unlock();
        const auto began = steady_clock::now();
        try {
            cells.use(areas.today());
            const auto today = official_date(time.now());
            if (today != counted_on) {
                mark_stale(today, false);
                counted_on = today;
            }
            std::unique_lock one_at_a_time(recounting);
            const bool counted = recount_some();
            one_at_a_time.unlock();
            const auto rest = rests * (steady_clock::now() - began);
            lock.lock();
            if (counted) {
                woken.wait_for(lock, stop, std::min<steady_clock::duration>(rest, rest_most), [] {
                    return false;
                });
            } else {
                woken.wait_for(lock, stop, look, [&] { return wanted; });
            }
        } catch (const std::exception& error) {
            log::warning("measure.recount_failed", obj({{"error", error.what()}}));
            lock.lock();
            woken.wait_for(lock, stop, pause_after_error, [] { return false; });
        }
    }
}

Measure::Measure(
    store::Database& database, TimeSource& time,
    std::shared_ptr<const catalogue::Catalogue> catalogue, area::Areas& areas,
    const flow::Flow& flow
)
    : m_impl(std::make_shared<Impl>(database, time, std::move(catalogue), areas, flow)) {}

Measure::~Measure() {
    stop();
}

void Measure::begin() {
    const std::lock_guard one_at_a_time(m_impl->recounting);
    m_impl->cells.use(m_impl->areas.today());
    m_impl->database.read([&](store::Tx& tx) { m_impl->read_cells(tx); });
    m_impl->counted_on = official_date(m_impl->time.now());
    m_impl->mark_stale(m_impl->counted_on, false);
}

void Measure::start(store::Sealer& sealer) {
    m_impl->thread = std::jthread([this](std::stop_token stop) {
        give_way();
        m_impl->run(stop);
    });
    m_impl->follower =
        std::make_unique<store::Follower>(m_impl->database, sealer, follower_name, marker());
}

void Measure::stop() {
    m_impl->follower.reset();
    m_impl->thread = {};
}

void Measure::rebuild() {
    m_impl->mark_stale(official_date(m_impl->time.now()), true);
    recount();
}

void Measure::recount() {
    const std::lock_guard one_at_a_time(m_impl->recounting);
    m_impl->cells.use(m_impl->areas.today());
    while (m_impl->recount_some()) {
    }
}

void Measure::catch_up(store::Sealer& sealer) {
    sealer.seal_all();
    if (m_impl->follower) {
        m_impl->follower->catch_up();
    } else {
        store::Follower(m_impl->database, sealer, follower_name, marker()).catch_up();
    }
    recount();
}

store::Follower::Handle Measure::marker() const {
    return [impl = m_impl.get()](store::Tx& tx, const std::vector<store::SealedChange>& lines) {
        impl->marker.mark(tx, lines);
        tx.after_commit([impl] { impl->wake(); });
    };
}

void Measure::on_counted(std::function<void(const std::vector<AreaId>&)> f) {
    m_impl->on_counted = std::move(f);
}

void Measure::before_keeping(std::function<void()> f) {
    m_impl->before_keeping = std::move(f);
}

const CounterQuery& Measure::query(std::string_view id) const {
    if (const auto* found = m_impl->find(id)) {
        return *found;
    }
    for (const auto& counter : m_impl->catalogue->counters()) {
        if (counter.id == id) {
            throw conflict(
                "counter_not_counted", "counters of different values are not counted yet"
            );
        }
    }
    throw not_found("counter");
}

const catalogue::Indicator& Measure::indicator(std::string_view id) const {
    for (const auto& indicator : m_impl->catalogue->indicators()) {
        if (indicator.id == id) {
            return indicator;
        }
    }
    throw not_found("indicator");
}

const Cells& Measure::cells() const {
    return m_impl->cells;
}

const catalogue::Catalogue& Measure::catalogue() const {
    return *m_impl->catalogue;
}

std::shared_ptr<const area::Tree> Measure::tree() const {
    m_impl->cells.use(m_impl->areas.today());
    return m_impl->cells.tree();
}

const flow::Flow& Measure::flow() const {
    return m_impl->flow;
}

}  // namespace linli::measure
