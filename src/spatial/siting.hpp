// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Siting: where to build. What the studies have in common: who reaches what, how long to think,
/// and how to stop.
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "spatial/circles.hpp"

namespace linli::spatial {

/// Rows of numbers, one row after the other.
struct Rows {
    std::vector<std::uint32_t> begin = {0};
    std::vector<std::uint32_t> items;
    std::size_t size() const { return begin.size() - 1; }
    std::span<const std::uint32_t> row(std::size_t i) const {
        return {items.data() + begin[i], items.data() + begin[i + 1]};
    }
    void add_row(std::span<const std::uint32_t> row);
};
/// Row c of the answer names the rows that hold c, ascending.
Rows transposed(const Rows&, std::size_t columns);

enum class SiteState : std::uint8_t { candidate, existing, forbidden };

/// The demands within the limit of each site, and their walks: both rows in the same order,
/// demands ascending. A walk goes from door to door.
struct Reach {
    Rows demands;
    std::vector<Ms> walks;
};
/// `limit` of each demand; 0 leaves it out.
Reach reach_of(
    const Network&, Search&, std::span<const Position> sites, std::span<const Position> demands,
    std::span<const Ms> limit
);

/// What a demand counts: its groups' numbers times the weight of each group, in thousandths. With
/// equity, people of areas that existing sites leave behind count more: up to (1 + equity) times
/// where nobody is covered.
std::vector<std::int64_t> priorities(
    std::span<const std::vector<std::uint32_t>> groups, std::span<const double> weights
);
void favour_worst_off(
    std::span<std::int64_t> value, std::span<const std::uint32_t> area,
    const std::vector<bool>& covered, double equity
);

/// `bound` is proven: no plan is better.
struct Progress {
    std::uint64_t done = 0, work = 0;
    std::int64_t best = 0, bound = 0;
};
/// How much to think: counted in entries of lists looked at, so that the answer depends on the
/// input alone. 10^9 are about a second.
struct Effort {
    std::uint64_t work = 8'000'000'000;
    std::uint64_t seed = 1;
    std::function<bool(const Progress&)> go_on = {};  ///< false: stop with the best so far
};

/// Whole numbers that a bound in floating point proves, its rounding errors allowed for.
std::int64_t at_most(double bound);
std::int64_t at_least(double bound);

/// The least whole number that works, if a probe of one number may also end open.
enum class Probe : std::uint8_t { works, cannot, open };
struct Least {
    std::int64_t works = 0;
    std::int64_t bound = 0;  ///< what is below cannot work
};
/// `high` works, and what is below `low` cannot. If a number works, so does every greater one.
Least least_that_works(
    std::int64_t low, std::int64_t high, const std::function<Probe(std::int64_t)>& probe
);

/// Counts work and asks now and then whether to go on.
class Meter {
 public:
    explicit Meter(const Effort& effort) : m_effort(effort) {}
    /// False once the work is used up or somebody has stopped it. `share` is the part of the whole
    /// work that may be used so far.
    bool spend(std::uint64_t work, double share = 1);
    void tell(std::int64_t best, std::int64_t bound);
    bool stopped() const { return m_stopped; }
    std::uint64_t done() const { return m_done; }
    double part() const { return static_cast<double>(m_done) / static_cast<double>(m_effort.work); }

 private:
    const Effort& m_effort;
    std::uint64_t m_done = 0, m_asked = 0;
    std::int64_t m_best = 0, m_bound = 0;
    bool m_stopped = false;
};

}  // namespace linli::spatial
