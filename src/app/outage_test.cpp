// SPDX-License-Identifier: Apache-2.0
/// Full disks and lost databases: said clearly, reads go on where they can, and nobody restarts
/// anything.
#include <doctest/doctest.h>

#include <chrono>
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
