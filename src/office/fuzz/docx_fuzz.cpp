// SPDX-License-Identifier: Apache-2.0
/// Any XML is either refused or gives tables in which every cell is found.
#include <cstdint>
#include <cstdlib>

#include "base/error.hpp"
#include "office/parts.hpp"

using namespace linli::office;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    Document read;
    try {
        read = docx_document({reinterpret_cast<const char*>(bytes), size}, {});
    } catch (const linli::Refused&) {
        return 0;
    }
    for (const auto& table : read.tables) {
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            for (std::size_t column = 0; column < table.columns; ++column) {
                if (table.at(row, column).covered()) {
                    std::abort();
                }
            }
        }
    }
    return 0;
}
