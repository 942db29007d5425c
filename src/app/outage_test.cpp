// SPDX-License-Identifier: Apache-2.0
/// Full disks and lost databases: said clearly, reads go on where they can, and nobody restarts
/// anything.
#include <doctest/doctest.h>
#include <sys/mount.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "app/testing.hpp"
#include "store/faulty_disk.hpp"

namespace linli::app::testing {

namespace {

Value noise(AreaId area) {
    return obj(
        {{"area", text_of(area)},
         {"fields", obj({{"category", "noise"}, {"description", "半夜施工"}})}}
    );
}

/// A small disk in the place of a folder; needs the right to mount.
class SmallDisk {
 public:
    explicit SmallDisk(const std::filesystem::path& over, const char* size = "size=64k")
        : m_over(over), mounted(::mount("tmpfs", over.c_str(), "tmpfs", 0, size) == 0) {}
    ~SmallDisk() {
        if (mounted) {
            ::umount2(m_over.c_str(), MNT_DETACH);
        }
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

 private:
    std::filesystem::path m_over;

 public:
    const bool mounted;
};

}  // namespace

TEST_CASE("on a full disk writes are answered 507, reads go on, and it heals itself (C75)") {
    store::testing::FaultyDisk disk;
    const auto folder = fresh_folder("full");
    {
        TestOptions options;
        options.db = folder / "linli.db";
        options.store.sqlite_vfs = disk.name();
        TestApp app(options);
        const auto& here = app.community();
        const auto desk = app.as("community_desk", here.id);
        const auto first = app.file_request(desk, here.id);
        disk.full = true;
        for (int i = 0; i < 3; ++i) {
            const auto refused = desk.post("/api/records/request", noise(here.id));
            CHECK(refused.status == 507);
            CHECK(refused.refusal() == "storage_full");
        }
        CHECK(desk.get("/api/records/request/" + first.text("id")).status == 200);
        CHECK(desk.get("/api/records/request?count=1").number("count") == 1);
        CHECK(app.nobody().get("/healthz").status == 200);
        disk.full = false;
        const auto after = desk.post("/api/records/request", noise(here.id));
        CHECK_MESSAGE(after.status == 201, after.body);
        CHECK(desk.get("/api/records/request?count=1").number("count") == 2);
    }
    std::filesystem::remove_all(folder);
}

TEST_CASE("on a real disk that is full, database and write-ahead log alike, the answer is 507 (C75)"
) {
    if (store::testing::engines().front() != store::Engine::sqlite) {
        return;
    }
    const auto folder = fresh_folder("small");
    {
        const SmallDisk disk(folder, "size=24m");
        if (!disk.mounted) {
            MESSAGE("no right to mount a small disk here");
            return;
        }
        TestOptions options;
        options.db = folder / "linli.db";
        TestApp app(options);
        const auto& here = app.community();
        const auto desk = app.as("community_desk", here.id);
        app.file_request(desk, here.id);
        {
            // whatever is free is taken
            std::ofstream ballast(folder / "ballast");
            const std::string block(1 << 16, 'x');
            while (ballast.write(block.data(), static_cast<std::streamsize>(block.size()))) {
            }
        }
        int filed = 1;
        Reply last;
        while ((last = desk.post("/api/records/request", noise(here.id))).status == 201 &&
               filed < 10'000) {
            ++filed;
        }
        CHECK(last.status == 507);
        CHECK(last.refusal() == "storage_full");
        CHECK(desk.get("/api/records/request?count=1").number("count") == filed);
        std::filesystem::remove(folder / "ballast");
        CHECK(desk.post("/api/records/request", noise(here.id)).status == 201);
        CHECK(desk.get("/api/records/request?count=1").number("count") == filed + 1);
    }
    std::filesystem::remove_all(folder);
}

TEST_CASE("a full disk of attachments is told 507; what is there is still served (C75)") {
    TestApp app;
    const auto& here = app.community();
    const auto resident = app.as("resident", here.id);
    const auto path = "/api/records/request/" + app.file_request(resident, here.id).text("id");
    const auto upload = [&](std::size_t size) {
        const auto picture = "\x89PNG\r\n\x1a\n" + std::string(size, 'x');
        return resident.send(
            "POST", path + "/files?field=photos&name=a.png", picture,
            {{"content-type", "image/png"}}
        );
    };
    {
        const SmallDisk disk(app.data() / "blobs");
        if (!disk.mounted) {
            MESSAGE("no right to mount a small disk here");
            return;
        }
        const auto small = upload(100);
        REQUIRE_MESSAGE(small.ok(), small.body);
        const auto large = upload(200'000);
        CHECK(large.status == 507);
        CHECK(large.refusal() == "storage_full");
        CHECK(resident.get(path + "/files/" + small.text("id")).status == 200);
        CHECK(resident.get(path).size("files") == 1);
    }
    CHECK(upload(200'000).ok());
}

TEST_CASE("after a failed fsync nothing is acknowledged, and readiness says so (C76)") {
    store::testing::FaultyDisk disk;
    const auto folder = fresh_folder("fsync");
    {
        TestOptions options;
        options.db = folder / "linli.db";
        options.store.sqlite_vfs = disk.name();
        options.durable = true;
        TestApp app(options);
        const auto& here = app.community();
        const auto desk = app.as("community_desk", here.id);
        app.file_request(desk, here.id);
        disk.sync_fails = true;
        CHECK(desk.post("/api/records/request", noise(here.id)).status == 503);
        disk.sync_fails = false;
        CHECK(desk.post("/api/records/request", noise(here.id)).status == 503);
        CHECK(app.nobody().get("/readyz").status == 503);
    }
    std::filesystem::remove_all(folder);
}

TEST_CASE("while PostgreSQL is away the answer is 503 with Retry-After; then all goes on") {
    if (!store::testing::ScratchPostgres::available()) {
        return;
    }
    store::testing::Wire wire;
    if (!wire.usable()) {
        return;
    }
    store::testing::ScratchPostgres scratch;
    TestOptions options;
    options.engine = store::Engine::postgres;
    options.db = wire.through(scratch.url());
    options.store.readers = 1;
    options.store.writers = 1;
    TestApp app(options);
    const auto& here = app.community();
    const auto desk = app.as("community_desk", here.id);
    app.file_request(desk, here.id);
    const auto pid = [](store::Tx& tx) {
        constexpr store::Sql sql{"test.pid", "SELECT pg_backend_pid()"};
        return *tx.one<std::int64_t>(sql);
    };
    const std::vector<std::int64_t> backends{
        app->database().read_now(pid), app->database().write_now(pid)};
    wire.cut();
    for (const auto backend : backends) {
        scratch.run("SELECT pg_terminate_backend(" + std::to_string(backend) + ", 5000)");
    }
    for (const auto& reply :
         {desk.post("/api/records/request", noise(here.id)), desk.get("/api/records/request"),
          app.nobody().get("/readyz")}) {
        CHECK(reply.status == 503);
        CHECK_FALSE(reply.header("Retry-After").empty());
    }
    CHECK(app.nobody().get("/healthz").status == 200);
    wire.mend();
    bool healed = false;
    for (int i = 0; i < 500 && !healed; ++i) {
        healed = app.nobody().get("/readyz").status == 200 &&
                 desk.get("/api/records/request").status == 200 &&
                 desk.post("/api/records/request", noise(here.id)).status == 201;
        if (!healed) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }
    CHECK(healed);
    CHECK(desk.get("/api/records/request?count=1").number("count") == 2);
}

}  // namespace linli::app::testing
