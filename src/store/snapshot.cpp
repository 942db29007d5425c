// SPDX-License-Identifier: Apache-2.0
#include "store/snapshot.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "store/snapshot_postgres.hpp"

namespace linli::store {

namespace {

constexpr int pages_at_once = 4096;

struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

[[noreturn]] void fail(sqlite3* db, int code, const std::string& what) {
    const auto message = what + ": " + (db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
    if ((code & 0xff) == SQLITE_FULL) {
        throw DiskFull(message);
    }
    throw std::runtime_error(message);
}

Handle open_file(const std::filesystem::path& path, int flags) {
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    Handle handle(db);
    if (code != SQLITE_OK) {
        fail(db, code, "cannot open the database file " + path.string());
    }
    sqlite3_busy_timeout(db, 5000);
    return handle;
}

void run(sqlite3* db, const char* sql) {
    const int code = sqlite3_exec(db, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        fail(db, code, "the database");
    }
}

/// First column of the first row.
std::string text_of(sqlite3* db, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    int code = sqlite3_prepare_v2(db, sql, -1, &statement, nullptr);
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> kept(statement, sqlite3_finalize);
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
    }
    if (code != SQLITE_ROW) {
        fail(db, code, sql);
    }
    const auto* text = sqlite3_column_text(statement, 0);
    return text ? reinterpret_cast<const char*>(text) : "";
}

/// The page-for-page copy keeps row numbers, on which full-text search depends; VACUUM INTO does
/// not. The reading transaction around it holds one moment while the writer goes on.
void copy_database(
    const std::filesystem::path& from, const std::filesystem::path& to, const Progress& progress
) {
    const auto source = open_file(from, SQLITE_OPEN_READWRITE);
    run(source.get(), "BEGIN");
    text_of(source.get(), "SELECT count(*) FROM sqlite_schema");
    const auto target = open_file(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    auto* backup = sqlite3_backup_init(target.get(), "main", source.get(), "main");
    if (!backup) {
        fail(target.get(), SQLITE_ERROR, "cannot copy the database");
    }
    int code = SQLITE_OK;
    while ((code = sqlite3_backup_step(backup, pages_at_once)) == SQLITE_OK) {
        if (progress) {
            const auto all = sqlite3_backup_pagecount(backup);
            progress(all - sqlite3_backup_remaining(backup), all);
        }
    }
    const int finished = sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE || finished != SQLITE_OK) {
        fail(nullptr, code == SQLITE_DONE ? finished : code, "cannot write " + to.string());
    }
}

void sync(const std::filesystem::path& path, int flags) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
    const bool synced = file >= 0 && ::fsync(file) == 0;
    const int code = errno;
    if (file >= 0) {
        ::close(file);
    }
    if (!synced) {
        throw std::system_error(code, std::generic_category(), "cannot sync " + path.string());
    }
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

void remove_database(const std::filesystem::path& path) {
    for (const auto* tail : {"", "-wal", "-shm", "-journal"}) {
        std::error_code ignored;
        std::filesystem::remove(path.string() + tail, ignored);
    }
}

/// A durable copy of the file under another name in the target's folder.
std::filesystem::path copied_beside(
    const std::filesystem::path& from, const std::filesystem::path& target
) {
    auto part = target;
    part += ".part";
    remove_database(part);
    try {
        copy_database(from, part, {});
        const auto db = open_file(part, SQLITE_OPEN_READWRITE);
        if (const auto found = text_of(db.get(), "PRAGMA integrity_check(1)"); found != "ok") {
            throw std::runtime_error(from.string() + " is damaged: " + found);
        }
    } catch (...) {
        remove_database(part);
        throw;
    }
    sync(part, 0);
    return part;
}

/// Leaving the write-ahead log needs the file for oneself alone: so nobody else has it open.
void close_for_others(const std::string& path) {
    const auto db = open_file(path, SQLITE_OPEN_READWRITE);
    sqlite3_busy_timeout(db.get(), 1000);
    std::string mode;
    try {
        mode = text_of(db.get(), "PRAGMA journal_mode = DELETE");
    } catch (const std::exception&) {
        mode = "wal";
    }
    if (mode != "delete") {
        throw std::runtime_error("another process uses " + path + ": stop the server first");
    }
}

std::vector<std::string> tables(Tx& tx) {
    constexpr Sql sqlite{"store.tables", R"(
        SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
         ORDER BY name)"};
    constexpr Sql postgres{"store.tables", R"(
        SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename)"};
    return tx.all<std::string>(tx.engine() == Engine::sqlite ? sqlite : postgres);
}

template <class F>
void each_member(const Value& of, std::string_view name, F&& f) {
    const auto* found = of.find(name);
    if (const auto* members = found ? found->as_object() : nullptr) {
        for (const auto& [key, value] : *members) {
            f(key, value);
        }
    }
}

}  // namespace

Figures figures(Tx& tx) {
    Figures all;
    all.engine = tx.engine() == Engine::sqlite ? "sqlite" : "postgres";
    for (const auto& table : tables(tx)) {
        const auto text = "SELECT count(*) FROM \"" + table + "\"";
        all.rows[table] = tx.one<std::int64_t>({"store.count_rows", text}).value_or(0);
    }
    if (all.rows.contains("store_schema_step")) {
        constexpr Sql steps{"store.figures_steps", R"(
            SELECT room, number FROM store_schema_step ORDER BY room, number)"};
        tx.each(steps, [&](const Row& row) {
            all.steps.push_back(std::string(row.text(0)) + "/" + std::to_string(row.integer(1)));
            return true;
        });
    }
    if (all.rows.contains("store_head")) {
        constexpr Sql heads{"store.figures_heads", R"(
            SELECT county, position, hash FROM store_head ORDER BY county)"};
        tx.each(heads, [&](const Row& row) {
            all.heads[std::to_string(row.integer(0))] =
                std::to_string(row.integer(1)) + " " + std::string(row.text(2));
            return true;
        });
    }
    return all;
}

Value to_value(const Figures& all) {
    Value value = obj({{"engine", all.engine}});
    Value::List steps(all.steps.begin(), all.steps.end());
    value.set("steps", std::move(steps));
    Value rows = Value::Object{}, heads = Value::Object{};
    for (const auto& [table, count] : all.rows) {
        rows.set(table, count);
    }
    for (const auto& [county, head] : all.heads) {
        heads.set(county, head);
    }
    value.set("rows", std::move(rows));
    value.set("heads", std::move(heads));
    return value;
}

Figures figures_from(const Value& value) {
    Figures all;
    all.engine = value.text_or("engine");
    const auto* steps = value.find("steps");
    if (const auto* list = steps ? steps->as_list() : nullptr) {
        for (const auto& one : *list) {
            all.steps.push_back(one.as_text() ? *one.as_text() : "");
        }
    }
    each_member(value, "rows", [&](const std::string& table, const Value& count) {
        all.rows[table] = count.as_int() ? *count.as_int() : -1;
    });
    each_member(value, "heads", [&](const std::string& county, const Value& head) {
        all.heads[county] = head.as_text() ? *head.as_text() : "";
    });
    return all;
}

std::string difference(const Figures& expected, const Figures& found) {
    if (expected.engine != found.engine) {
        return "it is of " + expected.engine + ", not " + found.engine;
    }
    if (expected.steps != found.steps) {
        return "the schema steps differ";
    }
    for (const auto& [table, count] : expected.rows) {
        const auto other = found.rows.find(table);
        if (other == found.rows.end() || other->second != count) {
            return table + " has " +
                   (other == found.rows.end() ? "no" : std::to_string(other->second)) +
                   " rows instead of " + std::to_string(count);
        }
    }
    if (expected.rows.size() != found.rows.size()) {
        return "there are tables that should not be";
    }
    return expected.heads == found.heads ? "" : "the change log ends with other lines";
}

bool is_postgres(const std::string& url) {
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

bool can_take_snapshot(const std::string& url) {
    return !is_postgres(url) || postgres_programs_found();
}

Figures take_snapshot(
    const std::string& url, const std::filesystem::path& to, TimeSource& time, RandomSource& random,
    const Progress& progress
) {
    if (std::filesystem::exists(to)) {
        throw std::runtime_error(to.string() + " exists already");
    }
    if (!is_postgres(url) && !std::filesystem::exists(url)) {
        throw std::runtime_error("there is no database " + url);
    }
    try {
        Options options;
        options.readers = options.writers = 1;
        options.unsafe_durability = true;  // only reads
        options.silence_ms = 0;            // rows are counted while and after the file is written
        if (is_postgres(url)) {
            options.url = url;
            return Database::open(options, time, random)->read_now([&](Tx& tx) {
                dump_postgres(tx, url, to);
                return figures(tx);
            });
        }
        copy_database(url, to, progress);
        ::chmod(to.c_str(), 0600);
        options.url = to;
        auto found = Database::open(options, time, random)->read_now(figures);
        sync(to, 0);
        return found;
    } catch (...) {
        remove_database(to);
        throw;
    }
}

void restore_snapshot(const std::filesystem::path& from, const std::string& url) {
    if (is_postgres(url)) {
        return restore_postgres(from, url, "");
    }
    if (std::filesystem::exists(url)) {
        throw std::runtime_error("there is a database " + url + " already: nothing is overwritten");
    }
    std::filesystem::rename(copied_beside(from, url), url);
    sync(folder_of(url), O_DIRECTORY);
}

std::string swap_in_snapshot(
    const std::filesystem::path& from, const std::string& url, const std::string& mark
) {
    if (is_postgres(url)) {
        return restore_postgres_in_place(from, url, mark);
    }
    const auto kept = url + "." + mark;
    if (std::filesystem::exists(kept)) {
        throw std::runtime_error(kept + " exists already");
    }
    close_for_others(url);
    const auto part = copied_beside(from, url);
    // There is a database under its name at every moment.
    std::filesystem::create_hard_link(url, kept);
    std::filesystem::rename(part, url);
    sync(folder_of(url), O_DIRECTORY);
    return kept;
}

}  // namespace linli::store
