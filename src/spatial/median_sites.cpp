// SPDX-License-Identifier: Apache-2.0
#include "spatial/median_sites.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <queue>

#include "base/error.hpp"
#include "spatial/median_core.hpp"

namespace linli::spatial {

namespace {

void check(const MedianTask& task) {
    const auto& rows = task.reach.demands;
    const auto known = [&](std::uint32_t i) { return i < task.value.size(); };
    if ((!task.state.empty() && task.state.size() != rows.size()) ||
        task.reach.walks.size() != rows.items.size() ||
        !std::all_of(rows.items.begin(), rows.items.end(), known)) {
        throw invalid("sites", "columns_differ", "every site has a state, its demands and walks");
    }
    std::int64_t all = 0;
    for (const auto value : task.value) {
        constexpr std::int64_t most = (std::int64_t(1) << 61) / longest_walk;
        if (value < 0 || (all += value) > most) {
            throw invalid("demands", "value_malformed", "values are positive and not too large");
        }
    }
    const auto candidates =
        task.state.empty() ? static_cast<std::ptrdiff_t>(rows.size())
                           : std::count(task.state.begin(), task.state.end(), SiteState::candidate);
    if (candidates == 0 || task.sites == 0 || task.beyond > longest_walk) {
        throw invalid("sites", "nothing_to_choose", "no site is a candidate, or none may be built");
    }
}

std::vector<std::uint32_t> all_sites(const MedianCore& core) {
    std::vector<std::uint32_t> sites(core.site.size());
    std::iota(sites.begin(), sites.end(), 0);
    return sites;
}

void take(const MedianCore& core, const MedianChoice& found, MedianAnswer& answer) {
    if (found.total < answer.total) {
        answer.total = found.total;
        answer.sites.clear();
        for (const auto s : found.sites) {
            answer.sites.push_back(core.site[s]);
        }
    }
}

/// The first offers: the walk to the site that would be the nearest if sites were spread evenly.
std::vector<double> first_offers(const MedianCore& core) {
    std::vector<double> offers;
    for (std::size_t i = 0; i < core.demands(); ++i) {
        const auto row = core.of_demand.demands.row(i);
        const auto near = std::min(row.size(), core.site.size() / core.choose + 1);
        const auto walk = core.of_demand.demands.begin[i] + near;
        offers.push_back(
            static_cast<double>(near == 0 ? core.beyond[i] : core.of_demand.walks[walk - 1])
        );
    }
    return offers;
}

/// Offers prove a bound and rule sites out, swaps search among the rest, in turns.
MedianAnswer think(const MedianTask& task, const Effort& effort) {
    auto core = median_core(task);
    Meter meter(effort);
    Offers offers;
    offers.offer = first_offers(core);
    MedianAnswer answer;
    answer.before = total_of(core, {});
    answer.total = INT64_MAX;
    constexpr std::array<double, 6> until = {0.3, 0.5, 0.6, 0.8, 0.85, 1};
    for (std::size_t round = 0; round < until.size(); round += 2) {
        offers.best.total = INT64_MAX;  // its sites have other numbers now
        offers.bound = -1e300;
        offers = raise_offers(core, offers, meter, until[round]);
        answer.bound = std::max(answer.bound, std::min(answer.total, at_least(offers.bound)));
        const auto found = swap_medians(
            core, offers.best, answer.bound, effort.seed + round, meter, until[round + 1]
        );
        take(core, found, answer);
        meter.tell(answer.total, answer.bound);
        if (answer.total <= answer.bound || meter.stopped()) {
            break;
        }
        const auto worth = worth_a_look(core, offers, answer.total);
        core = kept(core, worth);
        if (core.site.size() <= core.choose) {  // there is nothing left to choose
            take(core, {all_sites(core), total_of(core, all_sites(core))}, answer);
            answer.bound = answer.total;
            break;
        }
    }
    answer.bound = std::min(answer.bound, answer.total);
    answer.stopped = meter.stopped();
    return answer;
}

/// Orders sites by what they save after those before them. What a site saves only shrinks, so the
/// first whose figure is up to date is the next.
void tell_what_each_saves(const MedianTask& task, MedianAnswer& answer) {
    const auto core = median_core(task);
    auto walk = core.beyond;
    const auto saves = [&](std::uint32_t s) {
        std::int64_t sum = 0;
        const auto& rows = core.of_site;
        for (auto k = rows.demands.begin[s]; k < rows.demands.begin[s + 1]; ++k) {
            const auto i = rows.demands.items[k];
            sum += core.value[i] * std::max<std::int64_t>(0, walk[i] - rows.walks[k]);
        }
        return sum;
    };
    struct Waiting {
        std::int64_t saves;
        std::uint32_t site;
        std::size_t when;
        bool operator<(const Waiting& other) const {
            return saves < other.saves || (saves == other.saves && site > other.site);
        }
    };
    std::priority_queue<Waiting> queue;
    for (std::uint32_t s = 0; s < core.site.size(); ++s) {
        if (std::find(answer.sites.begin(), answer.sites.end(), core.site[s]) !=
            answer.sites.end()) {
            queue.push({saves(s), s, 0});
        }
    }
    answer.sites.clear();
    while (!queue.empty()) {
        const auto next = queue.top();
        queue.pop();
        if (next.when != answer.sites.size()) {
            queue.push({saves(next.site), next.site, answer.sites.size()});
            continue;
        }
        answer.sites.push_back(core.site[next.site]);
        answer.saves.push_back(next.saves);
        const auto& rows = core.of_site;
        for (auto k = rows.demands.begin[next.site]; k < rows.demands.begin[next.site + 1]; ++k) {
            const auto i = rows.demands.items[k];
            walk[i] = std::min<std::int64_t>(walk[i], rows.walks[k]);
        }
    }
}

}  // namespace

MedianAnswer shortest_walks(const MedianTask& task, const Effort& effort) {
    check(task);
    auto answer = think(task, effort);
    tell_what_each_saves(task, answer);
    return answer;
}

}  // namespace linli::spatial
