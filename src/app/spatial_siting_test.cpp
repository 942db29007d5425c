// SPDX-License-Identifier: Apache-2.0
#include "app/spatial_siting.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "app/spatial.hpp"
#include "base/error.hpp"

using namespace linli;
using namespace linli::app;

namespace {

/// A street of 3.8 km with a door every 380 m or so, elderly people at its east end.
struct Files {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / "linli-siting-test";
    Files() {
        std::filesystem::create_directories(folder);
        write(
            "streets.geojson",
            R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"highway":"residential"},)"
            R"("geometry":{"type":"LineString","coordinates":[[117.0,32.0],[117.02,32.0],[117.04,32.0]]}}]})"
        );
        std::string doors = "lon,lat,area,persons,elderly\n";
        for (int i = 0; i <= 10; ++i) {
            doors += std::to_string(117.0 + i * 0.004) + ",32.0," + (i < 5 ? "West" : "East") +
                     ",10," + (i > 7 ? "6" : "0") + "\n";
        }
        write("doors.csv", doors);
        write(
            "sites.csv",
            "lon,lat,name,cost,forbidden\n117.004,32,A,2,\n117.012,32,B,3,0\n117.02,32,C,2,1\n"
            "117.03,32,D,2,\n117.036,32,E,4,\n"
        );
        write("there.csv", "lon,lat\n117.004,32\n");
        NetworkOrder network;
        network.streets = folder / "streets.geojson";
        network.out = folder / "net";
        network.profile = "catalogue/walking/foot.yaml";
        spatial_build(network);
    }
    ~Files() { std::filesystem::remove_all(folder); }
    void write(const char* name, const std::string& text) const {
        std::ofstream(folder / name, std::ios::trunc) << text;
    }
    std::string read(const char* name) const {
        std::stringstream text;
        text << std::ifstream(folder / name).rdbuf();
        return text.str();
    }
    SiteOrder order() const {
        SiteOrder order;
        order.network = folder / "net";
        order.profile = "catalogue/walking/foot.yaml";
        order.doors = folder / "doors.csv";
        order.candidates = folder / "sites.csv";
        order.out = folder / "plan.csv";
        order.report = folder / "plan.json";
        order.weights = {"persons=1", "elderly=3"};
        order.number = 1;
        order.minutes = 12;
        order.effort = 0.01;
        return order;
    }
    std::string refusal(const SiteOrder& order) const {
        try {
            spatial_site(order);
        } catch (const Refused& refused) {
            return refused.problems.empty()
                       ? refused.code
                       : refused.problems.front().pointer + " " + refused.problems.front().code;
        }
        return {};
    }
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a study from files says where to build, what each site adds, and the bound") {
    const Files files;
    auto order = files.order();
    CHECK(spatial_site(order) == 0);
    CHECK(has(files.read("plan.csv"), "1,E,117.036,32,6,4,1,"));
    CHECK(has(files.read("plan.json"), "\"gap\": 0"));
    order.existing = files.folder / "there.csv";
    order.number = 2;
    order.phases = {1, 1};
    order.report = files.folder / "two.json";
    CHECK(spatial_site(order) == 0);
    CHECK(has(files.read("plan.csv"), "1,E,"));
    CHECK(has(files.read("plan.csv"), "2,B,"));
    CHECK(spatial_compare(files.folder / "plan.json", files.folder / "two.json") == 0);
    order.phases.clear();
    order.number = 0;
    order.budget = 3;
    CHECK(spatial_site(order) == 0);
    CHECK(has(files.read("plan.csv"), "1,D,"));
    order.kind = "cover_all";
    CHECK(spatial_site(order) == 0);
    order.budget = 0;
    order.number = 2;
    for (const char* kind : {"median", "centre"}) {
        order.kind = kind;
        order.minutes = 60;
        CHECK(spatial_site(order) == 0);
        CHECK(has(files.read("two.json"), std::string("\"kind\": \"") + kind));
    }
}

TEST_CASE("a study that cannot be made says which file and line, and writes nothing") {
    const Files files;
    files.write("plan.csv", "the last one");
    const auto file = [&](const char* name) { return (files.folder / name).string(); };
    auto order = files.order();
    order.number = 0;
    CHECK(files.refusal(order) == "--number budget_malformed");
    order = files.order();
    order.weights = {"children=1"};
    CHECK(files.refusal(order) == file("doors.csv") + " column_missing");
    order.weights = {"persons=many"};
    CHECK(files.refusal(order) == "--weight weight_malformed");
    files.write("sites.csv", "lon,lat,name\n");
    CHECK(files.refusal(files.order()) == file("sites.csv") + " nothing_to_choose");
    files.write("sites.csv", "lon,lat,name\n110,30,far\n");
    CHECK(files.refusal(files.order()) == file("sites.csv") + " nothing_placed");
    files.write("sites.csv", "lon,lat,cost\n117.01,32,1\n117.02,32,free\n");
    CHECK(files.refusal(files.order()) == file("sites.csv") + ":3 number_malformed");
    files.write("sites.csv", "lon,lat,forbidden\n117.01,32,1\n");
    CHECK(files.refusal(files.order()) == "sites nothing_to_choose");
    files.write("sites.csv", "x,y\n117.01,32\n");
    CHECK(files.refusal(files.order()) == file("sites.csv") + " column_missing");
    files.write("sites.csv", "lon,lat\n117.01,32\n");
    order = files.order();
    order.kind = "centre";
    CHECK(files.refusal(order) == "demands out_of_reach");
    CHECK(files.read("plan.csv") == "the last one");
    CHECK(!std::filesystem::exists(files.folder / "plan.json"));
    files.write("no.json", "{}");
    CHECK_THROWS_AS(spatial_compare(files.folder / "no.json", files.folder / "no.json"), Refused);
}
