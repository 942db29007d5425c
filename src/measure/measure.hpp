// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The measure engine: a counter is a query, a cell is its cached answer, a change marks cells
/// dirty, a worker counts them again; indicators are formulas over counters.
///
/// A kill at any point loses nothing: the follower's cursor and its marks are one transaction, and
/// a mark goes in the transaction that writes what was counted after it was made.
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "flow/flow.hpp"
#include "http/router.hpp"
#include "measure/cells.hpp"
#include "store/change.hpp"
#include "store/verify.hpp"

namespace linli::measure {

constexpr const char* follower_name = "measure";

/// A counter's value for an area and period; `scale` digits are behind the point.
struct CounterValue {
    std::string id;
    catalogue::Title title;
    double value = 0;
    static constexpr auto fields = std::tuple{
        field("id", &CounterValue::id), field("title", &CounterValue::title),
        field("value", &CounterValue::value)};
};

/// Thread-safe.
class Measure {
 public:
    Measure(store::Database&, TimeSource&, std::shared_ptr<const catalogue::Catalogue>, area::Areas&, const flow::Flow&);
    ~Measure();

    /// Reads the cells and marks the counters that were counted by another declaration or, if they
    /// ask for today, on another day.
    void begin();
    void start(store::Sealer&);
    void stop();
    /// Marks every counter to be counted as a whole.
    void rebuild();
    /// Counts what is marked until nothing is.
    void recount();
    /// Seals, follows and counts: what was committed before is in the cells afterwards.
    void catch_up(store::Sealer&);
    /// Compares every cell with the whole query, in one snapshot.
    void verify(store::Tx&, store::Check&) const;

    /// The query of a counter. Throws not_found, or conflict for one that counts different values.
    const CounterQuery& query(std::string_view counter) const;
    const catalogue::Indicator& indicator(std::string_view id) const;  ///< throws not_found
    CounterValue counter(const CounterQuery&, AreaId, Period) const;
    /// None if the formula has no value there: a division by zero; or for what is entered by hand
    /// (manual.hpp).
    std::optional<double> value(const catalogue::Indicator&, AreaId, Period) const;
    /// The counters that a formula names, in their order in it.
    std::vector<const CounterQuery*> counters_of(const catalogue::Indicator&) const;

    const Cells& cells() const;
    const catalogue::Catalogue& catalogue() const;
    /// The tree by which figures are summed.
    std::shared_ptr<const area::Tree> tree() const;
    const flow::Flow& flow() const;
    /// Called by the worker after cells have changed, with the areas as filed whose figures these
    /// are; none among them = anywhere. To be said before start().
    void on_counted(std::function<void(const std::vector<AreaId>&)>);
    /// For tests: what happens between counting and writing.
    void before_keeping(std::function<void()>);
    /// Follower that marks what changes touch; register under follower_name.
    store::Follower::Handle marker() const;
    void routes(http::Router&) const;

 private:
    struct Impl;
    std::optional<double> work_out(
        const catalogue::Indicator&, const std::vector<const CounterQuery*>&, AreaId, Period,
        const area::Tree&, Instant now
    ) const;
    std::shared_ptr<Impl> m_impl;
};

std::vector<store::SchemaStep> schema();

}  // namespace linli::measure
