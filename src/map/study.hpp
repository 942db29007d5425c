// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Siting studies over a town: where to build so that a circle reaches most, each answer with its
/// proven bound.
#include "map/asked.hpp"
#include "map/jobs.hpp"

namespace linli::map {

struct StudySite {
    double lon = 0, lat = 0;
    std::string name;
    std::int64_t cost = 1;
    bool forbidden = false;
    static constexpr auto fields = std::tuple{
        field("lon", &StudySite::lon), field("lat", &StudySite::lat),
        field("name", &StudySite::name, {.max = 80, .required = false}),
        field("cost", &StudySite::cost, {.required = false, .least = 1, .most = 1'000'000'000'000}),
        field("forbidden", &StudySite::forbidden)};
};

enum class StudyKind { max_cover, cover_all, median, centre };
constexpr auto names(StudyKind) {
    return std::array{"max_cover", "cover_all", "median", "centre"};
}

struct StudyOrder {
    AreaId area;
    std::string circle, title;
    StudyKind kind = StudyKind::max_cover;
    std::string build;                 ///< kind of facility; "" = the first of the circle
    std::string count = "households";  ///< what of a dwelling counts
    std::int64_t number = 3;           ///< of sites, all but cover_all
    std::int64_t share = 100;          ///< percent that cover_all wants
    std::int64_t equity = 0;           ///< percent: 100 counts people of uncovered areas twice
    std::vector<StudySite> sites;      ///< where may be built; none: at dwellings 250 m apart
    static constexpr auto fields = std::tuple{
        field("area", &StudyOrder::area),
        field("circle", &StudyOrder::circle, {.max = 60}),
        field("title", &StudyOrder::title, {.max = 80, .required = false}),
        field("kind", &StudyOrder::kind),
        field("build", &StudyOrder::build, {.max = 60, .required = false}),
        field("count", &StudyOrder::count, {.max = 60, .required = false}),
        field("number", &StudyOrder::number, {.required = false, .least = 1, .most = 500}),
        field("share", &StudyOrder::share, {.required = false, .least = 1, .most = 100}),
        field("equity", &StudyOrder::equity, {.required = false, .least = 0, .most = 1000}),
        field("sites", &StudyOrder::sites, {.max = 3'000})};
};

/// Throws what is wrong with the order at once; the work itself takes seconds.
Jobs::Work study(const Room&, const Asked&, const StudyOrder&, int weekday);

}  // namespace linli::map
