// SPDX-License-Identifier: Apache-2.0
// A plan over the world of the measure room: figures against targets, entered by hand or counted.
#include "measure/testing.hpp"
#include "plan/plan.hpp"

using namespace linli;
using namespace linli::measure::testing;

namespace {

constexpr const char* plan_yaml = R"(plan: town-145
title: {zh: 规划, en: Plan}
area: "340500000000"
period: 2021..2025
source: a document
manual:
  - {id: kiosk_coverage, unit: "%"}
  - {id: parlours, unit: places, digits: 0}
indicators:
  - {of: coverage, section: table 1, nature: binding, target: {2025: ">= 100"}}
  - {of: kiosk_coverage, target: {2025: "= 100"}}
  - {of: parlours, total: true, target: {2025: ">= 10"}, areas: {"340503000000": {2025: ">= 6"}}}
)";

struct PlanWorld : World {
    explicit PlanWorld(store::Engine engine) : World(engine) {
        catalogue = catalogue_with(measures_yaml, {{"cities/x/plan.yaml", plan_yaml}});
        more_routes = [this](http::Router& to) { plan::plan_routes(to, *measure); };
        open_measure();
    }
};

template <class F>
void on_each(F&& body) {
    for (const auto engine : store::testing::engines()) {
        PlanWorld world(engine);
        body(world);
    }
}

/// None for null.
std::optional<double> number(const Value* value) {
    if (const auto* whole = value ? value->as_int() : nullptr) {
        return static_cast<double>(*whole);
    }
    return value && value->as_double() ? std::optional(*value->as_double()) : std::nullopt;
}

Value figure(const Reply& reply, std::size_t index) {
    return reply.json.find("indicators")->as_list()->at(index);
}

Value entry(World& w, const char* code, double value, const char* period = "2025") {
    return obj(
        {{"area", std::to_string(w.area(code).value)},
         {"period", period},
         {"value", value},
         {"source", "bureau of statistics"},
         {"evidence", "table 3 of the yearbook"}}
    );
}

constexpr const char* city = "340500000000";
constexpr const char* county = "340503000000";
constexpr const char* community = "340503001001";

}  // namespace

TEST_CASE("a plan holds counted figures against its targets at every level") {
    on_each([](PlanWorld& w) {
        w.file(community);
        w.catch_up();
        auto one = figure(w.get("city", "/api/plans/town-145?period=2025", city), 0);
        CHECK(number(one.find("value")) == 100.0 / 4);
        CHECK(one.text_or("origin") == "counted");
        CHECK(one.text_or("standing") == "behind");
        CHECK(one.find("target")->text_or("comparison") == ">=");
        CHECK(one.find("trend")->as_list()->size() == 8);
        one = figure(w.get("desk", "/api/plans/town-145?period=2025", community), 0);
        CHECK(number(one.find("value")) == 100.0);
        CHECK(one.text_or("standing") == "met");
    });
}

TEST_CASE("an indicator opens the areas below") {
    on_each([](PlanWorld& w) {
        w.file(community);
        w.catch_up();
        const auto reply =
            w.get("city", "/api/plans/town-145/indicators/coverage?period=2025", city);
        REQUIRE(reply.status == 200);
        const auto& children = *reply.json.find("children")->as_list();
        REQUIRE(children.size() == 2);
        CHECK(number(children[0].find("value")) == 100.0 / 3);
        CHECK(number(children[1].find("value")) == 0.0);
        CHECK(children[1].text_or("standing") == "behind");
    });
}

TEST_CASE("a value entered by hand is shown with its source, the newest entry, and taken back") {
    on_each([](PlanWorld& w) {
        const char* path = "/api/indicators/kiosk_coverage/values";
        const auto shown = [&] {
            return figure(w.get("city", "/api/plans/town-145?period=2025", city), 1);
        };
        CHECK(shown().text_or("standing") == "no_value");
        CHECK(w.post("city", path, entry(w, city, 80)).status == 201);
        CHECK(w.post("city", path, entry(w, city, 95.5)).status == 201);
        auto one = shown();
        CHECK(number(one.find("value")) == 95.5);
        CHECK(one.text_or("origin") == "by_hand");
        CHECK(one.text_or("standing") == "near");
        CHECK(one.find("entered")->text_or("source") == "bureau of statistics");
        const auto reply = w.get("city", "/api/indicators/kiosk_coverage?period=2025", city);
        CHECK(number(reply.json.find("value")) == 95.5);
        auto nothing = entry(w, city, 0);
        nothing.set("value", Value());
        CHECK(w.post("city", path, nothing).status == 201);
        CHECK(shown().text_or("standing") == "no_value");
        const auto history = w.get("city", path, city);
        CHECK(history.json.find("entries")->as_list()->size() == 3);
    });
}

TEST_CASE("of the values within a period the one that ends last holds") {
    on_each([](PlanWorld& w) {
        const char* path = "/api/indicators/kiosk_coverage/values";
        w.post("city", path, entry(w, city, 50, "2025-Q1"));
        w.post("city", path, entry(w, city, 60, "2025-02"));
        const auto at = [&](const std::string& period) {
            const auto one = figure(w.get("city", "/api/plans/town-145?period=" + period, city), 1);
            return number(one.find("value"));
        };
        CHECK(at("2025") == 50.0);
        CHECK(at("2025-02") == 60.0);
        CHECK(!at("2025-03"));
        CHECK(!at("2024"));
    });
}

TEST_CASE("a total has a target below only where the plan says so") {
    on_each([](PlanWorld& w) {
        const auto standing = [&](const char* code) {
            const auto one = figure(w.get("city", "/api/plans/town-145?period=2025", code), 2);
            const auto* target = one.find("target");
            return target->is_null() ? -1.0 : number(target->find("value")).value_or(-2);
        };
        CHECK(standing(city) == 10);
        CHECK(standing(county) == 6);
        CHECK(standing("340504000000") == -1);
    });
}

TEST_CASE("values are entered by those who may, for what no records give, and exactly") {
    on_each([](PlanWorld& w) {
        const std::string kiosks = "/api/indicators/kiosk_coverage/values";
        auto without_source = entry(w, city, 1);
        without_source.set("source", " ");
        struct Case {
            const char* who;
            std::string path;
            Value body;
            std::string code;
        };
        for (const auto& c : std::vector<Case>{
                 {"li", kiosks, entry(w, community, 1), "right_missing"},
                 {"county", kiosks, entry(w, city, 1), "area_not_found"},
                 {"desk", kiosks, entry(w, "340503001002", 1), "area_not_found"},
                 {"city", "/api/indicators/coverage/values", entry(w, city, 1),
                  "indicator_computed"},
                 {"city", "/api/indicators/nothing/values", entry(w, city, 1),
                  "indicator_not_found"},
                 {"city", kiosks, entry(w, city, 1.25), "too_precise"},
                 {"city", kiosks, entry(w, city, 1e13), "number_too_large"},
                 {"city", kiosks, entry(w, city, 1, "soon"), "period_malformed"},
                 {"city", kiosks, entry(w, city, 1, "2031"), "period_ahead"},
                 {"city", kiosks, without_source, "required"}}) {
            CAPTURE(c.code);
            const auto reply = w.post(c.who, c.path, c.body);
            const auto* problems = reply.json.find("problems");
            const bool one = problems && problems->as_list() && !problems->as_list()->empty();
            CHECK((one ? problems->as_list()->at(0).text_or("code") : reply.code) == c.code);
        }
        CHECK(w.get("city", kiosks, city).json.find("entries")->as_list()->empty());
    });
}

TEST_CASE("every value entered is a line of the log") {
    on_each([](PlanWorld& w) {
        w.post("county", "/api/indicators/kiosk_coverage/values", entry(w, community, 40));
        w.sealer->seal_all();
        const auto home = w.areas->today()->find(w.area(community))->county_number;
        const auto lines =
            w.db->read_now([&](store::Tx& tx) { return store::changes_after(tx, home, 0, 100); });
        REQUIRE(!lines.empty());
        const auto& last = lines.back().change;
        CHECK(last.kind == "indicator");
        CHECK(last.action == "enter");
        CHECK(last.role == "county_supervisor");
        CHECK(last.actor == w.callers.at("county").account);
        CHECK(last.detail == "kiosk_coverage 2025-01..2025-12");
    });
}

TEST_CASE("plans are found by those whose areas they touch") {
    on_each([](PlanWorld& w) {
        const auto reply = w.get("desk", "/api/plans", "-");
        REQUIRE(reply.json.find("plans")->as_list()->size() == 1);
        CHECK(w.get("li", "/api/plans", "-").code == "right_missing");
        struct Case {
            const char *who, *path, *area, *code;
        };
        for (const auto& c : std::vector<Case>{
                 {"desk", "/api/plans/town-145?period=2025", city, "area_not_found"},
                 {"city", "/api/plans/town-145?period=2025", "340000000000", "area_not_found"},
                 {"city", "/api/plans/other?period=2025", city, "plan_not_found"},
                 {"city", "/api/plans/town-145?period=now", city, "period_malformed"},
                 {"city", "/api/plans/town-145/indicators/mean_cost?period=2025", city,
                  "indicator_not_found"}}) {
            CAPTURE(c.path);
            CHECK(w.get(c.who, c.path, c.area).code == c.code);
        }
    });
}

TEST_CASE("a plan is a table of an area and those below, and a sheet of the same") {
    on_each([](PlanWorld& w) {
        w.file(community);
        w.catch_up();
        w.post("city", "/api/indicators/kiosk_coverage/values", entry(w, county, 40));
        const auto table = w.get("city", "/api/plans/town-145/areas?period=2025", city);
        REQUIRE(table.status == 200);
        CHECK(table.json.find("columns")->as_list()->size() == 3);
        const auto& rows = *table.json.find("rows")->as_list();
        REQUIRE(rows.size() == 3);
        CHECK(rows[0].find("area")->text_or("name") == "马鞍山市");
        const auto& below = *rows[1].find("cells")->as_list();
        CHECK(number(below[0].find("value")) == 100.0 / 3);
        CHECK(below[0].text_or("standing") == "behind");
        CHECK(number(below[1].find("value")) == 40.0);
        CHECK(below[1].text_or("origin") == "by_hand");
        CHECK(
            w.get("desk", "/api/plans/town-145/areas?period=2025", city).code == "area_not_found"
        );
        http::Request request;
        request.method = "GET";
        request.path = "/api/plans/town-145/figures.csv";
        request.query = {{"area", std::to_string(w.area(city).value)}, {"period", "2025"}};
        request.headers.emplace_back("x-login", "city");
        request.id = "r";
        const auto sheet = w.server->serve(std::move(request));
        REQUIRE(sheet.status == 200);
        CHECK(sheet.type.starts_with("text/csv"));
        CHECK(sheet.body.find("340503000000,花山区,coverage") != std::string::npos);
        CHECK(sheet.body.find(",>= 100,2025,33.3,behind,counted") != std::string::npos);
        CHECK(std::count(sheet.body.begin(), sheet.body.end(), '\n') == 1 + 3 * 3);
    });
}

TEST_CASE("who may enter values is told with the plan") {
    on_each([](PlanWorld& w) {
        const auto may = [&](const char* who, const char* code) {
            const auto reply = w.get(who, "/api/plans/town-145?period=2025", code);
            return *reply.json.find("may_enter")->as_bool();
        };
        CHECK(may("city", county));
        w.callers.at("county").grants[0].role = "grid_centre";
        CHECK(!may("county", county));
    });
}

TEST_CASE("a figure that was worked out before is worked out anew when records or the tree change"
) {
    on_each([](PlanWorld& w) {
        const auto value = [&] { return w.indicator("coverage", city, "2025"); };
        CHECK(value() == 0.0);
        const auto filed = w.file(community);
        w.catch_up();
        CHECK(value() == 25.0);
        CHECK(value() == 25.0);
        w.withdraw(filed);
        w.catch_up();
        CHECK(value() == 0.0);
        w.db->write_now([&](store::Tx& tx) {
            area::Version version;
            version.from = w.areas->today()->at();
            version.parent = w.area("340504001000");
            version.level = area::Level::community;
            version.code = "340504001002";
            version.name = "湖西社区";
            area::add_area(tx, version);
        });
        w.areas->reload();
        w.file(community);
        w.catch_up();
        CHECK(value() == 20.0);
    });
}
