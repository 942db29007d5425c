// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The circles that plans promise, as data (catalogue/walking/circles.yaml).
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spatial/circles.hpp"
#include "spatial/profile.hpp"

namespace linli::spatial {

struct PromisedCircle {
    std::string id, title_zh, title_en;
    std::vector<std::string> kinds;
    bool every_kind = false;
    bool in_metres = false;
    std::array<std::uint32_t, area_classes> limit = {};  ///< minutes or metres; 0: none there
    std::string walker;                                  ///< a group of the profile, or nothing
    std::vector<std::pair<std::string, std::uint32_t>> priority;  ///< column of dwellings: weight
    std::string document, section;
};

/// Throws `invalid` naming file and line of what is wrong.
std::vector<PromisedCircle> read_circles(
    std::string_view yaml, const std::string& file = "circles"
);
std::vector<PromisedCircle> load_circles(const std::filesystem::path& file);
/// Throws `invalid` (unknown_circle) naming those there are.
const PromisedCircle& circle_of(const std::vector<PromisedCircle>&, std::string_view id);

/// Its limits in walks of the profile. A `walker` that is given replaces that of the circle; it
/// does not change limits in metres.
std::array<Ms, area_classes> limits_of(
    const PromisedCircle&, const Profile&, std::string_view walker = {}
);

}  // namespace linli::spatial
