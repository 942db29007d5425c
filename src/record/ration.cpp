// SPDX-License-Identifier: Apache-2.0
#include "record/ration.hpp"

#include <algorithm>

namespace linli::record {

void use_ration(const Context& c, const Ration& ration) {
    constexpr store::Sql sql{"record.use_ration", R"(
        INSERT INTO record_quota (county, account, what, hour, used) VALUES ($1, $2, $3, $4, 1)
        ON CONFLICT (county, account, what, hour) DO UPDATE SET used = record_quota.used + 1 RETURNING used)"};
    const auto account = c.account();
    const auto hour = c.now.ms / hour_ms;
    const auto used =
        c.tx.one<std::int64_t>(sql, home(account), account, std::string(ration.what), hour);
    if (used.value_or(0) > ration.per_hour) {
        throw too_many(
            ration.refusal, static_cast<int>(((hour + 1) * hour_ms - c.now.ms) / second_ms) + 1
        );
    }
}

void use_filing_ration(const Context& c) {
    const Ration filing{"file", c.core.parts.filings_per_hour, "filing_ration"};
    if (filing.per_hour == 0 || !c.caller) {
        return;
    }
    const auto& grants = c.caller->grants;
    const bool staff = std::any_of(grants.begin(), grants.end(), [&](const http::Grant& grant) {
        const auto* role = c.catalogue().role(grant.role);
        return role && role->staff;
    });
    if (!staff) {
        use_ration(c, filing);
    }
}

}  // namespace linli::record
