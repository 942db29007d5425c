// SPDX-License-Identifier: Apache-2.0
// From kinds to tables: only adds. What would lose data is a written step of the catalogue
// (architecture §4).
#include <algorithm>
#include <map>
#include <stdexcept>

#include "record/record.hpp"
#include "record/table.hpp"
#include "store/text_index.hpp"

namespace linli::record {

namespace {

struct Column {
    std::string name, type;
};

const std::vector<Column>& kernel_columns() {
    static const std::vector<Column> columns{
        {"county", "INTEGER NOT NULL"},
        {"id", "BIGINT NOT NULL"},
        {"number", "TEXT"},
        {"area", "BIGINT NOT NULL"},
        {"subdistrict", "BIGINT"},
        {"community", "BIGINT"},
        {"grid", "BIGINT"},
        {"state", "TEXT NOT NULL"},
        {"version", "BIGINT NOT NULL"},
        {"flow_version", "INTEGER NOT NULL"},
        {"created_at", "BIGINT NOT NULL"},
        {"created_by", "BIGINT NOT NULL"},
        {"updated_at", "BIGINT NOT NULL"},
        {"updated_by", "BIGINT NOT NULL"},
        {"unit", "BIGINT"}};
    return columns;
}

std::vector<Column> field_columns(const FieldSpec& field) {
    switch (shape_of(field)) {
        case Shape::none:
            return {};
        case Shape::point:
            return {{field.name + "_lat", "INTEGER"}, {field.name + "_lon", "INTEGER"}};
        case Shape::sealed:
            if (!has_blind(field)) {
                return {{field.name, "BLOB"}};
            }
            return field.type == FieldType::phone
                       ? std::vector<Column>{{field.name, "BLOB"}, {field.name + "_blind", "BLOB"}, {field.name + "_tail", "BLOB"}}
                       : std::vector<Column>{{field.name, "BLOB"}, {field.name + "_blind", "BLOB"}};
        case Shape::list:
            return {{field.name, "TEXT"}};
        default:
            return {{field.name, rules_of(field.type).sql}};
    }
}

/// What was made before, by owner (table) and name; adds lines to `done` for what is made now.
class Builder {
 public:
    explicit Builder(store::Tx& tx) : m_tx(tx) {
        tx.each(
            store::Sql{
                "record.made",
                "SELECT owner, name, type FROM record_made WHERE county = 0 ORDER BY owner, name"},
            [&](const store::Row& row) {
                m_made[std::string(row.text(0))][std::string(row.text(1))] = row.text(2);
                return true;
            }
        );
    }

    void table(
        const std::string& name, const std::vector<Column>& columns, const std::string& key
    ) {
        if (m_made.count(name) == 0) {
            std::string sql = "CREATE TABLE " + sql_name(name) + " (";
            for (const auto& column : columns) {
                sql += sql_name(column.name) + " " + column.type + ", ";
            }
            m_tx.script(sql + "PRIMARY KEY (" + key + "))");
            for (const auto& column : columns) {
                remember(name, column.name, column.type);
            }
            done.push_back("table " + name + " made");
            return;
        }
        for (const auto& column : columns) {
            add_column(name, column);
        }
    }

    void index(
        const std::string& table, const std::string& name, const std::string& columns,
        bool unique = false
    ) {
        const auto full = table + "_" + name;
        const auto type = (unique ? "unique " : "") + columns;
        const auto& made = m_made[table];
        const auto found = made.find("index " + full);
        if (found != made.end()) {
            if (found->second != type) {
                throw std::runtime_error(
                    "index " + full + " was made over (" + found->second + ") and would now be (" +
                    type + "): write a catalogue step that drops it"
                );
            }
            return;
        }
        m_tx.script(
            std::string("CREATE ") + (unique ? "UNIQUE " : "") + "INDEX " + sql_name(full) +
            " ON " + sql_name(table) + " (" + columns + ")"
        );
        remember(table, "index " + full, type);
        done.push_back("index " + full + " made");
    }

    void text_index(const std::string& kind) {
        if (m_made[kind].count("text") == 0) {
            store::create_text_index(m_tx, kind);
            remember(kind, "text", "text");
            done.push_back("full-text index of " + kind + " made");
        }
    }

    std::vector<std::string> done;

 private:
    void add_column(const std::string& table, const Column& column) {
        const auto& made = m_made[table];
        const auto found = made.find(column.name);
        if (found == made.end()) {
            m_tx.script(
                "ALTER TABLE " + sql_name(table) + " ADD COLUMN " + sql_name(column.name) + " " +
                column.type
            );
            remember(table, column.name, column.type);
            done.push_back("column " + table + "." + column.name + " added");
        } else if (found->second != column.type) {
            throw std::runtime_error(
                "column " + table + "." + column.name + " is " + found->second +
                " in the database and would now be " + column.type +
                ": give the field another name, or write a catalogue step that converts it"
            );
        }
    }

    void remember(const std::string& owner, const std::string& name, const std::string& type) {
        m_tx.run(
            store::Sql{
                "record.remember",
                "INSERT INTO record_made (county, owner, name, type) VALUES (0, $1, $2, $3)"},
            owner, name, type
        );
        m_made[owner][name] = type;
    }

    store::Tx& m_tx;
    std::map<std::string, std::map<std::string, std::string>> m_made;
};

/// Lists at every level, own records, a unit's records: each has an index in the order in which it
/// is read.
void list_indexes(Builder& to, const catalogue::Catalogue& catalogue, const catalogue::Kind& kind) {
    const auto& name = kind.name;
    bool above = false, below = false;
    for (const auto& level : kind.levels) {
        above = above || level == "country" || level == "province" || level == "city";
        below = below || level == "subdistrict" || level == "community" || level == "grid" ||
                level == "compound" || level == "building";
    }
    for (const auto& [role, right] : kind.rights) {
        above = above || right.read == catalogue::Reach::path;
    }
    to.index(name, "by_county", "county, state, created_at, id");
    to.index(name, "by_update", "county, state, updated_at, id");
    to.index(name, "by_author", "county, created_by, created_at, id");
    if (below) {
        to.index(name, "by_subdistrict", "county, subdistrict, state, created_at, id");
        to.index(name, "by_community", "county, community, state, created_at, id");
    }
    if (above) {
        to.index(name, "by_area", "county, area, state, created_at, id");
    }
    if (kind.flow) {
        to.index(name, "by_unit", "county, unit, state, created_at, id");
    }
    const auto& counters = catalogue.counters();
    const bool counted = std::any_of(counters.begin(), counters.end(), [&](const auto& counter) {
        return counter.of == name;
    });
    if (counted) {  // one area is counted again
        to.index(name, "by_filing", "county, area, created_at, id");
    }
    if (!kind.number.empty()) {
        to.index(name, "by_number", "county, number", true);
    }
}

void field_indexes(Builder& to, const KindTable& table) {
    const auto& kind = *table.kind;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto& field = table.field(i);
        const bool sealed = has_blind(field);
        const auto column = sql_name(sealed ? field.name + "_blind" : field.name);
        if (field.unique) {
            to.index(kind.name, "one_" + field.name, "county, " + column, true);
        } else if (sealed) {
            to.index(kind.name, "by_" + field.name, "county, " + column);
        } else if (field.type == FieldType::ref && field.to != "area" && field.to != "account") {
            to.index(kind.name, "by_" + field.name, "county, " + column + ", created_at, id");
        }
        if (sealed && field.type == FieldType::phone) {
            to.index(
                kind.name, "by_" + field.name + "_tail", "county, " + sql_name(field.name + "_tail")
            );
        }
    }
}

}  // namespace

std::vector<std::string> apply(store::Tx& tx, const catalogue::Catalogue& catalogue) {
    Builder to(tx);
    for (const auto& kind : catalogue.kinds()) {
        auto columns = kernel_columns();
        for (const auto& field : kind.fields) {
            for (auto& column : field_columns(field)) {
                columns.push_back(std::move(column));
            }
        }
        to.table(kind.name, columns, "county, id");
        list_indexes(to, catalogue, kind);
        const KindTable table(catalogue, kind);
        field_indexes(to, table);
        for (const auto& link : table.links) {
            const auto name = kind.name + "_" + table.field(link.field).name;
            const bool ids = table.field(link.field).type == FieldType::refs;
            to.table(
                name,
                {{"county", "INTEGER NOT NULL"},
                 {"record", "BIGINT NOT NULL"},
                 {"value", ids ? "BIGINT NOT NULL" : "TEXT NOT NULL"}},
                "county, record, value"
            );
            to.index(name, "by_value", "county, value, record");
        }
        if (table.searched) {
            to.text_index(kind.name);
        }
    }
    return std::move(to.done);
}

}  // namespace linli::record
