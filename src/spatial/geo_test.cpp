// SPDX-License-Identifier: Apache-2.0
#include "spatial/geo.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <set>

using namespace linli::spatial;

TEST_CASE("GCJ-02 is some hundred metres off in China, the same elsewhere, and converts back") {
    std::mt19937 random(7);
    for (int i = 0; i < 2000; ++i) {
        const auto p = at(75 + random() % 5900 / 100.0, 4 + random() % 4900 / 100.0);
        const auto shifted = gcj02_of(p);
        const double metres = metres_between(p, shifted);
        CAPTURE(p.lon);
        CAPTURE(p.lat);
        CHECK(metres > 20);
        CHECK(metres < 1500);
        CHECK(metres_between(wgs84_of(shifted), p) < 0.05);
    }
    for (const auto p : {at(2.35, 48.85), at(-51.2, -30.03), at(9.5, 47.1)}) {
        CHECK(gcj02_of(p) == p);
        CHECK(wgs84_of(p) == p);
    }
}

TEST_CASE("a known place of the centre of Beijing moves as published") {
    // Tiananmen: WGS 84 116.39121, 39.90722 is GCJ-02 116.39745, 39.90862.
    const auto shifted = gcj02_of(at(116.39121, 39.90722));
    CHECK(metres_between(shifted, at(116.39745, 39.90862)) < 10);
}

TEST_CASE("metres on a plane agree with metres between points") {
    const Plane plane(at(117.38, 32.92));
    std::mt19937 random(3);
    for (int i = 0; i < 500; ++i) {
        const auto a =
            plane.unproject({random() % 20'000 - 10'000.0, random() % 20'000 - 10'000.0});
        const auto b =
            plane.unproject({random() % 20'000 - 10'000.0, random() % 20'000 - 10'000.0});
        const auto pa = plane.project(a), pb = plane.project(b);
        const double flat = std::hypot(pa.x - pb.x, pa.y - pb.y);
        CHECK(std::abs(flat - metres_between(a, b)) <= 0.002 * flat + 0.1);
    }
    CHECK(metres_between(at(117, 32), at(117, 33)) == doctest::Approx(111'195).epsilon(0.001));
}

TEST_CASE("the order of places visits each square of a grid once and walks to neighbours") {
    Box box;
    box.add({0, 0});
    box.add({65535, 65535});
    std::set<std::uint32_t> keys;
    for (std::int32_t x = 0; x < 65536; x += 4096) {
        for (std::int32_t y = 0; y < 65536; y += 4096) {
            keys.insert(hilbert({x, y}, box) / (4096u * 4096u));
        }
    }
    CHECK(keys.size() == 256);
    CHECK(*keys.rbegin() == 255);
}
