// SPDX-License-Identifier: Apache-2.0
#include "spatial/snap.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "spatial/testing.hpp"

using namespace linli::spatial;

namespace {

/// Looks at every street.
double slow_nearest(const Network& network, Point door) {
    const Plane plane(door);
    double best = 1e18;
    for (std::size_t c = 0; c < network.chain_count(); ++c) {
        for (std::size_t i = 0; i + 1 < network.points_on(c); ++i) {
            const auto a = plane.project(network.points[network.point_of(c, i)]);
            const auto b = plane.project(network.points[network.point_of(c, i + 1)]);
            const double dx = b.x - a.x, dy = b.y - a.y;
            const double t = std::clamp(-(a.x * dx + a.y * dy) / (dx * dx + dy * dy), 0.0, 1.0);
            best = std::min(best, std::hypot(a.x + t * dx, a.y + t * dy));
        }
    }
    return best;
}

}  // namespace

TEST_CASE("a door goes to the nearest street and walks there") {
    const auto drawing = draw(
        "A-----------B\n"
        "     x\n"
        "\n"
        "\n"
        "C-----------D\n"
    );
    const auto hit = Snapper(drawing.network, {300, 1}).snap(drawing.where('x'));
    REQUIRE_FALSE(hit.why);
    CHECK(hit.metres == doctest::Approx(50).epsilon(0.01));
    CHECK(hit.position.access == doctest::Approx(50'000).epsilon(0.01));
    const auto& chain = drawing.network.chains[hit.position.chain];
    const auto from_a = drawing.network.points[chain.from] == drawing.where('A')
                            ? hit.position.offset
                            : chain.length - hit.position.offset;
    CHECK(from_a == doctest::Approx(250'000).epsilon(0.01));
}

TEST_CASE("a door is never put on a scrap of street that leads nowhere, and the report says why") {
    const auto drawing = draw(
        "A--+--+--+--+--+--B\n"
        "   |  |  |  |  |\n"
        "   +--+--+--+--+\n"
        "\n"
        "\n"
        "       x\n"
        "      C--D\n"
    );
    const auto near = Snapper(drawing.network, {300, 5}).snap(drawing.where('x'));
    REQUIRE_FALSE(near.why);
    CHECK(near.metres == doctest::Approx(150).epsilon(0.01));
    CHECK(Snapper(drawing.network, {100, 5}).snap(drawing.where('x')).why == Unplaced::cut_off);
    CHECK(Snapper(drawing.network, {40, 5}).snap(drawing.where('x')).why == Unplaced::too_far);

    const std::vector<Point> doors = {drawing.where('x'), drawing.where('A'), at(120, 30)};
    const auto placed = place_doors(drawing.network, doors, {100, 5});
    CHECK(placed.positions[1]);
    REQUIRE(placed.not_placed.size() == 2);
    CHECK(placed.not_placed[0].why == Unplaced::cut_off);
    CHECK(placed.not_placed[1].why == Unplaced::outside);
    CHECK(
        describe(placed) ==
        "2 of 3 doors are on no street: 1 outside of the network (the first is "
        "door 3) 1 only near streets that lead nowhere (the first is door 1)"
    );
}

TEST_CASE("the grid finds what looking at every street finds") {
    std::mt19937 random(11);
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const auto drawing = draw(random_picture(seed, 7, 6, 35), 40);
        const Snapper snapper(drawing.network, {250, 1});
        const auto box = box_of(drawing.network.points);
        for (int i = 0; i < 50; ++i) {
            const auto pick = [&](std::int32_t low, std::int32_t high) {
                return low - 10'000 + static_cast<std::int32_t>(random() % (high - low + 20'000u));
            };
            const Point door{pick(box.low.lon, box.high.lon), pick(box.low.lat, box.high.lat)};
            const double truth = slow_nearest(drawing.network, door);
            const auto hit = snapper.snap(door);
            if (truth < 249) {
                REQUIRE_FALSE(hit.why);
                CHECK(hit.metres == doctest::Approx(truth).epsilon(0.001));
            } else if (truth > 251) {
                CHECK(hit.why);
            }
        }
    }
}

TEST_CASE("doors in GCJ-02 on a network in WGS 84 are noticed, doors in WGS 84 are not") {
    const auto drawing = draw(random_picture(5, 30, 30, 5), 40);
    std::vector<Point> doors, shifted;
    for (const auto p : drawing.network.points) {
        doors.push_back(p);
        shifted.push_back(gcj02_of(p));
    }
    CHECK_FALSE(seems_gcj02(drawing.network, doors));
    CHECK(seems_gcj02(drawing.network, shifted));
}
