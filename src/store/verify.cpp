// SPDX-License-Identifier: Apache-2.0
#include "store/verify.hpp"

#include "store/change.hpp"

namespace linli::store {

namespace {

void check_sqlite(Tx& tx, Check& check) {
    constexpr Sql sql{"store.integrity_check", "PRAGMA integrity_check(20)"};
    tx.each(sql, [&](const Row& row) {
        if (row.text(0) != "ok") {
            check.add("database", std::string(row.text(0)));
        }
        return true;
    });
    check.examined = tx.one<std::int64_t>({"store.page_count", "PRAGMA page_count"}).value_or(0);
}

void check_postgres(Tx& tx, Check& check) {
    constexpr Sql indexes{"store.broken_indexes", R"(
        SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
         WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace ORDER BY 1)"};
    tx.each(indexes, [&](const Row& row) {
        check.add("index " + std::string(row.text(0)), "is not valid; REINDEX it");
        return true;
    });
    constexpr Sql checksums{"store.checksum_failures", R"(
        SELECT COALESCE(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database())"};
    if (const auto failed = tx.one<std::int64_t>(checksums).value_or(0); failed > 0) {
        check.add("database", std::to_string(failed) + " pages failed their checksum");
    }
    constexpr Sql tables{"store.tables", R"(
        SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1)"};
    for (const auto& table : tx.all<std::string>(tables)) {
        // the size of a row is found by reading it
        const std::string text = "SELECT COUNT(pg_column_size(t.*)) FROM " + table + " t";
        check.examined += tx.one<std::int64_t>({"store.read_table", text}).value_or(0);
    }
}

}  // namespace

void Check::add(std::string where, std::string what) {
    constexpr std::size_t told = 20;
    ++wrong;
    if (findings.size() < told) {
        findings.push_back({std::move(where), std::move(what)});
    }
}

void check_storage(Tx& tx, Check& check) {
    tx.engine() == Engine::sqlite ? check_sqlite(tx, check) : check_postgres(tx, check);
}

void check_chain(Tx& tx, Check& check) {
    for (const auto& [county, position] : heads(tx)) {
        check.examined += position;
        if (const auto broken = find_broken_link(tx, county)) {
            check.add(
                "county " + std::to_string(county),
                "the chain of the change log breaks at position " + std::to_string(*broken)
            );
        }
    }
    constexpr Sql headless{"store.sealed_without_head", R"(
        SELECT DISTINCT c.county FROM store_change c
         WHERE c.position = 1 AND NOT EXISTS (SELECT 1 FROM store_head h WHERE h.county = c.county)
         ORDER BY c.county)"};
    check.add_rows(tx, headless, "county", "has sealed lines and no head of its chain");
}

}  // namespace linli::store
