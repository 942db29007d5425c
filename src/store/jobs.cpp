// SPDX-License-Identifier: Apache-2.0
#include "store/jobs.hpp"

#include <utility>

#include "base/log.hpp"

namespace linli::store {

void JobQueue::push(Job job) {
    {
        std::lock_guard lock(m_mutex);
        if (m_closed) {
            throw Unreachable("the database is being closed");
        }
        if (m_jobs.size() >= m_limit) {
            throw unavailable("busy", 1);
        }
        job.queued_at = std::chrono::steady_clock::now();
        m_jobs.push_back(std::move(job));
    }
    m_filled.notify_one();
}

Job JobQueue::take_first() {
    Job job = std::move(m_jobs.front());
    m_jobs.pop_front();
    return job;
}

bool JobQueue::begin_group(Job& job) {
    constexpr std::size_t worth_a_group = 8;
    constexpr auto long_wait = std::chrono::milliseconds(2);
    std::unique_lock lock(m_mutex);
    for (;;) {
        if (m_jobs.empty()) {
            if (m_closed) {
                return false;
            }
            m_filled.wait(lock);
            continue;
        }
        const auto due = m_jobs.front().queued_at + long_wait;
        if (m_groups <= m_jobs.size() / worth_a_group || std::chrono::steady_clock::now() >= due) {
            break;
        }
        m_filled.wait_until(lock, due);
    }
    ++m_groups;
    job = take_first();
    return true;
}

void JobQueue::end_group() {
    std::lock_guard lock(m_mutex);
    --m_groups;
}

bool JobQueue::take(Job& job) {
    std::lock_guard lock(m_mutex);
    if (m_jobs.empty()) {
        return false;
    }
    job = take_first();
    return true;
}

void JobQueue::close() {
    {
        std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_filled.notify_all();
}

std::size_t JobQueue::size() const {
    std::lock_guard lock(m_mutex);
    return m_jobs.size();
}

bool& on_engine_thread() {
    thread_local bool here = false;
    return here;
}

namespace {

/// A continuation that throws is a bug of its owner; the engine goes on with the next one.
template <class F>
void call_and_log(const char* what, F&& f) {
    try {
        f();
    } catch (const std::exception& e) {
        log::error("store.continuation_failed", obj({{"which", what}, {"error", e.what()}}));
    }
}

}  // namespace

void answer(std::vector<Job>& group, Counters& counters) {
    counters.groups += 1;
    for (auto& job : group) {
        counters.writes += job.error ? 0 : 1;
        counters.write_failures += job.error ? 1 : 0;
        if (!job.error) {
            for (auto& hook : job.hooks) {
                call_and_log("after_commit", hook);
            }
        }
        if (job.done) {
            call_and_log("done", [&] { job.done(job.error); });
        }
    }
}

SlowStatement::~SlowStatement() {
    constexpr auto slow = std::chrono::milliseconds(500);
    const auto took = std::chrono::steady_clock::now() - m_begun;
    if (took >= slow) {
        using std::chrono::duration_cast, std::chrono::milliseconds;
        log::warning(
            "slow_statement",
            obj({{"statement", m_name}, {"ms", duration_cast<milliseconds>(took).count()}})
        );
    }
}

}  // namespace linli::store
