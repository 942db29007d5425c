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
        m_jobs.push_back(std::move(job));
    }
    m_filled.notify_one();
}

bool JobQueue::wait(Job& job) {
    std::unique_lock lock(m_mutex);
    m_filled.wait(lock, [&] { return m_closed || !m_jobs.empty(); });
    if (m_jobs.empty()) {
        return false;
    }
    job = std::move(m_jobs.front());
    m_jobs.pop_front();
    return true;
}

bool JobQueue::take(Job& job) {
    std::lock_guard lock(m_mutex);
    if (m_jobs.empty()) {
        return false;
    }
    job = std::move(m_jobs.front());
    m_jobs.pop_front();
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

}  // namespace linli::store
