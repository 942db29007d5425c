// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>

#include "base/error.hpp"
#include "base/json.hpp"
#include "spatial/units.hpp"

namespace linli::spatial {

namespace {

struct Segment {
    Point a, b;
};

/// Above nought: c is on the left of a-b.
std::int64_t turn(Point a, Point b, Point c) {
    return (std::int64_t{b.lon} - a.lon) * (std::int64_t{c.lat} - a.lat) -
           (std::int64_t{b.lat} - a.lat) * (std::int64_t{c.lon} - a.lon);
}
bool meet(const Segment& s, Point from, Point to) {
    const auto one = turn(s.a, s.b, from), two = turn(s.a, s.b, to);
    const auto three = turn(from, to, s.a), four = turn(from, to, s.b);
    return (one > 0) != (two > 0) && (three > 0) != (four > 0);
}

constexpr std::int32_t cell = 20'000;  // about 200 m
std::int64_t key(std::int64_t x, std::int64_t y) {
    return x * 1'000'000 + y;
}
template <class Work>
bool any_cell(Point a, Point b, const Work& work) {
    const auto [west, east] = std::minmax({a.lon / cell, b.lon / cell});
    const auto [south, north] = std::minmax({a.lat / cell, b.lat / cell});
    for (auto x = west; x <= east; ++x) {
        for (auto y = south; y <= north; ++y) {
            if (work(key(x, y))) {
                return true;
            }
        }
    }
    return false;
}

double coordinate(const Value& position, std::size_t at, double most) {
    const auto* list = position.as_list();
    if (list && list->size() > at) {
        const auto* whole = (*list)[at].as_int();
        const auto* real = (*list)[at].as_double();
        const double value = whole ? static_cast<double>(*whole) : real ? *real : 1e9;
        if (value >= -most && value <= most) {
            return value;
        }
    }
    throw malformed("barriers_broken", "a position is [longitude, latitude] in degrees");
}

/// Positions, or lists of them, or lists of lists: any depth of GeoJSON.
void add_lines(Barriers& barriers, const Value& coordinates, int depth) {
    const auto* list = coordinates.as_list();
    if (!list || depth > 3) {
        throw malformed("barriers_broken", "coordinates are lists of positions");
    }
    if (list->empty()) {
        return;
    }
    const auto* first = list->front().as_list();
    if (!first || first->empty() || first->front().as_list()) {
        for (const auto& inner : *list) {
            add_lines(barriers, inner, depth + 1);
        }
        return;
    }
    std::vector<Point> line;
    for (const auto& position : *list) {
        line.push_back(at(coordinate(position, 0, 180), coordinate(position, 1, 90)));
    }
    barriers.add(line);
}

}  // namespace

struct Barriers::Lines {
    std::vector<Segment> segments;
    std::unordered_map<std::int64_t, std::vector<std::uint32_t>> cells;
};

Barriers::Barriers() : m_lines(std::make_unique<Lines>()) {}
Barriers::~Barriers() = default;
Barriers::Barriers(Barriers&&) noexcept = default;
Barriers& Barriers::operator=(Barriers&&) noexcept = default;

void Barriers::add(std::span<const Point> line) {
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        const auto number = static_cast<std::uint32_t>(m_lines->segments.size());
        m_lines->segments.push_back({line[i], line[i + 1]});
        any_cell(line[i], line[i + 1], [&](std::int64_t at) {
            m_lines->cells[at].push_back(number);
            return false;
        });
    }
}

bool Barriers::crossed(Point from, Point to) const {
    return any_cell(from, to, [&](std::int64_t at) {
        const auto found = m_lines->cells.find(at);
        return found != m_lines->cells.end() &&
               std::any_of(found->second.begin(), found->second.end(), [&](auto s) {
                   return meet(m_lines->segments[s], from, to);
               });
    });
}

Barriers read_barriers(std::string_view geojson) {
    const auto root = [&] {
        try {
            return parse_json(
                geojson, {.bytes = std::size_t{512} << 20, .depth = 32, .members = 10'000}
            );
        } catch (const Refused& wrong) {
            throw malformed("barriers_broken", "GeoJSON: " + wrong.detail);
        }
    }();
    const auto* features = root.find("features");
    if (!features || !features->as_list()) {
        throw malformed("barriers_broken", "a FeatureCollection with features is needed");
    }
    Barriers barriers;
    for (const auto& feature : *features->as_list()) {
        const auto* geometry = feature.find("geometry");
        const auto type = geometry ? geometry->text_or("type") : "";
        const auto* coordinates = geometry ? geometry->find("coordinates") : nullptr;
        if (type != "Point" && type != "MultiPoint" && coordinates) {
            add_lines(barriers, *coordinates, 0);
        }
    }
    return barriers;
}

}  // namespace linli::spatial
