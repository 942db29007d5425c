// SPDX-License-Identifier: Apache-2.0
#include "record/list.hpp"

#include <algorithm>

#include "record/cursor.hpp"
#include "record/personal.hpp"
#include "store/text_index.hpp"

namespace linli::record {

namespace {

constexpr int count_most = 10'000;
constexpr std::size_t selects_most = 100;  ///< in one statement; more are merged here

struct Built {
    Statement statement;
    Binder binder;
};

/// Whether nothing waits in a record of this state, on whatever version of the flow it is.
bool rests(const catalogue::Kind& kind, const std::string& name) {
    const auto waits = [&](const catalogue::FlowSpec& flow) {
        const auto* state = flow.state(name);
        return state && !state->final;
    };
    return !waits(*kind.flow) &&
           std::none_of(kind.old_flows.begin(), kind.old_flows.end(), [&](const auto& old) {
               return waits(old.second);
           });
}

/// Builds the statements of one list.
class Builder {
 public:
    Builder(const Context& context, const KindTable& table, const ListQuery& query)
        : m_context(context), m_table(table), m_query(query), m_states(query.states) {
        auto access =
            identity::access(*context.caller, *table.kind, query.operation, *context.tree);
        const bool mapped = query.area && (query.map || query.as_filed);
        const auto filter = mapped ? std::nullopt : query.area;
        if (query.mine) {
            if (!access.any && !access.own) {
                m_residuals.push_back(parts_of(context, table, access, filter));
            }
            access = identity::Access{};
            access.own = true;
        }
        mapped ? walk_map(access) : void(m_parts = parts_of(context, table, access, filter));
        if (m_states.empty()) {
            m_states = table.kind->states();
            if (!query.mine) {
                std::erase(m_states, "withdrawn");
            }
        }
        if (!query.cursor.empty()) {
            m_cursor = read_cursor(*context.core.parts.cipher, query.cursor, query.digest);
        }
    }

    /// Statements that give whole rows, each sorted and limited; their results are merged by
    /// list().
    std::vector<std::unique_ptr<Built>> pages(const Selection& selection) {
        return statements([&](Built& built, const std::vector<std::string>& selects) {
            const bool open = waiting();
            const auto columns = "SELECT " + selection.columns + ", " +
                                 (open || due() ? "w.due_at" : "NULL") + ", u.name, ";
            const std::string work =
                open ? " LEFT JOIN flow_work w ON w.county = r.county AND w.id = r.id" : "";
            const std::string unit = " LEFT JOIN identity_unit u ON u.id = r.unit";
            built.statement.name = "record." + m_table.kind->name + ".list";
            if (selects.size() == 1) {
                built.statement.text = columns + key_column(m_walk) + " FROM " + m_walk.from +
                                       (due() ? "" : work) + unit + where_of(m_walk) +
                                       order_of(m_walk) + " LIMIT " + limit();
                return;
            }
            built.statement.text = columns + "p.k FROM (" + together(selects) + " ORDER BY k" +
                                   direction() + ", id" + direction() + " LIMIT " + page_limit() +
                                   ") p JOIN " + m_table.table +
                                   " r ON r.county = p.county AND r.id = p.id" + work + unit +
                                   " ORDER BY p.k" + direction() + ", p.id" + direction();
        });
    }

    std::vector<std::unique_ptr<Built>> counts() {
        m_counting = true;
        return statements([&](Built& built, const std::vector<std::string>& selects) {
            built.statement.name = "record." + m_table.kind->name + ".count";
            built.statement.text =
                "SELECT count(*) FROM (" + together(selects) + " LIMIT " + limit() + ") p";
        });
    }

 private:
    /// An area of another map is no part of the scope: one is walked, the other holds besides.
    void walk_map(const identity::Access& access) {
        m_parts = m_query.map ? parts_on(*m_query.map, m_table, *m_query.area)
                              : filed_parts(m_context, m_table, *m_query.area);
        if (access.any) {
            return;
        }
        auto scope = parts_of(m_context, m_table, access, std::nullopt);
        if (access.areas.empty()) {
            std::swap(scope, m_parts);
        }
        m_residuals.push_back(std::move(scope));
    }

    /// One walk: where it reads from, what holds there, and which table bears the sort key.
    struct Walk {
        std::string from, where, key;
    };

    template <class Finish>
    std::vector<std::unique_ptr<Built>> statements(Finish finish) {
        std::vector<std::unique_ptr<Built>> all;
        std::vector<std::string> selects;
        const auto flush = [&] {
            if (!selects.empty()) {
                finish(*all.back(), selects);
                selects.clear();
            }
        };
        const auto walk = [&](const auto& make) {
            if (selects.size() == selects_most) {
                flush();
            }
            if (selects.empty()) {
                all.push_back(std::make_unique<Built>());
                m_to = &all.back()->binder;
                m_shared = shared_conditions();
            }
            m_walk = make();
            selects.push_back(select(m_walk));
        };
        if (!m_query.words.empty()) {
            walk_words(walk);
        } else if (m_counting && doubled() && m_parts.size() * m_states.size() > selects_most) {
            for (const auto& [county, parts] : by_county(m_parts)) {
                walk([&] { return walk_county(county, parts); });
            }
        } else {
            walk_parts(walk);
        }
        flush();
        return all;
    }

    /// Whether a row may belong to several parts.
    bool doubled() const {
        return std::any_of(m_parts.begin(), m_parts.end(), [](const Part& part) {
            return !part.level() || !part.states.empty() || part.inherited;
        });
    }

    /// Whether each walk comes in the order of an index that has all it gives: then the database
    /// merges them as it goes, and no walk needs a limit of its own. PostgreSQL merges only what
    /// says its order.
    bool merged() const {
        return !m_counting && m_query.sort == Sort::created_at && m_query.words.empty() &&
               !doubled();
    }

    std::string together(const std::vector<std::string>& selects) const {
        const bool distinct = !m_query.words.empty() || doubled();
        std::string text;
        for (std::size_t i = 0; i < selects.size(); ++i) {
            text += i == 0 ? "" : distinct ? " UNION " : " UNION ALL ";
            text += "SELECT county, id, k FROM (" + selects[i] + ") s" + std::to_string(i);
        }
        return text;
    }

    std::string direction() const { return m_query.descending ? " DESC" : ""; }

    /// Few different texts, so that few statements are prepared.
    std::string page_limit() const {
        for (const int most : {50, 100, 200, 500}) {
            if (m_query.limit <= most) {
                return std::to_string(most + 1);
            }
        }
        return "1001";
    }
    std::string limit() const { return m_counting ? std::to_string(count_most + 1) : page_limit(); }

    std::string select(const Walk& walk) const {
        return "SELECT r.county AS county, r.id AS id, " + key_column(walk) + " AS k FROM " +
               walk.from + where_of(walk) + order_of(walk) + (merged() ? "" : " LIMIT " + limit());
    }

    std::string where_of(const Walk& walk) const {
        const auto key = key_column(walk);
        auto text = " WHERE " + walk.where + m_shared;
        if (m_cursor && !m_counting) {
            text += " AND (" + key + ", r.id) " + (m_query.descending ? "<" : ">") + " (" +
                    m_cursor_places + ")";
        }
        return text;
    }
    std::string order_of(const Walk& walk) const {
        if (m_counting) {
            return "";
        }
        return " ORDER BY " + key_column(walk) + direction() + ", " + walk.key + ".id" +
               direction();
    }

    /// What is empty comes last.
    std::string key_column(const Walk& walk) const {
        if (m_query.sort != Sort::field) {
            return walk.key + "." + name_of(m_query.sort);
        }
        const auto empty = m_query.descending ? "-9223372036854775807" : "9223372036854775807";
        return "COALESCE(r." + sql_name(m_table.field(m_query.sort_field).name) + ", " + empty +
               ")";
    }

    std::string bind(store::Param param) {
        const auto place = m_to->place();
        m_to->add(param);
        return place;
    }

    std::string states_in(const char* alias) { return state_in(*m_to, alias, m_states); }

    /// The states asked for, as far as a part holds in them.
    std::vector<std::string> states_of(const Part& part) const {
        auto states = m_states;
        std::erase_if(states, [&](const std::string& state) {
            return !part.states.empty() &&
                   std::find(part.states.begin(), part.states.end(), state) == part.states.end();
        });
        return states;
    }

    /// Whether something may wait in what is listed, so that it has a deadline.
    bool waiting() const {
        return m_table.kind->flow &&
               !std::all_of(m_states.begin(), m_states.end(), [&](const std::string& state) {
                   return rests(*m_table.kind, state);
               });
    }
    bool due() const { return m_query.sort == Sort::due_at; }
    std::string joined_work() const {
        return due() ? " JOIN flow_work w ON w.county = r.county AND w.id = r.id" : "";
    }
    const char* key() const { return due() ? "w" : "r"; }

    template <class F>
    void walk_parts(const F& walk) {
        for (const auto& part : m_parts) {
            const auto states = states_of(part);
            if (states.empty()) {
                continue;
            }
            const bool walked = part.by == Part::By::level || part.by == Part::By::lead;
            if (walked && due()) {
                for (const int rank : {0, 1}) {
                    walk([&] { return walk_work(part, states, rank); });
                }
            } else if (walked) {
                for (const auto& state : states) {
                    walk([&] { return walk_state(part, state); });
                }
            } else {
                walk([&] { return walk_few(part, states); });
            }
        }
    }

    /// By the index (county, level or unit, state, created_at, id).
    Walk walk_state(const Part& part, const std::string& state) {
        auto where = "r.county = " + bind(part.county);
        const auto what = condition(*m_to, m_table, part);
        where += (what.empty() ? "" : " AND " + what) + " AND r.state = " + m_to->place();
        m_to->keep(state);
        return {m_table.table + " r", where, "r"};
    }

    /// For counting over several statements, which together count no row twice.
    Walk walk_county(County county, const std::vector<Part>& parts) {
        auto where = "r.county = " + bind(county);
        where += " AND " + condition(*m_to, m_table, parts) + " AND " + states_in("r");
        return {m_table.table + " r" + joined_work(), where, key()};
    }

    /// By the flow's index (county, level or unit, rank, due_at, id).
    Walk walk_work(const Part& part, const std::vector<std::string>& states, int rank) {
        auto where = "w.county = " + bind(part.county);
        const auto what = condition(*m_to, m_table, part, "w");
        where += (what.empty() ? "" : " AND " + what) + " AND w.rank = " + bind(rank) +
                 " AND w.kind = " + bind(m_table.kind->name) + " AND " +
                 state_in(*m_to, "w", states);
        return {
            "flow_work w JOIN " + m_table.table + " r ON r.county = w.county AND r.id = w.id",
            where, "w"};
    }

    /// Own, or assisted: few rows of many, found by who.
    Walk walk_few(const Part& part, const std::vector<std::string>& states) {
        const auto rows = m_table.table + " r";
        if (part.by == Part::By::assist) {
            auto where = "p.county = " + bind(part.county) + " AND p.unit = " + bind(part.id) +
                         " AND p.kind = " + bind(m_table.kind->name) +
                         " AND p.role = 'assist' AND " + state_in(*m_to, "r", states) +
                         within(part);
            return {
                "flow_party p JOIN " + rows + " ON r.county = p.county AND r.id = p.record" +
                    joined_work(),
                where, key()};
        }
        auto where = "r.county = " + bind(part.county);
        where += " AND " + condition(*m_to, m_table, part) + " AND " + state_in(*m_to, "r", states);
        return {rows + joined_work(), where, key()};
    }

    std::string within(const Part& part) {
        Part area{Part::By::level,   part.county, part.within, part.within_column,
                  part.within_areas, "",          0,           {}};
        const auto text = condition(*m_to, m_table, area);
        return text.empty() ? "" : " AND " + text;
    }

    static std::map<County, std::vector<Part>> by_county(const std::vector<Part>& parts) {
        std::map<County, std::vector<Part>> counties;
        for (const auto& part : parts) {
            counties[part.county].push_back(part);
        }
        return counties;
    }

    /// Full text, and numbers and phones that are given whole (of a phone also the last four
    /// digits).
    template <class F>
    void walk_words(const F& walk) {
        const auto counties = by_county(m_parts);
        const auto query = store::text_query(m_context.tx.engine(), m_query.words);
        if (m_table.searched && !query.empty() && !counties.empty() && !hides_words()) {
            walk([&] { return walk_text(counties, query); });
        }
        for (const auto& [county, parts] : counties) {
            if (!m_table.number.empty()) {
                walk([&] {
                    return walk_equal(county, parts, "number", store::Param(m_query.words));
                });
            }
            for (const auto& [column, digest] : word_digests(m_context, m_table, m_query.words)) {
                walk([&] {
                    m_kept.push_back(digest);
                    return walk_equal(
                        county, parts, column, store::Param(store::Bytes{m_kept.back()})
                    );
                });
            }
        }
    }

    /// The index knows all words of a record: who must not see one of its fields cannot search by
    /// words (C17).
    bool hides_words() const {
        const auto rights =
            identity::list_rights(*m_context.caller, *m_table.kind, *m_context.tree).rights;
        const auto& fields = m_table.kind->fields;
        return std::any_of(fields.begin(), fields.end(), [&](const FieldSpec& field) {
            return field.search && rights.hidden.count(field.name) > 0;
        });
    }

    Walk walk_text(const std::map<County, std::vector<Part>>& counties, const std::string& query) {
        std::string in;
        for (const auto& [county, parts] : counties) {
            in += (in.empty() ? "" : ", ") + bind(county);
        }
        const auto reach = reach_of(m_parts);
        const int place = m_to->next();
        m_to->keep(query);
        const auto text =
            store::text_condition(m_context.tx.engine(), m_table.kind->name, "r", place);
        return {
            m_table.table + " r" + joined_work(),
            "r.county IN (" + in + ") AND " + text + " AND (" + reach + ") AND " + states_in("r"),
            key()};
    }

    Walk walk_equal(
        County county, const std::vector<Part>& parts, const std::string& column, store::Param value
    ) {
        auto where =
            "r.county = " + bind(county) + " AND r." + sql_name(column) + " = " + bind(value);
        where += " AND " + condition(*m_to, m_table, parts) + " AND " + states_in("r");
        return {m_table.table + " r" + joined_work(), where, key()};
    }

    /// Filters that hold in every walk; their parameters are bound once per statement.
    std::string shared_conditions() {
        std::string text;
        if (m_cursor && !m_counting) {
            const auto key_place = bind(m_cursor->key);
            m_cursor_places = key_place + ", " + bind(m_cursor->id);
        }
        if (m_query.from) {
            text += " AND r.created_at >= " + bind(*m_query.from);
        }
        if (m_query.to) {
            text += " AND r.created_at < " + bind(*m_query.to);
        }
        for (const auto& filter : m_query.filters) {
            text += " AND " + field_condition(filter);
        }
        text += flow_conditions(*m_to, m_table, m_query, m_context.now);
        if (m_query.view >= 0) {
            const auto& where = m_table.view_filters[static_cast<std::size_t>(m_query.view)];
            text += where ? " AND " + expression(*where) : "";
        }
        for (const auto& parts : m_residuals) {
            text += " AND " + reach_of(parts);
        }
        if (m_query.area && !m_query.as_filed) {
            text +=
                not_departed(*m_to, m_query.map ? *m_query.map : *m_context.tree, *m_query.area);
        }
        return text;
    }

    /// Condition that a row belongs to one of the parts, of whatever counties.
    std::string reach_of(const std::vector<Part>& parts) {
        std::string reach;
        for (const auto& [county, of_county] : by_county(parts)) {
            reach += (reach.empty() ? "((r.county = " : " OR (r.county = ") + bind(county) +
                     " AND " + condition(*m_to, m_table, of_county) + ")";
        }
        return reach.empty() ? "1 = 0" : reach + ")";
    }

    std::string expression(const catalogue::Expression& where) {
        const auto compiled = where.sql(m_to->next(), m_context.now);
        for (const auto& value : compiled.params) {
            if (const auto* text = value.as_text()) {
                m_to->keep(*text);
            } else if (const auto* n = value.as_int()) {
                m_to->add(*n);
            } else if (const auto* real = value.as_double()) {
                m_to->add(*real);
            } else if (const auto* flag = value.as_bool()) {
                m_to->add(*flag);
            } else {
                m_to->add(nullptr);
            }
        }
        return "(" + compiled.sql + ")";
    }

    std::string field_condition(const FieldFilter& filter) {
        const auto& field = m_table.field(filter.field);
        const auto column = "r." + sql_name(has_blind(field) ? field.name + "_blind" : field.name);
        if (filter.range) {
            std::string text = "(1 = 1";
            text += filter.least ? " AND " + column + " >= " + bind(*filter.least) : "";
            text += filter.most ? " AND " + column + " <= " + bind(*filter.most) : "";
            return text + ")";
        }
        std::string in;
        for (const auto& value : filter.values) {
            in += (in.empty() ? "" : ", ") + m_to->place();
            if (has_blind(field)) {
                m_kept.push_back(blind(m_context.core, m_table, filter.field, pack(value)));
                m_to->add(store::Bytes{m_kept.back()});
            } else {
                value.as_int() ? m_to->add(*value.as_int()) : m_to->add(*value.as_text());
            }
        }
        if (shape_of(field) != Shape::list) {
            return column + " IN (" + in + ")";
        }
        return "EXISTS (SELECT 1 FROM " + sql_name(m_table.kind->name + "_" + field.name) +
               " l WHERE l.county = r.county AND l.record = r.id AND l.value IN (" + in + "))";
    }

    const Context& m_context;
    const KindTable& m_table;
    const ListQuery& m_query;
    std::vector<std::string> m_states;
    std::vector<Part> m_parts;
    std::vector<std::vector<Part>> m_residuals;  ///< a row belongs to each of these besides
    bool m_counting = false;
    std::optional<Cursor> m_cursor;
    Binder* m_to = nullptr;
    Walk m_walk;  ///< the last one
    std::string m_shared, m_cursor_places;
    std::deque<std::string> m_kept;
};

void sort_rows(std::vector<ListRow>& rows, bool descending) {
    std::sort(rows.begin(), rows.end(), [&](const ListRow& a, const ListRow& b) {
        const auto left = std::pair(a.key, a.record.id.value),
                   right = std::pair(b.key, b.record.id.value);
        return descending ? left > right : left < right;
    });
    rows.erase(
        std::unique(
            rows.begin(), rows.end(),
            [](const ListRow& a, const ListRow& b) { return a.record.id == b.record.id; }
        ),
        rows.end()
    );
}

}  // namespace

Page list(
    const Context& c, const KindTable& table, const ListQuery& query, const Selection& selection
) {
    Page page;
    auto& rows = page.rows;
    rows.reserve(static_cast<std::size_t>(query.limit) + 1);
    Builder builder(c, table, query);
    const auto statements = builder.pages(selection);
    for (const auto& built : statements) {
        c.tx.query(built->statement, built->binder.params(), [&](const store::Row& row) {
            auto& one = rows.emplace_back();
            one.record = table.read(row, selection);
            const int after = selection.count;
            if (!row.null(after) && row.integer(after) < never.ms) {
                one.due_at = Instant{row.integer(after)};
            }
            one.unit_name = row.text(after + 1);
            one.key = row.integer(after + 2);
            return true;
        });
    }
    if (statements.size() > 1) {
        sort_rows(rows, query.descending);
    }
    const auto most = static_cast<std::size_t>(query.limit);
    if (rows.size() > most) {
        const auto& last = rows[most - 1];
        page.next =
            write_cursor(*c.core.parts.cipher, {last.key, last.record.id.value}, query.digest);
        rows.resize(most);
    }
    return page;
}

std::int64_t count(const Context& c, const KindTable& table, const ListQuery& query, bool& capped) {
    std::int64_t total = 0;
    Builder builder(c, table, query);
    for (const auto& built : builder.counts()) {
        c.tx.query(built->statement, built->binder.params(), [&](const store::Row& row) {
            total += row.integer(0);
            return false;
        });
        if (total > count_most) {
            break;
        }
    }
    capped = total > count_most;
    return std::min<std::int64_t>(total, count_most);
}

std::vector<std::string> explain(const Context& c, const KindTable& table, const ListQuery& query) {
    std::vector<std::string> lines;
    const bool sqlite = c.tx.engine() == store::Engine::sqlite;
    Builder builder(c, table, query);
    for (const auto& built : builder.pages(table.whole)) {
        const Statement plan{
            "record.explain",
            (sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + built->statement.text};
        c.tx.query(plan, built->binder.params(), [&](const store::Row& row) {
            lines.emplace_back(row.text(sqlite ? 3 : 0));
            return true;
        });
    }
    return lines;
}

}  // namespace linli::record
