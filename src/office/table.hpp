// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Tables as offices hand them over: Word (.docx), Excel (.xlsx), CSV, TSV, and the text that is
/// left of a Word table. Whatever is read comes from strangers: every size has a limit.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace linli::office {

/// Of a merged cell the first bears the text and how far it reaches; the others say where it is.
struct Cell {
    std::string text;  ///< tidy; paragraphs are separated by line feeds
    int rows = 1, columns = 1;
    int up = 0, left = 0;
    bool covered() const { return up > 0 || left > 0; }
    bool operator==(const Cell&) const = default;
};
struct Row {
    std::size_t line = 0;  ///< as people count: row of the sheet or of the table, line of the text
    std::vector<Cell> cells;
    bool operator==(const Row&) const = default;
};
/// Every row has `columns` cells.
struct Table {
    std::string name;  ///< of the sheet
    std::size_t columns = 0;
    std::vector<Row> rows;
    /// The cell itself, or the merged one that covers it.
    const Cell& at(std::size_t row, std::size_t column) const;
    bool operator==(const Table&) const = default;
};
enum class Format { docx, xlsx, text };
struct Document {
    Format format = Format::text;
    std::vector<std::string> heading;  ///< what stands before the first table
    std::vector<Table> tables;         ///< at least one
};

struct Limits {
    std::size_t file_bytes = 10 << 20;
    std::size_t parts = 4000;           ///< of a package
    std::size_t part_bytes = 12 << 20;  ///< unpacked
    std::size_t text_bytes = 8 << 20;   ///< of all cells
    std::size_t cell_bytes = 1 << 16;
    std::size_t tables = 100;
    std::size_t rows = 5000;
    std::size_t columns = 64;
};

/// Tells the format by the content. Throws malformed (document_...) for what has no table or cannot
/// be read, too_large beyond a limit.
Document read_document(std::string_view bytes, const Limits& limits = {});

/// The same table as Word and Excel would save it, merged cells too.
std::string write_docx(const std::vector<std::string>& heading, const Table&);
std::string write_xlsx(const std::vector<std::string>& heading, const Table&);

}  // namespace linli::office
