// SPDX-License-Identifier: Apache-2.0
#include "map/outlines.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace linli::map {

namespace {

constexpr double knot_metres = 40, reach_metres = 100;

struct Nearest {
    double metres = 0;
    std::uint32_t label = no_label;
};

std::int64_t key_of(std::int32_t x, std::int32_t y) {
    return (std::int64_t{x} << 32) | static_cast<std::uint32_t>(y);
}

}  // namespace

std::map<std::uint32_t, std::vector<spatial::Ground>> outlines(
    const Town& town, const std::vector<std::uint32_t>& label
) {
    const spatial::Plane plane(
        {static_cast<std::int32_t>((std::int64_t{town.box.low.lon} + town.box.high.lon) / 2),
         static_cast<std::int32_t>((std::int64_t{town.box.low.lat} + town.box.high.lat) / 2)}
    );
    const double lon_step = knot_metres / plane.east, lat_step = knot_metres / plane.north;
    constexpr auto around = static_cast<std::int32_t>(reach_metres / knot_metres) + 1;
    std::unordered_map<std::int64_t, Nearest> knots;
    for (std::size_t i = 0; i < label.size(); ++i) {
        if (label[i] == no_label) {
            continue;
        }
        const double x = town.doors[i].lon / lon_step, y = town.doors[i].lat / lat_step;
        const auto column = static_cast<std::int32_t>(std::llround(x));
        const auto row = static_cast<std::int32_t>(std::llround(y));
        for (auto dx = -around; dx <= around; ++dx) {
            for (auto dy = -around; dy <= around; ++dy) {
                const double metres = std::hypot(column + dx - x, row + dy - y) * knot_metres;
                if (metres > reach_metres) {
                    continue;
                }
                auto& knot = knots[key_of(column + dx, row + dy)];
                if (knot.label == no_label || metres < knot.metres) {
                    knot = {metres, label[i]};
                }
            }
        }
    }
    std::map<std::uint32_t, std::vector<spatial::LatticeCell>> by_label;
    for (const auto& [key, knot] : knots) {
        by_label[knot.label].push_back(
            {static_cast<std::int32_t>(key >> 32), static_cast<std::int32_t>(key)}
        );
    }
    std::map<std::uint32_t, std::vector<spatial::Ground>> out;
    for (const auto& [number, marked] : by_label) {
        out[number] = spatial::outline(marked, lon_step, lat_step);
    }
    return out;
}

}  // namespace linli::map
