// SPDX-License-Identifier: Apache-2.0
/// What a distributed PostgreSQL asks of the tables (architecture §9), read from the schema itself,
/// with a kind more than the catalogue has.
#include <doctest/doctest.h>

#include <algorithm>

#include "app/testing.hpp"
#include "base/text.hpp"

namespace linli::app::testing {

namespace {

/// Small shared tables, copied to every node.
bool is_reference(const std::string& table) {
    return table.starts_with("area_") || table.starts_with("identity_") ||
           table == "store_schema_step" || table == "store_fact";
}

struct Index {
    std::string table, name;
    bool primary = false;
    std::vector<std::string> columns;
};

template <class F>
void each_row(TestApp& app, const std::string& sql, F&& f) {
    app->database().read([&](store::Tx& tx) {
        tx.each(store::Sql{"test." + sql, sql}, [&](const store::Row& row) {
            f(row);
            return true;
        });
    });
}

/// Primary keys and unique indexes, columns in their order.
std::vector<Index> unique_indexes(TestApp& app) {
    const bool lite = app->database().engine() == store::Engine::sqlite;
    const std::string sql =
        lite ? "SELECT t.name, i.name, i.origin = 'pk', c.name FROM sqlite_schema t JOIN "
               "pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c WHERE t.type = "
               "'table' AND i.\"unique\" = 1 ORDER BY t.name, i.name, c.seqno"
             : "SELECT t.relname, i.relname, CASE WHEN x.indisprimary THEN 1 ELSE 0 END, a.attname "
               "FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = "
               "x.indexrelid JOIN pg_namespace n ON n.oid = t.relnamespace CROSS JOIN LATERAL "
               "unnest(x.indkey) WITH ORDINALITY AS k(attnum, place) JOIN pg_attribute a ON "
               "a.attrelid = t.oid AND a.attnum = k.attnum WHERE n.nspname = current_schema() AND "
               "x.indisunique ORDER BY t.relname, i.relname, k.place";
    std::vector<Index> found;
    each_row(app, sql, [&](const store::Row& row) {
        const std::string table(row.text(0)), name(row.text(1));
        if (found.empty() || found.back().table != table || found.back().name != name) {
            found.push_back({table, name, row.integer(2) != 0, {}});
        }
        found.back().columns.emplace_back(row.text(3));
    });
    if (lite) {  // a key of one integer is the table itself and has no index
        each_row(
            app,
            "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE "
            "t.type = 'table' AND c.pk = 1 AND lower(c.type) = 'integer' AND NOT EXISTS (SELECT 1 "
            "FROM pragma_index_list(t.name) i WHERE i.origin = 'pk') ORDER BY t.name",
            [&](const store::Row& row) {
                found.push_back({std::string(row.text(0)), "", true, {std::string(row.text(1))}});
            }
        );
    }
    return found;
}

std::vector<std::string> tables(TestApp& app) {
    std::vector<std::string> names;
    for (const auto& [name, rows] : app.row_counts()) {
        if (name.find("_text") == std::string::npos && !is_reference(name)) {
            names.push_back(name);
        }
    }
    return names;
}

}  // namespace

TEST_CASE("tables that grow have county first in every key, and nothing works behind their back") {
    const ExtraKind extra("lost_and_found");
    TestOptions options;
    options.catalogue = extra.folder;
    on_each_app(
        [](TestApp& app) {
            const auto indexes = unique_indexes(app);
            const auto names = tables(app);
            CHECK(std::count(names.begin(), names.end(), "lost_and_found") == 1);
            CHECK(names.size() > 20);
            for (const auto& table : names) {
                CAPTURE(table);
                const bool keyed = std::any_of(indexes.begin(), indexes.end(), [&](const Index& i) {
                    return i.table == table && i.primary;
                });
                CHECK(keyed);
            }
            for (const auto& index : indexes) {
                const bool grows = std::count(names.begin(), names.end(), index.table) > 0;
                // SQLite's full text needs a rowid of its own beside the key.
                const bool rowid = index.columns == std::vector<std::string>{"id"} &&
                                   app->database().engine() == store::Engine::sqlite;
                CAPTURE(index.table);
                CAPTURE(index.name);
                CAPTURE(join(index.columns, ","));
                CHECK((!grows || index.columns.front() == "county" || rowid));
            }
            const bool lite = app->database().engine() == store::Engine::sqlite;
            CHECK(
                app.integer(
                    lite ? "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'trigger'"
                         : "SELECT COUNT(*) FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid "
                           "JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = "
                           "current_schema()"
                ) == 0
            );
            CHECK(
                app.integer(
                    lite ? "SELECT COUNT(*) FROM sqlite_schema t JOIN "
                           "pragma_foreign_key_list(t.name) f WHERE t.type = 'table'"
                         : "SELECT COUNT(*) FROM pg_constraint c JOIN pg_namespace n ON n.oid = "
                           "c.connamespace WHERE n.nspname = current_schema() AND c.contype = 'f'"
                ) == 0
            );
        },
        options
    );
}

TEST_CASE("every field of every kind has a class (C48)") {
    TestApp app;
    for (const auto& kind : app->catalogue().kinds()) {
        for (const auto& field : kind.fields) {
            CAPTURE(kind.name);
            CAPTURE(field.name);
            CHECK_FALSE(std::string(name_of(field.data_class)).empty());
            // A number that a service is called by is published; there is nothing in between.
            const bool published = field.type == catalogue::FieldType::phone &&
                                   field.data_class == catalogue::Class::public_;
            const bool secret = field.type == catalogue::FieldType::phone ||
                                field.type == catalogue::FieldType::id_number;
            CHECK((!secret || published || field.data_class == catalogue::Class::sensitive));
        }
    }
}

}  // namespace linli::app::testing
