// SPDX-License-Identifier: Apache-2.0
#include "map/districts.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "map/outlines.hpp"

namespace linli::map {

namespace {

/// Numbers of texts, in the order in which they appear.
struct Numbers {
    std::vector<std::string> names;
    std::map<std::string, std::uint32_t> known;
    std::uint32_t of(const std::string& name) {
        const auto [at, fresh] = known.try_emplace(name, static_cast<std::uint32_t>(names.size()));
        if (fresh) {
            names.push_back(name);
        }
        return at->second;
    }
};

/// A cell that goes on from a grid of today keeps its name; others get the next free number.
std::vector<std::string> name_cells(
    const Divided& on, const std::vector<std::uint32_t>& area,
    const std::vector<std::uint32_t>& heirs, const Numbers& grids
) {
    std::vector<std::string> names(area.size());
    std::set<std::string> taken;
    for (std::size_t c = 0; c < heirs.size(); ++c) {
        if (heirs[c] < grids.names.size() && taken.insert(grids.names[heirs[c]]).second) {
            names[c] = grids.names[heirs[c]];
        }
    }
    std::vector<int> last(on.areas.size(), 0);
    for (std::size_t c = 0; c < names.size(); ++c) {
        while (names[c].empty()) {
            char number[16];
            std::snprintf(number, sizeof number, "%03d", ++last[area[c]]);
            const auto name = on.area(area[c]).code + number;
            names[c] = taken.insert(name).second ? name : "";
        }
    }
    return names;
}

Value undivided_value(
    const Divided& on, const spatial::StreetUnits& units, const spatial::Parts& parts
) {
    Value::List list;
    for (const auto& one : parts.undivided) {
        const auto at = units.middle[one.unit];
        list.push_back(obj(
            {{"area", on.areas[units.area[one.unit]]},
             {"households", static_cast<std::int64_t>(one.weight)},
             {"lon", degrees(at.lon)},
             {"lat", degrees(at.lat)},
             {"why", spatial::names(one.why)[static_cast<std::size_t>(one.why)]}}
        ));
    }
    return list;
}

}  // namespace

Divided divided(const Asked& asked, bool with_jobs) {
    const auto& town = asked.town();
    Divided on;
    on.work = asked.work;
    std::map<std::uint32_t, std::uint32_t> numbers;
    for (std::uint32_t i = 0; i < town.doors.size(); ++i) {
        const auto households = town.households()[i];
        if (!asked.sees(i) || (households == 0 && !(with_jobs && town.jobs[i] > 0))) {
            continue;
        }
        const auto area = town.dwellings.area[i];
        const auto [at, fresh] =
            numbers.try_emplace(area, static_cast<std::uint32_t>(on.areas.size()));
        if (fresh) {
            on.areas.push_back(area);
        }
        on.dwellings.push_back(i);
        on.homes.positions.push_back(town.dwellings.positions[i]);
        on.homes.doors.push_back(town.doors[i]);
        on.homes.households.push_back(households);
        on.homes.area.push_back(at->second);
    }
    if (on.dwellings.empty()) {
        throw invalid("/area", "no_households", "nobody lives there");
    }
    if (!town.barriers.empty()) {
        on.barriers = spatial::read_barriers(town.barriers);
    }
    return on;
}

Value ground_value(const std::vector<spatial::Ground>& grounds) {
    const auto ring = [](const std::vector<spatial::Point>& points) {
        Value::List list;
        for (std::size_t i = 0; i <= points.size(); ++i) {
            const auto p = points[i % points.size()];
            list.push_back(Value::List{degrees(p.lon), degrees(p.lat)});
        }
        return list;
    };
    Value::List polygons;
    for (const auto& ground : grounds) {
        Value::List rings{ring(ground.outer)};
        for (const auto& hole : ground.holes) {
            rings.push_back(ring(hole));
        }
        polygons.push_back(std::move(rings));
    }
    return obj({{"type", "MultiPolygon"}, {"coordinates", std::move(polygons)}});
}

Value propose_cells(const Divided& on, const DistrictOrder& order) {
    const auto high = static_cast<std::uint32_t>(order.high);
    const auto units = spatial::street_units(
        on.town().network, on.homes, on.barriers, {.most = std::max(1u, high * 3 / 10)}
    );
    const auto graph = spatial::within_areas(on.town().network, units, on.barriers);
    Numbers grids;
    std::vector<std::uint32_t> grid, present;
    for (const auto i : on.dwellings) {
        grid.push_back(on.town().grid.empty() ? 0 : grids.of(on.town().grid[i]));
    }
    if (!grids.names.empty()) {
        present = spatial::of_units(units, on.homes, grid);
    }
    spatial::PartRules rules;
    rules.low = static_cast<std::uint32_t>(order.low);
    rules.high = high;
    rules.target = (rules.low + rules.high) / 2;
    rules.change_cost = 1;
    const auto parts = spatial::divide(graph, rules, present);
    std::vector<std::uint32_t> area(parts.weight.size(), 0);
    for (std::size_t u = 0; u < units.area.size(); ++u) {
        area[parts.part[u]] = units.area[u];
    }
    const auto names = name_cells(on, area, spatial::heirs_of(graph, parts.part, present), grids);
    std::vector<std::uint32_t> label(on.town().doors.size(), no_label);
    std::vector<std::int64_t> moved(parts.weight.size(), 0);
    for (std::size_t h = 0; h < on.dwellings.size(); ++h) {
        const auto cell = label[on.dwellings[h]] = parts.part[units.unit[h]];
        const bool stays = grids.names.empty() || names[cell] == grids.names[grid[h]];
        moved[cell] += stays ? 0 : on.homes.households[h];
    }
    const auto grounds = outlines(on.town(), label);
    Value::List cells;
    for (std::size_t c = 0; c < names.size(); ++c) {
        const auto weight = static_cast<std::int64_t>(parts.weight[c]);
        const auto ground = grounds.find(static_cast<std::uint32_t>(c));
        cells.push_back(obj(
            {{"name", names[c]},
             {"area", on.areas[area[c]]},
             {"households", weight},
             {"in_range", weight >= order.low && weight <= order.high},
             {"moved", moved[c]},
             {"ground",
              ground_value(
                  ground == grounds.end() ? std::vector<spatial::Ground>() : ground->second
              )}}
        ));
    }
    return obj(
        {{"kind", "cells"},
         {"low", order.low},
         {"high", order.high},
         {"cells", std::move(cells)},
         {"undivided", undivided_value(on, units, parts)}}
    );
}

Jobs::Work districts(const Asked& asked, const DistrictOrder& order) {
    if (order.low > order.high) {
        throw invalid("/low", "range_empty", "low is not above high");
    }
    const bool cells = order.kind == DistrictKind::cells;
    const auto on = std::make_shared<const Divided>(divided(asked, !cells));
    return [on, order, cells](const Jobs::Tell& tell) {
        if (!tell(0.05, std::nullopt, std::nullopt)) {
            return Value();
        }
        return cells ? propose_cells(*on, order) : propose_communities(*on, order);
    };
}

}  // namespace linli::map
