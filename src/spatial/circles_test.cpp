// SPDX-License-Identifier: Apache-2.0
#include "spatial/circles.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.hpp"
#include "spatial/testing.hpp"

using namespace linli::spatial;

namespace {

std::string code_of(const auto& work) {
    try {
        work();
    } catch (const linli::Refused& refused) {
        return refused.problems.front().code;
    }
    return {};
}

/// Doors a and b in the town, c in the village; a canteen at K, a clinic at P.
struct Town {
    Drawing drawing = draw("K--a--b-----P\n|\n|\nc\n");
    AreaTree areas{{0, 0, 0}};  // county; town, village
    Dwellings dwellings;
    std::vector<Facility> facilities;
    Search search{drawing.network};
    Town() {
        dwellings.positions = {drawing.position('a'), drawing.position('b'), drawing.position('c')};
        dwellings.area = {1, 1, 2};
        dwellings.area_class = {AreaClass::urban, AreaClass::urban, AreaClass::rural};
        dwellings.weights = {{2, 3, 5}};
        facilities = {{drawing.position('K'), 0}, {drawing.position('P'), 1}};
    }
    Covered run(const Circle& circle, int weekday = 0) {
        return cover(drawing.network, search, areas, dwellings, facilities, circle, weekday);
    }
};

}  // namespace

TEST_CASE("a circle without a facility, or with columns that do not fit, is refused") {
    Town town;
    CHECK(code_of([&] { town.run({"meals", {7}, false, {1, 1, 1}}); }) == "no_such_facility");
    CHECK(code_of([&] { town.run({"both", {0, 7}, true, {1, 1, 1}}); }) == "no_such_facility");
    CHECK(code_of([&] { town.run({"none", {}, false, {1, 1, 1}}); }) == "circle_malformed");
    CHECK(code_of([&] { town.run({"day", {0}, false, {1, 1, 1}}, 7); }) == "circle_malformed");
    town.dwellings.area[2] = 9;
    CHECK(code_of([&] { town.run({"meals", {0}, false, {1, 1, 1}}); }) == "columns_differ");
    town.dwellings.area.pop_back();
    CHECK(code_of([&] { town.run({"meals", {0}, false, {1, 1, 1}}); }) == "columns_differ");
}

TEST_CASE("town and village have their own limits; areas add up; the farthest gap comes first") {
    Town town;
    const auto meals = town.run({"meals", {0}, false, {200'000, 0, 200'000}});
    CHECK(meals.shares.covered == std::vector<std::uint64_t>{2, 7, 1, 2, 1, 5});
    CHECK(meals.shares.all == std::vector<std::uint64_t>{3, 10, 2, 5, 1, 5});
    CHECK(meals.gaps == std::vector<std::uint32_t>{1});
    const auto town_only = town.run({"meals", {0}, false, {100'000, 0, 0}});
    CHECK(town_only.shares.all == std::vector<std::uint64_t>{2, 5, 2, 5, 0, 0});
    CHECK(town_only.gaps == std::vector<std::uint32_t>{1, 0});
}

TEST_CASE("any of the kinds will do, or each is needed") {
    Town town;
    CHECK(town.run({"any", {0, 1}, false, {310'000, 0, 310'000}}).gaps.empty());
    const auto each = town.run({"each", {0, 1}, true, {460'000, 0, 460'000}});
    CHECK(each.gaps == std::vector<std::uint32_t>{2});
}

TEST_CASE("a mobile station counts on its days alone") {
    Town town;
    town.facilities[0].days = 0b0000100;
    CHECK(town.run({"meals", {0}, false, {900'000, 0, 900'000}}, 2).gaps.empty());
    CHECK(code_of([&] { town.run({"meals", {0}, false, {1, 0, 1}}, 3); }) == "no_such_facility");
}

TEST_CASE("shares of random towns are those counted one by one on slow walks") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        const auto drawing = draw(random_picture(seed, 9, 7, 30));
        const auto& network = drawing.network;
        const auto graph = plain_graph(network);
        std::vector<std::uint32_t> points(network.points.size());
        for (std::uint32_t p = 0; p < points.size(); ++p) {
            points[p] = p;
        }
        const auto places = positions_of(network, points);
        const AreaTree areas{{0, 0, 0, 1, 1, 2}};
        Dwellings dwellings;
        dwellings.positions = places;
        dwellings.weights.resize(1);
        for (const auto p : points) {
            dwellings.area.push_back(3 + p % 3);
            dwellings.area_class.push_back(static_cast<AreaClass>(p % 2 * 2));
            dwellings.weights[0].push_back(p * 7 % 11);
        }
        std::vector<Facility> facilities;
        std::vector<Position> sources;
        for (std::uint32_t i = 0; i < 3; ++i) {
            sources.push_back(places[(seed * 13 + i * 29) % places.size()]);
            facilities.push_back({sources.back(), static_cast<std::uint16_t>(i)});
        }
        Search search(network);
        const Circle circle{"life", {0, 1, 2}, seed % 2 == 0, {400'000, 0, 700'000}};
        const auto got = cover(network, search, areas, dwellings, facilities, circle);
        std::vector<std::vector<Ms>> walks;
        for (const auto& source : sources) {
            walks.push_back(plain_nearest(network, graph, {&source, 1}, longest_walk));
        }
        std::vector<std::uint64_t> covered(areas.parent.size() * 2, 0);
        std::size_t gaps = 0;
        for (const auto p : points) {
            const std::array near = {walks[0][p], walks[1][p], walks[2][p]};
            const Ms walk = circle.every_kind ? *std::max_element(near.begin(), near.end())
                                              : *std::min_element(near.begin(), near.end());
            const bool inside = walk <= circle.limit[p % 2 * 2];
            gaps += !inside;
            for (auto a = dwellings.area[p]; inside; a = areas.parent[a]) {
                covered[a * 2] += 1;
                covered[a * 2 + 1] += dwellings.weights[0][p];
                if (a == 0) {
                    break;
                }
            }
        }
        CHECK(got.shares.covered == covered);
        CHECK(got.gaps.size() == gaps);
    }
}
