// SPDX-License-Identifier: Apache-2.0
#include "app/commands.hpp"

#include <cstdio>

#include "app/backup.hpp"
#include "app/demo.hpp"
#include "area/import.hpp"

namespace linli::app {

namespace {

void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

/// A database of its own for commands that only need the routes.
Settings in_memory(Settings settings) {
    settings.data =
        std::filesystem::temp_directory_path() / ("linli-" + std::to_string(::getpid()));
    settings.db = ":memory:";
    return settings;
}

std::string counts_of(const area::ImportReport& report) {
    const auto count = [](int n, const char* what) { return std::to_string(n) + " " + what; };
    return count(report.added, "added, ") + count(report.unchanged, "unchanged, ") +
           count(report.renamed, "renamed, ") + count(report.moved, "moved, ") +
           count(report.ended, "ended");
}

/// Who has the files of the server needs no account, so the line names none.
void log_import(store::Tx& tx, const area::ImportReport& report, Instant now) {
    store::Change change;
    change.at = now;
    change.kind = "area";
    change.action = "import";
    change.detail = counts_of(report);
    store::append_change(tx, 0, std::move(change));
}

}  // namespace

int catalogue_check(const std::filesystem::path& folder) {
    const auto loaded = catalogue::load(folder.string());
    for (const auto& mistake : loaded.mistakes) {
        std::fprintf(stderr, "%s\n", catalogue::to_text(mistake).c_str());
    }
    if (!loaded.catalogue) {
        std::fprintf(stderr, "%zu mistakes\n", loaded.mistakes.size());
        return 1;
    }
    const auto& all = *loaded.catalogue;
    std::printf(
        "%zu kinds, %zu lists, %zu roles, %zu cities: no mistake (%s)\n", all.kinds().size(),
        all.lists().size(), all.roles().size(), all.cities().size(),
        all.digest().substr(0, 12).c_str()
    );
    return 0;
}

int catalogue_document(const std::filesystem::path& folder, const std::string& language) {
    print(catalogue::document(*load_catalogue(folder), language));
    return 0;
}

int catalogue_schema() {
    print(catalogue::format_schema());
    return 0;
}

int catalogue_diff(const std::filesystem::path& before, const std::filesystem::path& after) {
    bool loses = false;
    for (const auto& one : catalogue::difference(*load_catalogue(before), *load_catalogue(after))) {
        std::printf("%s %s\n", one.loses ? "LOSES" : "     ", one.text.c_str());
        loses = loses || one.loses;
    }
    return loses ? 1 : 0;
}

int catalogue_apply(Settings settings) {
    std::filesystem::create_directories(settings.data);
    SystemTime time;
    SystemRandom random;
    const auto all = load_catalogue(settings.catalogue);
    snapshot_before_upgrade(settings, time, random);
    store::Options options = settings.store;
    options.url = settings.db.empty() ? (settings.data / "linli.db").string() : settings.db;
    options.silence_ms = 0;  // a new column or index of a large table takes as long as it takes
    const auto database = store::Database::open(options, time, random);
    database->migrate(all_schema_steps());
    const auto done = database->write_now([&](store::Tx& tx) { return record::apply(tx, *all); });
    for (const auto& line : done) {
        std::printf("%s\n", line.c_str());
    }
    std::printf("%zu changes\n", done.size());
    database->close();
    return 0;
}

int area_import(
    Settings settings, const std::filesystem::path& from, const std::string& valid_from,
    bool end_missing
) {
    SystemTime time;
    SystemRandom random;
    snapshot_before_upgrade(settings, time, random);
    Application application(settings, time, random);
    const auto date = valid_from.empty() ? official_date(time.now()) : parse_date(valid_from);
    if (!date) {
        throw malformed("date_malformed", "--valid-from is a date such as 2025-05-08");
    }
    const auto rows = area::read_areas(from);
    const auto report = application.database().write_now([&](store::Tx& tx) {
        auto done = area::import_areas(tx, rows, *date, end_missing);
        if (done.problems.empty()) {
            log_import(tx, done, time.now());
        }
        return done;
    });
    for (const auto& problem : report.problems) {
        std::fprintf(
            stderr, "%s: %s %s\n", problem.pointer.c_str(), problem.code.c_str(),
            problem.detail.c_str()
        );
    }
    std::printf("%zu rows: %s\n", rows.size(), counts_of(report).c_str());
    return report.problems.empty() ? 0 : 1;
}

int print_openapi(Settings settings, bool with_kinds) {
    settings = in_memory(settings);
    SystemTime time;
    SystemRandom random;
    Application application(settings, time, random);
    print(application.openapi(with_kinds));
    std::filesystem::remove_all(settings.data);
    return 0;
}

int fill_demo(Settings settings, std::uint64_t seed, DemoSize size) {
    if (!fill_demo_if_empty(settings, seed, size, SystemTime().now())) {
        std::fprintf(
            stderr, "linli: the database is not empty; the demo fills an empty one only\n"
        );
        return 1;
    }
    return 0;
}

}  // namespace linli::app
