// SPDX-License-Identifier: Apache-2.0
/// Any bytes are either refused or become streets whose network fits together.
#include <cstdint>
#include <string_view>

#include "base/error.hpp"
#include "spatial/network_file.hpp"

using namespace linli::spatial;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const auto profile = read_profile(
        "name: f\nmetres_per_minute: 60\nways: {footway: 100}\nclosed: {access: [private]}\n"
        "barriers: [wall]\n"
    );
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    try {
        check_network(build_network(read_osm_xml(text, profile), profile));
    } catch (const linli::Refused&) {
    }
    return 0;
}
