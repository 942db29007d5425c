// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What every question about the map says: for which area, in which circle, where. Who may see what
/// is decided here.
#include "http/router.hpp"
#include "identity/identity.hpp"
#include "map/jobs.hpp"
#include "map/towns.hpp"

namespace linli::map {

inline constexpr const char* map_read = "map.read";
inline constexpr const char* map_study = "map.study";

/// The parts that all handlers use; lives as long as the server.
struct Room {
    Towns towns;
    area::Areas& areas;
    identity::Identity& identity;
    mutable Jobs jobs = {};
};

/// A town as an area sees it: its own part of the tree alone.
struct Asked {
    AreaId area;
    std::shared_ptr<const TownWork> work;
    std::string problem;        ///< with the files of the town as they are now
    std::vector<bool> visible;  ///< of each area of the town
    const Town& town() const { return work->town(); }
    bool sees(std::size_t dwelling) const { return visible[town().dwellings.area[dwelling]]; }
};

/// Whether the caller holds a role with that right over the area.
bool may_see(const Room&, const http::Caller&, AreaId area, const char* right);
/// Throws not_found("area") unless the caller holds a role with `right` there, and
/// not_found("network") if the area has no town.
Asked ask(const Room&, const http::Caller&, AreaId, const char* right = map_read);
/// By the query parameter `area`.
Asked ask(const Room&, const http::Call&);

/// By the query parameters `circle` and `day` (1 is Monday, the day of today if it is left out).
std::shared_ptr<TownCircle> circle_asked(const Room&, const Asked&, const http::Call&);
/// Monday is 0; of the named parameter, else today.
int weekday_asked(const http::Call&);

/// "117.3,32.9"; nothing if there is no such parameter. Throws malformed (point_malformed).
std::optional<spatial::Point> point_asked(const http::Call&, const char* name);
/// "west,south,east,north"; the whole town if there is none. Throws malformed (box_malformed).
spatial::Box box_asked(const http::Call&, const Town&);
/// By a parameter that is there.
spatial::Box box_named(const http::Call&, const char* name);
/// The position on a street; throws `invalid` (not_on_street) with how far the next one is.
spatial::Position on_street(const Town&, spatial::Point);

inline spatial::Point middle(const spatial::Box& box) {
    return {
        static_cast<std::int32_t>((std::int64_t{box.low.lon} + box.high.lon) / 2),
        static_cast<std::int32_t>((std::int64_t{box.low.lat} + box.high.lat) / 2)};
}
/// Degrees as people write them.
inline double degrees(std::int32_t units) {
    return static_cast<double>(units) / spatial::degree;
}

}  // namespace linli::map
