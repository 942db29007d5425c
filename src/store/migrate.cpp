// SPDX-License-Identifier: Apache-2.0
#include "store/migrate.hpp"

#include <map>
#include <utility>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace linli::store {

namespace {

using Key = std::pair<std::string, int>;

struct Ran {
    std::string name, digest;
};

/// Two programs that start at once run the steps one after the other.
void lock_schema(Tx& tx) {
    if (tx.engine() == Engine::postgres) {
        constexpr Sql sql{"store.lock_schema", "SELECT pg_advisory_xact_lock(7236412)"};
        tx.run(sql);
    }
}

std::map<Key, Ran> steps_run(Tx& tx) {
    constexpr Sql sql{"store.steps_run", R"(
        SELECT room, number, name, digest FROM store_schema_step ORDER BY room, number)"};
    std::map<Key, Ran> ran;
    tx.each(sql, [&](const Row& row) {
        ran[{std::string(row.text(0)), static_cast<int>(row.integer(1))}] = {
            std::string(row.text(2)), std::string(row.text(3))};
        return true;
    });
    return ran;
}

std::string label(const std::string& room, const std::string& name) {
    return room + "/schema/" + name;
}

void refuse_unknown(const std::map<Key, Ran>& ran, const std::map<Key, const SchemaStep*>& known) {
    for (const auto& [key, step] : ran) {
        if (!known.contains(key)) {
            throw std::runtime_error(
                "the database has schema step " + label(key.first, step.name) +
                ", which this program does not know: it was last used by a newer version. Start "
                "that version, or "
                "go back to the snapshot made before the upgrade with `linli rollback`."
            );
        }
    }
}

void refuse_edited(const Ran& ran, const SchemaStep& step, const std::string& digest) {
    if (ran.digest != digest) {
        throw std::runtime_error(
            "schema step " + label(step.room, step.name) +
            " differs from the one this database ran. A released step is never edited: restore its "
            "text and write "
            "what is new as a further step."
        );
    }
}

void record_step(Tx& tx, const SchemaStep& step, const std::string& digest) {
    constexpr Sql sql{"store.record_step", R"(
        INSERT INTO store_schema_step (room, number, name, digest) VALUES ($1, $2, $3, $4))"};
    tx.run(sql, step.room, step.number, step.name, digest);
}

void run_step(Tx& tx, const SchemaStep& step) {
    lock_schema(tx);
    const auto digest = to_hex(sha256(step.sql));
    const auto ran = steps_run(tx);
    if (const auto found = ran.find({step.room, step.number}); found != ran.end()) {
        return refuse_edited(found->second, step, digest);
    }
    try {
        tx.script(step.sql);
    } catch (const std::exception& e) {
        throw std::runtime_error(
            "schema step " + label(step.room, step.name) + " failed: " + e.what()
        );
    }
    record_step(tx, step, digest);
}

}  // namespace

void migrate(Database& database, const std::vector<SchemaStep>& steps) {
    std::map<Key, const SchemaStep*> known;
    for (const auto& step : steps) {
        if (!known.emplace(Key{step.room, step.number}, &step).second) {
            throw std::logic_error(
                "schema step " + label(step.room, step.name) + " has the number of another one"
            );
        }
    }
    const auto ran = database.write_now([](Tx& tx) {
        lock_schema(tx);
        tx.script(
            "CREATE TABLE IF NOT EXISTS store_schema_step (room TEXT NOT NULL, number INTEGER NOT "
            "NULL, "
            "name TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (room, number))"
        );
        return steps_run(tx);
    });
    refuse_unknown(ran, known);
    for (const auto& step : steps) {
        const auto found = ran.find({step.room, step.number});
        if (found != ran.end()) {
            refuse_edited(found->second, step, to_hex(sha256(step.sql)));
        } else {
            database.write_now([&](Tx& tx) { run_step(tx, step); });
        }
    }
}

std::vector<std::string> steps_missing(Database& database, const std::vector<SchemaStep>& steps) {
    const auto ran = database.read_now([](Tx& tx) {
        constexpr Sql sqlite{"store.has_steps", R"(
            SELECT count(*) FROM sqlite_schema WHERE name = 'store_schema_step')"};
        constexpr Sql postgres{"store.has_steps", R"(
            SELECT count(*) FROM pg_tables
             WHERE schemaname = current_schema() AND tablename = 'store_schema_step')"};
        const auto& sql = tx.engine() == Engine::sqlite ? sqlite : postgres;
        return tx.one<std::int64_t>(sql) == 1 ? steps_run(tx) : std::map<Key, Ran>{};
    });
    std::vector<std::string> missing;
    for (const auto& step : steps) {
        if (!ran.empty() && !ran.contains({step.room, step.number})) {
            missing.push_back(step.room + "/" + step.name);
        }
    }
    return missing;
}

}  // namespace linli::store
