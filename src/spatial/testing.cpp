// SPDX-License-Identifier: Apache-2.0
#include "spatial/testing.hpp"

#include <algorithm>
#include <cctype>
#include <random>
#include <stdexcept>

#include "base/text.hpp"
#include "spatial/snap.hpp"

namespace linli::spatial {

namespace {

const Plane& drawing_plane() {
    static const Plane plane(at(117.38, 32.92));
    return plane;
}

bool is_point(char sign) {
    return std::isalnum(static_cast<unsigned char>(sign)) || sign == '+' || sign == '#';
}

/// Follows one street of the picture from a point; the point at its other end, or nothing.
class Pen {
 public:
    explicit Pen(Drawing& drawing) : m_drawing(drawing) {
        const auto& rows = drawing.rows;
        for (std::size_t y = 0; y < rows.size(); ++y) {
            for (std::size_t x = 0; x < rows[y].size(); ++x) {
                m_number.push_back(0);
                if (is_point(rows[y][x])) {
                    m_number.back() = static_cast<std::uint32_t>(drawing.map.points.size());
                    drawing.map.points.push_back(place(x, y));
                    if (rows[y][x] == '#') {
                        drawing.map.blocked.push_back(m_number.back());
                    }
                }
            }
            m_row_begin.push_back(m_number.size() - rows[y].size());
        }
    }
    void draw_all() {
        const auto& rows = m_drawing.rows;
        for (std::size_t y = 0; y < rows.size(); ++y) {
            for (std::size_t x = 0; x < rows[y].size(); ++x) {
                if (is_point(rows[y][x])) {
                    street(x, y, 1, 0, '-');
                    street(x, y, 0, 1, '|');
                }
            }
        }
    }
    Point place(std::size_t x, std::size_t y) const {
        return drawing_plane().unproject(
            {static_cast<double>(x) * m_drawing.metres, -static_cast<double>(y) * m_drawing.metres}
        );
    }

 private:
    char sign(std::size_t x, std::size_t y) const {
        return y < m_drawing.rows.size() && x < m_drawing.rows[y].size() ? m_drawing.rows[y][x]
                                                                         : ' ';
    }
    void street(std::size_t x, std::size_t y, std::size_t dx, std::size_t dy, char line) {
        auto to_x = x + dx, to_y = y + dy;
        while (sign(to_x, to_y) == line) {
            to_x += dx;
            to_y += dy;
        }
        const bool drawn = sign(x + dx, y + dy) == line;
        if (!drawn || !is_point(sign(to_x, to_y))) {
            return;
        }
        auto& map = m_drawing.map;
        map.refs.push_back(m_number[m_row_begin[y] + x]);
        map.refs.push_back(m_number[m_row_begin[to_y] + to_x]);
        map.way_begin.push_back(static_cast<std::uint32_t>(map.refs.size()));
        map.percent.push_back(100);
    }
    Drawing& m_drawing;
    std::vector<std::uint32_t> m_number;
    std::vector<std::size_t> m_row_begin;
};

/// The heap of the baseline: four children a node.
class Heap {
 public:
    bool empty() const { return m_items.empty(); }
    void push(Ms key, std::uint32_t value) {
        auto at = m_items.size();
        m_items.push_back({key, value});
        while (at > 0 && m_items[(at - 1) / 4].first > key) {
            m_items[at] = m_items[(at - 1) / 4];
            at = (at - 1) / 4;
        }
        m_items[at] = {key, value};
    }
    std::pair<Ms, std::uint32_t> pop() {
        const auto top = m_items.front();
        const auto last = m_items.back();
        m_items.pop_back();
        std::size_t at = 0;
        while (at * 4 + 1 < m_items.size()) {
            auto least = at * 4 + 1;
            const auto end = std::min(least + 4, m_items.size());
            for (auto child = least + 1; child < end; ++child) {
                least = m_items[child].first < m_items[least].first ? child : least;
            }
            if (m_items[least].first >= last.first) {
                break;
            }
            m_items[at] = m_items[least];
            at = least;
        }
        if (!m_items.empty()) {
            m_items[at] = last;
        }
        return top;
    }

 private:
    std::vector<std::pair<Ms, std::uint32_t>> m_items;
};

}  // namespace

Profile plain_profile() {
    return read_profile(
        "name: plain\nmetres_per_minute: 60\ngroups: {elderly: 30}\n"
        "ways: {footway: 100, residential: 100, steps: 50}\n"
        "open: {foot: [\"yes\"]}\nclosed: {access: [private], foot: [\"no\"]}\nbarriers: [wall]\n"
    );
}

Point Drawing::where(char name) const {
    for (std::size_t y = 0; y < rows.size(); ++y) {
        if (const auto x = rows[y].find(name); x != std::string::npos) {
            return drawing_plane().unproject(
                {static_cast<double>(x) * metres, -static_cast<double>(y) * metres}
            );
        }
    }
    throw std::logic_error(std::string("not in the drawing: ") + name);
}

Position Drawing::position(char name) const {
    return Snapper(network, {300, 1}).snap(where(name)).position;
}

Drawing draw(std::string_view picture, double metres) {
    Drawing drawing;
    drawing.metres = metres;
    for (const auto row : split(picture, '\n')) {
        drawing.rows.emplace_back(row);
    }
    Pen(drawing).draw_all();
    drawing.map.source = "drawing";
    drawing.network = build_network(drawing.map, plain_profile());
    return drawing;
}

std::string random_picture(std::uint64_t seed, int columns, int rows, int percent_missing) {
    std::mt19937_64 random(seed);
    const auto stays = [&] { return static_cast<int>(random() % 100) >= percent_missing; };
    std::string picture;
    for (int y = 0; y < rows; ++y) {
        std::string below;
        for (int x = 0; x < columns; ++x) {
            picture += '+';
            picture += std::string(2, x + 1 < columns && stays() ? '-' : ' ');
            below += y + 1 < rows && stays() ? "|  " : "   ";
        }
        picture += '\n' + below + '\n';
    }
    return picture;
}

PlainGraph plain_graph(const Network& network) {
    PlainGraph graph;
    graph.begin.assign(network.points.size() + 1, 0);
    const auto each = [&](const auto& work) {
        for (std::size_t c = 0; c < network.chain_count(); ++c) {
            for (std::size_t i = 0; i + 1 < network.points_on(c); ++i) {
                work(
                    static_cast<std::uint32_t>(network.point_of(c, i)),
                    static_cast<std::uint32_t>(network.point_of(c, i + 1)),
                    network.walk_to(c, i + 1) - network.walk_to(c, i)
                );
            }
        }
    };
    each([&](auto a, auto b, Ms) {
        ++graph.begin[a + 1];
        ++graph.begin[b + 1];
    });
    for (std::size_t i = 1; i < graph.begin.size(); ++i) {
        graph.begin[i] += graph.begin[i - 1];
    }
    graph.arcs.resize(graph.begin.back());
    auto next = graph.begin;
    each([&](auto a, auto b, Ms length) {
        graph.arcs[next[a]++] = {b, length};
        graph.arcs[next[b]++] = {a, length};
    });
    return graph;
}

std::vector<Ms> plain_nearest(
    const Network& network, const PlainGraph& graph, std::span<const Position> sources, Ms limit
) {
    std::vector<Ms> walks(network.points.size(), unreachable);
    Heap heap;
    const auto reach = [&](std::size_t point, Ms walk) {
        if (walk <= limit && walk < walks[point]) {
            walks[point] = walk;
            heap.push(walk, static_cast<std::uint32_t>(point));
        }
    };
    for (const auto& source : sources) {
        for (std::size_t i = 0; i + 1 < network.points_on(source.chain); ++i) {
            const auto low = network.walk_to(source.chain, i),
                       high = network.walk_to(source.chain, i + 1);
            if (source.offset >= low && source.offset <= high) {
                reach(network.point_of(source.chain, i), source.access + source.offset - low);
                reach(network.point_of(source.chain, i + 1), source.access + high - source.offset);
            }
        }
    }
    while (!heap.empty()) {
        const auto [walk, point] = heap.pop();
        if (walk > walks[point]) {
            continue;
        }
        for (auto a = graph.begin[point]; a < graph.begin[point + 1]; ++a) {
            reach(graph.arcs[a].to, walk + graph.arcs[a].length);
        }
    }
    return walks;
}

std::vector<std::vector<Near>> plain_k_nearest(
    const Network& network, const PlainGraph& graph, std::span<const Position> sources, Ms limit,
    std::size_t k
) {
    std::vector<std::vector<Near>> near(network.points.size());
    for (std::uint32_t s = 0; s < sources.size(); ++s) {
        const auto walks = plain_nearest(network, graph, sources.subspan(s, 1), limit);
        for (std::size_t p = 0; p < walks.size(); ++p) {
            if (walks[p] != unreachable) {
                near[p].push_back({walks[p], s});
            }
        }
    }
    for (auto& list : near) {
        std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
            return std::pair(a.walk, a.source) < std::pair(b.walk, b.source);
        });
        list.resize(std::min(list.size(), k));
    }
    return near;
}

}  // namespace linli::spatial
