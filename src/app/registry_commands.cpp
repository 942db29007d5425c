// SPDX-License-Identifier: Apache-2.0
// linli duplicates
#include <cstdio>

#include "app/command_line.hpp"
#include "registry/queue.hpp"

namespace linli::app {

namespace {

/// The counties of an area, or all of them.
std::vector<County> counties_in(const area::Tree& tree, const std::string& code) {
    std::vector<County> counties;
    const auto* node = code.empty() ? nullptr : tree.find_code(code);
    if (!code.empty() && !node) {
        throw not_found("area");
    }
    if (node && node->county_number != 0) {
        return {node->county_number};
    }
    for (const auto* root : node ? std::vector{node} : tree.children({})) {
        for (const auto county : tree.counties_under(root->id)) {
            county != 0 ? counties.push_back(county) : void();
        }
    }
    return counties;
}

int find_duplicates(const Settings& settings, const std::string& code) {
    SystemTime time;
    SystemRandom random;
    Application application(settings, time, random);
    const registry::Readings readings(registry::readings_in(settings.catalogue));
    const auto tree = application.areas().today();
    for (const auto county : counties_in(*tree, code)) {
        const auto found =
            registry::find_duplicates(application.database(), readings, county, time.now());
        if (found.persons > 0) {
            const auto* node = tree->county(county);
            std::printf(
                "%s: %lld persons, %lld pairs that may be one, %lld of them new (read %.1f s, "
                "compared %.1f s)\n",
                node ? std::string(node->name).c_str() : "?", static_cast<long long>(found.persons),
                static_cast<long long>(found.pairs), static_cast<long long>(found.fresh),
                found.read_seconds, found.compare_seconds
            );
        }
    }
    application.database().close();
    return 0;
}

}  // namespace

void add_registry_commands(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    static std::string area;
    auto* duplicates = root.add_subcommand(
        "duplicates", "Look for persons who are entered twice, county by county, for the queue"
    );
    add_data_options(*duplicates, settings);
    add_catalogue_option(*duplicates, settings);
    duplicates->add_option("--area", area, "Official code (default: everywhere)");
    duplicates->callback([&] { todo = [&settings] { return find_duplicates(settings, area); }; });
}

}  // namespace linli::app
