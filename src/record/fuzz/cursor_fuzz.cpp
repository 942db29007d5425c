// SPDX-License-Identifier: Apache-2.0
/// No bytes are taken for a cursor but one that was written for this very list.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "record/cursor.hpp"

using namespace linli;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const FieldCipher cipher(std::string(32, 'k'));
    static const auto written = record::write_cursor(cipher, {1'700'000'000'000, 42}, "list");
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    try {
        const auto cursor = record::read_cursor(cipher, text, "list");
        if (record::write_cursor(cipher, cursor, "list") != text) {
            std::abort();
        }
    } catch (const Refused& refused) {
        if (refused.code != "cursor_invalid") {
            std::abort();
        }
    }
    // One that was changed in a place is refused, and so is one of another list.
    auto changed = written;
    if (size >= 2) {
        changed[bytes[0] % changed.size()] = static_cast<char>(bytes[1]);
    }
    for (const auto& [cursor, list] : {std::pair(changed, "list"), std::pair(written, "other")}) {
        try {
            record::read_cursor(cipher, cursor, list);
            if (cursor != written || list != std::string("list")) {
                std::abort();
            }
        } catch (const Refused&) {
        }
    }
    return 0;
}
