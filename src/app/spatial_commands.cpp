// SPDX-License-Identifier: Apache-2.0
// linli spatial build | cover
#include "app/command_line.hpp"
#include "app/spatial.hpp"

namespace linli::app {

namespace {

void add_profile_option(CLI::App& command, std::filesystem::path& profile) {
    command.add_option("--profile", profile, "How people walk")->capture_default_str();
}

}  // namespace

void add_spatial_commands(CLI::App& root, std::function<int()>& todo) {
    static NetworkOrder network;
    static CoverOrder circle;
    network.profile = circle.profile = "catalogue/walking/foot.yaml";
    auto* spatial = root.add_subcommand("spatial", "Street networks and circles, from files");
    spatial->require_subcommand(1);
    auto* build = spatial->add_subcommand("build", "Make a network that people walk on");
    build->add_option("streets", network.streets, "OSM PBF, OSM XML or GeoJSON, also gzip")
        ->required()
        ->check(CLI::ExistingFile);
    build->add_option("--out", network.out, "File of the network")->required();
    build->add_flag("--gcj02", network.gcj02, "The streets are in GCJ-02");
    add_profile_option(*build, network.profile);
    build->callback([&todo] { todo = [] { return spatial_build(network); }; });

    auto* cover = spatial->add_subcommand("cover", "Who has what within a walk, by area, as CSV");
    cover->add_option("network", circle.network, "File of the network")
        ->required()
        ->check(CLI::ExistingFile);
    cover->add_option("--doors", circle.doors, "CSV: lon, lat, area, columns to add up")
        ->required()
        ->check(CLI::ExistingFile);
    cover->add_option("--places", circle.places, "CSV: lon, lat, kind, days (1 is Monday)")
        ->required()
        ->check(CLI::ExistingFile);
    cover->add_option("--kind", circle.kinds, "Kinds of places, any of which will do")
        ->required()
        ->expected(1, 50);
    cover->add_flag("--every-kind", circle.every_kind, "Each kind is needed");
    cover->add_option("--minutes", circle.minutes, "Limit")
        ->check(CLI::Range(1, 480))
        ->capture_default_str();
    cover->add_option("--weekday", circle.weekday, "1 is Monday")
        ->check(CLI::Range(1, 7))
        ->capture_default_str();
    cover->add_option("--group", circle.group, "Who walks: a group of the profile");
    cover->add_option("--gaps", circle.gaps, "Write the doors outside here, with their walk");
    cover->add_flag("--gcj02", circle.gcj02, "Doors and places are in GCJ-02");
    add_profile_option(*cover, circle.profile);
    cover->callback([&todo] { todo = [] { return spatial_cover(circle); }; });
}

}  // namespace linli::app
