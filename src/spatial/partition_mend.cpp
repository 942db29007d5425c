// SPDX-License-Identifier: Apache-2.0
#include "spatial/partition_mend.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace linli::spatial {

namespace {
constexpr std::uint32_t none = 0xffffffff;
}

std::vector<std::uint32_t> heirs_of(
    const UnitGraph& graph, std::span<const std::uint32_t> part,
    std::span<const std::uint32_t> present
) {
    const auto count = part.empty() ? 0 : *std::max_element(part.begin(), part.end()) + 1;
    std::vector<std::uint32_t> heirs(count, none);
    if (present.empty()) {
        return heirs;
    }
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> shared;
    for (std::size_t u = 0; u < graph.size(); ++u) {
        shared[{part[u], present[u]}] += graph.weight[u];
    }
    std::vector<std::tuple<std::uint64_t, std::uint32_t, std::uint32_t>> order;
    for (const auto& [pair, weight] : shared) {
        order.emplace_back(weight, pair.first, pair.second);
    }
    std::sort(order.begin(), order.end(), std::greater<>());
    std::set<std::uint32_t> taken;
    for (const auto& [weight, mine, before] : order) {
        if (heirs[mine] == none && taken.insert(before).second) {
            heirs[mine] = before;
        }
    }
    return heirs;
}

Mender::Mender(
    const UnitGraph& graph, const PartRules& rules, std::span<const std::uint32_t> present,
    std::vector<Units> groups, std::uint64_t seed
)
    : m_graph(graph),
      m_rules(rules),
      m_present(present),
      m_splitter(graph, rules, seed),
      m_part(graph.size(), 0),
      m_place(graph.size(), 0),
      m_seen(graph.size(), 0) {
    replace({}, std::move(groups));
    find_heirs();
}

void Mender::find_heirs() {
    m_heir = heirs_of(m_graph, m_part, m_present);
    m_heir.resize(m_members.size(), none);
}

std::size_t Mender::bad() const {
    return static_cast<std::size_t>(std::count_if(
        m_weight.begin(), m_weight.end(),
        [&](auto weight) { return weight != none && !good(weight); }
    ));
}

std::int64_t Mender::cost() const {
    auto cost = border_cost(m_graph, m_part);
    if (!m_present.empty()) {
        cost += m_rules.change_cost *
                static_cast<std::int64_t>(changed_weight(m_graph, m_part, m_present));
    }
    return cost;
}

/// Groups take the numbers of the parts that they replace, and new ones.
void Mender::replace(const std::vector<std::uint32_t>& parts, std::vector<Units> groups) {
    for (const auto part : parts) {
        m_members[part].clear();
        m_weight[part] = none;  // no part
    }
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const auto part =
            g < parts.size() ? parts[g] : static_cast<std::uint32_t>(m_members.size());
        if (g >= parts.size()) {
            m_members.emplace_back();
            m_weight.push_back(0);
            m_heir.push_back(none);
        }
        m_weight[part] = 0;
        for (std::uint32_t i = 0; i < groups[g].size(); ++i) {
            const auto unit = groups[g][i];
            m_part[unit] = part;
            m_place[unit] = i;
            m_weight[part] += m_graph.weight[unit];
        }
        m_members[part] = std::move(groups[g]);
    }
}

void Mender::move(std::uint32_t unit, std::uint32_t to) {
    auto& from = m_members[m_part[unit]];
    from[m_place[unit]] = from.back();
    m_place[from.back()] = m_place[unit];
    from.pop_back();
    m_weight[m_part[unit]] -= m_graph.weight[unit];
    m_part[unit] = to;
    m_place[unit] = static_cast<std::uint32_t>(m_members[to].size());
    m_members[to].push_back(unit);
    m_weight[to] += m_graph.weight[unit];
}

/// Whether what remains of its part hangs together without it, and is something.
bool Mender::may_leave(std::uint32_t unit) {
    const auto part = m_part[unit];
    ++m_stamp;
    m_seen[unit] = m_stamp;
    m_queue.clear();
    for (const auto& link : m_graph.of(unit)) {
        if (m_part[link.to] == part) {
            m_queue.push_back(link.to);
            m_seen[link.to] = m_stamp;
            break;
        }
    }
    for (std::size_t i = 0; i < m_queue.size(); ++i) {
        for (const auto& link : m_graph.of(m_queue[i])) {
            if (m_part[link.to] == part && m_seen[link.to] != m_stamp) {
                m_seen[link.to] = m_stamp;
                m_queue.push_back(link.to);
            }
        }
    }
    return !m_queue.empty() && m_queue.size() + 1 == m_members[part].size();
}

std::int64_t Mender::change_of(std::uint32_t unit, std::uint32_t part) const {
    return m_present.empty() || m_heir[part] == m_present[unit]
               ? 0
               : std::int64_t{m_rules.change_cost} * m_graph.weight[unit];
}

std::int64_t Mender::move_gain(std::uint32_t unit, std::uint32_t to) const {
    std::int64_t gain = change_of(unit, m_part[unit]) - change_of(unit, to);
    for (const auto& link : m_graph.of(unit)) {
        gain += m_part[link.to] == to             ? link.cost
                : m_part[link.to] == m_part[unit] ? -link.cost
                                                  : 0;
    }
    return gain;
}

/// A part out of range takes a unit from a neighbour, or gives one, and then both are in range.
bool Mender::shift_one(std::uint32_t part) {
    std::uint32_t best = none, best_to = none;
    std::int64_t best_gain = 0;
    const bool wants = m_weight[part] < m_rules.low;
    for (const auto mine : m_members[part]) {
        for (const auto& link : m_graph.of(mine)) {
            const auto other = m_part[link.to];
            if (other == part) {
                continue;
            }
            const auto unit = wants ? link.to : mine;
            const auto to = wants ? part : other;
            const auto from = wants ? other : part;
            const std::uint64_t weight = m_graph.weight[unit];
            if (m_weight[from] < weight || !good(m_weight[from] - weight) ||
                !good(m_weight[to] + weight)) {
                continue;
            }
            const auto gain = move_gain(unit, to);
            if ((best == none || gain > best_gain) && may_leave(unit)) {
                best = unit;
                best_to = to;
                best_gain = gain;
            }
        }
    }
    if (best != none) {
        move(best, best_to);
    }
    return best != none;
}

/// The part and some of those around it, at random, all hanging together.
std::vector<std::uint32_t> Mender::around(std::uint32_t part, std::size_t neighbours) {
    std::vector<std::uint32_t> chosen = {part};
    std::vector<std::uint32_t> beside;
    const auto look = [&](std::uint32_t from) {
        for (const auto unit : m_members[from]) {
            for (const auto& link : m_graph.of(unit)) {
                const auto other = m_part[link.to];
                if (std::find(chosen.begin(), chosen.end(), other) == chosen.end() &&
                    std::find(beside.begin(), beside.end(), other) == beside.end()) {
                    beside.push_back(other);
                }
            }
        }
    };
    look(part);
    while (chosen.size() <= neighbours && !beside.empty()) {
        const auto at = m_splitter.dice().below(static_cast<std::uint32_t>(beside.size()));
        chosen.push_back(beside[at]);
        beside.erase(beside.begin() + at);
        look(chosen.back());
    }
    return chosen;
}

bool Mender::regroup(std::uint32_t part, std::size_t neighbours, int tries) {
    const auto parts = around(part, neighbours);
    Units units;
    std::uint64_t weight = 0;
    for (const auto one : parts) {
        units.insert(units.end(), m_members[one].begin(), m_members[one].end());
        weight += m_weight[one];
    }
    const auto have = static_cast<std::uint64_t>(parts.size());
    for (const auto count : {have, have + 1, have - 1}) {
        if (count == 0 || !fits(weight, count, m_rules) || (m_rules.parts != 0 && count != have)) {
            continue;
        }
        std::vector<Units> groups;
        if (m_splitter.split(units, count, tries, groups)) {
            replace(parts, std::move(groups));
            return true;
        }
    }
    return false;
}

void Mender::mend() {
    for (std::size_t round = 0; round < 12 && bad() > 0; ++round) {
        for (std::uint32_t part = 0; part < m_members.size(); ++part) {
            if (m_members[part].empty() || good(m_weight[part]) || shift_one(part)) {
                continue;
            }
            const auto wide = 1 + round;
            for (int t = 0; t < 6 && !regroup(part, wide, 10 + static_cast<int>(round) * 4); ++t) {
            }
        }
    }
}

bool Mender::smooth_unit(std::uint32_t unit) {
    const auto from = m_part[unit];
    std::uint32_t best = none;
    std::int64_t best_gain = 0;
    for (const auto& link : m_graph.of(unit)) {
        const auto to = m_part[link.to];
        if (to == from || to == best) {
            continue;
        }
        const std::uint64_t weight = m_graph.weight[unit];
        const bool allowed = good(m_weight[to] + weight) && good(m_weight[from] - weight);
        if (allowed && move_gain(unit, to) > best_gain) {
            best = to;
            best_gain = move_gain(unit, to);
        }
    }
    if (best == none || !may_leave(unit)) {
        return false;
    }
    move(unit, best);
    return true;
}

/// Of the borders of these parts, and of the changes within them.
std::int64_t Mender::cost_of(const std::vector<std::uint32_t>& parts) const {
    std::int64_t cost = 0;
    for (const auto part : parts) {
        for (const auto unit : m_members[part]) {
            cost += 2 * change_of(unit, part);
            for (const auto& link : m_graph.of(unit)) {
                cost += m_part[link.to] != part ? link.cost : 0;
            }
        }
    }
    return cost;
}

/// Both become one and are cut anew; kept if that is better.
bool Mender::smooth_pair(std::uint32_t a, std::uint32_t b) {
    if (!good(m_weight[a]) || !good(m_weight[b])) {
        return false;
    }
    const std::vector<std::uint32_t> parts = {a, b};
    std::vector<Units> before = {m_members[a], m_members[b]}, groups;
    auto units = before[0];
    units.insert(units.end(), before[1].begin(), before[1].end());
    const auto cost = cost_of(parts);
    if (!m_splitter.split(units, 2, 3, groups)) {
        return false;
    }
    replace(parts, groups);
    auto best = cost_of(parts);
    if (!m_present.empty()) {
        std::swap(groups[0], groups[1]);
        replace(parts, groups);
        if (cost_of(parts) > best) {
            std::swap(groups[0], groups[1]);
            replace(parts, groups);
        }
        best = cost_of(parts);
    }
    if (best < cost) {
        return true;
    }
    replace(parts, std::move(before));
    return false;
}

void Mender::smooth() {
    find_heirs();
    for (int round = 0; round < 3; ++round) {
        bool moved = true;
        for (int sweep = 0; sweep < 4 && moved; ++sweep) {
            moved = false;
            for (std::uint32_t unit = 0; unit < m_graph.size(); ++unit) {
                moved = smooth_unit(unit) || moved;
            }
        }
        std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
        for (std::uint32_t u = 0; u < m_graph.size(); ++u) {
            for (const auto& link : m_graph.of(u)) {
                if (m_part[u] < m_part[link.to]) {
                    pairs.emplace(m_part[u], m_part[link.to]);
                }
            }
        }
        bool better = false;
        for (const auto& [a, b] : pairs) {
            better = smooth_pair(a, b) || better;
        }
        if (!better && !moved) {
            return;
        }
    }
}

}  // namespace linli::spatial
