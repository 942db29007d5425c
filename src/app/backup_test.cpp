// SPDX-License-Identifier: Apache-2.0
/// Backups, restores and the way back from an upgrade, on both engines (C81, C82).
#include "app/backup.hpp"

#include <doctest/doctest.h>
#include <sys/mount.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "app/testing.hpp"
#include "store/snapshot.hpp"

namespace linli::app::testing {

namespace fs = std::filesystem;

namespace {

store::Figures figures_of(const Settings& settings) {
    SystemTime time;
    SystemRandom random;
    store::Options options;
    options.url = database_url(settings);
    options.unsafe_durability = true;
    return store::Database::open(options, time, random)->read_now(store::figures);
}

constexpr const char* words = "correct horse 58";

/// A folder with a passphrase file and room for backups.
struct Desk {
    fs::path folder = fresh_folder("backup");
    fs::path passphrase = folder / "passphrase", kept = folder / "kept";
    Desk() {
        std::ofstream(passphrase) << words << "\n";
        fs::create_directories(kept);
    }
    ~Desk() { fs::remove_all(folder); }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;
    BackupOrder order() const { return {.to = kept, .passphrase = passphrase}; }
    fs::path only_backup() const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(kept)) {
            found.push_back(entry.path());
        }
        REQUIRE(found.size() == 1);
        return found.front();
    }
};

/// A database in a file, or a schema of its own.
struct Place {
    std::unique_ptr<store::testing::ScratchPostgres> postgres;
    fs::path data = fresh_folder("place");
    explicit Place(store::Engine engine) {
        if (engine == store::Engine::postgres) {
            postgres = std::make_unique<store::testing::ScratchPostgres>();
        }
    }
    ~Place() { fs::remove_all(data); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    Settings settings() const {
        Settings all;
        all.data = data;
        all.db = postgres ? postgres->url() : "";
        return all;
    }
    TestOptions options() const {
        TestOptions all;
        all.engine = postgres ? store::Engine::postgres : store::Engine::sqlite;
        all.data = data;
        all.db = database_url(settings());
        return all;
    }
    store::Figures figures() const { return figures_of(settings()); }
};

/// Where a backup is restored: another folder, on PostgreSQL also another database.
struct Elsewhere {
    std::unique_ptr<store::TrialDatabase> postgres;
    fs::path data = fresh_folder("elsewhere");
    explicit Elsewhere(const Place& from) {
        if (from.postgres) {
            postgres = std::make_unique<store::TrialDatabase>(from.postgres->url());
        }
    }
    ~Elsewhere() { fs::remove_all(data); }
    Elsewhere(const Elsewhere&) = delete;
    Elsewhere& operator=(const Elsewhere&) = delete;
    Settings settings() const {
        Settings all;
        all.data = data;
        all.db = postgres ? postgres->url() : "";
        return all;
    }
    store::Figures figures() const { return figures_of(settings()); }
    /// What is there besides the folder for temporary files.
    std::string holds() const {
        std::string all;
        for (const auto& entry : fs::directory_iterator(data)) {
            if (entry.path().filename() != "snapshots") {
                all += entry.path().filename().string() + " ";
            }
        }
        for (const auto& entry : fs::directory_iterator(data / "snapshots")) {
            if (entry.path().filename() != "lock") {
                all += "snapshots/" + entry.path().filename().string() + " ";
            }
        }
        return all;
    }
};

template <class F>
void on_each_place(F&& body) {
    for (const auto engine : store::testing::engines()) {
        const Place place(engine);
        body(place);
    }
}

void attach_picture(const Client& by, const std::string& request) {
    const auto reply = by.send(
        "POST", "/api/records/request/" + request + "/files?field=photos&name=a.png",
        "\x89PNG\r\n\x1a\n" + std::string(300'000, 'x'), {{"content-type", "image/png"}}
    );
    REQUIRE_MESSAGE(reply.ok(), reply.body);
}

std::string complaint(const std::function<void()>& f) {
    try {
        f();
        return {};
    } catch (const std::exception& error) {
        return error.what();
    }
}

bool has(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
}

std::string file_text(const fs::path& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}

/// Files requests until told to stop.
class Load {
 public:
    Load(TestApp& app, AreaId area) {
        const auto by = app.as("resident", area);
        m_thread = std::jthread([this, &app, by, area](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                app.file_request(by, area);
                ++filed;
            }
        });
    }
    std::atomic<int> filed{0};

 private:
    std::jthread m_thread;
};

/// A disk of that many KiB in the place of a folder; needs the right to mount.
class SmallDisk {
 public:
    SmallDisk(fs::path over, const std::string& size)
        : m_over(std::move(over)),
          mounted(::mount("tmpfs", m_over.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0) {}
    ~SmallDisk() {
        if (mounted) {
            ::umount2(m_over.c_str(), MNT_DETACH);
        }
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

 private:
    fs::path m_over;

 public:
    const bool mounted;
};

}  // namespace

TEST_CASE("a backup taken under load is one moment, and is restored elsewhere as it was (C81)") {
    on_each_place([](const Place& place) {
        const Desk desk;
        TestApp app(place.options());
        const auto& here = app.community();
        const auto resident = app.as("resident", here.id);
        const auto first = app.file_request(resident, here.id).text("id");
        attach_picture(resident, first);
        app.index();
        const auto before = place.figures();
        int filed = 0;
        {
            const Load load(app, here.id);
            while (load.filed < 5) {
                std::this_thread::yield();
            }
            CHECK(backup(place.settings(), desk.order()) == 0);
            filed = load.filed;
            CHECK(filed > 5);
        }
        app.index();
        const auto after = place.figures();

        const Elsewhere elsewhere(place);
        CHECK(restore(elsewhere.settings(), desk.only_backup(), desk.passphrase) == 0);
        const auto restored = elsewhere.figures();
        CHECK(restored.steps == after.steps);
        CHECK(restored.rows.at("request") > before.rows.at("request"));
        CHECK(restored.rows.at("request") <= after.rows.at("request"));
        // One moment: what one transaction wrote is there as a whole.
        CHECK(
            restored.rows.at("store_change") - before.rows.at("store_change") ==
            restored.rows.at("request") - before.rows.at("request")
        );
        CHECK(restored.rows.at("record_file") == 1);
        std::size_t blobs = 0;
        for (const auto& entry : fs::recursive_directory_iterator(elsewhere.data / "blobs")) {
            blobs += entry.is_regular_file();
        }
        CHECK(blobs == 1);
        // Its log is the beginning of the log that went on.
        for (const auto& [county, head] : restored.heads) {
            const auto position = std::stoll(head);
            app->database().read([&, county = std::stoi(county), head = head](store::Tx& tx) {
                const auto lines = store::changes_after(tx, county, position - 1, 1);
                REQUIRE(lines.size() == 1);
                CHECK(std::to_string(position) + " " + lines[0].hash == head);
            });
        }
        CHECK_FALSE(fs::exists(elsewhere.data / "keys"));
    });
}

TEST_CASE("keys are in a backup only if asked for") {
    on_each_place([](const Place& place) {
        const Desk desk;
        const TestApp app(place.options());
        auto order = desk.order();
        order.with_keys = true;
        CHECK(backup(place.settings(), order) == 0);
        const Elsewhere elsewhere(place);
        CHECK(restore(elsewhere.settings(), desk.only_backup(), desk.passphrase) == 0);
        CHECK(
            file_text(elsewhere.data / "keys" / "field.key") ==
            file_text(place.data / "keys" / "field.key")
        );
        CHECK_FALSE(has(file_text(desk.only_backup()), file_text(place.data / "keys/field.key")));
    });
}

TEST_CASE("a wrong passphrase, damage and a cut are refused in words, and nothing is left") {
    on_each_place([](const Place& place) {
        const Desk desk;
        {
            TestApp app(place.options());
            const auto resident = app.as("resident", app.community().id);
            attach_picture(resident, app.file_request(resident, app.community().id).text("id"));
        }
        CHECK(backup(place.settings(), desk.order()) == 0);
        const auto file = desk.only_backup();
        const Elsewhere elsewhere(place);
        const auto refused = [&](const std::string& word) {
            for (const bool verify : {false, true}) {
                const auto text = complaint([&] {
                    verify ? verify_backup(place.settings(), file, desk.passphrase)
                           : restore(elsewhere.settings(), file, desk.passphrase);
                });
                CAPTURE(text);
                CHECK(has(text, word));
            }
            CHECK(elsewhere.holds().empty());
        };
        std::ofstream(desk.passphrase) << "correct horse 59\n";
        refused("another passphrase");
        std::ofstream(desk.passphrase) << words << "\n";
        const auto whole = file_text(file);
        auto changed = whole;
        changed[whole.size() / 2] = static_cast<char>(changed[whole.size() / 2] ^ 1);
        std::ofstream(file, std::ios::binary) << changed;
        refused("is damaged");
        std::ofstream(file, std::ios::binary) << whole.substr(0, whole.size() - 1000);
        refused("cut off");
        std::ofstream(file, std::ios::binary) << whole;
        CHECK(restore(elsewhere.settings(), file, desk.passphrase) == 0);
        CHECK(
            has(complaint([&] { restore(elsewhere.settings(), file, desk.passphrase); }),
                "nothing is overwritten")
        );
    });
}

TEST_CASE("a backup overwrites nothing; of many the newest are kept") {
    const Place place(store::testing::engines().front());
    const TestApp app(place.options());
    const Desk desk;
    auto order = desk.order();
    order.to = desk.kept / "mine";
    CHECK(backup(place.settings(), order) == 0);
    CHECK(has(complaint([&] { backup(place.settings(), order); }), "exists already"));
    for (const auto* old : {"linli-20240101T000000Z.backup", "linli-20240102T000000Z.backup"}) {
        std::ofstream(desk.kept / old) << "x";
    }
    order.to = desk.kept;
    order.keep = 2;
    order.verify = false;
    CHECK(backup(place.settings(), order) == 0);
    CHECK(fs::exists(desk.kept / "mine"));
    CHECK(fs::exists(desk.kept / "linli-20240102T000000Z.backup"));
    CHECK_FALSE(fs::exists(desk.kept / "linli-20240101T000000Z.backup"));
}

TEST_CASE("a disk that runs full in the middle leaves nothing half") {
    on_each_place([](const Place& place) {
        const Desk desk;
        {
            TestApp app(place.options());
            const auto resident = app.as("resident", app.community().id);
            attach_picture(resident, app.file_request(resident, app.community().id).text("id"));
        }
        {
            const SmallDisk disk(desk.kept, "200k");
            if (!disk.mounted) {
                MESSAGE("no right to mount a small disk here");
                return;
            }
            CHECK(
                has(complaint([&] { backup(place.settings(), desk.order()); }),
                    "No space left on device")
            );
            CHECK(fs::is_empty(desk.kept));
        }
        CHECK(backup(place.settings(), desk.order()) == 0);
        const Elsewhere elsewhere(place);
        {
            const SmallDisk disk(elsewhere.data, "200k");
            CHECK_FALSE(complaint([&] {
                            restore(elsewhere.settings(), desk.only_backup(), desk.passphrase);
                        }).empty());
            CHECK(elsewhere.holds().empty());
        }
        CHECK(restore(elsewhere.settings(), desk.only_backup(), desk.passphrase) == 0);
    });
}

TEST_CASE("before an upgrade there is a snapshot, and rollback goes back to it (C82)") {
    on_each_place([](const Place& place) {
        const auto settings = place.settings();
        SystemTime time;
        SystemRandom random;
        auto older = all_schema_steps();
        older.pop_back();
        store::Options options;
        options.url = database_url(settings);
        options.unsafe_durability = true;
        snapshot_before_upgrade(settings, time, random);  // nothing there: nothing to keep
        CHECK_FALSE(fs::exists(place.data / "snapshots"));
        store::Database::open(options, time, random)->migrate(older);
        const auto before = place.figures();

        for (const auto* old : {"20200101T000000Z", "20210101T000000Z", "20220101T000000Z"}) {
            fs::create_directories(place.data / "snapshots");
            std::ofstream(
                place.data / "snapshots" / ("before-upgrade-" + std::string(old) + ".db")
            );
        }
        snapshot_before_upgrade(settings, time, random);
        CHECK_FALSE(fs::exists(place.data / "snapshots" / "before-upgrade-20200101T000000Z.db"));
        CHECK(fs::exists(place.data / "snapshots" / "before-upgrade-20210101T000000Z.db"));
        fs::remove(place.data / "snapshots" / "before-upgrade-20210101T000000Z.db");
        fs::remove(place.data / "snapshots" / "before-upgrade-20220101T000000Z.db");
        {
            const auto database = store::Database::open(options, time, random);
            database->migrate(all_schema_steps());
            CHECK(has(complaint([&] { roll_back(settings, {}); }), "stop the server first"));
            CHECK(has(complaint([&] { database->migrate(older); }), "go back to the snapshot"));
        }
        const auto upgraded = place.figures();
        CHECK(upgraded.steps.size() == before.steps.size() + 1);
        snapshot_before_upgrade(settings, time, random);  // nothing to run: no further one

        CHECK(roll_back(settings, {}) == 0);
        CHECK(store::difference(before, place.figures()).empty());
        store::Database::open(options, time, random)->migrate(all_schema_steps());
        CHECK(store::difference(upgraded, place.figures()).empty());
        int snapshots = 0;
        for (const auto& entry : fs::directory_iterator(place.data / "snapshots")) {
            snapshots += entry.path().filename() != "lock";
        }
        CHECK(snapshots == 1);
        if (place.postgres) {
            // what rollback set aside lies outside of the schema that goes with the test
            std::string kept;
            store::Database::open(options, time, random)->read([&](store::Tx& tx) {
                tx.each(
                    {"test.kept",
                     "SELECT nspname FROM pg_namespace WHERE nspname LIKE "
                     "current_schema() || '_after_%'"},
                    [&](const store::Row& row) {
                        kept = row.text(0);
                        return true;
                    }
                );
            });
            REQUIRE_FALSE(kept.empty());
            place.postgres->run("DROP SCHEMA " + kept + " CASCADE");
        }
    });
}

}  // namespace linli::app::testing
