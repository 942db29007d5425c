// SPDX-License-Identifier: Apache-2.0
#include "map/jobs.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"

namespace linli::map {

namespace {

bool open(const Job& job) {
    return job.state == JobState::waiting || job.state == JobState::running;
}

}  // namespace

Jobs::Jobs() : m_worker([this](std::stop_token stop) { run(stop); }) {}
Jobs::~Jobs() = default;

Job Jobs::start(AccountId account, Job job, Work work) {
    std::lock_guard hold(m_lock);
    const auto waiting = std::count_if(m_kept.begin(), m_kept.end(), [&](const auto& one) {
        return one->account == account && open(one->job);
    });
    if (static_cast<std::size_t>(waiting) >= most_waiting) {
        throw too_many("jobs_waiting", 30);
    }
    const auto over =
        std::find_if(m_kept.begin(), m_kept.end(), [](const auto& one) { return !open(one->job); });
    if (m_kept.size() >= most_kept && over != m_kept.end()) {
        m_kept.erase(over);
    }
    job.id = ++m_last;
    m_kept.push_back(std::make_unique<Kept>(Kept{account, job, std::move(work)}));
    m_wake.notify_all();
    return job;
}

std::vector<Job> Jobs::of(AccountId account) const {
    std::lock_guard hold(m_lock);
    std::vector<Job> jobs;
    for (auto one = m_kept.rbegin(); one != m_kept.rend(); ++one) {
        if ((*one)->account == account) {
            jobs.push_back((*one)->job);
            jobs.back().result = {};
        }
    }
    return jobs;
}

Jobs::Kept* Jobs::kept(AccountId account, std::int64_t id) const {
    const auto found = std::find_if(m_kept.begin(), m_kept.end(), [&](const auto& one) {
        return one->job.id == id && one->account == account;
    });
    return found == m_kept.end() ? nullptr : found->get();
}

std::optional<Job> Jobs::find(AccountId account, std::int64_t id) const {
    std::lock_guard hold(m_lock);
    const auto* found = kept(account, id);
    return found ? std::optional(found->job) : std::nullopt;
}

bool Jobs::cancel(AccountId account, std::int64_t id) {
    std::lock_guard hold(m_lock);
    auto* found = kept(account, id);
    if (!found) {
        return false;
    }
    found->cancelled = true;
    if (found->job.state == JobState::waiting) {
        found->job.state = JobState::cancelled;
        found->work = {};
    }
    return true;
}

void Jobs::carry_out(Kept& one, std::stop_token stop) {
    const auto tell = [&](double part, auto best, auto bound) {
        std::lock_guard hold(m_lock);
        one.job.part = std::clamp(part, 0.0, 1.0);
        one.job.best = best;
        one.job.bound = bound;
        return !one.cancelled && !stop.stop_requested();
    };
    Value result;
    std::string code, detail;
    try {
        result = one.work(tell);
    } catch (const Refused& wrong) {
        const bool single = wrong.code == "invalid" && !wrong.problems.empty();
        code = single ? wrong.problems[0].code : wrong.code;
        detail = single ? wrong.problems[0].detail : wrong.detail;
    } catch (const std::exception& wrong) {
        code = "job_failed";
        log::error("job_failed", obj({{"kind", one.job.kind}, {"error", wrong.what()}}));
    }
    std::lock_guard hold(m_lock);
    one.work = {};
    one.job.result = std::move(result);
    one.job.code = code;
    one.job.detail = detail;
    one.job.state = one.cancelled   ? JobState::cancelled
                    : !code.empty() ? JobState::failed
                                    : JobState::done;
    one.job.part = one.job.state == JobState::done ? 1 : one.job.part;
}

void Jobs::run(std::stop_token stop) {
    std::unique_lock lock(m_lock);
    const auto next = [&] {
        return std::find_if(m_kept.begin(), m_kept.end(), [](const auto& one) {
            return one->job.state == JobState::waiting;
        });
    };
    while (m_wake.wait(lock, stop, [&] { return next() != m_kept.end(); })) {
        auto& one = **next();
        one.job.state = JobState::running;
        lock.unlock();
        carry_out(one, stop);
        lock.lock();
    }
}

}  // namespace linli::map
