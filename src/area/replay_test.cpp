// SPDX-License-Identifier: Apache-2.0
#include "area/replay.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "area/store.hpp"
#include "store/testing.hpp"

using namespace linli;
using namespace linli::area;

namespace {

constexpr const char* head =
    "code,parent,name,ur_code\n"
    "330300000000,330000000000,温州市,\n"
    "330302000000,330300000000,鹿城区,\n"
    "330302001000,330302000000,五马街道,\n"
    "330302101000,330302000000,山福镇,\n";
const std::string before_sheet = std::string(head) +
                                 "330302001001,330302001000,墨池社区,111\n"
                                 "330302001002,330302001000,谢池社区,111\n"
                                 "330302001003,330302001000,桃花岛社区,111\n"
                                 "330302101200,330302101000,驿头村委会,220\n"
                                 "330302101201,330302101000,岭山村委会,220\n"
                                 "330302101202,330302101000,杭郭村委会,220\n"
                                 "330302101203,330302101000,上坦村委会,220\n"
                                 "330302101204,330302101000,下坦村委会,220\n";
const std::string after_sheet = std::string(head) +
                                "330302001001,330302001000,墨池社区,111\n"
                                "330302001002,330302001000,桃花岛社区,111\n"
                                "330302001005,330302001000,桃花岛东社区,111\n"
                                "330302101001,330302101000,驿头社区,112\n"
                                "330302101200,330302101000,杭岭村委会,220\n"
                                "330302101205,330302101000,新和村委会,220\n"
                                "330302101206,330302101000,谢池社区,220\n";

std::vector<ImportRow> rows(const std::string& sheet) {
    std::istringstream in(sheet);
    return read_list(in);
}

std::string said(
    const Explanation& e, const std::vector<ImportRow>& before, const std::vector<ImportRow>& after,
    Rule rule
) {
    std::string text;
    for (const auto& one : e.found) {
        if (one.rule != rule) {
            continue;
        }
        for (const int i : one.before) {
            text += before[static_cast<std::size_t>(i)].name + " ";
        }
        text += ">";
        for (const int k : one.after) {
            text += " " + after[static_cast<std::size_t>(k)].name;
        }
        text += "; ";
    }
    return text;
}

}  // namespace

TEST_CASE("two lists years apart: what became of each area, though its code is another's now") {
    const auto before = rows(before_sheet), after = rows(after_sheet);
    const auto e = explain(before, after);
    const auto told = [&](Rule rule) { return said(e, before, after, rule); };
    CHECK(told(Rule::renamed) == "");
    CHECK(told(Rule::recoded) == "桃花岛社区 > 桃花岛社区; 驿头村委会 > 驿头社区; ");
    CHECK(told(Rule::moved) == "谢池社区 > 谢池社区; ");
    CHECK(told(Rule::merged_name) == "岭山村委会 杭郭村委会 > 杭岭村委会; ");
    CHECK(told(Rule::split_name) == "桃花岛社区 > 桃花岛东社区; ");
    CHECK(told(Rule::merged_rest) == "上坦村委会 下坦村委会 > 新和村委会; ");
    CHECK(e.gone.empty());
    CHECK(e.fresh.empty());
    CHECK(e.codes_reused == 2);
}

TEST_CASE("the history is written: figures of then stand on today's map, and the sum stays") {
    for (const auto engine : store::testing::engines()) {
        store::testing::TestDatabase database(engine, area::schema());
        const auto before = rows(before_sheet), after = rows(after_sheet);
        const Date from = *parse_date("2016-07-31"), to = *parse_date("2023-06-30");
        const auto e = explain(before, after);
        const auto written = database->write_now([&](store::Tx& tx) {
            return write_history(tx, before, from, after, to, e, database.time().now());
        });
        CHECK(written >= 3);
        const Areas areas(*database, database.time());
        const auto past = areas.on(from), present = areas.on(to);
        const auto lineage = database->read_now([](store::Tx& tx) { return read_lineage(tx); });
        std::map<AreaId, std::int64_t> figures;
        for (const auto& node : past->all()) {
            if (node.level == Level::community) {
                figures[node.id] = 100;
            }
        }
        std::map<std::string, std::int64_t> now;
        std::int64_t sum = 0;
        for (const auto& [id, figure] : restate(lineage, figures, from, to)) {
            REQUIRE(present->find(id));
            now[std::string(present->find(id)->name)] = figure;
            sum += figure;
        }
        CHECK(sum == 800);
        CHECK(now["新和村委会"] == 200);
        CHECK(now["杭岭村委会"] == 200);
        CHECK(now["桃花岛社区"] == 50);
        CHECK(now["桃花岛东社区"] == 50);
        CHECK(now["谢池社区"] == 100);
        database->close();
    }
}

TEST_CASE("the real lists of 2016 and 2023: nine of ten areas and more are explained") {
    const std::filesystem::path folder = "../shared/data/areas";
    if (!std::filesystem::exists(folder / "areas_2016.csv")) {
        MESSAGE("skipped: ../shared/data/areas is not here");
        return;
    }
    std::ifstream first(folder / "areas_2016.csv"), second(folder / "areas_2023.csv");
    const auto before = read_list(first), after = read_list(second);
    const auto e = explain(before, after);
    std::set<int> told;
    for (const auto& one : e.found) {
        told.insert(one.before.begin(), one.before.end());
    }
    CHECK(told.size() + e.gone.size() == before.size());
    CHECK(e.gone.size() * 10 < before.size());
    CHECK(e.fresh.size() * 10 < after.size());

    store::testing::TestDatabase database(store::Engine::sqlite, area::schema());
    const Date from = *parse_date("2016-07-31"), to = *parse_date("2023-06-30");
    database->write_now([&](store::Tx& tx) {
        return write_history(tx, before, from, after, to, e, database.time().now());
    });
    const Areas areas(*database, database.time());
    const auto past = areas.on(from), present = areas.on(to);
    const auto lineage = database->read_now([](store::Tx& tx) { return read_lineage(tx); });
    std::map<AreaId, std::int64_t> figures;
    for (const auto& node : past->all()) {
        figures[node.id] = 12;
    }
    std::int64_t sum = 0, lost = 0;
    for (const auto& [id, figure] : restate(lineage, figures, from, to)) {
        sum += figure;
        lost += present->find(id) ? 0 : figure;
    }
    CHECK(sum == 12 * static_cast<std::int64_t>(past->all().size()));
    CHECK(lost <= 12 * static_cast<std::int64_t>(e.gone.size()));
    database->close();
}
