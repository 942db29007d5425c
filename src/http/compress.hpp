// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Compression: cheap for answers made on the fly, thorough for files that are compressed once.
#include <string>
#include <string_view>

#include "http/call.hpp"

namespace linli::http {

std::string gzip(std::string_view bytes, int level);      ///< 1 to 9
std::string brotli(std::string_view bytes, int quality);  ///< 0 to 11

/// Compresses a JSON answer above 1 KB if the client takes it.
void compress(const Request&, Answer&);

}  // namespace linli::http
