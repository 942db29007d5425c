// SPDX-License-Identifier: Apache-2.0
#include "record/cursor.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace linli::record {

namespace {

constexpr std::size_t number_bytes = 8, seal_bytes = 16;

void put(std::string& out, std::int64_t n) {
    for (int shift = 56; shift >= 0; shift -= 8) {
        out += static_cast<char>(static_cast<std::uint64_t>(n) >> shift & 0xff);
    }
}

std::int64_t take(std::string_view bytes) {
    std::uint64_t n = 0;
    for (const char c : bytes.substr(0, number_bytes)) {
        n = n << 8 | static_cast<unsigned char>(c);
    }
    return static_cast<std::int64_t>(n);
}

}  // namespace

std::string write_cursor(const FieldCipher& cipher, const Cursor& cursor, const std::string& list) {
    std::string bytes;
    put(bytes, cursor.key);
    put(bytes, cursor.id);
    return to_base64url(bytes + cipher.blind(bytes, "cursor/" + list));
}

Cursor read_cursor(const FieldCipher& cipher, const std::string& text, const std::string& list) {
    std::string bytes;
    const bool shaped =
        from_base64url(text, bytes) && bytes.size() == 2 * number_bytes + seal_bytes;
    if (!shaped || !same_secret(
                       cipher.blind(bytes.substr(0, 2 * number_bytes), "cursor/" + list),
                       bytes.substr(2 * number_bytes)
                   )) {
        throw malformed(
            "cursor_invalid", "this cursor belongs to another list; begin again without one"
        );
    }
    return {take(bytes), take(std::string_view(bytes).substr(number_bytes))};
}

}  // namespace linli::record
