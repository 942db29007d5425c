// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What `linli verify` looks at and what it found. Checks read only.
#include <cstdint>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "store/store.hpp"

namespace linli::store {

struct Finding {
    std::string where;  ///< "request 8254…", "county 3", "blobs/ab/ab12…"
    std::string what;   ///< one sentence
    static constexpr auto fields =
        std::tuple{field("where", &Finding::where), field("what", &Finding::what)};
};

/// One check on its way: the first findings are kept, all are counted.
struct Check {
    std::string name;
    std::int64_t examined = 0, wrong = 0;
    std::vector<Finding> findings;

    void add(std::string where, std::string what);
    /// A finding per row of (id, words): `noun` and the id say where.
    template <class... A>
    void add_rows(
        Tx& tx, const Sql& sql, const std::string& noun, const std::string& what, const A&... a
    ) {
        tx.each(
            sql,
            [&](const Row& row) {
                add(noun + " " + std::to_string(row.integer(0)), what);
                return true;
            },
            a...
        );
    }
};

/// SQLite: its own integrity check. PostgreSQL: every table is read, indexes are valid, no page
/// failed its checksum.
void check_storage(Tx&, Check&);
/// The chain of every county up to its head, and that no sealed line lies beyond it.
void check_chain(Tx&, Check&);

}  // namespace linli::store
