// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "store/ids.hpp"
#include "store/testing.hpp"

using namespace linli;
using namespace linli::store;
using testing::on_each_engine;
using testing::TestDatabase;

TEST_CASE("ids of four threads are unique and each thread's ascend") {
    on_each_engine([](TestDatabase& db) {
        constexpr int each = 3000;
        std::vector<std::vector<std::int64_t>> made(4);
        std::vector<std::thread> threads;
        for (auto& mine : made) {
            threads.emplace_back([&] {
                for (int i = 0; i < each / 100; ++i) {
                    const auto some = db->write_now([](Tx& tx) {
                        std::vector<std::int64_t> ids;
                        for (int n = 0; n < 100; ++n) {
                            ids.push_back(tx.new_id(7));
                        }
                        return ids;
                    });
                    mine.insert(mine.end(), some.begin(), some.end());
                    db.time().advance(1);
                }
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        std::set<std::int64_t> all;
        for (const auto& mine : made) {
            CHECK(std::is_sorted(mine.begin(), mine.end()));
            all.insert(mine.begin(), mine.end());
        }
        CHECK(all.size() == 4 * each);
        CHECK(home(*all.begin()) == 7);
        CHECK(home(*all.rbegin()) == 7);
    });
}

TEST_CASE("an id says when it was made") {
    on_each_engine([](TestDatabase& db) {
        const auto id = db->write_now([](Tx& tx) { return tx.new_id(0); });
        CHECK(id > 0);
        CHECK(home(id) == 0);
        CHECK((id >> 10) + Ids::epoch_ms == db.time().now().ms);
        CHECK_THROWS_AS(db->write_now([](Tx& tx) { tx.new_id(4096); }), std::invalid_argument);
        CHECK_THROWS_AS(db->write_now([](Tx& tx) { tx.new_id(-1); }), std::invalid_argument);
    });
}

TEST_CASE("a clock set back repeats no id, not even after a restart") {
    on_each_engine([](TestDatabase& db) {
        ManualTime time(db.time().now());
        std::int64_t last = 0;
        auto lease = [&](County county, std::int64_t from) {
            return db->write_now([&](Tx& tx) {
                return tx.one<std::int64_t>(Ids::lease_time_sql, county, from, Ids::lease_ms)
                    .value();
            });
        };
        for (int restart = 0; restart < 3; ++restart) {
            Ids ids(time);
            for (int i = 0; i < 2000; ++i) {
                const auto id = ids.next_id(3, lease);
                CHECK(id > last);
                last = id;
            }
            time.advance(-3'600'000);
        }
    });
}

TEST_CASE("two processes make different ids and numbers") {
    on_each_engine([](TestDatabase& db) {
        Ids a(db.time()), b(db.time());
        auto lease = [&](County county, std::int64_t from) {
            return db->write_now([&](Tx& tx) {
                return tx.one<std::int64_t>(Ids::lease_time_sql, county, from, Ids::lease_ms)
                    .value();
            });
        };
        auto lease_numbers = [&](County county, const std::string& name) {
            return db->write_now([&](Tx& tx) {
                return tx.one<std::int64_t>(Ids::lease_numbers_sql, county, name, Ids::block)
                    .value();
            });
        };
        std::set<std::int64_t> ids, numbers;
        for (int i = 0; i < 500; ++i) {
            db.time().advance(100);
            ids.insert(a.next_id(1, lease));
            ids.insert(b.next_id(1, lease));
            numbers.insert(a.next_number(1, "n", lease_numbers));
            numbers.insert(b.next_number(1, "n", lease_numbers));
        }
        CHECK(ids.size() == 1000);
        CHECK(numbers.size() == 1000);
        CHECK(*numbers.rbegin() == 1000);
    });
}

TEST_CASE("numbers of a sequence never come twice, whatever rolls back") {
    on_each_engine([](TestDatabase& db) {
        std::set<std::int64_t> seen;
        int made = 0;
        for (int i = 0; i < 40; ++i) {
            const bool fails = i % 3 == 0;
            try {
                db->write_now([&](Tx& tx) {
                    for (int n = 0; n < 37; ++n) {
                        seen.insert(tx.next_number(2, "SQ"));
                        ++made;
                    }
                    if (fails) {
                        throw conflict("not_now");
                    }
                });
            } catch (const Refused&) {
            }
        }
        CHECK(seen.size() == static_cast<std::size_t>(made));
        CHECK(*seen.begin() == 1);
        CHECK(db->write_now([](Tx& tx) { return tx.next_number(3, "SQ"); }) == 1);
        CHECK(db->write_now([](Tx& tx) { return tx.next_number(2, "other"); }) == 1);
    });
}
