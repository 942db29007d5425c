// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Runs schema steps. Internal to the store; use Database::migrate.
#include <vector>

#include "store/store.hpp"

namespace linli::store {

void migrate(Database& database, const std::vector<SchemaStep>& steps);

}  // namespace linli::store
