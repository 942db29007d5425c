// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Tiny packs for tests of this room and of the rooms above.
#include <map>
#include <string>

#include "catalogue/catalogue.hpp"

namespace linli::catalogue {

/// Roles, lists and a national calendar (Monday to Friday, 08:30-12:00 and 14:00-17:30) that small
/// packs build on.
inline std::map<std::string, std::string> base_pack() {
    return {
        {"core/roles.yaml", R"(
roles:
  resident: {face: resident, staff: false, levels: [community]}
  grid_worker: {face: field, levels: [grid]}
  community_desk: {face: desk, levels: [community], unit: true, rights: [area.read]}
  department: {face: desk, levels: [county], unit: true}
)"},
        {"calendars/national.yaml", R"(
calendar: national
week: {mon-fri: [08:30-12:00, 14:00-17:30]}
years:
  2025: {off: ["10-01..10-08"], work: ["09-28"]}
)"},
        {"core/small/lists.yaml", R"(
lists:
  handling_class: {choices: {immediate: , time_limited: , tracked: }}
  colour: {choices: {red: 红, green: {title: {zh: 绿, en: Green}}}}
)"}};
}

/// `base_pack` with one more file (or another text for one of its files).
inline std::map<std::string, std::string> pack_with(
    const std::string& path, const std::string& text
) {
    auto files = base_pack();
    files[path] = text;
    return files;
}

}  // namespace linli::catalogue
