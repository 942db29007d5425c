// SPDX-License-Identifier: Apache-2.0
/// Any bytes - a package, a text in one of its forms - are either refused or give a table.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "office/table.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    try {
        const std::string_view text(reinterpret_cast<const char*>(bytes), size);
        if (linli::office::read_document(text).tables.empty()) {
            std::abort();
        }
    } catch (const linli::Refused&) {
    }
    return 0;
}
