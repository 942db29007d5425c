// SPDX-License-Identifier: Apache-2.0
#include "store/sums.hpp"

#include <doctest/doctest.h>

#include <map>

#include "store/testing.hpp"

using namespace linli;
using namespace linli::store;

TEST_CASE("sums by key are those of adding up row by row, on both engines") {
    const std::vector<SchemaStep> steps{
        {"test", 1, "sale", "CREATE TABLE sale (shop INTEGER, week INTEGER, pieces BIGINT);"}};
    testing::on_each_engine(steps, [](Database& db) {
        std::map<std::pair<int, int>, std::pair<std::int64_t, std::int64_t>> expected;
        db.write_now([&](Tx& tx) {
            for (int i = 0; i < 1000; ++i) {
                const int shop = i % 7, week = i % 13 - 6;
                const std::int64_t pieces = std::int64_t{i} << 30;
                tx.post({"test.sell", "INSERT INTO sale VALUES ($1, $2, $3)"}, shop, week, pieces);
                if (shop > 1) {
                    expected[{shop, week}].first += 1;
                    expected[{shop, week}].second += pieces;
                }
            }
        });
        const auto found = db.read_now([](Tx& tx) {
            return sums(
                tx, {"test.sums", {"shop", "week"}, {"1", "pieces"}, "sale WHERE shop > $1"}, 1
            );
        });
        CHECK(found.size() == expected.size());
        for (const auto& one : found) {
            const auto& [rows, pieces] =
                expected.at({static_cast<int>(one.key[0]), static_cast<int>(one.key[1])});
            CHECK(one.numbers[0] == rows);
            CHECK(one.numbers[1] == pieces);
        }
        CHECK(db.read_now([](Tx& tx) {
                    return sums(tx, {"test.none", {"shop"}, {"1"}, "sale WHERE shop > $1"}, 99);
                }).empty());
    });
}
