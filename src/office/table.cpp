// SPDX-License-Identifier: Apache-2.0
#include "office/table.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "office/parts.hpp"

namespace linli::office {

const Cell& Table::at(std::size_t row, std::size_t column) const {
    const auto& cell = rows.at(row).cells.at(column);
    return rows.at(row - static_cast<std::size_t>(cell.up))
        .cells.at(column - static_cast<std::size_t>(cell.left));
}

void Budget::add_text(std::size_t bytes) {
    if (bytes > m_limits.cell_bytes) {
        throw too_large(
            "table_too_large",
            "a cell holds more than " + std::to_string(m_limits.cell_bytes / 1024) + " KB of text"
        );
    }
    m_text += bytes;
    if (m_text > m_limits.text_bytes) {
        throw too_large(
            "table_too_large",
            "the tables hold more than " + std::to_string(m_limits.text_bytes >> 20) + " MB of text"
        );
    }
}

void Budget::add_table() {
    if (++m_tables > m_limits.tables) {
        throw too_large(
            "table_too_large", "more than " + std::to_string(m_limits.tables) + " tables"
        );
    }
}

void Grid::put(std::size_t line, std::size_t column, std::string text) {
    const auto& limits = m_budget.limits();
    auto& row = m_cells[line];
    if (m_cells.size() > limits.rows) {
        throw too_large(
            "table_too_large", "more than " + std::to_string(limits.rows) + " rows; split the table"
        );
    }
    if (text.empty()) {
        return;
    }
    if (column >= limits.columns) {
        throw too_large(
            "table_too_large", "row " + std::to_string(line) + ": more than " +
                                   std::to_string(limits.columns) + " columns"
        );
    }
    m_budget.add_text(text.size());
    row[column] = std::move(text);
}

void Grid::merge(std::size_t line, std::size_t column, std::size_t rows, std::size_t columns) {
    const auto& limits = m_budget.limits();
    if (m_merges.size() >= limits.rows * limits.columns) {
        throw too_large("table_too_large", "too many merged cells");
    }
    if (column < limits.columns && (rows > 1 || columns > 1)) {
        m_merges.push_back({line, column, rows, columns});
    }
}

Table Grid::table(std::string name) && {
    Table table;
    table.name = std::move(name);
    std::erase_if(m_cells, [](const auto& row) { return row.second.empty(); });
    for (const auto& [line, cells] : m_cells) {
        table.columns = std::max(table.columns, cells.rbegin()->first + 1);
    }
    for (auto& [line, cells] : m_cells) {
        auto& row = table.rows.emplace_back();
        row.line = line;
        row.cells.resize(table.columns);
        for (auto& [column, text] : cells) {
            row.cells[column].text = std::move(text);
        }
    }
    const auto at_line = [](const Row& row, std::size_t line) { return row.line < line; };
    const auto row_of = [&](std::size_t line) {
        return static_cast<std::size_t>(
            std::lower_bound(table.rows.begin(), table.rows.end(), line, at_line) -
            table.rows.begin()
        );
    };
    for (const auto& merge : m_merges) {
        const auto first = row_of(merge.line);
        const bool starts = first < table.rows.size() && table.rows[first].line == merge.line;
        const auto last = row_of(merge.line + std::min(merge.rows, m_budget.limits().rows * 1000));
        const auto end = std::min(merge.column + merge.columns, table.columns);
        const auto covered = [&](std::size_t row, std::size_t column) {
            const auto& cell = table.rows[row].cells[column];
            return cell.covered() || cell.rows > 1 || cell.columns > 1;
        };
        bool overlaps = !starts || merge.column >= table.columns;
        for (auto row = first; row < last && !overlaps; ++row) {
            for (auto column = merge.column; column < end && !overlaps; ++column) {
                overlaps = covered(row, column);
            }
        }
        if (overlaps) {
            continue;  // a broken file: the cells stand for themselves
        }
        auto& origin = table.rows[first].cells[merge.column];
        origin.rows = static_cast<int>(last - first);
        origin.columns = static_cast<int>(end - merge.column);
        for (auto row = first; row < last; ++row) {
            for (auto column = merge.column; column < end; ++column) {
                auto& cell = table.rows[row].cells[column];
                cell.up = static_cast<int>(row - first);
                cell.left = static_cast<int>(column - merge.column);
                if (cell.covered()) {
                    cell.text.clear();
                }
            }
        }
    }
    return table;
}

Document read_document(std::string_view bytes, const Limits& limits) {
    if (bytes.size() > limits.file_bytes) {
        throw too_large(
            "document_too_large",
            "the file is larger than " + std::to_string(limits.file_bytes >> 20) + " MB"
        );
    }
    if (bytes.starts_with("\xD0\xCF\x11\xE0")) {
        throw malformed(
            "document_old_format",
            "this is an old .doc or .xls file, or one with a password: save it as .docx or .xlsx"
        );
    }
    if (bytes.starts_with("%PDF") || bytes.starts_with("{\\rtf")) {
        throw malformed(
            "document_kind_unknown",
            "bring the table as .docx, .xlsx, CSV or text, not as PDF or RTF"
        );
    }
    Document document;
    if (bytes.starts_with("PK")) {
        const Package package(bytes, limits);
        if (package.part("word/document.xml")) {
            document = read_docx(package, limits);
        } else if (package.part("xl/workbook.xml")) {
            document = read_xlsx(package, limits);
        } else {
            throw malformed(
                "document_kind_unknown", "the file is a package, but neither of Word nor of Excel"
            );
        }
    } else {
        const auto text =
            valid_utf8(bytes) ? std::optional(std::string(bytes)) : from_gb18030(bytes);
        if (!text) {
            throw malformed(
                "document_kind_unknown",
                "bring the table as .docx, .xlsx, CSV or text (UTF-8, GB18030)"
            );
        }
        document = read_text(*text, limits);
    }
    if (document.tables.empty()) {
        throw malformed("document_without_table", "there is no table in this file");
    }
    return document;
}

}  // namespace linli::office
