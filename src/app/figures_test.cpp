// SPDX-License-Identifier: Apache-2.0
#include "app/figures.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

std::string file_text(const std::filesystem::path& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}

/// Names of figures in the expressions of the dashboard.
std::set<std::string> names_in(const std::string& text) {
    std::set<std::string> names;
    for (const std::string head : {"linli_", "process_"}) {
        for (auto at = text.find(head); at != std::string::npos; at = text.find(head, at + 1)) {
            const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at);
            names.insert(text.substr(at, end - at));
        }
    }
    return names;
}

bool offers(const std::string& page, const std::string& name) {
    return page.find("\n" + name + " ") != std::string::npos ||
           page.find("\n" + name + "{") != std::string::npos;
}

double value_of(const std::string& page, const std::string& name) {
    const auto at = page.find("\n" + name + " ");
    REQUIRE_MESSAGE(at != std::string::npos, name);
    return std::stod(page.substr(at + name.size() + 2));
}

}  // namespace

TEST_CASE("every figure of the dashboard is on the page of figures") {
    on_each_app([](TestApp& app) {
        const auto resident = app.as("resident", app.community().id);
        app.file_request(resident, app.community().id);
        app.index();
        const auto page = app.nobody().get("/metrics").body;
        const auto names =
            names_in(file_text(catalogue_folder().parent_path() / "tools/dashboard/linli.json"));
        CHECK(names.size() > 20);
        for (const auto& name : names) {
            CAPTURE(name);
            CHECK(offers(page, name));
        }
    });
}

TEST_CASE("figures say what waits: the log, timers, sessions") {
    on_each_app([](TestApp& app) {
        const auto resident = app.as("resident", app.community().id);
        for (int i = 0; i < 3; ++i) {
            app.file_request(resident, app.community().id);
        }
        app.index();
        app.advance(1, 1);
        app.time.advance(20 * minute_ms);
        const auto calm = Figures(app->database(), app.time, app.data()).text();
        CHECK(value_of(calm, "linli_log_unsealed") == 0);
        CHECK(value_of(calm, "linli_timers_late") == 0);
        CHECK(value_of(calm, "linli_sessions_active") == 0);
        CHECK(value_of(calm, "linli_database_up") == 1);
        CHECK(value_of(calm, "linli_database_bytes") > 100'000);
        CHECK(value_of(calm, "linli_disk_free_bytes") > 0);
        app.time.advance(10 * day_ms);
        Figures figures(app->database(), app.time, app.data());
        const auto late = figures.text();
        CHECK(value_of(late, "linli_timers_late") >= 3);
        CHECK(value_of(late, "linli_timers_late_seconds") > 3600);
        app.advance(1, 1);
        CHECK(value_of(figures.text(), "linli_timers_late") >= 3);  // kept for a moment
        const auto after = Figures(app->database(), app.time, app.data()).text();
        CHECK(value_of(after, "linli_timers_late") == 0);
    });
}

}  // namespace linli::app::testing
