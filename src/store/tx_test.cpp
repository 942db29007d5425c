// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <future>
#include <limits>
#include <set>
#include <thread>

#include "store/change.hpp"
#include "store/testing.hpp"

using namespace linli;
using namespace linli::store;
using testing::on_each_engine;
using testing::TestDatabase;

namespace {

const std::vector<SchemaStep> things{
    {"test", 1, "001_thing.sql",
     "CREATE TABLE test_thing (county INTEGER NOT NULL, id BIGINT NOT NULL, number BIGINT, ratio "
     "DOUBLE PRECISION, "
     "label TEXT CHECK (label <> 'forbidden'), data BLOB, PRIMARY KEY (county, id));"
     "CREATE UNIQUE INDEX test_thing_number ON test_thing (county, number);"}};

constexpr Sql insert_sql{
    "test.insert", "INSERT INTO test_thing (county, id, number) VALUES (1, $1, $2)"};
constexpr Sql count_sql{"test.count", "SELECT count(*) FROM test_thing"};

std::int64_t count(Database& db) {
    return db.read_now([](Tx& tx) { return tx.one<std::int64_t>(count_sql).value(); });
}

/// Queues a write and hands back its outcome.
std::future<void> start(Database& db, Database::Work work) {
    auto outcome = std::make_shared<std::promise<void>>();
    db.write(std::move(work), [outcome](std::exception_ptr error) {
        error ? outcome->set_exception(error) : outcome->set_value();
    });
    return outcome->get_future();
}

enum class Colour { red, green };
[[maybe_unused]] constexpr auto names(Colour) {
    return std::array{"red", "green"};
}

}  // namespace

TEST_CASE("every type comes back as it was written") {
    on_each_engine(things, [](Database& db) {
        const std::string bytes("\0\x01'\xff\\x", 6);
        db.write_now([&](Tx& tx) {
            constexpr Sql sql{
                "test.all", R"(INSERT INTO test_thing (county, id, number, ratio, label, data)
                VALUES ($1, $2, $3, $4, $5, $6))"};
            CHECK(
                tx.run(sql, 1, RecordId{1}, INT64_MIN, 0.1, "居民's \"诉求\"", Bytes{bytes}) == 1
            );
            CHECK(
                tx.run(
                    sql, 1, RecordId{2}, INT64_MAX, std::numeric_limits<double>::denorm_min(), "",
                    Bytes{""}
                ) == 1
            );
            CHECK(tx.run(sql, 1, RecordId{3}, nullptr, nullptr, nullptr, nullptr) == 1);
            CHECK(tx.run(sql, 1, RecordId{4}, Instant{-5}, 1.0, Colour::green, nullptr) == 1);
            CHECK(
                tx.run(sql, 1, RecordId{5}, true, 1e300, std::optional<std::string>(), nullptr) == 1
            );
            CHECK(
                tx.run(sql, 1, RecordId{6}, Date{20000}, -0.0, std::string_view("x"), nullptr) == 1
            );
        });
        db.read([&](Tx& tx) {
            constexpr Sql sql{
                "test.read", "SELECT id, number, ratio, label, data FROM test_thing ORDER BY id"};
            int seen = 0;
            tx.each(sql, [&](const Row& row) {
                CHECK(row.columns() == 5);
                CHECK(row.integer(0) == ++seen);
                if (seen == 1) {
                    CHECK(row.integer(1) == INT64_MIN);
                    CHECK(row.real(2) == 0.1);
                    CHECK(row.text(3) == "居民's \"诉求\"");
                    CHECK(row.bytes(4) == bytes);
                    CHECK(row.text(4) == bytes);
                } else if (seen == 2) {
                    CHECK(row.integer(1) == INT64_MAX);
                    CHECK(row.real(2) == std::numeric_limits<double>::denorm_min());
                    CHECK(!row.null(3));
                    CHECK(row.text(3).empty());
                    CHECK(row.bytes(4).empty());
                } else if (seen == 3) {
                    for (int column = 1; column < 5; ++column) {
                        CHECK(row.null(column));
                    }
                    CHECK(row.integer(1) == 0);
                    CHECK(row.text(3).empty());
                } else if (seen == 4) {
                    CHECK(row.integer(1) == -5);
                    CHECK(row.text(3) == "green");
                }
                return seen < 5;
            });
            CHECK(seen == 5);
            CHECK(
                tx.one<Date>({"test.date", "SELECT number FROM test_thing WHERE id = $1"}, 6)
                    ->days == 20000
            );
            CHECK(
                tx.one<Colour>({"test.colour", "SELECT label FROM test_thing WHERE id = $1"}, 4) ==
                Colour::green
            );
            CHECK(
                !tx.one<std::int64_t>({"test.none", "SELECT id FROM test_thing WHERE id = $1"}, 99)
            );
            CHECK(
                tx.all<std::optional<double>>(
                    {"test.null", "SELECT ratio FROM test_thing WHERE id = 3"}
                ) == std::vector<std::optional<double>>{std::nullopt}
            );
        });
    });
}

TEST_CASE("a text with a zero byte is refused") {
    on_each_engine(things, [](Database& db) {
        constexpr Sql sql{
            "test.zero", "INSERT INTO test_thing (county, id, label) VALUES (1, 1, $1)"};
        CHECK_THROWS_AS(
            db.write_now([&](Tx& tx) { tx.run(sql, std::string("a\0b", 3)); }),
            std::invalid_argument
        );
        CHECK(count(db) == 0);
    });
}

TEST_CASE("parameters may be used twice and out of order") {
    on_each_engine(things, [](Database& db) {
        db.read([](Tx& tx) {
            constexpr Sql sql{"test.twice", "SELECT $2 - $1 - $1"};
            CHECK(tx.one<std::int64_t>(sql, 3, 10) == 4);
        });
    });
}

TEST_CASE("a violated constraint has its class and undoes the work") {
    struct Case {
        const char* sql;
        ConstraintError::Kind kind;
    };
    on_each_engine(things, [](Database& db) {
        db.write_now([](Tx& tx) { tx.run(insert_sql, 1, 7); });
        for (const auto& c : std::vector<Case>{
                 {"INSERT INTO test_thing (county, id) VALUES (1, 1)",
                  ConstraintError::Kind::unique},
                 {"INSERT INTO test_thing (county, id, number) VALUES (1, 2, 7)",
                  ConstraintError::Kind::unique},
                 {"INSERT INTO test_thing (county, id) VALUES (1, NULL)",
                  ConstraintError::Kind::not_null},
                 {"INSERT INTO test_thing (county, id, label) VALUES (1, 2, 'forbidden')",
                  ConstraintError::Kind::check}}) {
            CAPTURE(c.sql);
            for (const bool posted : {false, true}) {
                auto violate = [&](Tx& tx) {
                    tx.run(insert_sql, 50, 50);
                    posted ? tx.post({"test.violate", c.sql})
                           : void(tx.run({"test.violate", c.sql}));
                };
                try {
                    db.write_now(violate);
                    FAIL("was accepted");
                } catch (const ConstraintError& e) {
                    CHECK(e.kind == c.kind);
                }
                CHECK(count(db) == 1);
            }
        }
    });
}

TEST_CASE("a transaction is spoilt by an error even if the error is caught") {
    on_each_engine(things, [](Database& db) {
        auto work = [](Tx& tx) {
            tx.run(insert_sql, 1, 1);
            CHECK_THROWS_AS(tx.run(insert_sql, 1, 2), ConstraintError);
            CHECK_THROWS_AS(tx.run(insert_sql, 2, 2), ConstraintError);
        };
        CHECK_THROWS_AS(db.write_now(work), ConstraintError);
        CHECK(count(db) == 0);
    });
}

TEST_CASE("one failing work does not hurt the others of its group") {
    on_each_engine(things, [](Database& db) {
        std::promise<void> gate;
        auto opened = gate.get_future().share();
        std::vector<std::future<void>> outcomes;
        outcomes.push_back(start(db, [opened](Tx&) { opened.wait(); }));
        for (int i = 1; i <= 60; ++i) {
            outcomes.push_back(start(db, [i](Tx& tx) {
                tx.post(insert_sql, i, i);
                if (i % 5 == 0) {
                    tx.post(insert_sql, 1000 + i, i);  // the same number again
                } else if (i % 7 == 0) {
                    throw conflict("not_now");
                }
            }));
        }
        gate.set_value();
        outcomes[0].get();
        for (int i = 1; i <= 60; ++i) {
            CAPTURE(i);
            if (i % 5 == 0) {
                CHECK_THROWS_AS(outcomes[i].get(), ConstraintError);
            } else if (i % 7 == 0) {
                CHECK_THROWS_AS(outcomes[i].get(), Refused);
            } else {
                CHECK_NOTHROW(outcomes[i].get());
            }
        }
        CHECK(count(db) == 60 - 12 - 8 + 1);
        CHECK(db.statistics().write_failures == 19);
    });
}

TEST_CASE("after_commit runs after the commit, before the answer, and never after a roll-back") {
    on_each_engine(things, [](Database& db) {
        std::atomic<int> ran{0};
        std::atomic<std::int64_t> seen{-1};
        std::promise<int> answered;
        db.write(
            [&](Tx& tx) {
                tx.run(insert_sql, 1, 1);
                tx.after_commit([&] {
                    seen = count(db);
                    ++ran;
                });
            },
            [&](std::exception_ptr) { answered.set_value(ran); }
        );
        CHECK(answered.get_future().get() == 1);
        CHECK(seen == 1);
        CHECK_THROWS(db.write_now([&](Tx& tx) {
            tx.after_commit([&] { ++ran; });
            tx.run(insert_sql, 1, 1);
        }));
        CHECK_THROWS_AS(
            db.write_now([&](Tx& tx) {
                tx.after_commit([&] { ++ran; });
                throw conflict("not_now");
            }),
            Refused
        );
        CHECK(ran == 1);
    });
}

TEST_CASE("a reader sees one moment") {
    on_each_engine(things, [](Database& db) {
        db.read([&](Tx& tx) {
            CHECK(tx.one<std::int64_t>(count_sql) == 0);
            db.write_now([](Tx& w) { w.run(insert_sql, 1, 1); });
            CHECK(tx.one<std::int64_t>(count_sql) == 0);
        });
        CHECK(count(db) == 1);
    });
}

TEST_CASE("a reader cannot write") {
    on_each_engine(things, [](Database& db) {
        CHECK_THROWS(db.read([](Tx& tx) { tx.run(insert_sql, 1, 1); }));
        CHECK_THROWS_AS(db.read([](Tx& tx) { tx.new_id(1); }), std::logic_error);
        CHECK(count(db) == 0);
    });
}

TEST_CASE("queries may be nested, also the same one") {
    on_each_engine(things, [](Database& db) {
        db.write_now([](Tx& tx) {
            for (int i = 1; i <= 3; ++i) {
                tx.run(insert_sql, i, i);
            }
            constexpr Sql sql{"test.ids", "SELECT id FROM test_thing ORDER BY id"};
            int pairs = 0;
            tx.each(sql, [&](const Row&) {
                tx.each(sql, [&](const Row&) { return ++pairs > 0; });
                return true;
            });
            CHECK(pairs == 9);
        });
    });
}

TEST_CASE("a full queue says unavailable") {
    for (const auto engine : testing::engines()) {
        Options options;
        options.queue = 3;
        options.writers = 1;
        TestDatabase db(engine, things, options);
        std::promise<void> started, gate;
        auto opened = gate.get_future().share();
        auto first = start(*db, [&, opened](Tx&) {
            started.set_value();
            opened.wait();
        });
        started.get_future().wait();
        std::vector<std::future<void>> waiting;
        for (int i = 1; i <= 3; ++i) {
            waiting.push_back(start(*db, [i](Tx& tx) { tx.run(insert_sql, i, i); }));
        }
        try {
            start(*db, [](Tx&) {});
            FAIL("was accepted");
        } catch (const Refused& refused) {
            CHECK(refused.status == 503);
            CHECK(refused.retry_after == 1);
        }
        gate.set_value();
        db->close();
        CHECK_NOTHROW(first.get());
        for (auto& one : waiting) {
            CHECK_NOTHROW(one.get());
        }
        CHECK_THROWS_AS(start(*db, [](Tx&) {}), Unreachable);
        CHECK(count(*db) == 3);
    }
}

TEST_CASE("waiting for a write inside a write is a bug that shows at once") {
    on_each_engine(things, [](Database& db) {
        CHECK_THROWS_AS(db.write_now([&](Tx&) { db.write_now([](Tx&) {}); }), std::logic_error);
    });
}

TEST_CASE("many threads write and read together") {
    on_each_engine(things, [](Database& db) {
        std::vector<std::thread> threads;
        std::atomic<int> failures{0};
        for (int t = 0; t < 6; ++t) {
            threads.emplace_back([&, t] {
                for (int i = 0; i < 50; ++i) {
                    try {
                        db.write_now([&](Tx& tx) { tx.run(insert_sql, t * 1000 + i, t * 1000 + i); }
                        );
                        failures += count(db) < 1;
                    } catch (const std::exception&) {
                        ++failures;
                    }
                }
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        CHECK(failures == 0);
        CHECK(count(db) == 300);
        CHECK_NOTHROW(db.ping());
    });
}
