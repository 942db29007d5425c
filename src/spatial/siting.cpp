// SPDX-License-Identifier: Apache-2.0
#include "spatial/siting.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace linli::spatial {

namespace {

/// Demands by the chain they stand on.
Rows by_chain(std::span<const Position> demands, std::size_t chains) {
    Rows rows;
    rows.begin.assign(chains + 1, 0);
    for (const auto& demand : demands) {
        ++rows.begin[demand.chain + 1];
    }
    for (std::size_t c = 0; c < chains; ++c) {
        rows.begin[c + 1] += rows.begin[c];
    }
    rows.items.resize(demands.size());
    auto next = rows.begin;
    for (std::uint32_t i = 0; i < demands.size(); ++i) {
        rows.items[next[demands[i].chain]++] = i;
    }
    return rows;
}

}  // namespace

void Rows::add_row(std::span<const std::uint32_t> row) {
    items.insert(items.end(), row.begin(), row.end());
    begin.push_back(static_cast<std::uint32_t>(items.size()));
}

Rows transposed(const Rows& rows, std::size_t columns) {
    Rows out;
    out.begin.assign(columns + 1, 0);
    for (const auto c : rows.items) {
        ++out.begin[c + 1];
    }
    for (std::size_t c = 0; c < columns; ++c) {
        out.begin[c + 1] += out.begin[c];
    }
    out.items.resize(rows.items.size());
    auto next = out.begin;
    for (std::uint32_t r = 0; r < rows.size(); ++r) {
        for (const auto c : rows.row(r)) {
            out.items[next[c]++] = r;
        }
    }
    return out;
}

Reach reach_of(
    const Network& network, Search& search, std::span<const Position> sites,
    std::span<const Position> demands, std::span<const Ms> limit
) {
    if (limit.size() != demands.size()) {
        throw invalid("limit", "columns_differ", "every demand has one limit");
    }
    const auto on_chain = by_chain(demands, network.chain_count());
    const auto longest = limit.empty() ? 0 : *std::max_element(limit.begin(), limit.end());
    Reach reach;
    std::vector<std::pair<std::uint32_t, Ms>> found;
    for (const auto& site : sites) {
        found.clear();
        search.run({&site, 1}, longest);
        search.each_reached_chain([&](std::uint32_t chain) {
            for (const auto i : on_chain.row(chain)) {
                const auto walk = search.at(demands[i]);
                if (walk <= limit[i] && limit[i] > 0) {
                    found.emplace_back(i, walk);
                }
            }
        });
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        for (const auto& [demand, walk] : found) {
            reach.demands.items.push_back(demand);
            reach.walks.push_back(walk);
        }
        reach.demands.begin.push_back(static_cast<std::uint32_t>(reach.walks.size()));
    }
    return reach;
}

std::vector<std::int64_t> priorities(
    std::span<const std::vector<std::uint32_t>> groups, std::span<const double> weights
) {
    if (groups.empty() || groups.size() != weights.size()) {
        throw invalid("groups", "columns_differ", "every group has one weight");
    }
    std::vector<std::int64_t> value(groups.front().size());
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const auto thousandths = std::llround(weights[g] * 1000);
        if (!(weights[g] >= 0) || weights[g] > 1000 || groups[g].size() != value.size()) {
            throw invalid("groups", "weight_malformed", "a weight lies between 0 and 1000");
        }
        for (std::size_t i = 0; i < value.size(); ++i) {
            value[i] += thousandths * groups[g][i];
        }
    }
    return value;
}

void favour_worst_off(
    std::span<std::int64_t> value, std::span<const std::uint32_t> area,
    const std::vector<bool>& covered, double equity
) {
    if (!(equity >= 0) || equity > 100) {
        throw invalid("equity", "equity_malformed", "equity lies between 0 and 100");
    }
    std::vector<double> all, with;
    for (std::size_t i = 0; i < value.size(); ++i) {
        all.resize(std::max<std::size_t>(all.size(), area[i] + 1));
        with.resize(all.size());
        all[area[i]] += static_cast<double>(value[i]);
        with[area[i]] += covered[i] ? static_cast<double>(value[i]) : 0;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
        const auto a = area[i];
        const double behind = all[a] > 0 ? 1 - with[a] / all[a] : 0;
        value[i] = std::llround(static_cast<double>(value[i]) * (1 + equity * behind));
    }
}

std::int64_t at_most(double bound) {
    return static_cast<std::int64_t>(std::floor(bound + std::abs(bound) * 1e-11 + 1e-6));
}

std::int64_t at_least(double bound) {
    return -at_most(-bound);
}

Least least_that_works(
    std::int64_t low, std::int64_t high, const std::function<Probe(std::int64_t)>& probe
) {
    Least least{high, low};
    auto open = high;  // the least number whose probe ended open
    while (low < least.works) {
        const auto middle = low + (least.works - low) / 2;
        const auto says = probe(middle);
        if (says == Probe::works) {
            least.works = middle;
            continue;
        }
        low = middle + 1;
        (says == Probe::cannot ? least.bound : open) = says == Probe::cannot ? low : middle;
    }
    open = std::min(open, least.works);
    while (least.bound < open) {
        const auto middle = least.bound + (open - least.bound) / 2;
        const auto says = probe(middle);
        if (says == Probe::works) {
            least.works = middle;
        }
        (says == Probe::cannot ? least.bound : open) = says == Probe::cannot ? middle + 1 : middle;
    }
    return least;
}

bool Meter::spend(std::uint64_t work, double share) {
    constexpr std::uint64_t between = 20'000'000;
    m_done += work;
    if (m_done - m_asked >= between) {
        m_asked = m_done;
        m_stopped = m_stopped ||
                    (m_effort.go_on && !m_effort.go_on({m_done, m_effort.work, m_best, m_bound}));
    }
    return !m_stopped && static_cast<double>(m_done) < share * static_cast<double>(m_effort.work);
}

void Meter::tell(std::int64_t best, std::int64_t bound) {
    m_best = best;
    m_bound = bound;
}

}  // namespace linli::spatial
