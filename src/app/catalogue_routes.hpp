// SPDX-License-Identifier: Apache-2.0
#pragma once
/// GET /api/catalogue and /api/catalogue/document: what the web draws kinds from, and what people
/// read.
#include "area/area.hpp"
#include "catalogue/catalogue.hpp"
#include "http/router.hpp"

namespace linli::app {
void catalogue_routes(http::Router&, std::shared_ptr<const catalogue::Catalogue>, area::Areas&);
}
