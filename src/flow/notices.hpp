// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Reminders and escalations as those see them to whom they are addressed.
#include <vector>

#include "flow/inbox.hpp"

namespace linli::flow {

/// Notices of the last 90 days, and what followed records did (`moved`: its clock is the state),
/// for the caller, newest first.
std::vector<Notice> notices_for(
    store::Tx&, const Ground&, const http::Caller&, bool unread, int limit, Instant now
);
/// Whether a notice is addressed to the caller.
bool addressed(const Ground&, const http::Caller&, const Notice&);
/// What was told about a record at that instant.
std::vector<Notice> notices_about(store::Tx&, RecordId, Instant at);

}  // namespace linli::flow
