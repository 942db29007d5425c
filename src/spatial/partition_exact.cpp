// SPDX-License-Identifier: Apache-2.0
#include "spatial/partition_exact.hpp"

#include <algorithm>
#include <bit>
#include <unordered_set>

namespace linli::spatial {

namespace {

using Mask = std::uint64_t;

class Searcher {
 public:
    Searcher(
        const UnitGraph& graph, const PartRules& rules, std::uint64_t steps,
        std::vector<std::uint32_t>& part
    )
        : m_graph(graph), m_rules(rules), m_steps(steps), m_part(part) {
        m_rules.parts = 0;
        for (std::uint32_t u = 0; u < graph.size(); ++u) {
            Mask mask = 0;
            for (const auto& link : graph.of(u)) {
                mask |= Mask{1} << link.to;
            }
            m_beside.push_back(mask);
        }
    }

    /// `parts`: how many there shall be, 0 if any number will do.
    Exact run(std::uint64_t parts) {
        const Mask all = m_graph.size() == 64 ? ~Mask{0} : (Mask{1} << m_graph.size()) - 1;
        m_part.assign(m_graph.size(), 0);
        const bool found = solve(all, parts);
        return found ? Exact::found : m_steps == 0 ? Exact::gave_up : Exact::none;
    }

 private:
    std::uint64_t weight(Mask units) const {
        std::uint64_t sum = 0;
        for (; units; units &= units - 1) {
            sum += m_graph.weight[static_cast<std::size_t>(std::countr_zero(units))];
        }
        return sum;
    }
    Mask reach(Mask from, Mask within) const {
        for (Mask fresh = from; fresh;) {
            Mask next = 0;
            for (; fresh; fresh &= fresh - 1) {
                next |= m_beside[static_cast<std::size_t>(std::countr_zero(fresh))];
            }
            fresh = next & within & ~from;
            from |= fresh;
        }
        return from;
    }

    /// Each piece that hangs together is a problem of its own, unless the number of parts is given.
    bool solve(Mask left, std::uint64_t parts) {
        if (left == 0) {
            return parts == 0 || parts == done;
        }
        if (parts == done) {
            return false;
        }
        if (parts != 0) {
            return solve_piece(left, parts);
        }
        while (left) {
            const auto piece = reach(left & -left, left);
            if (!solve_piece(piece, 0)) {
                return false;
            }
            left &= ~piece;
        }
        return true;
    }

    bool solve_piece(Mask left, std::uint64_t parts) {
        if (parts == 0 && m_failed.contains(left)) {
            return false;
        }
        const auto number = m_next++;
        const auto start = corner(left);
        const bool found =
            grow(start, m_beside_of(start) & left & ~start, start, left, parts, number);
        if (!found) {
            --m_next;
            if (parts == 0 && m_steps > 0) {
                m_failed.insert(left);
            }
        }
        return found;
    }
    Mask m_beside_of(Mask one) const {
        return m_beside[static_cast<std::size_t>(std::countr_zero(one))];
    }

    /// The unit with the fewest neighbours: fewest ways to grow from it.
    Mask corner(Mask left) const {
        Mask best = 0;
        int least = 65;
        for (Mask rest = left; rest; rest &= rest - 1) {
            const Mask one = rest & -rest;
            if (const int n = std::popcount(m_beside_of(one) & left); n < least) {
                least = n;
                best = one;
            }
        }
        return best;
    }

    bool rest_can(Mask rest, std::uint64_t parts) const {
        std::uint64_t least = 0, most = 0;
        while (rest) {
            const auto piece = reach(rest & -rest, rest);
            const auto count = count_for(weight(piece), m_rules);
            if (!count.any()) {
                return false;
            }
            least += count.least;
            most += count.most;
            rest &= ~piece;
        }
        return parts == 0 || (parts != done && parts >= least && parts <= most) ||
               (parts == done && most == 0);
    }

    /// All sets that hang together around `set`: with the next unit beside it, then without.
    bool grow(
        Mask set, Mask beside, Mask closed, Mask left, std::uint64_t parts, std::uint32_t number
    ) {
        if (m_steps == 0 || --m_steps == 0) {
            return false;
        }
        const auto have = weight(set);
        if (have > m_rules.high) {
            return false;
        }
        const auto rest = left & ~set;
        const auto after = parts == 0 ? 0 : parts == 1 ? done : parts - 1;
        if (have >= m_rules.low && rest_can(rest, after)) {
            const auto next = m_next;
            if (solve(rest, after)) {
                for (Mask mine = set; mine; mine &= mine - 1) {
                    m_part[static_cast<std::size_t>(std::countr_zero(mine))] = number;
                }
                return true;
            }
            m_next = next;
        }
        while (beside) {
            const Mask one = beside & -beside;
            beside &= ~one;
            closed |= one;
            if (grow(
                    set | one, (beside | m_beside_of(one)) & left & ~closed & ~set, closed, left,
                    parts, number
                )) {
                return true;
            }
        }
        return false;
    }

    static constexpr std::uint64_t done = ~std::uint64_t{0};  // no part may follow
    const UnitGraph& m_graph;
    PartRules m_rules;
    std::uint64_t m_steps;
    std::vector<std::uint32_t>& m_part;
    std::vector<Mask> m_beside;
    std::unordered_set<Mask> m_failed;
    std::uint32_t m_next = 0;
};

}  // namespace

PartCount count_for(std::uint64_t weight, const PartRules& rules) {
    PartCount count{
        std::max<std::uint64_t>(1, (weight + rules.high - 1) / rules.high),
        rules.low == 0 ? ~std::uint64_t{0} : weight / rules.low};
    if (rules.parts != 0) {
        count.least = std::max<std::uint64_t>(count.least, rules.parts);
        count.most = std::min<std::uint64_t>(count.most, rules.parts);
    }
    return count;
}

Exact divide_exactly(
    const UnitGraph& graph, const PartRules& rules, std::uint64_t steps,
    std::vector<std::uint32_t>& part
) {
    return Searcher(graph, rules, steps, part).run(rules.parts);
}

}  // namespace linli::spatial
