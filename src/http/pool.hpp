// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Threads that run handlers: plain blocking functions, with a bounded queue before them.
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace linli::http {

class Pool {
 public:
    using Job = std::function<void()>;  ///< must not throw

    Pool(int threads, std::size_t queue);
    ~Pool();
    /// False if the queue is full or the pool has stopped: nothing will run.
    bool post(Job);
    /// For what was let in already, such as the next piece of a long answer: never refused for a
    /// full queue.
    bool post_always(Job);
    std::size_t waiting() const;
    /// Lets running jobs end, drops waiting ones, joins the threads.
    void stop();

 private:
    bool push(Job, std::size_t most);
    void work();

    const std::size_t m_queue;
    mutable std::mutex m_mutex;
    std::condition_variable m_ready;
    std::deque<Job> m_jobs;
    bool m_stopped = false;
    std::vector<std::thread> m_threads;
};

}  // namespace linli::http
