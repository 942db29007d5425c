// SPDX-License-Identifier: Apache-2.0
#include "flow/steps.hpp"

namespace linli::flow {

std::vector<PastStep> steps_between(
    store::Tx& tx, County county, const std::string& kind, Instant from, Instant to,
    const PastStep& after, int limit
) {
    constexpr store::Sql sql{"flow.steps_between", R"(
        SELECT id, record, action, state_before, state_after, at FROM flow_step
         WHERE county = $1 AND at >= $2 AND at < $3 AND (at, id) > ($4, $5) AND kind = $6
         ORDER BY at, id LIMIT $7)"};
    return tx.all<PastStep>(sql, county, from, to, after.at, after.id, kind, limit);
}

}  // namespace linli::flow
