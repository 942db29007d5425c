// SPDX-License-Identifier: Apache-2.0
#include "app/figures.hpp"

#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fstream>

#include "base/log.hpp"
#include "http/metrics.hpp"

namespace linli::app {

namespace {

constexpr auto kept_for = std::chrono::seconds(10);

class Page {
 public:
    void gauge(const char* name, const char* help, double value) {
        http::Metrics::figure(m_text, "gauge", name, help, value);
    }
    void gauge(const char* name, const char* help, std::int64_t value) {
        gauge(name, help, static_cast<double>(value));
    }
    void counter(const char* name, const char* help, double value) {
        http::Metrics::figure(m_text, "counter", name, help, value);
    }
    void line(const std::string& text) { m_text += text + "\n"; }
    const std::string& text() const { return m_text; }

 private:
    std::string m_text;
};

double seconds_since(Instant begin, Instant now) {
    return begin.ms == 0 || begin > now ? 0 : static_cast<double>(now - begin) / second_ms;
}

/// How many, and since when the oldest of them.
struct Waiting {
    std::int64_t count = 0;
    Instant oldest;
};
Waiting read_waiting(const store::Row& row) {
    return {row.integer(0), {row.integer(1)}};
}

void add_log(Page& page, store::Tx& tx, Instant now) {
    constexpr store::Sql unsealed{"figures.unsealed", R"(
        SELECT count(*), coalesce(min(at), 0) FROM store_change WHERE position IS NULL)"};
    constexpr store::Sql behind{"figures.behind", R"(
        SELECT c.reader, CAST(sum(h.position - c.position) AS BIGINT)
          FROM store_head h JOIN store_cursor c ON c.county = h.county
         GROUP BY c.reader ORDER BY c.reader)"};
    Waiting waiting;
    tx.each(unsealed, [&](const store::Row& row) {
        waiting = read_waiting(row);
        return false;
    });
    page.gauge("linli_log_unsealed", "Lines of the change log not sealed yet", waiting.count);
    page.gauge(
        "linli_log_unsealed_seconds", "Age of the oldest of them",
        seconds_since(waiting.oldest, now)
    );
    page.line("# HELP linli_log_behind Sealed lines that a reader has not handled yet");
    page.line("# TYPE linli_log_behind gauge");
    tx.each(behind, [&](const store::Row& row) {
        page.line(
            "linli_log_behind{reader=\"" + std::string(row.text(0)) + "\"} " +
            std::to_string(row.integer(1))
        );
        return true;
    });
}

/// Ranks are 0 and 1, so that the index serves.
Waiting timers_until(store::Tx& tx, Instant until) {
    constexpr store::Sql sql{"figures.timers", R"(
        SELECT count(*), coalesce(min(t.at), 0)
          FROM flow_lease l JOIN flow_timer t
            ON t.county = l.county AND t.rank IN (0, 1) AND t.at <= $1)"};
    Waiting waiting;
    tx.each(
        sql,
        [&](const store::Row& row) {
            waiting = read_waiting(row);
            return false;
        },
        until
    );
    return waiting;
}

void add_timers(Page& page, store::Tx& tx, Instant now) {
    const auto late = timers_until(tx, now);
    page.gauge("linli_timers_late", "Timers that should have run by now", late.count);
    page.gauge(
        "linli_timers_late_seconds", "How late the oldest of them is",
        seconds_since(late.oldest, now)
    );
    page.gauge(
        "linli_timers_next_hour", "Timers that will run within the hour",
        timers_until(tx, now + hour_ms).count - late.count
    );
}

void add_sessions(Page& page, store::Tx& tx, Instant now) {
    constexpr store::Sql sql{"figures.sessions", R"(
        SELECT count(*) FROM identity_session WHERE ended_at = 0 AND seen_at >= $1)"};
    constexpr std::int64_t lately = 15 * minute_ms;
    page.gauge(
        "linli_sessions_active", "Sessions used within the last quarter of an hour",
        tx.one<std::int64_t>(sql, now - lately).value_or(0)
    );
}

void add_size(Page& page, store::Tx& tx) {
    constexpr store::Sql sqlite{"figures.size", R"(
        SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size())"};
    constexpr store::Sql postgres{"figures.size", "SELECT pg_database_size(current_database())"};
    const auto& sql = tx.engine() == store::Engine::sqlite ? sqlite : postgres;
    page.gauge(
        "linli_database_bytes", "Size of the database", tx.one<std::int64_t>(sql).value_or(0)
    );
}

void add_disk(Page& page, const std::filesystem::path& data) {
    struct statvfs disk {};
    if (::statvfs(data.c_str(), &disk) == 0) {
        const auto block = static_cast<double>(disk.f_frsize);
        page.gauge(
            "linli_disk_free_bytes", "Free on the disk of the data folder",
            static_cast<double>(disk.f_bavail) * block
        );
        page.gauge(
            "linli_disk_bytes", "Size of the disk of the data folder",
            static_cast<double>(disk.f_blocks) * block
        );
    }
}

void add_process(Page& page) {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    page.counter(
        "process_cpu_seconds_total", "Processor time of this process",
        seconds(used.ru_utime) + seconds(used.ru_stime)
    );
    std::ifstream file("/proc/self/statm");
    std::int64_t all = 0, resident = 0;
    if (file >> all >> resident) {
        page.gauge(
            "process_resident_memory_bytes", "Memory of this process",
            resident * ::sysconf(_SC_PAGESIZE)
        );
    }
}

}  // namespace

std::string Figures::of_database() {
    Page page;
    try {
        m_database.read([&](store::Tx& tx) {
            const auto now = m_time.now();
            page.gauge("linli_database_up", "1 = the database answers", std::int64_t{1});
            add_log(page, tx, now);
            add_timers(page, tx, now);
            add_sessions(page, tx, now);
            add_size(page, tx);
        });
        return page.text();
    } catch (const std::exception& error) {
        log::warning("figures_missing", obj({{"error", error.what()}}));
    }
    Page without;
    without.gauge("linli_database_up", "1 = the database answers", std::int64_t{0});
    return without.text();
}

std::string Figures::text() {
    Page page;
    add_disk(page, m_data);
    add_process(page);
    const std::lock_guard lock(m_mutex);
    if (const auto now = std::chrono::steady_clock::now(); now >= m_fresh_until) {
        m_kept = of_database();
        m_fresh_until = now + kept_for;
    }
    return page.text() + m_kept;
}

}  // namespace linli::app
