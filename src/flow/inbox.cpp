// SPDX-License-Identifier: Apache-2.0
#include "flow/inbox.hpp"

#include <algorithm>
#include <charconv>

#include "flow/scan.hpp"
#include "identity/scope.hpp"

namespace linli::flow {
namespace {

void run_in_area(Search& search, const area::Tree& tree, AreaId area, Scan scan) {
    for (const auto& list : {slices(tree, area), inherited_slices(tree, area)}) {
        for (const auto& slice : list) {
            scan.slice = slice;
            search.run(scan);
        }
    }
}

void run_for_unit(
    Search& search, const std::set<County>& counties, UnitId unit,
    const std::vector<Stage>* leading, const std::vector<Stage>* assisting,
    const std::vector<const std::string*>* kinds
) {
    for (const auto county : counties) {
        Scan lead{{county, "unit", unit.value}, {}, "", leading, kinds};
        search.run(lead);
        Scan assist{{county, "", 0}, unit, "", assisting, kinds};
        search.run(assist);
    }
}

/// Counties where a resident may have filed something: those of the cities in which he holds a
/// grant.
std::set<County> counties_near(const area::Tree& tree, const http::Caller& caller) {
    std::set<County> found{0};
    for (const auto& grant : caller.grants) {
        const auto* city = tree.ancestor(grant.area, area::Level::city);
        for (const auto county : tree.counties_under(city ? city->id : grant.area)) {
            found.insert(county);
        }
    }
    return found;
}

void search_mine(Search& search, store::Tx& tx, const Ground& ground, const http::Caller& caller) {
    for (const auto& grant : caller.grants) {
        const auto stages = stages_waiting_for(ground.catalogue, grant.role);
        run_in_area(search, *ground.tree, grant.area, {{}, {}, "", &stages, nullptr});
    }
    const auto leading = stages_waiting_for(ground.catalogue, "lead_unit");
    const auto assisting = stages_waiting_for(ground.catalogue, "assist_unit");
    for (const auto unit : units_of(caller)) {
        run_for_unit(
            search, counties_of(tx, *ground.tree, unit), unit, &leading, &assisting, nullptr
        );
    }
    for (const auto county : counties_near(*ground.tree, caller)) {
        if (caller.account) {
            search.run(
                {{county, "filed_by", caller.account.value}, {}, " AND asks = 1", nullptr, nullptr}
            );
        }
        if (caller.person) {
            search.run(
                {{county, "about", caller.person.value}, {}, " AND asks = 1", nullptr, nullptr}
            );
        }
    }
}

/// Kinds of which the caller may read what his unit has to do with.
std::vector<const std::string*> kinds_of_unit(
    const Ground& ground, const http::Caller& caller, UnitId unit
) {
    std::vector<const std::string*> kinds;
    for (const auto& kind : ground.catalogue.kinds()) {
        if (!kind.flow) {
            continue;
        }
        const auto access = identity::access(caller, kind, identity::Operation::read, *ground.tree);
        const bool assigned =
            std::find(access.units.begin(), access.units.end(), unit) != access.units.end();
        if (assigned || access.any || !access.areas.empty()) {
            kinds.push_back(&kind.name);
        }
    }
    return kinds;
}

void search_unit(Search& search, store::Tx& tx, const Ground& ground, const http::Caller& caller) {
    for (const auto unit : units_of(caller)) {
        const auto kinds = kinds_of_unit(ground, caller, unit);
        run_for_unit(search, counties_of(tx, *ground.tree, unit), unit, nullptr, nullptr, &kinds);
    }
}

/// Areas of which the caller hears what was raised to them: of staff grants that reach records, and
/// those whose office he belongs to.
std::set<AreaId> areas_answered_for(
    store::Tx& tx, const Ground& ground, const http::Caller& caller
) {
    std::set<AreaId> found;
    for (const auto& grant : caller.grants) {
        const auto* role = ground.catalogue.role(grant.role);
        if (role && role->staff) {
            found.insert(grant.area);
        }
        const auto unit = grant.unit ? identity::find_unit(tx, grant.unit) : std::nullopt;
        if (unit && unit->office) {
            found.insert(unit->area);
        }
    }
    return found;
}

/// Kinds of which the caller may read records of others in this area.
std::vector<const std::string*> readable_kinds(
    const Ground& ground, const http::Caller& caller, AreaId area
) {
    std::vector<const std::string*> kinds;
    for (const auto& kind : ground.catalogue.kinds()) {
        if (!kind.flow) {
            continue;
        }
        const auto access = identity::access(caller, kind, identity::Operation::read, *ground.tree);
        const auto reaches = [&](AreaId one) { return ground.tree->within(area, one); };
        if (access.any || std::any_of(access.areas.begin(), access.areas.end(), reaches) ||
            !access.units.empty()) {
            kinds.push_back(&kind.name);
        }
    }
    return kinds;
}

void search_raised(
    Search& search, store::Tx& tx, const Ground& ground, const http::Caller& caller
) {
    for (const auto area : areas_answered_for(tx, ground, caller)) {
        const auto kinds = readable_kinds(ground, caller, area);
        auto counties = ground.tree->counties_under(area);
        counties.push_back(0);
        std::sort(counties.begin(), counties.end());
        counties.erase(std::unique(counties.begin(), counties.end()), counties.end());
        const auto look = [&](County county, AreaId raised_to) {
            search.run(
                {{county, "raised_to", raised_to.value}, {}, " AND raised_to <> 0", nullptr, &kinds}
            );
        };
        for (const auto county : counties) {
            look(county, area);
        }
        for (const auto& one : ground.tree->inherited(area)) {
            if (ground.tree->heir(one.area) == area) {
                look(one.county, one.area);
            }
        }
    }
}

/// Kinds that the caller may read in the same areas are scanned together.
void search_all(Search& search, store::Tx& tx, const Ground& ground, const http::Caller& caller) {
    std::map<std::vector<AreaId>, std::vector<const std::string*>> by_areas;
    std::map<UnitId, std::vector<const std::string*>> by_unit;
    for (const auto& kind : ground.catalogue.kinds()) {
        if (!kind.flow) {
            continue;
        }
        auto access = identity::access(caller, kind, identity::Operation::read, *ground.tree);
        if (access.any) {
            access.areas.clear();
            for (const auto* root : ground.tree->children({})) {
                access.areas.push_back(root->id);
            }
        }
        if (!access.areas.empty()) {
            by_areas[access.areas].push_back(&kind.name);
        }
        for (const auto unit : access.units) {
            by_unit[unit].push_back(&kind.name);
        }
    }
    for (const auto& [areas, kinds] : by_areas) {
        for (const auto area : areas) {
            run_in_area(search, *ground.tree, area, {{}, {}, "", nullptr, &kinds});
        }
    }
    for (const auto& [unit, kinds] : by_unit) {
        run_for_unit(search, counties_of(tx, *ground.tree, unit), unit, nullptr, nullptr, &kinds);
    }
}

}  // namespace

std::vector<Slice> slices(const area::Tree& tree, AreaId area) {
    const auto* node = tree.find(area);
    if (!node) {
        return {};
    }
    switch (node->level) {
        case area::Level::county:
            return {{node->county_number, "", 0}};
        case area::Level::subdistrict:
            return {{node->county_number, "subdistrict", area.value}};
        case area::Level::community:
            return {{node->county_number, "community", area.value}};
        case area::Level::grid:
            return {{node->county_number, "grid", area.value}};
        default:
            break;
    }
    std::vector<Slice> found;
    for (const auto& one : tree.subtree(area)) {
        if (one.level == area::Level::county) {
            found.push_back({one.county_number, "", 0});
        } else if (one.level < area::Level::county || node->level > area::Level::grid) {
            found.push_back({one.county_number, "area", one.id.value});
        }
    }
    return found;
}

std::vector<Slice> inherited_slices(const area::Tree& tree, AreaId area) {
    std::vector<Slice> found;
    const auto counties = tree.counties_under(area);
    for (const auto& one : tree.inherited(area)) {
        const bool within = std::binary_search(counties.begin(), counties.end(), one.county);
        if (!within && one.level >= area::Level::county && one.level <= area::Level::grid) {
            const bool whole_county = one.level == area::Level::county;
            found.push_back(
                {one.county, whole_county ? "" : name_of(one.level),
                 whole_county ? 0 : one.area.value}
            );
        }
    }
    return found;
}

std::vector<Stage> stages_waiting_for(
    const catalogue::Catalogue& catalogue, const std::string& actor
) {
    std::vector<Stage> found;
    const auto collect = [&](const catalogue::Kind& kind, const catalogue::FlowSpec& flow) {
        for (const auto& state : flow.states) {
            if (!state.final && waits_for(flow, state.name, actor)) {
                found.push_back({&kind.name, flow.version, &state.name});
            }
        }
    };
    for (const auto& kind : catalogue.kinds()) {
        if (kind.flow) {
            collect(kind, *kind.flow);
        }
        for (const auto& [version, flow] : kind.old_flows) {
            collect(kind, flow);
        }
    }
    return found;
}

std::string to_text(const Position& at) {
    return std::to_string(at.rank) + "." + std::to_string(at.due_at) + "." + std::to_string(at.id);
}

std::optional<Position> parse_position(std::string_view text) {
    const auto parts = split(text, '.');
    if (parts.size() != 3) {
        return std::nullopt;
    }
    Position at;
    std::int64_t* const numbers[] = {&at.rank, &at.due_at, &at.id};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto* end = parts[i].data() + parts[i].size();
        const auto read = std::from_chars(parts[i].data(), end, *numbers[i]);
        if (read.ec != std::errc() || read.ptr != end) {
            return std::nullopt;
        }
    }
    return at;
}

std::vector<Work> waiting(
    store::Tx& tx, const Ground& ground, const http::Caller& caller, const InboxQuery& query
) {
    Search search(tx, ground, query);
    switch (query.tab) {
        case Tab::mine:
            search_mine(search, tx, ground, caller);
            break;
        case Tab::unit:
            search_unit(search, tx, ground, caller);
            break;
        case Tab::raised:
            search_raised(search, tx, ground, caller);
            break;
        case Tab::all:
            search_all(search, tx, ground, caller);
            break;
    }
    return search.take();
}

std::set<County> counties_of(store::Tx& tx, const area::Tree& tree, UnitId unit) {
    std::set<County> found{0};
    if (const auto row = identity::find_unit(tx, unit)) {
        for (const auto county : tree.counties_under(row->area)) {
            found.insert(county);
        }
        for (const auto& one : tree.inherited(row->area)) {
            found.insert(one.county);
        }
    }
    return found;
}

std::set<UnitId> units_of(const http::Caller& caller) {
    std::set<UnitId> found;
    for (const auto& grant : caller.grants) {
        if (grant.unit) {
            found.insert(grant.unit);
        }
    }
    return found;
}

}  // namespace linli::flow
