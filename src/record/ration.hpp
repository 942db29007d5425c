// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What an account may do only so often in an hour. Counted in the database, so that a restart
/// forgets nothing and all processes count together (C50, C79).
#include "record/engine.hpp"

namespace linli::record {

struct Ration {
    const char* what;  ///< "unmask", "file"
    int per_hour;
    const char* refusal;
};

/// Counts one more use; throws too_many(refusal) with the seconds until the next hour if there were
/// `per_hour` already.
void use_ration(const Context&, const Ration&);
/// Residents file by hand; staff as much as there is (Parts::filings_per_hour).
void use_filing_ration(const Context&);

}  // namespace linli::record
