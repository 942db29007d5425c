// SPDX-License-Identifier: Apache-2.0
#include "map/towns.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"

namespace linli::map {

namespace {

/// Circles kept at once; the first goes when there are more.
constexpr std::size_t most_circles = 32;

/// Size and time of each file: another stamp, other files.
std::string stamp_of(const std::filesystem::path& folder) {
    std::string stamp;
    for (const auto* name : {"city.net", "dwellings.csv", "places.csv", "barriers.geojson"}) {
        std::error_code wrong;
        const auto size = std::filesystem::file_size(folder / name, wrong);
        const auto time = std::filesystem::last_write_time(folder / name, wrong);
        stamp += std::to_string(size) + '@' + std::to_string(time.time_since_epoch().count()) + ' ';
    }
    return stamp;
}

/// Sum over the columns that count more, in one of its own.
void add_weighted(TownCircle& made, const Town& town) {
    std::vector<std::uint32_t> sums(town.doors.size(), 0);
    bool any = false;
    for (const auto& [name, weight] : made.promised->priority) {
        const auto* column = town.column(name);
        for (std::size_t i = 0; column && i < sums.size(); ++i) {
            sums[i] = static_cast<std::uint32_t>(std::min<std::uint64_t>(
                sums[i] + std::uint64_t{(*column)[i]} * weight, 4'000'000'000
            ));
        }
        any = any || column;
    }
    if (any) {
        made.columns.emplace_back("weighted");
        made.dwellings.weights.push_back(std::move(sums));
    }
}

void add_facilities(TownCircle& made, const Town& town) {
    const auto& kinds = made.promised->kinds;
    for (std::uint32_t p = 0; p < town.places.size(); ++p) {
        const auto& place = town.places[p];
        const auto kind = std::find(kinds.begin(), kinds.end(), place.kind);
        if (kind != kinds.end()) {
            made.places.push_back(p);
            made.facilities.push_back(
                {place.position, static_cast<std::uint16_t>(kind - kinds.begin()), place.days}
            );
        }
    }
}

std::string words_of(const std::exception& wrong) {
    const auto* refused = dynamic_cast<const Refused*>(&wrong);
    if (!refused) {
        return wrong.what();
    }
    std::string text = refused->code + ": " + refused->detail;
    for (const auto& problem : refused->problems) {
        text += (text.ends_with(": ") ? "" : "; ") + problem.pointer + " " + problem.detail;
    }
    return text;
}

}  // namespace

TownWork::TownWork(
    std::unique_ptr<const Town> town, std::shared_ptr<const area::Tree> tree,
    const spatial::Profile& profile
)
    : m_town(std::move(town)), m_tree(std::move(tree)), m_profile(profile) {}

std::shared_ptr<TownCircle> TownWork::circle(const spatial::PromisedCircle& promised, int weekday)
    const {
    std::lock_guard hold(m_circles_lock);
    const auto known = m_circles.find({promised.id, weekday});
    if (known != m_circles.end()) {
        return known->second;
    }
    auto made = std::make_shared<TownCircle>();
    made->promised = &promised;
    made->weekday = weekday;
    made->circle = {promised.id, {}, promised.every_kind, limits_of(promised, m_profile)};
    for (std::size_t k = 0; k < promised.kinds.size(); ++k) {
        made->circle.kinds.push_back(static_cast<std::uint16_t>(k));
    }
    made->dwellings = m_town->dwellings;
    made->columns = m_town->columns;
    made->columns.insert(made->columns.begin(), "dwellings");
    add_weighted(*made, *m_town);
    add_facilities(*made, *m_town);
    made->covered = with_search([&](spatial::Search& search, const spatial::Isochrones&) {
        return spatial::cover(
            m_town->network, search, m_town->tree, made->dwellings, made->facilities, made->circle,
            weekday
        );
    });
    made->what_if = std::make_unique<spatial::WhatIf>(
        m_town->network, m_town->tree, made->dwellings, made->facilities, made->circle, weekday
    );
    if (m_circles.size() >= most_circles) {
        m_circles.erase(m_circles.begin());
    }
    m_circles[{promised.id, weekday}] = made;
    return made;
}

Towns::Towns(std::filesystem::path folder, const std::filesystem::path& walking, area::Areas& areas)
    : m_folder(std::move(folder)),
      m_profile(spatial::load_profile(walking / "foot.yaml")),
      m_circles(spatial::load_circles(walking / "circles.yaml")),
      m_areas(areas) {}

void Towns::read(
    Kept& kept, const std::filesystem::path& path, const std::shared_ptr<const area::Tree>& tree
) const {
    const auto stamp = stamp_of(path);
    const bool other_tree = kept.found.work && &kept.found.work->tree() != tree.get();
    if (kept.stamp == stamp && !other_tree) {
        return;
    }
    kept.stamp = stamp;
    try {
        kept.found = {
            std::make_shared<TownWork>(read_town(path, m_profile, *tree), tree, m_profile), {}};
    } catch (const std::exception& wrong) {
        kept.found.problem = words_of(wrong);
        log::warning(
            "town_not_read",
            obj({{"town", path.filename().string()}, {"error", kept.found.problem}})
        );
    }
}

TownFound Towns::of(AreaId id) const {
    const auto tree = m_areas.today();
    std::error_code none;
    std::vector<std::filesystem::path> inside, around;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder, none)) {
        const auto* node = tree->find_code(entry.path().filename().string());
        if (node && entry.is_directory() && tree->within(id, node->id)) {
            around.push_back(entry.path());
        } else if (node && entry.is_directory() && tree->within(node->id, id)) {
            inside.push_back(entry.path());
        }
    }
    // The smallest one around the area has the longest part of its code that is not nought.
    auto& paths = around.empty() ? inside : around;
    std::sort(paths.begin(), paths.end());
    if (paths.empty()) {
        return {};
    }
    const auto& path = around.empty() ? paths.front() : paths.back();
    std::lock_guard hold(m_lock);
    auto& kept = m_kept[path.filename().string()];
    read(kept, path, tree);
    return kept.found;
}

}  // namespace linli::map
