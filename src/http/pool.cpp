// SPDX-License-Identifier: Apache-2.0
#include "http/pool.hpp"

#include <algorithm>
#include <limits>

namespace linli::http {

Pool::Pool(int threads, std::size_t queue) : m_queue(queue) {
    for (int i = 0; i < std::max(threads, 1); ++i) {
        m_threads.emplace_back([this] { work(); });
    }
}

Pool::~Pool() {
    stop();
}

bool Pool::post(Job job) {
    return push(std::move(job), m_queue);
}

bool Pool::post_always(Job job) {
    return push(std::move(job), std::numeric_limits<std::size_t>::max());
}

bool Pool::push(Job job, std::size_t most) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopped || m_jobs.size() >= most) {
            return false;
        }
        m_jobs.push_back(std::move(job));
    }
    m_ready.notify_one();
    return true;
}

std::size_t Pool::waiting() const {
    const std::lock_guard lock(m_mutex);
    return m_jobs.size();
}

void Pool::work() {
    std::unique_lock lock(m_mutex);
    while (true) {
        m_ready.wait(lock, [this] { return m_stopped || !m_jobs.empty(); });
        if (m_stopped) {
            return;
        }
        auto job = std::move(m_jobs.front());
        m_jobs.pop_front();
        lock.unlock();
        job();
        job = nullptr;  // what it holds goes before the lock is taken again
        lock.lock();
    }
}

void Pool::stop() {
    std::deque<Job> dropped;
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
        dropped.swap(m_jobs);
    }
    m_ready.notify_all();
    for (auto& thread : m_threads) {
        if (thread.joinable()) {
            thread.join();
        }
    }
}

}  // namespace linli::http
