// SPDX-License-Identifier: Apache-2.0
// A walk is long enough if so many sites cover everybody within it: probes of maximal covering over
// the walks that occur.
#include "spatial/centre_sites.hpp"

#include <algorithm>
#include <string>

#include "base/error.hpp"
#include "spatial/cover_sites.hpp"

namespace linli::spatial {

namespace {

void check(const CentreTask& task) {
    const auto& rows = task.reach.demands;
    const auto known = [&](std::uint32_t i) { return i < task.demands; };
    if (task.reach.walks.size() != rows.items.size() ||
        !std::all_of(rows.items.begin(), rows.items.end(), known)) {
        throw invalid("sites", "columns_differ", "every site has its demands and walks");
    }
    std::vector<bool> reached(task.demands);
    for (std::uint32_t s = 0; s < rows.size(); ++s) {
        if (task.state.empty() || task.state[s] != SiteState::forbidden) {
            for (const auto i : rows.row(s)) {
                reached[i] = true;
            }
        }
    }
    const auto missing = std::count(reached.begin(), reached.end(), false);
    if (missing > 0) {
        throw invalid(
            "demands", "out_of_reach", std::to_string(missing) + " demands are in no site's reach"
        );
    }
}

CoverTask within(const CentreTask& task, Ms walk) {
    CoverTask cover;
    cover.state = task.state;
    cover.value.assign(task.demands, 1);
    cover.budget = static_cast<std::int64_t>(task.sites);
    for (std::uint32_t s = 0; s < task.reach.demands.size(); ++s) {
        for (auto k = task.reach.demands.begin[s]; k < task.reach.demands.begin[s + 1]; ++k) {
            if (task.reach.walks[k] <= walk) {
                cover.reach.items.push_back(task.reach.demands.items[k]);
            }
        }
        cover.reach.begin.push_back(static_cast<std::uint32_t>(cover.reach.items.size()));
    }
    return cover;
}

/// The farthest of the walks to the nearest site, and who walks it.
void tell_farthest(const CentreTask& task, CentreAnswer& answer) {
    std::vector<Ms> walk(task.demands, unreachable);
    const auto serve = [&](std::uint32_t s) {
        for (auto k = task.reach.demands.begin[s]; k < task.reach.demands.begin[s + 1]; ++k) {
            auto& now = walk[task.reach.demands.items[k]];
            now = std::min(now, task.reach.walks[k]);
        }
    };
    std::for_each(answer.sites.begin(), answer.sites.end(), serve);
    for (std::uint32_t s = 0; s < task.state.size(); ++s) {
        task.state[s] == SiteState::existing ? serve(s) : void();
    }
    answer.farthest = walk.empty() ? 0 : *std::max_element(walk.begin(), walk.end());
    for (std::uint32_t i = 0; i < walk.size(); ++i) {
        if (walk[i] == answer.farthest) {
            answer.who.push_back(i);
        }
    }
}

}  // namespace

CentreAnswer shortest_farthest(const CentreTask& task, const Effort& effort) {
    check(task);
    auto walks = task.reach.walks;
    std::sort(walks.begin(), walks.end());
    walks.erase(std::unique(walks.begin(), walks.end()), walks.end());
    constexpr std::uint64_t probes = 16;
    Effort each = effort;
    each.work = std::max<std::uint64_t>(1, effort.work / probes);
    CentreAnswer answer;
    const auto everybody = static_cast<std::int64_t>(task.demands);
    const auto probe = [&](std::int64_t k) {
        const auto plan = most_covered(within(task, walks[k]), each, {everybody});
        if (plan.covered < everybody) {
            return plan.bound < everybody ? Probe::cannot : Probe::open;
        }
        answer.sites = plan.sites;
        return Probe::works;
    };
    const auto last = static_cast<std::int64_t>(walks.size()) - 1;
    if (last < 0 || probe(last) != Probe::works) {
        throw invalid("sites", "out_of_reach", "so many sites do not reach everybody");
    }
    const auto least = least_that_works(0, last, probe);
    tell_farthest(task, answer);
    answer.bound = std::min(answer.farthest, walks[least.bound]);
    return answer;
}

}  // namespace linli::spatial
