// SPDX-License-Identifier: Apache-2.0
#include "store/fact.hpp"

#include <doctest/doctest.h>

#include "store/testing.hpp"

using namespace linli::store;

TEST_CASE("a fact is set anew, or once and for all") {
    testing::on_each_engine([](Database& db) {
        db.write_now([](Tx& tx) {
            CHECK_FALSE(fact(tx, "a"));
            set_fact(tx, "a", "1");
            set_fact(tx, "a", "2");
            CHECK(first_fact(tx, "a", "3") == "2");
            CHECK(first_fact(tx, "b", "4") == "4");
        });
        CHECK(db.read_now([](Tx& tx) { return fact(tx, "a"); }) == "2");
    });
}
