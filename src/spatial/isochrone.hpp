// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The ground within a walk, as polygons. One lattice for the whole network and one rule for what
/// of it is marked, so that a shorter walk always lies inside a longer one.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "spatial/search.hpp"

namespace linli::spatial {

struct Ground {
    std::vector<Point> outer;  ///< anticlockwise; the last point is not the first again
    std::vector<std::vector<Point>> holes;  ///< clockwise
};

/// Of the lattice.
struct LatticeCell {
    std::int32_t x = 0, y = 0;
};

/// Keep it as long as the network.
class Isochrones {
 public:
    explicit Isochrones(const Network&);
    /// What lies less than 25 to 60 m aside of a street within the last run's limit. Throws
    /// `invalid` (isochrone_too_far) if it would be over 100 km wide.
    std::vector<Ground> ground(const Search&) const;
    static constexpr double cell_metres = 25;

 private:
    std::vector<LatticeCell> cells(const Search&) const;

    const Network& m_network;
    double m_cell_lon = 0, m_cell_lat = 0;  ///< in units of Point
};

/// The ground around marked corners of a lattice: its border runs half a step beside them, so that
/// the outlines of different marks on one lattice meet and never overlap.
std::vector<Ground> outline(std::span<const LatticeCell> corners, double lon_step, double lat_step);

/// Whether a point lies on the ground.
bool contains(const Ground&, Point);
/// A GeoJSON geometry of type MultiPolygon.
std::string to_geojson(const std::vector<Ground>&);

}  // namespace linli::spatial
