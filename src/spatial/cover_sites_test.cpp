// SPDX-License-Identifier: Apache-2.0
#include "spatial/cover_sites.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <numeric>
#include <random>

#include "base/error.hpp"
#include "spatial/cover_all.hpp"

using namespace linli::spatial;

namespace {

/// Ten sites, fourteen demands; some sites exist, some are forbidden, costs differ.
CoverTask random_task(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    CoverTask task;
    for (int s = 0; s < 10; ++s) {
        std::vector<std::uint32_t> row;
        for (std::uint32_t i = 0; i < 14; ++i) {
            if (random() % 4 == 0) {
                row.push_back(i);
            }
        }
        task.reach.add_row(row);
        task.cost.push_back(seed % 3 == 0 ? 1 : 1 + static_cast<std::int64_t>(random() % 4));
        const auto lot = random() % 10;
        task.state.push_back(
            lot == 0   ? SiteState::existing
            : lot == 1 ? SiteState::forbidden
                       : SiteState::candidate
        );
    }
    for (int i = 0; i < 14; ++i) {
        task.value.push_back(static_cast<std::int64_t>(random() % 9));
    }
    task.state[3] = SiteState::candidate;
    task.budget = 1 + static_cast<std::int64_t>(random() % 7);
    return task;
}

std::int64_t value_of(const CoverTask& task, std::span<const std::uint32_t> sites) {
    const auto who = served(task, sites);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < who.size(); ++i) {
        sum += who[i] ? task.value[i] : 0;
    }
    return sum;
}

/// Calls work(sites, cost) for every set of candidates.
void each_set(const CoverTask& task, const auto& work) {
    for (std::uint32_t bits = 0; bits < 1U << task.reach.size(); ++bits) {
        std::vector<std::uint32_t> sites;
        std::int64_t cost = 0;
        bool allowed = true;
        for (std::uint32_t s = 0; s < task.reach.size(); ++s) {
            if (bits >> s & 1) {
                sites.push_back(s);
                cost += task.cost[s];
                allowed = allowed && task.state[s] == SiteState::candidate;
            }
        }
        if (allowed) {
            work(sites, cost);
        }
    }
}

std::string code_of(const auto& work) {
    try {
        work();
    } catch (const linli::Refused& refused) {
        return refused.problems.front().code;
    }
    return {};
}

}  // namespace

TEST_CASE("maximal covering finds what trying all sets finds, and its bound holds") {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        CAPTURE(seed);
        const auto task = random_task(seed);
        std::int64_t best = 0;
        each_set(task, [&](const auto& sites, std::int64_t cost) {
            best = cost <= task.budget ? std::max(best, value_of(task, sites)) : best;
        });
        const auto answer = most_covered(task, {.work = 2'000'000, .seed = seed});
        CHECK(answer.covered == best);
        CHECK(answer.covered == value_of(task, answer.sites));
        CHECK(answer.bound >= best);
        CHECK(answer.spent <= task.budget);
        const auto added = std::accumulate(answer.adds.begin(), answer.adds.end(), answer.before);
        CHECK(added == answer.covered);
        CHECK(answer.before == value_of(task, {}));
        for (std::size_t k = 0; k < answer.sites.size(); ++k) {
            auto others = answer.sites;
            others.erase(others.begin() + static_cast<std::ptrdiff_t>(k));
            CHECK(answer.alone[k] == answer.covered - value_of(task, others));
        }
    }
}

TEST_CASE("the cheapest sites for all or a share are those that trying all sets finds") {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        CAPTURE(seed);
        const auto task = random_task(seed);
        const double share = seed % 2 == 0 ? 1 : 0.7;
        const auto answer = cover_share(task, share, {.work = 20'000'000, .seed = seed});
        std::int64_t best = INT64_MAX;
        each_set(task, [&](const auto& sites, std::int64_t cost) {
            best = value_of(task, sites) >= answer.wanted ? std::min(best, cost) : best;
        });
        CHECK(answer.cost == best);
        CHECK(answer.bound <= best);
        CHECK(answer.plan.covered >= answer.wanted);
        const auto all = std::accumulate(task.value.begin(), task.value.end(), std::int64_t(0));
        CHECK(
            static_cast<double>(answer.wanted) >=
            share * static_cast<double>(all - answer.out_of_reach) - 1e-6
        );
    }
    CHECK(code_of([] { cover_share(random_task(1), 0, {}); }) == "share_malformed");
    CHECK(code_of([] { cover_share(random_task(1), 1.5, {}); }) == "share_malformed");
}

TEST_CASE("a study that cannot be made is refused") {
    auto task = random_task(1);
    task.budget = -1;
    CHECK(code_of([&] { most_covered(task, {}); }) == "budget_malformed");
    task = random_task(1);
    task.cost[0] = 0;
    CHECK(code_of([&] { most_covered(task, {}); }) == "budget_malformed");
    task.cost.pop_back();
    CHECK(code_of([&] { most_covered(task, {}); }) == "columns_differ");
    task = random_task(1);
    task.value.pop_back();
    CHECK(code_of([&] { most_covered(task, {}); }) == "columns_differ");
    task = random_task(1);
    task.value[0] = -1;
    CHECK(code_of([&] { most_covered(task, {}); }) == "value_malformed");
    task = random_task(1);
    task.state.assign(10, SiteState::forbidden);
    CHECK(code_of([&] { most_covered(task, {}); }) == "nothing_to_choose");
}

TEST_CASE("the same seed gives the same answer, and whoever stops gets the best so far") {
    std::mt19937_64 random(7);
    CoverTask task;
    for (int s = 0; s < 300; ++s) {
        std::vector<std::uint32_t> row;
        for (std::uint32_t i = 0; i < 300; ++i) {
            if (random() % 20 == 0) {
                row.push_back(i);
            }
        }
        task.reach.add_row(row);
    }
    task.value.assign(300, 1);
    task.budget = 12;
    const Effort effort{.work = 60'000'000, .seed = 3};
    CHECK(most_covered(task, effort).sites == most_covered(task, effort).sites);
    int asked = 0;
    const auto answer = most_covered(task, {.go_on = [&](const Progress& progress) {
                                         CHECK(progress.best <= progress.bound);
                                         return ++asked < 2;
                                     }});
    CHECK(answer.stopped);
    CHECK(answer.covered > 100);
    CHECK(answer.bound >= answer.covered);
}

TEST_CASE("the first phase is the best that so many of the chosen sites can do") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        auto task = random_task(seed);
        task.cost.assign(10, 1);
        task.budget = 4;
        const Effort effort{.work = 1'000'000, .seed = seed};
        const auto answer = most_covered(task, effort);
        if (answer.sites.size() != 4) {
            continue;
        }
        const auto plan = phases(task, answer, std::vector<std::size_t>{1, 3}, effort);
        CHECK(plan[0].size() == 1);
        CHECK(plan[1].size() == 3);
        for (const auto site : answer.sites) {
            CHECK(value_of(task, plan[0]) >= value_of(task, {&site, 1}));
        }
        CHECK(code_of([&] {
                  phases(task, answer, std::vector<std::size_t>{1, 2}, effort);
              }) == "phases_malformed");
    }
}
