// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Fresh databases for the tests of every room: in memory on SQLite, and on PostgreSQL if
/// LINLI_TEST_POSTGRES holds a URL.
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace linli::store::testing {

/// An empty PostgreSQL schema of its own, dropped at the end.
class ScratchPostgres {
 public:
    ScratchPostgres();
    ~ScratchPostgres();
    ScratchPostgres(const ScratchPostgres&) = delete;
    ScratchPostgres& operator=(const ScratchPostgres&) = delete;
    /// Whether LINLI_TEST_POSTGRES is set.
    static bool available();
    const std::string& url() const { return m_url; }
    /// Runs a statement in this schema, outside of the engine.
    void run(const std::string& sql);

 private:
    std::string m_name, m_url;
};

/// A way to the server of LINLI_TEST_POSTGRES that can be cut: its socket by another name, in a
/// folder of our own. Only for URLs with `host=/folder`.
class Wire {
 public:
    Wire();
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    bool usable() const { return m_sockets.starts_with("/"); }
    std::string through(std::string url) const;
    void cut();  ///< new connections fail; those that are open stay
    void mend();

 private:
    std::filesystem::path m_folder;
    std::string m_sockets;
};

/// A migrated database with a clock that stands at 2025-05-08T00:00Z and a seeded random source.
class TestDatabase {
 public:
    /// `steps` go after those of the store.
    explicit TestDatabase(
        Engine engine, const std::vector<SchemaStep>& steps = {}, Options options = {}
    );
    ~TestDatabase();
    Database& operator*() { return *m_database; }
    Database* operator->() { return m_database.get(); }
    ManualTime& time() { return m_time; }
    RandomSource& random() { return m_random; }
    /// Null on SQLite.
    ScratchPostgres* postgres() { return m_postgres.get(); }

 private:
    ManualTime m_time;
    SeededRandom m_random;
    std::unique_ptr<ScratchPostgres> m_postgres;
    std::unique_ptr<Database> m_database;
};

/// The engines that can be tested here; PostgreSQL alone if LINLI_TEST_ONLY is "postgres".
std::vector<Engine> engines();

/// Runs `body` on a fresh database of each engine: `on_each_engine([](Database& db) { ... })`, or
/// with the steps of other rooms `on_each_engine(area::schema(), ...)`; a body that takes a
/// TestDatabase& also gets the clock.
template <class F>
void on_each_engine(const std::vector<SchemaStep>& steps, F&& body) {
    for (const auto engine : engines()) {
        TestDatabase database(engine, steps);
        if constexpr (std::is_invocable_v<F&, TestDatabase&>) {
            body(database);
        } else {
            body(*database);
        }
    }
}
template <class F>
requires(std::is_invocable_v<F&, TestDatabase&> || std::is_invocable_v<F&, Database&>) void on_each_engine(
    F&& body
) {
    on_each_engine({}, std::forward<F>(body));
}

}  // namespace linli::store::testing
