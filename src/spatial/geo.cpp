// SPDX-License-Identifier: Apache-2.0
#include "spatial/geo.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace linli::spatial {

namespace {

constexpr double pi = std::numbers::pi;
constexpr double earth = 6'371'008.8;  // mean radius, metres

/// The published approximation of the shift, on the ellipsoid of Krasovsky.
struct Shift {
    double lon, lat;
};
Shift shift_at(double lon, double lat) {
    const double x = lon - 105, y = lat - 35, root = std::sqrt(std::abs(x));
    const auto wave = [](double t, double a, double b, double p, double q) {
        return (a * std::sin(t * pi) + b * std::sin(t / p * pi)) * 2 / 3 + q;
    };
    const double both = (20 * std::sin(6 * x * pi) + 20 * std::sin(2 * x * pi)) * 2 / 3;
    const double north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both +
                         wave(y, 20, 40, 3, 0) +
                         (160 * std::sin(y / 12 * pi) + 320 * std::sin(y * pi / 30)) * 2 / 3;
    const double east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both +
                        wave(x, 20, 40, 3, 0) +
                        (150 * std::sin(x / 12 * pi) + 300 * std::sin(x / 30 * pi)) * 2 / 3;
    constexpr double axis = 6'378'245.0, ee = 0.00669342162296594323;
    const double sine = std::sin(lat / 180 * pi), magic = 1 - ee * sine * sine;
    return {
        east * 180 / (axis / std::sqrt(magic) * std::cos(lat / 180 * pi) * pi),
        north * 180 / ((axis * (1 - ee)) / (magic * std::sqrt(magic)) * pi)};
}

bool in_china(double lon, double lat) {
    return lon > 72.004 && lon < 137.8347 && lat > 0.8293 && lat < 55.8271;
}

}  // namespace

void Box::add(Point p) {
    low = {std::min(low.lon, p.lon), std::min(low.lat, p.lat)};
    high = {std::max(high.lon, p.lon), std::max(high.lat, p.lat)};
}

Box box_of(std::span<const Point> points) {
    Box box;
    for (const auto p : points) {
        box.add(p);
    }
    return box;
}

Plane::Plane(Point middle)
    : centre(middle),
      east(earth * pi / 180 / degree * std::cos(middle.lat / degree / 180 * pi)),
      north(earth * pi / 180 / degree) {}

Point Plane::unproject(Metres m) const {
    return {
        static_cast<std::int32_t>(std::lround(m.x / east + centre.lon)),
        static_cast<std::int32_t>(std::lround(m.y / north + centre.lat))};
}

double metres_between(Point a, Point b) {
    constexpr double unit = earth * pi / 180 / degree;
    const double middle = (static_cast<double>(a.lat) + b.lat) / 2 / degree / 180 * pi;
    const double x = (static_cast<double>(a.lon) - b.lon) * std::cos(middle);
    const double y = static_cast<double>(a.lat) - b.lat;
    return std::sqrt(x * x + y * y) * unit;
}

Point gcj02_of(Point p) {
    const double lon = p.lon / degree, lat = p.lat / degree;
    if (!in_china(lon, lat)) {
        return p;
    }
    const auto shift = shift_at(lon, lat);
    return at(lon + shift.lon, lat + shift.lat);
}

Point wgs84_of(Point p) {
    const double lon = p.lon / degree, lat = p.lat / degree;
    if (!in_china(lon, lat)) {
        return p;
    }
    // The shift hardly changes within its own length: a few rounds reach the last digit.
    double back_lon = lon, back_lat = lat;
    for (int round = 0; round < 6; ++round) {
        const auto shift = shift_at(back_lon, back_lat);
        back_lon = lon - shift.lon;
        back_lat = lat - shift.lat;
    }
    return at(back_lon, back_lat);
}

std::uint32_t hilbert(Point p, const Box& box) {
    const auto scaled = [](std::int64_t v, std::int64_t low, std::int64_t high) {
        return static_cast<std::uint32_t>(
            (v - low) * 65535 / std::max<std::int64_t>(high - low, 1)
        );
    };
    std::uint32_t x = scaled(p.lon, box.low.lon, box.high.lon);
    std::uint32_t y = scaled(p.lat, box.low.lat, box.high.lat);
    std::uint32_t key = 0;
    for (std::uint32_t s = 1u << 15; s > 0; s >>= 1) {
        const std::uint32_t rx = (x & s) ? 1 : 0, ry = (y & s) ? 1 : 0;
        key = key << 2 | ((3 * rx) ^ ry);
        if (ry == 0) {
            if (rx == 1) {
                x = 65535 - x;
                y = 65535 - y;
            }
            std::swap(x, y);
        }
    }
    return key;
}

}  // namespace linli::spatial
