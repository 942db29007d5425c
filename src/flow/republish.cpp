// SPDX-License-Identifier: Apache-2.0
#include "flow/republish.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <map>
#include <set>
#include <span>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "flow/ground.hpp"
#include "store/fact.hpp"

namespace linli::flow {
namespace {

using std::chrono::steady_clock;

constexpr int read_batch = 5000;
constexpr std::size_t rows_together = 100;  ///< by one statement
constexpr std::size_t slice = 500;          ///< in one transaction, if its time suffices
constexpr auto write_time = std::chrono::milliseconds(8);

std::int64_t ms_since(steady_clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - start)
        .count();
}

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

/// How its time passes; most clocks share a few limits and calendars.
class Rates {
 public:
    explicit Rates(const catalogue::Catalogue& catalogue) : m_catalogue(catalogue) {}
    const Rate& of(const Clock& clock) {
        const auto found = m_rates.find({clock.limit, clock.calendar});
        return found != m_rates.end()
                   ? found->second
                   : m_rates
                         .emplace(
                             std::pair(clock.limit, clock.calendar), rate_of(clock, m_catalogue)
                         )
                         .first->second;
    }

 private:
    const catalogue::Catalogue& m_catalogue;
    std::map<std::pair<std::string, std::string>, Rate> m_rates;
};

/// The clock counted from its start by the calendar as it is now; nothing if that changes nothing.
std::optional<Fresh> count_again(store::Tx& tx, const Running& one, const Rate& rate) {
    auto clock = one.clock;
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

/// "($1, $2), ($3, $4), ..." of `rows_together` rows. The types of the first row are those of all.
std::string value_rows(int columns, int parameter = 0) {
    std::string text;
    for (std::size_t row = 0; row < rows_together; ++row) {
        text += row ? ", (" : "(";
        for (int column = 0; column < columns; ++column) {
            const auto value = "$" + std::to_string(++parameter);
            text += column ? ", " : "";
            text += row ? value : "CAST(" + value + " AS BIGINT)";
        }
        text += ")";
    }
    return text;
}

// The county is bound in each row: so both engines begin with the rows given and look each up.
void write_clocks(store::Tx& tx, std::span<const Fresh> rows) {
    static const auto text = R"(
        UPDATE flow_clock SET left_ms = v.column5, due_at = NULLIF(v.column6, -1)
          FROM (VALUES )" + value_rows(6) +
                             R"() AS v
         WHERE county = v.column1 AND record = v.column2 AND id = v.column3 AND since = v.column4
           AND state <> 'stopped' AND breached_at IS NULL)";
    std::vector<store::Param> values;
    for (std::size_t i = 0; i < rows_together; ++i) {
        const auto& one = rows[std::min(i, rows.size() - 1)];
        const auto due_at = one.due_at ? one.due_at->ms : -1;
        values.insert(
            values.end(), {home(one.record), one.record, one.clock, one.since, one.left_ms, due_at}
        );
    }
    tx.execute({"flow.republish_clocks", text}, values);
}

void write_timers(store::Tx& tx, std::span<const Fresh> rows) {
    static const auto text = R"(
        UPDATE flow_timer SET at = v.column5, tries = 0
          FROM (VALUES )" + value_rows(5) +
                             R"() AS v
         WHERE county = v.column1 AND record = v.column2 AND clock = v.column3 AND action = '' AND step = v.column4)";
    std::vector<store::Param> values;
    for (std::size_t i = 0; i < rows_together; ++i) {
        const auto& one = rows[std::min(i, rows.size() - 1)];
        values.insert(values.end(), {home(one.record), one.record, one.clock, one.step, one.at});
    }
    tx.execute({"flow.republish_timers", text}, values);
}

/// By the clocks as they are now, whoever wrote them; where none runs nothing is due already.
void write_works(store::Tx& tx, std::span<const Fresh> rows) {
    static const auto text = R"(
        UPDATE flow_work
           SET (due_at, clock) = (SELECT c.due_at, c.name FROM flow_clock c
                                   WHERE c.county = flow_work.county AND c.record = flow_work.id AND c.state = 'running'
                                     AND c.due_at IS NOT NULL ORDER BY c.due_at, c.id LIMIT 1)
         WHERE county = $1 AND id IN (VALUES )" +
                             value_rows(1, 1) + R"()
           AND (SELECT MIN(c.due_at) FROM flow_clock c WHERE c.county = flow_work.county AND c.record = flow_work.id
                   AND c.state = 'running') IS NOT NULL)";
    std::vector<store::Param> values{home(rows.front().record)};
    for (std::size_t i = 0; i < rows_together; ++i) {
        values.emplace_back(rows[std::min(i, rows.size() - 1)].record);
    }
    tx.execute({"flow.republish_work", text}, values);
}

/// Up to `rows_together` rows. Fewer are filled up with the last one, so that there is one text of
/// each statement.
void write(store::Tx& tx, std::span<const Fresh> rows) {
    write_clocks(tx, rows);
    write_timers(tx, rows);
    write_works(tx, rows);
}

/// What was read at once, up to `record` and `clock`.
struct Batch {
    std::vector<Fresh> fresh;
    RecordId record;
    std::int64_t clock = 0;
    std::int64_t looked_at = 0, compute_ms = 0;
};

/// One pass over everything that runs.
class Pass {
 public:
    Pass(
        store::Database& db, const Flow& flow, std::set<std::string> calendars,
        const std::function<bool()>& stopped, Republished& report
    )
        : m_db(db),
          m_catalogue(flow.ground().catalogue),
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
    /// The next batch is read and computed while one is written.
    void run_county(County county) {
        const auto ahead = [&](RecordId record, std::int64_t clock) {
            return std::async(std::launch::async, [this, county, record, clock] {
                return read(county, record, clock);
            });
        };
        auto next = ahead({}, 0);
        while (next.valid()) {
            const auto batch = next.get();
            m_report.looked_at += batch.looked_at;
            m_report.compute_ms += batch.compute_ms;
            if (batch.looked_at == read_batch && !m_stopped()) {
                next = ahead(batch.record, batch.clock);
            }
            write_all(batch.fresh);
        }
    }
    Batch read(County county, RecordId record, std::int64_t clock) const {
        const auto start = steady_clock::now();
        Batch batch;
        m_db.read([&](store::Tx& tx) {
            Rates rates(m_catalogue);
            const auto running = running_after(tx, county, record, clock);
            for (const auto& one : running) {
                const auto& rate = rates.of(one.clock);
                if (m_calendars.count(rate.calendar->name()) == 0) {
                    continue;
                }
                if (auto changed = count_again(tx, one, rate)) {
                    batch.fresh.push_back(*changed);
                }
            }
            batch.looked_at = static_cast<std::int64_t>(running.size());
            if (!running.empty()) {
                batch.record = running.back().record;
                batch.clock = running.back().clock.id;
            }
        });
        batch.compute_ms = ms_since(start);
        return batch;
    }
    /// Two slices at a time: PostgreSQL writes them side by side, SQLite with one commit.
    void write_all(const std::vector<Fresh>& fresh) {
        const std::span all(fresh);
        for (std::size_t done = 0; done < all.size() && !m_stopped();) {
            const auto first = all.subspan(done, std::min(slice, all.size() - done));
            done += first.size();
            const auto second = all.subspan(done, std::min(slice, all.size() - done));
            done += second.size();
            auto beside = std::async(std::launch::async, [&] { return write_slice(second); });
            const auto held = write_slice(first);
            m_report.longest_ms = std::max({m_report.longest_ms, held, beside.get()});
            m_changed += static_cast<std::int64_t>(first.size() + second.size());
        }
    }
    /// In transactions that hold the writer for a moment each, so that people's requests pass
    /// between. Returns the longest.
    std::int64_t write_slice(std::span<const Fresh> rows) {
        std::int64_t longest = 0;
        while (!rows.empty()) {
            auto start = steady_clock::now();
            std::size_t done = 0;
            m_db.write_now([&](store::Tx& tx) {
                start = steady_clock::now();
                for (done = 0; done < rows.size() && steady_clock::now() - start < write_time;) {
                    const auto count = std::min(rows_together, rows.size() - done);
                    write(tx, rows.subspan(done, count));
                    done += count;
                }
            });
            rows = rows.subspan(done);
            longest = std::max(longest, ms_since(start));
        }
        return longest;
    }

    store::Database& m_db;
    const catalogue::Catalogue& m_catalogue;
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
