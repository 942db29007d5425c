// SPDX-License-Identifier: Apache-2.0
#pragma once
/// One line of JSON an event on standard error: time, level, event, members. Never a secret or
/// personal value (C69).
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "base/value.hpp"

namespace linli::log {

enum class Level { debug, info, warning, error };
void set_level(Level);  ///< what is less is not written; info at first
/// Members named password, token, secret, cookie or authorization (also `new_password`) are written
/// as "***".
void write(Level, std::string_view event, const Value& members = {});
/// The line that `write` writes, without its end.
std::string line(Level, Instant at, std::string_view event, const Value& members);
inline void info(std::string_view event, const Value& members = {}) {
    write(Level::info, event, members);
}
inline void warning(std::string_view event, const Value& members = {}) {
    write(Level::warning, event, members);
}
inline void error(std::string_view event, const Value& members = {}) {
    write(Level::error, event, members);
}

}  // namespace linli::log
