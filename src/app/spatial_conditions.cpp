// SPDX-License-Identifier: Apache-2.0
#include "app/spatial_conditions.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include "base/error.hpp"

namespace linli::app {

namespace {

constexpr int wish = 200;  // far more than any border

Condition read_condition(const Sheet& sheet, std::size_t row, const HomeSheet& homes) {
    const auto text = [&](const char* column) -> const std::string& {
        return sheet.rows[row][sheet.column(column)];
    };
    Condition one;
    one.first_name = text("first");
    one.second_name = text("second");
    one.reason = text("reason");
    const auto number = [&](const Names& names, const std::string& name, const char* code) {
        const auto* found = names.find(name);
        if (!found) {
            throw invalid(sheet.where(row), code, "no dwelling has \"" + name + "\"");
        }
        return *found;
    };
    const auto& rule = text("rule");
    if (one.reason.empty()) {
        throw invalid(sheet.where(row), "reason_missing", "a condition has a reason");
    }
    if (rule == "leave") {
        one.first = number(homes.areas, one.first_name, "unknown_area");
    } else if (rule == "apart" && homes.areas.find(one.first_name)) {
        one.rule = Condition::Rule::apart_areas;
        one.first = number(homes.areas, one.first_name, "unknown_area");
        one.second = number(homes.areas, one.second_name, "unknown_area");
    } else if (rule == "apart" || rule == "together") {
        one.rule = rule == "apart" ? Condition::Rule::apart_compounds : Condition::Rule::together;
        one.first = number(homes.compounds, one.first_name, "unknown_compound");
        one.second = number(homes.compounds, one.second_name, "unknown_compound");
    } else {
        throw invalid(
            sheet.where(row), "condition_unknown",
            "\"" + rule + "\" is none of leave, together, apart"
        );
    }
    return one;
}

}  // namespace

std::vector<Condition> read_conditions(const std::filesystem::path& path, const HomeSheet& homes) {
    std::vector<Condition> conditions;
    if (!path.empty()) {
        const Sheet sheet(path);
        for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
            conditions.push_back(read_condition(sheet, row, homes));
        }
    }
    return conditions;
}

void weigh_conditions(
    spatial::UnitGraph& graph, const std::vector<std::uint32_t>& compound,
    const std::vector<Condition>& conditions
) {
    for (const auto& one : conditions) {
        const bool together = one.rule == Condition::Rule::together;
        if (!together && one.rule != Condition::Rule::apart_compounds) {
            continue;
        }
        for (std::uint32_t u = 0; u < graph.size(); ++u) {
            for (auto i = graph.begin[u]; i < graph.begin[u + 1]; ++i) {
                const auto a = compound[u], b = compound[graph.links[i].to];
                if ((a == one.first && b == one.second) || (b == one.first && a == one.second)) {
                    graph.links[i].cost = together ? wish : -wish;
                }
            }
        }
    }
}

void tell_conditions(
    const std::vector<Condition>& conditions, const HomeSheet& sheet,
    const std::vector<std::uint32_t>& label
) {
    for (const auto& one : conditions) {
        const bool areas =
            one.rule == Condition::Rule::leave || one.rule == Condition::Rule::apart_areas;
        const auto& of = areas ? sheet.homes.area : sheet.compound;
        std::set<std::uint32_t> first, second, both;
        for (std::size_t h = 0; h < of.size(); ++h) {
            if (of[h] == one.first) {
                first.insert(label[h]);
            } else if (of[h] == one.second) {
                second.insert(label[h]);
            }
        }
        both = first;
        both.insert(second.begin(), second.end());
        const bool apart = both.size() == first.size() + second.size();
        const bool kept = one.rule == Condition::Rule::leave ||
                          (one.rule == Condition::Rule::together ? both.size() == 1 : apart);
        static constexpr const char* words[] = {"leave", "together", "apart", "apart"};
        std::fprintf(
            stderr, "%s %s %s (%s): %s\n", words[static_cast<int>(one.rule)],
            one.first_name.c_str(), one.second_name.c_str(), one.reason.c_str(),
            kept ? "kept" : "NOT kept"
        );
    }
}

}  // namespace linli::app
