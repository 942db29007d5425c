// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Places on the ground: WGS 84 in whole 1e-7 degrees, metres on a plane around a centre, and
/// GCJ-02, the shifted datum of Chinese map services.
#include <cstdint>
#include <span>

namespace linli::spatial {

struct Point {
    std::int32_t lon = 0;  ///< 1e-7 degrees
    std::int32_t lat = 0;
    bool operator==(const Point&) const = default;
};
constexpr double degree = 1e7;  ///< units of Point

inline Point at(double lon_degrees, double lat_degrees) {
    return {
        static_cast<std::int32_t>(lon_degrees * degree + (lon_degrees < 0 ? -0.5 : 0.5)),
        static_cast<std::int32_t>(lat_degrees * degree + (lat_degrees < 0 ? -0.5 : 0.5))};
}

struct Box {
    Point low{1'800'000'000, 900'000'000};
    Point high{-1'800'000'000, -900'000'000};
    bool empty() const { return low.lon > high.lon || low.lat > high.lat; }
    bool contains(Point p) const {
        return p.lon >= low.lon && p.lon <= high.lon && p.lat >= low.lat && p.lat <= high.lat;
    }
    void add(Point p);
};
Box box_of(std::span<const Point>);

/// Metres east and north of a centre; off by less than 0.1 % within 50 km of it.
struct Metres {
    double x = 0, y = 0;
};
struct Plane {
    Point centre;
    double east;   ///< metres a unit of longitude
    double north;  ///< metres a unit of latitude
    explicit Plane(Point centre);
    Metres project(Point p) const {
        return {
            (static_cast<double>(p.lon) - centre.lon) * east,
            (static_cast<double>(p.lat) - centre.lat) * north};
    }
    Point unproject(Metres m) const;
};

/// For neighbours on a street; exact enough below 100 km.
double metres_between(Point a, Point b);

enum class Datum { wgs84, gcj02 };
/// Outside China both datums are the same.
Point gcj02_of(Point wgs84);
Point wgs84_of(Point gcj02);

/// Neighbours on the ground are mostly neighbours in this order.
std::uint32_t hilbert(Point p, const Box& box);

}  // namespace linli::spatial
