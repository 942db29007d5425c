// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Numbered schema steps of a room: src/<room>/schema/NNN_*.sql, built in by
/// tools/embed-schema.cmake, never edited once released. Types: BIGINT, INTEGER, DOUBLE PRECISION,
/// TEXT, BLOB (BYTEA on PostgreSQL). No triggers; county first in every key of a table that grows.
#include <string>
#include <vector>

namespace linli::store {

struct SchemaStep {
    std::string room;
    int number = 0;
    std::string name;
    std::string sql;
};

std::vector<SchemaStep> schema(
);  ///< the store's own; every room with tables has a function of this name

}  // namespace linli::store
