// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "store/testing.hpp"

using namespace linli;
using namespace linli::store;
using testing::on_each_engine;

namespace {

std::vector<SchemaStep> with(std::vector<SchemaStep> steps) {
    auto all = schema();
    all.insert(all.end(), steps.begin(), steps.end());
    return all;
}

const SchemaStep first{"test", 1, "001_a.sql", "CREATE TABLE test_a (id BIGINT, data BLOB);"};
const SchemaStep second{
    "test", 2, "002_b.sql", "ALTER TABLE test_a ADD COLUMN blobby TEXT DEFAULT 'BLOBS';"};

void refused(Database& db, const std::vector<SchemaStep>& steps, const std::string& word) {
    try {
        db.migrate(steps);
        FAIL("was accepted");
    } catch (const std::exception& e) {
        const std::string what = e.what();
        CAPTURE(what);
        CHECK(what.find(word) != std::string::npos);
    }
}

}  // namespace

TEST_CASE("a newer schema, an edited step and a doubled number are refused") {
    on_each_engine([](Database& db) {
        db.migrate(with({first, second}));
        db.migrate(with({first, second}));
        refused(db, with({first}), "test/schema/002_b.sql, which this program does not know");
        auto edited = first;
        edited.sql += " -- better";
        refused(db, with({edited, second}), "test/schema/001_a.sql differs");
        refused(db, with({first, first, second}), "the number of another one");
    });
}

TEST_CASE("later steps are run on what is there") {
    on_each_engine([](Database& db) {
        db.migrate(with({first}));
        db.write_now([](Tx& tx) { tx.run({"test.a", "INSERT INTO test_a (id) VALUES (1)"}); });
        db.migrate(with({first, second}));
        const auto text = db.read_now([](Tx& tx) {
            return tx.one<std::string>({"test.read", "SELECT blobby FROM test_a WHERE id = 1"});
        });
        CHECK(text == "BLOBS");
    });
}

TEST_CASE("a failing step is named and leaves nothing behind") {
    on_each_engine([](Database& db) {
        const SchemaStep broken{
            "test", 1, "001_a.sql",
            "CREATE TABLE test_a (id BIGINT); CREATE TABEL test_b (id BIGINT);"};
        refused(db, with({broken}), "schema step test/schema/001_a.sql failed");
        CHECK_NOTHROW(db.migrate(with({first})));
    });
}
