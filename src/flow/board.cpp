// SPDX-License-Identifier: Apache-2.0
#include "flow/board.hpp"

#include <algorithm>
#include <cmath>

namespace linli::flow {
namespace {

constexpr std::int64_t bucket_ms = hour_ms / 10;  ///< of the median
constexpr std::size_t units_most = 100;

/// The column of the level below, by which the figures of a slice are split; "0" where there is
/// none.
std::string split_column(area::Level level) {
    switch (level) {
        case area::Level::county:
            return "subdistrict";
        case area::Level::subdistrict:
            return "community";
        case area::Level::community:
            return "grid";
        default:
            return "0";
    }
}

/// A number that may be added up over slices.
struct Tally {
    std::int64_t open = 0, overdue = 0, urgent = 0, created = 0, closed = 0, stopped = 0, kept = 0;
    OnTime on_time() const {
        OnTime result;
        result.of = stopped;
        if (stopped > 0) {
            result.share = static_cast<double>(kept) / static_cast<double>(stopped);
        }
        return result;
    }
};

/// Adds up one board, slice by slice.
class Counting {
 public:
    Counting(
        store::Tx& tx, const Ground& ground, const catalogue::Kind& kind, const area::Node& top,
        int days, Instant now
    )
        : m_tx(tx), m_ground(ground), m_kind(kind), m_top(top), m_days(days), m_now(now) {
        m_from = start_of(official_date(now) + (1 - days));
        m_split = split_column(top.level);
        if (kind.flow && !kind.flow->clocks.empty()) {
            m_clock = kind.flow->clocks.back().name;
        }
    }
    void add(const Slice& slice) {
        m_slice = &slice;
        m_slice_child = m_split == "0" ? child_of_slice() : AreaId{};
        count_open();
        count_choices();
        count_created("flow_work");
        count_created("flow_done");
        count_closed();
        count_stopped();
        count_durations();
    }
    Board finish();

 private:
    struct Key {
        AreaId child;
        UnitId unit;
    };
    /// `SELECT <split>, <what> FROM <table> WHERE <the slice>`; $1 county, $2 kind, $3 the slice's
    /// value, $4 an instant.
    std::string select(const std::string& what, const std::string& table) const {
        std::string text =
            "SELECT " + what + " FROM " + table + " WHERE county = $1 AND kind = $2 AND ";
        return text + (*m_slice->column ? std::string(m_slice->column) + " = $3" : "$3 = 0");
    }
    template <class F>
    void each(const char* name, const std::string& text, F&& f, Instant at) {
        m_tx.each(
            store::Sql{name, text},
            [&](const store::Row& row) {
                f(row);
                return true;
            },
            m_slice->county, m_kind.name, m_slice->value, at
        );
    }
    Tally* child(std::int64_t id) {
        const auto area = m_split == "0" ? m_slice_child : AreaId{id};
        return area ? &m_children[area] : nullptr;
    }
    /// Above counties a slice is a child, or lies below one.
    AreaId child_of_slice() const;
    template <class F>
    void tally(const store::Row& row, F&& f) {
        f(m_total);
        if (auto* one = child(row.integer(0))) {
            f(*one);
        }
        if (const UnitId unit{row.integer(1)}) {
            f(m_units[unit]);
        }
    }
    void count_open();
    void count_choices();
    void count_created(const std::string& table);
    void count_closed();
    void count_stopped();
    void count_durations();
    std::optional<double> median() const;
    std::vector<BoardUnit> units() const;
    std::vector<BoardChild> children() const;

    store::Tx& m_tx;
    const Ground& m_ground;
    const catalogue::Kind& m_kind;
    const area::Node& m_top;
    int m_days;
    Instant m_now, m_from;
    std::string m_split, m_clock;
    const Slice* m_slice = nullptr;
    AreaId m_slice_child;
    Tally m_total;
    std::map<AreaId, Tally> m_children;
    std::map<UnitId, Tally> m_units;
    std::map<std::string, BoardChoice> m_choices;
    std::map<std::int64_t, BoardDay> m_trend;
    std::map<std::int64_t, std::int64_t> m_durations;
    std::int64_t m_ratings = 0, m_rating_sum = 0;
};

AreaId Counting::child_of_slice() const {
    for (const auto* node : m_ground.tree->children(m_top.id)) {
        if (*m_slice->column ? m_ground.tree->within(AreaId{m_slice->value}, node->id)
                             : node->county_number == m_slice->county) {
            return node->id;
        }
        const auto counties = m_ground.tree->counties_under(node->id);
        if (!*m_slice->column &&
            std::find(counties.begin(), counties.end(), m_slice->county) != counties.end()) {
            return node->id;
        }
    }
    return {};
}

void Counting::count_open() {
    const auto text =
        select(
            m_split +
                " AS child, unit, COUNT(*), SUM(CASE WHEN due_at < $4 THEN 1 ELSE 0 END), "
                "SUM(CASE WHEN rank = 0 THEN 1 ELSE 0 END)",
            "flow_work"
        ) +
        " GROUP BY " + (m_split == "0" ? "unit" : m_split + ", unit");
    each(
        "flow.board_open", text,
        [&](const store::Row& row) {
            tally(row, [&](Tally& t) {
                t.open += row.integer(2);
                t.overdue += row.integer(3);
                t.urgent += row.integer(4);
            });
        },
        m_now
    );
}

void Counting::count_choices() {
    const auto read = [&](std::int64_t BoardChoice::*number) {
        return [this, number](const store::Row& row) {
            const std::string key(row.text(0));
            m_choices[key].key = key;
            m_choices[key].*number += row.integer(1);
        };
    };
    const std::string by_choice = " GROUP BY choice";
    each(
        "flow.board_choices_open",
        select("choice, COUNT(*)", "flow_work") + " AND created_at <= $4" + by_choice,
        read(&BoardChoice::open), m_now
    );
    each(
        "flow.board_choices_work",
        select("choice, COUNT(*)", "flow_work") + " AND created_at >= $4" + by_choice,
        read(&BoardChoice::created), m_from
    );
    each(
        "flow.board_choices_done",
        select("choice, COUNT(*)", "flow_done") + " AND created_at >= $4" + by_choice,
        read(&BoardChoice::created), m_from
    );
}

void Counting::count_created(const std::string& table) {
    const std::string day = "(created_at + 28800000) / 86400000";
    const auto text = select(m_split + " AS child, 0, " + day + " AS day, COUNT(*)", table) +
                      " AND created_at >= $4 GROUP BY " + (m_split == "0" ? "" : m_split + ", ") +
                      day;
    each(
        "flow.board_created", text,
        [&](const store::Row& row) {
            m_trend[row.integer(2)].created += row.integer(3);
            tally(row, [&](Tally& t) { t.created += row.integer(3); });
        },
        m_from
    );
}

void Counting::count_closed() {
    const std::string day = "(closed_at + 28800000) / 86400000";
    const auto text = select(
                          m_split + " AS child, unit, " + day +
                              " AS day, COUNT(*), COUNT(rating), SUM(COALESCE(rating, 0))",
                          "flow_done"
                      ) +
                      " AND closed_at >= $4 AND withdrawn = 0 GROUP BY " +
                      (m_split == "0" ? "" : m_split + ", ") + "unit, " + day;
    each(
        "flow.board_closed", text,
        [&](const store::Row& row) {
            m_trend[row.integer(2)].closed += row.integer(3);
            m_ratings += row.integer(4);
            m_rating_sum += row.integer(5);
            tally(row, [&](Tally& t) { t.closed += row.integer(3); });
        },
        m_from
    );
}

void Counting::count_stopped() {
    if (m_clock.empty()) {
        return;
    }
    const auto text = select(m_split + " AS child, unit, COUNT(*), SUM(on_time)", "flow_clock") +
                      " AND name = $5 AND on_time IS NOT NULL AND stopped_at >= $4 GROUP BY " +
                      (m_split == "0" ? "unit" : m_split + ", unit");
    m_tx.each(
        store::Sql{"flow.board_on_time", text},
        [&](const store::Row& row) {
            tally(row, [&](Tally& t) {
                t.stopped += row.integer(2);
                t.kept += row.integer(3);
            });
            return true;
        },
        m_slice->county, m_kind.name, m_slice->value, m_from, m_clock
    );
}

void Counting::count_durations() {
    const auto add = [&](const store::Row& row) {
        m_durations[row.integer(0)] += row.integer(1);
        return true;
    };
    if (m_clock.empty()) {
        const auto text =
            select("(closed_at - created_at) / 360000, COUNT(*)", "flow_done") +
            " AND closed_at >= $4 AND withdrawn = 0 GROUP BY (closed_at - created_at) / 360000";
        return each("flow.board_duration", text, add, m_from);
    }
    const auto text =
        select("took_ms / 360000, COUNT(*)", "flow_clock") +
        " AND name = $5 AND on_time IS NOT NULL AND stopped_at >= $4 GROUP BY took_ms / 360000";
    m_tx.each(
        store::Sql{"flow.board_took", text}, add, m_slice->county, m_kind.name, m_slice->value,
        m_from, m_clock
    );
}

/// Of the middle bucket: its middle, as good as the buckets are fine.
std::optional<double> Counting::median() const {
    std::int64_t all = 0;
    for (const auto& [bucket, count] : m_durations) {
        all += count;
    }
    std::int64_t before = 0;
    for (const auto& [bucket, count] : m_durations) {
        before += count;
        if (before * 2 >= all) {
            return static_cast<double>(bucket * bucket_ms) / static_cast<double>(hour_ms);
        }
    }
    return std::nullopt;
}

std::vector<BoardUnit> Counting::units() const {
    std::vector<BoardUnit> found;
    for (const auto& [unit, tally] : m_units) {
        if (tally.open + tally.closed + tally.stopped > 0) {
            found.push_back({{unit, ""}, tally.open, tally.overdue, tally.closed, tally.on_time()});
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const BoardUnit& a, const BoardUnit& b) {
        return std::pair(a.open, a.closed) > std::pair(b.open, b.closed);
    });
    if (found.size() > units_most) {
        found.resize(units_most);
    }
    for (auto& one : found) {
        const auto row = identity::find_unit(m_tx, one.unit.id);
        one.unit.name = row ? row->name : "";
    }
    return found;
}

AreaBrief brief(const area::Node& node) {
    return {node.id, std::string(node.name), name_of(node.level)};
}

std::vector<BoardChild> Counting::children() const {
    std::vector<BoardChild> found;
    for (const auto* node : m_ground.tree->children(m_top.id)) {
        const auto at = m_children.find(node->id);
        // Compounds and buildings are the second view of a community; records are split by grid
        // there.
        if (node->level > area::Level::grid && at == m_children.end()) {
            continue;
        }
        const auto t = at == m_children.end() ? Tally{} : at->second;
        found.push_back({brief(*node), t.open, t.overdue, t.created, t.closed, t.on_time()});
    }
    return found;
}

Board Counting::finish() {
    Board board;
    board.area = {
        m_top.id, std::string(m_top.code), std::string(m_top.name), name_of(m_top.level), {}};
    for (const auto* node : m_ground.tree->path(m_top.id)) {
        board.area.path.push_back(brief(*node));
    }
    board.at = m_now;
    board.open = m_total.open;
    board.overdue = m_total.overdue;
    board.urgent = m_total.urgent;
    board.created = m_total.created;
    board.closed = m_total.closed;
    board.on_time = m_total.on_time();
    board.median_hours = median();
    board.satisfaction.of = m_ratings;
    if (m_ratings > 0) {
        board.satisfaction.mean =
            static_cast<double>(m_rating_sum) / static_cast<double>(m_ratings);
    }
    board.areas = children();
    for (const auto& [key, choice] : m_choices) {
        if (!key.empty()) {
            board.by_choice.push_back(choice);
        }
    }
    board.units = units();
    for (Date day = official_date(m_from); day <= official_date(m_now); day = day + 1) {
        auto one = m_trend[day.days];
        one.day = day;
        board.trend.push_back(one);
    }
    return board;
}

}  // namespace

Board board_of(
    store::Tx& tx, const Ground& ground, const catalogue::Kind& kind, const area::Node& top,
    int days, Instant now
) {
    Counting counting(tx, ground, kind, top, days, now);
    for (const auto& slice : slices(*ground.tree, top.id)) {
        counting.add(slice);
    }
    return counting.finish();
}

}  // namespace linli::flow
