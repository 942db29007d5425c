// SPDX-License-Identifier: Apache-2.0
#include "spatial/profile.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace linli;
using namespace linli::spatial;

namespace {

Problem problem_of(const std::string& yaml) {
    try {
        read_profile(yaml, "foot.yaml");
    } catch (const Refused& refused) {
        REQUIRE(refused.problems.size() == 1);
        return refused.problems.front();
    }
    return {};
}

int percent(
    const Profile& profile, std::initializer_list<std::pair<const char*, const char*>> list
) {
    Tags tags(profile);
    for (const auto& [key, value] : list) {
        tags.add(key, value);
    }
    return tags.way_percent();
}

}  // namespace

TEST_CASE("a broken profile is refused with file and line") {
    struct Case {
        std::string yaml, pointer, code;
    };
    const std::string good = "name: a\nmetres_per_minute: 67\nways: {footway: 100}\n";
    for (const auto& c : std::vector<Case>{
             {"", "foot.yaml:1", "profile_malformed"},
             {"name: a\n", "foot.yaml:1", "profile_incomplete"},
             {good + "barrier: [wall]\n", "foot.yaml:4", "unknown_key"},
             {"name: a\nmetres_per_minute: 9000\n", "foot.yaml:2", "number_out_of_range"},
             {"name: a\nmetres_per_minute: fast\n", "foot.yaml:2", "profile_malformed"},
             {good + "ways: {steps: 0}\n", "foot.yaml:4", "number_out_of_range"},
             {good + "closed: [no]\n", "foot.yaml:4", "profile_malformed"},
             {good + "barriers: {a: b}\n", "foot.yaml:4", "profile_malformed"},
             {"name: [\n", "foot.yaml:2", "profile_malformed"}}) {
        CAPTURE(c.yaml);
        const auto problem = problem_of(c.yaml);
        CHECK(problem.code == c.code);
        CHECK(problem.pointer == c.pointer);
    }
    CHECK(problem_of(good).code.empty());
}

TEST_CASE(
    "the shipped profile walks on footways and steps, through gates, and not where it is closed"
) {
    const auto foot = load_profile("catalogue/walking/foot.yaml");
    CHECK(percent(foot, {{"highway", "footway"}}) == 100);
    CHECK(percent(foot, {{"highway", "steps"}}) == 50);
    CHECK(percent(foot, {{"highway", "motorway"}}) == 0);
    CHECK(percent(foot, {{"building", "yes"}}) == 0);
    CHECK(percent(foot, {{"highway", "service"}, {"access", "private"}}) == 0);
    CHECK(percent(foot, {{"highway", "service"}, {"access", "private"}, {"foot", "yes"}}) == 100);
    CHECK(percent(foot, {{"foot", "no"}, {"highway", "residential"}}) == 0);
    Tags gate(foot);
    gate.add("barrier", "gate");
    CHECK_FALSE(gate.blocks());
    gate.add("access", "private");
    CHECK(gate.blocks());
    gate.clear();
    gate.add("barrier", "wall");
    CHECK(gate.blocks());
    gate.add("foot", "yes");
    CHECK_FALSE(gate.blocks());
}

TEST_CASE("who walks slower gets a shorter limit") {
    const auto foot = load_profile("catalogue/walking/foot.yaml");
    CHECK(limit_for(foot, "", 15) == 900'000);
    CHECK(limit_for(foot, "elderly", 15) == 900'000u * 55 / 67);
    CHECK_THROWS_AS(limit_for(foot, "giants", 15), Refused);
}
