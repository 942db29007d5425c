// SPDX-License-Identifier: Apache-2.0
#include "spatial/units.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <queue>
#include <tuple>

namespace linli::spatial {

namespace {

constexpr std::uint32_t none = 0xffffffff;

/// A run of doors along a chain that belong to one unit.
struct Stretch {
    std::uint32_t chain, unit;
    Ms from, to;
};

class UnitMaker {
 public:
    UnitMaker(
        const Network& network, const Homes& homes, const Barriers& barriers, const UnitRules& rules
    )
        : m_network(network), m_homes(homes), m_barriers(barriers), m_rules(rules) {}

    StreetUnits make() {
        gather();
        find_middles();
        spread();
        link();
        m_units.graph = graph_of(std::move(m_weight), std::move(m_pairs));
        return std::move(m_units);
    }

 private:
    /// Doors in the order of chain, area, side of a barrier, offset; cut where a unit is full.
    void gather() {
        std::vector<std::uint32_t> order(m_homes.size());
        std::iota(order.begin(), order.end(), 0);
        std::vector<std::uint8_t> side(m_homes.size(), 0);
        const auto key = [&](std::uint32_t h) {
            const auto& p = m_homes.positions[h];
            return std::tuple(p.chain, m_homes.area[h], side[h], p.offset, h);
        };
        const auto by_key = [&](auto a, auto b) { return key(a) < key(b); };
        std::sort(order.begin(), order.end(), by_key);
        find_sides(order, side);
        std::sort(order.begin(), order.end(), by_key);
        m_units.unit.assign(m_homes.size(), none);
        std::map<std::uint32_t, std::uint32_t> bound;  // units of homes that stay together
        std::tuple<std::uint32_t, std::uint32_t, std::uint8_t> last{none, none, 0};
        std::uint32_t open = none;
        for (const auto home : order) {
            const auto& p = m_homes.positions[home];
            const std::tuple here{p.chain, m_homes.area[home], side[home]};
            const auto households = m_homes.households[home];
            const auto group = m_homes.together.empty() ? 0 : m_homes.together[home];
            std::uint32_t unit;
            if (group != 0) {
                const auto [at, fresh] = bound.try_emplace(group, none);
                unit = at->second = fresh ? add_unit(m_homes.area[home]) : at->second;
            } else {
                if (open == none || here != last || m_weight[open] + households > m_rules.most) {
                    open = add_unit(m_homes.area[home]);
                }
                last = here;
                unit = open;
            }
            m_units.unit[home] = unit;
            m_weight[unit] += households;
            if (m_stretches.empty() || m_stretches.back().unit != unit ||
                m_stretches.back().chain != p.chain) {
                m_stretches.push_back({p.chain, unit, p.offset, p.offset});
            }
            m_stretches.back().to = std::max(m_stretches.back().to, p.offset);
        }
    }
    std::uint32_t add_unit(std::uint32_t area) {
        m_weight.push_back(0);
        m_units.area.push_back(area);
        return static_cast<std::uint32_t>(m_weight.size() - 1);
    }

    /// Doors of one chain on the other side of a barrier than its first door.
    void find_sides(const std::vector<std::uint32_t>& order, std::vector<std::uint8_t>& side)
        const {
        std::uint32_t first = none;
        for (const auto home : order) {
            if (first == none || m_homes.positions[home].chain != m_homes.positions[first].chain) {
                first = home;
            }
            side[home] = m_barriers.crossed(m_homes.doors[first], m_homes.doors[home]);
        }
    }

    void find_middles() {
        std::vector<std::int64_t> lon(m_weight.size(), 0), lat(lon), count(lon);
        m_units.place.resize(m_weight.size());
        for (std::size_t h = 0; h < m_homes.size(); ++h) {
            const auto unit = m_units.unit[h];
            lon[unit] += m_homes.doors[h].lon;
            lat[unit] += m_homes.doors[h].lat;
            ++count[unit];
            m_units.place[unit] = m_homes.positions[h];
        }
        for (std::size_t u = 0; u < count.size(); ++u) {
            m_units.middle.push_back(
                {static_cast<std::int32_t>(lon[u] / count[u]),
                 static_cast<std::int32_t>(lat[u] / count[u])}
            );
        }
    }

    /// Every junction gets the unit that is nearest on foot.
    void spread() {
        m_nearest.assign(m_network.junctions, none);
        m_walk.assign(m_network.junctions, unreachable);
        std::priority_queue<
            std::pair<Ms, std::uint32_t>, std::vector<std::pair<Ms, std::uint32_t>>, std::greater<>>
            queue;
        const auto reach = [&](std::uint32_t junction, Ms walk, std::uint32_t unit) {
            if (walk < m_walk[junction]) {
                m_walk[junction] = walk;
                m_nearest[junction] = unit;
                queue.push({walk, junction});
            }
        };
        for (const auto& stretch : m_stretches) {
            const auto& chain = m_network.chains[stretch.chain];
            reach(chain.from, stretch.from, stretch.unit);
            reach(chain.to, chain.length - std::min(chain.length, stretch.to), stretch.unit);
        }
        while (!queue.empty()) {
            const auto [walk, junction] = queue.top();
            queue.pop();
            if (walk > m_walk[junction]) {
                continue;
            }
            for (const auto& arc : m_network.arcs_of(junction)) {
                reach(arc.to, walk + arc.length, m_nearest[junction]);
            }
        }
    }

    /// Neighbours along every chain: through its doors from one end to the other.
    void link() {
        std::sort(m_stretches.begin(), m_stretches.end(), [](const Stretch& a, const Stretch& b) {
            return std::tuple(a.chain, a.from + a.to, a.unit) <
                   std::tuple(b.chain, b.from + b.to, b.unit);
        });
        auto next = m_stretches.begin();
        for (std::uint32_t c = 0; c < m_network.chain_count(); ++c) {
            const auto& chain = m_network.chains[c];
            auto last = m_nearest[chain.from];
            Ms walk = m_walk[chain.from], at = 0;
            for (; next != m_stretches.end() && next->chain == c; ++next) {
                add_link(last, next->unit, walk + (next->from > at ? next->from - at : 0));
                last = next->unit;
                at = std::max(at, next->to);
                walk = 0;
            }
            const auto rest = chain.length - std::min(at, chain.length);
            add_link(last, m_nearest[chain.to], walk + rest + m_walk[chain.to]);
        }
        keep_shortest();
    }
    void add_link(std::uint32_t a, std::uint32_t b, Ms walk) {
        if (a != none && b != none && a != b) {
            m_found.push_back({std::min(a, b), std::max(a, b), walk});
        }
    }
    void keep_shortest() {
        std::sort(m_found.begin(), m_found.end(), [](const Found& x, const Found& y) {
            return std::tuple(x.a, x.b, x.walk) < std::tuple(y.a, y.b, y.walk);
        });
        const double metres_a_ms = m_network.metres_per_minute / 60'000.0;
        for (std::size_t i = 0; i < m_found.size(); ++i) {
            const auto& one = m_found[i];
            if (i > 0 && m_found[i - 1].a == one.a && m_found[i - 1].b == one.b) {
                continue;
            }
            const auto metres = static_cast<std::int32_t>(one.walk * metres_a_ms);
            const bool barrier = m_barriers.crossed(m_units.middle[one.a], m_units.middle[one.b]);
            m_pairs.push_back(
                {one.a, one.b, barrier ? -m_rules.crossing : std::max(1, 8 - metres / 20)}
            );
        }
    }

    struct Found {
        std::uint32_t a, b;
        Ms walk;
    };
    const Network& m_network;
    const Homes& m_homes;
    const Barriers& m_barriers;
    const UnitRules& m_rules;
    StreetUnits m_units;
    std::vector<std::uint32_t> m_weight;
    std::vector<Stretch> m_stretches;
    std::vector<std::uint32_t> m_nearest;
    std::vector<Ms> m_walk;
    std::vector<Found> m_found;
    std::vector<UnitPair> m_pairs;
};

}  // namespace

StreetUnits street_units(
    const Network& network, const Homes& homes, const Barriers& barriers, const UnitRules& rules
) {
    return UnitMaker(network, homes, barriers, rules).make();
}

std::vector<std::uint32_t> of_units(
    const StreetUnits& units, const Homes& homes, const std::vector<std::uint32_t>& of
) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> sum;
    for (std::size_t h = 0; h < of.size(); ++h) {
        sum[{units.unit[h], of[h]}] += homes.households[h] + std::uint64_t{1};
    }
    std::vector<std::uint32_t> most(units.graph.size(), 0);
    std::vector<std::uint64_t> weight(units.graph.size(), 0);
    for (const auto& [key, households] : sum) {
        if (households > weight[key.first]) {
            weight[key.first] = households;
            most[key.first] = key.second;
        }
    }
    return most;
}

}  // namespace linli::spatial
