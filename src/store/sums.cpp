// SPDX-License-Identifier: Apache-2.0
#include "store/sums.hpp"

#include <unordered_map>

#include "base/text.hpp"

namespace linli::store {

namespace {

struct KeyHash {
    std::size_t operator()(const std::array<std::int64_t, 3>& key) const {
        std::uint64_t hash = 0;
        for (const auto part : key) {
            hash = (hash ^ static_cast<std::uint64_t>(part)) * 0x9e3779b97f4a7c15;
            hash ^= hash >> 32;
        }
        return hash;
    }
};

Sum read_sum(const Row& row, const SumQuery& query) {
    Sum sum;
    int column = 0;
    for (std::size_t i = 0; i < query.keys.size(); ++i) {
        sum.key[i] = row.integer(column++);
    }
    for (std::size_t i = 0; i < query.numbers.size(); ++i) {
        sum.numbers[i] = row.integer(column++);
    }
    return sum;
}

}  // namespace

std::vector<Sum> sums_in(Tx& tx, const SumQuery& query, std::span<const Param> params) {
    const bool sqlite = tx.engine() == Engine::sqlite;
    const auto keys = join(query.keys, ", ");
    auto text = "SELECT " + keys;
    for (const auto& number : query.numbers) {
        text += sqlite ? ", " + number : ", SUM(" + number + ")";
    }
    text += " FROM " + query.from + (sqlite ? "" : " GROUP BY " + keys);
    std::vector<Sum> all;
    std::unordered_map<std::array<std::int64_t, 3>, std::size_t, KeyHash> places;
    tx.query({query.name, text}, params, [&](const Row& row) {
        const auto one = read_sum(row, query);
        const auto [place, fresh] = places.try_emplace(one.key, all.size());
        if (fresh) {
            all.push_back(one);
            return true;
        }
        auto& to = all[place->second].numbers;
        for (std::size_t i = 0; i < to.size(); ++i) {
            to[i] += one.numbers[i];
        }
        return true;
    });
    return all;
}

}  // namespace linli::store
