// SPDX-License-Identifier: Apache-2.0
/// Durable inserts per second. Run by hand: test_store --no-skip -tc='*per second*'. SQLite writes
/// to the file that LINLI_SPEED_FILE names (it should be on a real disk; it is removed before and
/// after).
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>

#include "store/change.hpp"
#include "store/testing.hpp"

using namespace linli;
using namespace linli::store;
using testing::TestDatabase;

namespace {

const std::vector<SchemaStep> orders{
    {"test", 1, "001_order.sql",
     "CREATE TABLE test_order (county INTEGER NOT NULL, id BIGINT NOT NULL, a TEXT, b TEXT, c "
     "BIGINT, "
     "PRIMARY KEY (county, id));"}};

void insert_order(Tx& tx, bool with_change) {
    constexpr Sql sql{
        "test.order", "INSERT INTO test_order (county, id, a, b, c) VALUES ($1, $2, $3, $4, $5)"};
    const auto id = tx.new_id(1);
    tx.post(sql, 1, id, "楼道灯坏了三天", "submitted", 7);
    if (with_change) {
        Change change;
        change.record = RecordId{id};
        change.kind = "order";
        change.action = "create";
        append_change(tx, 1, change);
    }
}

/// Inserts per second with that many clients, each waiting for its answer.
double rate(Database& db, int clients, bool with_change) {
    using Clock = std::chrono::steady_clock;
    constexpr auto length = std::chrono::seconds(3);
    const auto begin = Clock::now();
    std::atomic<std::int64_t> done{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < clients; ++i) {
        threads.emplace_back([&] {
            while (Clock::now() - begin < length) {
                db.write_now([&](Tx& tx) { insert_order(tx, with_change); });
                ++done;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    return static_cast<double>(done) / std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

TEST_CASE("durable inserts per second" * doctest::skip()) {
    const char* place = std::getenv("LINLI_SPEED_FILE");
    const std::string file = place ? place : "speed.db";
    for (const auto engine : testing::engines()) {
        Options options;
        options.url = engine == Engine::sqlite ? file : "";
        auto remove = [&] {
            for (const auto* tail : {"", "-wal", "-shm"}) {
                std::filesystem::remove(file + tail);
            }
        };
        remove();
        {
            TestDatabase db(engine, orders, options);
            for (const int clients : {1, 8, 32}) {
                const auto plain = rate(*db, clients, false);
                const auto logged = rate(*db, clients, true);
                Sealer sealer(*db, db.time());
                sealer.seal_all();
                const auto sealed = rate(*db, clients, true);
                const auto begin = std::chrono::steady_clock::now();
                sealer.seal_all();
                const std::chrono::duration<double> rest = std::chrono::steady_clock::now() - begin;
                const auto s = db->statistics();
                std::cout << (engine == Engine::sqlite ? "sqlite  " : "postgres") << " clients "
                          << clients << ": row " << std::int64_t(plain) << "/s, row + change "
                          << std::int64_t(logged) << "/s, sealed beside " << std::int64_t(sealed)
                          << "/s (caught up after " << std::int64_t(rest.count() * 1000)
                          << " ms); works per group " << double(s.writes) / double(s.groups)
                          << std::endl;
            }
        }
        remove();
    }
}
