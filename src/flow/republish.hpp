// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Calendars that were published anew (a holiday was moved): deadlines that ran under the old one
/// are counted again from their start. Breached clocks stay breached, steps that happened stay
/// happened.
#include <functional>
#include <string>
#include <vector>

#include "flow/flow.hpp"

namespace linli::flow {

struct Republished {
    std::vector<std::string> calendars;  ///< that differ from what was known
    std::int64_t looked_at = 0, changed = 0;
    std::int64_t compute_ms = 0;  ///< reading and computing, writing left out
    std::int64_t longest_ms = 0;  ///< that one batch held the writer, until it was durable
};

/// Compares the calendars of the catalogue with those that deadlines were last counted by (facts
/// "calendar.<name>"), and writes what differs in small batches. What is written already is not
/// written again, so a pass that was cut off is simply begun anew. `stopped` is asked between
/// batches.
Republished follow_calendars(
    store::Database&, const Flow&, Instant now, const std::function<bool()>& stopped
);

}  // namespace linli::flow
