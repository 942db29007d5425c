// SPDX-License-Identifier: Apache-2.0
/// Any XML is either refused or gives a sheet in which every cell is found.
#include <cstdint>
#include <cstdlib>

#include "base/error.hpp"
#include "office/parts.hpp"

using namespace linli::office;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string xml(reinterpret_cast<const char*>(bytes), size);
    try {
        Book book;
        book.shared = xlsx_shared(xml, {});
        book.looks = xlsx_looks(xml);
        Budget budget{Limits{}};
        const auto table = xlsx_sheet(xml, book, "", budget);
        for (std::size_t row = 0; table && row < table->rows.size(); ++row) {
            for (std::size_t column = 0; column < table->columns; ++column) {
                if (table->at(row, column).covered()) {
                    std::abort();
                }
            }
        }
    } catch (const linli::Refused&) {
    }
    return 0;
}
