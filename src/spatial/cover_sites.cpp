// SPDX-License-Identifier: Apache-2.0
#include "spatial/cover_sites.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "spatial/cover_core.hpp"

namespace linli::spatial {

namespace {

void check(const CoverTask& task) {
    const auto sites = task.reach.size();
    const bool fits = (task.state.empty() || task.state.size() == sites) &&
                      (task.cost.empty() || task.cost.size() == sites);
    const auto known = [&](std::uint32_t i) { return i < task.value.size(); };
    if (!fits || !std::all_of(task.reach.items.begin(), task.reach.items.end(), known)) {
        throw invalid("sites", "columns_differ", "every site has a cost, a state and its demands");
    }
    std::int64_t all = 0;
    for (const auto value : task.value) {
        constexpr std::int64_t most = std::int64_t(1) << 50;
        if (value < 0 || (all += value) > most) {
            throw invalid("demands", "value_malformed", "values are positive and add up to 2^50");
        }
    }
    const auto least =
        task.cost.empty() ? 1 : *std::min_element(task.cost.begin(), task.cost.end());
    if (task.budget < 0 || least < 1) {
        throw invalid("budget", "budget_malformed", "costs are at least 1, the budget at least 0");
    }
    for (std::size_t s = 0; s < sites; ++s) {
        if (task.state.empty() || task.state[s] == SiteState::candidate) {
            return;
        }
    }
    throw invalid("sites", "nothing_to_choose", "no site is a candidate");
}

/// Thinks in rounds: prices prove a bound and settle sites, swaps search among the rest. It ends
/// when nothing better can exist, or the goal is settled.
class Study {
 public:
    Study(const CoverTask& task, const Effort& effort, CoverGoal goal)
        : m_meter(effort), m_seed(effort.seed), m_goal(goal.enough), m_core(core_of(task)) {}
    CoverAnswer run() {
        constexpr std::array<double, 6> until = {0.25, 0.5, 0.55, 0.78, 0.8, 1.0};
        start();
        for (std::size_t round = 0; round < until.size() && !settled(); round += 2) {
            prove(until[round]);
            if (!settled()) {
                search(until[round + 1], round);
            }
        }
        CoverAnswer answer;
        answer.sites = m_best;
        answer.bound = std::max(m_bound, m_covered);
        answer.stopped = m_meter.stopped();
        return answer;
    }

 private:
    bool settled() const {
        return m_bound <= m_covered || m_meter.stopped() ||
               (m_goal >= 0 && (m_covered >= m_goal || m_bound < m_goal));
    }
    std::int64_t enough() const { return m_goal >= 0 ? std::min(m_goal, m_bound) : m_bound; }
    void learn(const CoverCore& core, const Choice& choice) {
        if (choice.covered > m_covered) {
            m_covered = choice.covered;
            m_best = core.taken;
            for (const auto s : choice.sites) {
                m_best.push_back(core.site[s]);
            }
        }
        m_meter.tell(m_covered, m_bound);
    }
    /// Known sites that are still open questions.
    Choice known(const CoverCore& core) const {
        Choice choice;
        for (std::uint32_t s = 0; s < core.site.size(); ++s) {
            if (std::find(m_best.begin(), m_best.end(), core.site[s]) != m_best.end()) {
                choice.sites.push_back(s);
            }
        }
        choice.covered = covered_by(core, choice.sites);
        return choice;
    }
    /// The first prices: whoever a quick choice serves several times pays little.
    void start() {
        const auto quick = swap_sites(m_core, {}, enough(), m_seed, m_meter, 0);
        learn(m_core, quick);
        std::vector<double> times(m_core.value.size());
        for (const auto s : quick.sites) {
            for (const auto i : m_core.demands_of.row(s)) {
                ++times[i];
            }
        }
        for (std::size_t i = 0; i < times.size(); ++i) {
            const auto value = static_cast<double>(m_core.value[i]);
            m_core.price[i] = times[i] == 0 ? value : 0.9 * value / times[i];
        }
    }
    void prove(double share) {
        auto choice = known(m_core);
        choice.covered = std::max(choice.covered, m_covered);
        m_prices = price_demands(m_core, choice, m_goal, m_meter, share);
        m_core.price = m_prices.price;
        m_bound = std::min(m_bound, at_most(m_prices.bound));
        learn(m_core, m_prices.best);
        learn(m_core, swap_sites(m_core, m_prices.best, enough(), m_seed, m_meter, 0));
    }
    void search(double share, std::uint64_t round) {
        const auto few = std::max<std::size_t>(700, 4 * m_best.size());
        const auto core = best_paid(m_core, m_prices, few * (2 + round) / 2);
        learn(core, swap_sites(core, known(core), enough(), m_seed + round, m_meter, share));
        m_core = reduced(m_core, fates(m_core, m_prices, std::max(m_covered, m_goal - 1)));
    }

    Meter m_meter;
    std::uint64_t m_seed;
    std::int64_t m_goal;
    CoverCore m_core;
    Prices m_prices;
    std::vector<std::uint32_t> m_best;
    std::int64_t m_covered = -1, m_bound = INT64_MAX;
};

/// Orders sites by what they add to those before them.
void tell_what_each_adds(const CoverTask& task, CoverAnswer& answer) {
    std::vector<std::uint32_t> times(task.value.size());
    for (std::size_t s = 0; s < task.state.size(); ++s) {
        for (const auto i : task.reach.row(s)) {
            times[i] += task.state[s] == SiteState::existing;
        }
    }
    auto count = times;
    const auto value_where = [&](std::uint32_t site, const auto& counts, std::uint32_t wanted) {
        std::int64_t sum = 0;
        for (const auto i : task.reach.row(site)) {
            sum += counts[i] == wanted ? task.value[i] : 0;
        }
        return sum;
    };
    auto left = std::exchange(answer.sites, {});
    std::sort(left.begin(), left.end());
    while (!left.empty()) {
        const auto next = std::max_element(left.begin(), left.end(), [&](auto a, auto b) {
            return value_where(a, count, 0) < value_where(b, count, 0);
        });
        answer.adds.push_back(value_where(*next, count, 0));
        answer.sites.push_back(*next);
        answer.spent += task.cost.empty() ? 1 : task.cost[*next];
        for (const auto i : task.reach.row(*next)) {
            ++count[i];
        }
        left.erase(next);
    }
    for (const auto site : answer.sites) {
        answer.alone.push_back(value_where(site, count, 1));
    }
}

}  // namespace

CoverAnswer most_covered(const CoverTask& task, const Effort& effort, CoverGoal goal) {
    check(task);
    const auto found = Study(task, effort, goal).run();
    auto answer = measured(task, found.sites);
    answer.bound = found.bound;
    answer.stopped = found.stopped;
    return answer;
}

CoverAnswer measured(const CoverTask& task, std::vector<std::uint32_t> sites) {
    check(task);
    const auto sum = [&](const std::vector<bool>& who) {
        std::int64_t value = 0;
        for (std::size_t i = 0; i < who.size(); ++i) {
            value += who[i] ? task.value[i] : 0;
        }
        return value;
    };
    CoverAnswer answer;
    answer.before = sum(served(task, {}));
    answer.covered = sum(served(task, sites));
    answer.sites = std::move(sites);
    tell_what_each_adds(task, answer);
    return answer;
}

std::vector<bool> served(const CoverTask& task, std::span<const std::uint32_t> sites) {
    std::vector<bool> out(task.value.size());
    const auto serve = [&](std::uint32_t site) {
        for (const auto i : task.reach.row(site)) {
            out[i] = true;
        }
    };
    for (std::uint32_t s = 0; s < task.state.size(); ++s) {
        if (task.state[s] == SiteState::existing) {
            serve(s);
        }
    }
    std::for_each(sites.begin(), sites.end(), serve);
    return out;
}

std::vector<std::vector<std::uint32_t>> phases(
    const CoverTask& task, const CoverAnswer& answer, std::span<const std::size_t> sites,
    const Effort& effort
) {
    std::size_t all = 0;
    for (const auto count : sites) {
        all += count;
    }
    if (all != answer.sites.size()) {
        throw invalid("phases", "phases_malformed", "the phases open all chosen sites, no more");
    }
    auto now = task;
    now.cost.assign(task.reach.size(), 1);
    now.state.resize(task.reach.size(), SiteState::candidate);
    auto left = answer.sites;
    std::vector<std::vector<std::uint32_t>> out(sites.size());
    for (std::size_t k = sites.size(); k-- > 0;) {
        all -= sites[k];
        for (auto& state : now.state) {
            state = state == SiteState::existing ? state : SiteState::forbidden;
        }
        for (const auto site : left) {
            now.state[site] = SiteState::candidate;
        }
        now.budget = static_cast<std::int64_t>(all);
        auto early = left.empty() ? left : most_covered(now, effort).sites;
        for (const auto site : left) {
            if (std::find(early.begin(), early.end(), site) == early.end()) {
                auto& where = early.size() < all ? early : out[k];
                where.push_back(site);
            }
        }
        left = early;
    }
    return out;
}

}  // namespace linli::spatial
