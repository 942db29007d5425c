// SPDX-License-Identifier: Apache-2.0
// linli spatial build | cover | what-if | isochrone
#include "app/command_line.hpp"
#include "app/spatial.hpp"

namespace linli::app {

namespace {

void add_profile_option(CLI::App& command, std::filesystem::path& profile) {
    command.add_option("--profile", profile, "How people walk")->capture_default_str();
}

/// Who has to reach what: a circle of the table, or kinds and minutes.
void add_circle_options(CLI::App& command, CoverOrder& order) {
    command.add_option("network", order.network, "File of the network")
        ->required()
        ->check(CLI::ExistingFile);
    command.add_option("--doors", order.doors, "CSV: lon, lat, area, class, columns to add up")
        ->required()
        ->check(CLI::ExistingFile);
    command.add_option("--places", order.places, "CSV: lon, lat, kind, days (1 is Monday)")
        ->required()
        ->check(CLI::ExistingFile);
    auto* which = command.add_option_group("which", "Which circle");
    which->require_option(1);
    which->add_option("--circle", order.circle, "A circle of the table: elder_meals");
    which->add_option("--kind", order.kinds, "Kinds of places, any of which will do")
        ->expected(1, 50);
    command.add_option("--circles", order.circles, "The table of circles")->capture_default_str();
    command.add_flag("--every-kind", order.every_kind, "Each --kind is needed");
    command.add_option("--minutes", order.minutes, "Limit, with --kind")
        ->check(CLI::Range(1, 480))
        ->capture_default_str();
    command.add_option("--weekday", order.weekday, "1 is Monday")
        ->check(CLI::Range(1, 7))
        ->capture_default_str();
    command.add_option("--group", order.group, "Who walks: a group of the profile");
    command.add_flag("--gcj02", order.gcj02, "All coordinates are in GCJ-02");
    add_profile_option(command, order.profile);
}

void add_what_if(CLI::App& spatial, std::function<int()>& todo) {
    static WhatIfOrder order;
    order.circle.profile = "catalogue/walking/foot.yaml";
    order.circle.circles = "catalogue/walking/circles.yaml";
    auto* command = spatial.add_subcommand(
        "what-if", "Who would have what if a place were added (--at), moved (--line, --at) or gone"
    );
    add_circle_options(*command, order.circle);
    auto* change = command->add_option_group("change", "What would change");
    change->require_option(1, 2);
    change->add_option("--line", order.line, "The place on this line of --places");
    change->add_option("--at", order.at, "lon,lat where it would stand")
        ->delimiter(',')
        ->expected(2);
    command->callback([&todo] { todo = [] { return spatial_what_if(order); }; });
}

void add_isochrone(CLI::App& spatial, std::function<int()>& todo) {
    static IsochroneOrder order;
    order.profile = "catalogue/walking/foot.yaml";
    auto* command = spatial.add_subcommand("isochrone", "The ground within a walk, as GeoJSON");
    command->add_option("network", order.network, "File of the network")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--at", order.at, "lon,lat where the walks begin")
        ->required()
        ->delimiter(',')
        ->expected(2);
    command->add_option("--minutes", order.minutes, "One or several: 15,30")
        ->delimiter(',')
        ->check(CLI::Range(1, 480))
        ->expected(1, 20)
        ->capture_default_str();
    command->add_option("--group", order.group, "Who walks: a group of the profile");
    command->add_flag("--gcj02", order.gcj02, "--at is in GCJ-02");
    add_profile_option(*command, order.profile);
    command->callback([&todo] { todo = [] { return spatial_isochrone(order); }; });
}

}  // namespace

void add_spatial_commands(CLI::App& root, std::function<int()>& todo) {
    static NetworkOrder network;
    static CoverOrder circle;
    network.profile = circle.profile = "catalogue/walking/foot.yaml";
    circle.circles = "catalogue/walking/circles.yaml";
    auto* spatial = root.add_subcommand("spatial", "Street networks and circles, from files");
    spatial->require_subcommand(1);
    auto* build = spatial->add_subcommand("build", "Make a network that people walk on");
    build->add_option("streets", network.streets, "OSM PBF, OSM XML or GeoJSON, also gzip")
        ->required()
        ->check(CLI::ExistingFile);
    build->add_option("--out", network.out, "File of the network")->required();
    build->add_flag("--gcj02", network.gcj02, "The streets are in GCJ-02");
    build
        ->add_option(
            "--expect-place", network.place,
            "lon,lat,lon,lat: refuse streets most of which lie elsewhere"
        )
        ->delimiter(',')
        ->expected(4);
    add_profile_option(*build, network.profile);
    build->callback([&todo] { todo = [] { return spatial_build(network); }; });

    auto* cover = spatial->add_subcommand("cover", "Who has what within a walk, by area, as CSV");
    add_circle_options(*cover, circle);
    cover->add_option("--gaps", circle.gaps, "Write the doors outside here, with their walk");
    cover->callback([&todo] { todo = [] { return spatial_cover(circle); }; });
    add_what_if(*spatial, todo);
    add_isochrone(*spatial, todo);
    add_city_commands(*spatial, todo);
    add_siting_commands(*spatial, todo);
}

}  // namespace linli::app
