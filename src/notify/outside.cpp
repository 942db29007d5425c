// SPDX-License-Identifier: Apache-2.0
#include "notify/outside.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace linli::notify {

namespace {

struct Block {
    std::uint32_t address;
    int bits;
};
/// RFC 6890 and its updates: what is not globally reachable.
constexpr std::array inside{Block{0x00000000, 8},  Block{0x0a000000, 8},  Block{0x64400000, 10},
                            Block{0x7f000000, 8},  Block{0xa9fe0000, 16}, Block{0xac100000, 12},
                            Block{0xc0000000, 24}, Block{0xc0000200, 24}, Block{0xc0586300, 24},
                            Block{0xc0a80000, 16}, Block{0xc6120000, 15}, Block{0xc6336400, 24},
                            Block{0xcb007100, 24}, Block{0xe0000000, 4},  Block{0xf0000000, 4}};

bool outside4(std::uint32_t address) {
    return std::none_of(inside.begin(), inside.end(), [&](const Block& block) {
        return ((address ^ block.address) >> (32 - block.bits)) == 0;
    });
}

std::uint32_t four(const std::uint8_t* bytes) {
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
           std::uint32_t{bytes[2]} << 8 | bytes[3];
}

bool outside6(const std::uint8_t* bytes) {
    constexpr std::array<std::uint8_t, 12> nat64{0, 0x64, 0xff, 0x9b};
    if (std::equal(nat64.begin(), nat64.end(), bytes)) {
        return outside4(four(bytes + 12));
    }
    if (bytes[0] == 0x20 && bytes[1] == 0x02) {  // 6to4
        return outside4(four(bytes + 2));
    }
    // Global unicast without 2001::/23 (Teredo and other protocols) and documentation; IPv4 in a
    // wrapping lies outside of it.
    const bool global = (bytes[0] & 0xe0) == 0x20;
    const bool special = bytes[0] == 0x20 && bytes[1] == 0x01 &&
                         (bytes[2] < 0x02 || (bytes[2] == 0x0d && bytes[3] == 0xb8));
    return global && !special;
}

}  // namespace

bool outside(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in four_bytes;
        std::memcpy(&four_bytes, &address, sizeof four_bytes);
        return outside4(ntohl(four_bytes.sin_addr.s_addr));
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 sixteen;
        std::memcpy(&sixteen, &address, sizeof sixteen);
        return outside6(sixteen.sin6_addr.s6_addr);
    }
    return false;
}

}  // namespace linli::notify
