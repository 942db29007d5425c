// SPDX-License-Identifier: Apache-2.0
#pragma once
/// GET /api/areas. One area with its office, and new ones, are in identity, which knows offices and
/// rights.
#include "area/area.hpp"
#include "http/router.hpp"

namespace linli::area {
void routes(http::Router&, Areas&);
}
