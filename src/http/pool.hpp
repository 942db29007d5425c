// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Threads that run handlers: plain blocking functions, with a bounded queue before them, in lanes.
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "http/lane.hpp"

namespace linli::http {

class Pool {
 public:
    struct Job {
        std::function<void()> run;     ///< must not throw
        std::function<void()> refuse;  ///< instead of `run`, if a job of a higher lane takes its
                                       ///< place; must not throw
    };

    Pool(int threads, std::size_t queue);
    ~Pool();
    /// With the queue full, the youngest job of the lowest lane below gives way; false if there is
    /// none, or the pool has stopped: neither of the two functions will be called.
    bool post(Lane, Job);
    /// The next piece of a long answer that was let in already: never refused for a full queue.
    bool post_piece(std::function<void()>);
    std::size_t waiting() const;
    /// Lets running jobs end, drops waiting ones, joins the threads.
    void stop();

 private:
    std::deque<Job>& lane(Lane of) { return m_lanes[static_cast<std::size_t>(of)]; }
    std::size_t count() const;
    bool give_way(Lane, Job& victim);
    bool bulk_may_run() const;
    bool choose(Lane&);
    void work();

    const std::size_t m_queue;
    const int m_bulk_most;  ///< threads that long work may hold at once
    mutable std::mutex m_mutex;
    std::condition_variable m_ready;
    std::array<std::deque<Job>, lane_count> m_lanes;
    int m_bulk_running = 0;
    unsigned m_turn = 0;
    bool m_stopped = false;
    std::vector<std::thread> m_threads;
};

}  // namespace linli::http
