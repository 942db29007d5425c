// SPDX-License-Identifier: Apache-2.0
#include "app/spatial_district.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <set>

#include "app/spatial_city.hpp"
#include "app/spatial_sheets.hpp"
#include "base/error.hpp"

using namespace linli;
using namespace linli::app;

namespace {

struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "linli-district-test";
    Folder() {
        std::filesystem::remove_all(path);
        spatial_city({{20'000, 7}, path, "catalogue/walking/foot.yaml", true});
    }
    ~Folder() { std::filesystem::remove_all(path); }
    void write(const char* name, const std::string& text) const {
        std::ofstream(path / name, std::ios::trunc) << text;
    }
    DistrictOrder order() const {
        DistrictOrder order;
        order.network = path / "city.net";
        order.dwellings = path / "dwellings.csv";
        order.barriers = path / "barriers.geojson";
        order.areas = path / "areas.csv";
        order.out = path / "then.csv";
        order.geojson = path / "then.geojson";
        order.commands = path / "lines.sh";
        order.rules.split_above = 3'000;
        order.rules.low = 1'000;
        order.rules.high = 2'000;
        return order;
    }
    /// Households of each community as it would be, of those concerned.
    std::map<std::string, double> then() const {
        const Sheet moved(path / "then.csv"), homes(path / "dwellings.csv");
        std::map<std::string, double> size;
        for (std::size_t row = 0; row < moved.rows.size(); ++row) {
            const auto line = static_cast<std::size_t>(moved.number(row, 0, 2, 1e7));
            size[moved.rows[row][moved.column("area_then")]] +=
                homes.number(line - 2, homes.column("households"), 0, 1e4);
        }
        return size;
    }
    std::set<std::string> concerned() const {
        const Sheet moved(path / "then.csv");
        std::set<std::string> areas;
        for (const auto& row : moved.rows) {
            areas.insert(row[moved.column("area")]);
        }
        return areas;
    }
};

std::string refusal(const DistrictOrder& order) {
    try {
        spatial_district(order);
    } catch (const Refused& refused) {
        return refused.problems.empty() ? refused.code : refused.problems.front().code;
    }
    return {};
}

}  // namespace

TEST_CASE("communities of a city that are too large are split, with the lines that decide it") {
    const Folder folder;
    CHECK(spatial_district(folder.order()) == 0);
    const auto size = folder.then();
    REQUIRE(size.size() > 2);
    for (const auto& [code, households] : size) {
        CAPTURE(code);
        CHECK(households >= 500);
        CHECK(households <= 3'000);
    }
    const auto lines = spatial::read_whole_file(folder.path / "lines.sh");
    CHECK(lines.find("linli area split '99") != std::string::npos);
    CHECK(lines.find("--child '99") != std::string::npos);
    const auto map = spatial::read_whole_file(folder.path / "then.geojson");
    CHECK(map.find("\"made_up\":true") != std::string::npos);
}

TEST_CASE("an area that people want left as it is stays, and wishes need reasons and known names") {
    const Folder folder;
    spatial_district(folder.order());
    const auto area = *folder.concerned().begin();
    auto order = folder.order();
    order.conditions = folder.path / "wishes.csv";
    folder.write(
        "wishes.csv", "rule,first,second,reason\nleave," + area + ",,the residents voted\n"
    );
    CHECK(spatial_district(order) == 0);
    CHECK(!folder.concerned().contains(area));
    folder.write("wishes.csv", "rule,first,second,reason\nleave," + area + ",,\n");
    CHECK(refusal(order) == "reason_missing");
    folder.write("wishes.csv", "rule,first,second,reason\nleave,nowhere,,because\n");
    CHECK(refusal(order) == "unknown_area");
    folder.write("wishes.csv", "rule,first,second,reason\ntogether,1,none,because\n");
    CHECK(refusal(order) == "unknown_compound");
    folder.write("wishes.csv", "rule,first,second,reason\nsing,1,2,because\n");
    CHECK(refusal(order) == "condition_unknown");
}
