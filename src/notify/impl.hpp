// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Inside of the room: what its files share.
#include "notify/notify.hpp"

namespace linli::notify {

using Shared = std::shared_ptr<const Parts>;

constexpr const char* outbox_manage = "outbox.manage";
constexpr std::int64_t code_lasts_ms = 30 * minute_ms;
/// What is older is not news any more.
constexpr std::int64_t news_ms = 3 * day_ms;

/// Puts what sealed lines of the log tell into the outbox.
void fill(const Parts&, store::Tx&, const std::vector<store::SealedChange>& lines);

void account_routes(http::Router&, const Shared&);
void outbox_routes(http::Router&, const Shared&);

}  // namespace linli::notify
