// SPDX-License-Identifier: Apache-2.0
#pragma once
/// All cells in memory, and their sums up the tree of today: a change adds its difference to the
/// areas above (at most nine), so a figure of any area and period is read from one short row of
/// months. Of a stock the months hold differences, so that its value is a sum too. Thread-safe.
#include <map>
#include <shared_mutex>
#include <unordered_map>

#include "area/area.hpp"
#include "measure/query.hpp"

namespace linli::measure {

/// As it is stored (see schema).
struct Cell {
    AreaId area;  ///< as filed
    std::string breakdown;
    Month month = 0;
    std::int64_t value = 0;
    static constexpr auto fields = std::tuple{
        field("area", &Cell::area), field("breakdown", &Cell::breakdown),
        field("month", &Cell::month), field("value", &Cell::value)};
    auto operator<=>(const Cell&) const = default;
};

/// The area of a tree under which something counts that was filed at `area`: itself, its heir, else
/// its county, else the first root. None if the tree is empty.
AreaId place_of(const area::Tree&, County, AreaId area);

class Cells {
 public:
    /// Sums anew on another tree; nothing happens if it is the same.
    void use(std::shared_ptr<const area::Tree>);
    std::shared_ptr<const area::Tree> tree() const;
    /// What the database now holds of a counter in a county; of one area as filed, or of all.
    void replace(const CounterQuery&, County, std::optional<AreaId> area, const std::vector<Cell>&);
    /// Stored value (scaled): of a flow the sum of the months, of a stock that at the period's end.
    std::int64_t value(const std::string& counter, AreaId, Period) const;
    /// The same by breakdown.
    std::map<std::string, std::int64_t> split(const std::string& counter, AreaId, Period) const;
    std::size_t size() const;
    /// Grows whenever cells of one of the counters, or the tree, have changed.
    std::uint64_t version(const std::vector<const CounterQuery*>&) const;

 private:
    using Months = std::vector<std::pair<Month, std::int64_t>>;  ///< ascending
    struct Filed {
        County county = 0;
        AreaId area;
        auto operator<=>(const Filed&) const = default;
    };
    struct FiledHash {
        std::size_t operator()(const Filed& one) const {
            return std::hash<AreaId>{}(one.area) * 31 + static_cast<std::size_t>(one.county);
        }
    };
    struct Column {
        std::unordered_map<Filed, Months, FiledHash> filed;
        std::unordered_map<AreaId, Months> sums;
    };
    struct Counter {
        bool stock = false;
        std::uint64_t version = 0;
        std::map<std::string, Column> columns;  ///< by breakdown
    };
    void add(Column&, const Filed&, const Months&, std::int64_t times, bool stock);
    static std::int64_t sum(const Counter&, const Column&, AreaId, Period);

    mutable std::shared_mutex m_mutex;
    std::shared_ptr<const area::Tree> m_tree;
    std::uint64_t m_trees = 0;  ///< how many there have been
    std::map<std::string, Counter> m_counters;
};

}  // namespace linli::measure
