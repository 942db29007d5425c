// SPDX-License-Identifier: Apache-2.0
#pragma once
/// For tests: a kind with a flow, and counters and indicators over it.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "catalogue/catalogue.hpp"

namespace linli::measure::testing {

constexpr const char* visit_yaml = R"(kind: visit
title: {zh: 走访, en: Visit}
number: "ZF{county:6}-{date}-{seq:4}"
levels: [community, grid]
fields:
  cause: {type: choice, list: visit_reason, required: true, class: internal, title: {zh: 事由, en: Reason}}
  urgent: {type: bool, class: internal, title: {zh: 紧急, en: Urgent}}
  minutes: {type: int, min: 0, max: 1000, class: internal, title: {zh: 分钟, en: Minutes}}
  cost: {type: money, class: internal, title: {zh: 费用, en: Cost}}
  done_on: {type: date, class: internal, title: {zh: 日期, en: Done on}}
title_fields: [cause]
rights:
  resident: {create: any, read: own}
  community_desk: {create: scope, read: scope, change: scope, withdraw: scope}
  city_supervisor: {create: scope, read: scope, change: scope, withdraw: scope}
flow:
  version: 1
  start: open
  states:
    open: {title: {zh: 进行中, en: Open}}
    done: {title: {zh: 完成, en: Done}, final: true}
  actions:
    finish: {title: {zh: 完成, en: Finish}, from: open, to: done, by: [city_supervisor]}
    reopen: {title: {zh: 重开, en: Reopen}, from: done, to: open, by: [city_supervisor]}
  clocks:
    answer: {title: {zh: 时限, en: Answer}, from: open, until: done, restart: [reopen], limit: 5 days}
)";
constexpr const char* lists_yaml = R"(lists:
  visit_reason:
    title: {zh: 事由, en: Reason}
    choices:
      care: {title: {zh: 关怀, en: Care}}
      repair: {title: {zh: 维修, en: Repair}}
      other: {title: {zh: 其他, en: Other}}
)";
constexpr const char* measures_yaml = R"yaml(counters:
  - {id: visits, of: visit, by: [cause, urgent]}
  - {id: urgent_visits, of: visit, where: "urgent = true", date: done_on}
  - {id: minutes, of: visit, sum: minutes, where: "cause != 'other'"}
  - {id: cost, of: visit, sum: cost, date: done_on}
  - {id: touched, of: visit, date: updated_at}
  - {id: open_visits, of: visit, where: "state = 'open'", by: [cause], stock: true}
  - {id: answered, of: visit, clock: answer}
  - {id: in_time, of: visit, clock: answer, on_time: true}
  - {id: recent, of: visit, where: "done_on >= today() - 30 days", stock: true}
  - {id: filers, of: visit, distinct: created_by}
indicators:
  - {id: mean_minutes, unit: minutes, formula: "minutes / visits"}
  - {id: coverage, unit: "%", formula: "100 * areas(community, visits >= 1) / areas(community)"}
  - id: visits_where_several
    formula: >-
      total(community, visits, visits >= 2 and area_kind = 'residents_committee') /
      areas(community, area_kind = 'residents_committee') + areas(community, area_kind = 'villagers_committee')
  - {id: mean_cost, unit: yuan, formula: "cost / visits"}
  - {id: filed_by, formula: "visits / filers"}
)yaml";

inline std::shared_ptr<const catalogue::Catalogue> catalogue_with(
    const std::string& measures, std::map<std::string, std::string> more = {}
) {
    std::map<std::string, std::string> files{
        {"core/visit/visit.yaml", visit_yaml},
        {"core/visit/lists.yaml", lists_yaml},
        {"core/visit/measures.yaml", measures}};
    for (const char* name :
         {"core/roles.yaml", "calendars/national.yaml", "calendars/always.yaml"}) {
        std::ostringstream text;
        text << std::ifstream(std::filesystem::path("catalogue") / name).rdbuf();
        files.emplace(name, text.str());
    }
    files.merge(more);
    const auto loaded = catalogue::load_files(files);
    for (const auto& mistake : loaded.mistakes) {
        FAIL(to_text(mistake));
    }
    return loaded.catalogue;
}

}  // namespace linli::measure::testing
