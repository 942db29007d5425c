// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What must be true of open records, their clocks and timers, whatever happened.
#include "catalogue/catalogue.hpp"
#include "flow/flow.hpp"
#include "store/verify.hpp"

namespace linli::flow {

/// Inbox rows: the deadline is that of the earliest running clock, the unit in charge is a party,
/// and what runs belongs to an open record.
void check_work(store::Tx&, store::Check&);
/// Every running clock has the timer of its next step, and no other clock has one.
void check_timers(store::Tx&, const Flow&, store::Check&);

}  // namespace linli::flow
