// SPDX-License-Identifier: Apache-2.0
/// Full disks, failing disks, a database that goes away and comes back.
#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>

#include "store/faulty_disk.hpp"
#include "store/testing.hpp"

using namespace linli;
using namespace linli::store;
using testing::FaultyDisk;
using testing::ScratchPostgres;
using testing::TestDatabase;
using testing::Wire;

namespace {

const std::vector<SchemaStep> papers{
    {"test", 1, "001_paper.sql",
     "CREATE TABLE test_paper (county INTEGER NOT NULL, id BIGINT NOT NULL, body TEXT, PRIMARY KEY "
     "(county, id));"}};

constexpr Sql insert_sql{
    "test.insert", "INSERT INTO test_paper (county, id, body) VALUES (1, $1, $2)"};
constexpr Sql count_sql{"test.count", "SELECT count(*) FROM test_paper"};

void put(Database& db, std::int64_t id, std::size_t size = 10) {
    db.write_now([&](Tx& tx) { tx.run(insert_sql, id, std::string(size, 'x')); });
}

std::int64_t count(Database& db) {
    return db.read_now([](Tx& tx) { return tx.one<std::int64_t>(count_sql).value(); });
}

TestDatabase on_disk(const FaultyDisk& disk) {
    Options options;
    options.sqlite_vfs = disk.name();
    return TestDatabase(Engine::sqlite, papers, options);
}

}  // namespace

TEST_CASE("a full database says so, reads go on, and it heals itself") {
    TestDatabase db(Engine::sqlite, papers);
    put(*db, 1);
    db->write_now([](Tx& tx) { tx.script("PRAGMA max_page_count = 60"); });
    CHECK_THROWS_AS(put(*db, 2, 1'000'000), DiskFull);
    CHECK(count(*db) == 1);
    db->write_now([](Tx& tx) { tx.script("PRAGMA max_page_count = 1000000"); });
    CHECK_NOTHROW(put(*db, 2, 1'000'000));
    CHECK(count(*db) == 2);
}

TEST_CASE("a full disk says so to the whole group, reads go on, and it heals itself") {
    FaultyDisk disk;
    auto db = on_disk(disk);
    put(*db, 1);
    disk.full = true;
    std::vector<std::future<void>> outcomes;
    for (int i = 2; i < 12; ++i) {
        auto outcome = std::make_shared<std::promise<void>>();
        outcomes.push_back(outcome->get_future());
        db->write(
            [i](Tx& tx) {
                tx.run(insert_sql, i, std::string("x"));
                CHECK(tx.new_id(1) > 0);
                tx.after_commit([] { FAIL("nothing was committed"); });
            },
            [outcome](std::exception_ptr error) {
                error ? outcome->set_exception(error) : outcome->set_value();
            }
        );
    }
    for (auto& outcome : outcomes) {
        CHECK_THROWS_AS(outcome.get(), DiskFull);
    }
    CHECK(count(*db) == 1);
    CHECK_NOTHROW(db->ping());
    disk.full = false;
    put(*db, 2);
    CHECK(count(*db) == 2);
}

TEST_CASE("after a failed fsync nothing is acknowledged until a restart") {
    FaultyDisk disk;
    auto db = on_disk(disk);
    put(*db, 1);
    disk.sync_fails = true;
    CHECK_THROWS_AS(put(*db, 2), Unreachable);
    disk.sync_fails = false;
    CHECK_THROWS_AS(put(*db, 3), Unreachable);
    CHECK_THROWS_AS(db->ping(), Unreachable);
    CHECK(count(*db) == 1);
}

TEST_CASE("every acknowledged group has been synced") {
    FaultyDisk disk;
    auto db = on_disk(disk);
    for (int i = 1; i <= 5; ++i) {
        const auto before = disk.syncs.load();
        put(*db, i);
        CHECK(disk.syncs > before);
    }
}

TEST_CASE("a failed read fails its work alone") {
    FaultyDisk disk;
    auto db = on_disk(disk);
    put(*db, 1, 100'000);
    auto read_all = [&] {
        db->read([](Tx& tx) {
            tx.all<std::string>({"test.bodies", "SELECT body FROM test_paper ORDER BY id"});
        });
    };
    CHECK(count(*db) == 1);
    disk.read_fails = true;
    CHECK_THROWS_AS(read_all(), Unreachable);
    disk.read_fails = false;
    CHECK_NOTHROW(read_all());
    put(*db, 2);
    CHECK(count(*db) == 2);
}

TEST_CASE("a database file outlives the process that wrote it") {
    const auto folder =
        std::filesystem::temp_directory_path() / ("linli-store-" + std::to_string(getpid()));
    std::filesystem::create_directory(folder);
    Options options;
    options.url = folder / "linli.db";
    {
        TestDatabase db(Engine::sqlite, papers, options);
        for (int i = 1; i <= 2000; ++i) {
            db->write([i](Tx& tx) { tx.run(insert_sql, i, std::string(5000, 'x')); }, nullptr);
        }
        db->close();
    }
    {
        TestDatabase db(Engine::sqlite, papers, options);
        CHECK(count(*db) == 2000);
    }
    std::filesystem::remove_all(folder);
}

TEST_CASE("a path that cannot be opened is named") {
    ManualTime time{Instant{0}};
    SeededRandom random(1);
    Options options;
    options.url = "/nonexistent/linli.db";
    CHECK_THROWS_WITH_AS(
        Database::open(options, time, random),
        "cannot open the database file /nonexistent/linli.db: unable to open database file",
        std::runtime_error
    );
    options.url = "postgresql:///x?host=/nonexistent";
    CHECK_THROWS_AS(Database::open(options, time, random), Unreachable);
    options.url = "";
    CHECK_THROWS_AS(Database::open(options, time, random), std::runtime_error);
}

TEST_CASE("PostgreSQL that may lose acknowledged writes is refused") {
    if (!ScratchPostgres::available()) {
        return;
    }
    const ScratchPostgres scratch;
    ManualTime time{Instant{0}};
    SeededRandom random(1);
    Options options;
    options.url = scratch.url();
    CHECK_NOTHROW(Database::open(options, time, random));
    options.require_standby = true;
    CHECK_THROWS_AS(Database::open(options, time, random), std::runtime_error);
    options.require_standby = false;
    for (const char* value : {"off", "local", "remote_write"}) {
        options.url = scratch.url() + "%20-csynchronous_commit%3D" + value;
        CHECK_THROWS_AS(Database::open(options, time, random), std::runtime_error);
    }
    options.unsafe_durability = true;
    CHECK_NOTHROW(Database::open(options, time, random));
}

namespace {

/// Writes until PostgreSQL is stopped as by a crash (the command of LINLI_CRASH_POSTGRES); how many
/// of the acknowledged rows are gone then.
std::int64_t lost_by_a_crash(const std::string& crash, bool commits_wait) {
    const ScratchPostgres scratch;
    ManualTime time{Instant{0}};
    SeededRandom random(1);
    Options options;
    options.url = scratch.url();
    auto steps = schema();
    steps.insert(steps.end(), papers.begin(), papers.end());
    Database::open(options, time, random)->migrate(steps);
    options.url += commits_wait ? "" : "%20-csynchronous_commit%3Doff";
    options.unsafe_durability = !commits_wait;
    const auto db = Database::open(options, time, random);
    std::int64_t acknowledged = 0;
    const auto stopped = std::async(std::launch::async, [&] { std::system(crash.c_str()); });
    try {
        while (stopped.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
            put(*db, acknowledged + 1);
            ++acknowledged;
        }
    } catch (const std::exception&) {
        stopped.wait();
    }
    for (int i = 0; i < 5000; ++i) {
        try {
            return acknowledged - std::min(acknowledged, count(*db));
        } catch (const Unreachable&) {
            usleep(1000);
        }
    }
    throw std::runtime_error("PostgreSQL did not come back");
}

}  // namespace

TEST_CASE("a crash of PostgreSQL loses acknowledged writes with the setting that is refused alone"
) {
    const char* crash = std::getenv("LINLI_CRASH_POSTGRES");
    if (!ScratchPostgres::available() || !crash) {
        return;
    }
    CHECK(lost_by_a_crash(crash, true) == 0);
    std::int64_t lost = 0;
    for (int i = 0; i < 10 && lost == 0; ++i) {
        lost = lost_by_a_crash(crash, false);
    }
    CHECK(lost > 0);
}

namespace {

constexpr Sql pid_sql{"test.pid", "SELECT pg_backend_pid()"};

void kill_backend(ScratchPostgres& scratch, std::int64_t pid) {
    scratch.run("SELECT pg_terminate_backend(" + std::to_string(pid) + ", 5000)");
}

}  // namespace

TEST_CASE("a lost connection is made again without a lost request") {
    if (!ScratchPostgres::available()) {
        return;
    }
    Options options;
    options.writers = 1;
    options.readers = 1;
    TestDatabase db(Engine::postgres, papers, options);
    auto reader = db->read_now([](Tx& tx) { return *tx.one<std::int64_t>(pid_sql); });
    auto writer = db->write_now([](Tx& tx) { return *tx.one<std::int64_t>(pid_sql); });
    kill_backend(*db.postgres(), reader);
    kill_backend(*db.postgres(), writer);
    put(*db, 1);
    CHECK(count(*db) == 1);
    int runs = 0;
    db->write_now([&](Tx& tx) {
        tx.run(insert_sql, 2, "x");
        if (++runs == 1) {
            kill_backend(*db.postgres(), *tx.one<std::int64_t>(pid_sql));
        }
        tx.run(insert_sql, 3, "x");
    });
    CHECK(runs == 2);
    CHECK(count(*db) == 3);
}

TEST_CASE("while PostgreSQL is away callers hear it at once; when it is back all goes on") {
    if (!ScratchPostgres::available()) {
        return;
    }
    Wire wire;
    if (!wire.usable()) {
        return;
    }
    ScratchPostgres scratch;
    ManualTime time{Instant{0}};
    SeededRandom random(1);
    Options options;
    options.url = wire.through(scratch.url());
    options.writers = 1;
    options.readers = 1;
    auto db = Database::open(options, time, random);
    auto steps = schema();
    steps.insert(steps.end(), papers.begin(), papers.end());
    db->migrate(steps);
    const auto reader = db->read_now([](Tx& tx) { return *tx.one<std::int64_t>(pid_sql); });
    const auto writer = db->write_now([](Tx& tx) { return *tx.one<std::int64_t>(pid_sql); });
    wire.cut();
    kill_backend(scratch, reader);
    kill_backend(scratch, writer);
    CHECK_THROWS_AS(put(*db, 1), Unreachable);
    CHECK_THROWS_AS(count(*db), Unreachable);
    CHECK_THROWS_AS(db->ping(), Unreachable);
    wire.mend();
    bool healed = false;
    for (int i = 0; i < 5000 && !healed; ++i) {
        try {
            db->ping();
            put(*db, 2);
            healed = true;
        } catch (const Unreachable&) {
            usleep(1000);
        }
    }
    CHECK(healed);
    CHECK(count(*db) == 1);
}

TEST_CASE("a PostgreSQL that is silent counts as away: reads and writes end in time") {
    if (!ScratchPostgres::available()) {
        return;
    }
    Options options;
    options.silence_ms = 400;
    TestDatabase db(Engine::postgres, papers, options);
    const auto sleep = [](Tx& tx) {
        tx.one<std::int64_t>({"test.sleep", "SELECT 1 FROM pg_sleep(20)"});
    };
    CHECK_THROWS_AS(db->read(sleep), Unreachable);
    CHECK_THROWS_AS(db->write_now(sleep), Unreachable);
    put(*db, 1);
    CHECK(count(*db) == 1);
}

TEST_CASE("works that lock each other out are run again until both are done") {
    if (!ScratchPostgres::available()) {
        return;
    }
    TestDatabase db(Engine::postgres, papers);
    put(*db, 1);
    put(*db, 2);
    std::promise<void> first_ready, second_ready;
    auto first_is = first_ready.get_future().share(), second_is = second_ready.get_future().share();
    auto cross = [&](std::int64_t from, std::int64_t to, std::promise<void>& ready,
                     std::shared_future<void> other) {
        auto once = std::make_shared<bool>(false);
        auto outcome = std::make_shared<std::promise<void>>();
        db->write(
            [=, &ready](Tx& tx) {
                constexpr Sql sql{
                    "test.touch", "UPDATE test_paper SET body = body || 'y' WHERE id = $1"};
                tx.run(sql, from);
                if (!*once) {
                    *once = true;
                    ready.set_value();
                    other.wait();
                }
                tx.run(sql, to);
            },
            [outcome](std::exception_ptr error) {
                error ? outcome->set_exception(error) : outcome->set_value();
            }
        );
        return outcome->get_future();
    };
    auto a = cross(1, 2, first_ready, second_is);
    first_is.wait();  // so that the second does not join the group of the first
    auto b = cross(2, 1, second_ready, first_is);
    CHECK_NOTHROW(a.get());
    CHECK_NOTHROW(b.get());
    constexpr Sql sql{"test.bodies", "SELECT body FROM test_paper ORDER BY id"};
    for (const auto& body : db->read_now([&](Tx& tx) { return tx.all<std::string>(sql); })) {
        CHECK(body == "xxxxxxxxxxyy");
    }
}
