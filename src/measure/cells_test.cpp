// SPDX-License-Identifier: Apache-2.0
// Random records with changes, withdrawals, moves of area and of date: three ways of counting
// agree.
#include <random>

#include "measure/impl.hpp"
#include "measure/testing.hpp"

using namespace linli;
using namespace linli::measure;
using namespace linli::measure::testing;

namespace {

using Sums = std::map<std::tuple<County, AreaId, Month>, std::int64_t>;

/// One row, read alone.
struct Row {
    County county = 0;
    RecordId id;
    AreaId area;
    std::string state, cause;
    std::optional<std::int64_t> urgent, minutes, cost;
    std::optional<Date> done_on;
    Instant created_at, updated_at;
    static constexpr auto fields = std::tuple{
        field("county", &Row::county),
        field("id", &Row::id),
        field("area", &Row::area),
        field("state", &Row::state),
        field("cause", &Row::cause),
        field("urgent", &Row::urgent),
        field("minutes", &Row::minutes),
        field("cost", &Row::cost),
        field("done_on", &Row::done_on),
        field("created_at", &Row::created_at),
        field("updated_at", &Row::updated_at)};
};

/// Of the newest clock of the record: whether it stopped in time; nothing if it goes on.
std::optional<std::int64_t> clock_of(store::Tx& tx, const Row& row) {
    constexpr store::Sql sql{"test.clock", R"(
        SELECT on_time FROM flow_clock WHERE county = $1 AND record = $2 AND name = 'answer' ORDER BY id DESC LIMIT 1)"};
    std::optional<std::int64_t> found;
    tx.each(
        sql,
        [&](const store::Row& one) {
            found = one.null(0) ? std::nullopt : std::optional(one.integer(0));
            return false;
        },
        row.county, row.id
    );
    return found;
}

/// What a counter says of one record, and when: worked out by hand.
struct Said {
    std::int64_t value = 0;
    std::optional<Month> month;
};
Said said(store::Tx& tx, const std::string& counter, const Row& row, Date today) {
    const auto filed = month_of(row.created_at);
    const auto done = row.done_on ? std::optional(month_of(*row.done_on)) : std::nullopt;
    if (counter == "visits") {
        return {1, filed};
    }
    if (counter == "urgent_visits") {
        return {row.urgent.value_or(0), done};
    }
    if (counter == "minutes") {
        return {row.cause == "other" ? 0 : row.minutes.value_or(0), filed};
    }
    if (counter == "cost") {
        return {row.cost.value_or(0), done};
    }
    if (counter == "touched") {
        return {1, month_of(row.updated_at)};
    }
    if (counter == "open_visits") {
        return {row.state == "open", 0};
    }
    if (counter == "recent") {
        return {row.done_on && *row.done_on >= today + -30, 0};
    }
    const auto clock = clock_of(tx, row);
    return {counter == "answered" ? clock.has_value() : clock.value_or(0), filed};
}

Sums slow_count(store::Tx& tx, const std::string& counter, Date today) {
    constexpr store::Sql sql{"test.rows", R"(
        SELECT county, id, area, state, cause, urgent, minutes, cost, done_on, created_at, updated_at
          FROM visit WHERE state <> 'withdrawn')"};
    Sums sums;
    for (const auto& row : tx.all<Row>(sql)) {
        const auto one = said(tx, counter, row, today);
        if (one.month && one.value != 0) {
            sums[{row.county, row.area, *one.month}] += one.value;
        }
    }
    return sums;
}

Sums whole_query(store::Tx& tx, World& w, const CounterQuery& query) {
    Sums sums;
    for (const auto& node : w.areas->today()->all()) {
        if (node.level == area::Level::county) {
            for (const auto& one :
                 count(tx, query, {node.county_number, {}, std::nullopt}, w.db.time().now())) {
                sums[{node.county_number, one.area, one.month}] += one.value;
            }
        }
    }
    std::erase_if(sums, [](const auto& one) { return one.second == 0; });
    return sums;
}

/// One query for each cell that the whole query names, added up.
Sums cell_queries(store::Tx& tx, World& w, const CounterQuery& query, const Sums& whole) {
    Sums sums;
    for (const auto& [key, value] : whole) {
        const auto& [county, area, month] = key;
        Part part{county, area, std::nullopt};
        if (!query.counter->stock) {
            part.period = Period{month, month};
        }
        for (const auto& one : count(tx, query, part, w.db.time().now())) {
            sums[key] += one.value;
        }
    }
    return sums;
}

Sums kept(store::Tx& tx, World& w, const CounterQuery& query) {
    Sums sums;
    for (const auto& node : w.areas->today()->all()) {
        if (node.level != area::Level::county) {
            continue;
        }
        std::map<std::pair<AreaId, std::string>, std::int64_t> last;
        for (const auto& cell : cells_of(tx, node.county_number, query.counter->id, std::nullopt)) {
            if (query.counter->stock) {
                last[{cell.area, cell.breakdown}] = cell.value;
            } else {
                sums[{node.county_number, cell.area, cell.month}] += cell.value;
            }
        }
        for (const auto& [key, value] : last) {
            sums[{node.county_number, key.first, 0}] += value;
        }
    }
    std::erase_if(sums, [](const auto& one) { return one.second == 0; });
    return sums;
}

void compare(World& w) {
    w.db->read([&](store::Tx& tx) {
        for (const auto& query : queries_of(*w.catalogue)) {
            CAPTURE(query->counter->id);
            const auto slow = slow_count(tx, query->counter->id, official_date(w.db.time().now()));
            const auto whole = whole_query(tx, w, *query);
            CHECK(whole == slow);
            CHECK(cell_queries(tx, w, *query, whole) == slow);
            CHECK(kept(tx, w, *query) == slow);
        }
    });
}

/// Does something to a random record, or files one.
class Doer {
 public:
    Doer(World& world, std::uint64_t seed) : m_world(world), m_random(seed) {}
    void step() {
        m_world.db.time().advance(static_cast<std::int64_t>(below(3 * 24)) * hour_ms + 1);
        const auto what = m_records.size() < 5 ? 0 : below(10);
        if (what < 4) {
            m_records.push_back(m_world.file(code(), fields()));
            return;
        }
        auto& one = m_records[below(m_records.size())];
        try {
            one = what < 6   ? m_world.change(one, obj({{"fields", fields()}}))
                  : what < 7 ? m_world.change(
                                   one, obj({{"area", std::to_string(m_world.area(code()).value)}})
                               )
                  : what < 8 ? m_world.act(one, below(3) == 0 ? "reopen" : "finish")
                  : what < 9 ? m_world.act(one, "finish")
                             : m_world.withdraw(one);
            ++done;
        } catch (const Refused&) {  // it is not open, or over: another record's turn
        }
    }
    int done = 0;

 private:
    std::size_t below(std::size_t n) { return m_random() % n; }
    std::string code() {
        const std::vector<std::string> all{
            "340503001001", "340503001002", "340503002001", "340504001001"};
        return all[below(all.size())];
    }
    Value fields() {
        Value all = obj({{"cause", std::vector<const char*>{"care", "repair", "other"}[below(3)]}});
        all.set("urgent", below(2) == 0 ? Value() : Value(below(2) == 0));
        all.set("minutes", static_cast<std::int64_t>(below(100)));
        all.set("cost", static_cast<double>(below(100'000)) / 100);
        const auto day = official_date(m_world.db.time().now()) + -static_cast<int>(below(90));
        all.set("done_on", below(4) == 0 ? Value() : Value(to_text(day)));
        return all;
    }
    World& m_world;
    std::mt19937_64 m_random;
    std::vector<record::View> m_records;
};

}  // namespace

TEST_CASE("whole query, one-cell queries, cells and a count by hand agree after any changes") {
    for (const std::uint64_t seed : {1, 2, 3}) {
        CAPTURE(seed);
        on_each_world([&](World& w) {
            Doer doer(w, seed);
            for (int i = 0; i < 120; ++i) {
                doer.step();
                if (i % 12 == 0) {
                    w.measure->begin();  // a day has passed: what asks for today is counted anew
                    w.catch_up();
                    CHECK(w.wrong() == "");
                    compare(w);
                }
            }
            CHECK(doer.done > 20);
            // What is in memory is what is in the database.
            w.catch_up();
            const auto before = w.counter("cost", "340500000000", "2025");
            w.open_measure();
            w.catch_up();
            CHECK(w.counter("cost", "340500000000", "2025") == before);
            CHECK(before > 0);
        });
    }
}

TEST_CASE("a change moves the figures of its area and of all above, and of no other") {
    on_each_world([](World& w) {
        const auto one = w.file("340503001001", obj({{"minutes", 30}}));
        w.file("340504001001", obj({{"minutes", 7}}));
        w.catch_up();
        for (const char* code : {"340503001001", "340503001000", "340503000000"}) {
            CHECK(w.counter("minutes", code, "2025-05") == 30);
        }
        CHECK(w.counter("minutes", "340500000000", "2025-05") == 37);
        CHECK(w.counter("minutes", "340503001002", "2025-05") == 0);
        w.change(one, obj({{"area", std::to_string(w.area("340503002001").value)}}));
        w.catch_up();
        CHECK(w.counter("minutes", "340503001000", "2025-05") == 0);
        CHECK(w.counter("minutes", "340503002000", "2025-05") == 30);
        CHECK(w.counter("minutes", "340500000000", "2025-04") == 0);
    });
}

TEST_CASE("a stock keeps its value of a month's end and goes on from there") {
    on_each_world([](World& w) {
        w.db.time().set(*parse_instant("2025-05-20T02:00:00Z"));
        const auto one = w.file("340503001001");
        w.file("340503001001");
        w.catch_up();
        w.db.time().set(*parse_instant("2025-07-02T02:00:00Z"));
        w.act(one, "finish");
        w.catch_up();
        CHECK(w.counter("open_visits", "340500000000", "2025-04") == 0);
        CHECK(w.counter("open_visits", "340500000000", "2025-05") == 2);
        CHECK(w.counter("open_visits", "340500000000", "2025-06") == 2);
        CHECK(w.counter("open_visits", "340500000000", "2025-07") == 1);
        CHECK(w.counter("open_visits", "340500000000", "2025") == 1);
        CHECK(w.wrong() == "");
    });
}

TEST_CASE("a broken cell is found, and a rebuild mends it") {
    on_each_world([](World& w) {
        w.file("340503001001", obj({{"minutes", 30}}));
        w.catch_up();
        w.db->write_now([](store::Tx& tx) {
            tx.run(store::Sql{
                "test.break", "UPDATE measure_cell SET value = 31 WHERE counter = 'minutes'"});
        });
        CHECK(w.wrong().find("the cell holds 31, the records say 30") != std::string::npos);
        w.measure->rebuild();
        CHECK(w.wrong() == "");
        CHECK(w.counter("minutes", "340500000000", "2025") == 30);
    });
}

TEST_CASE("whoever dies between counting and writing leaves a mark that is counted later") {
    on_each_world([](World& w) {
        w.file("340503001001", obj({{"minutes", 30}}));
        w.measure->before_keeping([] { throw std::runtime_error("killed"); });
        CHECK_THROWS(w.catch_up());
        CHECK(w.counter("minutes", "340500000000", "2025") == 0);
        w.open_measure();
        w.measure->recount();
        CHECK(w.counter("minutes", "340500000000", "2025") == 30);
        CHECK(w.wrong() == "");
    });
}

TEST_CASE("a change that comes between counting and writing is not lost") {
    on_each_world([](World& w) {
        const auto one = w.file("340503001001", obj({{"minutes", 30}}));
        bool once = true;
        w.measure->before_keeping([&] {
            if (std::exchange(once, false)) {
                w.change(one, obj({{"fields", obj({{"minutes", 40}})}}));
                w.sealer->seal_all();
                store::Follower(*w.db, *w.sealer, follower_name, w.measure->marker()).catch_up();
            }
        });
        w.catch_up();
        CHECK(!once);
        CHECK(w.counter("minutes", "340500000000", "2025") == 40);
        CHECK(w.wrong() == "");
    });
}

TEST_CASE("a change from before the follower first ran is counted") {
    on_each_world([](World& w) {
        w.measure->recount();
        w.file("340503001001", obj({{"minutes", 30}}));
        w.sealer->seal_all();
        w.open_measure();
        w.catch_up();
        CHECK(w.counter("minutes", "340500000000", "2025") == 30);
    });
}

TEST_CASE("a counter that is declared otherwise is counted anew") {
    on_each_world([](World& w) {
        w.file("340503001001", obj({{"minutes", 30}}));
        w.catch_up();
        w.catalogue = catalogue_with(
            "counters:\n  - {id: minutes, of: visit, sum: minutes, where: \"minutes > 100\"}\n"
            "indicators: []\n"
        );
        w.open_measure();
        w.measure->recount();
        CHECK(w.counter("minutes", "340500000000", "2025") == 0);
        CHECK(w.wrong() == "");
    });
}
