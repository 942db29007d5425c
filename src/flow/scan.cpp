// SPDX-License-Identifier: Apache-2.0
#include "flow/scan.hpp"

#include <algorithm>

namespace linli::flow {
namespace {

/// The text of a scan with its parameters; names of columns are constants, everything else is
/// bound.
class Statement {
 public:
    explicit Statement(std::string text) : m_text(std::move(text)) {}
    Statement& add(std::string_view text) {
        m_text += text;
        return *this;
    }
    Statement& bind(store::Param value) {
        m_params.push_back(value);
        m_text += "$" + std::to_string(m_params.size());
        return *this;
    }
    template <class Read>
    void run(store::Tx& tx, Read read) const {
        tx.query({"flow.inbox", m_text}, m_params, [&](const store::Row& row) {
            read(row);
            return true;
        });
    }

 private:
    std::string m_text;
    std::vector<store::Param> m_params;
};

std::string work_columns() {
    std::string text;
    each_field<Work>([&](const auto& f) {
        text += (text.empty() ? "" : ", ") + std::string(f.name);
    });
    return text;
}

void add_stages(Statement& sql, const std::vector<Stage>& stages) {
    sql.add(" AND (");
    for (std::size_t i = 0; i < stages.size(); ++i) {
        sql.add(i ? " OR (kind = " : "(kind = ").bind(*stages[i].kind);
        sql.add(" AND flow_version = ").bind(stages[i].version);
        sql.add(" AND state = ").bind(*stages[i].state).add(")");
    }
    sql.add(")");
}

void add_kinds(Statement& sql, const std::vector<const std::string*>& kinds) {
    sql.add(" AND kind IN (");
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        sql.add(i ? ", " : "").bind(*kinds[i]);
    }
    sql.add(")");
}

}  // namespace

Search::Search(store::Tx& tx, const Ground& ground, const InboxQuery& query)
    : m_tx(tx), m_query(query) {
    if (query.area) {
        m_narrow = slices(*ground.tree, *query.area);
        const auto more = inherited_slices(*ground.tree, *query.area);
        m_narrow.insert(m_narrow.end(), more.begin(), more.end());
    }
}

void Search::run(const Scan& scan) {
    if ((scan.stages && scan.stages->empty()) || (scan.kinds && scan.kinds->empty())) {
        return;
    }
    if (!m_query.area) {
        return run(scan, nullptr);
    }
    for (const auto& narrow : m_narrow) {
        if (narrow.county == scan.slice.county) {
            run(scan, &narrow);
        }
    }
}

std::vector<Work> Search::take() {
    const auto key = [](const Work& w) { return std::tuple(w.rank, w.due_at, w.id); };
    std::sort(m_found.begin(), m_found.end(), [&](const Work& a, const Work& b) {
        return key(a) < key(b);
    });
    const auto same = [](const Work& a, const Work& b) { return a.id == b.id; };
    m_found.erase(std::unique(m_found.begin(), m_found.end(), same), m_found.end());
    if (m_found.size() > static_cast<std::size_t>(m_query.limit)) {
        m_found.resize(static_cast<std::size_t>(m_query.limit));
    }
    return std::move(m_found);
}

void Search::run(const Scan& scan, const Slice* narrow) {
    static const std::string all = work_columns(), brief = "id, rank, due_at";
    Statement sql("SELECT " + (m_query.brief ? brief : all) + " FROM ");
    if (scan.assisting) {
        // From the few that the unit assists to their rows, not the other way round.
        sql.add("(SELECT record FROM flow_party WHERE county = ").bind(scan.slice.county);
        sql.add(" AND unit = ").bind(scan.assisting);
        sql.add(
            " AND role = 'assist' AND open = 1) assisted CROSS JOIN flow_work WHERE id = record "
            "AND county = "
        );
    } else {
        sql.add("flow_work WHERE county = ");
    }
    sql.bind(scan.slice.county);
    for (const auto* slice : {&scan.slice, narrow}) {
        if (slice && *slice->column) {
            sql.add(" AND ").add(slice->column).add(" = ").bind(slice->value);
        }
    }
    sql.add(scan.also);
    if (scan.stages) {
        add_stages(sql, *scan.stages);
    }
    if (scan.kinds) {
        add_kinds(sql, *scan.kinds);
    }
    const auto& after = m_query.after;
    sql.add(" AND (rank, due_at, id) > (").bind(after.rank).add(", ").bind(after.due_at).add(", ");
    sql.bind(after.id).add(") ORDER BY rank, due_at, id LIMIT ").bind(m_query.limit);
    sql.run(m_tx, [&](const store::Row& row) {
        if (!m_query.brief) {
            m_found.push_back(store::read_row<Work>(row));
            return;
        }
        auto& work = m_found.emplace_back();
        work.id.value = row.integer(0);
        work.rank = static_cast<int>(row.integer(1));
        work.due_at.ms = row.integer(2);
    });
}

}  // namespace linli::flow
