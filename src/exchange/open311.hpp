// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Open311 GeoReport v2 at /open311/v2, with the extension for updates of requests: what the key
/// `open311` of a kind offers to clients that others wrote (docs/open311.md). Reading needs no key
/// and gives what is public alone; writing needs the token of a program, with its rights.
#include <memory>

#include "http/router.hpp"
#include "http/server.hpp"
#include "record/record.hpp"

namespace linli::exchange {

/// `engine` must outlive the router; `started` tells clients since when the services are as they
/// are.
void open311_routes(
    http::Router&, std::shared_ptr<const catalogue::Catalogue>, const record::Engine& engine,
    http::Identify identify, Instant started
);

}  // namespace linli::exchange
