// SPDX-License-Identifier: Apache-2.0
#include "flow/power_cuts.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "flow/testing.hpp"
#include "store/change.hpp"
#include "store/faulty_disk.hpp"

namespace linli::flow {
namespace {

using store::testing::FaultyDisk;
using store::testing::Platter;

constexpr int cuts_of_a_file = 25;  ///< then a fresh database, so that it stays small
const std::vector<std::string> progress{"submitted", "accepted", "resolved", "closed"};

std::size_t rank_of(const std::string& state) {
    return static_cast<std::size_t>(
        std::find(progress.begin(), progress.end(), state) - progress.begin()
    );
}

Value fields_of(const std::string& name) {
    return name == "handling"   ? Value("immediate")
           : name == "category" ? Value("street_light")
                                : Value();
}

Subject subject_of(const Work& work, const area::Tree& tree) {
    Subject subject;
    subject.record = {work.kind, work.id};
    subject.number = work.number;
    subject.title = work.title;
    subject.filing = tree.filing(work.area);
    subject.state = work.state;
    subject.flow_version = work.flow_version;
    subject.unit = work.unit;
    subject.filed_by = work.filed_by;
    subject.value_of = fields_of;
    return subject;
}

void append_line(store::Tx& tx, RecordId id, const std::string& action, Instant now) {
    store::Change line;
    line.at = now;
    line.kind = "request";
    line.record = id;
    line.action = action;
    store::append_change(tx, home(id), line);
}

/// A server from its start to the cut.
class Power {
 public:
    Power(
        const std::shared_ptr<const catalogue::Catalogue>& catalogue, const std::string& path,
        const FaultyDisk& disk, bool unsafe, Instant now
    )
        : m_database(store::Engine::sqlite, world_schema(), options(path, disk, unsafe)),
          m_world(at(now), catalogue),
          sealer(*m_database, m_database.time()),
          scheduler(
              *m_database, m_database.time(), m_world.flow(),
              [this](store::Tx& tx, const RecordRef& record, const std::string& action, Instant t) {
                  const auto work = find_work(tx, record.id);
                  take(tx, *work, action, nullptr, t);
              }
          ) {}

    World& world() { return m_world; }
    store::Database& db() { return *m_database; }
    ManualTime& time() { return m_database.time(); }

    void file(store::Tx& tx, RecordId& id) {
        Subject subject;
        subject.filing = m_world.areas().today()->filing(m_world.area("community"));
        subject.number = "SQ1";
        subject.title = "street_light";
        subject.filed_by = m_world.as("resident").account;
        subject.value_of = fields_of;
        subject.record = {"request", {tx.new_id(subject.filing.county_number)}};
        id = subject.record.id;
        m_world.flow().begin(tx, m_world.kind(), subject, {&m_world.as("resident"), m_world.now()});
        append_line(tx, id, "create", m_world.now());
    }
    void take(
        store::Tx& tx, const Work& work, const std::string& action, const http::Caller* who,
        Instant now
    ) {
        const auto subject = subject_of(work, *m_world.areas().today());
        m_world.flow().act(tx, m_world.kind(), subject, action, {}, {who, now});
        append_line(tx, work.id, action, now);
    }

 private:
    static store::Options options(const std::string& path, const FaultyDisk& disk, bool unsafe) {
        store::Options options;
        options.url = path;
        options.sqlite_vfs = disk.name();
        options.unsafe_durability = unsafe;
        options.readers = 2;
        return options;
    }
    store::testing::TestDatabase& at(Instant now) {
        m_database.time().set(now);
        return m_database;
    }
    store::testing::TestDatabase m_database;
    World m_world;

 public:
    store::Sealer sealer;
    Scheduler scheduler;
};

std::vector<catalogue::EscalationSpec> escalations_of(
    const catalogue::FlowSpec& flow, const std::string& clock
) {
    std::vector<catalogue::EscalationSpec> all;
    for (const int step : steps_of(flow, clock)) {
        const auto some = escalations_at(flow, clock, step);
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

/// What is in the database after a restart.
struct Found {
    std::map<std::int64_t, std::string> state;             ///< of open and closed records
    std::set<std::pair<std::int64_t, std::string>> lines;  ///< of the log: record and action
    std::map<std::int64_t, int> clocks;
    std::set<std::int64_t> closing;  ///< records with a timer that closes them
    TimerFaults timers;
};

Found look(store::Database& db, const catalogue::Catalogue& catalogue, Instant now) {
    Found found;
    db.read([&](store::Tx& tx) {
        tx.each(
            {"test.states",
             "SELECT id, state FROM flow_work UNION ALL SELECT id, state FROM flow_done"},
            [&](const store::Row& row) {
                auto& state = found.state[row.integer(0)];
                state = state.empty() ? std::string(row.text(1)) : "twice";
                return true;
            }
        );
        tx.each(
            {"test.actions", "SELECT record, action FROM store_change WHERE action <> 'escalate'"},
            [&](const store::Row& row) {
                found.lines.insert({row.integer(0), std::string(row.text(1))});
                return true;
            }
        );
        tx.each(
            {"test.clocks", "SELECT record, COUNT(*) FROM flow_clock GROUP BY record"},
            [&](const store::Row& row) {
                found.clocks[row.integer(0)] = static_cast<int>(row.integer(1));
                return true;
            }
        );
        tx.each(
            {"test.closing", "SELECT record FROM flow_timer WHERE clock = 0"},
            [&](const store::Row& row) { return found.closing.insert(row.integer(0)), true; }
        );
        found.timers = find_timer_faults(tx, catalogue, "request", now);
    });
    return found;
}

/// The whole experiment.
class Cuts {
 public:
    Cuts(std::shared_ptr<const catalogue::Catalogue> catalogue, const PowerCutSettings& settings)
        : m_catalogue(std::move(catalogue)), m_settings(settings), m_random(settings.seed) {
        static std::atomic<int> made{0};
        const std::filesystem::path shm("/dev/shm");
        m_folder =
            (std::filesystem::is_directory(shm) ? shm : std::filesystem::temp_directory_path()) /
            ("linli-power-" + std::to_string(getpid()) + "-" + std::to_string(++made));
        std::filesystem::create_directory(m_folder);
    }
    ~Cuts() { std::filesystem::remove_all(m_folder); }
    Cuts(const Cuts&) = delete;
    Cuts& operator=(const Cuts&) = delete;

    PowerCutReport run() {
        while (m_report.cuts < m_settings.cuts) {
            run_file();
        }
        return m_report;
    }

 private:
    std::int64_t below(std::int64_t limit) {
        std::uint64_t number = 0;
        m_random.fill(&number, sizeof number);
        return static_cast<std::int64_t>(number % static_cast<std::uint64_t>(limit));
    }
    void fault(std::int64_t& count, const std::string& words) {
        constexpr std::size_t told = 10;
        ++count;
        if (m_report.faults.size() < told) {
            m_report.faults.push_back("cut " + std::to_string(m_report.cuts) + ": " + words);
        }
    }

    void run_file();
    bool cut_once(Platter& platter, const FaultyDisk& disk);
    void work(Power&, Platter&);
    void submit(Power&);
    void check(Power&);
    void check_records(const Found&);
    void check_storage(store::Database&);

    std::shared_ptr<const catalogue::Catalogue> m_catalogue;
    PowerCutSettings m_settings;
    SeededRandom m_random;
    PowerCutReport m_report;
    std::filesystem::path m_folder;
    std::string m_path;
    Instant m_now = wall("2025-05-12 09:00");
    std::mutex m_mutex;
    std::condition_variable m_answered;
    int m_under_way = 0;
    std::map<std::int64_t, std::size_t> m_acknowledged;  ///< record -> how far it had come
};

void Cuts::run_file() {
    FaultyDisk disk;
    Platter platter;
    platter.lies = m_settings.disk_lies;
    m_path = m_folder / ("cut-" + std::to_string(m_report.cuts));
    m_acknowledged.clear();
    { const Power first(m_catalogue, m_path, disk, m_settings.unsafe, m_now); }
    disk.platter = &platter;
    for (int i = 0; i < cuts_of_a_file && m_report.cuts < m_settings.cuts; ++i) {
        if (!cut_once(platter, disk)) {
            break;  // what is left is no database any more
        }
    }
    for (const char* tail : {"", "-wal", "-shm"}) {
        std::filesystem::remove(m_path + tail);
    }
}

/// One start, some work and one cut; then a start without a cut, which looks at everything.
bool Cuts::cut_once(Platter& platter, const FaultyDisk& disk) {
    constexpr int in_start = 8;  ///< every eighth cut may fall into the start itself
    const bool early = below(in_start) == 0;
    try {
        if (early) {
            platter.cut_after(below(200));
        }
        Power power(m_catalogue, m_path, disk, m_settings.unsafe, m_now);
        if (!early) {
            platter.cut_after(below(1500));
        }
        work(power, platter);
        platter.cut_after(0);
    } catch (const std::exception&) {
        // the cut came during the start
        platter.cut_after(0);
    }
    ++m_report.cuts;
    const auto files = platter.after_cut(m_random);
    for (const char* tail : {"", "-wal", "-shm"}) {
        std::filesystem::remove(m_path + tail);
    }
    for (const auto& [path, content] : files) {
        std::ofstream(path, std::ios::binary) << content;
    }
    platter.restart(files);
    m_now = m_now + 11 * second_ms;  // the leases of the dead have run out
    try {
        Power power(m_catalogue, m_path, disk, m_settings.unsafe, m_now);
        check(power);
        return true;
    } catch (const std::exception& error) {
        fault(m_report.broken, error.what());
        return false;
    }
}

/// One more piece of work on its way; it is acknowledged when it is answered without an error.
void Cuts::submit(Power& power) {
    constexpr std::int64_t choices = 10;
    const auto choice = below(choices);
    std::int64_t picked = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_acknowledged.empty() && choice >= 5) {
            auto at = m_acknowledged.begin();
            std::advance(at, below(static_cast<std::int64_t>(m_acknowledged.size())));
            picked = at->second + 1 < 3 ? at->first : 0;
        }
        ++m_under_way;
    }
    auto id = std::make_shared<RecordId>(RecordId{picked});
    auto reached = std::make_shared<std::size_t>(0);
    const bool refused = choice == 4;
    auto run = [=, &power](store::Tx& tx) {
        if (picked == 0) {
            power.file(tx, *id);
        } else if (const auto found = find_work(tx, *id)) {
            const bool accept = found->state == "submitted";
            power.take(
                tx, *found, accept ? "accept" : "resolve", &power.world().as("desk"),
                power.time().now()
            );
            *reached = rank_of(accept ? "accepted" : "resolved");
        }
        if (refused) {
            throw conflict("record_over", "as if a rule said no after it had written");
        }
    };
    auto done = [this, id, reached](std::exception_ptr error) {
        const std::lock_guard lock(m_mutex);
        if (!error) {
            auto& rank = m_acknowledged[id->value];
            rank = std::max(rank, *reached);
            ++m_report.acknowledged;
        }
        --m_under_way;
        m_answered.notify_all();
    };
    power.db().write(run, done);
}

void Cuts::work(Power& power, Platter& platter) {
    std::atomic<bool> over{false};
    std::thread timers([&] {
        while (!over && !platter.off()) {
            try {
                power.scheduler.run_due(power.time().now());
            } catch (const std::exception&) {
                return;  // the power is off
            }
            power.time().advance(minute_ms);
            std::this_thread::yield();
        }
    });
    try {
        const auto works = 5 + below(60);
        for (std::int64_t i = 0; i < works; ++i) {
            submit(power);
            if (below(4) == 0) {
                power.time().advance(below(30) * minute_ms);
                std::unique_lock lock(m_mutex);
                m_answered.wait(lock, [&] { return m_under_way < 20; });
            }
        }
    } catch (const std::exception&) {
        const std::lock_guard lock(m_mutex);
        --m_under_way;  // refused at the door
    }
    {
        std::unique_lock lock(m_mutex);
        m_answered.wait(lock, [&] { return m_under_way == 0; });
    }
    over = true;
    timers.join();
    m_now = power.time().now();
}

void Cuts::check(Power& power) {
    power.scheduler.run_due(m_now);
    power.sealer.seal_all();
    check_storage(power.db());
    const auto found = look(power.db(), *m_catalogue, m_now);
    check_records(found);
    m_report.timers += found.timers.fired;
    for (const auto& words : found.timers.lost) {
        fault(m_report.timers_lost, words);
    }
    for (const auto& words : found.timers.doubled) {
        fault(m_report.timers_doubled, words);
    }
}

void Cuts::check_storage(store::Database& db) {
    db.read([&](store::Tx& tx) {
        const auto state = tx.one<std::string>({"test.integrity", "PRAGMA integrity_check"});
        if (state != "ok") {
            fault(m_report.broken, "integrity: " + state.value_or("no answer"));
        }
        for (const auto& [county, position] : store::heads(tx)) {
            if (const auto link = store::find_broken_link(tx, county)) {
                fault(m_report.broken, "chain at " + std::to_string(*link));
            }
        }
    });
}

void Cuts::check_records(const Found& found) {
    for (const auto& [id, rank] : m_acknowledged) {
        const auto at = found.state.find(id);
        if (at == found.state.end() || rank_of(at->second) < rank) {
            fault(
                m_report.lost, "acknowledged " + progress[rank] + ", found " +
                                   (at == found.state.end() ? "nothing" : at->second)
            );
        }
    }
    std::set<std::int64_t> whole;
    for (const auto& [id, action] : found.lines) {
        if (action == "create") {
            whole.insert(id);
        }
    }
    for (const auto& [id, state] : found.state) {
        const auto rank = rank_of(state);
        const auto line = [&](const char* action) { return found.lines.count({id, action}) == 1; };
        const bool fits = whole.erase(id) == 1 && rank < progress.size() &&
                          line("accept") == (rank >= 1) && line("resolve") == (rank >= 2) &&
                          line("close") == (rank == 3) && found.clocks.count(id) == 1 &&
                          found.clocks.at(id) == (rank == 0 ? 1 : 2);
        if (!fits) {
            fault(m_report.broken, "a record is half done in state " + state);
        }
        if (rank == 2 && found.closing.count(id) == 0) {
            fault(m_report.timers_lost, "no timer closes a resolved record");
        }
    }
    if (!whole.empty()) {
        fault(m_report.broken, "a line of the log stands alone");
    }
    // what was found is what people see from now on
    for (const auto& [id, state] : found.state) {
        m_acknowledged[id] =
            std::max(m_acknowledged[id], std::min(rank_of(state), progress.size() - 1));
    }
}

}  // namespace

TimerFaults find_timer_faults(
    store::Tx& tx, const catalogue::Catalogue& catalogue, const std::string& kind, Instant now
) {
    TimerFaults faults;
    std::map<std::pair<std::int64_t, std::string>, int> lines;  // by record and what was done
    tx.each(
        {"test.lines",
         "SELECT record, action, detail FROM store_change WHERE kind = $1 AND actor = 0"},
        [&](const store::Row& row) {
            const auto what = std::string(row.text(1) == "escalate" ? row.text(2) : row.text(1));
            if (++lines[{row.integer(0), what}] == 2 && row.text(1) == "escalate") {
                faults.doubled.push_back(what);
            }
            return true;
        },
        kind
    );
    std::map<std::pair<std::int64_t, std::int64_t>, Timer> timers;  // by record and clock
    for (const auto& timer : tx.all<Timer>(
             {"test.timers",
              "SELECT record, clock, action, kind, step, rank, at, tries FROM flow_timer"}
         )) {
        timers[{timer.record.value, timer.clock}] = timer;
    }
    const auto& spec = *catalogue.kind(kind)->flow;
    for (const auto record : tx.all<RecordId>(
             {"test.records", "SELECT DISTINCT record FROM flow_clock WHERE kind = $1"}, kind
         )) {
        for (const auto& clock : find_clocks(tx, record)) {
            const auto steps = steps_of(spec, clock.name);
            for (const auto& one : escalations_of(spec, clock.name)) {
                const auto words = clock.name + " " + std::to_string(one.at_percent) + "% " +
                                   one.act + " " + one.to;
                const bool told = lines.count({record.value, words}) == 1;
                faults.fired += told ? 1 : 0;
                if (told != (one.at_percent <= clock.fired)) {
                    faults.lost.push_back(words + (told ? " was forgotten" : " left no line"));
                }
            }
            const auto next = next_step(steps, clock.fired);
            if (clock.state != ClockState::running || !next) {
                continue;
            }
            const auto timer = timers.find({record.value, clock.id});
            const auto at = step_at(clock, rate_of(clock, catalogue), *next);
            if (timer == timers.end() || timer->second.step != *next || timer->second.at != at ||
                at <= now) {
                faults.lost.push_back(clock.name + " " + std::to_string(*next) + "% has no timer");
            }
        }
    }
    return faults;
}

PowerCutReport cut_power(
    const std::shared_ptr<const catalogue::Catalogue>& catalogue, const PowerCutSettings& settings
) {
    return Cuts(catalogue, settings).run();
}

}  // namespace linli::flow
