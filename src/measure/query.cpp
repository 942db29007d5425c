// SPDX-License-Identifier: Apache-2.0
#include "measure/query.hpp"

#include <algorithm>
#include <map>

#include "base/crypto.hpp"

namespace linli::measure {

namespace {

using catalogue::FieldType;
using Statement = CounterQuery::Statement;

std::string place(Statement& to, Value value) {
    to.params.push_back(std::move(value));
    return "$" + std::to_string(to.params.size());
}

std::vector<store::Param> bound(const Statement& statement) {
    std::vector<store::Param> params;
    for (const auto& one : statement.params) {
        if (const auto* text = one.as_text()) {
            params.emplace_back(*text);
        } else if (const auto* real = one.as_double()) {
            params.emplace_back(*real);
        } else if (const auto* yes = one.as_bool()) {
            params.emplace_back(*yes);
        } else if (const auto* n = one.as_int()) {
            params.emplace_back(*n);
        } else {
            params.emplace_back(nullptr);
        }
    }
    return params;
}

std::string column(const std::string& name) {
    return "r.\"" + name + "\"";
}

/// Stored form of the first moment of a month.
std::int64_t begin_of(Month month, bool instant) {
    const auto day = first_day(month);
    return instant ? start_of(day).ms : day.days;
}

/// The clock of the counter that is the newest of its name; it has stopped, perhaps in time.
std::string clock_condition(Statement& to, const catalogue::Counter& counter) {
    return " AND EXISTS (SELECT 1 FROM flow_clock c WHERE c.county = r.county AND c.record = r.id "
           "AND c.name = " +
           place(to, counter.clock) + " AND c.on_time " +
           (counter.on_time ? "= 1" : "IS NOT NULL") +
           " AND NOT EXISTS (SELECT 1 FROM flow_clock n WHERE n.county = c.county AND n.record = "
           "c.record AND n.name = c.name AND n.id > c.id))";
}

}  // namespace

CounterQuery::CounterQuery(const catalogue::Catalogue& catalogue, const catalogue::Counter& of)
    : counter(&of), kind(catalogue.kind(of.of)) {
    if (!of.stock) {
        date = of.date.empty() ? "created_at" : of.date;
        const auto* field = kind->field(date);
        instant = !field || field->type == FieldType::instant;
    }
    if (const auto* field = of.sum.empty() ? nullptr : kind->field(of.sum)) {
        const bool scaled = field->type == FieldType::decimal || field->type == FieldType::money;
        scale = scaled ? field->scale : 0;
    }
    for (const auto& field : kind->fields) {
        if (field.type == FieldType::ref && field.to == "person" && m_about.empty()) {
            m_about = field.name;
        }
    }
    if (of.where) {
        catalogue::ExpressionError error;
        m_where = catalogue::Expression::parse(
            of.where->text(), catalogue::symbols_of(catalogue, *kind, "r"), error
        );
        moves = m_where->sql(1, Instant{0}).params != m_where->sql(1, Instant{400 * day_ms}).params;
    }
    digest = to_hex(sha256(
        counting({}, Instant{0}).sql + "/" + (of.where ? of.where->text() : "") + "/" + of.clock
    ));
}

std::string CounterQuery::value() const {
    return counter->sum.empty() ? "1" : "COALESCE(" + column(counter->sum) + ", 0)";
}

std::string CounterQuery::source(Statement& to, const Part& part, Instant now) const {
    std::string text = " FROM \"" + kind->name + "\" r WHERE r.county = " + place(to, part.county) +
                       " AND r.state <> 'withdrawn'";
    if (m_where) {
        // By the day, so that a figure is the same whenever it is counted on one day.
        auto compiled =
            m_where->sql(static_cast<int>(to.params.size()) + 1, start_of(official_date(now)));
        text += " AND (" + compiled.sql + ")";
        to.params.insert(to.params.end(), compiled.params.begin(), compiled.params.end());
    }
    if (!counter->clock.empty()) {
        text += clock_condition(to, *counter);
    }
    if (part.area) {
        text += " AND r.area = " + place(to, part.area.value);
    }
    if (!date.empty()) {
        text += " AND " + column(date) + " IS NOT NULL";
    }
    if (!date.empty() && part.period) {
        text += " AND " + column(date) + " >= " + place(to, begin_of(part.period->from, instant));
        text += " AND " + column(date) + " < " + place(to, begin_of(part.period->to + 1, instant));
    }
    return text;
}

Statement CounterQuery::counting(const Part& part, Instant now) const {
    Statement to;
    const auto from = source(to, part, now);
    std::string groups = "r.area";
    for (const auto& one : counter->by) {
        groups += ", " + column(one);
    }
    const std::string day = instant ? "(" + column(date) + " + 28800000) / 86400000" : column(date);
    if (!date.empty()) {
        groups += ", " + day;
    }
    // A sum of 64-bit integers is a numeric on PostgreSQL.
    const auto sum = "CAST(SUM(" + value() + ") AS BIGINT)";
    to.sql = "SELECT " + groups + ", " + sum + ", COUNT(*)" + from + " GROUP BY " + groups;
    return to;
}

Statement CounterQuery::listing(
    const Part& part, const std::vector<AreaId>& areas, RecordId after, Instant now
) const {
    Statement to;
    auto from = source(to, part, now) + " AND r.id > " + place(to, after.value);
    std::string list;
    for (const auto area : areas) {
        list += (list.empty() ? "" : ", ") + place(to, area.value);
    }
    from += list.empty() ? "" : " AND r.area IN (" + list + ")";
    to.sql =
        "SELECT r.id, r.number, r.area, r.subdistrict, r.community, r.grid, r.state, "
        "r.created_by, " +
        (m_about.empty() ? "0" : column(m_about)) + ", " + value() + from + " ORDER BY r.id";
    return to;
}

std::vector<Counted> count(
    store::Tx& tx, const CounterQuery& query, const Part& part, Instant now
) {
    const auto statement = query.counting(part, now);
    const int breakdowns = static_cast<int>(query.counter->by.size());
    const bool dated = !query.date.empty();
    std::map<std::tuple<AreaId, std::string, Month>, Counted> found;
    tx.query(
        store::Sql{"measure.count", statement.sql}, bound(statement),
        [&](const store::Row& row) {
            Counted one;
            one.area.value = row.integer(0);
            for (int i = 1; i <= breakdowns; ++i) {
                one.breakdown += (i == 1 ? "" : "|") + std::string(row.text(i));
            }
            int at = breakdowns + 1;
            if (dated) {
                one.month = month_of(Date{static_cast<std::int32_t>(row.integer(at++))});
            }
            auto& sum = found[{one.area, one.breakdown, one.month}];
            one.value = sum.value + row.integer(at);
            one.records = sum.records + row.integer(at + 1);
            sum = std::move(one);
            return true;
        }
    );
    std::vector<Counted> result;
    for (auto& [key, one] : found) {
        if (one.value != 0 || one.records != 0) {
            result.push_back(std::move(one));
        }
    }
    return result;
}

void each_behind(
    store::Tx& tx, const CounterQuery&, const Statement& statement,
    const std::function<bool(const Behind&)>& f
) {
    tx.query(
        store::Sql{"measure.behind", statement.sql}, bound(statement),
        [&](const store::Row& row) {
            Behind one;
            one.id.value = row.integer(0);
            one.number = row.text(1);
            int at = 2;
            for (auto* id : {&one.area, &one.subdistrict, &one.community, &one.grid}) {
                id->value = row.integer(at++);
            }
            one.state = row.text(at);
            one.filed_by.value = row.integer(at + 1);
            one.about.value = row.integer(at + 2);
            one.value = row.integer(at + 3);
            return f(one);
        }
    );
}

std::vector<std::unique_ptr<CounterQuery>> queries_of(const catalogue::Catalogue& catalogue) {
    std::vector<std::unique_ptr<CounterQuery>> result;
    for (const auto& counter : catalogue.counters()) {
        if (counter.distinct.empty()) {
            result.push_back(std::make_unique<CounterQuery>(catalogue, counter));
        }
    }
    return result;
}

}  // namespace linli::measure
