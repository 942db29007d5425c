// SPDX-License-Identifier: Apache-2.0
#include "spatial/isochrone.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "spatial/testing.hpp"

using namespace linli::spatial;

namespace {

std::vector<Ground> walked(const Network& network, const Position& from, Ms limit) {
    Search search(network);
    search.run({&from, 1}, limit);
    return Isochrones(network).ground(search);
}

bool covers(const std::vector<Ground>& grounds, Point p) {
    return std::any_of(grounds.begin(), grounds.end(), [&](const auto& g) {
        return contains(g, p);
    });
}

/// Places along all streets, some metres apart, with their position.
template <class Work>
void each_place(const Network& network, const Work& work) {
    for (std::uint32_t c = 0; c < network.chain_count(); ++c) {
        for (std::size_t i = 0; i + 1 < network.points_on(c); ++i) {
            const auto a = network.points[network.point_of(c, i)];
            const auto b = network.points[network.point_of(c, i + 1)];
            const Ms from = network.walk_to(c, i), to = network.walk_to(c, i + 1);
            for (int s = 0; s <= 20; ++s) {
                const auto part = [&](std::int32_t low, std::int32_t high) {
                    return static_cast<std::int32_t>(low + (std::int64_t{high} - low) * s / 20);
                };
                work(
                    Position{c, from + (to - from) * static_cast<Ms>(s) / 20, 0},
                    Point{part(a.lon, b.lon), part(a.lat, b.lat)}
                );
            }
        }
    }
}

}  // namespace

TEST_CASE("what can be walked to lies on the ground, what is far from that does not") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        const auto drawing = draw(random_picture(seed, 10, 8, 30), 30);
        const auto& network = drawing.network;
        const auto from =
            position_of(network, static_cast<std::size_t>(seed * 37 % network.points.size()));
        Search search(network);
        search.run({&from, 1}, 400'000);
        const auto grounds = Isochrones(network).ground(search);
        const Plane plane(drawing.where('+'));
        std::vector<Metres> reached;
        each_place(network, [&](const Position& position, Point p) {
            // Steps along a street are less than half a cell apart: the last one may fall short.
            const bool inside = search.at(position) <= 380'000;
            if (inside) {
                CHECK(covers(grounds, p));
            }
            if (search.at(position) != unreachable) {
                reached.push_back(plane.project(p));
            }
        });
        each_place(network, [&](const Position&, Point p) {
            const auto m = plane.project(p);
            const bool far = std::none_of(reached.begin(), reached.end(), [&](Metres r) {
                return std::hypot(r.x - m.x, r.y - m.y) < 75;
            });
            if (far) {
                CHECK_FALSE(covers(grounds, p));
            }
        });
    }
}

TEST_CASE("the ground of a shorter walk lies inside that of a longer one") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        const auto drawing = draw(random_picture(seed, 10, 8, 25), 40);
        const auto from = position_of(drawing.network, seed * 53 % drawing.network.points.size());
        const auto wide = walked(drawing.network, from, 600'000);
        for (const auto& ground : walked(drawing.network, from, 300'000)) {
            for (std::size_t i = 0; i < ground.outer.size(); ++i) {
                const auto a = ground.outer[i], b = ground.outer[(i + 1) % ground.outer.size()];
                // Half a metre inside of each side, so that common sides do not matter.
                const double dx = b.lon - a.lon, dy = b.lat - a.lat, length = std::hypot(dx, dy);
                const Point p{
                    static_cast<std::int32_t>((std::int64_t{a.lon} + b.lon) / 2 - dy / length * 50),
                    static_cast<std::int32_t>(
                        (std::int64_t{a.lat} + b.lat) / 2 + dx / length * 50
                    )};
                CHECK(contains(ground, p));
                CHECK(covers(wide, p));
            }
        }
    }
}

TEST_CASE("a lake inside of a ring road is a hole, and streets on an island in it are ground again"
) {
    const auto drawing = draw(
        "A-----------+\n"
        "|           |\n"
        "|           |\n"
        "|    I-J    |\n"
        "|           |\n"
        "|           |\n"
        "+-----------+\n"
    );
    const std::vector<Position> from = {drawing.position('A'), drawing.position('I')};
    Search search(drawing.network);
    search.run(from, longest_walk);
    auto grounds = Isochrones(drawing.network).ground(search);
    REQUIRE(grounds.size() == 2);
    CHECK(grounds[0].holes.empty());
    CHECK(grounds[1].holes.size() == 1);
    CHECK(contains(grounds[0], drawing.where('J')));
    CHECK_FALSE(contains(grounds[1], drawing.where('J')));
    const auto text = to_geojson(grounds);
    CHECK(text.starts_with(R"({"type":"MultiPolygon","coordinates":[[[[117.)"));
    CHECK(std::count(text.begin(), text.end(), '[') == std::count(text.begin(), text.end(), ']'));
}

TEST_CASE("nothing reached is no ground") {
    const auto drawing = draw("A---B\n");
    CHECK(walked(drawing.network, {0, 0, 600'000}, 500'000).empty());
    CHECK(to_geojson({}) == R"({"type":"MultiPolygon","coordinates":[]})");
}
