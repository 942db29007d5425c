// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Street units: the dwellings on one street between two crossings, never single doors unless one
/// building is large. Units are neighbours where people walk from one to the other past no third.
#include <memory>

#include "spatial/network.hpp"
#include "spatial/partition.hpp"

namespace linli::spatial {

/// Lines that districts should not cross: main roads, rivers, railways.
class Barriers {
 public:
    Barriers();
    ~Barriers();
    Barriers(Barriers&&) noexcept;
    Barriers& operator=(Barriers&&) noexcept;
    void add(std::span<const Point> line);
    bool crossed(Point from, Point to) const;

 private:
    struct Lines;
    std::unique_ptr<Lines> m_lines;
};
/// Every line, and the outlines of polygons, of a GeoJSON FeatureCollection. Throws `malformed`
/// (barriers_broken).
Barriers read_barriers(std::string_view geojson);

struct Homes {
    std::vector<Position> positions;
    std::vector<Point> doors;
    std::vector<std::uint32_t> households;
    std::vector<std::uint32_t> area;      ///< units do not reach across areas
    std::vector<std::uint32_t> together;  ///< homes with the same number stay one unit; 0: free
    std::size_t size() const { return positions.size(); }
};

struct UnitRules {
    std::uint32_t most = 150;    ///< households of a unit, unless one building has more
    std::int32_t crossing = 12;  ///< what it is worth to have a border at a barrier
};

struct StreetUnits {
    UnitGraph graph;                  ///< links also between units of different areas
    std::vector<std::uint32_t> unit;  ///< of each home
    std::vector<Point> middle;        ///< of each unit's doors
    std::vector<std::uint32_t> area;  ///< of each unit
    std::vector<Position> place;      ///< of a door of each unit
};

/// A border costs more where the walk between two units is short: 1 beyond 150 m, 8 next door.
StreetUnits street_units(const Network&, const Homes&, const Barriers&, const UnitRules& = {});

/// Links within areas alone. Where pieces of one area are reached only over the ground of others,
/// the shortest walk joins them, unless it is longer than that.
UnitGraph within_areas(
    const Network&, const StreetUnits&, const Barriers&, double most_metres = 1'500
);

/// What most households of each unit have; `of` is of each home.
std::vector<std::uint32_t> of_units(
    const StreetUnits&, const Homes&, const std::vector<std::uint32_t>& of
);

}  // namespace linli::spatial
