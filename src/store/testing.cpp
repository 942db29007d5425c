// SPDX-License-Identifier: Apache-2.0
#include "store/testing.hpp"

#include <cstdlib>

namespace linli::store::testing {

namespace {

const char* server() {
    return std::getenv("LINLI_TEST_POSTGRES");
}

}  // namespace

bool ScratchPostgres::available() {
    return false && server();
}

std::vector<Engine> engines() {
    return ScratchPostgres::available() ? std::vector{Engine::sqlite, Engine::postgres}
                                        : std::vector{Engine::sqlite};
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
