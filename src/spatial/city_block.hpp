// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What stands within one block of a made-up city: inner paths, gates to the streets around it, and
/// buildings with those who live and work there.
#include <array>
#include <vector>

#include "spatial/city_board.hpp"
#include "spatial/dice.hpp"

namespace linli::spatial {

enum class Use : std::uint8_t {
    new_compound,
    old_compound,
    old_town,
    works,
    campus,
    park,
    village
};

/// The part of a street that a block lies at, in 1024ths of it.
struct Front {
    static constexpr std::uint32_t none = 0xffffffff;
    std::uint32_t side = none;
    int from = 0, to = 0;
    bool above = false;  ///< above or to the right of the street
};

struct Block {
    Use use = Use::new_compound;
    Quad ground;
    std::array<Front, 4> fronts;  ///< below, above, left, right
};

struct Built {
    std::vector<CityDwelling> buildings;  ///< their grid and compound are still open
    std::vector<std::uint32_t> gates;     ///< corners on the streets around
    std::vector<std::uint32_t> corners;   ///< of the inner paths, row by row
    std::uint32_t households = 0;
};

Built build_block(Board&, const Block&, Dice&);

}  // namespace linli::spatial
