// SPDX-License-Identifier: Apache-2.0
#include "app/spatial_district.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "app/output_file.hpp"
#include "app/spatial_conditions.hpp"
#include "area/import.hpp"
#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/fields.hpp"
#include "base/json.hpp"
#include "spatial/network_file.hpp"

namespace linli::app {

namespace {

using spatial::CommunityProposal;
using spatial::Proposed;

/// Codes and names of communities, those of today and those proposed.
class Register {
 public:
    Register(const Names& areas, const std::filesystem::path& list) {
        for (std::uint32_t a = 0; a < areas.size(); ++a) {
            m_names[areas[a]] = areas[a];
        }
        if (!list.empty()) {
            for (const auto& row : area::read_areas(list)) {
                m_names[row.code] = row.name;
            }
        }
    }
    const std::string& name(const std::string& code) const { return m_names.at(code); }
    /// The next free code beside it: the last three of twelve digits count up.
    std::string next(const std::string& code, const std::string& name) {
        for (int number = 1; number < 1'000; ++number) {
            char digits[16];
            std::snprintf(digits, sizeof digits, "%03d", number);
            const auto fresh = code.size() == 12 ? code.substr(0, 9) + digits : code + '-' + digits;
            if (m_names.try_emplace(fresh, name).second) {
                return fresh;
            }
        }
        throw invalid(code, "codes_used_up", "no code is free beside " + code);
    }

 private:
    std::map<std::string, std::string> m_names;
};

/// Everything that the commands and files say of the proposals.
struct Plan {
    std::vector<CommunityProposal> proposals;
    std::vector<std::vector<std::string>> into;  ///< codes of the successors of each proposal
    Names labels;                                ///< codes of communities afterwards
    std::vector<std::uint32_t> label;            ///< of each home, afterwards
    std::vector<bool> concerned;                 ///< of each area
};

std::vector<spatial::Community> communities_of(
    const HomeSheet& sheet, const DistrictOrder& order, const std::vector<Condition>& conditions
) {
    std::vector<spatial::Community> all(sheet.areas.size());
    Names parents;
    for (std::uint32_t a = 0; a < all.size(); ++a) {
        const auto& code = sheet.areas[a];
        all[a].parent = parents.number(code.size() == 12 ? code.substr(0, 9) : "");
        all[a].leave = sheet.rural[a] && !order.villages;
    }
    for (const auto& one : conditions) {
        if (one.rule == Condition::Rule::leave) {
            all[one.first].leave = true;
        }
    }
    for (std::size_t h = 0; h < sheet.homes.size(); ++h) {
        auto& one = all[sheet.homes.area[h]];
        one.households += sheet.homes.households[h];
        one.persons += sheet.persons[h];
        one.jobs += sheet.jobs[h];
    }
    return all;
}

Plan plan_of(
    const HomeSheet& sheet, const spatial::StreetUnits& units,
    std::vector<CommunityProposal> proposals, Register& codes
) {
    Plan plan;
    std::vector<std::string> of_unit;
    for (const auto area : units.area) {
        of_unit.push_back(sheet.areas[area]);
    }
    std::map<std::uint32_t, std::string> merged;
    plan.concerned.assign(sheet.areas.size(), false);
    for (auto& one : proposals) {
        const auto& heir = sheet.areas[one.areas[0]];
        auto& into = plan.into.emplace_back();
        if (one.fit == spatial::Fit::none) {
            continue;
        }
        into.push_back(heir);
        for (const auto area : one.areas) {
            plan.concerned[area] = true;
            merged[area] = heir;
        }
        for (std::size_t p = 1; p < one.parts.size(); ++p) {
            into.push_back(codes.next(heir, codes.name(heir) + "（" + std::to_string(p + 1) + "）")
            );
            for (const auto unit : one.parts[p].units) {
                of_unit[unit] = into.back();
            }
        }
    }
    for (std::size_t h = 0; h < sheet.homes.size(); ++h) {
        const auto unit = units.unit[h], area = sheet.homes.area[h];
        const bool moved = of_unit[unit] != sheet.areas[area];
        const auto heir = merged.find(area);
        plan.label.push_back(
            plan.labels.number(moved || heir == merged.end() ? of_unit[unit] : heir->second)
        );
    }
    plan.proposals = std::move(proposals);
    return plan;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) {
        text += (text.empty() ? "" : " ") + part;
    }
    return text;
}

void print_proposals(
    const HomeSheet& sheet, const std::vector<spatial::Community>& communities, const Plan& plan
) {
    std::string text =
        "proposal,fit,why,areas,households,into,households_then,persons_then,jobs_then,moved\r\n";
    for (std::size_t p = 0; p < plan.proposals.size(); ++p) {
        const auto& one = plan.proposals[p];
        std::vector<std::string> areas, sizes, households, persons, jobs;
        spatial::CommunityPart all;
        for (const auto area : one.areas) {
            areas.push_back(sheet.areas[area]);
            sizes.push_back(std::to_string(communities[area].households));
            all.households += communities[area].households;
            all.persons += communities[area].persons;
            all.jobs += communities[area].jobs;
        }
        const auto parts = one.parts.empty() ? std::vector{all} : one.parts;
        for (const auto& part : parts) {
            households.push_back(std::to_string(part.households));
            persons.push_back(std::to_string(part.persons));
            jobs.push_back(std::to_string(part.jobs));
        }
        const bool none = one.fit == spatial::Fit::none;
        append_csv_row(
            text, {name_of(one.kind), name_of(one.fit), none ? name_of(one.why) : "", joined(areas),
                   joined(sizes), joined(plan.into[p]), none ? "" : joined(households),
                   none ? "" : joined(persons), none ? "" : joined(jobs), std::to_string(one.moved)}
        );
    }
    std::fputs(text.c_str(), stdout);
}

/// Within single quotes of a shell.
std::string quoted(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), '\''), text.end());
    return '\'' + text + '\'';
}

/// Grids go with the successor in which most of their households live.
std::string children_of(const HomeSheet& sheet, const Plan& plan, std::uint32_t area) {
    std::map<std::uint32_t, std::map<std::uint32_t, std::uint64_t>> most;
    for (std::size_t h = 0; h < sheet.grid.size(); ++h) {
        if (sheet.homes.area[h] == area) {
            most[sheet.grid[h]][plan.label[h]] += sheet.homes.households[h];
        }
    }
    std::string text;
    for (const auto& [grid, to] : most) {
        const auto best = std::max_element(to.begin(), to.end(), [](const auto& a, const auto& b) {
            return a.second < b.second;
        });
        text += " --child " + quoted(sheet.grids[grid] + "=" + plan.labels[best->first]);
    }
    return text;
}

void write_commands(
    const DistrictOrder& order, const HomeSheet& sheet,
    const std::vector<spatial::Community>& communities, const Plan& plan, const Register& codes
) {
    OutputFile file(order.commands);
    file.text =
        "# EFFECTIVE is a day such as 2026-07-01, DOCUMENT the number of the decision's paper.\n"
        "# Without --propose a line only shows what would change.\n";
    for (std::size_t p = 0; p < plan.proposals.size(); ++p) {
        const auto& one = plan.proposals[p];
        if (one.fit == spatial::Fit::none) {
            continue;
        }
        const bool merge = one.kind == Proposed::merge;
        file.text += std::string("linli area ") + (merge ? "merge" : "split");
        for (const auto area : one.areas) {
            file.text += ' ' + quoted(
                                   sheet.areas[area] +
                                   (merge ? "=" + std::to_string(communities[area].households)
                                          : std::string())
                               );
        }
        for (std::size_t s = 0; s < plan.into[p].size(); ++s) {
            const auto& code = plan.into[p][s];
            file.text +=
                " --into " + quoted(
                                 code + "=" + codes.name(code) +
                                 (merge ? "" : ":" + std::to_string(one.parts[s].households))
                             );
        }
        if (!merge) {
            file.text += children_of(sheet, plan, one.areas[0]);
        }
        file.text += " --effective \"$EFFECTIVE\" --document \"$DOCUMENT\"\n";
    }
    file.finish();
}

void write_homes(const DistrictOrder& order, const HomeSheet& sheet, const Plan& plan) {
    OutputFile file(order.out);
    file.text = "line,lon,lat,area,area_then\r\n";
    const auto lon = sheet.sheet.column("lon"), lat = sheet.sheet.column("lat");
    for (std::size_t h = 0; h < sheet.rows.size(); ++h) {
        const auto row = sheet.rows[h];
        if (plan.concerned[sheet.homes.area[h]]) {
            append_csv_row(
                file.text, {std::to_string(sheet.sheet.lines[row]), sheet.sheet.rows[row][lon],
                            sheet.sheet.rows[row][lat], sheet.areas[sheet.homes.area[h]],
                            plan.labels[plan.label[h]]}
            );
            file.flush();
        }
    }
    file.finish();
}

std::vector<std::string> properties_of(const Plan& plan) {
    std::vector<std::string> all;
    for (std::uint32_t l = 0; l < plan.labels.size(); ++l) {
        auto& text = all.emplace_back("\"area\":");
        JsonWriter(text).text(plan.labels[l]);
    }
    return all;
}

}  // namespace

int spatial_district(const DistrictOrder& order) {
    const auto network = spatial::load_network(order.network);
    const HomeSheet sheet(order.dwellings, network, order.gcj02, true);
    const auto conditions = read_conditions(order.conditions, sheet);
    const auto communities = communities_of(sheet, order, conditions);
    const auto barriers = barriers_from(order.barriers);
    const auto units = spatial::street_units(network, sheet.homes, barriers);
    auto inside = spatial::within_areas(network, units, barriers);
    if (!sheet.compound.empty()) {
        const auto compound = spatial::of_units(units, sheet.homes, sheet.compound);
        inside = spatial::prefer_whole(inside, compound);
        weigh_conditions(inside, compound, conditions);
    }
    spatial::UnitFacts facts;
    facts.persons.assign(units.graph.size(), 0);
    facts.jobs.assign(units.graph.size(), 0);
    for (std::size_t h = 0; h < sheet.homes.size(); ++h) {
        facts.persons[units.unit[h]] += sheet.persons[h];
        facts.jobs[units.unit[h]] += sheet.jobs[h];
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> apart;
    for (const auto& one : conditions) {
        if (one.rule == Condition::Rule::apart_areas) {
            apart.emplace_back(one.first, one.second);
        }
    }
    Register codes(sheet.areas, order.areas);
    const auto plan = plan_of(
        sheet, units,
        spatial::propose_communities({units, inside, facts, communities, apart}, order.rules), codes
    );
    write_homes(order, sheet, plan);
    if (!order.geojson.empty()) {
        write_groups(order.geojson, network, sheet.homes, plan.label, properties_of(plan));
    }
    if (!order.commands.empty()) {
        write_commands(order, sheet, communities, plan, codes);
    }
    print_proposals(sheet, communities, plan);
    tell_conditions(conditions, sheet, plan.label);
    return 0;
}

}  // namespace linli::app
