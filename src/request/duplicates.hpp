// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Has somebody said so already? Hints while a record is being written, and "me too" instead of a
/// second record. For kinds with the key `open311` (docs/catalogue.md), which says what is public.
#include <memory>

#include "http/router.hpp"
#include "record/record.hpp"

namespace linli::request {

/// `engine` must outlive the router.
void routes(
    http::Router&, std::shared_ptr<const catalogue::Catalogue>, const record::Engine& engine
);

}  // namespace linli::request
