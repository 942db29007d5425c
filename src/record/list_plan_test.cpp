// SPDX-License-Identifier: Apache-2.0
// How the databases read lists: by an index, in its order.
#include <doctest/doctest.h>

#include "record/list.hpp"
#include "record/testing.hpp"

using namespace linli;
using namespace linli::record::testing;

namespace {

/// Few rows would be read and sorted as they lie: where PostgreSQL can do without, it shall.
std::vector<std::string> plan_of(
    World& w, const std::string& who, const std::vector<std::pair<std::string, std::string>>& query
) {
    std::vector<std::string> lines;
    w.db->read([&](store::Tx& tx) {
        if (tx.engine() == store::Engine::postgres) {
            tx.script("SET LOCAL enable_seqscan = off");
            tx.script("SET LOCAL enable_bitmapscan = off");
            tx.script("SET LOCAL enable_sort = off");
        }
        const record::Context c(*w.core, tx, &w.callers.at(who), w.db.time().now());
        const auto& table = c.core.table("request");
        lines = record::explain(c, table, record::read_query(c, table, query));
    });
    return lines;
}

}  // namespace

TEST_CASE("no list reads a whole table") {
    on_each_world([](World& w) {
        const auto office = w.unit("居委会", "340503001001", true);
        w.account("desk", "community_desk", "340503001001", office);
        w.account("street", "subdistrict_desk", "340503001000", office);
        w.account("county", "county_supervisor", "340503000000");
        w.account("city", "city_supervisor", "340500000000");
        w.account("li", "resident", "340503001001");
        w.file(
            "li", "request", "340503001001", obj({{"category", "noise"}, {"description", "打桩"}})
        );
        const std::vector<std::pair<std::string, std::vector<std::pair<std::string, std::string>>>>
            lists{
                {"desk", {}},
                {"street", {}},
                {"county", {}},
                {"city", {}},
                {"li", {}},
                {"desk", {{"q", "1234"}}},
                {"county", {{"sort", "-updated_at"}}},
                {"county", {{"area", w.area_id("340503001001")}, {"state", "accepted"}}}};
        for (const auto& [who, query] : lists) {
            CAPTURE(who);
            for (const auto& line : plan_of(w, who, query)) {
                const bool whole =
                    line == "SCAN r" || line.find("Seq Scan on request") != std::string::npos;
                CHECK_MESSAGE(!whole, line);
            }
        }
    });
}

TEST_CASE("a city's list is merged from its counties' indexes, and no county is sorted") {
    on_each_world([](World& w) {
        w.account("city", "city_supervisor", "340500000000");
        const auto plan = plan_of(w, "city", {{"state", "closed"}, {"sort", "-created_at"}});
        int merges = 0, counties = 0;
        for (const auto& line : plan) {
            merges += line.find("Merge Append") != std::string::npos || line == "MERGE (UNION ALL)";
            counties += line.find("request_by_county") != std::string::npos;
        }
        const auto text = join(plan, "\n");
        CHECK_MESSAGE(merges == 1, text);
        CHECK_MESSAGE(counties == 2, text);
    });
}
