// SPDX-License-Identifier: Apache-2.0
// linli spatial site | compare
#include "app/command_line.hpp"
#include "app/spatial_siting.hpp"

namespace linli::app {

namespace {

void add_site(CLI::App& spatial, SiteOrder& order, std::function<int()>& todo) {
    order.profile = "catalogue/walking/foot.yaml";
    auto* site = spatial.add_subcommand("site", "Where to build, with a proven bound");
    const auto file = [&](const char* name, std::filesystem::path& path, const char* what) {
        return site->add_option(name, path, what)->check(CLI::ExistingFile);
    };
    file("network", order.network, "File of the network")->required();
    file("--doors", order.doors, "CSV: lon, lat, area, columns of numbers")->required();
    file("--candidates", order.candidates, "CSV: lon, lat, name, cost, forbidden")->required();
    file("--existing", order.existing, "CSV: lon, lat of what is there already");
    site->add_option("--kind", order.kind, "What for")
        ->check(CLI::IsMember({"max_cover", "cover_all", "median", "centre"}))
        ->capture_default_str();
    site->add_option("--weight", order.weights, "column=weight: elderly=3")->expected(1, 20);
    auto* number = site->add_option("--number", order.number, "How many sites to build")
                       ->check(CLI::Range(1, 100'000));
    site->add_option("--budget", order.budget, "What they may cost together")
        ->check(CLI::PositiveNumber)
        ->excludes(number);
    site->add_option("--phases", order.phases, "max_cover: sites of each phase")->expected(1, 20);
    site->add_option("--minutes", order.minutes, "Limit")
        ->check(CLI::Range(1, 480))
        ->capture_default_str();
    site->add_option("--share", order.share, "cover_all: of what is within reach")
        ->capture_default_str();
    site->add_option("--equity", order.equity, "How much more people of areas left behind count")
        ->capture_default_str();
    site->add_option("--group", order.group, "Who walks: a group of the profile");
    site->add_option("--effort", order.effort, "How long to think: 1 is about ten seconds")
        ->check(CLI::Range(0.001, 1000.0))
        ->capture_default_str();
    site->add_option("--seed", order.seed, "Another seed, perhaps another answer")
        ->capture_default_str();
    site->add_flag("--gcj02", order.gcj02, "All coordinates are in GCJ-02");
    site->add_option("--profile", order.profile, "How people walk")->capture_default_str();
    site->add_option("--out", order.out, "CSV of the chosen sites")->required();
    site->add_option("--report", order.report, "JSON of the whole answer")->required();
    site->callback([&todo, &order] { todo = [&order] { return spatial_site(order); }; });
}

}  // namespace

void add_siting_commands(CLI::App& spatial, std::function<int()>& todo) {
    static SiteOrder order;
    static std::filesystem::path one, other;
    add_site(spatial, order, todo);
    auto* compare = spatial.add_subcommand("compare", "Two reports of sites side by side, as CSV");
    compare->add_option("one", one, "JSON of a study")->required()->check(CLI::ExistingFile);
    compare->add_option("other", other, "JSON of another")->required()->check(CLI::ExistingFile);
    compare->callback([&todo] { todo = [] { return spatial_compare(one, other); }; });
}

}  // namespace linli::app
