// SPDX-License-Identifier: Apache-2.0
// Indicators, who may ask for them, and the records behind them.
#include "measure/testing.hpp"

using namespace linli;
using namespace linli::measure;
using namespace linli::measure::testing;

TEST_CASE("a formula is worked out over the counters of its area and period") {
    on_each_world([](World& w) {
        w.file("340503001001", obj({{"minutes", 30}, {"cost", 12.5}, {"done_on", "2025-05-02"}}));
        w.file("340503001002", obj({{"minutes", 10}}));
        w.catch_up();
        CHECK(w.indicator("mean_minutes", "340500000000", "2025-Q2") == 20.0);
        CHECK(w.indicator("mean_minutes", "340503001001", "2025-05") == 30.0);
        CHECK(w.indicator("mean_cost", "340500000000", "2025") == 6.25);
        CHECK(w.indicator("coverage", "340500000000", "2025") == 50.0);
        CHECK(w.indicator("coverage", "340504000000", "2025") == 0.0);
    });
}

TEST_CASE("a formula adds up over areas of one kind") {
    on_each_world([](World& w) {
        w.file("340503001001", obj({{"minutes", 30}}));
        w.file("340503001001", obj({{"minutes", 30}}));
        w.file("340503001002", obj({{"minutes", 10}}));
        w.catch_up();
        CHECK(w.indicator("visits_where_several", "340500000000", "2025") == 0.5);
        CHECK(w.indicator("visits_where_several", "340503001001", "2025") == 2.0);
        CHECK(w.indicator("visits_where_several", "340503001002", "2025") == 0.0);
    });
}

TEST_CASE("formulas know the kinds of areas that there are") {
    for (const auto* kind : names(area::Kind{})) {
        const auto loaded = catalogue_with(
            std::string("counters: [{id: visits, of: visit}]\nindicators: [{id: some, formula: "
                        "\"areas(community, "
                        "area_kind = '") +
            kind + "')\"}]\n"
        );
        CHECK(loaded->indicators().size() == 1);
    }
}

TEST_CASE("a division by zero has no value") {
    on_each_world([](World& w) {
        CHECK(!w.indicator("mean_minutes", "340500000000", "2025"));
        const auto reply =
            w.get("city", "/api/indicators/mean_minutes?period=2025", "340500000000");
        CHECK(reply.status == 200);
        CHECK(reply.json.find("value")->is_null());
    });
}

TEST_CASE("what cannot be counted yet is refused, not taken for nothing") {
    on_each_world([](World& w) {
        CHECK(
            w.get("city", "/api/counters/filers?period=2025", "340500000000").code ==
            "counter_not_counted"
        );
        CHECK(
            w.get("city", "/api/indicators/filed_by?period=2025", "340500000000").code ==
            "counter_not_counted"
        );
    });
}

TEST_CASE("figures are refused outside of the grants, and where the question is wrong") {
    on_each_world([](World& w) {
        struct Case {
            const char *who, *path, *area, *code;
        };
        for (const auto& c : std::vector<Case>{
                 {"li", "/api/indicators/coverage?period=2025", "340503001001", "right_missing"},
                 {"desk", "/api/indicators/coverage?period=2025", "340503001002", "area_not_found"},
                 {"desk", "/api/indicators/coverage?period=2025", "340500000000", "area_not_found"},
                 {"county", "/api/counters/visits?period=2025", "340504000000", "area_not_found"},
                 {"county", "/api/counters/visits/records?period=2025", "340504001001",
                  "area_not_found"},
                 {"city", "/api/indicators/coverage?period=2025", "", "area_not_found"},
                 {"city", "/api/indicators/coverage?period=tomorrow", "340500000000",
                  "period_malformed"},
                 {"city", "/api/indicators/nothing?period=2025", "340500000000",
                  "indicator_not_found"},
                 {"city", "/api/counters/nothing?period=2025", "340500000000", "counter_not_found"},
                 {"city", "/api/counters/open_visits/records?period=2025-04", "340500000000",
                  "stock_of_the_past"}}) {
            CAPTURE(c.path);
            CHECK(w.get(c.who, c.path, c.area).code == c.code);
        }
        CHECK(w.get("desk", "/api/indicators/coverage?period=2025", "340503001001").status == 200);
    });
}

TEST_CASE("a figure comes with its counters, its children, its parts and what still waits") {
    on_each_world([](World& w) {
        w.file("340503001001", obj({{"minutes", 30}, {"urgent", true}}));
        w.file("340503001001", obj({{"cause", "repair"}}));
        w.catch_up();
        const auto figure =
            w.get("city", "/api/indicators/mean_minutes?period=2025&by=children", "340500000000");
        CHECK(*figure.json.find("value")->as_double() == 15.0);
        CHECK(figure.json.find("counters")->as_list()->size() == 2);
        CHECK(figure.json.find("children")->as_list()->size() == 2);
        const auto parts = w.get("city", "/api/counters/visits?period=2025", "340500000000");
        CHECK(parts.json.find("parts")->as_list()->size() == 2);
        CHECK(parts.json.find("waiting")->int_or("cells", -1) == 0);
        CHECK(parts.json.find("waiting")->int_or("changes", -1) == 0);
        w.file("340503001001");
        w.sealer->seal_all();
        const auto late = w.get("city", "/api/counters/visits?period=2025", "340500000000");
        CHECK(late.json.find("waiting")->int_or("changes") == 1);
    });
}

TEST_CASE("a figure is proved by its records: those that may be read, and a count of the others") {
    on_each_world([](World& w) {
        std::vector<record::View> filed;
        for (int i = 0; i < 5; ++i) {
            filed.push_back(w.file(
                i < 3 ? "340503001001" : "340504001001",
                obj({{"cost", 1.25}, {"done_on", "2025-05-03"}})
            ));
        }
        w.withdraw(filed[4]);
        w.catch_up();
        const auto all =
            w.get("city", "/api/counters/cost/records?period=2025-05", "340500000000").json;
        CHECK(all.int_or("total") == 4);
        CHECK(all.find("records")->as_list()->size() == 4);
        CHECK(*all.find("value")->as_double() == 5.0);
        CHECK(*all.find("counted")->as_double() == 5.0);
        double sum = 0;
        for (const auto& one : *all.find("records")->as_list()) {
            sum += *one.find("value")->as_double();
        }
        CHECK(sum == 5.0);
        // The county's supervisor sees the figure, but may not read records of this kind.
        const auto county =
            w.get("county", "/api/counters/cost/records?period=2025-05", "340503000000").json;
        CHECK(county.int_or("total") == 3);
        CHECK(county.int_or("unseen") == 3);
        CHECK(county.find("records")->as_list()->empty());
        // Page by page, each once.
        std::set<std::string> seen;
        std::string next = "1";
        for (int pages = 0; pages < 3 && !next.empty(); ++pages) {
            const auto page =
                w.get(
                     "city", "/api/counters/cost/records?period=2025-05&limit=2&cursor=" + next,
                     "340500000000"
                )
                    .json;
            for (const auto& one : *page.find("records")->as_list()) {
                CHECK(seen.insert(one.text_or("id")).second);
            }
            next = page.text_or("next");
        }
        CHECK(seen.size() == 4);
        CHECK(next.empty());
    });
}
