// SPDX-License-Identifier: Apache-2.0
/// Any bytes are either refused or are a network on which one can search.
#include <cstdint>
#include <string_view>

#include "base/error.hpp"
#include "spatial/network_file.hpp"
#include "spatial/search.hpp"

using namespace linli::spatial;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    try {
        const auto network = unpack_network_body(text);
        if (network.chain_count() > 0) {
            Search search(network);
            const Position source{0, network.chains[0].length, 0};
            search.run({&source, 1}, 900'000);
            std::vector<Ms> walks(network.points.size());
            search.points(walks);
        }
    } catch (const linli::Refused&) {
    }
    try {
        unpack_network(text);
    } catch (const linli::Refused&) {
    }
    return 0;
}
