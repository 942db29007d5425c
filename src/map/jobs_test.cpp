// SPDX-License-Identifier: Apache-2.0
#include "map/jobs.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>

#include "base/error.hpp"

namespace linli::map {

namespace {

constexpr AccountId one{1}, another{2};

Job named(const char* title) {
    Job job;
    job.title = title;
    return job;
}
Job ended(const Jobs& jobs, AccountId account, std::int64_t id) {
    auto job = *jobs.find(account, id);
    while (job.state == JobState::waiting || job.state == JobState::running) {
        std::this_thread::yield();
        job = *jobs.find(account, id);
    }
    return job;
}

}  // namespace

TEST_CASE("a job tells how far it is and keeps its answer for its owner alone") {
    Jobs jobs;
    std::latch seen(1);
    const auto id = jobs.start(
                            one, named("a"),
                            [&](const Jobs::Tell& tell) {
                                tell(0.5, 7, 9);
                                seen.wait();
                                return Value("answer");
                            }
    ).id;
    auto job = *jobs.find(one, id);
    while (job.part < 0.5) {
        std::this_thread::yield();
        job = *jobs.find(one, id);
    }
    CHECK(job.state == JobState::running);
    CHECK(job.best == 7);
    CHECK(job.bound == 9);
    CHECK_FALSE(jobs.find(another, id));
    CHECK_FALSE(jobs.cancel(another, id));
    seen.count_down();
    CHECK(ended(jobs, one, id).state == JobState::done);
    CHECK(ended(jobs, one, id).result == Value("answer"));
    CHECK(jobs.of(another).empty());
    CHECK(jobs.of(one).size() == 1);
    CHECK(jobs.of(one)[0].result.is_null());
}

TEST_CASE("what waits is cancelled unbegun, what runs gives the best it has") {
    Jobs jobs;
    std::atomic<bool> begun = false;
    std::latch runs(1);
    const auto running = jobs.start(
                                 one, named("runs"),
                                 [&](const Jobs::Tell& tell) {
                                     runs.count_down();
                                     while (tell(0.1, std::nullopt, std::nullopt)) {
                                         std::this_thread::yield();
                                     }
                                     return Value("the best so far");
                                 }
    ).id;
    const auto waiting = jobs.start(
                                 one, named("waits"),
                                 [&](const Jobs::Tell&) {
                                     begun = true;
                                     return Value();
                                 }
    ).id;
    runs.wait();
    CHECK(jobs.cancel(one, waiting));
    CHECK(jobs.find(one, waiting)->state == JobState::cancelled);
    CHECK(jobs.cancel(one, running));
    const auto job = ended(jobs, one, running);
    CHECK(job.state == JobState::cancelled);
    CHECK(job.result == Value("the best so far"));
    const auto last = jobs.start(one, named("last"), [](const Jobs::Tell&) { return Value(1); }).id;
    CHECK(ended(jobs, one, last).state == JobState::done);
    CHECK_FALSE(begun);
}

TEST_CASE("a job that is refused says why; others go on") {
    Jobs jobs;
    const auto refused =
        jobs.start(
                one, named("x"),
                [](const Jobs::Tell&) -> Value {
                    throw invalid("/sites", "nothing_to_choose", "no site is on a street");
                }
        ).id;
    const auto broken =
        jobs.start(
                one, named("y"),
                [](const Jobs::Tell&) -> Value { throw std::runtime_error("inner words"); }
        ).id;
    const auto good = jobs.start(one, named("z"), [](const Jobs::Tell&) { return Value(3); }).id;
    CHECK(ended(jobs, one, refused).code == "nothing_to_choose");
    CHECK(ended(jobs, one, refused).state == JobState::failed);
    CHECK(ended(jobs, one, broken).code == "job_failed");
    CHECK(ended(jobs, one, broken).detail == "");
    CHECK(ended(jobs, one, good).state == JobState::done);
}

TEST_CASE("an account has three jobs waiting at most; jobs end with the server") {
    Jobs jobs;
    const auto until_told = [](const Jobs::Tell& tell) {
        while (tell(0, std::nullopt, std::nullopt)) {
            std::this_thread::yield();
        }
        return Value();
    };
    for (std::size_t i = 0; i < Jobs::most_waiting; ++i) {
        jobs.start(one, named("x"), until_told);
    }
    CHECK_THROWS_AS(jobs.start(one, named("x"), until_told), Refused);
    CHECK(jobs.start(another, named("x"), until_told).id == 4);
}

}  // namespace linli::map
