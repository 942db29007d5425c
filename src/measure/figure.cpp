// SPDX-License-Identifier: Apache-2.0
// Values of counters and formulas, from the cells; and whether the cells are right.
#include <algorithm>
#include <cassert>
#include <cmath>

#include "measure/impl.hpp"

namespace linli::measure {

namespace {

double shown(const CounterQuery& query, std::int64_t stored) {
    const auto value = static_cast<double>(stored);
    return query.scale == 0 ? value : value / std::pow(10.0, query.scale);
}

}  // namespace

std::optional<std::optional<double>> Worked::find(
    const std::string& indicator, AreaId area, Period period, const Stamp& stamp
) const {
    const std::shared_lock lock(m_mutex);
    const auto found = m_values.find({indicator, area, period.from, period.to});
    if (found == m_values.end() || found->second.first != stamp) {
        return std::nullopt;
    }
    return found->second.second;
}

void Worked::keep(
    const std::string& indicator, AreaId area, Period period, const Stamp& stamp,
    std::optional<double> value
) {
    const std::unique_lock lock(m_mutex);
    if (m_values.size() >= most) {
        m_values.clear();
    }
    m_values.insert_or_assign({indicator, area, period.from, period.to}, std::pair(stamp, value));
}

CounterValue Measure::counter(const CounterQuery& query, AreaId area, Period period) const {
    const auto& counter = *query.counter;
    return {counter.id, counter.title, shown(query, m_impl->cells.value(counter.id, area, period))};
}

std::vector<const CounterQuery*> Measure::counters_of(const catalogue::Indicator& indicator) const {
    std::vector<const CounterQuery*> found;
    for (const auto& name : indicator.formula.names()) {
        if (name != catalogue::area_kind) {
            found.push_back(&query(name));
        }
    }
    return found;
}

std::optional<double> Measure::value(
    const catalogue::Indicator& indicator, AreaId area, Period period
) const {
    if (indicator.manual) {
        return std::nullopt;
    }
    // Refuses what is not counted, rather than taking it for nothing.
    const auto counters = counters_of(indicator);
    const auto tree = this->tree();
    const auto now = m_impl->time.now();
    const Worked::Stamp stamp{m_impl->cells.version(counters), official_date(now)};
    if (const auto known = m_impl->worked.find(indicator.id, area, period, stamp)) {
        return *known;
    }
    const auto value = work_out(indicator, counters, area, period, *tree, now);
    m_impl->worked.keep(indicator.id, area, period, stamp, value);
    return value;
}

std::optional<double> Measure::work_out(
    const catalogue::Indicator& indicator, const std::vector<const CounterQuery*>& counters,
    AreaId area, Period period, const area::Tree& tree, Instant now
) const {
    catalogue::Expression::Context context;
    context.now = now;
    AreaId here = area;
    context.value_of = [&](const std::string& name) {
        if (name == catalogue::area_kind) {
            return Value(name_of(tree.find(here)->kind));
        }
        const auto found =
            std::find_if(counters.begin(), counters.end(), [&](const CounterQuery* one) {
                return one->counter->id == name;
            });
        assert(found != counters.end() && "a formula names its counters");
        return Value(shown(**found, m_impl->cells.value(name, here, period)));
    };
    context.over_areas = [&](const std::string& level, const catalogue::Expression* summed,
                             const catalogue::Expression* condition) {
        double total = 0;
        const auto outer = here;
        for (const auto& node : tree.subtree(outer)) {
            if (!node.counted || name_of(node.level) != level) {
                continue;
            }
            here = node.id;
            const auto holds = condition ? condition->evaluate(context) : Value(true);
            if (holds.as_bool() && *holds.as_bool()) {
                const auto value = summed ? summed->evaluate(context) : Value(1.0);
                total += value.as_double() ? *value.as_double() : 0;
            }
        }
        here = outer;
        return Value(total);
    };
    const auto result = indicator.formula.evaluate(context);
    if (result.as_int()) {
        return static_cast<double>(*result.as_int());
    }
    return result.as_double() && std::isfinite(*result.as_double())
               ? std::optional(*result.as_double())
               : std::nullopt;
}

namespace {

using Values = std::map<std::tuple<AreaId, std::string, Month>, std::int64_t>;

/// A stock's cells as they are in force now, all under month 0 as the query gives them.
Values in_force(const CounterQuery& query, const std::vector<Cell>& cells) {
    Values values;
    for (const auto& cell : cells) {
        values[{cell.area, cell.breakdown, query.counter->stock ? 0 : cell.month}] = cell.value;
    }
    std::erase_if(values, [](const auto& one) { return one.second == 0; });
    return values;
}

void compare(
    const CounterQuery& query, County county, const Values& kept, const Values& counted,
    store::Check& check
) {
    const auto at = [](const Values& values, const Values::key_type& key) {
        const auto found = values.find(key);
        return found == values.end() ? 0 : found->second;
    };
    auto keys = kept;
    keys.insert(counted.begin(), counted.end());
    check.examined += static_cast<std::int64_t>(keys.size());
    for (const auto& [key, unused] : keys) {
        const auto& [area, breakdown, month] = key;
        if (at(kept, key) == at(counted, key)) {
            continue;
        }
        check.add(
            "counter " + query.counter->id + ", county " + std::to_string(county) + ", area " +
                std::to_string(area.value) + (breakdown.empty() ? "" : ", " + breakdown) +
                (month == 0 ? "" : ", " + to_text(month)),
            "the cell holds " + std::to_string(at(kept, key)) + ", the records say " +
                std::to_string(at(counted, key))
        );
    }
}

}  // namespace

void Measure::verify(store::Tx& tx, store::Check& check) const {
    const auto now = m_impl->time.now();
    for (const auto county : m_impl->counties(tx)) {
        for (const auto& query : m_impl->queries) {
            Values counted;
            for (const auto& one : count(tx, *query, {county, {}, std::nullopt}, now)) {
                if (one.value != 0) {
                    counted[{one.area, one.breakdown, one.month}] = one.value;
                }
            }
            const auto cells = cells_of(tx, county, query->counter->id, std::nullopt);
            compare(*query, county, in_force(*query, cells), counted, check);
        }
    }
}

}  // namespace linli::measure
