// SPDX-License-Identifier: Apache-2.0
#include "app/demo.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "base/csv.hpp"

namespace linli::app {

namespace {

constexpr int demo_days = 100;

bool has_accounts(Application& application) {
    constexpr store::Sql sql{"app.count_accounts", "SELECT count(*) FROM identity_account"};
    return application.database().read_now([&](store::Tx& tx) {
        return tx.one<std::int64_t>(sql).value_or(0);
    }) > 0;
}

constexpr const char* on_postgres = "PostgreSQL";

std::string place_of(const Settings& settings) {
    if (settings.db.find("://") != std::string::npos) {
        return on_postgres;  // a URL may hold a password
    }
    const std::filesystem::path given = settings.db;
    return std::filesystem::absolute(given.empty() ? settings.data / "linli.db" : given)
        .lexically_normal()
        .string();
}

/// What an interrupted fill left behind goes, so that the demo begins anew; nothing of another
/// database.
void clear_interrupted(const std::string& place, const std::filesystem::path& marker) {
    if (!std::filesystem::exists(marker)) {
        return;
    }
    std::string filled;
    std::ifstream file(marker, std::ios::binary);
    std::getline(file, filled);
    if (filled != place) {
        throw std::runtime_error(
            "filling the demo in " + filled + " was interrupted, and this is " + place +
            ": finish that one with --demo, or remove " + marker.string()
        );
    }
    if (place == on_postgres) {
        throw std::runtime_error(
            "filling the demo was interrupted: drop and create the database, remove " +
            marker.string() + ", then start again"
        );
    }
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::filesystem::remove(place + suffix);
    }
}

}  // namespace

std::uint64_t Dice::next() {
    m_state += 0x9E3779B97F4A7C15ull;
    std::uint64_t z = m_state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

double Dice::waiting(double mean) {
    return -mean * std::log(1.0 - unit());
}

DemoClock::DemoClock(Application& application, ManualTime& time, Instant until)
    : m_app(application), m_time(time), m_until(until) {}

void DemoClock::at(Instant when, std::function<void()> step) {
    if (when < m_until) {
        m_queue.push({when, m_order++, std::move(step)});
    }
}

void DemoClock::run() {
    while (!m_queue.empty()) {
        auto event = m_queue.top();
        m_queue.pop();
        advance(event.at);
        event.step();
    }
    advance(m_until);
}

void DemoClock::advance(Instant to) {
    while (m_time.now() < to) {
        const auto next = std::min(to, m_time.now() + hour_ms);
        m_time.set(next);
        while (m_app.scheduler().run_due(next) > 0) {
        }
    }
}

std::vector<std::vector<std::string>> demo_rows(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw std::runtime_error("the demo needs " + path.string());
    }
    std::stringstream text;
    text << file.rdbuf();
    std::vector<std::vector<std::string>> rows;
    CsvReader reader([&](std::size_t line, std::vector<std::string>& cells) {
        if (line > 1) {
            rows.push_back(cells);
        }
    });
    reader.feed(text.str());
    reader.finish();
    return rows;
}

bool fill_demo_if_empty(const Settings& given, std::uint64_t seed, DemoSize size, Instant until) {
    Settings settings = given;
    settings.demo = true;
    const auto marker = settings.data / "demo.incomplete";
    const auto place = place_of(settings);
    clear_interrupted(place, marker);
    ManualTime time(start_of(official_date(until) + -demo_days) + 8 * hour_ms);
    SeededRandom random(seed);
    Application application(settings, time, random);
    if (has_accounts(application)) {
        application.database().close();
        return false;
    }
    store::write_durably(marker, place + "\n");
    std::fprintf(stderr, "Making the demo city ...\n");
    Dice dice(seed);
    auto places = make_demo_places(application, settings.catalogue, dice, time.now());
    if (size.persons > 0) {
        make_demo_registers(
            application, settings.catalogue, places, seed, size.persons, time.now(), until
        );
    }
    make_demo_town(
        *application.areas().today(), places.front().county, settings.catalogue,
        settings.data / "spatial"
    );
    DemoClock clock(application, time, until);
    const DemoRequests stories(application, settings.catalogue, places, dice, clock, size.requests);
    make_demo_notices(application, settings.catalogue, places, clock);
    make_demo_ledgers(application, settings.catalogue, places, clock);
    clock.run();
    if (size.persons > 0) {
        find_demo_duplicates(application, settings.catalogue, places, until);
    }
    application.scheduler().stop();
    application.sealer().seal_all();
    application.sealer().stop();
    application.database().close();
    std::filesystem::remove(marker);
    return true;
}

}  // namespace linli::app
