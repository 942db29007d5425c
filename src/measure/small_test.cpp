// SPDX-License-Identifier: Apache-2.0
// Counts of people whose records the reader may not see (C18): the county's and the city's
// supervisors here; the community's desk sees them.
#include "measure/small.hpp"

#include <random>

#include "measure/testing.hpp"

using namespace linli;
using namespace linli::measure;
using namespace linli::measure::testing;

namespace {

constexpr const char* helper_yaml = R"(kind: helper
title: {zh: 帮手, en: Helper}
levels: [county, subdistrict, community]
fields:
  name: {type: text, required: true, max: 60, class: personal, title: {zh: 姓名, en: Name}}
  skill: {type: choice, list: visit_reason, class: internal, title: {zh: 特长, en: Skill}}
  since: {type: date, class: internal, title: {zh: 起, en: Since}}
  hours: {type: int, min: 0, max: 1000, class: internal, title: {zh: 小时, en: Hours}}
title_fields: [name]
rights:
  community_desk: {create: scope, read: scope, change: scope}
)";
constexpr const char* helper_measures = R"yaml(counters:
  - {id: helpers, of: helper, date: since, by: [skill]}
  - {id: helpers_now, of: helper, stock: true}
  - {id: helper_hours, of: helper, sum: hours, stock: true}
indicators:
  - {id: helpers_each, formula: "helpers_now / areas(community)"}
)yaml";

constexpr std::optional<double> withheld = std::nullopt;

struct SmallWorld : World {
    explicit SmallWorld(store::Engine engine) : World(engine) {
        server.reset();
        measure.reset();
        catalogue = catalogue_with(helper_measures, {{"core/helper/helper.yaml", helper_yaml}});
        db->write_now([&](store::Tx& tx) { record::apply(tx, *catalogue); });
        flow = std::make_unique<flow::Flow>(catalogue, *areas);
        records = std::make_unique<record::Engine>(record::Parts{
            catalogue, *areas, *flow, *blobs, cipher});
        open_measure();
        people("filer", "community_desk", "340500000000");
    }
    void helpers(int count, const std::string& code, const char* since = "2025-05-02") {
        for (int i = 0; i < count; ++i) {
            const auto fields =
                obj({{"name", "王芳"}, {"skill", "care"}, {"since", since}, {"hours", 10}});
            const auto body = obj({{"area", std::to_string(area(code).value)}, {"fields", fields}});
            db->write_now([&](store::Tx& tx) {
                records->create(tx, callers.at("filer"), "helper", body, db.time().now());
            });
        }
    }
    std::optional<double> told(
        const std::string& who, const std::string& code, const std::string& period = "2025",
        const std::string& counter = "helpers"
    ) {
        const auto reply = get(who, "/api/counters/" + counter + "?period=" + period, code);
        REQUIRE(reply.status == 200);
        const auto* one = reply.json.find("counter");
        CHECK(*one->find("withheld")->as_bool() == one->find("value")->is_null());
        return one->find("value")->is_null() ? withheld : *one->find("value")->as_double();
    }
};

template <class F>
void on_each_small(F&& body) {
    for (const auto engine : store::testing::engines()) {
        SmallWorld world(engine);
        body(world);
    }
}

constexpr const char* city = "340500000000";
constexpr const char* county = "340503000000";
constexpr const char* subdistrict = "340503001000";
constexpr const char* here = "340503001001";
constexpr const char* beside = "340503001002";

}  // namespace

TEST_CASE("fewer than five people are not told to those who may not see their records") {
    on_each_small([](SmallWorld& w) {
        w.helpers(4, here);
        w.catch_up();
        CHECK(w.told("desk", here) == 4.0);
        CHECK(w.told("county", here) == withheld);
        CHECK(w.told("county", county) == withheld);
        CHECK(w.told("city", city) == withheld);
        CHECK(w.told("city", "340504000000") == withheld);
        w.helpers(1, here);
        w.catch_up();
        CHECK(w.told("county", here) == 5.0);
        CHECK(w.told("county", beside) == 0.0);
        CHECK(w.told("city", "340504000000") == 0.0);
    });
}

TEST_CASE("siblings of a small number are withheld too, so that subtraction does not tell it") {
    on_each_small([](SmallWorld& w) {
        w.helpers(6, here);
        w.helpers(3, beside);
        w.catch_up();
        CHECK(w.told("county", subdistrict) == 9.0);
        CHECK(w.told("county", here) == withheld);
        CHECK(w.told("county", beside) == withheld);
        CHECK(w.told("desk", here) == 6.0);
        w.helpers(2, beside);
        w.catch_up();
        CHECK(w.told("county", here) == 6.0);
        CHECK(w.told("county", beside) == 5.0);
        // What is filed at the subdistrict itself is what the sum of its communities lacks.
        w.helpers(1, subdistrict);
        w.catch_up();
        CHECK(w.told("county", subdistrict) == 12.0);
        CHECK(w.told("county", here) == withheld);
    });
}

TEST_CASE("the months of a quarter and the quarters of a year are told whole or not at all") {
    on_each_small([](SmallWorld& w) {
        w.helpers(6, here, "2025-04-02");
        w.helpers(6, here, "2025-05-02");
        w.helpers(2, here, "2025-06-02");
        w.catch_up();
        CHECK(w.told("county", county, "2025") == 14.0);
        CHECK(w.told("county", county, "2025-Q2") == 14.0);
        CHECK(w.told("county", county, "2025-04") == withheld);
        CHECK(w.told("county", county, "2025-04..2025-05") == withheld);
        CHECK(w.told("county", county, "2025-01..2025-06") == 14.0);
        CHECK(w.told("county", county, "2025-01") == 0.0);
        w.helpers(2, here, "2025-08-02");
        w.catch_up();
        CHECK(w.told("county", county, "2025") == 16.0);
        CHECK(w.told("county", county, "2025-Q2") == withheld);
        CHECK(w.told("desk", here, "2025-06") == 2.0);
    });
}

TEST_CASE("what would tell a small number is withheld everywhere: parts, formulas, proofs, sums") {
    on_each_small([](SmallWorld& w) {
        w.helpers(3, here);
        w.catch_up();
        const auto parts = w.get("county", "/api/counters/helpers?period=2025", county).json;
        CHECK(parts.find("parts")->as_list()->empty());
        CHECK(*parts.find("parts_withheld")->as_bool());
        CHECK(
            w.get("county", "/api/counters/helpers/records?period=2025", county).code ==
            "figure_withheld"
        );
        const char* each = "/api/indicators/helpers_each?period=2030&by=children";
        const auto formula = w.get("county", each, county).json;
        CHECK(formula.find("value")->is_null());
        CHECK(*formula.find("withheld")->as_bool());
        for (const auto& child : *formula.find("children")->as_list()) {
            CHECK(*child.find("withheld")->as_bool());
        }
        // Of how many a sum is, is not known: it is told of whole counties and above.
        CHECK(w.told("county", here, "2030", "helper_hours") == withheld);
        CHECK(w.told("county", county, "2030", "helper_hours") == 30.0);
        CHECK(w.told("desk", here, "2030", "helper_hours") == 30.0);
        const auto desk = w.get("desk", "/api/counters/helpers/records?period=2025", here).json;
        CHECK(desk.find("records")->as_list()->size() == 3);
    });
}

TEST_CASE("no sum that is told differs from its parts that are told by a small number") {
    SmallWorld w(store::testing::engines().front());
    std::mt19937 random(7);
    const std::vector<std::string> places{
        here, beside, "340503002001", "340504001001", subdistrict};
    for (int i = 0; i < 24; ++i) {
        const auto month = std::to_string(1 + random() % 9);
        w.helpers(
            static_cast<int>(random() % 7), places[random() % places.size()],
            ("2025-0" + month + "-15").c_str()
        );
    }
    w.catch_up();
    const auto& caller = w.callers.at("city");
    const auto& query = w.measure->query("helpers");
    Reader reader(*w.measure, caller);
    const auto tree = w.measure->tree();
    int told = 0;
    std::vector<Period> periods{{2025 * 12, 2025 * 12 + 11}};
    for (int month = 0; month < 12; ++month) {
        periods.push_back({2025 * 12 + month, 2025 * 12 + month});
        periods.push_back({2025 * 12 + month / 3 * 3, 2025 * 12 + month / 3 * 3 + 2});
    }
    for (const auto& node : tree->subtree(w.area(city))) {
        for (const auto& period : periods) {
            if (!reader.may_see(query, node.id, period)) {
                continue;
            }
            ++told;
            auto rest = w.measure->cells().value("helpers", node.id, period);
            CHECK((rest == 0 || rest >= least_shown));
            for (const auto* child : tree->children(node.id)) {
                if (reader.may_see(query, child->id, period)) {
                    rest -= w.measure->cells().value("helpers", child->id, period);
                }
            }
            CHECK((rest == 0 || rest >= least_shown));
        }
    }
    CHECK(told > 10);
}
