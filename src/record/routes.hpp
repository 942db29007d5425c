// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Shared by the files that add routes of this room.
#include <functional>

#include "record/engine.hpp"

namespace linli::record {

/// Runs `work(context)` on a snapshot; what it showed in full is on record before this returns. For
/// routes without a transaction. Throws not_signed_in.
void read_in(const Core&, http::Call&, const std::function<void(const Context&)>& work);
Context context_of(const Core&, const http::Call&);  ///< throws not_signed_in
void add_list_queries(http::Route&);                 ///< filters, as read_query() reads them

void file_routes(http::Router&, std::shared_ptr<const Core>);
void unmask_routes(http::Router&, std::shared_ptr<const Core>);
void case_file_routes(http::Router&, std::shared_ptr<const Core>);
void sheet_routes(http::Router&, std::shared_ptr<const Core>);
void search_routes(http::Router&, std::shared_ptr<const Core>);
void routing_routes(http::Router&, std::shared_ptr<const Core>);

}  // namespace linli::record
