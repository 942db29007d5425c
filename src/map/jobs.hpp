// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Long work that goes on when its page is closed: one at a time, the others wait. Answers are kept
/// until the server ends or newer ones take their place.
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/fields.hpp"

namespace linli::map {

enum class JobState { waiting, running, done, cancelled, failed };
constexpr auto names(JobState) {
    return std::array{"waiting", "running", "done", "cancelled", "failed"};
}

struct Job {
    std::int64_t id = 0;
    std::string kind, title;
    AreaId area;
    JobState state = JobState::waiting;
    double part = 0;  ///< of the work, 0 to 1
    std::optional<std::int64_t> best, bound;
    Instant created_at;
    std::string code, detail;  ///< of what went wrong
    Value result;
    static constexpr auto fields = std::tuple{field("id", &Job::id),
                                              field("kind", &Job::kind),
                                              field("title", &Job::title),
                                              field("area", &Job::area),
                                              field("state", &Job::state),
                                              field("part", &Job::part),
                                              field("best", &Job::best),
                                              field("bound", &Job::bound),
                                              field("created_at", &Job::created_at),
                                              field("code", &Job::code),
                                              field("detail", &Job::detail),
                                              field("result", &Job::result)};
};

class Jobs {
 public:
    /// Tells how far it is; false: somebody has cancelled it.
    using Tell = std::function<
        bool(double part, std::optional<std::int64_t> best, std::optional<std::int64_t> bound)>;
    using Work = std::function<Value(const Tell&)>;
    static constexpr std::size_t most_waiting = 3;  ///< of one account, with the one that runs
    static constexpr std::size_t most_kept = 200;

    Jobs();
    ~Jobs();
    /// Throws too_many (jobs_waiting).
    Job start(AccountId, Job, Work);
    /// Without their results, the newest first.
    std::vector<Job> of(AccountId) const;
    std::optional<Job> find(AccountId, std::int64_t id) const;
    /// False if there is none. What has not begun never does; what runs gives the best it has.
    bool cancel(AccountId, std::int64_t id);

 private:
    struct Kept {
        AccountId account;
        Job job;
        Work work;
        bool cancelled = false;
    };
    void run(std::stop_token);
    void carry_out(Kept&, std::stop_token);
    Kept* kept(AccountId, std::int64_t id) const;

    mutable std::mutex m_lock;
    std::condition_variable_any m_wake;
    mutable std::deque<std::unique_ptr<Kept>> m_kept;
    std::int64_t m_last = 0;
    std::jthread m_worker;
};

}  // namespace linli::map
