// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A built network as one binary file with a checksum, so that starting needs no street file.
/// Numbers are little-endian; a file of another version is refused and built anew.
#include <filesystem>
#include <string>
#include <string_view>

#include "spatial/network.hpp"

namespace linli::spatial {

std::string pack_network(const Network&);
/// Throws `malformed` (network_file_broken, network_file_version): a byte changed, cut off, or
/// numbers that do not fit together.
Network unpack_network(std::string_view bytes);
/// What stands between the mark and the checksum; unpack_network has checked the latter.
Network unpack_network_body(std::string_view body);

/// The file appears whole or not at all.
void save_network(const std::filesystem::path&, const Network&);
Network load_network(const std::filesystem::path&);

/// Throws `malformed` unless every number of the network points into it.
void check_network(const Network&);

}  // namespace linli::spatial
