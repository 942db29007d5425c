// SPDX-License-Identifier: Apache-2.0
#pragma once
/// From a request target as sent to decoded path and query. Refuses what could mean two things
/// (C41).
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linli::http {

struct Target {
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;
};

/// Origin form ("/a?b=c") or absolute form ("http://host/a"). Throws 400 `target_malformed`: bad
/// escapes, encoded or plain NUL, backslash, encoded slash, "." and ".." segments, control
/// characters, no UTF-8; more than 200 query parameters.
Target parse_target(std::string_view);

/// True if `accept` (Accept-Encoding) takes `coding` with a weight above 0.
bool accepts(std::string_view accept, std::string_view coding);

std::string lower_case(std::string_view);                ///< ASCII alone
std::string_view trimmed(std::string_view);              ///< blanks and tabs at both ends
bool same_word(std::string_view a, std::string_view b);  ///< ASCII, without case

/// An address of this machine.
bool loopback(std::string_view address);

}  // namespace linli::http
