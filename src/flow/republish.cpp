// SPDX-License-Identifier: Apache-2.0
#include "flow/republish.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "flow/ground.hpp"
#include "store/fact.hpp"

namespace linli::flow {
namespace {

using std::chrono::steady_clock;

constexpr int read_batch = 5000;
constexpr std::size_t write_batch = 200;
constexpr auto write_time = std::chrono::milliseconds(25);

std::string digest_of(const Calendar& calendar) {
    std::string text;
    const auto add = [&](const std::vector<Hours>& hours) {
        for (const auto& part : hours) {
            text += std::to_string(part.from) + "-" + std::to_string(part.to) + " ";
        }
        text += ";";
    };
    for (const auto& day : calendar.week()) {
        add(day);
    }
    for (const auto& [date, hours] : calendar.exceptions()) {
        text += std::to_string(date.days) + ":";
        add(hours);
    }
    return to_hex(sha256(text));
}

std::string fact_of(const Calendar& calendar) {
    return "calendar." + calendar.name();
}

/// A clock that is not over, with the timer of its next step.
struct Running {
    RecordId record;
    Clock clock;
    int step = 0;  ///< 0 = no timer
    Instant at;
};

/// What is written of it.
struct Fresh {
    RecordId record;
    std::int64_t clock = 0;
    Instant since;  ///< as it was read: a clock that has moved since is met again in the next pass
    std::int64_t left_ms = 0;
    std::optional<Instant> due_at;
    int step = 0;
    Instant at;
};

std::vector<Running> running_after(
    store::Tx& tx, County county, RecordId record, std::int64_t clock
) {
    constexpr store::Sql sql{"flow.clocks_to_republish", R"(
        SELECT c.id, c.name, c.state, c.limit_text, c.calendar, c.started_at, c.since, c.left_ms, c.due_at, c.breached_at,
               c.stopped_at, c.paused_ms, c.fired, c.record, COALESCE(t.step, 0), COALESCE(t.at, 0)
          FROM flow_clock c
          LEFT JOIN flow_timer t ON t.county = c.county AND t.record = c.record AND t.clock = c.id AND t.action = ''
         WHERE c.county = $1 AND (c.record, c.id) > ($2, $3) AND c.state <> 'stopped' AND c.breached_at IS NULL
         ORDER BY c.record, c.id LIMIT $4)"};
    std::vector<Running> found;
    found.reserve(read_batch);
    tx.each(
        sql,
        [&](const store::Row& row) {
            Running one;
            one.clock = store::read_row<Clock>(row);
            one.record = {row.integer(13)};
            one.step = static_cast<int>(row.integer(14));
            one.at = {row.integer(15)};
            found.push_back(std::move(one));
            return true;
        },
        county, record, clock, read_batch
    );
    return found;
}

std::optional<County> county_after(store::Tx& tx, County county) {
    constexpr store::Sql sql{"flow.next_county_of_clocks", R"(
        SELECT county FROM flow_clock WHERE county > $1 ORDER BY county LIMIT 1)"};
    return tx.one<County>(sql, county);
}

/// The clock counted from its start by the calendar as it is now; nothing if that changes nothing.
std::optional<Fresh> count_again(
    store::Tx& tx, const Running& one, const catalogue::Catalogue& catalogue
) {
    auto clock = one.clock;
    const auto rate = rate_of(clock, catalogue);
    auto spent = elapsed_ms(*rate.calendar, rate.limit, clock.started_at, clock.since);
    if (clock.since != clock.started_at) {
        for (const auto& pause : find_pauses(tx, one.record, clock.id)) {
            if (pause.from < clock.since) {
                spent -= elapsed_ms(
                    *rate.calendar, rate.limit, pause.from, pause.to.value_or(clock.since)
                );
            }
        }
    }
    clock.left_ms = rate.whole_ms() - spent;
    auto at = one.at;
    if (clock.state == ClockState::running) {
        clock.due_at = due(*rate.calendar, rate.limit, clock.since, clock.left_ms);
        at = one.step ? step_at(clock, rate, one.step) : at;
    }
    if (clock.left_ms == one.clock.left_ms && clock.due_at == one.clock.due_at && at == one.at) {
        return std::nullopt;
    }
    return Fresh{one.record, clock.id, clock.since, clock.left_ms, clock.due_at, one.step, at};
}

void write(store::Tx& tx, const Fresh& one) {
    constexpr store::Sql clock_sql{"flow.republish_clock", R"(
        UPDATE flow_clock SET left_ms = $5, due_at = $6
         WHERE county = $1 AND record = $2 AND id = $3 AND since = $4 AND state <> 'stopped' AND breached_at IS NULL)"};
    constexpr store::Sql timer_sql{"flow.republish_timer", R"(
        UPDATE flow_timer SET at = $5, tries = 0
         WHERE county = $1 AND record = $2 AND clock = $3 AND action = '' AND step = $4)"};
    constexpr store::Sql work_sql{"flow.republish_work", R"(
        UPDATE flow_work
           SET due_at = COALESCE((SELECT MIN(c.due_at) FROM flow_clock c
                                   WHERE c.county = $1 AND c.record = $2 AND c.state = 'running'), $3),
               clock = COALESCE((SELECT c.name FROM flow_clock c
                                  WHERE c.county = $1 AND c.record = $2 AND c.state = 'running'
                                    AND c.due_at IS NOT NULL ORDER BY c.due_at, c.id LIMIT 1), '')
         WHERE county = $1 AND id = $2)"};
    const auto county = home(one.record);
    tx.post(clock_sql, county, one.record, one.clock, one.since, one.left_ms, one.due_at);
    if (one.step) {
        tx.post(timer_sql, county, one.record, one.clock, one.step, one.at);
    }
    tx.post(work_sql, county, one.record, never);
}

/// One pass over everything that runs.
class Pass {
 public:
    Pass(
        store::Database& db, const Flow& flow, std::set<std::string> calendars,
        const std::function<bool()>& stopped, Republished& report
    )
        : m_db(db),
          m_flow(flow),
          m_calendars(std::move(calendars)),
          m_stopped(stopped),
          m_report(report) {}

    /// How many clocks it changed.
    std::int64_t run() {
        std::optional<County> county = -1;
        while (!m_stopped() &&
               (county = m_db.read_now([&](store::Tx& tx) { return county_after(tx, *county); }))) {
            run_county(*county);
        }
        return m_changed;
    }

 private:
    void run_county(County county) {
        RecordId record;
        std::int64_t clock = 0;
        for (bool more = true; more && !m_stopped();) {
            const auto start = steady_clock::now();
            std::vector<Fresh> fresh;
            m_db.read([&](store::Tx& tx) {
                const auto batch = running_after(tx, county, record, clock);
                for (const auto& one : batch) {
                    compute(tx, one, fresh);
                }
                more = batch.size() == read_batch;
                if (!batch.empty()) {
                    record = batch.back().record;
                    clock = batch.back().clock.id;
                }
            });
            m_report.compute_ms += ms_since(start);
            write_all(fresh);
        }
    }
    void compute(store::Tx& tx, const Running& one, std::vector<Fresh>& fresh) {
        const auto& catalogue = m_flow.ground().catalogue;
        ++m_report.looked_at;
        if (m_calendars.count(catalogue.calendar(one.clock.calendar).name()) == 0) {
            return;
        }
        if (auto changed = count_again(tx, one, catalogue)) {
            fresh.push_back(*changed);
        }
    }
    /// In batches that hold the writer for a moment each, so that people's requests pass between.
    void write_all(const std::vector<Fresh>& fresh) {
        for (std::size_t done = 0; done < fresh.size() && !m_stopped();) {
            const auto first = done;
            std::int64_t held = 0;
            m_db.write_now([&](store::Tx& tx) {
                const auto start = steady_clock::now();
                done = first;
                while (done < fresh.size() && done - first < write_batch &&
                       steady_clock::now() - start < write_time) {
                    write(tx, fresh[done++]);
                }
                held = ms_since(start);
            });
            m_changed += static_cast<std::int64_t>(done - first);
            m_report.longest_ms = std::max(m_report.longest_ms, held);
        }
    }
    static std::int64_t ms_since(steady_clock::time_point start) {
        return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - start)
            .count();
    }

    store::Database& m_db;
    const Flow& m_flow;
    std::set<std::string> m_calendars;
    const std::function<bool()>& m_stopped;
    Republished& m_report;
    std::int64_t m_changed = 0;
};

}  // namespace

Republished follow_calendars(
    store::Database& db, const Flow& flow, const std::function<bool()>& stopped
) {
    Republished report;
    const auto& calendars = flow.ground().catalogue.calendars();
    db.read([&](store::Tx& tx) {
        for (const auto& calendar : calendars) {
            if (store::fact(tx, fact_of(*calendar)) != digest_of(*calendar)) {
                report.calendars.push_back(calendar->name());
            }
        }
    });
    if (report.calendars.empty()) {
        return report;
    }
    const std::set<std::string> changed(report.calendars.begin(), report.calendars.end());
    // Clocks that moved while a pass looked at them are met again in the next.
    constexpr int passes_most = 10;
    std::int64_t more = 1;
    for (int pass = 0; more > 0 && pass < passes_most && !stopped(); ++pass) {
        more = Pass(db, flow, changed, stopped, report).run();
        report.changed += more;
    }
    if (more == 0 && !stopped()) {
        db.write_now([&](store::Tx& tx) {
            for (const auto& calendar : calendars) {
                store::set_fact(tx, fact_of(*calendar), digest_of(*calendar));
            }
        });
    }
    return report;
}

}  // namespace linli::flow
