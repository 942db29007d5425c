// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

using namespace linli::store;

TEST_CASE("the write-ahead log begins anew although somebody reads an older state") {
    const auto path =
        std::filesystem::temp_directory_path() / ("linli-log-" + std::to_string(getpid()) + ".db");
    {
        SqliteConnection writer(path, ""), reader(path, "");
        writer.script("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE t (x)");
        constexpr Sql insert{"test.insert", "INSERT INTO t VALUES (zeroblob(100000))"};
        writer.execute(insert, {});
        reader.script("BEGIN");
        reader.integer("SELECT count(*) FROM t");
        writer.execute(insert, {});
        const auto before = writer.wal_pages();
        std::thread ending([&] {  // long enough after the copying has begun, or before: both do
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            reader.script("ROLLBACK");
        });
        writer.restart_log();
        ending.join();
        writer.execute(insert, {});
        CHECK(writer.wal_pages() < before);
        CHECK(reader.integer("SELECT count(*) FROM t") == 3);
    }
    for (const auto* tail : {"", "-wal", "-shm"}) {
        std::filesystem::remove(path.string() + tail);
    }
}
