// SPDX-License-Identifier: Apache-2.0
/// An escalation storm: N clocks breach at once while requests are filed at a steady rate. Prints
/// how long the storm took, how long filing waited, and whether any step was lost or doubled:
///     build/storm_bench [clocks = 10000] [creates a second = 200] [postgresql://... or a file]
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "flow/testing.hpp"

using namespace linli;
using namespace linli::flow;
using std::chrono::steady_clock;

namespace {

double ms_since(steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(steady_clock::now() - start).count();
}

Subject request(World& world, int number) {
    Subject subject;
    subject.filing =
        world.areas().today()->filing(world.area(number % 2 ? "community" : "community2"));
    subject.number = "SQ" + std::to_string(number);
    subject.title = "street_light";
    subject.filed_by = world.as("resident").account;
    subject.value_of = [](const std::string&) { return Value(); };
    return subject;
}

void begin(World& world, store::Tx& tx, int number, Instant now) {
    auto subject = request(world, number);
    subject.record = {"request", {tx.new_id(subject.filing.county_number)}};
    world.flow().begin(tx, world.kind(), subject, {&world.as("resident"), now});
}

void fill(World& world, int clocks) {
    for (int done = 0; done < clocks; done += 500) {
        world.db().write_now([&](store::Tx& tx) {
            for (int i = done; i < std::min(done + 500, clocks); ++i) {
                begin(world, tx, i, world.now());
            }
        });
    }
}

/// Files at a steady rate until told to stop; how long each waited to be on disk.
std::vector<double> file_steadily(
    World& world, int per_second, Instant now, const std::atomic<bool>& stop
) {
    std::vector<double> waits;
    auto next = steady_clock::now();
    for (int i = 1'000'000; !stop; ++i) {
        next += std::chrono::microseconds(1'000'000 / per_second);
        std::this_thread::sleep_until(next);
        const auto start = steady_clock::now();
        world.db().write_now([&](store::Tx& tx) { begin(world, tx, i, now); });
        waits.push_back(ms_since(start));
    }
    return waits;
}

double quantile(std::vector<double>& values, double share) {
    std::sort(values.begin(), values.end());
    return values.empty()
               ? 0
               : values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

std::int64_t count(World& world, const char* text) {
    return world.db().read_now([&](store::Tx& tx) {
        return *tx.one<std::int64_t>({"bench.count", text}, 0);
    });
}

}  // namespace

int main(int argc, char** argv) {
    const int clocks = argc > 1 ? std::atoi(argv[1]) : 10'000;
    const int rate = argc > 2 ? std::atoi(argv[2]) : 200;
    store::Options options;
    options.url =
        argc > 3 ? argv[3] : (std::filesystem::temp_directory_path() / "storm_bench.db").string();
    if (options.url.find("://") == std::string::npos) {
        for (const char* end : {"", "-wal", "-shm"}) {
            std::filesystem::remove(options.url + end);
        }
    }
    const auto loaded = catalogue::load("catalogue");
    store::testing::TestDatabase database(
        options.url.find("://") == std::string::npos ? store::Engine::sqlite
                                                     : store::Engine::postgres,
        world_schema(), options
    );
    World world(database, loaded.catalogue);
    world.at("2025-05-12 09:00");
    fill(world, clocks);
    // Half of the acceptance limit: every clock's reminder is due in the same minute.
    world.at("2025-05-12 11:00");

    std::atomic<bool> stop{false};
    std::vector<double> waits;
    std::thread filing([&] { waits = file_steadily(world, rate, world.now(), stop); });
    const auto start = steady_clock::now();
    const int ran = world.run();
    const auto took = ms_since(start);
    stop = true;
    filing.join();

    std::printf("%d steps in %.0f ms, %.1f us each\n", ran, took, took * 1000 / std::max(ran, 1));
    std::printf(
        "filing meanwhile: %zu, p50 %.1f ms, p99 %.1f ms, most %.1f ms\n", waits.size(),
        quantile(waits, 0.5), quantile(waits, 0.99), quantile(waits, 1)
    );
    const auto notices = count(world, "SELECT COUNT(*) FROM flow_notice WHERE county >= $1");
    const auto records =
        count(world, "SELECT COUNT(DISTINCT record) FROM flow_notice WHERE county >= $1");
    std::printf(
        "lost %lld, doubled %lld\n", static_cast<long long>(clocks - records),
        static_cast<long long>(notices - records)
    );
    return records == clocks && notices == records ? 0 : 1;
}
