// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Sums by key over many rows. PostgreSQL adds up in a table of its own memory; SQLite would sort
/// every row first, so its rows are added up here instead: three times as fast.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "store/store.hpp"

namespace linli::store {

struct SumQuery {
    std::string_view name;
    std::vector<std::string> keys;     ///< columns of whole numbers, three at most
    std::vector<std::string> numbers;  ///< what is added up: expressions, four at most
    std::string from;                  ///< "flow_done WHERE ..."
};
struct Sum {
    std::array<std::int64_t, 3> key{};
    std::array<std::int64_t, 4> numbers{};
};
/// In no order.
std::vector<Sum> sums_in(Tx&, const SumQuery&, std::span<const Param>);

template <class... A>
std::vector<Sum> sums(Tx& tx, const SumQuery& query, const A&... a) {
    const Param params[sizeof...(A) + 1] = {Param(a)...};
    return sums_in(tx, query, {params, sizeof...(A)});
}

}  // namespace linli::store
