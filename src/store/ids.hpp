// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Makes ids and numbers (architecture §9) out of leased ranges. Internal to the store.
/// Thread-safe.
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"
#include "store/sql.hpp"

namespace linli::store {

/// Ranges of milliseconds (ids) and of numbers (sequences) are leased in the database before use,
/// so that neither a restart, a clock set back, nor a second process hands out the same one again.
class Ids {
 public:
    static constexpr std::int64_t lease_ms = 20'000;
    static constexpr std::int64_t block = 100;
    static constexpr std::int64_t epoch_ms = 1'577'836'800'000;  ///< 2020-01-01T00:00Z
    /// Leases `size` beyond both `from` and all that was leased before; returns the new end
    /// (exclusive).
    using LeaseTime = std::function<std::int64_t(County, std::int64_t from)>;
    using LeaseNumbers = std::function<std::int64_t(County, const std::string& name)>;

    explicit Ids(TimeSource& time) : m_time(time), m_counties(county_limit) {}
    std::int64_t next_id(County county, const LeaseTime& lease);
    std::int64_t next_number(County county, const std::string& name, const LeaseNumbers& lease);

    /// Where leases are written in the caller's transaction (SQLite): whether they stood. What was
    /// handed out out of a lease that fell is not handed out again; the lease is taken anew.
    void committed();
    void rolled_back();

    static const Sql lease_time_sql;     ///< county, holder, from, size -> end
    static const Sql lease_numbers_sql;  ///< county, name, size -> end

 private:
    struct Clock {
        std::int64_t ms = 0, sequence = 0, end = 0;
    };
    struct Numbers {
        std::int64_t next = 1, end = 1;
    };
    TimeSource& m_time;
    std::mutex m_mutex;
    std::vector<Clock> m_counties;
    std::map<std::pair<County, std::string>, Numbers> m_numbers;
    std::vector<Clock*> m_new_clocks;
    std::vector<Numbers*> m_new_numbers;
};

}  // namespace linli::store
