// SPDX-License-Identifier: Apache-2.0
/// Two communities with N open requests become one, and two again: how long each takes, and how
/// long somebody else's small write waits meanwhile:
///     build/refile_bench [requests = 200000] [a file, or postgres for the one of
///     LINLI_TEST_POSTGRES]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "app/area_decisions.hpp"
#include "app/testing.hpp"

using namespace linli;
using namespace linli::app;
using namespace linli::app::testing;
using std::chrono::steady_clock;

namespace {

long long ms_since(steady_clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - start)
        .count();
}

void fill(TestApp& app, const std::vector<Community>& communities, int requests) {
    constexpr int batch = 500;
    http::Caller caller;
    caller.account = {1};
    http::Grant grant;
    grant.role = "community_desk";
    grant.area = app.city().id;
    caller.grants.push_back(grant);
    for (int made = 0; made < requests; made += batch) {
        app->database().write_now([&](store::Tx& tx) {
            for (int i = made; i < std::min(made + batch, requests); ++i) {
                const auto body = obj(
                    {{"area", text_of(communities[static_cast<std::size_t>(i % 2)].id)},
                     {"fields", obj(
                                    {{"category", "public_toilet"},
                                     {"description", "楼道三层的灯坏了，晚上老人上下楼看不清"}}
                                )}}
                );
                app->records().create(tx, caller, "request", body, app.time.now());
            }
        });
    }
    if (app->database().engine() == store::Engine::postgres) {  // as the server does by itself
        app->database().write_now([](store::Tx& tx) { tx.script("ANALYZE"); });
    }
}

/// The longest that a small write takes while `work` runs; one comes every 20 ms.
template <class Work>
void clocked(TestApp& app, const char* name, Work&& work) {
    long long longest = 0;
    std::jthread others([&](std::stop_token stop) {
        while (!stop.stop_requested()) {
            const auto start = steady_clock::now();
            app->database().write_now([](store::Tx& tx) {
                tx.run({"bench.write", "UPDATE flow_lease SET held_until = 0 WHERE county = 0"});
            });
            longest = std::max(longest, ms_since(start));
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    });
    const auto start = steady_clock::now();
    const int status = work();
    const auto took = ms_since(start);
    others = {};
    std::printf(
        "%s: %d, %lld ms; a small write waited %lld ms at most\n", name, status, took, longest
    );
}

Value merge(TestApp& app, const Subdistrict& street) {
    Value::List areas;
    for (const auto& one : street.communities) {
        areas.emplace_back(obj({{"area", text_of(one.id)}}));
    }
    return obj(
        {{"kind", "merge"},
         {"effective", to_text(official_date(app.time.now()))},
         {"document", "1"},
         {"areas", areas},
         {"successors", Value::List{obj(
                            {{"code", street.code.substr(0, 9) + "061"},
                             {"name", "合社区"},
                             {"weight", 1'000'000},
                             {"heir", true}}
                        )}}}
    );
}

}  // namespace

int main(int argc, char** argv) {
    const int requests = argc > 1 ? std::atoi(argv[1]) : 200'000;
    const std::string place =
        argc > 2 ? argv[2] : (std::filesystem::temp_directory_path() / "refile_bench.db").string();
    TestOptions options;
    options.durable = true;
    place == "postgres" ? void(options.engine = store::Engine::postgres) : void(options.db = place);
    std::filesystem::remove(place);
    TestApp app(options);
    const auto& street = app.city().counties[0].subdistricts[0];
    fill(app, street.communities, requests);
    const auto chief = app.as("system_admin", app.city().id).stepped_up();
    const auto deputy = app.other("system_admin", app.city().id, "deputy").stepped_up();
    const auto made = chief.post("/api/area-decisions", merge(app, street));
    const auto path = "/api/area-decisions/" + made.text("id");
    deputy.post(path + "/approve");
    clocked(app, "looked at beforehand", [&] { return chief.get(path + "/preview").status; });
    clocked(app, "applied", [&] {
        return app->area_decisions().apply_due(app->database(), app.time.now());
    });
    clocked(app, "undone", [&] { return chief.post(path + "/undo").status; });
    std::filesystem::remove(place);
}
