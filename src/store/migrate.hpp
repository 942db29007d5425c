// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Runs schema steps: Database::migrate.
#include <string>
#include <vector>

#include "store/store.hpp"

namespace linli::store {

void migrate(Database& database, const std::vector<SchemaStep>& steps);
/// Steps that `migrate` would run on a database that has run some already ("record/002_x.sql");
/// none if it is empty.
std::vector<std::string> steps_missing(Database&, const std::vector<SchemaStep>&);

}  // namespace linli::store
