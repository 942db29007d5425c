// SPDX-License-Identifier: Apache-2.0
#include "spatial/city_block.hpp"

#include <algorithm>
#include <numeric>

namespace linli::spatial {

namespace {

/// How a use looks; lengths in centimetres.
struct Look {
    int across, up;             ///< between inner paths
    int margin, jitter;         ///< from the street; how crooked
    int keep_rows, keep_lanes;  ///< percent of inner paths that are there
    int gates_low, gates_high;
    Road road;
};

Look look_of(Use use) {
    switch (use) {
        case Use::new_compound:
            return {7'500, 6'000, 2'200, 150, 85, 50, 1, 4, Road::compound_path};
        case Use::old_compound:
            return {6'000, 4'500, 1'500, 200, 85, 55, 2, 4, Road::compound_path};
        case Use::old_town:
            return {5'500, 5'500, 1'200, 900, 70, 62, 5, 14, Road::alley};
        case Use::works:
            return {14'000, 14'000, 2'500, 100, 60, 60, 1, 2, Road::compound_path};
        case Use::campus:
            return {10'000, 10'000, 2'500, 100, 70, 60, 1, 2, Road::compound_path};
        case Use::park:
            return {11'000, 11'000, 1'500, 1'500, 70, 70, 3, 4, Road::park_path};
        case Use::village:
            return {6'000, 5'000, 0, 800, 70, 55, 1, 1, Road::village_road};
    }
    return {};
}

/// Homes of one building, and who lives there in percent.
struct People {
    int homes_low, homes_high, lived_in, persons, elderly, children;
};

People people_of(Use use, Dice& dice) {
    if (use == Use::new_compound) {
        // Slabs of 6 or 11 storeys, towers of 18 or 33.
        constexpr std::array<std::array<int, 2>, 4> homes = {
            {{30, 48}, {44, 66}, {72, 108}, {96, 132}}};
        const auto& of = homes[dice.below(4)];
        return {
            of[0],
            of[1],
            dice.between(60, 97),
            dice.between(225, 310),
            dice.between(6, 16),
            dice.between(15, 24)};
    }
    if (use == Use::old_compound && dice.chance(10)) {  // a small estate of a former work unit
        return {6, 20, dice.between(60, 90), dice.between(190, 240), dice.between(25, 40), 7};
    }
    if (use == Use::old_compound) {
        return {24,
                60,
                dice.between(75, 97),
                dice.between(205, 270),
                dice.between(18, 34),
                dice.between(8, 15)};
    }
    if (use == Use::old_town) {
        return {2,
                12,
                dice.between(70, 95),
                dice.between(200, 280),
                dice.between(22, 38),
                dice.between(7, 14)};
    }
    return {1,
            5,
            dice.between(55, 90),
            dice.between(220, 330),
            dice.between(22, 42),
            dice.between(8, 18)};
}

class Site {
 public:
    Site(Board& board, const Block& block, Dice& dice)
        : m_board(board), m_block(block), m_dice(dice), m_look(look_of(block.use)) {
        const auto& g = block.ground;
        m_wide = std::max<std::int64_t>(distance(g.low_left, g.low_right), 1'000);
        m_high = std::max<std::int64_t>(distance(g.low_left, g.high_left), 1'000);
        m_columns = lines(m_wide, m_look.across);
        m_rows = lines(m_high, m_look.up);
    }

    Built build() {
        place_corners();
        choose_paths();
        lay_paths();
        open_gates();
        raise_buildings();
        return std::move(m_built);
    }

 private:
    int lines(std::int64_t length, int spacing) const {
        return static_cast<int>(
            std::clamp<std::int64_t>((length - 2 * m_look.margin) / spacing + 1, 2, 14)
        );
    }
    std::uint32_t corner(int column, int row) const {
        return m_built.corners[static_cast<std::size_t>(row * m_columns + column)];
    }
    bool rim(int column, int row) const {
        return column == 0 || row == 0 || column == m_columns - 1 || row == m_rows - 1;
    }

    void place_corners() {
        const auto mu = 1024 * m_look.margin / m_wide, mv = 1024 * m_look.margin / m_high;
        for (int row = 0; row < m_rows; ++row) {
            for (int column = 0; column < m_columns; ++column) {
                auto spot = m_block.ground.at(
                    mu + column * (1024 - 2 * mu) / (m_columns - 1),
                    mv + row * (1024 - 2 * mv) / (m_rows - 1)
                );
                spot.x += m_dice.between(-m_look.jitter, m_look.jitter);
                spot.y += m_dice.between(-m_look.jitter, m_look.jitter);
                m_built.corners.push_back(m_board.node(spot));
            }
        }
    }

    /// A path from a corner to the next one in its row, or in the row above.
    struct Gap {
        std::uint64_t order;
        std::uint32_t from, to;
    };
    /// In a random order; the path along the wall of a compound comes first.
    std::vector<Gap> gaps() {
        std::vector<Gap> all;
        const bool walled = m_block.use != Use::old_town && m_block.use != Use::village;
        for (int row = 0; row < m_rows; ++row) {
            for (int column = 0; column < m_columns; ++column) {
                const auto here = static_cast<std::uint32_t>(row * m_columns + column);
                const auto add = [&](std::uint32_t to, bool wall) {
                    all.push_back({walled && wall ? 0 : m_dice.next() | 1, here, to});
                };
                if (column + 1 < m_columns) {
                    add(here + 1, row == 0 || row == m_rows - 1);
                }
                if (row + 1 < m_rows) {
                    add(here + static_cast<std::uint32_t>(m_columns),
                        column == 0 || column == m_columns - 1);
                }
            }
        }
        std::stable_sort(all.begin(), all.end(), [](const Gap& a, const Gap& b) {
            return a.order < b.order;
        });
        return all;
    }

    /// A tree that reaches every corner, and of the other paths as many as the use has.
    void choose_paths() {
        const auto count = static_cast<std::size_t>(m_rows * m_columns);
        m_right.assign(count, false);
        m_up.assign(count, false);
        std::vector<std::uint32_t> group(count);
        std::iota(group.begin(), group.end(), 0);
        const auto find = [&](std::uint32_t at) {
            while (group[at] != at) {
                at = group[at] = group[group[at]];
            }
            return at;
        };
        for (const auto& gap : gaps()) {
            const bool right = gap.to == gap.from + 1;
            const auto a = find(gap.from), b = find(gap.to);
            const int percent = right ? m_look.keep_rows : m_look.keep_lanes;
            if (gap.order == 0 || a != b || m_dice.chance(static_cast<std::uint32_t>(percent))) {
                (right ? m_right : m_up)[gap.from] = true;
            }
            group[a] = b;
        }
    }

    void lay_paths() {
        for (int row = 0; row < m_rows; ++row) {
            lay(m_right, row * m_columns, 1, m_columns);
        }
        for (int column = 0; column < m_columns; ++column) {
            lay(m_up, column, m_columns, m_rows);
        }
    }
    void lay(const std::vector<bool>& kept, int first, int step, int count) {
        std::vector<std::uint32_t> run;
        for (int i = 0; i < count; ++i) {
            const auto here = static_cast<std::size_t>(first + i * step);
            run.push_back(m_built.corners[here]);
            if (i + 1 == count || !kept[here]) {
                m_board.path(run, m_look.road);
                run.clear();
            }
        }
    }

    void open_gates() {
        const int wanted = m_dice.between(m_look.gates_low, m_look.gates_high);
        std::vector<std::array<int, 2>> open;  // front, place on it
        for (int tries = 0; static_cast<int>(open.size()) < wanted; ++tries) {
            if (tries > 8 * wanted && !open.empty()) {
                return;
            }
            const auto front = static_cast<int>(m_dice.below(4));
            const int count = front < 2 ? m_columns : m_rows;
            const std::array<int, 2> gate = {front, m_dice.between(0, count - 1)};
            if (m_block.fronts[static_cast<std::size_t>(front)].side != Front::none &&
                std::find(open.begin(), open.end(), gate) == open.end()) {
                open.push_back(gate);
                open_gate(front, gate[1], count);
            }
        }
    }
    void open_gate(int front, int place, int count) {
        const auto& street = m_block.fronts[static_cast<std::size_t>(front)];
        const auto span = street.to - street.from;
        auto t = street.from + span / 8 + place * (span * 3 / 4) / std::max(count - 1, 1);
        t = t / 2 * 2 + (street.above ? 1 : 0);  // nobody opposite takes the same place
        const auto gate = m_board.attach(street.side, t);
        const int column = front < 2 ? place : front == 2 ? 0 : m_columns - 1;
        const int row = front >= 2 ? place : front == 0 ? 0 : m_rows - 1;
        m_board.path(std::array{gate, corner(column, row)}, m_look.road);
        m_built.gates.push_back(gate);
    }

    void raise_buildings() {
        const auto people = people_of(m_block.use, m_dice);
        for (int row = 0; row < m_rows; ++row) {
            for (int i = 0; i + 1 < m_columns; ++i) {
                const int column = row % 2 == 0 ? i : m_columns - 2 - i;
                const auto here = static_cast<std::size_t>(row * m_columns + column);
                if (m_right[here]) {
                    raise_at(column, row, people);
                }
            }
        }
    }
    void raise_at(int column, int row, const People& people) {
        const auto a = m_board.spot(corner(column, row)), b = m_board.spot(corner(column + 1, row));
        const auto use = m_block.use;
        const int doors = use == Use::old_town ? 4 : use == Use::village ? 3 : 1;
        for (int d = 0; d < doors; ++d) {
            auto door = Quad{a, b, a, b}.at(1024 * (2 * d + 1) / (2 * doors), 0);
            door.y += (d % 2 == 0 ? 1 : -1) * m_dice.between(500, 900);
            if (use == Use::works || use == Use::campus) {
                work_at(door, use == Use::works ? 40 : 25, use == Use::works ? 420 : 180);
            } else if (use != Use::park) {
                live_at(door, people);
            }
        }
    }
    void work_at(Spot door, int low, int high) {
        m_built.buildings.push_back(
            {place_of(door), 0, 0, 0, 0, 0, 0,
             static_cast<std::uint16_t>(m_dice.between(low, high))}
        );
    }
    void live_at(Spot door, const People& people) {
        const int homes = m_dice.between(people.homes_low, people.homes_high);
        const int households = std::max(1, homes * people.lived_in / 100);
        const int persons = std::max(households, households * people.persons / 100);
        const auto part = [&](int percent) {
            return static_cast<std::uint16_t>(
                persons * m_dice.between(percent * 3 / 4, percent * 5 / 4) / 100
            );
        };
        m_built.households += static_cast<std::uint32_t>(households);
        m_built.buildings.push_back(
            {place_of(door), 0, 0, static_cast<std::uint16_t>(households),
             static_cast<std::uint16_t>(persons), part(people.elderly), part(people.children),
             static_cast<std::uint16_t>(m_dice.chance(15) ? m_dice.between(2, 30) : 0)}
        );
    }

    Board& m_board;
    const Block& m_block;
    Dice& m_dice;
    Look m_look;
    std::int64_t m_wide, m_high;
    int m_columns, m_rows;
    std::vector<bool> m_right, m_up;  // whether a path leads on from a corner
    Built m_built;
};

}  // namespace

Built build_block(Board& board, const Block& block, Dice& dice) {
    return Site(board, block, dice).build();
}

}  // namespace linli::spatial
