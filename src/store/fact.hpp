// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Single facts about an installation, by name, that every process must agree on. Never a secret.
#include <optional>
#include <string>

#include "store/store.hpp"

namespace linli::store {

std::optional<std::string> fact(Tx&, const std::string& name);
void set_fact(Tx&, const std::string& name, const std::string& value);
/// Keeps the value unless the name has one; returns what is kept.
std::string first_fact(Tx&, const std::string& name, const std::string& value);

}  // namespace linli::store
