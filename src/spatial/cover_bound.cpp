// SPDX-License-Identifier: Apache-2.0
// The bound of maximal covering. Each demand pays a price, at most its value, to every site that
// serves it, and keeps the rest; what all keep and the best-paid sites within the budget get is
// never less than what can be covered. Prices go down where too many chosen sites serve a demand,
// up where none does (subgradients), so that the bound falls to that of the linear program.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "spatial/cover_core.hpp"

namespace linli::spatial {

namespace {

/// The best-paid sites: whole ones, then a part of one.
struct Pick {
    std::vector<std::uint32_t> order;  ///< the best `whole` first
    std::size_t whole = 0;
    double part = 0;  ///< of order[whole]
    double paid = 0;
    double last = 0, next = 0;  ///< pay per cost of the worst site inside and the best outside
};

std::vector<double> pay_of(const CoverCore& core, const std::vector<double>& price) {
    std::vector<double> pay(core.site.size());
    for (std::size_t s = 0; s < pay.size(); ++s) {
        for (const auto i : core.demands_of.row(s)) {
            pay[s] += price[i];
        }
    }
    return pay;
}

Pick pick_sites(const CoverCore& core, const std::vector<double>& pay) {
    Pick pick;
    const auto rate = [&](std::uint32_t s) { return pay[s] / static_cast<double>(core.cost[s]); };
    const auto better = [&](auto a, auto b) {
        return rate(a) > rate(b) || (rate(a) == rate(b) && a < b);
    };
    pick.order.resize(pay.size());
    std::iota(pick.order.begin(), pick.order.end(), 0);
    if (core.even_cost > 0) {
        pick.whole = std::min(pay.size(), std::size_t(core.budget / core.even_cost));
        if (pick.whole < pay.size()) {
            const auto middle = pick.order.begin() + static_cast<std::ptrdiff_t>(pick.whole);
            std::nth_element(pick.order.begin(), middle, pick.order.end(), better);
        }
    } else {
        std::sort(pick.order.begin(), pick.order.end(), better);
        auto left = core.budget;
        while (pick.whole < pay.size() && core.cost[pick.order[pick.whole]] <= left) {
            left -= core.cost[pick.order[pick.whole++]];
        }
        if (pick.whole < pay.size()) {
            pick.part =
                static_cast<double>(left) / static_cast<double>(core.cost[pick.order[pick.whole]]);
        }
    }
    pick.last = pick.whole > 0 ? 1e300 : 0;
    for (std::size_t k = 0; k < pick.whole; ++k) {
        pick.paid += pay[pick.order[k]];
        pick.last = std::min(pick.last, rate(pick.order[k]));
    }
    if (pick.whole < pay.size()) {
        pick.next = rate(pick.order[pick.whole]);
        pick.paid += pick.part * pay[pick.order[pick.whole]];
        pick.last = pick.part > 0 ? pick.next : pick.last;
    }
    return pick;
}

struct Step {
    double bound = 0;
    std::vector<double> served;  ///< how many chosen sites serve each demand
    std::vector<std::uint32_t> sites;
};

Step step_at(const CoverCore& core, const std::vector<double>& price) {
    const auto pay = pay_of(core, price);
    auto pick = pick_sites(core, pay);
    Step step;
    step.bound = static_cast<double>(core.base) + pick.paid;
    step.served.assign(price.size(), 0);
    for (std::size_t i = 0; i < price.size(); ++i) {
        step.bound += static_cast<double>(core.value[i]) - price[i];
    }
    for (std::size_t k = 0; k < std::min(pick.whole + 1, pay.size()); ++k) {
        for (const auto i : core.demands_of.row(pick.order[k])) {
            step.served[i] += k < pick.whole ? 1 : pick.part;
        }
    }
    pick.order.resize(pick.whole);
    step.sites = std::move(pick.order);
    return step;
}

/// The direction in which prices fall: how much too often demands are served, a mean over the last
/// steps (the volume algorithm of Barahona and Anbil), which comes near the linear program's
/// answer.
struct Direction {
    std::vector<double> over;
    double newest = 0.5;  ///< share of the newest step in the mean
    double pace = 0.5;
    int worse = 0;

    /// Mixes in a step so that the mean is short. True if the step goes the same way.
    bool mix(const CoverCore& core, const Step& step) {
        double old_old = 0, old_new = 0, new_new = 0;
        for (std::size_t i = 0; i < over.size(); ++i) {
            const auto value = static_cast<double>(core.value[i]);
            const double now = step.served[i] - 1;
            old_old += value * over[i] * over[i];
            old_new += value * over[i] * now;
            new_new += value * now * now;
        }
        const double apart = old_old - 2 * old_new + new_new;
        const double ideal = apart > 0 ? (old_old - old_new) / apart : newest;
        const double share = std::clamp(ideal, newest / 10, newest);
        for (std::size_t i = 0; i < over.size(); ++i) {
            over[i] += share * (step.served[i] - 1 - over[i]);
        }
        return old_new > 0;
    }
    std::vector<double> from(
        const CoverCore& core, const std::vector<double>& price, double apart
    ) {
        double norm = 1e-12;
        for (std::size_t i = 0; i < over.size(); ++i) {
            const auto value = static_cast<double>(core.value[i]);
            const bool stuck = over[i] > 0 ? price[i] <= 0 : price[i] >= value;
            norm += stuck ? 0 : value * over[i] * over[i];
        }
        auto out = price;
        for (std::size_t i = 0; i < over.size(); ++i) {
            const auto value = static_cast<double>(core.value[i]);
            const double length = pace * apart / norm;
            out[i] = std::clamp(price[i] - length * value * over[i], 0.0, value);
        }
        return out;
    }
    void learn(bool better, bool same_way) {
        if (better) {
            worse = 0;
            pace = std::min(2.0, same_way ? pace * 1.1 : pace);
        } else if (++worse == 10) {
            worse = 0;
            pace *= 0.7;
            newest = std::max(0.01, newest * 0.8);
        }
    }
};

}  // namespace

Prices price_demands(
    const CoverCore& core, Choice known, std::int64_t goal, Meter& meter, double share
) {
    Prices best{core.price, 1e300, std::move(known)};
    auto step = step_at(core, best.price);
    best.bound = step.bound;
    Direction direction;
    for (const auto times : step.served) {
        direction.over.push_back(times - 1);
    }
    while (direction.pace > 0.0001) {
        const auto covered = covered_by(core, step.sites);
        if (covered > best.best.covered) {
            best.best = {step.sites, covered};
        }
        if (at_most(best.bound) < std::max(best.best.covered + 1, goal) ||
            (goal >= 0 && best.best.covered >= goal) ||
            !meter.spend(2 * core.demands_of.items.size() + 8 * core.value.size(), share)) {
            break;
        }
        const auto apart = best.bound - static_cast<double>(best.best.covered);
        auto price = direction.from(core, best.price, apart);
        step = step_at(core, price);
        const bool same_way = direction.mix(core, step);
        direction.learn(step.bound < best.bound, same_way);
        if (step.bound < best.bound) {
            best.bound = step.bound;
            best.price = std::move(price);
        }
    }
    return best;
}

std::int64_t least_budget(const CoverCore& core, const Prices& prices, std::int64_t wanted) {
    const auto pay = pay_of(core, prices.price);
    auto all = core;
    all.budget = std::accumulate(core.cost.begin(), core.cost.end(), std::int64_t(0));
    all.even_cost = 0;  // in order of pay for cost
    double most = static_cast<double>(core.base), spent = 0;
    for (std::size_t i = 0; i < core.value.size(); ++i) {
        most += static_cast<double>(core.value[i]) - prices.price[i];
    }
    for (const auto s : pick_sites(all, pay).order) {
        const auto missing = static_cast<double>(wanted) - most;
        if (missing <= 0 || pay[s] <= 0) {
            break;
        }
        spent += static_cast<double>(core.cost[s]) * std::min(1.0, missing / pay[s]);
        most += pay[s];
    }
    return at_least(spent);
}

std::vector<Fate> fates(const CoverCore& core, const Prices& prices, std::int64_t known) {
    const auto pay = pay_of(core, prices.price);
    const auto pick = pick_sites(core, pay);
    std::vector<Fate> fate(pay.size(), Fate::open);
    for (std::size_t k = 0; k < pay.size(); ++k) {
        const auto s = pick.order[k];
        const auto cost = static_cast<double>(core.cost[s]);
        if (k < pick.whole && at_most(prices.bound - pay[s] + pick.next * cost) <= known) {
            fate[s] = Fate::taken;
        } else if (k >= pick.whole && at_most(prices.bound + pay[s] - pick.last * cost) <= known) {
            fate[s] = Fate::dropped;
        }
    }
    return fate;
}

CoverCore best_paid(const CoverCore& core, const Prices& prices, std::size_t count) {
    const auto pay = pay_of(core, prices.price);
    auto wider = core;
    const auto keep = std::min(pay.size(), count);
    wider.even_cost = 0;  // all in order
    const auto order = pick_sites(wider, pay).order;
    std::vector<Fate> fate(pay.size(), Fate::dropped);
    for (std::size_t k = 0; k < keep; ++k) {
        fate[order[k]] = Fate::open;
    }
    return reduced(core, fate);
}

}  // namespace linli::spatial
