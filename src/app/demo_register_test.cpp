// SPDX-License-Identifier: Apache-2.0
/// The registers of the demo are people as the census counts them.
#include <doctest/doctest.h>

#include "app/demo.hpp"
#include "app/testing.hpp"

namespace linli::app::testing {

TEST_CASE("the demo's people live in households, as old as the census says, each by the rules") {
    const auto folder = fresh_folder("demo-register");
    Settings settings;
    settings.data = folder;
    settings.db = (folder / "linli.db").string();
    settings.catalogue = catalogue_folder();
    settings.store.unsafe_durability = true;
    constexpr int persons = 900;
    const auto until = *parse_instant("2025-05-08T01:00:00Z");
    REQUIRE(fill_demo_if_empty(settings, 1, {0, persons}, until));
    TestOptions options;
    options.data = folder;
    options.db = settings.db;
    {
        TestApp app(options);
        const auto people = app.integer("SELECT count(*) FROM person");
        CHECK(people >= persons);
        CHECK(people < persons * 1.1);
        const auto share = [&](const std::string& where) {
            return 100.0 *
                   static_cast<double>(app.integer("SELECT count(*) FROM person WHERE " + where)) /
                   static_cast<double>(people);
        };
        const auto days = official_date(until).days;
        CHECK(
            share("birth_date <= " + std::to_string(days - 60 * 365)) ==
            doctest::Approx(20.5).epsilon(0.1)
        );
        CHECK(
            share("birth_date > " + std::to_string(days - 15 * 365)) ==
            doctest::Approx(13.4).epsilon(0.15)
        );
        const auto households = app.integer("SELECT count(*) FROM household");
        CHECK(static_cast<double>(people) / static_cast<double>(households) > 2.3);
        CHECK(static_cast<double>(people) / static_cast<double>(households) < 3.1);
        CHECK(app.integer("SELECT count(*) FROM household WHERE representative IS NULL") == 0);
        CHECK(app.integer("SELECT count(*) FROM household WHERE dwelling IS NULL") == 0);
        CHECK(app.integer("SELECT count(*) FROM address WHERE state <> 'valid'") == 0);
        CHECK(app.integer("SELECT count(DISTINCT county) FROM facility") == 5);
        CHECK(app.integer("SELECT count(*) FROM community_worker") > 10);
        CHECK(app.integer("SELECT count(*) FROM registry_pair WHERE state = 'open'") > 0);
    }
    std::filesystem::remove_all(folder);
}

}  // namespace linli::app::testing
