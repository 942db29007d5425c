// SPDX-License-Identifier: Apache-2.0
#include "spatial/circle_table.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "spatial/testing.hpp"

using namespace linli::spatial;

namespace {

std::string refusal(const std::string& circle) {
    try {
        read_circles("circles:\n  meals:\n" + circle, "c.yaml");
    } catch (const linli::Refused& refused) {
        return refused.problems.front().pointer + " " + refused.problems.front().code;
    }
    return {};
}
const std::string good =
    "    title: {zh: 助餐}\n    kinds: [canteen]\n    minutes: {urban: 10, county_seat: 20}\n"
    "    source: {document: plan}\n";

}  // namespace

TEST_CASE("the shipped circles are those of the plans") {
    const auto profile = load_profile("catalogue/walking/foot.yaml");
    const auto circles = load_circles("catalogue/walking/circles.yaml");
    CHECK(circles.size() == 11);
    for (const auto& circle : circles) {
        CAPTURE(circle.id);
        CHECK(limits_of(circle, profile).size() == area_classes);  // its walker is in the profile
        CHECK_FALSE(circle.title_en.empty());
        CHECK_FALSE(circle.section.empty());
    }
    const auto& meals = circle_of(circles, "elder_meals");
    CHECK(meals.limit == std::array<std::uint32_t, 3>{10, 20, 0});
    CHECK(circle_of(circles, "employment").in_metres);
    CHECK(circle_of(circles, "convenience").limit == std::array<std::uint32_t, 3>{15, 15, 30});
    CHECK_THROWS_AS(circle_of(circles, "elder_meal"), linli::Refused);
}

TEST_CASE("a limit is a walk of whoever walks, a way in metres is the same for all") {
    auto circles = read_circles("circles:\n  meals:\n" + good);
    const auto profile = plain_profile();  // 60 m a minute, the elderly 30
    CHECK(limits_of(circles[0], profile) == std::array<Ms, 3>{600'000, 1'200'000, 0});
    CHECK(limits_of(circles[0], profile, "elderly") == std::array<Ms, 3>{300'000, 600'000, 0});
    circles[0].walker = "elderly";
    CHECK(limits_of(circles[0], profile)[0] == 300'000);
    circles[0].in_metres = true;
    CHECK(limits_of(circles[0], profile)[0] == 10'000);
    circles[0].in_metres = false;
    CHECK_THROWS_AS(limits_of(circles[0], profile, "giants"), linli::Refused);
}

TEST_CASE("a broken table of circles is refused with file and line") {
    CHECK(refusal(good).empty());
    CHECK(refusal(good + "    walkers: elderly\n") == "c.yaml:7 unknown_key");
    CHECK(refusal(good + "    metres: 500\n") == "c.yaml:7 circle_limit_twice");
    CHECK(refusal(good + "    priority: {elderly: 0}\n") == "c.yaml:7 number_out_of_range");
    CHECK(refusal(good + "    every: maybe\n") == "c.yaml:7 circle_malformed");
    CHECK(refusal(good + "    walker: [elderly]\n") == "c.yaml:7 circle_malformed");
    CHECK(refusal(good + "    minutes: {town: 3}\n") == "c.yaml:7 circle_limit_twice");
    CHECK(refusal("    minutes: {town: 3}\n") == "c.yaml:3 unknown_key");
    CHECK(refusal("    minutes: 481\n") == "c.yaml:3 number_out_of_range");
    CHECK(refusal("    kinds: []\n") == "c.yaml:3 circle_malformed");
    CHECK(refusal("    title: {de: Essen}\n") == "c.yaml:3 unknown_key");
    CHECK(refusal("    minutes: 15\n") == "c.yaml:2 circle_incomplete");
    CHECK(refusal(good + "  meals:\n" + good) == "c.yaml:7 circle_twice");
    CHECK(refusal(good + "   - broken: [\n").starts_with("c.yaml:7 "));
}
