// SPDX-License-Identifier: Apache-2.0
/// Fills a database with requests over all communities of one city, through the record engine, for
/// the list benchmark:
///     build/fill_bench --data DIR [--db URL] --count 1000000 --city 340500000000
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/demo.hpp"
#include "area/import.hpp"

using namespace linli;

namespace {

struct Options {
    app::Settings settings;
    int count = 1'000'000;
    std::string city = "340500000000";
};

constexpr int batch = 500;
/// The areas of the demo began a hundred days ago; before that there is nowhere to file.
constexpr std::int64_t span_ms = 90 * day_ms;

std::int64_t step_ms(const Options& options) {
    return std::min<std::int64_t>(30 * second_ms, span_ms / std::max(1, options.count));
}

/// States as in a city after some years: most are closed. A day after the other, since a statement
/// over all of them would be taken for a database that has gone silent.
void spread_states(app::Application& application, Instant from, Instant until) {
    constexpr const char* text = R"(
        UPDATE request
           SET state = CASE WHEN id % 20 < 15 THEN 'closed' WHEN id % 20 = 15 THEN 'resolved'
                            WHEN id % 20 < 18 THEN 'assigned' ELSE 'accepted' END
         WHERE county > 0 AND id % 20 < 19 AND created_at >= $1 AND created_at < $2)";
    // Nothing waits in what is closed.
    constexpr const char* over = R"(
        DELETE FROM flow_work
         WHERE county > 0 AND id % 20 < 15 AND created_at >= $1 AND created_at < $2)";
    for (auto day = from; day <= until; day = day + day_ms) {
        application.database().write_now([&](store::Tx& tx) {
            tx.run({"bench.spread", text}, day, day + day_ms);
            tx.run({"bench.over", over}, day, day + day_ms);
        });
    }
}

std::vector<AreaId> communities_of(const area::Tree& tree, const std::string& city) {
    std::vector<AreaId> found;
    for (const auto& node : tree.subtree(tree.find_code(city)->id)) {
        if (node.level == area::Level::community && node.counted) {
            found.push_back(node.id);
        }
    }
    return found;
}

/// What a server would else do in its first minutes: it is sealed and indexed, and nothing is due.
void settle(app::Application& application) {
    application.database().write_now([](store::Tx& tx) {
        tx.run({"bench.no_timers", "DELETE FROM flow_timer WHERE county > 0"});
    });
    application.sealer().seal_all();
    store::Follower search(
        application.database(), application.sealer(), "search", application.records().indexer()
    );
    search.catch_up();
    search.stop();
}

/// A caller who may file everywhere in the city, without an account of his own in the way.
http::Caller clerk(const area::Tree& tree, const std::string& city) {
    http::Caller caller;
    caller.account = {1};
    http::Grant grant;
    grant.role = "community_desk";
    grant.area = tree.find_code(city)->id;
    caller.grants.push_back(grant);
    return caller;
}

void fill(app::Application& application, const Options& options, ManualTime& time) {
    const auto tree = application.areas().today();
    const auto communities = communities_of(*tree, options.city);
    const auto caller = clerk(*tree, options.city);
    app::Dice dice(7);
    const auto from = time.now();
    for (int made = 0; made < options.count; made += batch) {
        application.database().write_now([&](store::Tx& tx) {
            for (int i = 0; i < batch && made + i < options.count; ++i) {
                time.advance(step_ms(options));
                const auto body = obj({
                    {"area", std::to_string(dice.pick(communities).value)},
                    {"fields", obj(
                                   {{"category", "public_toilet"},
                                    {"description", "楼道三层的灯坏了，晚上老人上下楼看不清"},
                                    {"address", "花园路" + std::to_string(dice.below(900)) + "号"}}
                               )},
                });
                application.records().create(tx, caller, "request", body, time.now());
            }
        });
        if (made % 50'000 == 0) {
            std::fprintf(stderr, "%d\n", made);
        }
    }
    spread_states(application, from, time.now());
}

}  // namespace

int main(int argc, char** argv) try {
    Options options;
    CLI::App command{"Fills a database for the list benchmark"};
    command.add_option("--data", options.settings.data)->required();
    command.add_option("--db", options.settings.db);
    command.add_option("--catalogue", options.settings.catalogue)->capture_default_str();
    command.add_option("--count", options.count)->capture_default_str();
    command.add_option("--city", options.city)->capture_default_str();
    CLI11_PARSE(command, argc, argv);
    options.settings.store.unsafe_durability = true;  // nothing here is of value yet
    if (!app::fill_demo_if_empty(options.settings, 1, {0, 0}, SystemTime().now())) {
        std::fprintf(stderr, "the database is not empty\n");
        return 1;
    }
    SystemTime system;
    SystemRandom random;
    ManualTime time(system.now() - options.count * step_ms(options));
    app::Application application(options.settings, time, random);
    fill(application, options, time);
    settle(application);
    application.sealer().stop();
    application.database().close();
    return 0;
} catch (const Refused& refused) {
    std::fprintf(
        stderr, "%s %s\n", refused.code.c_str(),
        refused.problems.empty() ? "" : refused.problems[0].pointer.c_str()
    );
    return 1;
}
