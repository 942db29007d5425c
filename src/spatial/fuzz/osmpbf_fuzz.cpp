// SPDX-License-Identifier: Apache-2.0
/// Any bytes are either refused or become streets whose network fits together. The bytes are one
/// block of data as well, so that what lies behind zlib is reached.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "spatial/network_file.hpp"

using namespace linli::spatial;

namespace {

const Profile& profile() {
    static const auto one = read_profile(
        "name: f\nmetres_per_minute: 60\nways: {footway: 100}\nclosed: {access: [private]}\n"
        "barriers: [wall]\n"
    );
    return one;
}

void read(std::string_view bytes) {
    try {
        const auto network = build_network(read_osm_pbf(bytes, profile()), profile());
        check_network(network);
    } catch (const linli::Refused&) {
    }
}

std::string blob(std::string_view type, std::string_view block) {
    std::string body = "\x0a";
    for (auto size = block.size();; size >>= 7) {
        body += static_cast<char>((size & 127) | (size > 127 ? 128 : 0));
        if (size <= 127) {
            break;
        }
    }
    body += block;
    std::string header = "\x0a";
    header += static_cast<char>(type.size());
    header += type;
    header += '\x18';
    for (auto size = body.size();; size >>= 7) {
        header += static_cast<char>((size & 127) | (size > 127 ? 128 : 0));
        if (size <= 127) {
            break;
        }
    }
    return std::string("\0\0\0", 3) + static_cast<char>(header.size()) + header + body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    read(text);
    read(blob("OSMHeader", "") + blob("OSMData", text));
    return 0;
}
