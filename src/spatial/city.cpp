// SPDX-License-Identifier: Apache-2.0
#include "spatial/city.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "spatial/city_areas.hpp"
#include "spatial/city_board.hpp"

namespace linli::spatial {

namespace {

constexpr std::uint32_t none = Front::none;

/// What a superblock is for.
enum class Zone : std::uint8_t { old_town, inner, outer, town, village, fields, river };

class Maker {
 public:
    Maker(const CityOrder& order, const Profile& profile)
        : m_seed(order.seed), m_points(order.points), m_profile(profile) {
        // A superblock has about 270 street points on average.
        m_n = 4;
        while ((m_n + 1) * (m_n + 1) * 270 <= static_cast<int>(m_points)) {
            ++m_n;
        }
        m_river = m_n * 2 / 5;
    }

    City make() {
        lay_out();
        draw_arterials();
        for (int j = 0; j < m_n; ++j) {
            for (int i = 0; i < m_n; ++i) {
                fill(i, j);
            }
        }
        City city = m_areas.take();
        draw_river(city);
        m_board.finish(m_points, m_seed, city);
        auto& map = city.streets;
        map.source = "made-up city, seed " + std::to_string(m_seed);
        map.made_up = true;
        map.ways_read = city.roads.size();
        for (const auto road : city.roads) {
            map.percent.push_back(
                static_cast<std::uint8_t>(m_profile.percent(highway(road)).value_or(100))
            );
        }
        return city;
    }

 private:
    void lay_out() {
        Dice dice(m_seed, {1});
        std::vector<int> xs = {0}, ys = {0};
        for (int i = 0; i < m_n; ++i) {
            xs.push_back(xs.back() + dice.between(70'000, 100'000));
            ys.push_back(
                ys.back() +
                (i == m_river ? dice.between(38'000, 46'000) : dice.between(70'000, 100'000))
            );
        }
        const std::int64_t half = xs.back() / 2, swing = half / 5;
        for (int j = 0; j <= m_n; ++j) {
            for (int i = 0; i <= m_n; ++i) {
                const auto x = xs[static_cast<std::size_t>(i)] - half;
                const auto s = x * 1024 / half;
                const auto bend = swing * s / 1024 * (1024 * 1024 - s * s) / (1024 * 1024);
                const auto y = ys[static_cast<std::size_t>(j)] - ys.back() / 2 + bend;
                m_board.node(
                    {static_cast<std::int32_t>(x + dice.between(-5'000, 5'000)),
                     static_cast<std::int32_t>(y + dice.between(-5'000, 5'000))}
                );
            }
        }
        for (int j = 0; j < m_n; ++j) {
            for (int i = 0; i < m_n; ++i) {
                m_zones.push_back(zone_for(i, j, dice));
            }
        }
    }

    Zone zone_for(int i, int j, Dice& dice) const {
        const int dx = 2 * i + 1 - m_n, dy = 2 * j + 1 - m_n;
        const int far = (dx * dx + dy * dy) * 1000 / (m_n * m_n);  // 1000 at the middle of the edge
        const int ragged = dice.between(-50, 50);
        const auto luck = dice.below(100);
        if (j == m_river) {
            return Zone::river;
        }
        if (far < 22 || (m_n < 12 && far * m_n * m_n / 1000 <= 2)) {
            return Zone::old_town;
        }
        if (far < 240 + ragged) {
            return Zone::inner;
        }
        if (far < 620 + ragged) {
            return Zone::outer;
        }
        return luck < 5 ? Zone::town : luck < 78 ? Zone::village : Zone::fields;
    }
    Zone zone(int i, int j) const {
        return i < 0 || j < 0 || i >= m_n || j >= m_n
                   ? Zone::fields
                   : m_zones[static_cast<std::size_t>(j * m_n + i)];
    }
    bool built_up(int i, int j) const { return zone(i, j) <= Zone::town; }

    std::uint32_t crossing(int i, int j) const {
        return static_cast<std::uint32_t>(j * (m_n + 1) + i);
    }
    std::size_t level(int i, int j) const { return static_cast<std::size_t>(j * (m_n + 1) + i); }

    /// Half the side of the square of each ring road, in superblocks.
    std::array<int, 3> rings() const {
        const int half = m_n / 2;
        return {std::max(1, half * 22 / 100), half * 48 / 100, half * 75 / 100};
    }
    bool on_ring(int line, int along, int along_end) const {
        const int c = m_n / 2;
        const auto all = rings();
        return std::any_of(all.begin(), all.end(), [&](int r) {
            return (line == c - r || line == c + r) && along >= c - r && along_end <= c + r;
        });
    }
    Road road_for(bool ring, bool city) const {
        return ring ? Road::ring : city ? Road::arterial : Road::rural;
    }

    void draw_arterials() {
        Dice dice(m_seed, {2});
        const auto count = static_cast<std::size_t>((m_n + 1) * (m_n + 1));
        m_level.assign(count, none);
        m_upright.assign(count, none);
        for (int j = 0; j <= m_n; ++j) {
            for (int i = 0; i <= m_n; ++i) {
                const bool flat_city = built_up(i, j) || built_up(i, j - 1);
                const bool flat_ring = on_ring(j, i, i + 1);
                const bool bank = j == m_river || j == m_river + 1 || j == 0 || j == m_n;
                const bool missing = dice.chance(25) && !flat_city && !flat_ring && !bank;
                if (i < m_n && !missing) {
                    m_level[level(i, j)] = m_board.side(
                        crossing(i, j), crossing(i + 1, j), road_for(flat_ring, flat_city)
                    );
                }
                const bool tall_city = built_up(i, j) || built_up(i - 1, j);
                const bool tall_ring = on_ring(i, j, j + 1);
                const bool bridge = tall_ring || i % 4 == m_n / 2 % 4;
                if (j < m_n && (j != m_river || bridge)) {
                    m_upright[level(i, j)] = m_board.side(
                        crossing(i, j), crossing(i, j + 1),
                        road_for(tall_ring, tall_city || j == m_river)
                    );
                }
            }
        }
    }

    /// Where collectors leave a side, the same seen from both superblocks: 1024ths and corners.
    struct Mouth {
        int t;
        std::uint32_t node;
    };
    const std::vector<Mouth>& mouths(std::uint32_t side) {
        if (m_mouths.size() <= side) {
            m_mouths.resize(side + std::size_t{1});
        }
        auto& all = m_mouths[side];
        if (all.empty()) {
            Dice dice(m_seed, {3, side});
            const int count = dice.between(1, 2);
            for (int k = 1; k <= count; ++k) {
                const int t = (1024 * k / (count + 1) + dice.between(-60, 60)) / 2 * 2;
                all.push_back({t, m_board.attach(side, t)});
            }
        }
        return all;
    }

    /// A street through a superblock, or one of its edges: its side, and where it begins and ends.
    struct Line {
        std::uint32_t side;
        int from, to;
    };
    std::vector<Line> lines_between(
        std::uint32_t first, std::uint32_t last, std::uint32_t begin, std::uint32_t end
    ) {
        std::vector<Line> lines = {{first, 0, 0}};
        const auto a = mouths(begin), b = mouths(end);
        for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) {
            lines.push_back({m_board.side(a[k].node, b[k].node, Road::collector), a[k].t, b[k].t});
        }
        lines.push_back({last, 1024, 1024});
        return lines;
    }

    struct Cross {
        int u, v;
    };
    static Cross meet(const Line& upright, const Line& flat) {
        Cross at{(upright.from + upright.to) / 2, 0};
        for (int round = 0; round < 4; ++round) {
            at.v = flat.from + (flat.to - flat.from) * at.u / 1024;
            at.u = upright.from + (upright.to - upright.from) * at.v / 1024;
        }
        return at;
    }

    Quad ground(int i, int j) const {
        return {
            m_board.spot(crossing(i, j)), m_board.spot(crossing(i + 1, j)),
            m_board.spot(crossing(i, j + 1)), m_board.spot(crossing(i + 1, j + 1))};
    }

    void fill(int i, int j) {
        if (built_up(i, j)) {
            fill_city(i, j);
        } else if (zone(i, j) == Zone::village) {
            fill_village(i, j);
        }
    }

    void fill_city(int i, int j) {
        const auto below = m_level[level(i, j)], above = m_level[level(i, j + 1)];
        const auto left = m_upright[level(i, j)], right = m_upright[level(i + 1, j)];
        const auto upright = lines_between(left, right, below, above);
        const auto flat = lines_between(below, above, left, right);
        const auto quad = ground(i, j);
        for (std::size_t a = 1; a + 1 < upright.size(); ++a) {
            for (std::size_t b = 1; b + 1 < flat.size(); ++b) {
                const auto at = meet(upright[a], flat[b]);
                const auto node = m_board.node(quad.at(at.u, at.v));
                m_board.attach(upright[a].side, at.v, node);
                m_board.attach(flat[b].side, at.u, node);
            }
        }
        Dice dice(m_seed, {4, static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(j)});
        std::vector<BuiltBlock> blocks;
        for (std::size_t b = 0; b + 1 < flat.size(); ++b) {
            for (std::size_t k = 0; k + 1 < upright.size(); ++k) {
                const auto a = b % 2 == 0 ? k : upright.size() - 2 - k;
                const auto low_left = meet(upright[a], flat[b]);
                const auto low_right = meet(upright[a + 1], flat[b]);
                const auto high_left = meet(upright[a], flat[b + 1]);
                const auto high_right = meet(upright[a + 1], flat[b + 1]);
                Block block;
                block.use = use_for(zone(i, j), dice);
                block.ground = {
                    quad.at(low_left.u, low_left.v), quad.at(low_right.u, low_right.v),
                    quad.at(high_left.u, high_left.v), quad.at(high_right.u, high_right.v)};
                block.fronts = {
                    {{flat[b].side, low_left.u, low_right.u, true},
                     {flat[b + 1].side, high_left.u, high_right.u, false},
                     {upright[a].side, low_left.v, high_left.v, true},
                     {upright[a + 1].side, low_right.v, high_right.v, false}}};
                blocks.push_back({block.use, build_block(m_board, block, dice)});
            }
        }
        m_areas.add(where(i, j), blocks, m_board, dice);
    }

    static Use use_for(Zone zone, Dice& dice) {
        const auto luck = dice.below(100);
        switch (zone) {
            case Zone::old_town:
                return luck < 78   ? Use::old_town
                       : luck < 86 ? Use::campus
                       : luck < 94 ? Use::old_compound
                                   : Use::park;
            case Zone::inner:
                return luck < 45   ? Use::old_compound
                       : luck < 80 ? Use::new_compound
                       : luck < 92 ? Use::campus
                                   : Use::park;
            case Zone::town:
                return luck < 75 ? Use::old_compound : luck < 90 ? Use::old_town : Use::campus;
            default:
                return luck < 15   ? Use::old_compound
                       : luck < 66 ? Use::new_compound
                       : luck < 76 ? Use::campus
                       : luck < 92 ? Use::works
                                   : Use::park;
        }
    }

    void fill_village(int i, int j) {
        Dice dice(m_seed, {5, static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(j)});
        const int u = dice.between(430, 600), v = dice.between(430, 600);
        const int wide = dice.between(100, 250), high = dice.between(100, 250);
        const auto quad = ground(i, j);
        Block block;
        block.use = Use::village;
        block.ground = {
            quad.at(u - wide, v - high), quad.at(u + wide, v - high), quad.at(u - wide, v + high),
            quad.at(u + wide, v + high)};
        block.fronts = {
            {{m_level[level(i, j)], u - wide, u + wide, true},
             {m_level[level(i, j + 1)], u - wide, u + wide, false},
             {m_upright[level(i, j)], v - high, v + high, true},
             {m_upright[level(i + 1, j)], v - high, v + high, false}}};
        std::vector<BuiltBlock> blocks;
        blocks.push_back({block.use, build_block(m_board, block, dice)});
        m_areas.add(where(i, j), blocks, m_board, dice);
    }

    /// Subdistricts are four superblocks and do not reach across the river.
    CityPlace where(int i, int j) const {
        const int row = j < m_river ? j / 2 : (m_river + 1) / 2 + (j - m_river - 1) / 2;
        const auto kind = zone(i, j);
        return {
            i / 2, row,
            kind == Zone::town      ? AreaClass::county_seat
            : kind == Zone::village ? AreaClass::rural
                                    : AreaClass::urban};
    }

    void draw_river(City& city) const {
        constexpr std::int32_t bank = 4'000;
        for (int i = 0; i <= m_n; ++i) {
            const auto spot = m_board.spot(crossing(i, m_river));
            city.river.push_back(place_of({spot.x, spot.y + bank}));
        }
        for (int i = m_n; i >= 0; --i) {
            const auto spot = m_board.spot(crossing(i, m_river + 1));
            city.river.push_back(place_of({spot.x, spot.y - bank}));
        }
        city.river.push_back(city.river.front());
    }

    std::uint64_t m_seed;
    std::uint32_t m_points;
    const Profile& m_profile;
    int m_n = 0, m_river = 0;
    Board m_board;
    CityAreas m_areas;
    std::vector<Zone> m_zones;
    std::vector<std::uint32_t> m_level, m_upright;  // sides that begin at a crossing
    std::vector<std::vector<Mouth>> m_mouths;       // of each side
};

}  // namespace

const char* highway(Road road) {
    constexpr std::array words = {"trunk",         "primary", "tertiary",     "residential",
                                  "living_street", "service", "unclassified", "footway"};
    return words[static_cast<std::size_t>(road)];
}

City make_city(const CityOrder& order, const Profile& profile) {
    if (order.points < least_city_points || order.points > most_city_points) {
        throw invalid(
            "/points", "points_out_of_range",
            "a city has " + std::to_string(least_city_points) + " to " +
                std::to_string(most_city_points) + " street points"
        );
    }
    return Maker(order, profile).make();
}

}  // namespace linli::spatial
