// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Power cuts in one process, for tests: requests are filed, accepted and resolved, timers run and
/// the log is sealed on a disk that loses what was not synced; then the power goes at any moment,
/// and what is found after the restart is compared with what had been acknowledged.
#include <memory>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "store/store.hpp"

namespace linli::flow {

/// Steps of the clocks of one kind, for records that never started a clock anew: what was due by
/// `now` has happened once, and the next step waits.
struct TimerFaults {
    std::int64_t fired = 0;  ///< steps that left their line in the log
    std::vector<std::string> lost, doubled;
};
TimerFaults find_timer_faults(
    store::Tx&, const catalogue::Catalogue&, const std::string& kind, Instant now
);

struct PowerCutSettings {
    std::uint64_t seed = 1;
    int cuts = 100;
    bool unsafe = false;     ///< SQLite with synchronous=OFF: must be found out
    bool disk_lies = false;  ///< fsync does nothing: must be found out
};

struct PowerCutReport {
    int cuts = 0;
    std::int64_t acknowledged = 0, timers = 0;
    std::int64_t lost = 0;    ///< acknowledged, and not there
    std::int64_t broken = 0;  ///< half done, a broken chain, a damaged file
    std::int64_t timers_lost = 0, timers_doubled = 0;
    std::vector<std::string> faults;  ///< the first ones in words
    bool clean() const { return lost + broken + timers_lost + timers_doubled == 0; }
};

PowerCutReport
cut_power(const std::shared_ptr<const catalogue::Catalogue>&, const PowerCutSettings&);

}  // namespace linli::flow
