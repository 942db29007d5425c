// SPDX-License-Identifier: Apache-2.0
#include "spatial/district.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

namespace linli::spatial {

namespace {

class Proposer {
 public:
    Proposer(const Districting& map, const CommunityRules& rules)
        : m_map(map), m_rules(rules), m_of_area(map.communities.size()) {
        for (std::uint32_t u = 0; u < map.units.area.size(); ++u) {
            m_of_area[map.units.area[u]].push_back(u);
        }
    }

    std::vector<CommunityProposal> run() {
        for (std::uint32_t a = 0; a < m_map.communities.size(); ++a) {
            const auto& one = m_map.communities[a];
            if (!one.leave && one.households > m_rules.split_above) {
                split(a, Proposed::split);
            } else if (!one.leave && one.jobs > m_rules.jobs_high) {
                split(a, Proposed::split_by_jobs);
            }
        }
        std::stable_sort(m_all.begin(), m_all.end(), [&](const auto& x, const auto& y) {
            return m_map.communities[x.areas[0]].households >
                   m_map.communities[y.areas[0]].households;
        });
        merge_small();
        return std::move(m_all);
    }

 private:
    /// How many parts: as near as may be to the wished number of persons, then of households.
    std::uint64_t parts_for(const Community& one) const {
        const auto least =
            std::max<std::uint64_t>(2, (one.households + m_rules.high - 1) / m_rules.high);
        const auto most = std::max(least, one.households / m_rules.low);
        const auto amiss = [&](std::uint64_t k) {
            const auto each = one.persons / k;
            return each < m_rules.persons_low    ? m_rules.persons_low - each
                   : each > m_rules.persons_high ? each - m_rules.persons_high
                                                 : 0;
        };
        auto best = least;
        for (auto k = least; k <= most; ++k) {
            best = amiss(k) < amiss(best) ? k : best;
        }
        return best;
    }

    void split(std::uint32_t area, Proposed kind) {
        const auto& one = m_map.communities[area];
        CommunityProposal proposal;
        proposal.kind = kind;
        proposal.areas = {area};
        auto graph = part_of(m_map.inside, m_of_area[area]);
        PartRules rules;
        rules.compare_up_to = 1'000;
        if (kind == Proposed::split) {
            rules.low = m_rules.low;
            rules.high = m_rules.high;
            rules.target = static_cast<std::uint32_t>(one.households / parts_for(one));
        } else {
            for (std::size_t i = 0; i < graph.size(); ++i) {
                graph.weight[i] = static_cast<std::uint32_t>(m_map.facts.jobs[m_of_area[area][i]]);
            }
            rules.low = m_rules.jobs_low;
            rules.high = m_rules.jobs_high;
            rules.target =
                static_cast<std::uint32_t>(one.jobs / ((one.jobs - 1) / m_rules.jobs_high + 1));
        }
        auto parts = best_of(graph, rules);
        if (!parts.undivided.empty()) {
            // Nothing forbids other sizes, as long as no part calls for the next proposal.
            proposal.fit = Fit::relaxed;
            rules.low = kind == Proposed::split ? m_rules.merge_below : 1;
            rules.high = kind == Proposed::split ? m_rules.split_above : m_rules.jobs_high;
            parts = best_of(graph, rules);
        }
        if (!parts.undivided.empty() || parts.weight.size() < 2) {
            proposal.fit = Fit::none;
            proposal.why = Hindrance::hangs_together;
        } else {
            fill(proposal, area, parts);
        }
        m_all.push_back(std::move(proposal));
    }

    Parts best_of(const UnitGraph& graph, PartRules rules) const {
        std::optional<Parts> best;
        std::int64_t least = 0;
        for (int t = 0; t < m_rules.tries; ++t) {
            rules.seed = m_rules.seed + static_cast<std::uint64_t>(t);
            auto parts = divide(graph, rules);
            const auto cost = border_cost(graph, parts.part);
            if (!best || parts.undivided.size() < best->undivided.size() ||
                (parts.undivided.size() == best->undivided.size() && cost < least)) {
                best = std::move(parts);
                least = cost;
            }
            if (best->undivided.size() > 0 && best->undivided[0].why != PartTrouble::not_found) {
                break;
            }
        }
        return std::move(*best);
    }

    void fill(CommunityProposal& proposal, std::uint32_t area, const Parts& parts) const {
        proposal.parts.resize(parts.weight.size());
        for (std::size_t i = 0; i < parts.part.size(); ++i) {
            const auto unit = m_of_area[area][i];
            auto& part = proposal.parts[parts.part[i]];
            part.units.push_back(unit);
            part.households += m_map.units.graph.weight[unit];
            part.persons += m_map.facts.persons[unit];
            part.jobs += m_map.facts.jobs[unit];
        }
        std::stable_sort(
            proposal.parts.begin(), proposal.parts.end(),
            [](const auto& a, const auto& b) { return a.households > b.households; }
        );
        proposal.moved = m_map.communities[area].households - proposal.parts[0].households;
    }

    /// The border between two communities: links over open ground, and how many over barriers.
    struct Border {
        std::int64_t open = 0;
        int barriers = 0;
    };
    void find_borders() {
        const auto& graph = m_map.units.graph;
        for (std::uint32_t u = 0; u < graph.size(); ++u) {
            for (const auto& link : graph.of(u)) {
                const auto a = m_map.units.area[u], b = m_map.units.area[link.to];
                if (a != b) {
                    auto& border = m_borders[a][b];
                    link.cost < 0 ? void(++border.barriers) : void(border.open += link.cost);
                }
            }
        }
    }

    void merge_small() {
        find_borders();
        std::vector<std::uint32_t> small;
        m_group.resize(m_map.communities.size());
        std::iota(m_group.begin(), m_group.end(), 0);
        m_members.resize(m_group.size());
        for (std::uint32_t a = 0; a < m_group.size(); ++a) {
            const auto& one = m_map.communities[a];
            m_members[a] = {a};
            m_households.push_back(one.households);
            if (!one.leave && !one.industrial(m_rules) && one.households > 0 &&
                one.households < m_rules.merge_below) {
                small.push_back(a);
            }
        }
        std::stable_sort(small.begin(), small.end(), [&](auto a, auto b) {
            return m_households[a] < m_households[b];
        });
        std::vector<CommunityProposal> stuck;
        for (const auto a : small) {
            if (m_households[m_group[a]] >= m_rules.merge_below) {
                continue;  // came to another small one, and together they are large enough
            }
            if (const auto why = merge_one(m_group[a]); why != Hindrance::nothing) {
                auto& none = stuck.emplace_back();
                none.kind = Proposed::merge;
                none.fit = Fit::none;
                none.why = why;
                none.areas = {a};
            }
        }
        tell_mergers();
        m_all.insert(m_all.end(), stuck.begin(), stuck.end());
    }

    bool kept_apart(std::uint32_t one, std::uint32_t other) const {
        return std::any_of(m_map.apart.begin(), m_map.apart.end(), [&](const auto& pair) {
            const auto a = m_group[pair.first], b = m_group[pair.second];
            return (a == one && b == other) || (a == other && b == one);
        });
    }

    Hindrance merge_one(std::uint32_t group) {
        std::map<std::uint32_t, Border> around;
        for (const auto member : m_members[group]) {
            for (const auto& [other, border] : m_borders[member]) {
                if (m_group[other] != group) {
                    around[m_group[other]].open += border.open;
                    around[m_group[other]].barriers += border.barriers;
                }
            }
        }
        auto why = Hindrance::no_neighbour;
        std::optional<std::pair<std::uint64_t, std::int64_t>> least;
        std::uint32_t best = group;
        for (const auto& [other, border] : around) {
            const auto& there = m_map.communities[other];
            const auto sum = m_households[group] + m_households[other];
            if (there.parent != m_map.communities[group].parent) {
                why = std::max(why, Hindrance::another_subdistrict);
            } else if (border.open == 0) {
                why = std::max(why, Hindrance::across_barrier);
            } else if (sum > m_rules.split_above || there.leave || there.industrial(m_rules) || kept_apart(group, other)) {
                why = std::max(why, Hindrance::neighbours_too_large);
            } else {
                const auto off = sum < m_rules.low    ? m_rules.low - sum
                                 : sum > m_rules.high ? sum - m_rules.high
                                                      : 0;
                const std::pair key(off / 200, -border.open);
                if (!least || key < *least) {
                    least = key;
                    best = other;
                }
            }
        }
        if (best == group) {
            return why;
        }
        join(group, best);
        return Hindrance::nothing;
    }

    void join(std::uint32_t gone, std::uint32_t into) {
        for (const auto member : m_members[gone]) {
            m_group[member] = into;
            m_members[into].push_back(member);
        }
        m_members[gone].clear();
        m_households[into] += m_households[gone];
    }

    void tell_mergers() {
        for (auto& members : m_members) {
            if (members.size() < 2) {
                continue;
            }
            std::stable_sort(members.begin(), members.end(), [&](auto a, auto b) {
                return m_map.communities[a].households > m_map.communities[b].households;
            });
            CommunityProposal proposal;
            proposal.kind = Proposed::merge;
            proposal.areas = members;
            std::uint64_t all = 0;
            for (const auto member : members) {
                all += m_map.communities[member].households;
            }
            proposal.moved = all - m_map.communities[members[0]].households;
            proposal.fit = all >= m_rules.low && all <= m_rules.high ? Fit::good : Fit::relaxed;
            m_all.push_back(std::move(proposal));
        }
    }

    const Districting& m_map;
    const CommunityRules& m_rules;
    std::vector<std::vector<std::uint32_t>> m_of_area, m_members;
    std::vector<CommunityProposal> m_all;
    std::map<std::uint32_t, std::map<std::uint32_t, Border>> m_borders;
    std::vector<std::uint32_t> m_group;
    std::vector<std::uint64_t> m_households;
};

}  // namespace

std::vector<CommunityProposal> propose_communities(
    const Districting& map, const CommunityRules& rules
) {
    return Proposer(map, rules).run();
}

UnitGraph prefer_whole(
    const UnitGraph& graph, const std::vector<std::uint32_t>& compound, int cost
) {
    auto out = graph;
    for (std::uint32_t u = 0; u < graph.size(); ++u) {
        for (auto i = graph.begin[u]; i < graph.begin[u + 1]; ++i) {
            if (compound[u] == compound[graph.links[i].to]) {
                out.links[i].cost = std::max(0, out.links[i].cost) + cost;
            }
        }
    }
    return out;
}

}  // namespace linli::spatial
