// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What happened to records of a kind, in the order of time: for whoever tells others outside.
#include <vector>

#include "flow/flow.hpp"

namespace linli::flow {

struct PastStep {
    std::int64_t id = 0;
    RecordId record;
    std::string action, state_before, state_after;
    Instant at;
    static constexpr auto fields = std::tuple{
        field("id", &PastStep::id),
        field("record", &PastStep::record),
        field("action", &PastStep::action),
        field("state_before", &PastStep::state_before),
        field("state_after", &PastStep::state_after),
        field("at", &PastStep::at)};
};

/// Steps of a county from an instant on and before another, oldest first, that come after (at, id).
std::vector<PastStep> steps_between(
    store::Tx&, County, const std::string& kind, Instant from, Instant to, const PastStep& after,
    int limit
);

}  // namespace linli::flow
