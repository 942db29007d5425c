// SPDX-License-Identifier: Apache-2.0
#include "spatial/partition_split.hpp"

#include <algorithm>

namespace linli::spatial {

namespace {

std::uint64_t off_range(std::uint64_t weight, std::uint64_t parts, const PartRules& rules) {
    return weight < parts * rules.low    ? parts * rules.low - weight
           : weight > parts * rules.high ? weight - parts * rules.high
                                         : 0;
}

}  // namespace

Splitter::Splitter(const UnitGraph& graph, const PartRules& rules, std::uint64_t seed)
    : m_graph(graph),
      m_rules(rules),
      m_dice(seed),
      m_mark(graph.size(), 0),
      m_branch(graph.size(), 0) {}

/// A tree that grows at a random end; what is strong grows first and welcome borders are crossed
/// last, so that they end branches.
void Splitter::grow(const Units& units) {
    ++m_stamp;
    for (const auto unit : units) {
        m_mark[unit] = m_stamp;
    }
    m_order.clear();
    m_strong.clear();
    m_near.clear();
    m_far.clear();
    m_near.push_back({units[m_dice.below(static_cast<std::uint32_t>(units.size()))], 0});
    while (!m_strong.empty() || !m_near.empty() || !m_far.empty()) {
        auto& from = !m_strong.empty() ? m_strong : m_near.empty() ? m_far : m_near;
        std::swap(from[m_dice.below(static_cast<std::uint32_t>(from.size()))], from.back());
        const auto step = from.back();
        from.pop_back();
        if (m_mark[step.unit] != m_stamp) {
            continue;
        }
        m_mark[step.unit] = m_stamp - 1;
        const auto place = static_cast<std::uint32_t>(m_order.size());
        m_order.push_back(step);
        for (const auto& link : m_graph.of(step.unit)) {
            if (m_mark[link.to] == m_stamp) {
                auto& to = link.cost < 0 ? m_far : link.cost < strong_link ? m_near : m_strong;
                to.push_back({link.to, place});
            }
        }
    }
    ++m_stamp;
    m_sum.resize(m_order.size());
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        m_mark[m_order[i].unit] = m_stamp;
        m_sum[i] = m_graph.weight[m_order[i].unit];
    }
    for (std::size_t i = m_order.size(); i-- > 1;) {
        m_sum[m_order[i].parent] += m_sum[i];
    }
}

/// How many of the parts the branch should become, and how far from the range that leaves it.
Splitter::Cut Splitter::judge(std::size_t at, std::uint64_t parts) const {
    const auto all = m_sum[0], branch = m_sum[at];
    const auto share = all == 0 ? 1 : (branch * parts + all / 2) / all;
    Cut best;
    for (auto k = share > 1 ? share - 1 : 1; k <= share + 1 && k < parts; ++k) {
        const auto amiss =
            off_range(branch, k, m_rules) + off_range(all - branch, parts - k, m_rules);
        if (amiss < best.amiss) {
            best = {at, k, amiss, 0};
        }
    }
    return best;
}

void Splitter::mark_branch(std::size_t at) {
    m_in.assign(m_order.size(), false);
    m_in[at] = true;
    for (auto i = at + 1; i < m_order.size(); ++i) {
        m_in[i] = m_in[m_order[i].parent];
    }
    ++m_branch_stamp;
    for (auto i = at; i < m_order.size(); ++i) {
        if (m_in[i]) {
            m_branch[m_order[i].unit] = m_branch_stamp;
        }
    }
}

std::int64_t Splitter::cost_of(std::size_t at) {
    mark_branch(at);
    std::int64_t cost = 0;
    for (auto i = at; i < m_order.size(); ++i) {
        if (m_in[i]) {
            for (const auto& link : m_graph.of(m_order[i].unit)) {
                cost += m_mark[link.to] == m_stamp && m_branch[link.to] != m_branch_stamp
                            ? link.cost
                            : 0;
            }
        }
    }
    return cost;
}

/// The branches of the tree as it stands against the best cut so far.
void Splitter::consider(std::uint64_t parts, Cut& best) {
    const bool small = m_order.size() <= m_rules.compare_up_to;
    const auto far_from_half = [&](const Cut& cut) {
        return cut.parts * 2 > parts ? cut.parts * 2 - parts : parts - cut.parts * 2;
    };
    for (std::size_t i = 1; i < m_order.size(); ++i) {
        auto cut = judge(i, parts);
        if (cut.at == 0 || cut.amiss > best.amiss) {
            continue;
        }
        if (small) {
            cut.cost = cost_of(i);
        } else {
            cut.cost = static_cast<std::int64_t>(far_from_half(cut));
        }
        if (cut.amiss < best.amiss || cut.cost < best.cost) {
            best = cut;
        }
    }
}

bool Splitter::halve(
    const Units& units, std::uint64_t parts, int tries, Units& branch, std::uint64_t& cut
) {
    Cut best;
    const bool small = units.size() <= m_rules.compare_up_to;
    for (int t = 0; t < tries; ++t) {
        auto before = best;
        grow(units);
        consider(parts, best);
        if (best.at != before.at || best.cost != before.cost || best.amiss != before.amiss) {
            mark_branch(best.at);
            branch.clear();
            for (auto i = best.at; i < m_order.size(); ++i) {
                if (m_in[i]) {
                    branch.push_back(m_order[i].unit);
                }
            }
        }
        if (best.amiss == 0 && (!small || t >= 2)) {
            break;
        }
    }
    cut = best.parts;
    return best.at != 0;
}

bool Splitter::split(Units units, std::uint64_t parts, int tries, std::vector<Units>& groups) {
    struct Task {
        Units units;
        std::uint64_t parts;
    };
    std::vector<Task> tasks;
    tasks.push_back({std::move(units), parts});
    bool good = true;
    while (!tasks.empty()) {
        auto task = std::move(tasks.back());
        tasks.pop_back();
        Units branch, rest;
        std::uint64_t cut = 0;
        if (task.parts == 1 || !halve(task.units, task.parts, tries, branch, cut)) {
            std::uint64_t sum = 0;
            for (const auto unit : task.units) {
                sum += m_graph.weight[unit];
            }
            good = good && fits(sum, 1, m_rules);
            groups.push_back(std::move(task.units));
            continue;
        }
        ++m_branch_stamp;
        for (const auto unit : branch) {
            m_branch[unit] = m_branch_stamp;
        }
        for (const auto unit : task.units) {
            if (m_branch[unit] != m_branch_stamp) {
                rest.push_back(unit);
            }
        }
        tasks.push_back({std::move(branch), cut});
        tasks.push_back({std::move(rest), task.parts - cut});
    }
    return good;
}

}  // namespace linli::spatial
