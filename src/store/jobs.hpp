// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What waits to be written, and what the engines share. Internal to the store.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "store/store.hpp"

namespace linli::store {

struct Job {
    Database::Work work;
    Database::Done done;
    std::exception_ptr error;
    std::vector<std::function<void()>> hooks;  ///< after_commit
    bool changed = false;                      ///< appended to the change log
    std::chrono::steady_clock::time_point queued_at;
};

/// Bounded queue of jobs. Thread-safe.
class JobQueue {
 public:
    explicit JobQueue(std::size_t limit) : m_limit(limit) {}
    /// Throws `unavailable` if full, Unreachable if closed.
    void push(Job job);
    /// Waits for a job and begins a group with it; false once the queue is closed and empty. Fewer
    /// and larger groups are cheaper than many at once, so a further group begins only if enough
    /// jobs wait, or one has waited long.
    bool begin_group(Job& job);
    void end_group();
    /// A job that waits already, if any.
    bool take(Job& job);
    /// Refuses further jobs; those that wait are still handed out.
    void close();
    std::size_t size() const;

 private:
    Job take_first();
    mutable std::mutex m_mutex;
    std::condition_variable m_filled;
    std::deque<Job> m_jobs;
    std::size_t m_limit;
    std::size_t m_groups = 0;  ///< under way
    bool m_closed = false;
};

struct Counters {
    std::atomic<std::int64_t> writes{0}, groups{0}, write_failures{0}, reads{0};
};

/// Runs hooks and continuations of a finished group on the calling thread. Exceptions out of them
/// are logged.
void answer(std::vector<Job>& group, Counters& counters);

/// Logs a statement that took long: by its name, never with what is bound to it. On PostgreSQL, the
/// first of those that were sent together.
class SlowStatement {
 public:
    explicit SlowStatement(std::string_view name) : m_name(name) {}
    ~SlowStatement();
    SlowStatement(const SlowStatement&) = delete;
    SlowStatement& operator=(const SlowStatement&) = delete;

 private:
    std::string_view m_name;
    std::chrono::steady_clock::time_point m_begun = std::chrono::steady_clock::now();
};

/// True on the threads of the engines, where waiting for a write would wait for itself.
bool& on_engine_thread();

/// PostgreSQL cannot hold a zero byte in a text; neither engine takes one.
inline void refuse_nul(std::string_view text, std::string_view statement) {
    if (text.find('\0') != std::string_view::npos) {
        throw std::invalid_argument(std::string(statement) + ": a text holds a zero byte");
    }
}

std::unique_ptr<Database> open_sqlite(const Options&, TimeSource&);
std::unique_ptr<Database> open_postgres(const Options&, TimeSource&, RandomSource&);

}  // namespace linli::store
