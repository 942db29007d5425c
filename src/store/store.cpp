// SPDX-License-Identifier: Apache-2.0
#include "store/store.hpp"

#include <future>

#include "store/jobs.hpp"
#include "store/migrate.hpp"

namespace linli::store {

std::unique_ptr<Database> Database::open(
    const Options& options, TimeSource& time, RandomSource& random
) {
    const bool postgres =
        options.url.starts_with("postgresql://") || options.url.starts_with("postgres://");
    if (options.url.empty()) {
        throw std::runtime_error("no database named: give a path, or postgresql://...");
    }
    return postgres ? open_postgres(options, time, random) : open_sqlite(options, time);
}

void Database::wait(const Work& work) {
    if (on_engine_thread()) {
        throw std::logic_error(
            "write_now inside a transaction or continuation would wait for itself"
        );
    }
    std::promise<void> promise;
    write(
        [&work](Tx& tx) { work(tx); },
        [&promise](std::exception_ptr error) {
            error ? promise.set_exception(error) : promise.set_value();
        }
    );
    promise.get_future().get();
}

void Tx::forget_remembered() {
    if (m_memory) {
        after_commit([memory = m_memory] { memory->forget(); });
        m_memory = nullptr;
    }
}

void Database::on_changes(std::function<void()> f) {
    std::lock_guard lock(m_listener_mutex);
    m_listener = std::move(f);
}

void Database::changes_committed() {
    std::lock_guard lock(m_listener_mutex);
    if (m_listener) {
        m_listener();
    }
}

void Database::migrate(const std::vector<SchemaStep>& steps) {
    store::migrate(*this, steps);
}

}  // namespace linli::store
