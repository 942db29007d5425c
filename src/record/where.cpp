// SPDX-License-Identifier: Apache-2.0
#include "record/where.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace linli::record {

namespace {

using area::Level;

bool filed_above_county(const catalogue::Kind& kind) {
    return std::any_of(kind.levels.begin(), kind.levels.end(), [](const auto& level) {
        return level == "country" || level == "province" || level == "city";
    });
}

/// What is seen through lineage, besides what was filed under the area itself.
void add_inherited(const area::Tree& tree, AreaId area, std::vector<Part>& to) {
    const auto* node = tree.find(area);
    const auto counties = tree.counties_under(area);
    for (const auto& one : tree.inherited(area)) {
        const bool whole_county = node->level <= Level::county &&
                                  std::binary_search(counties.begin(), counties.end(), one.county);
        if (one.level > Level::grid || one.level < Level::county || whole_county) {
            continue;
        }
        Part part;
        part.county = one.county;
        part.id = one.area.value;
        part.column = one.level == Level::county ? "" : name_of(one.level);
        part.inherited = true;
        to.push_back(std::move(part));
    }
}

/// Parts of a subtree: one column of one county below the county; county by county above it.
void add_filed(const area::Tree& tree, const KindTable& table, AreaId area, std::vector<Part>& to) {
    const auto* node = tree.find(area);
    if (!node) {
        return;
    }
    Part part;
    part.county = node->county_number;
    part.id = area.value;
    switch (node->level) {
        case Level::county:
            break;
        case Level::subdistrict:
            part.column = "subdistrict";
            break;
        case Level::community:
            part.column = "community";
            break;
        case Level::grid:
            part.column = "grid";
            break;
        case Level::compound:
        case Level::building: {
            const auto* community = tree.ancestor(area, Level::community);
            part.column = "community";
            part.id = community ? community->id.value : 0;
            for (const auto& inner : tree.subtree(area)) {
                part.areas.push_back(inner.id.value);
            }
            break;
        }
        default:
            for (const auto county : tree.counties_under(area)) {
                if (county != 0) {
                    to.push_back({Part::By::level, county, 0, "", {}, "", 0, {}});
                }
            }
            if (filed_above_county(*table.kind)) {
                for (const auto& inner : tree.subtree(area)) {
                    if (inner.level < Level::county) {
                        to.push_back({Part::By::level, 0, inner.id.value, "area", {}, "", 0, {}});
                    }
                }
            }
            return;
    }
    to.push_back(std::move(part));
}

void add_area(const Context& c, const KindTable& table, AreaId area, std::vector<Part>& to) {
    add_filed(*c.tree, table, area, to);
    if (c.tree->find(area)) {
        add_inherited(*c.tree, area, to);
    }
}

std::set<County> counties_of_grants(const Context& c) {
    std::set<County> counties;
    for (const auto& grant : c.caller->grants) {
        for (const auto county : c.tree->counties_under(grant.area)) {
            counties.insert(county);
        }
    }
    return counties;
}

/// Where own records may lie: counties of the grants, where the account has filed, where the person
/// is.
std::set<County> own_counties(const Context& c) {
    auto counties = counties_of_grants(c);
    constexpr store::Sql sql{"record.filed_in", R"(
        SELECT filed_in FROM record_filer WHERE county = $1 AND account = $2 ORDER BY filed_in)"};
    for (const auto county : c.tx.all<County>(sql, home(c.caller->account), c.caller->account)) {
        counties.insert(county);
    }
    if (c.caller->person) {
        counties.insert(home(c.caller->person));
    }
    return counties;
}

void add_own(const Context& c, const KindTable& table, std::vector<Part>& to) {
    for (const auto county : own_counties(c)) {
        to.push_back({Part::By::author, county, c.caller->account.value, "", {}, "", 0, {}});
        if (c.caller->person && table.about >= 0) {
            to.push_back({Part::By::about, county, c.caller->person.value, "", {}, "", 0, {}});
        }
    }
    if (c.caller->person && table.kind->name == "person") {
        to.push_back(
            {Part::By::self, home(c.caller->person), c.caller->person.value, "", {}, "", 0, {}}
        );
    }
}

void add_units(const Context& c, const identity::Access& access, std::vector<Part>& to) {
    for (const auto unit : access.units) {
        std::set<County> counties;
        for (const auto& grant : c.caller->grants) {
            if (grant.unit == unit) {
                const auto* county = c.tree->ancestor(grant.area, Level::county);
                for (const auto one : c.tree->counties_under(county ? county->id : grant.area)) {
                    counties.insert(one);
                }
                for (const auto& one : c.tree->inherited(grant.area)) {
                    counties.insert(one.county);
                }
            }
        }
        for (const auto county : counties) {
            to.push_back({Part::By::lead, county, unit.value, "", {}, "", 0, {}});
            to.push_back({Part::By::assist, county, unit.value, "", {}, "", 0, {}});
        }
    }
}

/// Own and assigned parts inside an area: the area's column beside theirs.
std::vector<Part> inside(
    const Context& c, const KindTable& table, std::vector<Part> parts, AreaId filter
) {
    std::vector<Part> areas, result;
    add_area(c, table, filter, areas);
    for (auto& part : parts) {
        for (const auto& one : areas) {
            if (one.county == part.county) {
                part.within_column = one.column;
                part.within = one.id;
                part.within_areas = one.areas;
                result.push_back(part);
            }
        }
    }
    return result;
}

void add_everything(const Context& c, const KindTable& table, std::vector<Part>& to) {
    for (const auto* root : c.tree->children({})) {
        add_area(c, table, root->id, to);
    }
}

template <class Ids>
std::string list_of(Binder& to, const Ids& ids) {
    std::string text;
    for (const auto id : ids) {
        text += (text.empty() ? "" : ", ") + to.place();
        to.add(id);
    }
    return "(" + text + ")";
}

std::string filed(
    Binder& to, const std::string& alias, const std::string& column, std::int64_t id,
    const std::vector<std::int64_t>& areas
) {
    std::string text;
    if (!column.empty()) {
        text = alias + "." + column + " = " + to.place();
        to.add(id);
    }
    if (!areas.empty()) {
        text += (text.empty() ? "" : " AND ") + alias + ".area IN " + list_of(to, areas);
    }
    return text;
}

/// What is filed at an area itself.
void add_place(const Context& c, AreaId area, std::vector<Part>& to) {
    if (const auto* node = c.tree->find(area)) {
        Part part{Part::By::level, node->county_number, area.value, "area", {}, "", 0, {}};
        to.push_back(std::move(part));
    }
}

}  // namespace

std::string state_in(Binder& to, const std::string& alias, const std::vector<std::string>& states) {
    std::string text;
    for (const auto& state : states) {
        text += (text.empty() ? "" : ", ") + to.place();
        to.keep(state);
    }
    return alias + ".state IN (" + text + ")";
}

std::vector<Part> filed_parts(const Context& c, const KindTable& table, AreaId area) {
    std::vector<Part> parts;
    add_filed(*c.tree, table, area, parts);
    const auto* once = c.tree->filed(area);
    if (parts.empty() && once && once->level >= Level::county && once->level <= Level::grid) {
        Part part{Part::By::level, once->county, area.value, name_of(once->level), {}, "", 0, {}};
        part.column = once->level == Level::county ? "" : part.column;
        parts.push_back(std::move(part));
    }
    return parts;
}

std::vector<Part> parts_on(const area::Tree& map, const KindTable& table, AreaId area) {
    std::vector<Part> parts;
    add_filed(map, table, area, parts);
    add_inherited(map, area, parts);
    return parts;
}

std::string not_departed(Binder& to, const area::Tree& map, AreaId area) {
    const auto departed = map.departed(area);
    if (departed.empty()) {
        return {};
    }
    const auto inherited = map.heritage(area);
    std::string text;
    for (const auto level : {Level::subdistrict, Level::community, Level::grid}) {
        std::set<std::int64_t> gone;
        std::map<Level, std::set<std::int64_t>> kept;
        for (const auto& one : departed) {
            if (one.level != level) {
                continue;
            }
            gone.insert(one.area.value);
            for (const auto& finer : inherited) {
                const bool inside = finer.level > level && finer.level <= Level::grid &&
                                    std::find(finer.above.begin(), finer.above.end(), one.area) !=
                                        finer.above.end();
                if (inside) {
                    kept[finer.level].insert(finer.area.value);
                }
            }
        }
        if (gone.empty()) {
            continue;
        }
        const auto column = std::string("r.") + name_of(level);
        text += " AND (" + column + " IS NULL OR " + column + " NOT IN " + list_of(to, gone);
        for (const auto& [finer, ids] : kept) {
            text += std::string(" OR r.") + name_of(finer) + " IN " + list_of(to, ids);
        }
        text += ")";
    }
    return text;
}

std::vector<Part> parts_of(
    const Context& c, const KindTable& table, const identity::Access& access,
    std::optional<AreaId> filter
) {
    std::vector<Part> levels, others;
    if (access.any) {
        filter ? add_area(c, table, *filter, levels) : add_everything(c, table, levels);
        return levels;
    }
    for (const auto area : access.areas) {
        if (!filter || c.tree->within(area, *filter)) {
            add_area(c, table, area, levels);
        } else if (c.tree->within(*filter, area)) {
            add_area(c, table, *filter, levels);
        }
    }
    for (const auto area : access.at) {
        if (!filter || c.tree->within(area, *filter)) {
            add_place(c, area, levels);
        }
    }
    if (access.own) {
        add_own(c, table, others);
    }
    add_units(c, access, others);
    if (filter) {
        others = inside(c, table, std::move(others), *filter);
    }
    levels.insert(levels.end(), others.begin(), others.end());
    for (const auto& limited : access.limited) {
        for (auto& part : parts_of(c, table, limited, filter)) {
            part.states = limited.states;
            levels.push_back(std::move(part));
        }
    }
    return levels;
}

std::string condition(
    Binder& to, const KindTable& table, const Part& part, const std::string& alias
) {
    std::string text;
    const auto equal = [&](const std::string& column) {
        text = alias + "." + column + " = " + to.place();
        to.add(part.id);
    };
    switch (part.by) {
        case Part::By::level:
            return filed(to, alias, part.column, part.id, part.areas);
        case Part::By::author:
            equal("created_by");
            break;
        case Part::By::about:
            equal(sql_name(table.field(static_cast<std::size_t>(table.about)).name));
            break;
        case Part::By::self:
            equal("id");
            break;
        case Part::By::lead:
            equal("unit");
            break;
        case Part::By::assist:
            text = "EXISTS (SELECT 1 FROM flow_party p WHERE p.county = " + alias +
                   ".county AND p.record = " + alias + ".id AND p.unit = " + to.place() + ")";
            to.add(part.id);
            break;
    }
    const auto within = filed(to, alias, part.within_column, part.within, part.within_areas);
    return text + (within.empty() ? "" : " AND " + within);
}

std::string condition(Binder& to, const KindTable& table, const std::vector<Part>& parts) {
    std::string text;
    for (const auto& part : parts) {
        auto one = condition(to, table, part);
        if (!part.states.empty()) {
            one += (one.empty() ? "" : " AND ") + state_in(to, "r", part.states);
        }
        if (one.empty()) {
            return "1 = 1";  // the whole county
        }
        text += (text.empty() ? "(" : " OR (") + one + ")";
    }
    return text.empty() ? "1 = 0" : "(" + text + ")";
}

}  // namespace linli::record
