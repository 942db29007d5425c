// SPDX-License-Identifier: Apache-2.0
#include "spatial/cover_core.hpp"

#include <algorithm>
#include <numeric>

namespace linli::spatial {

namespace {

bool holds(std::span<const std::uint32_t> outer, std::span<const std::uint32_t> inner) {
    return outer.size() >= inner.size() &&
           std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

/// Whether another site serves all that this one serves, at no greater cost.
bool replaceable(const CoverCore& core, std::uint32_t site) {
    const auto row = core.demands_of.row(site);
    if (row.empty() || core.cost[site] > core.budget) {
        return true;
    }
    const auto fewest = *std::min_element(row.begin(), row.end(), [&](auto a, auto b) {
        return core.sites_of.row(a).size() < core.sites_of.row(b).size();
    });
    for (const auto other : core.sites_of.row(fewest)) {
        const auto rival = core.demands_of.row(other);
        if (other != site && core.cost[other] <= core.cost[site] && holds(rival, row) &&
            (other < site || core.cost[other] < core.cost[site] || rival.size() > row.size())) {
            return true;
        }
    }
    return false;
}

/// Demands with the same sites become one; those of no value or no site go.
CoverCore merged(const CoverCore& core) {
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < core.value.size(); ++i) {
        if (core.value[i] > 0 && !core.sites_of.row(i).empty()) {
            order.push_back(i);
        }
    }
    const auto compare = [&](auto a, auto b) {
        const auto x = core.sites_of.row(a), y = core.sites_of.row(b);
        return std::lexicographical_compare_three_way(x.begin(), x.end(), y.begin(), y.end());
    };
    std::sort(order.begin(), order.end(), [&](auto a, auto b) {
        const auto how = compare(a, b);
        return how < 0 || (how == 0 && a < b);
    });
    CoverCore out = core;
    out.sites_of = {};
    out.value.clear();
    out.price.clear();
    for (std::size_t k = 0; k < order.size(); ++k) {
        if (k > 0 && compare(order[k - 1], order[k]) == 0) {
            out.value.back() += core.value[order[k]];
            out.price.back() += core.price[order[k]];
        } else {
            out.sites_of.add_row(core.sites_of.row(order[k]));
            out.value.push_back(core.value[order[k]]);
            out.price.push_back(core.price[order[k]]);
        }
    }
    out.demands_of = transposed(out.sites_of, core.site.size());
    return out;
}

/// The sites that stay get new numbers; demands keep theirs.
CoverCore kept(const CoverCore& core, std::span<const Fate> fate) {
    CoverCore out;
    out.value = core.value;
    out.price = core.price;
    out.taken = core.taken;
    out.base = core.base;
    out.budget = core.budget;
    for (std::uint32_t s = 0; s < core.site.size(); ++s) {
        if (fate[s] == Fate::open) {
            out.demands_of.add_row(core.demands_of.row(s));
            out.cost.push_back(core.cost[s]);
            out.site.push_back(core.site[s]);
        }
    }
    out.sites_of = transposed(out.demands_of, out.value.size());
    const auto even = [&](std::int64_t cost) { return cost == out.cost.front(); };
    out.even_cost = !out.cost.empty() && std::all_of(out.cost.begin(), out.cost.end(), even)
                        ? out.cost.front()
                        : 0;
    return out;
}

}  // namespace

CoverCore reduced(const CoverCore& core, std::span<const Fate> fate) {
    CoverCore next = core;
    for (std::uint32_t s = 0; s < core.site.size(); ++s) {
        if (fate[s] == Fate::taken) {
            next.taken.push_back(core.site[s]);
            next.budget -= core.cost[s];
            for (const auto i : core.demands_of.row(s)) {
                next.base += std::exchange(next.value[i], 0);
            }
        }
    }
    next = merged(kept(next, fate));
    std::vector<Fate> again(next.site.size(), Fate::open);
    for (std::uint32_t s = 0; s < next.site.size(); ++s) {
        again[s] = replaceable(next, s) ? Fate::dropped : Fate::open;
    }
    return merged(kept(next, again));
}

CoverCore core_of(const CoverTask& task) {
    CoverCore core;
    core.demands_of = task.reach;
    core.value = task.value;
    for (const auto value : core.value) {
        core.price.push_back(0.5 * static_cast<double>(value));
    }
    core.cost = task.cost.empty() ? std::vector<std::int64_t>(task.reach.size(), 1) : task.cost;
    core.site.resize(task.reach.size());
    std::iota(core.site.begin(), core.site.end(), 0);
    core.budget = task.budget;
    std::vector<Fate> fate(task.reach.size(), Fate::open);
    for (std::size_t s = 0; s < task.state.size(); ++s) {
        if (task.state[s] == SiteState::forbidden) {
            fate[s] = Fate::dropped;
        } else if (task.state[s] == SiteState::existing) {
            fate[s] = Fate::taken;
            core.cost[s] = 0;
        }
    }
    core = reduced(core, fate);
    core.taken.clear();  // existing sites need not be built
    return core;
}

std::int64_t covered_by(const CoverCore& core, std::span<const std::uint32_t> sites) {
    std::vector<bool> seen(core.value.size());
    auto covered = core.base;
    for (const auto s : sites) {
        for (const auto i : core.demands_of.row(s)) {
            covered += seen[i] ? 0 : core.value[i];
            seen[i] = true;
        }
    }
    return covered;
}

}  // namespace linli::spatial
