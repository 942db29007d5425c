// SPDX-License-Identifier: Apache-2.0
#include "spatial/partition.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "spatial/partition_mend.hpp"

namespace linli::spatial {

namespace {

constexpr std::uint32_t none = 0xffffffff;

/// Pieces of the units with the same label that hang together.
std::vector<Units> pieces_of(const UnitGraph& graph, std::span<const std::uint32_t> label) {
    std::vector<Units> pieces;
    std::vector<bool> seen(graph.size(), false);
    for (std::uint32_t start = 0; start < graph.size(); ++start) {
        if (seen[start]) {
            continue;
        }
        auto& piece = pieces.emplace_back(Units{start});
        seen[start] = true;
        for (std::size_t i = 0; i < piece.size(); ++i) {
            for (const auto& link : graph.of(piece[i])) {
                if (!seen[link.to] && (label.empty() || label[link.to] == label[start])) {
                    seen[link.to] = true;
                    piece.push_back(link.to);
                }
            }
        }
    }
    return pieces;
}

/// Units that hang together, divided by themselves.
struct Piece {
    std::vector<std::uint32_t> part;
    std::vector<Undivided> undivided;
};

class PieceDivider {
 public:
    PieceDivider(
        const UnitGraph& graph, const PartRules& rules, std::span<const std::uint32_t> present
    )
        : m_graph(graph), m_rules(rules), m_present(present) {
        m_total = std::accumulate(graph.weight.begin(), graph.weight.end(), std::uint64_t{0});
    }

    Piece divide() {
        const auto count = count_for(m_total, m_rules);
        const auto wished = (m_total + m_rules.target / 2) / std::max(m_rules.target, 1u);
        const auto parts = count.any()          ? std::clamp(wished, count.least, count.most)
                           : m_rules.parts != 0 ? m_rules.parts
                                                : std::max<std::uint64_t>(1, wished);
        if (!m_present.empty() && m_rules.parts == 0) {
            keep(mended(pieces_of(m_graph, m_present), 1));
        }
        for (std::uint64_t attempt = 0; attempt < 6; ++attempt) {
            // Other numbers of parts than the wished one may be easier.
            const auto off = (attempt + 1) / 2;
            const auto other = attempt % 2 == 1 ? parts + off : parts - std::min(off, parts - 1);
            start_anew(count.any() ? std::clamp(other, count.least, count.most) : parts, attempt);
            if (m_best_bad == 0 || (attempt == 0 && settled(count))) {
                break;
            }
        }
        if (m_best_bad > 0 && m_undivided.empty()) {
            m_undivided.push_back({PartTrouble::not_found, 0, m_total});
        }
        return {std::move(m_best), std::move(m_undivided)};
    }

 private:
    void start_anew(std::uint64_t parts, std::uint64_t attempt) {
        const auto seed = m_rules.seed * 1'000 + attempt;
        std::vector<Units> groups;
        Units all(m_graph.size());
        std::iota(all.begin(), all.end(), 0);
        Splitter(m_graph, m_rules, seed).split(std::move(all), parts, 12, groups);
        keep(mended(std::move(groups), seed));
    }
    Mender mended(std::vector<Units> groups, std::uint64_t seed) const {
        Mender mender(m_graph, m_rules, m_present, std::move(groups), seed);
        mender.mend();
        mender.smooth();
        return mender;
    }
    void keep(const Mender& mender) {
        const auto bad = mender.bad();
        const auto cost = mender.cost();
        if (m_best.empty() || bad < m_best_bad || (bad == m_best_bad && cost < m_best_cost)) {
            m_best = mender.part();
            m_best_bad = bad;
            m_best_cost = cost;
        }
    }

    /// Whether it is known that there is none, or the search to the end has found one.
    bool settled(PartCount count) {
        Undivided trouble{PartTrouble::proven, 0, m_total};
        const auto heaviest = static_cast<std::uint32_t>(
            std::max_element(m_graph.weight.begin(), m_graph.weight.end()) - m_graph.weight.begin()
        );
        if (m_graph.weight[heaviest] > m_rules.high) {
            trouble = {PartTrouble::unit_too_large, heaviest, m_graph.weight[heaviest]};
        } else if (m_total < m_rules.low) {
            trouble.why = PartTrouble::too_few;
        } else if (!count.any()) {
            trouble.why = PartTrouble::no_number_fits;
        } else {
            std::vector<std::uint32_t> part;
            const auto found = m_graph.size() <= most_exact_units
                                   ? divide_exactly(m_graph, m_rules, m_rules.search, part)
                                   : Exact::gave_up;
            if (found == Exact::found) {
                keep(mended(pieces_of(m_graph, part), 1));
            }
            if (found != Exact::none) {
                return found == Exact::found;
            }
        }
        m_undivided.push_back(trouble);
        return true;
    }

    const UnitGraph& m_graph;
    const PartRules& m_rules;
    std::span<const std::uint32_t> m_present;
    std::uint64_t m_total = 0;
    std::vector<std::uint32_t> m_best;
    std::size_t m_best_bad = 0;
    std::int64_t m_best_cost = 0;
    std::vector<Undivided> m_undivided;
};

}  // namespace

UnitGraph graph_of(std::vector<std::uint32_t> weight, std::vector<UnitPair> pairs) {
    for (auto& pair : pairs) {
        if (pair.a > pair.b) {
            std::swap(pair.a, pair.b);
        }
    }
    std::sort(pairs.begin(), pairs.end(), [](const UnitPair& x, const UnitPair& y) {
        return x.a != y.a ? x.a < y.a : x.b < y.b;
    });
    std::vector<UnitPair> once;
    for (const auto& pair : pairs) {
        if (pair.a == pair.b) {
            continue;
        }
        if (!once.empty() && once.back().a == pair.a && once.back().b == pair.b) {
            once.back().cost += pair.cost;
        } else {
            once.push_back(pair);
        }
    }
    UnitGraph graph;
    graph.weight = std::move(weight);
    graph.begin.assign(graph.weight.size() + 1, 0);
    for (const auto& pair : once) {
        ++graph.begin[pair.a + 1];
        ++graph.begin[pair.b + 1];
    }
    std::partial_sum(graph.begin.begin(), graph.begin.end(), graph.begin.begin());
    graph.links.resize(graph.begin.back());
    auto next = graph.begin;
    for (const auto& pair : once) {
        graph.links[next[pair.a]++] = {pair.b, pair.cost};
        graph.links[next[pair.b]++] = {pair.a, pair.cost};
    }
    return graph;
}

UnitGraph part_of(const UnitGraph& graph, std::span<const std::uint32_t> units) {
    std::vector<std::uint32_t> number(graph.size(), none), weight;
    for (const auto unit : units) {
        number[unit] = static_cast<std::uint32_t>(weight.size());
        weight.push_back(graph.weight[unit]);
    }
    UnitGraph part;
    part.weight = std::move(weight);
    for (const auto unit : units) {
        for (const auto& link : graph.of(unit)) {
            if (number[link.to] != none) {
                part.links.push_back({number[link.to], link.cost});
            }
        }
        part.begin.push_back(static_cast<std::uint32_t>(part.links.size()));
    }
    return part;
}

Parts divide(
    const UnitGraph& graph, const PartRules& rules, std::span<const std::uint32_t> present
) {
    Parts parts;
    parts.part.assign(graph.size(), 0);
    std::uint32_t count = 0;
    const auto pieces = pieces_of(graph, {});
    for (const auto& units : pieces) {
        const auto whole = pieces.size() == 1;
        const auto sub = whole ? UnitGraph{} : part_of(graph, units);
        std::vector<std::uint32_t> now;
        for (const auto unit : whole ? std::span<const std::uint32_t>() : std::span(units)) {
            if (!present.empty()) {
                now.push_back(present[unit]);
            }
        }
        const auto done =
            PieceDivider(whole ? graph : sub, rules, whole ? present : std::span(now)).divide();
        std::map<std::uint32_t, std::uint32_t> numbers;
        for (std::size_t i = 0; i < done.part.size(); ++i) {
            const auto [at, fresh] = numbers.try_emplace(done.part[i], count);
            count += fresh;
            parts.part[whole ? i : units[i]] = at->second;
        }
        for (auto trouble : done.undivided) {
            trouble.unit = whole ? trouble.unit : units[trouble.unit];
            parts.undivided.push_back(trouble);
        }
    }
    parts.weight.assign(count, 0);
    for (std::size_t u = 0; u < graph.size(); ++u) {
        parts.weight[parts.part[u]] += graph.weight[u];
    }
    return parts;
}

std::int64_t border_cost(const UnitGraph& graph, std::span<const std::uint32_t> part) {
    std::int64_t cost = 0;
    for (std::uint32_t u = 0; u < graph.size(); ++u) {
        for (const auto& link : graph.of(u)) {
            cost += link.to > u && part[u] != part[link.to] ? link.cost : 0;
        }
    }
    return cost;
}

std::uint64_t changed_weight(
    const UnitGraph& graph, std::span<const std::uint32_t> part,
    std::span<const std::uint32_t> present
) {
    const auto heirs = heirs_of(graph, part, present);
    std::uint64_t changed = 0;
    for (std::size_t u = 0; u < graph.size(); ++u) {
        changed += heirs[part[u]] == present[u] ? 0 : graph.weight[u];
    }
    return changed;
}

bool contiguous(const UnitGraph& graph, std::span<const std::uint32_t> part) {
    const auto most = part.empty() ? 0 : *std::max_element(part.begin(), part.end());
    std::vector<int> pieces(std::size_t{most} + 1, 0);
    for (const auto& piece : pieces_of(graph, part)) {
        if (++pieces[part[piece.front()]] > 1) {
            return false;
        }
    }
    return true;
}

}  // namespace linli::spatial
