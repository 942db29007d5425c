// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The towns of the folder <data>/spatial, read when they are first asked for and again when their
/// files or the tree of areas have changed. What is broken is told, and the last good one stays.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "map/town.hpp"
#include "spatial/circle_table.hpp"
#include "spatial/isochrone.hpp"
#include "spatial/what_if.hpp"

namespace linli::map {

/// One circle as it stands in a town; its numbers are those of the town's areas and dwellings.
struct TownCircle {
    const spatial::PromisedCircle* promised = nullptr;
    int weekday = 0;
    spatial::Circle circle;
    spatial::Dwellings dwellings;       ///< with the weighted column, if the circle has one
    std::vector<std::string> columns;   ///< of the sums: dwellings, then the weights
    std::vector<std::uint32_t> places;  ///< of each facility, its number among the town's places
    std::vector<spatial::Facility> facilities;
    spatial::Covered covered;
    std::mutex lock;  ///< of `what_if`
    std::unique_ptr<spatial::WhatIf> what_if;
};

/// A town with what has been worked out about it. Thread-safe.
class TownWork {
 public:
    TownWork(std::unique_ptr<const Town>, std::shared_ptr<const area::Tree>, const spatial::Profile&);
    const Town& town() const { return *m_town; }
    const area::Tree& tree() const { return *m_tree; }
    const spatial::Profile& profile() const { return m_profile; }
    /// Throws what `spatial::cover` refuses; 0 is Monday.
    std::shared_ptr<TownCircle> circle(const spatial::PromisedCircle&, int weekday) const;
    /// Calls use(search, isochrones); one at a time.
    template <class Use>
    auto with_search(const Use& use) const {
        std::lock_guard hold(m_search_lock);
        if (!m_search) {
            m_search = std::make_unique<spatial::Search>(m_town->network);
            m_isochrones = std::make_unique<spatial::Isochrones>(m_town->network);
        }
        return use(*m_search, *m_isochrones);
    }

 private:
    std::unique_ptr<const Town> m_town;
    std::shared_ptr<const area::Tree> m_tree;
    const spatial::Profile& m_profile;
    mutable std::mutex m_circles_lock, m_search_lock;
    mutable std::map<std::pair<std::string, int>, std::shared_ptr<TownCircle>> m_circles;
    mutable std::unique_ptr<spatial::Search> m_search;
    mutable std::unique_ptr<spatial::Isochrones> m_isochrones;
};

/// A town as it was last read well, and what is wrong with its files now.
struct TownFound {
    std::shared_ptr<const TownWork> work;  ///< null: there is none, or it was never good
    std::string problem;                   ///< "" = nothing
};

class Towns {
 public:
    /// `walking`: the folder of foot.yaml and circles.yaml.
    Towns(std::filesystem::path folder, const std::filesystem::path& walking, area::Areas&);
    /// The town to which an area belongs, or else the first below it.
    TownFound of(AreaId) const;
    const std::vector<spatial::PromisedCircle>& circles() const { return m_circles; }
    const spatial::Profile& profile() const { return m_profile; }

 private:
    struct Kept {
        std::string stamp;  ///< of its files when they were last read
        TownFound found;
    };
    void read(Kept&, const std::filesystem::path&, const std::shared_ptr<const area::Tree>&) const;

    std::filesystem::path m_folder;
    spatial::Profile m_profile;
    std::vector<spatial::PromisedCircle> m_circles;
    area::Areas& m_areas;
    mutable std::mutex m_lock;
    mutable std::map<std::string, Kept> m_kept;  ///< by code
};

}  // namespace linli::map
