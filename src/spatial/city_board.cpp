// SPDX-License-Identifier: Apache-2.0
#include "spatial/city_board.hpp"

#include <algorithm>

#include "spatial/dice.hpp"

namespace linli::spatial {

namespace {

/// Where no such city is, on the Huai plain; units of Point a metre there, without a cosine, whose
/// last digit differs between machines.
constexpr Point middle{1'173'800'000, 329'200'000};
constexpr std::int64_t lon_per_kilometre = 107'139, lat_per_kilometre = 89'932;

std::int64_t root(std::int64_t square) {
    std::int64_t low = 0, high = std::int64_t{1} << 31;
    while (low < high) {
        const auto half = (low + high + 1) / 2;
        half* half <= square ? low = half : high = half - 1;
    }
    return low;
}

}  // namespace

std::int64_t distance(Spot a, Spot b) {
    const std::int64_t x = std::int64_t{a.x} - b.x, y = std::int64_t{a.y} - b.y;
    return root(x * x + y * y);
}

Point place_of(Spot spot) {
    return {
        static_cast<std::int32_t>(middle.lon + spot.x * lon_per_kilometre / 100'000),
        static_cast<std::int32_t>(middle.lat + spot.y * lat_per_kilometre / 100'000)};
}

Spot Quad::at(std::int64_t u, std::int64_t v) const {
    const auto mix = [&](std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
        return static_cast<std::int32_t>(
            ((a * (1024 - u) + b * u) * (1024 - v) + (c * (1024 - u) + d * u) * v) / (1024 * 1024)
        );
    };
    return {
        mix(low_left.x, low_right.x, high_left.x, high_right.x),
        mix(low_left.y, low_right.y, high_left.y, high_right.y)};
}

std::uint32_t Board::node(Spot spot) {
    m_nodes.push_back(spot);
    return static_cast<std::uint32_t>(m_nodes.size() - 1);
}

void Board::path(std::span<const std::uint32_t> nodes, Road road) {
    if (nodes.size() < 2) {
        return;
    }
    m_refs.insert(m_refs.end(), nodes.begin(), nodes.end());
    m_begin.push_back(static_cast<std::uint32_t>(m_refs.size()));
    m_roads.push_back(road);
}

std::uint32_t Board::side(std::uint32_t from, std::uint32_t to, Road road) {
    m_sides.push_back({from, to, road});
    return static_cast<std::uint32_t>(m_sides.size() - 1);
}

std::uint32_t Board::attach(std::uint32_t side, int t) {
    const auto a = m_nodes[m_sides[side].from], b = m_nodes[m_sides[side].to];
    const auto added = node(Quad{a, b, a, b}.at(t, 0));
    attach(side, t, added);
    return added;
}

void Board::attach(std::uint32_t side, int t, std::uint32_t node) {
    m_stops.push_back({side, t, node});
}

void Board::lay_sides() {
    std::sort(m_stops.begin(), m_stops.end(), [](const Stop& a, const Stop& b) {
        return a.side != b.side ? a.side < b.side : a.t != b.t ? a.t < b.t : a.node < b.node;
    });
    std::vector<std::uint32_t> nodes;
    auto stop = m_stops.begin();
    for (std::uint32_t s = 0; s < m_sides.size(); ++s) {
        nodes = {m_sides[s].from};
        for (; stop != m_stops.end() && stop->side == s; ++stop) {
            nodes.push_back(stop->node);
        }
        nodes.push_back(m_sides[s].to);
        path(nodes, m_sides[s].road);
    }
    m_stops.clear();
}

/// Centimetres between points so that there are about as many as wished.
std::int64_t Board::spacing_for(std::uint32_t points) const {
    std::vector<std::int64_t> lengths;
    for (std::size_t w = 0; w < m_roads.size(); ++w) {
        for (auto i = m_begin[w]; i + 1 < m_begin[w + 1]; ++i) {
            lengths.push_back(distance(m_nodes[m_refs[i]], m_nodes[m_refs[i + 1]]));
        }
    }
    std::int64_t low = 200, high = 100'000;
    while (low < high) {
        const auto half = (low + high) / 2;
        std::int64_t count = static_cast<std::int64_t>(m_nodes.size());
        for (const auto length : lengths) {
            count += length / half;
        }
        count > points ? low = half + 1 : high = half;
    }
    return low;
}

void Board::finish(std::uint32_t points, std::uint64_t seed, City& city) {
    lay_sides();
    const auto spacing = spacing_for(points);
    auto& map = city.streets;
    map.points.reserve(points + points / 50);
    for (const auto spot : m_nodes) {
        map.points.push_back(place_of(spot));
    }
    Dice dice(seed, {0x5eed});
    for (std::size_t w = 0; w < m_roads.size(); ++w) {
        for (auto i = m_begin[w]; i < m_begin[w + 1]; ++i) {
            map.refs.push_back(m_refs[i]);
            if (i + 1 == m_begin[w + 1]) {
                break;
            }
            const auto a = m_nodes[m_refs[i]], b = m_nodes[m_refs[i + 1]];
            const auto pieces = distance(a, b) / spacing + 1;
            for (std::int64_t p = 1; p < pieces; ++p) {
                const auto on = Quad{a, b, a, b}.at(1024 * p / pieces, 0);
                map.refs.push_back(static_cast<std::uint32_t>(map.points.size()));
                map.points.push_back(
                    place_of({on.x + dice.between(-90, 90), on.y + dice.between(-90, 90)})
                );
            }
        }
        map.way_begin.push_back(static_cast<std::uint32_t>(map.refs.size()));
    }
    city.roads = std::move(m_roads);
}

}  // namespace linli::spatial
