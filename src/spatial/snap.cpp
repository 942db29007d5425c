// SPDX-License-Identifier: Apache-2.0
#include "spatial/snap.hpp"

#include <algorithm>
#include <cmath>

namespace linli::spatial {

namespace {

/// Where on the line a-b the point p is nearest: share of the line and distance.
struct Foot {
    double share, metres;
};
Foot foot(Metres p, Metres a, Metres b) {
    const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
    const double t =
        length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0.0;
    return {t, std::hypot(a.x + t * dx - p.x, a.y + t * dy - p.y)};
}

}  // namespace

Snapper::Snapper(const Network& network, SnapRules rules)
    : m_network(network),
      m_rules(rules),
      m_box(box_of(network.points)),
      m_plane(
          {static_cast<std::int32_t>((std::int64_t{m_box.low.lon} + m_box.high.lon) / 2),
           static_cast<std::int32_t>((std::int64_t{m_box.low.lat} + m_box.high.lat) / 2)}
      ),
      m_low(m_plane.project(m_box.low)) {
    const auto& sizes = network.component_points;
    m_least = sizes.empty() ? 0 : *std::max_element(sizes.begin(), sizes.end());
    m_least = std::min(m_least, rules.least_component_points);
    build();
}

Snapper::Cell Snapper::cell(Metres m) const {
    return {
        std::clamp<std::int64_t>(
            std::llround(std::floor((m.x - m_low.x) / m_size)), 0, m_columns - 1
        ),
        std::clamp<std::int64_t>(
            std::llround(std::floor((m.y - m_low.y) / m_size)), 0, m_rows - 1
        )};
}

template <class Work>
void Snapper::cells_of(std::uint32_t chain, std::uint32_t from, const Work& work) const {
    const auto a = m_plane.project(m_network.points[m_network.point_of(chain, from)]);
    const auto b = m_plane.project(m_network.points[m_network.point_of(chain, from + 1)]);
    const auto low = cell({std::min(a.x, b.x), std::min(a.y, b.y)});
    const auto high = cell({std::max(a.x, b.x), std::max(a.y, b.y)});
    for (auto y = low.y; y <= high.y; ++y) {
        for (auto x = low.x; x <= high.x; ++x) {
            const Metres middle{
                m_low.x + (static_cast<double>(x) + 0.5) * m_size,
                m_low.y + (static_cast<double>(y) + 0.5) * m_size};
            if (foot(middle, a, b).metres <= m_size * 0.71) {
                work(static_cast<std::size_t>(y * m_columns + x));
            }
        }
    }
}

void Snapper::build() {
    const auto high = m_plane.project(m_box.high);
    const double wide = high.x - m_low.x, tall = high.y - m_low.y;
    // About one cell for each two points, and never more than 16 million.
    const double wanted =
        std::max(1.0, std::min(16e6, static_cast<double>(m_network.points.size()) / 2));
    m_size = std::max(50.0, std::sqrt(std::max(wide, 1.0) * std::max(tall, 1.0) / wanted));
    m_columns = static_cast<std::int64_t>(wide / m_size) + 1;
    m_rows = static_cast<std::int64_t>(tall / m_size) + 1;
    const auto each = [&](const auto& work) {
        for (std::uint32_t c = 0; c < m_network.chain_count(); ++c) {
            for (std::uint32_t i = 0; i + 1 < m_network.points_on(c); ++i) {
                cells_of(c, i, [&](std::size_t at) { work(at, Segment{c, i}); });
            }
        }
    };
    m_begin.assign(static_cast<std::size_t>(m_columns * m_rows) + 1, 0);
    each([&](std::size_t at, Segment) { ++m_begin[at + 1]; });
    for (std::size_t i = 1; i < m_begin.size(); ++i) {
        m_begin[i] += m_begin[i - 1];
    }
    m_segments.resize(m_begin.back());
    auto next = m_begin;
    each([&](std::size_t at, Segment segment) { m_segments[next[at]++] = segment; });
}

/// Takes the nearest segment of one cell if it is nearer than `best`; with `anywhere` also cut-off
/// ones. Of equally near ones the first of the network, whichever cell it is found in.
void Snapper::look(std::size_t at, Metres door, bool anywhere, Hit& best, Segment& found) const {
    for (auto s = m_begin[at]; s < m_begin[at + 1]; ++s) {
        const auto segment = m_segments[s];
        const auto& chain = m_network.chains[segment.chain];
        if (!anywhere && m_network.component_points[m_network.component[chain.from]] < m_least) {
            continue;
        }
        const auto a =
            m_plane.project(m_network.points[m_network.point_of(segment.chain, segment.from)]);
        const auto b =
            m_plane.project(m_network.points[m_network.point_of(segment.chain, segment.from + 1)]);
        const auto [share, metres] = foot(door, a, b);
        const bool earlier =
            std::pair(segment.chain, segment.from) < std::pair(found.chain, found.from);
        if (metres < best.metres || (metres == best.metres && earlier)) {
            const Ms before = m_network.walk_to(segment.chain, segment.from);
            const Ms after = m_network.walk_to(segment.chain, segment.from + 1);
            best.metres = metres;
            best.position.chain = segment.chain;
            best.position.offset = before + static_cast<Ms>(std::llround(share * (after - before)));
            found = segment;
        }
    }
}

Snapper::Hit Snapper::snap(Point door) const {
    const auto place = m_plane.project(door);
    const auto search = [&](bool anywhere) {
        Hit best;
        best.metres = m_rules.most_metres;
        Segment found{0xffffffff, 0};
        const auto middle = cell(place);
        const auto rings = static_cast<std::int64_t>(m_rules.most_metres / m_size) + 2;
        // Rings of cells around the door; beyond what was found nothing nearer can come.
        for (std::int64_t r = 0; r <= rings; ++r) {
            if (static_cast<double>(r - 1) * m_size > best.metres) {
                break;
            }
            for (auto y = middle.y - r; y <= middle.y + r; ++y) {
                const bool edge = y == middle.y - r || y == middle.y + r;
                const auto step = edge || r == 0 ? 1 : 2 * r;
                for (auto x = middle.x - r; x <= middle.x + r; x += step) {
                    if (x >= 0 && y >= 0 && x < m_columns && y < m_rows) {
                        look(
                            static_cast<std::size_t>(y * m_columns + x), place, anywhere, best,
                            found
                        );
                    }
                }
            }
        }
        if (found.chain == 0xffffffff) {
            best.why = Unplaced::too_far;
        }
        return best;
    };
    const auto high = m_plane.project(m_box.high);
    const double margin = m_rules.most_metres;
    if (place.x < m_low.x - margin || place.y < m_low.y - margin || place.x > high.x + margin ||
        place.y > high.y + margin) {
        return {{}, 0, Unplaced::outside};
    }
    auto hit = search(false);
    if (hit.why && !search(true).why) {
        hit.why = Unplaced::cut_off;
    }
    hit.position.access =
        static_cast<Ms>(std::llround(hit.metres * 60'000 / m_network.metres_per_minute));
    return hit;
}

Placed place_doors(const Network& network, std::span<const Point> doors, SnapRules rules) {
    const Snapper snapper(network, rules);
    Placed placed;
    placed.positions.resize(doors.size());
    std::vector<double> walked;
    for (std::size_t i = 0; i < doors.size(); ++i) {
        const auto hit = snapper.snap(doors[i]);
        if (hit.why) {
            placed.not_placed.push_back({i, *hit.why, hit.metres});
        } else {
            placed.positions[i] = hit.position;
            walked.push_back(hit.metres);
        }
    }
    if (!walked.empty()) {
        const auto middle = walked.begin() + static_cast<std::ptrdiff_t>(walked.size() / 2);
        std::nth_element(walked.begin(), middle, walked.end());
        placed.median_metres = *middle;
    }
    return placed;
}

bool seems_gcj02(const Network& network, std::span<const Point> doors) {
    constexpr std::size_t sample = 1000;
    std::vector<Point> as_given, as_shifted;
    for (std::size_t i = 0; i < doors.size(); i += doors.size() / sample + 1) {
        as_given.push_back(doors[i]);
        as_shifted.push_back(wgs84_of(doors[i]));
    }
    const SnapRules wide{1000, 100};
    const auto given = place_doors(network, as_given, wide);
    const auto shifted = place_doors(network, as_shifted, wide);
    const bool more = given.not_placed.size() > shifted.not_placed.size() + as_given.size() / 10;
    return as_given.size() >= 20 && shifted.not_placed.size() * 2 < as_given.size() &&
           (more || shifted.median_metres * 2 + 5 < given.median_metres);
}

std::string describe(const Placed& placed) {
    const auto all = placed.positions.size();
    if (placed.not_placed.empty()) {
        return "all " + std::to_string(all) + " doors are on a street";
    }
    std::size_t count[3] = {};
    const NotPlaced* example[3] = {};
    for (const auto& one : placed.not_placed) {
        const auto kind = static_cast<std::size_t>(one.why);
        example[kind] = count[kind]++ == 0 ? &one : example[kind];
    }
    std::string text = std::to_string(placed.not_placed.size()) + " of " + std::to_string(all) +
                       " doors are on no street:";
    const char* const words[] = {
        "outside of the network", "too far from any street", "only near streets that lead nowhere"};
    for (std::size_t kind = 0; kind < 3; ++kind) {
        if (count[kind] > 0) {
            text += " " + std::to_string(count[kind]) + " " + words[kind] + " (the first is door " +
                    std::to_string(example[kind]->index + 1) + ")";
        }
    }
    return text;
}

}  // namespace linli::spatial
