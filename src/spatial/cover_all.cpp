// SPDX-License-Identifier: Apache-2.0
// Probes of maximal covering: a budget works once enough is covered, and cannot work once the bound
// is below that.
#include "spatial/cover_all.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "spatial/cover_core.hpp"

namespace linli::spatial {

namespace {

std::int64_t value_of(const CoverTask& task, const std::vector<bool>& who) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < who.size(); ++i) {
        sum += who[i] ? task.value[i] : 0;
    }
    return sum;
}

std::vector<std::uint32_t> candidates(const CoverTask& task) {
    std::vector<std::uint32_t> sites;
    for (std::uint32_t s = 0; s < task.reach.size(); ++s) {
        if (task.state.empty() || task.state[s] == SiteState::candidate) {
            sites.push_back(s);
        }
    }
    return sites;
}

/// Prices at a budget may rule out greater ones too: the next budget is the least that is left.
std::int64_t least_by_prices(const CoverTask& task, std::int64_t wanted, Meter& meter) {
    auto core = core_of(task);
    core.budget = 1;
    core.price.assign(core.value.begin(), core.value.end());
    for (const double until : {0.1, 0.2, 0.3, 0.4}) {
        const auto prices = price_demands(core, {}, -1, meter, until);
        const auto least = least_budget(core, prices, wanted);
        if (least <= core.budget) {
            break;
        }
        core.budget = least;
        core.price = prices.price;
    }
    return core.budget;
}

/// Whoever is to be covered counts alike if all are: how much somebody counts would only mislead.
CoverTask counted_alike(CoverTask task) {
    for (auto& value : task.value) {
        value = value > 0 ? 1 : 0;
    }
    return task;
}

std::int64_t all_costs(const CoverTask& task) {
    std::int64_t sum = 0;
    for (const auto s : candidates(task)) {
        sum += task.cost.empty() ? 1 : task.cost[s];
    }
    return sum;
}

/// What is to be covered, in the values of the task that is thought about.
CoverAllAnswer wanted_of(const CoverTask& task, double share) {
    const auto reached = value_of(task, served(task, candidates(task)));
    CoverAllAnswer answer;
    answer.wanted = std::llround(std::ceil(share * static_cast<double>(reached) - 1e-9));
    answer.out_of_reach = std::accumulate(task.value.begin(), task.value.end(), -reached);
    return answer;
}

}  // namespace

CoverAllAnswer cover_share(const CoverTask& task, double share, const Effort& effort) {
    if (!(share > 0) || share > 1) {
        throw invalid("share", "share_malformed", "a share lies above 0 and is at most 1");
    }
    auto thought = share == 1 ? counted_alike(task) : task;
    thought.budget = all_costs(task);
    auto plan = most_covered(thought, effort, {0});  // refuses what cannot be thought about
    auto answer = wanted_of(task, share);
    const auto wanted = wanted_of(thought, share).wanted;
    Effort each = effort;
    each.work = std::max<std::uint64_t>(1, effort.work / 8);
    const auto probe = [&](std::int64_t budget) {
        thought.budget = budget;
        auto found = most_covered(thought, each, {wanted});
        if (found.covered < wanted) {
            return found.bound < wanted ? Probe::cannot : Probe::open;
        }
        plan = std::move(found);
        return Probe::works;
    };
    if (plan.before >= wanted) {
        probe(0);
    } else {
        Meter meter(effort);
        const auto low = std::max<std::int64_t>(1, least_by_prices(thought, wanted, meter));
        probe(thought.budget);
        answer.bound = least_that_works(low, plan.spent, probe).bound;
    }
    answer.cost = plan.spent;
    answer.bound = std::min(answer.bound, answer.cost);
    answer.plan = measured(task, plan.sites);
    answer.plan.bound = answer.plan.covered;
    return answer;
}

}  // namespace linli::spatial
