// SPDX-License-Identifier: Apache-2.0
/// The streets of one demo place: a made-up city whose communities bear the codes of real ones.
#include <algorithm>
#include <cstdio>
#include <map>

#include "app/demo.hpp"
#include "app/spatial_city.hpp"

namespace linli::app {

namespace {

/// The towns of a made-up city come first, then its villages, as the codes of a county do.
std::vector<std::uint32_t> communities_of(const spatial::City& city) {
    std::vector<std::uint32_t> all;
    for (std::uint32_t a = 0; a < city.areas.size(); ++a) {
        if (city.areas[a].level == spatial::CityLevel::community) {
            all.push_back(a);
        }
    }
    std::stable_sort(all.begin(), all.end(), [&](auto a, auto b) {
        return city.areas[a].area_class < city.areas[b].area_class;
    });
    return all;
}

}  // namespace

void make_demo_town(
    const area::Tree& tree, AreaId county, const std::filesystem::path& catalogue,
    const std::filesystem::path& towns, const spatial::CityOrder& order
) {
    const auto profile = spatial::load_profile(catalogue / "walking" / "foot.yaml");
    auto city = spatial::make_city(order, profile);
    std::vector<const area::Node*> real;
    for (const auto& node : tree.subtree(county)) {
        if (node.level == area::Level::community && node.counted) {
            real.push_back(&node);
        }
    }
    const auto communities = communities_of(city);
    const bool enough = communities.size() <= real.size();
    for (std::size_t c = 0; c < communities.size(); ++c) {
        const auto at = enough ? c : c * real.size() / communities.size();
        city.areas[communities[c]].code = real[at]->code;
    }
    std::map<std::string, int> grids;
    for (auto& one : city.areas) {
        if (one.level == spatial::CityLevel::grid) {
            const auto& code = city.areas[one.parent].code;
            char number[16];
            std::snprintf(number, sizeof number, "%03d", ++grids[code]);
            one.code = code + number;
        }
    }
    write_city(city, profile, towns / std::string(tree.find(county)->code), false);
}

}  // namespace linli::app
