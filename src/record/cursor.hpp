// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Keyset cursors: the last row's sort key and id, sealed for one caller and one list, so that a
/// foreign or altered cursor is refused (C17).
#include <string>

#include "base/crypto.hpp"

namespace linli::record {

struct Cursor {
    std::int64_t key = 0, id = 0;
};
/// `list` says what the cursor is for: caller, kind, filters, sort.
std::string write_cursor(const FieldCipher&, const Cursor&, const std::string& list);
Cursor read_cursor(
    const FieldCipher&, const std::string& text, const std::string& list
);  ///< throws cursor_invalid

}  // namespace linli::record
