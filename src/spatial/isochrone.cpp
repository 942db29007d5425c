// SPDX-License-Identifier: Apache-2.0
#include "spatial/isochrone.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/error.hpp"

namespace linli::spatial {

namespace {

constexpr double most_metres = 100'000;

/// In half cells of the lattice.
using Knot = LatticeCell;

/// Marks on corners of part of the lattice; the outermost ones stay clear.
class Marks {
 public:
    Marks(LatticeCell low, LatticeCell high)
        : m_low(low), m_columns(high.x - low.x + 1), m_rows(high.y - low.y + 1) {
        m_marked.assign(static_cast<std::size_t>(m_columns) * static_cast<std::size_t>(m_rows), 0);
    }
    /// The four corners of a cell.
    void mark(LatticeCell cell) {
        const auto i = at(cell.x - m_low.x, cell.y - m_low.y);
        const auto above = i + static_cast<std::size_t>(m_columns);
        m_marked[i] = m_marked[i + 1] = m_marked[above] = m_marked[above + 1] = 1;
    }
    void mark_corner(LatticeCell corner) {
        m_marked[at(corner.x - m_low.x, corner.y - m_low.y)] = 1;
    }
    /// Whatever has a marked neighbour is marked too.
    void grow() {
        const auto widen = [&](std::size_t step) {
            auto before = m_marked;
            for (auto i = step; i + step < m_marked.size(); ++i) {
                m_marked[i] = before[i - step] | before[i] | before[i + step];
            }
        };
        widen(1);
        widen(static_cast<std::size_t>(m_columns));
    }
    /// Rings around what is marked, with the marks on their left, in half cells of the lattice.
    std::vector<std::vector<Knot>> rings() const {
        std::vector<std::vector<Knot>> out;
        std::vector<std::uint8_t> seen(m_marked.size(), 0);
        for (std::int32_t y = 0; y + 1 < m_rows; ++y) {
            for (std::int32_t x = 0; x + 1 < m_columns; ++x) {
                // Every ring leaves some cell by its south side from a marked west corner.
                if (m_marked[at(x, y)] != 0 && m_marked[at(x + 1, y)] == 0 &&
                    (seen[at(x, y)] & 1) == 0) {
                    out.push_back(follow({x, y}, seen));
                }
            }
        }
        return out;
    }

 private:
    std::size_t at(std::int32_t x, std::int32_t y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(m_columns) +
               static_cast<std::size_t>(x);
    }
    /// Corners of a cell are counted anticlockwise from the south-west; side i lies between the
    /// corners i and i + 1. A ring enters a cell where a marked corner is followed by a clear one,
    /// and leaves it at the next side where a clear one is followed by a marked one: marked corners
    /// across from each other are joined.
    std::vector<Knot> follow(LatticeCell cell, std::vector<std::uint8_t>& seen) const {
        constexpr std::int32_t right[] = {0, 1, 1, 0}, up[] = {0, 0, 1, 1};
        constexpr Knot middle[] = {{1, 0}, {2, 1}, {1, 2}, {0, 1}};
        constexpr LatticeCell next[] = {{0, -1}, {1, 0}, {0, 1}, {-1, 0}};
        std::vector<Knot> ring;
        unsigned side = 0;
        while ((seen[at(cell.x, cell.y)] >> side & 1) == 0) {
            seen[at(cell.x, cell.y)] |= static_cast<std::uint8_t>(1U << side);
            const Knot point{
                (cell.x + m_low.x) * 2 + middle[side].x, (cell.y + m_low.y) * 2 + middle[side].y};
            if (ring.size() > 1 && straight(ring[ring.size() - 2], ring.back(), point)) {
                ring.pop_back();
            }
            ring.push_back(point);
            const auto corner = [&](unsigned i) {
                return m_marked[at(cell.x + right[i % 4], cell.y + up[i % 4])] != 0;
            };
            auto out = side + 1;
            while (corner(out) || !corner(out + 1)) {
                ++out;
            }
            out %= 4;
            cell = {cell.x + next[out].x, cell.y + next[out].y};
            side = (out + 2) % 4;
        }
        return ring;
    }
    static bool straight(Knot a, Knot b, Knot c) {
        return (b.x - a.x) * (c.y - b.y) == (b.y - a.y) * (c.x - b.x);
    }

    LatticeCell m_low;
    std::int32_t m_columns, m_rows;
    std::vector<std::uint8_t> m_marked;
};

double twice_area(const std::vector<Point>& ring) {
    double sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const auto &a = ring[i], &b = ring[(i + 1) % ring.size()];
        sum += static_cast<double>(a.lon) * b.lat - static_cast<double>(b.lon) * a.lat;
    }
    return sum;
}

bool ring_contains(const std::vector<Point>& ring, Point p) {
    bool inside = false;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const auto &a = ring[i], &b = ring[(i + 1) % ring.size()];
        if ((a.lat > p.lat) != (b.lat > p.lat) &&
            p.lon <
                static_cast<double>(b.lon - a.lon) * (p.lat - a.lat) / (b.lat - a.lat) + a.lon) {
            inside = !inside;
        }
    }
    return inside;
}

/// Each hole belongs to the smallest ground around it.
std::vector<Ground> sort_out(std::vector<std::vector<Point>> rings) {
    std::vector<Ground> out;
    std::vector<std::vector<Point>> holes;
    for (auto& ring : rings) {
        if (twice_area(ring) > 0) {
            out.push_back({std::move(ring), {}});
        } else {
            holes.push_back(std::move(ring));
        }
    }
    std::sort(out.begin(), out.end(), [](const Ground& a, const Ground& b) {
        return twice_area(a.outer) < twice_area(b.outer);
    });
    for (auto& hole : holes) {
        auto around = out.begin();
        while (around + 1 != out.end() && !ring_contains(around->outer, hole.front())) {
            ++around;
        }
        around->holes.push_back(std::move(hole));
    }
    return out;
}

std::pair<LatticeCell, LatticeCell> corners_of(std::span<const LatticeCell> cells) {
    auto low = cells.front(), high = low;
    for (const auto cell : cells) {
        low = {std::min(low.x, cell.x), std::min(low.y, cell.y)};
        high = {std::max(high.x, cell.x), std::max(high.y, cell.y)};
    }
    return {low, high};
}

std::vector<Ground> grounds_of(const Marks& marks, double lon_step, double lat_step) {
    std::vector<std::vector<Point>> rings;
    for (const auto& ring : marks.rings()) {
        auto& points = rings.emplace_back();
        points.reserve(ring.size());
        for (const auto& half : ring) {
            points.push_back(
                {static_cast<std::int32_t>(std::llround(half.x * lon_step / 2)),
                 static_cast<std::int32_t>(std::llround(half.y * lat_step / 2))}
            );
        }
    }
    return sort_out(std::move(rings));
}

}  // namespace

Isochrones::Isochrones(const Network& network) : m_network(network) {
    const auto box = box_of(network.points);
    const Plane plane(
        {static_cast<std::int32_t>((std::int64_t{box.low.lon} + box.high.lon) / 2),
         static_cast<std::int32_t>((std::int64_t{box.low.lat} + box.high.lat) / 2)}
    );
    m_cell_lon = cell_metres / plane.east;
    m_cell_lat = cell_metres / plane.north;
}

/// Cells of the lattice on streets that are reached. Every search looks at the same steps along a
/// street, so that longer walks find all that shorter ones do.
std::vector<LatticeCell> Isochrones::cells(const Search& search) const {
    std::vector<LatticeCell> found;
    search.each_reached_chain([&](std::uint32_t c) {
        for (std::size_t i = 0; i + 1 < m_network.points_on(c); ++i) {
            const auto a = m_network.points[m_network.point_of(c, i)];
            const auto b = m_network.points[m_network.point_of(c, i + 1)];
            const Ms from = m_network.walk_to(c, i), to = m_network.walk_to(c, i + 1);
            const double x = a.lon / m_cell_lon, y = a.lat / m_cell_lat;
            const double east = b.lon / m_cell_lon - x, north = b.lat / m_cell_lat - y;
            const auto steps =
                static_cast<std::uint32_t>(std::max(std::abs(east), std::abs(north)) * 2 + 1);
            for (std::uint32_t s = 0; s <= steps; ++s) {
                const auto offset = from + static_cast<Ms>(std::uint64_t{to - from} * s / steps);
                if (search.at({c, offset, 0}) != unreachable) {
                    found.push_back(
                        {static_cast<std::int32_t>(std::floor(x + east * s / steps)),
                         static_cast<std::int32_t>(std::floor(y + north * s / steps))}
                    );
                }
            }
        }
    });
    return found;
}

std::vector<Ground> Isochrones::ground(const Search& search) const {
    const auto found = cells(search);
    if (found.empty()) {
        return {};
    }
    const auto [low, high] = corners_of(found);
    if (std::max(high.x - low.x, high.y - low.y) * cell_metres > most_metres) {
        throw invalid("isochrone", "isochrone_too_far", "the ground would be over 100 km wide");
    }
    Marks marks({low.x - 2, low.y - 2}, {high.x + 3, high.y + 3});
    for (const auto cell : found) {
        marks.mark(cell);
    }
    marks.grow();
    return grounds_of(marks, m_cell_lon, m_cell_lat);
}

std::vector<Ground> outline(
    std::span<const LatticeCell> corners, double lon_step, double lat_step
) {
    if (corners.empty()) {
        return {};
    }
    const auto [low, high] = corners_of(corners);
    Marks marks({low.x - 1, low.y - 1}, {high.x + 1, high.y + 1});
    for (const auto corner : corners) {
        marks.mark_corner(corner);
    }
    return grounds_of(marks, lon_step, lat_step);
}

bool contains(const Ground& ground, Point p) {
    return ring_contains(ground.outer, p) &&
           std::none_of(ground.holes.begin(), ground.holes.end(), [&](const auto& hole) {
               return ring_contains(hole, p);
           });
}

std::string to_geojson(const std::vector<Ground>& grounds) {
    std::string out = R"({"type":"MultiPolygon","coordinates":[)";
    const auto add_ring = [&](const std::vector<Point>& ring) {
        out += '[';
        for (std::size_t i = 0; i <= ring.size(); ++i) {
            const auto p = ring[i % ring.size()];
            char text[48];
            std::snprintf(
                text, sizeof text, "%s[%.6f,%.6f]", i == 0 ? "" : ",", p.lon / degree,
                p.lat / degree
            );
            out += text;
        }
        out += ']';
    };
    for (std::size_t g = 0; g < grounds.size(); ++g) {
        out += g == 0 ? "[" : ",[";
        add_ring(grounds[g].outer);
        for (const auto& hole : grounds[g].holes) {
            out += ',';
            add_ring(hole);
        }
        out += ']';
    }
    return out + "]}";
}

}  // namespace linli::spatial
