// SPDX-License-Identifier: Apache-2.0
// Swaps for maximal covering: close a site, open what now adds most; a worse choice is kept with a
// chance that falls (simulated annealing). What each site would add, or each open one lose, is kept
// up to date, so that a swap costs no more than the lists around it.
#include <algorithm>
#include <cmath>
#include <random>

#include "spatial/cover_core.hpp"

namespace linli::spatial {

namespace {

class Swapper {
 public:
    Swapper(const CoverCore& core, std::uint64_t seed)
        : m_core(core),
          m_random(seed),
          m_count(core.value.size()),
          m_who(core.value.size()),
          m_worth(core.site.size()),
          m_place(core.site.size()),
          covered(core.base) {
        left = core.budget;
        for (std::size_t s = 0; s < m_worth.size(); ++s) {
            for (const auto i : core.demands_of.row(s)) {
                m_worth[s] += core.value[i];
            }
        }
    }
    void open_site(std::uint32_t site) {
        covered += m_worth[site];
        left -= m_core.cost[site];
        m_worth[site] = -1 - m_worth[site];
        m_place[site] = static_cast<std::uint32_t>(open.size());
        open.push_back(site);
        for (const auto i : m_core.demands_of.row(site)) {
            if (m_count[i] == 0) {
                change(i, site, -m_core.value[i]);
            } else if (m_count[i] == 1) {
                m_worth[m_who[i]] += m_core.value[i];
            }
            ++m_count[i];
            m_who[i] += site;
        }
    }
    void close_site(std::uint32_t site) {
        m_worth[site] = -1 - m_worth[site];
        covered -= m_worth[site];
        left += m_core.cost[site];
        open[m_place[site]] = open.back();
        m_place[open.back()] = m_place[site];
        open.pop_back();
        for (const auto i : m_core.demands_of.row(site)) {
            --m_count[i];
            m_who[i] -= site;
            if (m_count[i] == 0) {
                change(i, site, m_core.value[i]);
            } else if (m_count[i] == 1) {
                m_worth[m_who[i]] -= m_core.value[i];
            }
        }
    }
    /// The closed site that adds most within the budget, or most for its cost; any of equals.
    std::uint32_t best_site(std::uint32_t but_not, bool by_cost);
    std::uint32_t best_of_even(std::uint32_t start, std::uint32_t but_not) const;
    /// Opens sites while the budget allows.
    void fill(std::uint32_t but_not);
    std::uint32_t some_open_site();
    double chance() { return std::uniform_real_distribution<double>(0, 1)(m_random); }
    std::int64_t loss(std::uint32_t site) const { return -1 - m_worth[site]; }
    std::uint64_t take_work() { return std::exchange(m_work, 0); }

 private:
    void change(std::uint32_t demand, std::uint32_t site, std::int64_t by) {
        const auto row = m_core.sites_of.row(demand);
        for (const auto other : row) {
            m_worth[other] += by;
        }
        m_worth[site] -= by;
        m_work += row.size();
    }
    const CoverCore& m_core;
    std::mt19937_64 m_random;
    std::vector<std::uint32_t> m_count, m_who;  ///< who: the one that serves, if only one does
    std::vector<std::int64_t> m_worth;  ///< what a closed site adds; -1 - what an open one loses
    std::vector<std::uint32_t> m_place;
    std::uint64_t m_work = 0;

 public:
    std::vector<std::uint32_t> open;
    std::int64_t covered = 0, left = 0;
};

std::uint32_t Swapper::best_site(std::uint32_t but_not, bool by_cost) {
    const auto count = static_cast<std::uint32_t>(m_worth.size());
    const auto start = static_cast<std::uint32_t>(m_random() % count);
    m_work += count;
    if (m_core.even_cost > 0) {
        return m_core.even_cost <= left ? best_of_even(start, but_not) : count;
    }
    std::uint32_t best = count;
    double most = 0;
    const auto look = [&](std::uint32_t s) {
        const auto worth = static_cast<double>(m_worth[s]);
        if (worth <= most || m_core.cost[s] > left || s == but_not) {
            return;
        }
        const auto rate = by_cost ? worth / static_cast<double>(m_core.cost[s]) : worth;
        if (rate > most) {
            most = rate;
            best = s;
        }
    };
    for (auto s = start; s < count; ++s) {
        look(s);
    }
    for (std::uint32_t s = 0; s < start; ++s) {
        look(s);
    }
    return best;
}

std::uint32_t Swapper::best_of_even(std::uint32_t start, std::uint32_t but_not) const {
    const auto count = static_cast<std::uint32_t>(m_worth.size());
    std::uint32_t best = count;
    std::int64_t most = 0;
    const auto look = [&](std::uint32_t from, std::uint32_t to) {
        for (auto s = from; s < to; ++s) {
            if (m_worth[s] > most && s != but_not) {
                most = m_worth[s];
                best = s;
            }
        }
    };
    look(start, count);
    look(0, start);
    return best;
}

void Swapper::fill(std::uint32_t but_not) {
    const bool by_cost = m_core.even_cost == 0 && chance() < 0.5;
    while (left > 0) {
        const auto site = best_site(but_not, by_cost);
        if (site == m_worth.size()) {
            break;
        }
        open_site(site);
    }
}

/// Of two open sites the one that would be missed less.
std::uint32_t Swapper::some_open_site() {
    const auto a = open[m_random() % open.size()], b = open[m_random() % open.size()];
    return loss(a) <= loss(b) ? a : b;
}

/// Closes a site and opens others; takes it all back unless it is good enough.
void swap_once(Swapper& swapper, double heat) {
    const auto before = swapper.covered;
    const auto out = swapper.some_open_site();
    swapper.close_site(out);
    const auto kept = swapper.open.size();
    swapper.fill(out);
    const auto worse = static_cast<double>(before - swapper.covered);
    if (worse > 0 && (heat <= 0 || swapper.chance() >= std::exp(-worse / heat))) {
        while (swapper.open.size() > kept) {
            swapper.close_site(swapper.open.back());
        }
        swapper.open_site(out);
    }
}

/// The least and the usual loss of an open site set the temperatures.
double usual_loss(const Swapper& swapper) {
    double sum = 0;
    for (const auto s : swapper.open) {
        sum += static_cast<double>(swapper.loss(s));
    }
    return sum / static_cast<double>(std::max<std::size_t>(1, swapper.open.size()));
}

}  // namespace

Choice swap_sites(
    const CoverCore& core, Choice start, std::int64_t enough, std::uint64_t seed, Meter& meter,
    double until
) {
    if (core.site.empty() || core.budget <= 0) {
        return start.covered < 0 ? Choice{{}, core.base} : start;
    }
    Swapper swapper(core, seed);
    for (const auto s : start.sites) {
        swapper.open_site(s);
    }
    swapper.fill(0xffffffff);
    Choice best{swapper.open, swapper.covered};
    const double hot = 0.03 * usual_loss(swapper), cold = hot / 100;
    const double started = meter.part();
    while (best.covered < enough && !swapper.open.empty() &&
           swapper.open.size() < core.site.size() &&
           meter.spend(swapper.take_work() + 150, until)) {
        const double part = std::min(1.0, (meter.part() - started) / (until - started));
        swap_once(swapper, hot * std::pow(cold / hot, part));
        if (swapper.covered > best.covered) {
            best = {swapper.open, swapper.covered};
        }
    }
    return best;
}

}  // namespace linli::spatial
