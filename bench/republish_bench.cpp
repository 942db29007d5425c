// SPDX-License-Identifier: Apache-2.0
// room: flow
/// A calendar is published anew while N clocks run: how long computing and writing take, how long
/// the writer is held, how long somebody else's small write waits meanwhile, and whether a second
/// pass finds anything left:
///     build/republish_bench [clocks = 1000000] [postgresql://... or a file]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "flow/republish.hpp"
#include "flow/testing.hpp"
#include "store/fact.hpp"

using namespace linli;
using namespace linli::flow;
using std::chrono::steady_clock;

namespace {

std::int64_t ms_since(steady_clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - start)
        .count();
}

/// Filed one after the other, in the order of their ids, on one day.
void fill(World& world, int clocks) {
    constexpr int batch = 500;
    constexpr std::int64_t day = 20'000 * second_ms;
    const auto tree = world.areas().today();
    for (int done = 0; done < clocks; done += batch) {
        world.db().write_now([&](store::Tx& tx) {
            for (int i = done; i < std::min(done + batch, clocks); ++i) {
                Subject subject;
                subject.filing = tree->filing(world.area(i % 2 ? "community" : "community3"));
                subject.number = "SQ" + std::to_string(i);
                subject.title = "street_light";
                subject.filed_by = world.as("resident").account;
                subject.value_of = [](const std::string&) { return Value(); };
                subject.record = {"request", {tx.new_id(subject.filing.county_number)}};
                const auto at = world.now() + day * i / clocks;
                world.flow().begin(tx, world.kind(), subject, {&world.as("resident"), at});
            }
        });
    }
}

/// The catalogue with a day more off: every clock that fill() has started is counted again.
std::shared_ptr<const catalogue::Catalogue> changed_catalogue() {
    const auto folder = std::filesystem::temp_directory_path() / "republish_bench_catalogue";
    std::filesystem::remove_all(folder);
    std::filesystem::copy("catalogue", folder, std::filesystem::copy_options::recursive);
    const auto path = folder / "calendars" / "national.yaml";
    std::ifstream file(path);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const std::string year = "  2025:\n    off:\n";
    text.insert(text.find(year) + year.size(), "      - \"05-12\"\n");
    std::ofstream(path) << text;
    auto loaded = catalogue::load(folder.string());
    std::filesystem::remove_all(folder);
    return loaded.catalogue;
}

/// How long small writes take that come every 20 ms.
class Others {
 public:
    explicit Others(store::Database& db)
        : m_thread([this, &db](std::stop_token stop) {
              while (!stop.stop_requested()) {
                  const auto start = steady_clock::now();
                  db.write_now([](store::Tx& tx) {
                      tx.run(
                          {"bench.write", "UPDATE flow_lease SET held_until = 0 WHERE county = 0"}
                      );
                  });
                  m_waits.push_back(ms_since(start));
                  std::this_thread::sleep_for(std::chrono::milliseconds(20));
              }
          }) {}
    void print() {
        m_thread = {};
        std::sort(m_waits.begin(), m_waits.end());
        std::printf(
            "%zu small writes of others meanwhile: p99 %lld ms, at most %lld ms\n", m_waits.size(),
            static_cast<long long>(m_waits[m_waits.size() * 99 / 100]),
            static_cast<long long>(m_waits.back())
        );
    }

 private:
    std::vector<std::int64_t> m_waits;
    std::jthread m_thread;
};

void print(const char* name, const Republished& r, std::int64_t ms) {
    std::printf(
        "%s: %lld clocks looked at, %lld changed in %lld ms; reading and computing %lld ms, the "
        "writer held at most %lld ms\n",
        name, static_cast<long long>(r.looked_at), static_cast<long long>(r.changed),
        static_cast<long long>(ms), static_cast<long long>(r.compute_ms),
        static_cast<long long>(r.longest_ms)
    );
}

}  // namespace

int main(int argc, char** argv) {
    const int clocks = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
    store::Options options;
    options.url = argc > 2
                      ? argv[2]
                      : (std::filesystem::temp_directory_path() / "republish_bench.db").string();
    const bool file = options.url.find("://") == std::string::npos;
    const auto remove = [&] {
        for (const char* end : {"", "-wal", "-shm"}) {
            std::filesystem::remove(options.url + end);
        }
    };
    file ? remove() : void();
    store::testing::TestDatabase database(
        file ? store::Engine::sqlite : store::Engine::postgres, world_schema(), options
    );
    World before(database, catalogue::load("catalogue").catalogue);
    before.at("2025-05-12 08:30");
    const auto go_on = [] { return false; };
    follow_calendars(before.db(), before.flow(), before.now(), go_on);
    fill(before, clocks);
    if (!file) {  // as the server does by itself within a minute
        before.db().write_now([](store::Tx& tx) { tx.script("ANALYZE"); });
    }
    World after(database, changed_catalogue());
    after.at("2025-05-12 16:00");
    Others others(after.db());
    auto start = steady_clock::now();
    const auto first = follow_calendars(after.db(), after.flow(), after.now(), go_on);
    print("published anew", first, ms_since(start));
    others.print();
    after.db().write_now([](store::Tx& tx) { store::set_fact(tx, "calendar.national", ""); });
    start = steady_clock::now();
    const auto second = follow_calendars(after.db(), after.flow(), after.now(), go_on);
    print("once more", second, ms_since(start));
    file ? remove() : void();
    return first.changed == clocks && second.looked_at == clocks && second.changed == 0 ? 0 : 1;
}
