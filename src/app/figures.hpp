// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Figures for operators beyond those of the HTTP server: the database, the log and its readers,
/// timers, sessions, disk, this process. Thread-safe.
#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>

#include "store/store.hpp"

namespace linli::app {

class Figures {
 public:
    Figures(store::Database& database, TimeSource& time, std::filesystem::path data)
        : m_database(database), m_time(time), m_data(std::move(data)) {}
    /// Prometheus text. What is asked of the database is asked again after ten seconds at the
    /// earliest, however often somebody looks.
    std::string text();

 private:
    std::string of_database();
    store::Database& m_database;
    TimeSource& m_time;
    std::filesystem::path m_data;
    std::mutex m_mutex;
    std::string m_kept;
    std::chrono::steady_clock::time_point m_fresh_until;
};

}  // namespace linli::app
