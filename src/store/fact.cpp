// SPDX-License-Identifier: Apache-2.0
#include "store/fact.hpp"

namespace linli::store {

std::optional<std::string> fact(Tx& tx, const std::string& name) {
    constexpr Sql sql{"store.fact", "SELECT value FROM store_fact WHERE name = $1"};
    return tx.one<std::string>(sql, name);
}

void set_fact(Tx& tx, const std::string& name, const std::string& value) {
    constexpr Sql sql{"store.set_fact", R"(
        INSERT INTO store_fact (name, value) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value)"};
    tx.run(sql, name, value);
}

std::string first_fact(Tx& tx, const std::string& name, const std::string& value) {
    constexpr Sql sql{"store.first_fact", R"(
        INSERT INTO store_fact (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING)"};
    tx.run(sql, name, value);
    return fact(tx, name).value();
}

}  // namespace linli::store
