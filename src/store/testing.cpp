// SPDX-License-Identifier: Apache-2.0
#include "store/testing.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "base/log.hpp"
#include "store/postgres.hpp"

namespace linli::store::testing {

namespace {

const char* server() {
    return std::getenv("LINLI_TEST_POSTGRES");
}

}  // namespace

bool ScratchPostgres::available() {
    return server() != nullptr && *server() != '\0';
}

ScratchPostgres::ScratchPostgres() {
    if (!available()) {
        throw std::runtime_error("LINLI_TEST_POSTGRES is not set");
    }
    static std::atomic<int> made{0};
    m_name = "test_" + std::to_string(getpid()) + "_" + std::to_string(++made);
    m_url = server();
    m_url +=
        (m_url.find('?') == std::string::npos ? "?" : "&") + ("options=-csearch_path%3D" + m_name);
    PgConnection(server()).script(
        "DROP SCHEMA IF EXISTS " + m_name + " CASCADE; CREATE SCHEMA " + m_name, 0
    );
}

ScratchPostgres::~ScratchPostgres() {
    try {
        PgConnection(server()).script("DROP SCHEMA " + m_name + " CASCADE", 0);
    } catch (const std::exception& e) {
        log::error("store.scratch_left", obj({{"schema", m_name}, {"error", e.what()}}));
    }
}

void ScratchPostgres::run(const std::string& sql) {
    PgConnection(m_url).script(sql, 0);
}

std::vector<Engine> engines() {
    if (!ScratchPostgres::available()) {
        return {Engine::sqlite};
    }
    const char* only = std::getenv("LINLI_TEST_ONLY");
    return only && std::string_view(only) == "postgres"
               ? std::vector{Engine::postgres}
               : std::vector{Engine::sqlite, Engine::postgres};
}

Wire::Wire() {
    static std::atomic<int> made{0};
    m_folder = std::filesystem::temp_directory_path() /
               ("linli-wire-" + std::to_string(getpid()) + "-" + std::to_string(++made));
    const std::string url = server();
    const auto from = url.find("host=");
    if (from != std::string::npos) {
        m_sockets = url.substr(from + 5, url.find('&', from) - from - 5);
    }
    std::filesystem::create_directory(m_folder);
    if (usable()) {
        mend();
    }
}

Wire::~Wire() {
    std::filesystem::remove_all(m_folder);
}

std::string Wire::through(std::string url) const {
    return url.replace(url.find(m_sockets), m_sockets.size(), m_folder.string());
}

void Wire::cut() {
    for (const auto& entry : std::filesystem::directory_iterator(m_folder)) {
        std::filesystem::remove(entry.path());
    }
}

void Wire::mend() {
    for (const auto& entry : std::filesystem::directory_iterator(m_sockets)) {
        if (entry.is_socket()) {
            std::filesystem::create_symlink(entry.path(), m_folder / entry.path().filename());
        }
    }
}

TestDatabase::TestDatabase(Engine engine, const std::vector<SchemaStep>& steps, Options options)
    : m_time(*parse_instant("2025-05-08T00:00:00Z")), m_random(1) {
    if (engine == Engine::postgres) {
        m_postgres = std::make_unique<ScratchPostgres>();
    }
    options.url = m_postgres ? m_postgres->url() : options.url.empty() ? ":memory:" : options.url;
    m_database = Database::open(options, m_time, m_random);
    auto all = schema();
    all.insert(all.end(), steps.begin(), steps.end());
    m_database->migrate(all);
}

TestDatabase::~TestDatabase() = default;

}  // namespace linli::store::testing
