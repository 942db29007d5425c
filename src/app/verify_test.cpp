// SPDX-License-Identifier: Apache-2.0
/// `linli verify` finds nothing after honest work, and names every kind of damage (C84).
#include "app/verify.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

/// A database on disk with requests on all their ways.
struct House {
    TestOptions options;
    std::unique_ptr<TestApp> app;

    explicit House(store::Engine engine) {
        options.engine = engine;
        options.data = fresh_folder("verify");
        if (engine == store::Engine::sqlite) {
            options.db = options.data / "linli.db";
        }
        app = std::make_unique<TestApp>(options);
    }
    ~House() {
        app.reset();
        std::filesystem::remove_all(options.data);
    }
    House(const House&) = delete;
    House& operator=(const House&) = delete;

    Client desk() { return app->as("community_desk", app->community().id); }
    std::string file() {
        return app->file_request(
                      desk(), app->community().id, obj({{"phone", "13800138000"}})
        ).text("id");
    }
    void act(const std::string& id, const std::string& action, const Value& body = obj({})) {
        const auto reply = desk().act("request", id, action, body);
        REQUIRE_MESSAGE(reply.ok(), reply.body);
    }
    void upload(const std::string& id, const std::string& bytes) {
        const auto reply = desk().send(
            "POST", "/api/records/request/" + id + "/files?field=photos&name=a.png",
            "\x89PNG\r\n\x1a\n" + bytes, {{"content-type", "image/png"}}
        );
        REQUIRE_MESSAGE(reply.ok(), reply.body);
    }
    void run(std::string sql, const std::string& id) {
        for (auto at = sql.find("ID"); at != std::string::npos; at = sql.find("ID", at)) {
            sql.replace(at, 2, id);
        }
        (*app)->database().write_now([&](store::Tx& tx) { tx.script(sql); });
    }
    /// "check: where: what", a line each; all findings are among the first of their check.
    std::string findings() {
        Settings settings;
        settings.data = options.data;
        settings.db = app->postgres() ? app->postgres()->url() : options.db;
        settings.catalogue = catalogue_folder();
        settings.store.silence_ms = 1;  // of a server: verify reads as long as it takes
        std::string text;
        for (const auto& check : verify(settings, [](const store::Check&, double) {}).checks) {
            for (const auto& finding : check.findings) {
                text += check.name + ": " + finding.where + ": " + finding.what + "\n";
            }
        }
        return text;
    }
};

template <class F>
void in_house(F&& body) {
    for (const auto engine : store::testing::engines()) {
        House house(engine);
        body(house);
    }
}

bool holds(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("nothing is wrong after honest work") {
    in_house([](House& house) {
        const auto accept = obj({{"fields", obj({{"handling", "immediate"}})}});
        for (int i = 0; i < 3; ++i) {
            house.file();
        }
        const auto first = house.file(), second = house.file(), third = house.file();
        house.act(first, "accept", accept);
        house.upload(first, "a picture");
        house.act(
            first, "resolve", obj({{"result", "done"}, {"evidence", obj({{"word", "yes"}})}})
        );
        house.act(second, "accept", accept);
        const auto path = "/api/records/request/" + third;
        const auto gone = house.desk().send(
            "DELETE", path + "?reason=twice", {},
            {{"If-Match", house.desk().get(path).header("ETag")}}
        );
        CHECK_MESSAGE(gone.status < 500, gone.body);
        house.app->advance(30 * day_ms, day_ms);
        CHECK(house.findings() == "");
        house.app->index();
        CHECK(house.findings() == "");
        CHECK(house.app->integer("SELECT COUNT(*) FROM flow_done") >= 1);
    });
}

TEST_CASE("each kind of damage in the database is found and named") {
    struct Damage {
        const char* sql;
        std::vector<const char*> found;
    };
    const std::vector<Damage> all{
        {"UPDATE request SET state = 'accepted' WHERE id = ID",
         {"records: request ID: is in state accepted, but in state submitted among what is open"}},
        {"UPDATE request SET state = 'nowhere' WHERE id = ID",
         {"records: request ID: is in state nowhere, which its flow does not know"}},
        {"UPDATE request SET description = 'forged' WHERE id = ID",
         {"records: request ID: is not what the change log has the digest of"}},
        {"DELETE FROM flow_work WHERE id = ID",
         {"records: request ID: is in state submitted, but has no row among what is open",
          "work: record ID: a clock of it goes on though it is not open",
          "work: record ID: a timer of it waits though it is not open"}},
        {"UPDATE request SET state = 'closed' WHERE id = ID",
         {"records: request ID: is in state closed and yet among what is open",
          "records: request ID: is in state closed, but has no row among what is over"}},
        {"DELETE FROM record_history WHERE record = ID",
         {"records: request ID: is at version 1; its history has 0 versions up to 0"}},
        {"UPDATE request SET version = 7 WHERE id = ID",
         {"records: request ID: is at version 7; its history has 1 versions up to 1",
          "records: request ID: the change log has no line of its version"}},
        {"UPDATE request SET area = 1 WHERE id = ID",
         {"records: request ID: its area does not exist"}},
        {"UPDATE request SET unit = 1 WHERE id = ID",
         {"records: request ID: its unit in charge does not exist"}},
        {"DELETE FROM request WHERE id = ID",
         {"records: request ID: is in inboxes, but there is no such record",
          "records: request ID: has a clock, but there is no such record",
          "records: request ID: has a history, but there is no such record"}},
        {"UPDATE flow_work SET due_at = due_at - 1 WHERE id = ID",
         {"work: record ID: is not due when the earliest of its running clocks is"}},
        {"DELETE FROM flow_party WHERE record = ID",
         {"work: record ID: its unit in charge is not among its parties"}},
        {"UPDATE flow_party SET unit = 1 WHERE record = ID",
         {"work: record ID: a unit among its parties does not exist"}},
        {"DELETE FROM flow_timer WHERE record = ID",
         {"timers: record ID: clock accept waits for 0 % where 50 % is next"}},
        {"UPDATE flow_timer SET clock = 5 WHERE record = ID",
         {"timers: record ID: a timer waits for a clock that does not run"}}};
    in_house([&](House& house) {
        for (const auto& damage : all) {
            CAPTURE(damage.sql);
            const auto id = house.file();
            house.run(damage.sql, id);
            const auto found = house.findings();
            CAPTURE(found);
            for (std::string words : damage.found) {
                words.replace(words.find("ID"), 2, id);
                CHECK(holds(found, words));
            }
        }
    });
}

TEST_CASE("an edited, a removed and a cut off line of the log are found") {
    for (const char* sql :
         {"UPDATE store_change SET detail = 'forged' WHERE record = ID",
          "DELETE FROM store_change WHERE record = ID"}) {
        in_house([&](House& house) {
            house.file();
            const auto id = house.file();
            house.app->index();
            CHECK(house.findings() == "");
            house.run(sql, id);
            CHECK(holds(house.findings(), "the chain of the change log breaks at position 2"));
        });
    }
}

TEST_CASE("altered and missing files, and a wrong key, are found") {
    in_house([](House& house) {
        const auto id = house.file();
        house.upload(id, "one");
        house.upload(id, "two");
        CHECK(house.findings() == "");
        std::vector<std::filesystem::path> blobs;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(house.options.data / "blobs")) {
            if (entry.is_regular_file()) {
                blobs.push_back(entry.path());
            }
        }
        REQUIRE(blobs.size() == 2);
        std::ofstream(blobs[0], std::ios::app) << "forged";
        std::filesystem::remove(blobs[1]);
        const auto found = house.findings();
        CHECK(
            holds(found, "files: request " + id + ": the file " + blobs[0].string() + " is damaged")
        );
        CHECK(
            holds(found, "files: request " + id + ": the file " + blobs[1].string() + " is missing")
        );
        CHECK(!holds(found, "keys:"));
        const auto key = house.options.data / "keys" / "field.key";
        std::ofstream(key) << std::string(64, 'a') << "\n";
        CHECK(holds(house.findings(), "keys: request " + id + ": field phone does not open"));
        std::filesystem::remove(key);
        CHECK(holds(house.findings(), "keys: keys/field.key: is missing"));
        CHECK(!std::filesystem::exists(key));
    });
}

TEST_CASE("a damaged page of the SQLite file is found; no database at all is said") {
    if (store::testing::engines().front() != store::Engine::sqlite) {
        return;
    }
    const auto folder = fresh_folder("damaged");
    TestOptions options;
    options.data = folder;
    options.db = folder / "linli.db";
    { TestApp app(options); }
    Settings settings;
    settings.data = folder;
    settings.catalogue = catalogue_folder();
    const auto quiet = [](const store::Check&, double) {};
    CHECK(verify(settings, quiet).wrong() == 0);
    {
        std::fstream file(options.db, std::ios::in | std::ios::out | std::ios::binary);
        constexpr int page = 4096, damaged = 20;
        file.seekp(page * damaged);
        file << std::string(page, 'x');
    }
    const auto report = verify(settings, quiet);
    CHECK(report.wrong() > 0);
    CHECK(!report.checks[0].findings.empty());
    CHECK(holds(to_json(report), "\"ok\":false"));
    settings.data = folder / "nowhere";
    CHECK_THROWS_AS(verify(settings, quiet), std::runtime_error);
    CHECK(verify_command(settings, false) == 2);
    std::filesystem::remove_all(folder);
}

TEST_CASE("a sweep leaves the files of records, old as they are, and takes what none names") {
    for (const auto engine : store::testing::engines()) {
        House house(engine);
        house.upload(house.file(), "photo");
        auto& blobs = (*house.app)->blobs();
        const auto fresh = blobs.put("an upload whose row is not there yet");
        const auto orphan = blobs.put("an upload whose row never came");
        const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(25);
        const auto folder = house.app->data() / "blobs";
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file() && entry.path() != blobs.path(fresh)) {
                std::filesystem::last_write_time(entry.path(), old);
            }
        }
        CHECK((*house.app)->sweep_files([] { return false; }).files == 1);
        CHECK_FALSE(blobs.has(orphan));
        CHECK(blobs.has(fresh));
        CHECK(house.findings() == "");
    }
}

}  // namespace linli::app::testing
