// SPDX-License-Identifier: Apache-2.0
#include "map/study.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "spatial/centre_sites.hpp"
#include "spatial/cover_all.hpp"
#include "spatial/median_sites.hpp"

namespace linli::map {

namespace {

constexpr double apart_metres = 250;
constexpr std::size_t most_candidates = 3'000;
constexpr std::uint64_t effort = 4'000'000'000;  ///< a few seconds

struct Site {
    spatial::Point at;
    spatial::Position position;
    std::string name;
    std::uint32_t area = 0;
};

/// Everything of a study in numbers: candidates first, then what exists.
struct Ground {
    std::shared_ptr<const TownWork> work;
    std::shared_ptr<TownCircle> circle;
    StudyOrder order;
    std::vector<bool> visible;
    std::vector<std::uint32_t> dwellings;  ///< of the town, those that count
    std::vector<Site> sites;
    std::vector<spatial::SiteState> state;
    std::vector<std::int64_t> cost, value;
    std::vector<spatial::Ms> limit;
    std::vector<spatial::Position> existing;
    std::size_t left_out = 0;  ///< sites on no street
};

/// The answer of any kind of study.
struct Plan {
    std::vector<std::uint32_t> sites;
    std::vector<std::int64_t> adds;
    const char* unit = "";
    std::int64_t before = 0, figure = 0, bound = 0, out_of_reach = 0;
};

/// The largest dwelling of each square, in squares so large that there are not too many.
void thin_out(Ground& ground, const Town& town) {
    const spatial::Plane plane(middle(town.box));
    for (double cell = apart_metres;; cell *= 1.5) {
        std::map<std::pair<std::int64_t, std::int64_t>, std::uint32_t> best;
        for (const auto i : ground.dwellings) {
            const auto at = plane.project(town.doors[i]);
            const std::pair key{std::llround(at.x / cell), std::llround(at.y / cell)};
            const auto [found, fresh] = best.try_emplace(key, i);
            if (!fresh && town.households()[i] > town.households()[found->second]) {
                found->second = i;
            }
        }
        if (best.size() > most_candidates) {
            continue;
        }
        for (const auto& [key, i] : best) {
            const auto area = town.dwellings.area[i];
            ground.sites.push_back(
                {town.doors[i], town.dwellings.positions[i], town.areas[area].name, area}
            );
            ground.state.push_back(spatial::SiteState::candidate);
            ground.cost.push_back(1);
        }
        return;
    }
}

void take_sites(Ground& ground, const Town& town) {
    for (const auto& one : ground.order.sites) {
        if (!(std::abs(one.lon) <= 180 && std::abs(one.lat) <= 90)) {
            throw malformed("point_malformed", "a site has degrees of longitude and latitude");
        }
        const auto at = spatial::at(one.lon, one.lat);
        const auto hit = town.snapper->snap(at);
        if (hit.why) {
            ++ground.left_out;
            continue;
        }
        ground.sites.push_back({at, hit.position, one.name, 0});
        ground.state.push_back(
            one.forbidden ? spatial::SiteState::forbidden : spatial::SiteState::candidate
        );
        ground.cost.push_back(one.cost);
    }
    if (ground.sites.empty()) {
        throw invalid("/sites", "nothing_to_choose", "no site is on a street");
    }
}

Ground prepare(const Room& room, const Asked& asked, const StudyOrder& order, int weekday) {
    const auto& town = asked.town();
    const auto& promised = spatial::circle_of(room.towns.circles(), order.circle);
    Ground ground;
    ground.work = asked.work;
    ground.circle = asked.work->circle(promised, weekday);
    ground.order = order;
    ground.visible = asked.visible;
    const auto& columns = ground.circle->columns;
    const auto column = std::find(columns.begin() + 1, columns.end(), order.count);
    if (column == columns.end()) {
        throw invalid("/count", "column_missing", "the dwellings have no column " + order.count);
    }
    const auto& counts =
        ground.circle->dwellings.weights[static_cast<std::size_t>(column - columns.begin()) - 1];
    auto& build = ground.order.build;
    build = build.empty() ? promised.kinds[0] : build;
    if (std::find(promised.kinds.begin(), promised.kinds.end(), build) == promised.kinds.end()) {
        throw invalid("/build", "kind_not_of_circle", "the circle needs no place of that kind");
    }
    for (std::uint32_t i = 0; i < town.doors.size(); ++i) {
        const auto limit =
            ground.circle->circle.limit[static_cast<std::size_t>(town.dwellings.area_class[i])];
        if (asked.sees(i) && counts[i] > 0 && limit > 0) {
            ground.dwellings.push_back(i);
            ground.limit.push_back(limit);
            ground.value.push_back(std::int64_t{counts[i]} * 1'000);
        }
    }
    if (ground.dwellings.empty()) {
        throw invalid("/area", "no_households", "the circle counts nobody of this area");
    }
    order.sites.empty() ? thin_out(ground, town) : take_sites(ground, town);
    for (const auto& place : town.places) {
        const bool one_of = std::find(promised.kinds.begin(), promised.kinds.end(), place.kind) !=
                            promised.kinds.end();
        const bool serves = promised.every_kind ? place.kind == build : one_of;
        if (serves && place.days >> weekday & 1) {
            ground.existing.push_back(place.position);
        }
    }
    return ground;
}

spatial::Reach reach_of(Ground& ground) {
    const auto& town = ground.work->town();
    std::vector<spatial::Position> sites, demands;
    for (const auto& site : ground.sites) {
        sites.push_back(site.position);
    }
    for (const auto& position : ground.existing) {
        sites.push_back(position);
        ground.state.push_back(spatial::SiteState::existing);
        ground.cost.push_back(1);
    }
    for (const auto i : ground.dwellings) {
        demands.push_back(town.dwellings.positions[i]);
    }
    spatial::Search search(town.network);
    return spatial::reach_of(town.network, search, sites, demands, ground.limit);
}

spatial::CoverTask cover_task(const Ground& ground, const spatial::Reach& reach) {
    spatial::CoverTask task;
    task.reach = reach.demands;
    task.value = ground.value;
    task.state = ground.state;
    task.budget = ground.order.number;
    if (ground.order.kind == StudyKind::cover_all) {
        task.cost = ground.cost;
    }
    return task;
}

Plan solve(const Ground& ground, const spatial::Reach& reach, const spatial::Effort& think) {
    auto task = cover_task(ground, reach);
    const auto number = static_cast<std::size_t>(ground.order.number);
    if (ground.order.kind == StudyKind::median) {
        const auto longest = *std::max_element(ground.limit.begin(), ground.limit.end());
        const auto found =
            spatial::shortest_walks({reach, ground.value, ground.state, longest, number}, think);
        return {found.sites, found.saves, "value_ms", found.before, found.total, found.bound};
    }
    if (ground.order.kind == StudyKind::centre) {
        const auto found =
            spatial::shortest_farthest({reach, ground.value.size(), ground.state, number}, think);
        const auto adds = spatial::measured(task, found.sites).adds;
        return {found.sites, adds, "ms", 0, found.farthest, found.bound};
    }
    std::vector<std::uint32_t> area;
    for (const auto i : ground.dwellings) {
        area.push_back(ground.work->town().dwellings.area[i]);
    }
    spatial::favour_worst_off(
        task.value, area, spatial::served(task, {}), static_cast<double>(ground.order.equity) / 100
    );
    if (ground.order.kind == StudyKind::cover_all) {
        const auto all =
            spatial::cover_share(task, static_cast<double>(ground.order.share) / 100, think);
        return {all.plan.sites, all.plan.adds, "cost", 0, all.cost, all.bound, all.out_of_reach};
    }
    const auto plan = spatial::most_covered(task, think);
    return {plan.sites, plan.adds, "value", plan.before, plan.covered, plan.bound};
}

/// Of each area the sums before and after, in what counts, not in thousandths.
Value::List area_sums(
    const Ground& ground, const spatial::Reach& reach, const std::vector<std::uint32_t>& sites
) {
    const auto& town = ground.work->town();
    const auto task = cover_task(ground, reach);
    const auto before = spatial::served(task, {}), after = spatial::served(task, sites);
    std::vector<std::array<std::int64_t, 3>> sums(town.areas.size());
    for (std::size_t d = 0; d < ground.dwellings.size(); ++d) {
        const auto value = ground.value[d] / 1'000;
        auto area = town.dwellings.area[ground.dwellings[d]];
        while (true) {
            sums[area][0] += value;
            sums[area][1] += before[d] ? value : 0;
            sums[area][2] += after[d] ? value : 0;
            if (area == 0) {
                break;
            }
            area = town.areas[area].parent;
        }
    }
    Value::List list;
    for (std::size_t a = 0; a < sums.size(); ++a) {
        if (ground.visible[a]) {
            list.push_back(obj(
                {{"area", a}, {"all", sums[a][0]}, {"before", sums[a][1]}, {"covered", sums[a][2]}}
            ));
        }
    }
    return list;
}

Value answer_of(const Ground& ground, const spatial::Reach& reach, const Plan& plan) {
    const auto& town = ground.work->town();
    Value::List sites;
    for (std::size_t k = 0; k < plan.sites.size(); ++k) {
        const auto& site = ground.sites[plan.sites[k]];
        sites.push_back(obj(
            {{"lon", degrees(site.at.lon)},
             {"lat", degrees(site.at.lat)},
             {"name", site.name},
             {"area", town.areas[site.area].name},
             {"adds", k < plan.adds.size() ? plan.adds[k] : 0},
             {"cost", ground.cost[plan.sites[k]]}}
        ));
    }
    const auto greater = static_cast<double>(std::max(plan.figure, plan.bound));
    const auto apart = static_cast<double>(std::abs(plan.figure - plan.bound));
    return obj(
        {{"kind", name_of(ground.order.kind)},
         {"circle", ground.order.circle},
         {"build", ground.order.build},
         {"count", ground.order.count},
         {"unit", plan.unit},
         {"before", plan.before},
         {"figure", plan.figure},
         {"bound", plan.bound},
         {"gap", greater > 0 ? apart / greater : 0.0},
         {"out_of_reach", plan.out_of_reach},
         {"candidates", ground.sites.size()},
         {"existing", ground.existing.size()},
         {"left_out", ground.left_out},
         {"sites", std::move(sites)},
         {"areas", area_sums(ground, reach, plan.sites)}}
    );
}

}  // namespace

Jobs::Work study(const Room& room, const Asked& asked, const StudyOrder& order, int weekday) {
    const auto ground = std::make_shared<Ground>(prepare(room, asked, order, weekday));
    return [ground](const Jobs::Tell& tell) {
        const auto reach = reach_of(*ground);
        spatial::Effort think;
        think.work = effort;
        think.go_on = [&](const spatial::Progress& now) {
            return tell(
                static_cast<double>(now.done) / static_cast<double>(now.work), now.best, now.bound
            );
        };
        return answer_of(*ground, reach, solve(*ground, reach, think));
    };
}

}  // namespace linli::map
