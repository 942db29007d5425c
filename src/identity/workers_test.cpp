// SPDX-License-Identifier: Apache-2.0
#include "identity/workers.hpp"

#include <doctest/doctest.h>

#include "identity/store.hpp"
#include "identity/testing.hpp"

namespace linli::identity {

using namespace testing;

namespace {

Instant at(const char* text) {
    return parse_instant(text).value();
}
Value::List workers(Person& person, AreaId area) {
    return *person.get("/api/areas/" + std::to_string(area.value)).body.find("workers")->as_list();
}

}  // namespace

TEST_CASE("who lives in a community learns its grid workers and their public numbers, nobody else"
) {
    in_each_town([](Town& town) {
        const auto worker = town.account("worker", "grid_worker", "340503001001");
        town.account("neighbour", "resident", "340503001001");
        town.account("stranger", "resident", "340503001002");
        town.account("other_worker", "grid_worker", "340503001002");
        town.database->write_now([&](store::Tx& tx) {
            set_public_phone(tx, worker, " 0555-2100001 ");
        });
        const auto community = town.area("340503001001");
        Person neighbour(town), stranger(town), nobody(town);
        neighbour.sign_in("neighbour");
        stranger.sign_in("stranger");
        const auto told = workers(neighbour, community);
        REQUIRE(told.size() == 1);
        CHECK(told[0].text_or("name") == "张三");
        CHECK(told[0].text_or("phone") == "0555-2100001");
        CHECK(told[0].text_or("area_name") == "甲社区");
        CHECK(workers(stranger, community).empty());
        CHECK(workers(nobody, community).empty());
        CHECK(workers(neighbour, town.area("340503000000")).empty());
    });
}

TEST_CASE("a grid worker who left, or is of the demo, is not told") {
    in_each_town([](Town& town) {
        const auto community = town.area("340503001001");
        const auto worker = town.account("worker", "grid_worker", "340503001001");
        const auto told = [&](bool demo) {
            return town.database->read_now([&](store::Tx& tx) {
                return workers_of(tx, *town.areas->today(), community, demo).size();
            });
        };
        CHECK(told(false) == 1);
        town.database->write_now([&](store::Tx& tx) { mark_demo(tx, worker); });
        CHECK(told(false) == 0);
        CHECK(told(true) == 1);
        town.database->write_now([&](store::Tx& tx) {
            auto row = find_account(tx, worker).value();
            row.enabled = false;
            save_account(tx, row);
        });
        CHECK(told(true) == 0);
    });
}

TEST_CASE("a public number is a telephone number, or none") {
    Town town;
    const auto id = town.account("worker");
    const auto set = [&](const std::string& phone) {
        town.database->write_now([&](store::Tx& tx) { set_public_phone(tx, id, phone); });
        return town.database->read_now([&](store::Tx& tx) { return public_phone(tx, id); });
    };
    for (const std::string wrong : {"call me", "12", "1234567890123456789012345678901234567890+"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(set(wrong), Refused);
    }
    CHECK(set("+86 (555) 210-0001") == "+86 (555) 210-0001");
    CHECK(set("").empty());
}

TEST_CASE("an office is open in its calendar's hours, and says when it opens again") {
    const std::vector<Hours> day{{510, 720}, {840, 1050}};
    const Calendar calendar("office", {day, day, day, day, day, {}, {}}, {});
    const auto morning = opening_hours(calendar, at("2026-11-24T01:00:00Z"));  // Tuesday 09:00
    CHECK(morning.open);
    REQUIRE(morning.today.size() == 2);
    CHECK(morning.today[0].from == "08:30");
    CHECK(morning.today[1].to == "17:30");
    CHECK_FALSE(morning.opens_at);
    const auto noon = opening_hours(calendar, at("2026-11-24T05:00:00Z"));
    CHECK_FALSE(noon.open);
    CHECK(noon.opens_at == at("2026-11-24T06:00:00Z"));
    const auto saturday = opening_hours(calendar, at("2026-11-28T02:00:00Z"));
    CHECK(saturday.today.empty());
    CHECK(saturday.opens_at == at("2026-11-30T00:30:00Z"));
    const Calendar never_open("closed", {{}, {}, {}, {}, {}, {}, {}}, {});
    CHECK_FALSE(opening_hours(never_open, at("2026-11-24T01:00:00Z")).opens_at);
}

}  // namespace linli::identity
