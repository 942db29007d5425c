// SPDX-License-Identifier: Apache-2.0
// The bound of the p-median. Each demand offers a price for being served; what it offers above its
// walk a site earns. All offers less what the best-earning sites get is never more than the best
// sum. An offer falls where several of these sites would serve the demand, and rises where none.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "spatial/median_core.hpp"

namespace linli::spatial {

namespace {

struct Sale {
    double bound = 0;
    std::vector<double> earns;
    std::vector<std::uint32_t> best;  ///< the best-earning sites
    std::uint64_t work = 0;
};

Sale sell(const MedianCore& core, const std::vector<double>& offer) {
    Sale sale;
    sale.earns.resize(core.site.size());
    const auto& rows = core.of_demand;
    for (std::size_t i = 0; i < offer.size(); ++i) {
        const auto value = static_cast<double>(core.value[i]);
        sale.bound += value * offer[i];
        auto k = rows.demands.begin[i];
        for (; k < rows.demands.begin[i + 1] && rows.walks[k] < offer[i]; ++k) {
            sale.earns[rows.demands.items[k]] += value * (offer[i] - rows.walks[k]);
        }
        sale.work += k - rows.demands.begin[i];
    }
    sale.best.resize(sale.earns.size());
    std::iota(sale.best.begin(), sale.best.end(), 0);
    const auto middle = sale.best.begin() + static_cast<std::ptrdiff_t>(core.choose);
    std::nth_element(sale.best.begin(), middle, sale.best.end(), [&](auto a, auto b) {
        return sale.earns[a] > sale.earns[b] || (sale.earns[a] == sale.earns[b] && a < b);
    });
    sale.best.resize(core.choose);
    for (const auto s : sale.best) {
        sale.bound -= sale.earns[s];
    }
    return sale;
}

/// How many of the best sites would serve each demand below its offer.
std::vector<double> served_below(
    const MedianCore& core, const Sale& sale, const std::vector<double>& offer
) {
    std::vector<double> times(offer.size());
    const auto& rows = core.of_site;
    for (const auto s : sale.best) {
        for (auto k = rows.demands.begin[s]; k < rows.demands.begin[s + 1]; ++k) {
            const auto i = rows.demands.items[k];
            times[i] += rows.walks[k] < offer[i] ? 1 : 0;
        }
    }
    return times;
}

void move(
    const MedianCore& core, std::vector<double>& offer, std::vector<double>& direction,
    const std::vector<double>& times, double length
) {
    constexpr double memory = 0.5;
    double norm = 1e-12;
    for (std::size_t i = 0; i < offer.size(); ++i) {
        const auto most = static_cast<double>(core.beyond[i]);
        direction[i] = memory * direction[i] + (1 - memory) * (1 - times[i]);
        if (direction[i] > 0 && offer[i] >= most) {
            direction[i] = 0;
        }
        norm += static_cast<double>(core.value[i]) * direction[i] * direction[i];
    }
    for (std::size_t i = 0; i < offer.size(); ++i) {
        const auto most = static_cast<double>(core.beyond[i]);
        offer[i] = std::clamp(offer[i] + length / norm * direction[i], 0.0, most);
    }
}

}  // namespace

Offers raise_offers(const MedianCore& core, Offers best, Meter& meter, double share) {
    constexpr int patience = 15;
    auto offer = best.offer;
    std::vector<double> direction(offer.size());
    double pace = 1;
    for (int idle = 0; pace > 0.005;) {
        auto sale = sell(core, offer);
        idle = sale.bound > best.bound + std::abs(best.bound) * 1e-6 ? 0 : idle + 1;
        if (sale.bound > best.bound) {
            best.bound = sale.bound;
            best.offer = offer;
            best.earns = sale.earns;
        }
        const auto total = total_of(core, sale.best);
        if (total < best.best.total) {
            best.best = {sale.best, total};
        }
        if (at_least(best.bound) >= best.best.total ||
            !meter.spend(sale.work + 10 * offer.size() + 5 * core.site.size(), share)) {
            break;
        }
        const auto times = served_below(core, sale, offer);
        if (idle == patience) {
            pace /= 2;
            idle = 0;
            offer = best.offer;
            std::fill(direction.begin(), direction.end(), 0);
            continue;
        }
        move(
            core, offer, direction, times,
            pace * (static_cast<double>(best.best.total) - sale.bound)
        );
    }
    return best;
}

std::vector<bool> worth_a_look(const MedianCore& core, const Offers& offers, std::int64_t total) {
    auto ranked = offers.earns;
    const auto last = ranked.begin() + static_cast<std::ptrdiff_t>(core.choose) - 1;
    std::nth_element(ranked.begin(), last, ranked.end(), std::greater<>());
    std::vector<bool> worth(core.site.size());
    for (std::size_t s = 0; s < worth.size(); ++s) {
        const auto with_it = offers.bound + std::max(0.0, *last - offers.earns[s]);
        worth[s] = at_least(with_it) < total;
    }
    return worth;
}

}  // namespace linli::spatial
