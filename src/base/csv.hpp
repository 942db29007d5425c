// SPDX-License-Identifier: Apache-2.0
#pragma once
/// CSV (RFC 4180, UTF-8, optional BOM) read row by row from pieces (or with
/// another separator), and written formula-safe (C42).
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace linli {

struct CsvLimits {
    char separator = ',';
    std::size_t columns = 500;
    std::size_t cell_bytes = 1 << 16;
};

/// Feed pieces of any size; whole rows come out. Throws `malformed` naming the line.
class CsvReader {
 public:
    using Row = std::function<void(std::size_t line, std::vector<std::string>& cells)>;
    explicit CsvReader(Row row, CsvLimits limits = {});
    void feed(std::string_view piece);
    void finish();

 private:
    enum class State { bom, start, plain, quoted, quote, carriage_return };
    void end_bom();
    void take(char c);
    void add(char c);
    void unquoted(char c);
    void end_cell();
    void end_row();
    Row m_row;
    CsvLimits m_limits;
    std::vector<std::string> m_cells;
    std::string m_cell;
    State m_state = State::bom;
    std::size_t m_line = 1;        ///< of the next character
    std::size_t m_row_line = 1;    ///< in which the row began
    std::size_t m_quote_line = 1;  ///< in which the last quote was opened
    std::size_t m_bom_bytes = 0;
    bool m_quoted_row = false;  ///< a cell of this row is quoted, so the row is no blank line
};

/// Appends one cell or row; a text that a spreadsheet would take for a formula gets a leading
/// apostrophe, genuine numbers stay numbers.
void append_csv_cell(std::string& out, std::string_view cell);
void append_csv_row(std::string& out, const std::vector<std::string>& cells);
/// The opposite of the apostrophe above, for import.
std::string plain_csv_cell(std::string_view cell);

}  // namespace linli
