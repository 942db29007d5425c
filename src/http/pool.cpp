// SPDX-License-Identifier: Apache-2.0
#include "http/pool.hpp"

#include <algorithm>

namespace linli::http {

namespace {

constexpr unsigned bulk_turn = 8;  ///< each eighth turn is that of long work, so that it ends too

}  // namespace

Pool::Pool(int threads, std::size_t queue) : m_queue(queue), m_bulk_most(std::max(1, threads / 2)) {
    for (int i = 0; i < std::max(threads, 1); ++i) {
        m_threads.emplace_back([this] { work(); });
    }
}

Pool::~Pool() {
    stop();
}

std::size_t Pool::count() const {
    std::size_t all = 0;
    for (const auto& jobs : m_lanes) {
        all += jobs.size();
    }
    return all;
}

bool Pool::give_way(Lane to, Job& victim) {
    for (const auto of : {Lane::bulk, Lane::ordinary}) {
        auto& jobs = lane(of);
        // A piece has no refusal: its answer has begun.
        if (of > to && !jobs.empty() && jobs.back().refuse) {
            victim = std::move(jobs.back());
            jobs.pop_back();
            return true;
        }
    }
    return false;
}

bool Pool::post(Lane to, Job job) {
    Job victim;
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopped || (count() >= m_queue && !give_way(to, victim))) {
            return false;
        }
        lane(to).push_back(std::move(job));
    }
    m_ready.notify_one();
    if (victim.refuse) {
        victim.refuse();
    }
    return true;
}

bool Pool::post_piece(std::function<void()> run) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopped) {
            return false;
        }
        lane(Lane::bulk).push_back({std::move(run), nullptr});
    }
    m_ready.notify_one();
    return true;
}

std::size_t Pool::waiting() const {
    const std::lock_guard lock(m_mutex);
    return count();
}

bool Pool::bulk_may_run() const {
    return !m_lanes[static_cast<std::size_t>(Lane::bulk)].empty() && m_bulk_running < m_bulk_most;
}

bool Pool::choose(Lane& next) {
    const bool bulk = bulk_may_run();
    if (!lane(Lane::urgent).empty()) {
        next = Lane::urgent;
    } else if (bulk && (lane(Lane::ordinary).empty() || ++m_turn % bulk_turn == 0)) {
        next = Lane::bulk;
    } else if (!lane(Lane::ordinary).empty()) {
        next = Lane::ordinary;
    } else {
        return false;
    }
    return true;
}

void Pool::work() {
    std::unique_lock lock(m_mutex);
    Lane from{};
    while (true) {
        m_ready.wait(lock, [&] { return m_stopped || choose(from); });
        if (m_stopped) {
            return;
        }
        auto job = std::move(lane(from).front());
        lane(from).pop_front();
        m_bulk_running += from == Lane::bulk;
        lock.unlock();
        job.run();
        job = {};  // what it holds goes before the lock is taken again
        lock.lock();
        m_bulk_running -= from == Lane::bulk;
        if (from == Lane::bulk && bulk_may_run()) {
            m_ready.notify_one();
        }
    }
}

void Pool::stop() {
    std::array<std::deque<Job>, lane_count> dropped;
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
        dropped.swap(m_lanes);
    }
    m_ready.notify_all();
    for (auto& thread : m_threads) {
        if (thread.joinable()) {
            thread.join();
        }
    }
}

}  // namespace linli::http
