// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The key of the sensitive fields.
#include <filesystem>
#include <string>

#include "store/store.hpp"

namespace linli::app {

/// <data>/keys/field.key, readable by the owner alone; made at the first start, from the system's
/// own random source whatever else is seeded. The database remembers which key its fields are
/// under: throws std::runtime_error if that one is lost or the file holds another.
std::string field_key(const std::filesystem::path& data, store::Database&);

}  // namespace linli::app
