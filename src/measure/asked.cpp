// SPDX-License-Identifier: Apache-2.0
#include "measure/asked.hpp"

#include <algorithm>

#include "measure/store.hpp"

namespace linli::measure {

AreaWords words(const area::Node& node) {
    return {node.id, std::string(node.code), std::string(node.name), linli::name_of(node.level)};
}

Waiting waiting(store::Tx& tx) {
    return {lines_behind(tx, follower_name), count_marks(tx)};
}

std::string role_with(
    const http::Caller& caller, const Measure& measure, const area::Tree& tree, AreaId area,
    std::string_view right
) {
    for (const auto& grant : caller.grants) {
        const auto* role = measure.catalogue().role(grant.role);
        if (role && tree.within(area, grant.area) &&
            std::find(role->rights.begin(), role->rights.end(), right) != role->rights.end()) {
            return grant.role;
        }
    }
    return "";
}

Period period_of(std::string_view text) {
    const auto period = parse_period(text);
    if (!period) {
        throw malformed(
            "period_malformed",
            "period is 2025, 2025-Q2, 2025-06 or 2025-01..2025-06, at most 50 years"
        );
    }
    return *period;
}

Asked asked_area(const http::Call& call, const Measure& measure) {
    Asked result{measure.tree(), nullptr, {}};
    AreaId id;
    if (parse_id(call.query("area").value_or(""), id.value)) {
        result.area = result.tree->find(id);
    }
    if (!result.area || role_with(call.caller, measure, *result.tree, id, read_right).empty()) {
        throw not_found("area");
    }
    return result;
}

Asked asked(const http::Call& call, const Measure& measure) {
    auto result = asked_area(call, measure);
    result.period = period_of(call.query("period").value_or(""));
    return result;
}

http::Route& asks_area_and_period(http::Route& route, const char* area_words) {
    return route.query("area", area_words)
        .query("period", "2025, 2025-Q2, 2025-06 or 2025-01..2025-06")
        .id_fields({"query:area"});
}

}  // namespace linli::measure
