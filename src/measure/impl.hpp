// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What the files of this room share.
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "measure/marker.hpp"
#include "measure/measure.hpp"
#include "measure/store.hpp"

namespace linli::measure {

/// Values of formulas that were asked for, good as long as their counters, the tree and the day are
/// the same. Thread-safe.
class Worked {
 public:
    using Stamp = std::pair<std::uint64_t, Date>;
    std::optional<std::optional<double>>
    find(const std::string& indicator, AreaId, Period, const Stamp&) const;
    void keep(const std::string& indicator, AreaId, Period, const Stamp&, std::optional<double>);

 private:
    static constexpr std::size_t most = 200'000;  ///< then it begins anew
    using Key = std::tuple<std::string, AreaId, Month, Month>;
    mutable std::shared_mutex m_mutex;
    std::map<Key, std::pair<Stamp, std::optional<double>>> m_values;
};

struct Measure::Impl {
    Impl(store::Database&, TimeSource&, std::shared_ptr<const catalogue::Catalogue>, area::Areas&, const flow::Flow&);
    const CounterQuery* find(std::string_view counter) const;
    std::vector<County> counties(store::Tx&) const;
    std::string digest_on(const CounterQuery&, Date today) const;
    void read_cells(store::Tx&);
    void mark_stale(Date today, bool every);
    bool recount_some();
    void run(std::stop_token);
    void wake();

    store::Database& database;
    TimeSource& time;
    std::shared_ptr<const catalogue::Catalogue> catalogue;
    area::Areas& areas;
    const flow::Flow& flow;
    std::vector<std::unique_ptr<CounterQuery>> queries;
    std::map<std::string, const CounterQuery*, std::less<>> by_id;
    Marker marker;
    Cells cells;
    Worked worked;
    std::function<void()> before_keeping;
    std::function<void(const std::vector<AreaId>&)> on_counted;

    std::mutex recounting;
    std::mutex mutex;  ///< of `wanted`
    std::condition_variable_any woken;
    bool wanted = true;
    Date counted_on;  ///< by the worker alone
    std::unique_ptr<store::Follower> follower;
    std::jthread thread;
};

}  // namespace linli::measure
