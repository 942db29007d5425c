// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "app/testing.hpp"

namespace linli::app::testing {

/// What people see: versions, lineage in force, live grants, units, where records and their flow
/// rows stand.
std::string digest_of(TestApp&);

}  // namespace linli::app::testing
