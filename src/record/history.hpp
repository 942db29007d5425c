// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What happened to a record, oldest first, as its reader may see it.
#include "record/view.hpp"

namespace linli::record {

/// The answer of GET /api/records/{kind}/{id}/history.
std::string history_json(const Context&, const KindTable&, const Record&, const identity::Facts&);

}  // namespace linli::record
