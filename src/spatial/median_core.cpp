// SPDX-License-Identifier: Apache-2.0
#include "spatial/median_core.hpp"

#include <algorithm>

namespace linli::spatial {

namespace {

/// Of each demand its sites, the nearest first, equals by number.
Reach turned(const Reach& of_site, std::size_t demands) {
    std::vector<std::vector<std::pair<Ms, std::uint32_t>>> near(demands);
    for (std::uint32_t s = 0; s < of_site.demands.size(); ++s) {
        for (auto k = of_site.demands.begin[s]; k < of_site.demands.begin[s + 1]; ++k) {
            near[of_site.demands.items[k]].emplace_back(of_site.walks[k], s);
        }
    }
    Reach out;
    for (auto& row : near) {
        std::sort(row.begin(), row.end());
        for (const auto& [walk, site] : row) {
            out.walks.push_back(walk);
            out.demands.items.push_back(site);
        }
        out.demands.begin.push_back(static_cast<std::uint32_t>(out.walks.size()));
    }
    return out;
}

/// Copies the rows of sites that are kept, without walks that are no use.
MedianCore with_sites(MedianCore core, const Reach& reach, const auto& keep, const auto& number) {
    core.of_site = {};
    core.site.clear();
    for (std::uint32_t s = 0; s < reach.demands.size(); ++s) {
        if (!keep(s)) {
            continue;
        }
        core.site.push_back(number(s));
        for (auto k = reach.demands.begin[s]; k < reach.demands.begin[s + 1]; ++k) {
            const auto i = reach.demands.items[k];
            if (reach.walks[k] < core.beyond[i] && core.value[i] > 0) {
                core.of_site.demands.items.push_back(i);
                core.of_site.walks.push_back(reach.walks[k]);
            }
        }
        core.of_site.demands.begin.push_back(static_cast<std::uint32_t>(core.of_site.walks.size()));
    }
    core.of_demand = turned(core.of_site, core.demands());
    core.choose = std::min(core.choose, core.site.size());
    return core;
}

}  // namespace

MedianCore median_core(const MedianTask& task) {
    MedianCore core;
    core.value = task.value;
    core.beyond.assign(task.value.size(), task.beyond);
    core.choose = task.sites;
    const auto is = [&](std::uint32_t s, SiteState state) {
        return (task.state.empty() ? SiteState::candidate : task.state[s]) == state;
    };
    for (std::uint32_t s = 0; s < task.reach.demands.size(); ++s) {
        if (is(s, SiteState::existing)) {
            for (auto k = task.reach.demands.begin[s]; k < task.reach.demands.begin[s + 1]; ++k) {
                auto& beyond = core.beyond[task.reach.demands.items[k]];
                beyond = std::min<std::int64_t>(beyond, task.reach.walks[k]);
            }
        }
    }
    return with_sites(
        std::move(core), task.reach, [&](auto s) { return is(s, SiteState::candidate); },
        [](auto s) { return s; }
    );
}

MedianCore kept(const MedianCore& core, const std::vector<bool>& keep) {
    const auto number = [&](auto s) { return core.site[s]; };
    return with_sites(
        core, core.of_site, [&](auto s) { return keep[s]; }, number
    );
}

std::int64_t total_of(const MedianCore& core, std::span<const std::uint32_t> sites) {
    auto walk = core.beyond;
    for (const auto s : sites) {
        for (auto k = core.of_site.demands.begin[s]; k < core.of_site.demands.begin[s + 1]; ++k) {
            const auto i = core.of_site.demands.items[k];
            walk[i] = std::min<std::int64_t>(walk[i], core.of_site.walks[k]);
        }
    }
    std::int64_t total = 0;
    for (std::size_t i = 0; i < walk.size(); ++i) {
        total += core.value[i] * walk[i];
    }
    return total;
}

}  // namespace linli::spatial
