// SPDX-License-Identifier: Apache-2.0
/// What makes one installation: its key, its database, its tree.
#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "app/commands.hpp"
#include "app/demo.hpp"
#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

std::string text_in(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A folder and a database that outlive the servers of a test.
struct Place {
    explicit Place(store::Engine engine) {
        options.engine = engine;
        options.data = folder;
        if (engine == store::Engine::postgres) {
            scratch = std::make_unique<store::testing::ScratchPostgres>();
        }
        options.db = scratch ? scratch->url() : (folder / "linli.db").string();
    }
    ~Place() { std::filesystem::remove_all(folder); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    Settings settings() const {
        Settings all;
        all.db = options.db;
        all.data = folder;
        all.catalogue = catalogue_folder();
        all.store.unsafe_durability = true;
        return all;
    }
    std::filesystem::path folder = fresh_folder("installation");
    std::unique_ptr<store::testing::ScratchPostgres> scratch;
    TestOptions options;
};

/// Why the server does not start; "" if it does.
std::string refused(const Place& place) {
    ManualTime time(*parse_instant("2025-05-08T01:00:00Z"));
    SeededRandom random(1);
    try {
        Application(place.settings(), time, random);
        return {};
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("two installations never share the key of the sensitive fields, whatever is seeded") {
    std::vector<std::string> keys;
    for (int i = 0; i < 2; ++i) {
        TestApp app;
        keys.push_back(text_in(app.data() / "keys" / "field.key"));
        CHECK(keys.back().size() == 65);
    }
    CHECK(keys[0] != keys[1]);
}

TEST_CASE("a lost or a wrong key of the sensitive fields is noticed at the start") {
    for (const auto engine : store::testing::engines()) {
        const Place place(engine);
        const auto path = place.folder / "keys" / "field.key", away = place.folder / "away";
        REQUIRE(refused(place).empty());
        std::filesystem::rename(path, away);
        CHECK(refused(place).find("is missing") != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(path));
        std::ofstream(path) << std::string(64, 'a') << "\n";
        CHECK(refused(place).find("is not the key") != std::string::npos);
        std::ofstream(path) << "nothing\n";
        CHECK(refused(place).find("holds no key") != std::string::npos);
        std::filesystem::rename(away, path);
        CHECK(refused(place).empty());
    }
}

TEST_CASE("an interrupted demo removes no database but its own") {
    const Place place(store::Engine::sqlite);
    std::ofstream(place.options.db) << "another's";
    std::ofstream(place.folder / "demo.incomplete") << "/elsewhere/linli.db\n";
    CHECK_THROWS_AS(fill_demo_if_empty(place.settings(), 1, {0, 0}, {}), std::runtime_error);
    CHECK(text_in(place.options.db) == "another's");
    CHECK(std::filesystem::exists(place.folder / "demo.incomplete"));
}

TEST_CASE("the same seed and end make the same demo, under whatever key") {
    static constexpr int requests = 60, persons = 200;
    const auto rows_of = [](const std::string& sql) {
        const Place place(store::Engine::sqlite);
        auto settings = place.settings();
        REQUIRE(fill_demo_if_empty(
            settings, 5, {requests, persons}, *parse_instant("2025-05-08T01:00:00Z")
        ));
        TestApp app(place.options);
        CHECK(app.integer("SELECT count(*) FROM request") == requests);
        CHECK(app.integer("SELECT count(*) FROM identity_account WHERE demo = 1") == 77);
        CHECK(app.integer("SELECT count(*) FROM ledger_task") == 72 + 123);
        CHECK(app.integer("SELECT count(*) FROM notice") == 26);
        CHECK(app.integer("SELECT count(*) FROM notice WHERE state = 'published'") == 23);
        CHECK(app.integer("SELECT count(DISTINCT county) FROM notice") == 5);
        CHECK(app.integer("SELECT count(*) FROM duty_shift WHERE state = 'on_duty'") == 5);
        CHECK(app.integer("SELECT count(*) FROM consultation WHERE state = 'closed'") == 5);
        CHECK(app.integer("SELECT count(*) FROM good_practice WHERE state <> 'draft'") == 5);
        return app->database().read_now([&](store::Tx& tx) {
            return tx.all<std::string>(store::Sql{"test.rows", sql});
        });
    };
    const std::string sql = R"(
        SELECT 'r' || county || ' ' || number || ' ' || state || ' ' || category || ' ' ||
               description || ' ' || created_at || ' ' || updated_at AS text FROM request
         UNION ALL
        SELECT 'h' || county || ' ' || at || ' ' || kind || ' ' || version || ' ' || as_role ||
               ' ' || action || ' ' || reason || ' ' || result FROM record_history
         UNION ALL
        SELECT 'c' || county || ' ' || at || ' ' || kind || ' ' || version || ' ' || action ||
               ' ' || state_after || ' ' || fields FROM store_change WHERE at < 1746666000000
         UNION ALL
        SELECT 'n' || number || ' ' || subject || ' ' || state || ' ' || valid_from || ' ' ||
               updated_at FROM notice
         ORDER BY text)";
    const auto first = rows_of(sql);
    CHECK(first.size() > 5 * requests);
    CHECK(rows_of(sql) == first);
}

TEST_CASE("a running server sees the areas that a command imports, and the log tells of it") {
    for (const auto engine : store::testing::engines()) {
        const Place place(engine);
        TestApp app(place.options);
        app->start();
        const auto sheet = place.folder / "areas.csv";
        const auto& subdistrict = app.city().counties[0].subdistricts[0];
        const auto code = subdistrict.code.substr(0, 9) + "399";
        std::ofstream(sheet) << "code,parent,name\n"
                             << code << "," << subdistrict.code << ",新社区居委会\n";
        REQUIRE(area_import(place.settings(), sheet, "2025-05-08", false) == 0);
        bool seen = false;
        for (int i = 0; i < 500 && !seen; ++i) {
            seen = app->areas().today()->find_code(code) != nullptr;
            if (!seen) {
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            }
        }
        CHECK(seen);
        CHECK(
            app.integer("SELECT count(*) FROM store_change WHERE kind = 'area' AND action = "
                        "'import' AND detail LIKE '1 added,%'") == 1
        );
    }
}

}  // namespace linli::app::testing
