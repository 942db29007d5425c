// SPDX-License-Identifier: Apache-2.0
#include "flow/republish.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <span>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "flow/ground.hpp"
#include "flow/recount.hpp"
#include "store/fact.hpp"

namespace linli::flow {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t slice = 1000;  ///< rows in one transaction, if its time suffices
constexpr auto write_time = std::chrono::milliseconds(10);
constexpr std::int64_t longest_action_ms = minute_ms;

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

std::optional<County> county_after(store::Tx& tx, County county) {
    constexpr store::Sql sql{"flow.next_county_of_clocks", R"(
        SELECT county FROM flow_clock WHERE county > $1 ORDER BY county LIMIT 1)"};
    return tx.one<County>(sql, county);
}

/// One look at everything that runs. The next batch is read and computed while one is written.
class Pass {
 public:
    using Read = std::function<Counted(store::Tx&, County, RecordId after)>;
    Pass(
        store::Database& db, const Recount& recount, const std::function<bool()>& stopped,
        Republished& report
    )
        : m_db(db), m_recount(recount), m_stopped(stopped), m_report(report) {}

    void run(const Read& read) {
        std::optional<County> county = -1;
        while (!m_stopped() &&
               (county = m_db.read_now([&](store::Tx& tx) { return county_after(tx, *county); }))) {
            run_county(*county, read);
        }
    }

 private:
    struct Batch {
        Counted counted;
        std::int64_t ms = 0;
    };
    void run_county(County county, const Read& read) {
        const auto ahead = [&](RecordId after) {
            return std::async(std::launch::async, [this, county, &read, after] {
                const auto start = steady_clock::now();
                Batch batch;
                m_db.read([&](store::Tx& tx) { batch.counted = read(tx, county, after); });
                batch.ms = ms_since(start);
                return batch;
            });
        };
        auto next = ahead({});
        while (next.valid()) {
            const auto batch = next.get();
            m_report.looked_at += batch.counted.looked_at;
            m_report.compute_ms += batch.ms;
            if (batch.counted.more && !m_stopped()) {
                next = ahead(batch.counted.last);
            }
            write_all(batch.counted.fresh);
        }
    }
    /// Two slices at a time: PostgreSQL writes them side by side, SQLite with one commit.
    void write_all(std::span<const Fresh> all) {
        for (std::size_t done = 0; done < all.size() && !m_stopped();) {
            const auto first = all.subspan(done, std::min(slice, all.size() - done));
            done += first.size();
            const auto second = all.subspan(done, std::min(slice, all.size() - done));
            done += second.size();
            auto beside = std::async(std::launch::async, [&] { return write_slice(second); });
            const auto held = write_slice(first);
            m_report.longest_ms = std::max({m_report.longest_ms, held, beside.get()});
            m_report.changed += static_cast<std::int64_t>(first.size() + second.size());
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
                    const auto count = std::min(Recount::rows_most, rows.size() - done);
                    m_recount.write(tx, rows.subspan(done, count));
                    done += count;
                }
            });
            rows = rows.subspan(done);
            longest = std::max(longest, ms_since(start));
        }
        return longest;
    }

    store::Database& m_db;
    const Recount& m_recount;
    const std::function<bool()>& m_stopped;
    Republished& m_report;
};

}  // namespace

Republished follow_calendars(
    store::Database& db, const Flow& flow, Instant now, const std::function<bool()>& stopped
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
    const Recount recount(
        flow.ground().catalogue, {report.calendars.begin(), report.calendars.end()}
    );
    Pass pass(db, recount, stopped, report);
    pass.run([&](store::Tx& tx, County county, RecordId after) {
        return recount.count(tx, county, after);
    });
    // An action that was under way when its record was counted may have written what it had read
    // before.
    pass.run([&](store::Tx& tx, County county, RecordId after) {
        return recount.count_moved(tx, county, after, now - longest_action_ms);
    });
    if (!stopped()) {
        db.write_now([&](store::Tx& tx) {
            for (const auto& calendar : calendars) {
                store::set_fact(tx, fact_of(*calendar), digest_of(*calendar));
            }
        });
    }
    return report;
}

}  // namespace linli::flow
