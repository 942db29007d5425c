// SPDX-License-Identifier: Apache-2.0
#include "app/spatial.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "base/error.hpp"

using namespace linli;
using namespace linli::app;

namespace {

/// A street of 1.9 km with a canteen at its west end, and doors along it.
struct Files {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / "linli-spatial-test";
    Files() {
        std::filesystem::create_directories(folder);
        write(
            "streets.geojson",
            R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"highway":"residential"},)"
            R"("geometry":{"type":"LineString","coordinates":[[117.0,32.0],[117.01,32.0],[117.02,32.0]]}}]})"
        );
        write(
            "doors.csv",
            "lon,lat,area,elderly\n117.001,32.0,East,2\n117.019,32.0,West,7\n118,32.0,West,1\n"
        );
        write("places.csv", "lon,lat,kind,days\n117.0,32.0,canteen,12345\n");
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
    CoverOrder order() const {
        CoverOrder order;
        order.network = folder / "net";
        order.profile = "catalogue/walking/foot.yaml";
        order.doors = folder / "doors.csv";
        order.places = folder / "places.csv";
        order.gaps = folder / "gaps.csv";
        order.kinds = {"canteen"};
        return order;
    }
    void build() const {
        CHECK(
            spatial_build({folder / "streets.geojson", folder / "net", order().profile, false}) == 0
        );
    }
    std::string refusal(const CoverOrder& order) const {
        try {
            spatial_cover(order);
        } catch (const Refused& refused) {
            return refused.problems.empty() ? refused.code : refused.problems.front().code;
        }
        return {};
    }
};

}  // namespace

TEST_CASE("a circle from files: who is outside, and how far") {
    const Files files;
    files.build();
    CHECK(spatial_cover(files.order()) == 0);
    CHECK(
        files.read("gaps.csv") == "line,area,lon,lat,walk_minutes\r\n3,West,117.019,32.0,26.7\r\n"
    );
    auto far = files.order();
    far.minutes = 30;
    CHECK(spatial_cover(far) == 0);
    CHECK(files.read("gaps.csv") == "line,area,lon,lat,walk_minutes\r\n");
    far.group = "elderly";
    CHECK(spatial_cover(far) == 0);
    CHECK(files.read("gaps.csv").find("26.7") != std::string::npos);
}

TEST_CASE("a circle from broken files is refused and the last list of gaps stays") {
    const Files files;
    files.build();
    files.write("gaps.csv", "the last good one");
    auto sunday = files.order();
    sunday.weekday = 7;
    CHECK(files.refusal(sunday) == "no_such_facility");
    auto giants = files.order();
    giants.group = "giants";
    CHECK(files.refusal(giants) == "unknown_group");
    files.write("doors.csv", "lon,lat\n117.001,ninety\n");
    CHECK(files.refusal(files.order()) == "number_malformed");
    files.write("doors.csv", "x,y\n117.001,32\n");
    CHECK(files.refusal(files.order()) == "column_missing");
    files.write("doors.csv", "lon,lat\n2,2\n");
    CHECK(files.refusal(files.order()) == "nothing_placed");
    files.write("net", "nothing");
    CHECK(files.refusal(files.order()) == "network_file_broken");
    CHECK(files.read("gaps.csv") == "the last good one");
}
