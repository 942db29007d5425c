// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The queue of persons who may be one: looked at, decided, merged, taken apart again.
#include <memory>

#include "http/router.hpp"
#include "record/record.hpp"

namespace linli::registry {

/// Adds nothing if the catalogue has no kind `person`.
void routes(http::Router&, const record::Engine&);

}  // namespace linli::registry
