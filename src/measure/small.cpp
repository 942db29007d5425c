// SPDX-License-Identifier: Apache-2.0
#include "measure/small.hpp"

#include <algorithm>

#include "identity/scope.hpp"
#include "measure/asked.hpp"

namespace linli::measure {

namespace {

constexpr int months_of_quarter = 3, months_of_year = 12;

/// The years, quarters and months of which a period consists, as few as can be.
std::vector<Period> blocks_of(Period period) {
    std::vector<Period> blocks;
    for (auto at = period.from; at <= period.to;) {
        const auto fits = [&](int length) {
            return at % length == 0 && at + length - 1 <= period.to;
        };
        const int length = fits(months_of_year)      ? months_of_year
                           : fits(months_of_quarter) ? months_of_quarter
                                                     : 1;
        blocks.push_back({at, at + length - 1});
        at += length;
    }
    return blocks;
}

/// A block, what it shares a quarter or a year with, and these themselves.
std::vector<Period> with_siblings(Period block) {
    std::vector<Period> all;
    for (int length = block.to - block.from + 1; length < months_of_year;) {
        const int around = length == 1 ? months_of_quarter : months_of_year;
        const auto first = block.from - block.from % around;
        for (auto at = first; at < first + around; at += length) {
            all.push_back({at, at + length - 1});
        }
        length = around;
    }
    const auto year = block.from - block.from % months_of_year;
    all.push_back({year, year + months_of_year - 1});
    return all;
}

bool about_people(const catalogue::Kind& kind) {
    return std::any_of(kind.fields.begin(), kind.fields.end(), [](const auto& field) {
        return field.data_class == catalogue::Class::personal ||
               field.data_class == catalogue::Class::sensitive;
    });
}

}  // namespace

Reader::Reader(const Measure& measure, const http::Caller& caller)
    : m_measure(measure), m_caller(caller), m_tree(measure.tree()) {}

bool Reader::reads_records(const CounterQuery& query, AreaId area) const {
    if (!about_people(*query.kind)) {
        return true;
    }
    const auto access = identity::access(m_caller, *query.kind, identity::Operation::read, *m_tree);
    return access.any || std::any_of(access.areas.begin(), access.areas.end(), [&](AreaId one) {
               return m_tree->within(area, one);
           });
}

bool Reader::small(const CounterQuery& query, AreaId area, Period period) const {
    const auto value = m_measure.cells().value(query.counter->id, area, period);
    return value > 0 && value < least_shown;
}

/// Of the areas below one, and of what is filed at itself.
bool Reader::small_below(const CounterQuery& query, AreaId area, Period period) {
    const auto [at, fresh] =
        m_small_below.try_emplace({query.counter->id, area, period.from, period.to}, false);
    if (!fresh) {
        return at->second;
    }
    auto rest = m_measure.cells().value(query.counter->id, area, period);
    for (const auto* child : m_tree->children(area)) {
        rest -= m_measure.cells().value(query.counter->id, child->id, period);
        at->second = at->second || small(query, child->id, period);
    }
    at->second = at->second || (rest > 0 && rest < least_shown);
    return at->second;
}

/// Of an area and its siblings, and so on up to the last area of which the caller has figures.
bool Reader::small_up_the_tree(const CounterQuery& query, AreaId area, Period period) {
    for (;;) {
        const auto* parent = m_tree->parent(area);
        if (!parent || role_with(m_caller, m_measure, *m_tree, parent->id, read_right).empty()) {
            return small(query, area, period);
        }
        if (small_below(query, parent->id, period)) {
            return true;
        }
        area = parent->id;
    }
}

bool Reader::may_see(const CounterQuery& query, AreaId area, Period period) {
    if (reads_records(query, area)) {
        return true;
    }
    if (!query.counter->sum.empty()) {
        // How many are behind a sum is not known here: it is told where it is of many.
        const auto* node = m_tree->find(area);
        return node && node->level <= area::Level::county;
    }
    if (query.counter->stock) {
        return !small_up_the_tree(query, area, {period.to, period.to});
    }
    for (const auto& block : blocks_of(period)) {
        for (const auto& one : with_siblings(block)) {
            if (small_up_the_tree(query, area, one)) {
                return false;
            }
        }
    }
    return true;
}

bool Reader::may_see(const catalogue::Indicator& indicator, AreaId area, Period period) {
    if (indicator.manual) {
        return true;
    }
    const auto counters = m_measure.counters_of(indicator);
    return std::all_of(counters.begin(), counters.end(), [&](const CounterQuery* one) {
        return may_see(*one, area, period);
    });
}

bool Reader::may_see_parts(const CounterQuery& query, AreaId area, Period period) {
    if (reads_records(query, area)) {
        return true;
    }
    const auto parts = m_measure.cells().split(query.counter->id, area, period);
    return query.counter->sum.empty() && may_see(query, area, period) &&
           std::none_of(parts.begin(), parts.end(), [](const auto& part) {
               return part.second > 0 && part.second < least_shown;
           });
}

SeenCounter seen(
    Reader& reader, const Measure& measure, const CounterQuery& query, AreaId area, Period period
) {
    const auto one = measure.counter(query, area, period);
    const bool shown = reader.may_see(query, area, period);
    return {one.id, one.title, shown ? std::optional(one.value) : std::nullopt, !shown};
}

}  // namespace linli::measure
