// SPDX-License-Identifier: Apache-2.0
#include "measure/marker.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace linli::measure {

namespace {

using Dates = std::map<std::string, std::optional<std::int64_t>, std::less<>>;

bool names(const std::string& fields, const std::string& wanted) {
    const auto all = split(fields, ',');
    return std::find(all.begin(), all.end(), wanted) != all.end();
}

/// None: the record has no date, so the counter does not count it.
std::optional<Month> month_for(
    const CounterQuery& query, const store::Change& change, const Dates& dates
) {
    if (query.counter->stock) {
        return month_of(change.at);
    }
    const bool moved =
        query.date == "updated_at" || (change.area_before && names(change.fields, query.date));
    const auto found = dates.find(query.date);
    if (moved || found == dates.end()) {
        return all_months;
    }
    if (!found->second) {
        return std::nullopt;
    }
    return query.instant ? month_of(Instant{*found->second})
                         : month_of(Date{static_cast<std::int32_t>(*found->second)});
}

}  // namespace

Marker::Marker(const std::vector<std::unique_ptr<CounterQuery>>& queries) {
    for (const auto& query : queries) {
        auto& kind = m_kinds[query->kind->name];
        kind.counters.push_back(query.get());
        const bool known =
            std::find(kind.dates.begin(), kind.dates.end(), query->date) != kind.dates.end();
        if (!query->date.empty() && !known) {
            kind.dates.push_back(query->date);
        }
    }
    for (auto& [name, kind] : m_kinds) {
        std::string columns;
        for (const auto& date : kind.dates) {
            columns += (columns.empty() ? "\"" : ", \"") + date + "\"";
        }
        kind.sql = columns.empty() ? ""
                                   : "SELECT " + columns + " FROM \"" + name +
                                         "\" WHERE county = $1 AND id = $2";
    }
}

void Marker::mark(store::Tx& tx, const std::vector<store::SealedChange>& lines) const {
    using Key = std::tuple<County, std::string, AreaId, Month>;
    std::map<Key, std::int64_t> touched;
    for (const auto& line : lines) {
        const auto& change = line.change;
        const auto kind = m_kinds.find(change.kind);
        if (kind == m_kinds.end() || !change.record || !change.area_after) {
            continue;
        }
        Dates dates;
        if (!kind->second.sql.empty()) {
            tx.each(
                store::Sql{"measure.dates", kind->second.sql},
                [&](const store::Row& row) {
                    for (std::size_t i = 0; i < kind->second.dates.size(); ++i) {
                        const int at = static_cast<int>(i);
                        dates[kind->second.dates[i]] =
                            row.null(at) ? std::nullopt : std::optional(row.integer(at));
                    }
                    return false;
                },
                line.county, change.record
            );
        }
        for (const auto* query : kind->second.counters) {
            const auto month = month_for(*query, change, dates);
            for (const auto area : {change.area_before, change.area_after}) {
                if (month && area) {
                    touched[{line.county, query->counter->id, area, *month}] = line.position;
                }
            }
        }
    }
    for (const auto& [key, position] : touched) {
        const auto& [county, counter, area, month] = key;
        measure::mark(tx, {county, counter, area, month, position});
    }
}

}  // namespace linli::measure
