// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>

#include "area/area.hpp"

using namespace linli;
using namespace linli::area;

namespace {

Version version(int id, int parent, const char* code, const char* name, Level level) {
    Version v;
    v.area = {id};
    v.parent = {parent};
    v.code = code;
    v.name = name;
    v.level = level;
    return v;
}

/// A province, two cities; one with two counties, one with a subdistrict right below it.
std::vector<Version> some() {
    return {
        version(31, 21, "340503002000", "解放路街道", Level::subdistrict),
        version(41, 31, "340503002003", "桃花园社区", Level::community),
        version(11, 1, "340500000000", "马鞍山市", Level::city),
        version(22, 11, "340504000000", "雨山区", Level::county),
        version(1, 0, "340000000000", "安徽省", Level::province),
        version(21, 11, "340503000000", "花山区", Level::county),
        version(51, 41, "340503002003001", "第一网格", Level::grid),
        version(61, 41, "T1", "桃花园小区", Level::compound),
        version(71, 61, "T1-3", "3栋", Level::building),
        version(12, 1, "340300000000", "蚌埠市", Level::city),
        version(32, 12, "340399001000", "直属街道", Level::subdistrict),
        version(30, 21, "340503001000", "沙塘路街道", Level::subdistrict),
    };
}
const Tree::Counties numbers{{{21}, 7}, {{22}, 3}};

std::vector<std::int64_t> ids(const std::vector<const Node*>& nodes) {
    std::vector<std::int64_t> result;
    for (const auto* node : nodes) {
        result.push_back(node->id.value);
    }
    return result;
}
using Ids = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("a tree is walked in order of code, whatever order its areas came in") {
    const Tree tree(Date{20000}, some(), numbers);
    CHECK(ids(tree.children({})) == Ids{1});
    CHECK(ids(tree.children({1})) == Ids{12, 11});
    CHECK(ids(tree.children({21})) == Ids{30, 31});
    CHECK(ids(tree.children({71})).empty());
    CHECK(ids(tree.children({999})).empty());
    CHECK(ids(tree.path({51})) == Ids{1, 11, 21, 31, 41, 51});
    CHECK(tree.path({999}).empty());
    CHECK(tree.subtree({11}).size() == 9);
    CHECK(tree.subtree({11}).front().id.value == 11);
    CHECK(tree.subtree({999}).empty());
    CHECK(tree.find_code("340503002003")->name == "桃花园社区");
    CHECK(tree.find_code("340503002") == nullptr);
    CHECK(tree.parent({1}) == nullptr);
    CHECK(tree.parent({41})->id == AreaId{31});
}

TEST_CASE("within is the subtree and nothing beside it") {
    const Tree tree(Date{20000}, some(), numbers);
    for (const auto& outer : tree.all()) {
        std::set<AreaId> inside;
        for (const auto& node : tree.subtree(outer.id)) {
            inside.insert(node.id);
        }
        for (const auto& inner : tree.all()) {
            CHECK(tree.within(inner.id, outer.id) == inside.contains(inner.id));
        }
    }
    CHECK_FALSE(tree.within({999}, {1}));
    CHECK_FALSE(tree.within({1}, {999}));
    CHECK_FALSE(tree.within({0}, {0}));
}

TEST_CASE("a record is filed under what is above its area") {
    const Tree tree(Date{20000}, some(), numbers);
    const auto filing = tree.filing({71});
    CHECK(filing.area == AreaId{71});
    CHECK(filing.county_number == 7);
    CHECK(filing.county == AreaId{21});
    CHECK(filing.subdistrict == AreaId{31});
    CHECK(filing.community == AreaId{41});
    CHECK(filing.grid == AreaId{});
    CHECK(tree.filing({51}).grid == AreaId{51});
    CHECK(tree.filing({1}).county_number == 0);
    CHECK(tree.filing({32}).county_number == 0);
    CHECK_THROWS_AS(tree.filing({999}), Refused);
    CHECK(tree.ancestor({51}, Level::city)->id == AreaId{11});
    CHECK(tree.ancestor({11}, Level::grid) == nullptr);
}

TEST_CASE("counties under an area, with the platform's for what is above counties") {
    const Tree tree(Date{20000}, some(), numbers);
    CHECK(tree.counties_under({41}) == std::vector<County>{7});
    CHECK(tree.counties_under({21}) == std::vector<County>{7});
    CHECK(tree.counties_under({11}) == std::vector<County>{0, 3, 7});
    CHECK(tree.counties_under({999}).empty());
}

TEST_CASE("areas are found by part of name or code, within an area") {
    const Tree tree(Date{20000}, some(), numbers);
    CHECK(ids(tree.search("桃花", {}, 10)) == Ids{41, 61});
    CHECK(ids(tree.search("桃花", {61}, 10)) == Ids{61});
    CHECK(ids(tree.search("3405", {}, 2)).size() == 2);
    CHECK(ids(tree.search("无", {}, 10)).empty());
}

TEST_CASE("what hangs on a missing parent is a root, what hangs on itself is left out") {
    auto versions = some();
    versions.push_back(version(81, 80, "990000000000", "孤", Level::province));
    versions.push_back(version(91, 92, "980000000000", "甲", Level::province));
    versions.push_back(version(92, 91, "970000000000", "乙", Level::city));
    const Tree tree(Date{20000}, versions, numbers);
    CHECK(ids(tree.children({})) == Ids{1, 81});
    CHECK(tree.find({91}) == nullptr);
    CHECK(tree.find_code("980000000000") == nullptr);
}

TEST_CASE("an empty tree answers") {
    const Tree tree(Date{0}, std::vector<Version>{}, {});
    CHECK(tree.all().empty());
    CHECK(tree.children({}).empty());
    CHECK(tree.search("x", {}, 5).empty());
}

TEST_CASE("level and kind follow from the official code") {
    struct Case {
        const char* code;
        const char* name;
        Level level;
        area::Kind kind;
    };
    for (const auto& c : std::vector<Case>{
             {"340000000000", "安徽省", Level::province, Kind::plain},
             {"340500000000", "马鞍山市", Level::city, Kind::plain},
             {"340503000000", "花山区", Level::county, Kind::plain},
             {"330301000000", "市辖区", Level::county, Kind::virtual_area},
             {"370871000000", "济宁高新技术产业开发区", Level::county, Kind::zone},
             {"340503001000", "沙塘路街道", Level::subdistrict, Kind::subdistrict},
             {"340503101000", "濮塘镇", Level::subdistrict, Kind::town},
             {"340504200000", "佳山乡", Level::subdistrict, Kind::township},
             {"340503401000", "慈湖高新技术产业开发区", Level::subdistrict, Kind::zone},
             {"330383198000", "龙港县直辖村级区划", Level::subdistrict, Kind::virtual_area},
             {"340503001001", "甲社区", Level::community, Kind::residents_committee},
             {"340503001200", "乙村", Level::community, Kind::villagers_committee},
             {"340503001400", "丙生活区", Level::community, Kind::similar},
             {"340503001498", "丁虚拟社区", Level::community, Kind::virtual_area},
             {"340503001001001", "第一网格", Level::grid, Kind::plain}}) {
        CAPTURE(c.code);
        CHECK(level_of_code(c.code) == c.level);
        CHECK(kind_of_code(c.code, c.level, c.name) == c.kind);
    }
    CHECK(level_of_code("34050") == std::nullopt);
    CHECK(level_of_code("34050300100x") == std::nullopt);
    CHECK_FALSE(counts(Kind::zone));
    CHECK_FALSE(counts(Kind::virtual_area));
    CHECK(counts(Kind::similar));
}
