// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Puts doors onto streets: the nearest street that leads somewhere, never a cut-off scrap of one;
/// and tells which could not be put anywhere, and why.
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "spatial/network.hpp"

namespace linli::spatial {

struct SnapRules {
    double most_metres = 300;                    ///< from the door to the street
    std::uint32_t least_component_points = 100;  ///< or the largest component, if that is smaller
};

enum class Unplaced { outside, too_far, cut_off };
constexpr auto names(Unplaced) {
    return std::array{"outside", "too_far", "cut_off"};
}

struct NotPlaced {
    std::size_t index = 0;
    Unplaced why = Unplaced::outside;
    double metres = 0;  ///< to the nearest street of any kind; 0 if none was looked for
};

struct Placed {
    std::vector<std::optional<Position>> positions;  ///< in the order of the doors
    std::vector<NotPlaced> not_placed;
    double median_metres = 0;  ///< from door to street
};

/// Finds the nearest streets by a grid over the network; keep it as long as the network.
class Snapper {
 public:
    explicit Snapper(const Network&, SnapRules = {});
    struct Hit {
        Position position;
        double metres = 0;
        std::optional<Unplaced> why;  ///< why not; the position then means nothing
    };
    Hit snap(Point door) const;

 private:
    struct Segment {
        std::uint32_t chain, from;  ///< its points from and from + 1 of the chain
    };
    struct Cell {
        std::int64_t x, y;
    };
    void build();
    template <class Work>
    void cells_of(std::uint32_t chain, std::uint32_t from, const Work&) const;
    Cell cell(Metres) const;
    void look(std::size_t cell, Metres door, bool anywhere, Hit& best, Segment& found) const;

    const Network& m_network;
    SnapRules m_rules;
    Box m_box;
    Plane m_plane;
    Metres m_low;
    std::int64_t m_columns = 1, m_rows = 1;
    double m_size = 100;
    std::uint32_t m_least = 0;
    std::vector<std::uint32_t> m_begin;
    std::vector<Segment> m_segments;
};

Placed place_doors(const Network&, std::span<const Point> doors, SnapRules = {});
/// The doors' datum is doubtful if they lie much nearer to the streets once taken for GCJ-02.
bool seems_gcj02(const Network&, std::span<const Point> doors);
/// "3 of 4,000 doors are on no street: 2 too far (door 17 is 812 m from a street), 1 cut off".
std::string describe(const Placed&);

}  // namespace linli::spatial
