// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Where people with the same label live, drawn around their doors.
#include <map>

#include "map/town.hpp"
#include "spatial/isochrone.hpp"

namespace linli::map {

constexpr std::uint32_t no_label = ~std::uint32_t{0};

/// The ground that is nearer to a door of that label than to another one and within 100 m of it.
/// One label a building; `no_label` is left out. Outlines of labels beside each other do not
/// overlap.
std::map<std::uint32_t, std::vector<spatial::Ground>> outlines(
    const Town&, const std::vector<std::uint32_t>& label
);

}  // namespace linli::map
