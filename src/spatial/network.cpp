// SPDX-License-Identifier: Apache-2.0
#include "spatial/network.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"

namespace linli::spatial {

namespace {

constexpr std::uint32_t none = 0xffffffff;

/// Nobody walks through a blocked point: every way gets ends of its own there.
StreetMap cut_at_blocked(const StreetMap& map) {
    StreetMap out;
    out.points = map.points;
    const auto copy = [&](std::uint32_t point) {
        out.points.push_back(map.points[point]);
        return static_cast<std::uint32_t>(out.points.size() - 1);
    };
    for (std::size_t w = 0; w < map.ways(); ++w) {
        for (auto i = map.way_begin[w]; i < map.way_begin[w + 1]; ++i) {
            const auto point = map.refs[i];
            const bool last = i + 1 == map.way_begin[w + 1];
            const bool cut = std::binary_search(map.blocked.begin(), map.blocked.end(), point);
            out.refs.push_back(cut ? copy(point) : point);
            if (last || (cut && i != map.way_begin[w])) {
                out.way_begin.push_back(static_cast<std::uint32_t>(out.refs.size()));
                out.percent.push_back(map.percent[w]);
            }
            if (cut && !last && i != map.way_begin[w]) {
                out.refs.push_back(copy(point));
            }
        }
    }
    return out;
}

/// One end of a street segment, seen from the other.
struct Half {
    std::uint32_t to = none;
    std::uint32_t segment = 0;
};

/// All segments of the map as neighbours of points.
struct Segments {
    std::vector<std::uint32_t> begin;
    std::vector<Half> halves;
    std::vector<Ms> length;  ///< of each segment

    Segments(const StreetMap& map, std::uint32_t metres_per_minute) {
        begin.assign(map.points.size() + 1, 0);
        const double ms_a_metre = 60'000.0 / metres_per_minute;
        each(map, [&](std::uint32_t a, std::uint32_t b, int percent) {
            ++begin[a + 1];
            ++begin[b + 1];
            const double ms =
                metres_between(map.points[a], map.points[b]) * 100 / percent * ms_a_metre;
            length.push_back(static_cast<Ms>(std::clamp(std::round(ms), 1.0, double{longest_walk}))
            );
        });
        std::partial_sum(begin.begin(), begin.end(), begin.begin());
        halves.resize(begin.back());
        auto next = begin;
        std::uint32_t segment = 0;
        each(map, [&](std::uint32_t a, std::uint32_t b, int) {
            halves[next[a]++] = {b, segment};
            halves[next[b]++] = {a, segment++};
        });
    }
    std::uint32_t degree(std::uint32_t p) const { return begin[p + 1] - begin[p]; }
    std::span<const Half> of(std::uint32_t p) const {
        return {halves.data() + begin[p], halves.data() + begin[p + 1]};
    }
    template <class Work>
    static void each(const StreetMap& map, const Work& work) {
        for (std::size_t w = 0; w < map.ways(); ++w) {
            for (auto i = map.way_begin[w]; i + 1 < map.way_begin[w + 1]; ++i) {
                if (map.refs[i] != map.refs[i + 1]) {
                    work(map.refs[i], map.refs[i + 1], map.percent[w]);
                }
            }
        }
    }
};

/// Finds junctions and follows the chains between them.
class Builder {
 public:
    Builder(const StreetMap& map, std::uint32_t speed)
        : m_map(map), m_segments(map, speed), m_number(map.points.size(), none) {}

    void build(Network& network) {
        auto found = find_junctions();
        sort_by_place(found);
        network.junctions = static_cast<std::uint32_t>(found.size());
        network.points.reserve(m_map.points.size());
        for (std::uint32_t j = 0; j < found.size(); ++j) {
            m_number[found[j]] = j;
            network.points.push_back(m_map.points[found[j]]);
        }
        std::vector<bool> used(m_segments.length.size(), false);
        for (const auto junction : found) {
            for (const auto half : m_segments.of(junction)) {
                if (used[half.segment]) {
                    continue;
                }
                used[half.segment] = true;
                used[add_chain(network, junction, half)] = true;
            }
        }
        network.chains.push_back({0, 0, 0, static_cast<std::uint32_t>(network.points.size())});
    }

 private:
    /// Points where not just two segments meet; a ring without one gets one.
    std::vector<std::uint32_t> find_junctions() {
        std::vector<std::uint32_t> found;
        for (std::uint32_t p = 0; p < m_number.size(); ++p) {
            if (const auto degree = m_segments.degree(p); degree != 0 && degree != 2) {
                found.push_back(p);
            }
        }
        std::vector<bool> seen(m_number.size(), false);
        const auto follow = [&](Half half) {
            while (m_segments.degree(half.to) == 2 && !seen[half.to]) {
                seen[half.to] = true;
                half = onward(half);
            }
        };
        for (const auto junction : found) {
            for (const auto half : m_segments.of(junction)) {
                follow(half);
            }
        }
        for (std::uint32_t p = 0; p < m_number.size(); ++p) {
            if (m_segments.degree(p) == 2 && !seen[p]) {
                found.push_back(p);
                follow(m_segments.of(p)[0]);
            }
        }
        return found;
    }

    void sort_by_place(std::vector<std::uint32_t>& found) const {
        const auto box = box_of(m_map.points);
        std::vector<std::pair<std::uint32_t, std::uint32_t>> keyed;
        keyed.reserve(found.size());
        for (const auto p : found) {
            keyed.emplace_back(hilbert(m_map.points[p], box), p);
        }
        std::sort(keyed.begin(), keyed.end());
        for (std::size_t i = 0; i < found.size(); ++i) {
            found[i] = keyed[i].second;
        }
    }

    /// Walks the street that leaves a junction to the next one; the last segment.
    std::uint32_t add_chain(Network& network, std::uint32_t start, Half half) const {
        const auto first = static_cast<std::uint32_t>(network.points.size());
        std::uint64_t length = m_segments.length[half.segment];
        while (m_number[half.to] == none) {
            network.points.push_back(m_map.points[half.to]);
            network.offsets.push_back(static_cast<Ms>(length));
            half = onward(half);
            length =
                std::min<std::uint64_t>(length + m_segments.length[half.segment], longest_walk);
        }
        network.chains.push_back(
            {m_number[start], m_number[half.to], static_cast<Ms>(length), first}
        );
        return half.segment;
    }

    /// From a point of two segments by the other one.
    Half onward(Half half) const {
        const auto at = m_segments.of(half.to);
        return at[0].segment == half.segment ? at[1] : at[0];
    }

    const StreetMap& m_map;
    Segments m_segments;
    std::vector<std::uint32_t> m_number;  // of each junction; none for other points
};

void add_arcs(Network& network) {
    network.arc_begin.assign(network.junctions + std::size_t{1}, 0);
    const auto count = static_cast<std::uint32_t>(network.chain_count());
    for (std::uint32_t c = 0; c < count; ++c) {
        const auto& chain = network.chains[c];
        ++network.arc_begin[chain.from + 1];
        network.arc_begin[chain.to + 1] += chain.from != chain.to;
    }
    std::partial_sum(network.arc_begin.begin(), network.arc_begin.end(), network.arc_begin.begin());
    network.arcs.resize(network.arc_begin.back());
    network.arc_chain.resize(network.arc_begin.back());
    auto next = network.arc_begin;
    const auto add = [&](std::uint32_t from, std::uint32_t to, std::uint32_t chain) {
        network.arc_chain[next[from]] = chain;
        network.arcs[next[from]++] = {to, network.chains[chain].length};
    };
    for (std::uint32_t c = 0; c < count; ++c) {
        const auto [from, to, length, first] = network.chains[c];
        add(from, to, c);
        if (from != to) {
            add(to, from, c);
        }
    }
}

void add_components(Network& network) {
    network.component.assign(network.junctions, none);
    std::vector<std::uint32_t> waiting;
    for (std::uint32_t start = 0; start < network.junctions; ++start) {
        if (network.component[start] != none) {
            continue;
        }
        const auto number = static_cast<std::uint32_t>(network.component_points.size());
        network.component_points.push_back(0);
        network.component[start] = number;
        waiting.push_back(start);
        while (!waiting.empty()) {
            const auto here = waiting.back();
            waiting.pop_back();
            ++network.component_points[number];
            for (const auto& arc : network.arcs_of(here)) {
                if (network.component[arc.to] == none) {
                    network.component[arc.to] = number;
                    waiting.push_back(arc.to);
                }
            }
        }
    }
    for (std::size_t c = 0; c < network.chain_count(); ++c) {
        network.component_points[network.component[network.chains[c].from]] +=
            network.chains[c + 1].first - network.chains[c].first;
    }
}

}  // namespace

Ms Network::walk_to(std::size_t chain, std::size_t i) const {
    const auto inner = chains[chain + 1].first - chains[chain].first;
    return i == 0      ? 0
           : i > inner ? chains[chain].length
                       : offsets[chains[chain].first - junctions + i - 1];
}

std::size_t Network::point_of(std::size_t chain, std::size_t i) const {
    const auto inner = chains[chain + 1].first - chains[chain].first;
    return i == 0 ? chains[chain].from : i > inner ? chains[chain].to : chains[chain].first + i - 1;
}

std::size_t Network::points_on(std::size_t chain) const {
    return chains[chain + 1].first - chains[chain].first + 2;
}

Network build_network(const StreetMap& map, const Profile& profile) {
    Network network;
    network.source = map.source;
    network.profile = profile.name;
    network.metres_per_minute = profile.metres_per_minute;
    network.made_up = map.made_up;
    if (map.blocked.empty()) {
        Builder(map, profile.metres_per_minute).build(network);
    } else {
        const auto cut = cut_at_blocked(map);
        Builder(cut, profile.metres_per_minute).build(network);
    }
    if (network.chain_count() == 0) {
        throw invalid(
            map.source, "no_streets",
            "of " + std::to_string(map.ways_read) + " ways none can be walked by the profile " +
                profile.name
        );
    }
    add_arcs(network);
    add_components(network);
    return network;
}

Position position_of(const Network& network, std::size_t point) {
    const auto wanted = static_cast<std::uint32_t>(point);
    return positions_of(network, {&wanted, 1}).front();
}

std::vector<Position> positions_of(const Network& network, std::span<const std::uint32_t> points) {
    std::vector<Position> of_junction(network.junctions);
    for (std::uint32_t c = 0; c < network.chain_count(); ++c) {
        of_junction[network.chains[c].from] = {c, 0, 0};
        of_junction[network.chains[c].to] = {c, network.chains[c].length, 0};
    }
    std::vector<Position> out;
    out.reserve(points.size());
    for (const auto p : points) {
        if (p < network.junctions) {
            out.push_back(of_junction[p]);
            continue;
        }
        const auto chain = std::upper_bound(
                               network.chains.begin(), network.chains.end(), p,
                               [](auto value, const auto& c) { return value < c.first; }
                           ) -
                           1;
        out.push_back(
            {static_cast<std::uint32_t>(chain - network.chains.begin()),
             network.offsets[p - network.junctions], 0}
        );
    }
    return out;
}

}  // namespace linli::spatial
