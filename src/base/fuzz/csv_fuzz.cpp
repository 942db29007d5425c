// SPDX-License-Identifier: Apache-2.0
/// Any bytes in pieces of any size are either refused or give rows; rows are written and read again
/// the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv.hpp"
#include "base/error.hpp"

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows read(std::string_view text, std::size_t piece) {
    Rows rows;
    linli::CsvReader reader([&](std::size_t, auto& cells) { rows.push_back(cells); });
    for (std::size_t i = 0; i < text.size(); i += piece) {
        reader.feed(text.substr(i, piece));
    }
    reader.finish();
    return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view text(reinterpret_cast<const char*>(bytes + 1), size - 1);
    Rows rows;
    try {
        rows = read(text, 1 + bytes[0] % 16);
    } catch (const linli::Refused&) {
        return 0;
    }
    std::string written;
    for (const auto& row : rows) {
        linli::append_csv_row(written, row);
    }
    auto back = read(written, text.size() + 1);
    for (auto& row : back) {
        for (auto& cell : row) {
            cell = linli::plain_csv_cell(cell);
        }
    }
    if (back != rows) {
        std::abort();
    }
    return 0;
}
