// SPDX-License-Identifier: Apache-2.0
#include "store/change.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "store/postgres.hpp"
#include "store/testing.hpp"

using namespace linli;
using namespace linli::store;
using testing::on_each_engine;
using testing::TestDatabase;

namespace {

Change line(std::string action, std::int64_t record = 1) {
    Change c;
    c.at = Instant{1000};
    c.actor = AccountId{5};
    c.role = "desk";
    c.kind = "request";
    c.record = RecordId{record};
    c.version = 1;
    c.action = std::move(action);
    c.area_after = AreaId{9};
    c.state_after = "submitted";
    c.fields = "category,place";
    c.digest_after = "ab";
    c.request = "r-1";
    return c;
}

void append(Database& db, County county, int lines) {
    db.write_now([&](Tx& tx) {
        for (int i = 0; i < lines; ++i) {
            append_change(tx, county, line("create", i + 1));
        }
    });
}

std::vector<SealedChange> all_sealed(Database& db, County county) {
    return db.read_now([&](Tx& tx) { return changes_after(tx, county, 0, 100'000); });
}

}  // namespace

TEST_CASE("a change line comes back whole, and with the history of its record") {
    on_each_engine([](Database& db) {
        const auto id = db.write_now([](Tx& tx) {
            append_change(tx, 3, line("create", 2));
            return append_change(tx, 3, line("change", 1));
        });
        CHECK(home(id) == 3);
        const auto history = db.read_now([](Tx& tx) {
            return changes_of(tx, 3, {"request", RecordId{1}}, 10);
        });
        REQUIRE(history.size() == 1);
        const auto& c = history[0];
        CHECK(c.id == id);
        CHECK(c.at == Instant{1000});
        CHECK(c.actor == AccountId{5});
        CHECK(c.role == "desk");
        CHECK(c.kind == "request");
        CHECK(c.action == "change");
        CHECK(c.area_before == AreaId{});
        CHECK(c.area_after == AreaId{9});
        CHECK(c.state_after == "submitted");
        CHECK(c.fields == "category,place");
        CHECK(c.digest_after == "ab");
        CHECK(c.request == "r-1");
        CHECK_THROWS_AS(
            db.write_now([&](Tx& tx) {
                auto foreign = line("create");
                foreign.id = id;
                append_change(tx, 4, foreign);
            }),
            std::invalid_argument
        );
    });
}

TEST_CASE("sealed lines are dense, chained and in the order of their ids") {
    on_each_engine([](TestDatabase& db) {
        Sealer sealer(*db, db.time());
        append(*db, 1, 2500);
        append(*db, 2, 3);
        sealer.seal_all();
        CHECK(
            db->read_now(heads) == std::vector<std::pair<County, std::int64_t>>{{1, 2500}, {2, 3}}
        );
        const auto lines = all_sealed(*db, 1);
        REQUIRE(lines.size() == 2500);
        auto hash = std::string(64, '0');
        bool good = true;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            hash = to_hex(sha256(hash + canonical_text(lines[i])));
            good = good && lines[i].position == std::int64_t(i) + 1 && lines[i].hash == hash &&
                   (i == 0 || lines[i].change.id > lines[i - 1].change.id);
        }
        CHECK(good);
        CHECK(!db->read_now([](Tx& tx) { return find_broken_link(tx, 1); }));
        CHECK(!db->read_now([](Tx& tx) { return find_broken_link(tx, 2); }));
        CHECK(!db->read_now([](Tx& tx) { return find_broken_link(tx, 3); }));
    });
}

TEST_CASE("the canonical text is what change.hpp says") {
    SealedChange sealed{3, 7, "", line("create")};
    sealed.change.id = 12;
    CHECK(
        canonical_text(sealed) ==
        "1:3,1:7,2:12,4:1000,1:5,4:desk,7:request,1:1,1:1,6:create,1:0,1:9,0:,9:submitted,14:"
        "category,place,0:,2:ab,0:,"
        "3:r-1,"
    );
}

TEST_CASE("an edited, a removed and a cut-off line break the chain") {
    struct Case {
        const char* sql;
        std::int64_t broken;
    };
    for (const auto& c : std::vector<Case>{
             {"UPDATE store_change SET actor = 6 WHERE position = 4", 4},
             {"DELETE FROM store_change WHERE position = 4", 4},
             {"DELETE FROM store_change WHERE position = 10", 10},
             {"UPDATE store_change SET fields = 'a', digest_before = 'b' WHERE position = 1", 1}}) {
        on_each_engine([&](TestDatabase& db) {
            CAPTURE(c.sql);
            Sealer sealer(*db, db.time());
            append(*db, 1, 10);
            sealer.seal_all();
            db->write_now([&](Tx& tx) { tx.run({"test.tamper", c.sql}); });
            CHECK(db->read_now([](Tx& tx) { return find_broken_link(tx, 1); }) == c.broken);
        });
    }
}

TEST_CASE("sealing follows commits by itself") {
    on_each_engine([](TestDatabase& db) {
        Sealer sealer(*db, db.time());
        std::promise<County> sealed;
        std::atomic<bool> told{false};
        sealer.on_sealed([&](County county) {
            if (!told.exchange(true)) {
                sealed.set_value(county);
            }
        });
        append(*db, 4, 1);
        CHECK(sealed.get_future().get() == 4);
        sealer.stop();
        append(*db, 4, 1);
        sealer.seal_all();
        CHECK(all_sealed(*db, 4).size() == 2);
    });
}

TEST_CASE("a follower gets each line once and in order, and goes on where it was") {
    on_each_engine([](TestDatabase& db) {
        Sealer sealer(*db, db.time());
        std::vector<std::int64_t> seen;
        std::mutex mutex;
        auto remember = [&](Tx&, const std::vector<SealedChange>& lines) {
            std::lock_guard lock(mutex);
            for (const auto& one : lines) {
                seen.push_back(one.position);
            }
        };
        append(*db, 1, 1000);
        sealer.seal_all();
        {
            Follower follower(*db, sealer, "test", remember);
            follower.catch_up();
            CHECK(seen.size() == 1000);
        }
        append(*db, 1, 20);
        sealer.seal_all();
        Follower follower(*db, sealer, "test", remember);
        follower.catch_up();
        append(*db, 1, 20);
        sealer.seal_all();
        follower.stop();
        follower.catch_up();
        CHECK(seen.size() == 1040);
        CHECK(std::is_sorted(seen.begin(), seen.end()));
        CHECK(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
    });
}

TEST_CASE("a line that cannot be handled holds up its county alone, and its cursor stays") {
    on_each_engine([](TestDatabase& db) {
        Sealer sealer(*db, db.time());
        sealer.stop();
        std::mutex mutex;
        std::condition_variable handled;
        int good = 0;
        std::atomic<bool> broken{true};
        append(*db, 1, 5);
        append(*db, 2, 7);
        sealer.seal_all();
        Follower follower(*db, sealer, "test", [&](Tx&, const std::vector<SealedChange>& lines) {
            if (lines[0].county == 1 && broken) {
                throw std::runtime_error("cannot handle it");
            }
            std::lock_guard lock(mutex);
            good = lines[0].county == 2 ? 7 : good;
            handled.notify_all();
        });
        {
            std::unique_lock lock(mutex);
            handled.wait(lock, [&] { return good == 7; });
        }
        follower.stop();
        CHECK_THROWS(follower.catch_up());
        broken = false;
        CHECK_NOTHROW(follower.catch_up());
        constexpr Sql sql{"test.cursors", "SELECT position FROM store_cursor ORDER BY county"};
        CHECK(db->read_now([&](Tx& tx) {
            return tx.all<std::int64_t>(sql);
        }) == std::vector<std::int64_t>{5, 7});
    });
}

TEST_CASE("a log that was cut off below its head holds up its county alone, and is told") {
    on_each_engine([](TestDatabase& db) {
        Sealer sealer(*db, db.time());
        sealer.stop();
        append(*db, 1, 5);
        append(*db, 2, 7);
        sealer.seal_all();
        db->write_now([](Tx& tx) {
            tx.run({"test.cut", "DELETE FROM store_change WHERE county = 1"});
        });
        std::promise<void> handled;
        Follower follower(*db, sealer, "test", [&](Tx& tx, const std::vector<SealedChange>& lines) {
            CHECK(lines.size() == 7);
            CHECK(lines[0].county == 2);
            tx.after_commit([&] { handled.set_value(); });
        });
        handled.get_future().wait();
        follower.stop();
        CHECK_THROWS(follower.catch_up());
    });
}

TEST_CASE("a late commit gets a later position and is not skipped") {
    if (!testing::ScratchPostgres::available()) {
        return;
    }
    TestDatabase db(Engine::postgres);
    Sealer sealer(*db, db.time());
    sealer.stop();
    std::promise<void> appended, gate;
    auto opened = gate.get_future().share();
    std::promise<void> late;
    std::atomic<std::int64_t> late_id{0};
    db->write(
        [&, opened](Tx& tx) {
            late_id = append_change(tx, 1, line("late"));
            tx.one<std::int64_t>({"test.sync", "SELECT 1"});
            appended.set_value();
            opened.wait();
        },
        [&](std::exception_ptr) { late.set_value(); }
    );
    appended.get_future().wait();
    append(*db, 1, 3);
    sealer.seal_all();
    CHECK(all_sealed(*db, 1).size() == 3);
    gate.set_value();
    late.get_future().wait();
    sealer.seal_all();
    const auto lines = all_sealed(*db, 1);
    REQUIRE(lines.size() == 4);
    CHECK(lines[3].change.action == "late");
    CHECK(lines[3].change.id == late_id);
    CHECK(lines[3].change.id < lines[0].change.id);
    CHECK(!db->read_now([](Tx& tx) { return find_broken_link(tx, 1); }));
}

TEST_CASE("two sealers do not seal a county at once") {
    if (!testing::ScratchPostgres::available()) {
        return;
    }
    TestDatabase db(Engine::postgres);
    Sealer first(*db, db.time());
    first.stop();
    append(*db, 1, 1);
    first.seal_all();
    Sealer second(*db, db.time());
    second.stop();
    append(*db, 1, 1);
    second.seal_all();
    CHECK(all_sealed(*db, 1).size() == 1);
    db.time().advance(5001);
    second.seal_all();
    CHECK(all_sealed(*db, 1).size() == 2);
    append(*db, 1, 1);
    first.seal_all();
    CHECK(all_sealed(*db, 1).size() == 2);
    CHECK(!db->read_now([](Tx& tx) { return find_broken_link(tx, 1); }));
}
