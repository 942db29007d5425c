// SPDX-License-Identifier: Apache-2.0
// A board on another map than that of the filings: through lineage to today's areas, each row
// whole, or divided by households on the map of a day.
#include <algorithm>
#include <array>

#include "area/lineage.hpp"
#include "flow/board.hpp"
#include "store/sums.hpp"

namespace linli::flow {
namespace {

/// open, overdue, urgent, created, closed, stopped, kept
constexpr std::size_t measures = 7;
using Figures = std::array<std::int64_t, measures>;

/// Where rows were filed, finest first.
struct Place {
    AreaId grid, community, subdistrict;
    County county = 0;
    auto operator<=>(const Place&) const = default;
};

class Restating {
 public:
    Restating(
        store::Tx& tx, const Ground& ground, const catalogue::Kind& kind, const area::Tree& map,
        const area::Node& top, int days, Instant now, bool divided
    )
        : m_tx(tx),
          m_ground(ground),
          m_kind(kind),
          m_map(map),
          m_top(top),
          m_lineage(area::read_lineage(tx)),
          m_now(now),
          m_from(start_of(official_date(now) + (1 - days))),
          m_divided(divided) {}

    Board run() {
        for (const auto county : counties()) {
            m_county = county;
            read_open();
            for (const auto& [from, to] : epochs()) {
                read_done(from, to);
                read_clocks(from, to);
            }
        }
        return board();
    }

 private:
    /// Of today and of the map, and where parts of the area stood or stand in between.
    std::set<County> counties() const {
        std::set<County> found;
        for (const auto* tree : {m_ground.tree.get(), &m_map}) {
            for (const auto county : tree->counties_under(m_top.id)) {
                found.insert(county);
            }
            for (const auto& one : tree->heritage(m_top.id)) {
                found.insert(one.county);
            }
        }
        for (const auto& node : m_map.subtree(m_top.id)) {
            if (m_lineage.empty() || m_top.level < area::Level::county) {
                break;
            }
            for (const auto& one : m_lineage.map(node.id, m_map.at(), official_date(m_now))) {
                if (const auto* there = m_ground.tree->find(one.area)) {
                    found.insert(there->county_number);
                }
            }
        }
        return found;
    }

    bool grids_moved() const {
        const auto grid = [](const auto& one) { return one.level == area::Level::grid; };
        const auto in = m_map.heritage(m_top.id);
        const auto out = m_map.departed(m_top.id);
        return std::any_of(in.begin(), in.end(), grid) || std::any_of(out.begin(), out.end(), grid);
    }

    /// Spans of the days within which every map is the same.
    std::vector<std::pair<Instant, Instant>> epochs() const {
        std::vector<std::pair<Instant, Instant>> spans;
        auto from = m_from;
        for (const auto day : m_lineage.days()) {
            const auto at = start_of(day);
            if (m_divided && at > from && at <= m_now) {
                spans.emplace_back(from, at);
                from = at;
            }
        }
        spans.emplace_back(from, never);
        return spans;
    }

    /// Grids matter below a community, and where rows follow those that went their own way.
    bool by_grid() const { return m_top.level >= area::Level::community || m_grids_moved; }
    std::vector<std::string> places() const {
        std::vector<std::string> columns{"community", "subdistrict"};
        if (by_grid()) {
            columns.push_back("grid");
        }
        return columns;
    }

    /// Adds what was filed on the map of one day: `measure` says which figure each number is.
    template <class... A>
    void read_into(
        const char* name, const std::vector<std::string>& numbers,
        const std::vector<std::size_t>& measure, const std::string& from, Date filed, const A&... a
    ) {
        std::map<Place, Figures> figures;
        for (const auto& sum :
             store::sums(m_tx, {name, places(), numbers, from}, m_county, m_kind.name, a...)) {
            auto& to = figures[{{sum.key[2]}, {sum.key[0]}, {sum.key[1]}, m_county}];
            for (std::size_t i = 0; i < measure.size(); ++i) {
                to[measure[i]] += sum.numbers[i];
            }
        }
        add(figures, filed);
    }

    void read_open() {
        read_into(
            "flow.restated_open",
            {"1", "CASE WHEN due_at < $3 THEN 1 ELSE 0 END", "CASE WHEN rank = 0 THEN 1 ELSE 0 END",
             "CASE WHEN created_at >= $4 THEN 1 ELSE 0 END"},
            {0, 1, 2, 3}, "flow_work WHERE county = $1 AND kind = $2", official_date(m_now), m_now,
            m_from
        );
    }

    void read_done(Instant from, Instant to) {
        read_into(
            "flow.restated_done",
            {"CASE WHEN created_at >= $5 THEN 1 ELSE 0 END",
             "CASE WHEN withdrawn = 0 THEN 1 ELSE 0 END"},
            {3, 4},
            "flow_done WHERE county = $1 AND kind = $2 AND closed_at >= $3 AND closed_at < $4",
            official_date(from), from, to, m_from
        );
    }

    void read_clocks(Instant from, Instant to) {
        if (!m_kind.flow || m_kind.flow->clocks.empty()) {
            return;
        }
        read_into(
            "flow.restated_clocks", {"1", "on_time"}, {5, 6},
            "flow_clock WHERE county = $1 AND kind = $2 AND name = $5 AND on_time IS NOT NULL "
            "AND stopped_at >= $3 AND stopped_at < $4",
            official_date(from), from, to, m_kind.flow->clocks.back().name
        );
    }

    /// The areas of the map among which rows of a place are divided: by the finest of its areas
    /// that the map knows.
    std::vector<area::Weighted> spread(const Place& place, Date filed) const {
        for (const auto id : {place.grid, place.community, place.subdistrict}) {
            if (!id) {
                continue;
            }
            auto parts = m_divided ? m_lineage.map(id, filed, m_map.at())
                                   : std::vector<area::Weighted>{{id, area::whole}};
            const bool known = std::all_of(parts.begin(), parts.end(), [&](const auto& one) {
                return m_map.find(one.area);
            });
            if (known) {
                return parts;
            }
            if (const auto heir = m_map.heir(id)) {
                return {{heir, area::whole}};
            }
        }
        const auto* county = m_map.county(place.county);
        return {{county ? county->id : AreaId{}, area::whole}};
    }

    void add(const std::map<Place, Figures>& figures, Date filed) {
        for (const auto& [place, numbers] : figures) {
            const auto parts = spread(place, filed);
            std::vector<std::int64_t> weights;
            for (const auto& one : parts) {
                weights.push_back(one.weight);
            }
            m_shares = m_shares || parts.size() > 1;
            for (std::size_t m = 0; m < measures; ++m) {
                const auto divided = area::apportion(numbers[m], weights);
                for (std::size_t i = 0; i < parts.size(); ++i) {
                    if (m_map.within(parts[i].area, m_top.id)) {
                        m_total[m] += divided[i];
                        m_children[child_of(parts[i].area)][m] += divided[i];
                    }
                }
            }
        }
    }

    AreaId child_of(AreaId id) const {
        const auto path = m_map.path(id);
        for (std::size_t i = 0; i + 1 < path.size(); ++i) {
            if (path[i]->id == m_top.id) {
                return path[i + 1]->id;
            }
        }
        return {};
    }

    static OnTime on_time(const Figures& figures) {
        OnTime result;
        result.of = figures[5];
        if (figures[5] > 0) {
            result.share = static_cast<double>(figures[6]) / static_cast<double>(figures[5]);
        }
        return result;
    }

    Board board() const {
        const auto brief = [](const area::Node& node) {
            return AreaBrief{node.id, std::string(node.name), name_of(node.level)};
        };
        Board board;
        board.area = {
            m_top.id, std::string(m_top.code), std::string(m_top.name), name_of(m_top.level), {}};
        for (const auto* node : m_map.path(m_top.id)) {
            board.area.path.push_back(brief(*node));
        }
        board.at = m_now;
        board.map = m_map.at();
        board.divided = m_shares;
        board.open = m_total[0];
        board.overdue = m_total[1];
        board.urgent = m_total[2];
        board.created = m_total[3];
        board.closed = m_total[4];
        board.on_time = on_time(m_total);
        for (const auto* node : m_map.children(m_top.id)) {
            const auto at = m_children.find(node->id);
            if (node->level > area::Level::grid && at == m_children.end()) {
                continue;
            }
            const auto f = at == m_children.end() ? Figures{} : at->second;
            board.areas.push_back({brief(*node), f[0], f[1], f[3], f[4], on_time(f)});
        }
        return board;
    }

    store::Tx& m_tx;
    const Ground& m_ground;
    const catalogue::Kind& m_kind;
    const area::Tree& m_map;
    const area::Node& m_top;
    const area::Lineage m_lineage;
    Instant m_now, m_from;
    bool m_divided;
    bool m_grids_moved = grids_moved();
    bool m_shares = false;  ///< something was divided among several areas
    County m_county = 0;
    Figures m_total{};
    std::map<AreaId, Figures> m_children;
};

}  // namespace

Board restated_board(
    store::Tx& tx, const Ground& ground, const catalogue::Kind& kind, const area::Tree& map,
    const area::Node& top, int days, Instant now
) {
    return Restating(tx, ground, kind, map, top, days, now, true).run();
}

Board board_now(
    store::Tx& tx, const Ground& ground, const catalogue::Kind& kind, const area::Node& top,
    int days, Instant now
) {
    return Restating(tx, ground, kind, *ground.tree, top, days, now, false).run();
}

}  // namespace linli::flow
