// SPDX-License-Identifier: Apache-2.0
/// An upgrade that is killed at any of its statements leaves the schema of before or of after a
/// step, never one between (C82).
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/testing.hpp"
#include "base/text.hpp"

namespace linli::app::testing {

namespace {

constexpr int killed = 9;
int statements_to_live = -1;  ///< of the child that migrates an SQLite file

int count_down(unsigned, void*, void*, void*) {
    if (statements_to_live == 0) {
        ::_exit(killed);
    }
    --statements_to_live;
    return 0;
}

int trace_every_connection(sqlite3* db, char**, const sqlite3_api_routines*) {
    return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, count_down, nullptr);
}

std::unique_ptr<store::Database> open(const std::string& url) {
    static SystemTime time;
    static SystemRandom random;
    store::Options options;
    options.url = url;
    options.readers = options.writers = 1;
    options.unsafe_durability = true;
    return store::Database::open(options, time, random);
}

/// Tables, columns, indexes and the steps that are recorded, as one text.
std::string schema_text(const std::string& url) {
    const auto database = open(url);
    const bool lite = database->engine() == store::Engine::sqlite;
    const store::Sql objects{
        "test.objects", lite ? "SELECT name || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER "
                               "BY name"
                             : "SELECT table_name || ' ' || column_name || ' ' || data_type AS "
                               "line FROM information_schema.columns WHERE table_schema = "
                               "current_schema() UNION ALL SELECT indexdef FROM pg_indexes WHERE "
                               "schemaname = current_schema() ORDER BY 1"};
    constexpr store::Sql steps{
        "test.steps",
        "SELECT room || number || digest FROM store_schema_step ORDER BY room, "
        "number"};
    return database->read_now([&](store::Tx& tx) {
        auto all = tx.all<std::string>(objects);
        const auto text = join(all, "\n");
        return text.find("store_schema_step") == std::string::npos
                   ? text
                   : text + join(tx.all<std::string>(steps), "\n");
    });
}

/// Migrates in a process of its own that dies at its nth statement; false if it came to the end.
bool die_in_migration(
    const std::string& url, const std::vector<store::SchemaStep>& steps, int statement
) {
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);
        statements_to_live = 1 << 30;
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(trace_every_connection));
        const auto database = open(url);
        statements_to_live = statement;
        try {
            database->migrate(steps);
        } catch (...) {
            ::_exit(1);
        }
        statements_to_live = 1 << 30;
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFEXITED(status));
    REQUIRE((WEXITSTATUS(status) == killed || WEXITSTATUS(status) == 0));
    return WEXITSTATUS(status) == killed;
}

/// The statements of a step, comments left out.
std::vector<std::string> statements(const std::string& sql) {
    std::string bare;
    for (const auto line : split(sql, '\n')) {
        bare += std::string(line.substr(0, line.find("--"))) + "\n";
    }
    std::vector<std::string> all;
    for (const auto one : split(bare, ';')) {
        if (!tidy(one).empty()) {
            all.emplace_back(one);
        }
    }
    return all;
}

/// The step with a statement before its nth that ends the connection on the server's side.
store::SchemaStep deadly(const store::SchemaStep& step, std::size_t at) {
    auto all = statements(step.sql);
    all.insert(
        all.begin() + static_cast<std::ptrdiff_t>(at),
        "SELECT pg_terminate_backend(pg_backend_pid())"
    );
    auto changed = step;
    changed.sql = join(all, ";\n");
    return changed;
}

}  // namespace

TEST_CASE("an SQLite upgrade killed at any statement leaves old or new") {
    const auto folder = fresh_folder("upgrade");
    const auto url = (folder / "linli.db").string();
    const auto all = all_schema_steps();
    std::vector<store::SchemaStep> steps;
    int kills = 0;
    auto before = schema_text(url);
    for (const auto& step : all) {
        steps.push_back(step);
        for (int n = 0;; ++n) {
            const bool died = die_in_migration(url, steps, n);
            const auto now = schema_text(url);
            if (!died) {
                CHECK(now != before);
                before = now;
                break;
            }
            ++kills;
            // The table of the steps itself comes in a transaction of its own.
            const bool old =
                now == before || (before.empty() && now.find("store_change") == std::string::npos);
            if (!old) {
                // Killed after the commit: whole, and nothing is left to do.
                CHECK_FALSE(die_in_migration(url, steps, 1000));
                CHECK(schema_text(url) == now);
                before = now;
                break;
            }
        }
    }
    MESSAGE(kills << " kills in " << all.size() << " steps");
    CHECK(kills > 60);
    open(url)->migrate(all);
    CHECK(schema_text(url) == before);
    std::filesystem::remove_all(folder);
}

TEST_CASE("a PostgreSQL upgrade cut off at any statement leaves old or new") {
    if (!store::testing::ScratchPostgres::available()) {
        return;
    }
    const store::testing::ScratchPostgres scratch;
    const auto all = all_schema_steps();
    std::vector<store::SchemaStep> steps;
    int kills = 0;
    open(scratch.url())->migrate({});
    for (const auto& step : all) {
        const auto before = schema_text(scratch.url());
        const auto count = statements(step.sql).size();
        REQUIRE(count > 0);
        for (std::size_t n = 0; n <= count; ++n) {
            auto with = steps;
            with.push_back(deadly(step, n));
            CHECK_THROWS(open(scratch.url())->migrate(with));
            CHECK(schema_text(scratch.url()) == before);
            ++kills;
        }
        steps.push_back(step);
        open(scratch.url())->migrate(steps);
        CHECK(schema_text(scratch.url()) != before);
    }
    MESSAGE(kills << " cuts in " << all.size() << " steps");
}

}  // namespace linli::app::testing
