// SPDX-License-Identifier: Apache-2.0
#include "store/text_index.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "store/testing.hpp"

using namespace linli;
using namespace linli::store;
using testing::on_each_engine;

namespace {

const std::vector<SchemaStep> notes{
    {"test", 1, "001_note.sql",
     "CREATE TABLE note (county INTEGER NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (county, id));"}};

void put(Database& db, std::int64_t id, const std::string& text) {
    db.write_now([&](Tx& tx) {
        tx.run(
            {"test.note", "INSERT INTO note (county, id) VALUES (1, $1) ON CONFLICT DO NOTHING"}, id
        );
        put_text(tx, "note", 1, RecordId{id}, search_tokens(text));
    });
}

std::vector<std::int64_t> find(Database& db, const std::string& words) {
    const auto sql = "SELECT n.id FROM note n WHERE n.county = $1 AND " +
                     text_condition(db.engine(), "note", "n", 2) + " ORDER BY n.id";
    const auto query = text_query(db.engine(), words);
    return db.read_now([&](Tx& tx) { return tx.all<std::int64_t>({"test.find", sql}, 1, query); });
}

using Found = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("words of any length are found, each as a phrase") {
    on_each_engine(notes, [](Database& db) {
        db.write_now([](Tx& tx) {
            create_text_index(tx, "note");
            create_text_index(tx, "note");
        });
        put(db, 1, "三号楼楼道灯坏了，老人需要陪护");
        put(db, 2, "申请陪同护理一次");
        put(db, 3, "12-3-201 室 WiFi 断了, Mr. O'Brien \\ \"quoted\"");
        put(db, 4, "住在𠮷野家旁，𪚲");
        struct Case {
            const char* words;
            Found found;
        };
        for (const auto& c : std::vector<Case>{
                 {"陪护", {1}},
                 {"楼道灯", {1}},
                 {"道", {1}},
                 {"陪", {1, 2}},
                 {"陪护 楼道", {1}},
                 {"楼道，陪护", {1}},
                 {"护陪", {}},
                 {"灯楼", {}},
                 {"陪护 申请", {}},
                 {"wifi", {3}},
                 {"WIFI 断了", {3}},
                 {"3-201", {3}},
                 {"3-202", {}},
                 {"O'Brien", {3}},
                 {"\"quoted\"", {3}},
                 {"𠮷野家", {4}},
                 {"𪚲", {4}},
                 {"野𪚲", {}}}) {
            CAPTURE(c.words);
            CHECK(find(db, c.words) == c.found);
        }
        for (const char* nothing : {"", " ", "，。", "' OR 1 = 1 --"}) {
            CHECK(
                text_query(db.engine(), nothing).empty() == (std::string_view(nothing).size() < 7)
            );
        }
        CHECK(find(db, "' OR 1 = 1 --").empty());
    });
}

TEST_CASE("changed and removed texts are found no more") {
    on_each_engine(notes, [](Database& db) {
        db.write_now([](Tx& tx) { create_text_index(tx, "note"); });
        put(db, 1, "楼道灯坏了");
        put(db, 2, "楼道灯不亮");
        put(db, 1, "电梯坏了");
        CHECK(find(db, "楼道灯") == Found{2});
        CHECK(find(db, "电梯") == Found{1});
        put(db, 2, "");
        CHECK(find(db, "楼道灯").empty());
        CHECK_THROWS(db.write_now([](Tx& tx) {
            put_text(tx, "note", 1, RecordId{1}, "回 滚");
            throw std::runtime_error("no");
        }));
        CHECK(find(db, "回滚").empty());
        CHECK(find(db, "电梯") == Found{1});
    });
}

TEST_CASE("very long texts and words are taken") {
    on_each_engine(notes, [](Database& db) {
        db.write_now([](Tx& tx) { create_text_index(tx, "note"); });
        std::string text(5000, 'x');
        for (int i = 0; i < 4000; ++i) {
            text += i % 2 ? "楼" : "道";
        }
        put(db, 1, text);
        CHECK(find(db, std::string(5000, 'x')) == Found{1});
        CHECK(find(db, "道楼道") == Found{1});
    });
}

TEST_CASE("a name that is no table is refused") {
    CHECK_THROWS_AS(text_condition(Engine::sqlite, "a; DROP", "n", 1), std::invalid_argument);
}
