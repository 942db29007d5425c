// SPDX-License-Identifier: Apache-2.0
#pragma once
/// GET /api/areas, GET /api/areas/{id}, POST /api/areas (grid, compound, building).
#include "area/area.hpp"
#include "http/router.hpp"

namespace linli::area {
void routes(http::Router&, Areas&);
}
