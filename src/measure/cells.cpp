// SPDX-License-Identifier: Apache-2.0
#include "measure/cells.hpp"

#include <algorithm>
#include <mutex>

namespace linli::measure {

AreaId place_of(const area::Tree& tree, County county, AreaId area) {
    if (tree.find(area)) {
        return area;
    }
    if (const auto heir = tree.heir(area)) {
        return heir;
    }
    if (const auto* node = county != 0 ? tree.county(county) : nullptr) {
        return node->id;
    }
    return tree.all().empty() ? AreaId{} : tree.all().front().id;
}

void Cells::use(std::shared_ptr<const area::Tree> tree) {
    {
        const std::shared_lock lock(m_mutex);
        if (tree == m_tree) {
            return;
        }
    }
    const std::unique_lock lock(m_mutex);
    m_tree = std::move(tree);
    ++m_trees;
    for (auto& [id, counter] : m_counters) {
        for (auto& [breakdown, column] : counter.columns) {
            column.sums.clear();
            for (const auto& [filed, months] : column.filed) {
                add(column, filed, months, 1, counter.stock);
            }
        }
    }
}

std::shared_ptr<const area::Tree> Cells::tree() const {
    const std::shared_lock lock(m_mutex);
    return m_tree;
}

void Cells::add(
    Column& column, const Filed& filed, const Months& months, std::int64_t times, bool stock
) {
    for (const auto* node : m_tree->path(place_of(*m_tree, filed.county, filed.area))) {
        auto& sums = column.sums[node->id];
        std::int64_t before = 0;
        for (const auto& [month, value] : months) {
            auto at = std::lower_bound(
                sums.begin(), sums.end(), month,
                [](const auto& one, Month wanted) { return one.first < wanted; }
            );
            if (at == sums.end() || at->first != month) {
                at = sums.insert(at, {month, 0});
            }
            at->second += times * (value - before);
            before = stock ? value : 0;
        }
    }
}

void Cells::replace(
    const CounterQuery& query, County county, std::optional<AreaId> area,
    const std::vector<Cell>& cells
) {
    const std::unique_lock lock(m_mutex);
    auto& counter = m_counters[query.counter->id];
    counter.stock = query.counter->stock;
    ++counter.version;
    for (auto& [breakdown, column] : counter.columns) {
        const auto remove = [&, &of = column](auto at) {
            add(of, at->first, at->second, -1, counter.stock);
            return of.filed.erase(at);
        };
        if (area) {
            const auto found = column.filed.find({county, *area});
            if (found != column.filed.end()) {
                remove(found);
            }
            continue;
        }
        for (auto at = column.filed.begin(); at != column.filed.end();) {
            at = at->first.county == county ? remove(at) : std::next(at);
        }
    }
    std::map<std::pair<std::string, Filed>, Months> fresh;
    for (const auto& cell : cells) {
        fresh[{cell.breakdown, {county, cell.area}}].emplace_back(cell.month, cell.value);
    }
    for (auto& [key, months] : fresh) {
        std::sort(months.begin(), months.end());
        auto& column = counter.columns[key.first];
        add(column, key.second, months, 1, counter.stock);
        column.filed[key.second] = std::move(months);
    }
}

std::int64_t Cells::sum(const Counter& counter, const Column& column, AreaId area, Period period) {
    const auto found = column.sums.find(area);
    std::int64_t value = 0;
    if (found != column.sums.end()) {
        for (const auto& [month, difference] : found->second) {
            value += month <= period.to && (counter.stock || month >= period.from) ? difference : 0;
        }
    }
    return value;
}

std::int64_t Cells::value(const std::string& id, AreaId area, Period period) const {
    const std::shared_lock lock(m_mutex);
    const auto counter = m_counters.find(id);
    std::int64_t value = 0;
    if (counter != m_counters.end()) {
        for (const auto& [breakdown, column] : counter->second.columns) {
            value += sum(counter->second, column, area, period);
        }
    }
    return value;
}

std::map<std::string, std::int64_t> Cells::split(const std::string& id, AreaId area, Period period)
    const {
    const std::shared_lock lock(m_mutex);
    std::map<std::string, std::int64_t> values;
    const auto counter = m_counters.find(id);
    if (counter != m_counters.end()) {
        for (const auto& [breakdown, column] : counter->second.columns) {
            if (const auto value = sum(counter->second, column, area, period)) {
                values[breakdown] = value;
            }
        }
    }
    return values;
}

std::uint64_t Cells::version(const std::vector<const CounterQuery*>& queries) const {
    const std::shared_lock lock(m_mutex);
    auto sum = m_trees;
    for (const auto* query : queries) {
        const auto counter = m_counters.find(query->counter->id);
        sum += counter == m_counters.end() ? 0 : counter->second.version;
    }
    return sum;
}

std::size_t Cells::size() const {
    const std::shared_lock lock(m_mutex);
    std::size_t cells = 0;
    for (const auto& [id, counter] : m_counters) {
        for (const auto& [breakdown, column] : counter.columns) {
            for (const auto& [filed, months] : column.filed) {
                cells += months.size();
            }
        }
    }
    return cells;
}

}  // namespace linli::measure
