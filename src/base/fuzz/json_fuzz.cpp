// SPDX-License-Identifier: Apache-2.0
/// Any bytes are either refused or read; what was read is written and read again the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    linli::Value value;
    try {
        value = linli::parse_json(text, {.bytes = 1 << 16, .depth = 16, .members = 100});
    } catch (const linli::Refused& refused) {
        if (!linli::valid_utf8(refused.detail)) {
            std::abort();
        }
        return 0;
    }
    if (linli::parse_json(linli::to_json(value)) != value ||
        linli::parse_json(linli::to_json_pretty(value)) != value) {
        std::abort();
    }
    return 0;
}
