// SPDX-License-Identifier: Apache-2.0
#pragma once
/// One line of JSON an event on standard error: time, level, event, members. Never a secret or personal value (C69).
#include <string_view>

#include "base/value.hpp"

namespace linli::log {

enum class Level { debug, info, warning, error };
void set_level(Level);
void write(Level, std::string_view event, const Value& members = {});
inline void info(std::string_view event, const Value& members = {}) { write(Level::info, event, members); }
inline void warning(std::string_view event, const Value& members = {}) { write(Level::warning, event, members); }
inline void error(std::string_view event, const Value& members = {}) { write(Level::error, event, members); }

}  // namespace linli::log
