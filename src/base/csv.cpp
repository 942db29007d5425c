// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace linli {
namespace {

constexpr std::string_view bom = "\xEF\xBB\xBF";

Refused wrong(std::string code, const std::string& what, std::size_t line) {
    return malformed(std::move(code), "line " + std::to_string(line) + ": " + what);
}

bool digit(char c) {
    return c >= '0' && c <= '9';
}

/// -12 or -12.5: what a spreadsheet reads as a number, not as a formula.
bool plain_number(std::string_view text) {
    if (text.starts_with('-')) {
        text.remove_prefix(1);
    }
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    const auto part = point == std::string_view::npos ? "0" : text.substr(point + 1);
    return !whole.empty() && !part.empty() && std::all_of(whole.begin(), whole.end(), digit) &&
           std::all_of(part.begin(), part.end(), digit);
}

bool starts_formula(std::string_view text) {
    constexpr std::string_view full_width[] = {"＝", "＋", "－", "＠"};
    if (!text.empty() &&
        std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos) {
        return true;
    }
    return std::any_of(std::begin(full_width), std::end(full_width), [&](auto sign) {
        return text.starts_with(sign);
    });
}

/// Also true for a formula behind apostrophes, so that taking one apostrophe away gives back what
/// was written.
bool wants_apostrophe(std::string_view cell) {
    const auto first = std::min(cell.find_first_not_of('\''), cell.size());
    return starts_formula(cell.substr(first)) && (first > 0 || !plain_number(cell));
}

}  // namespace

CsvReader::CsvReader(Row row, CsvLimits limits) : m_row(std::move(row)), m_limits(limits) {}

void CsvReader::feed(std::string_view piece) {
    for (const char c : piece) {
        if (m_state == State::bom) {
            if (c == bom[m_bom_bytes]) {
                if (++m_bom_bytes == bom.size()) {
                    m_state = State::start;
                }
                continue;
            }
            end_bom();
        }
        take(c);
    }
}

/// What began like a byte order mark and is none belongs to the first cell: "（" begins with the
/// same byte.
void CsvReader::end_bom() {
    m_state = State::start;
    for (const char c : bom.substr(0, m_bom_bytes)) {
        take(c);
    }
}

void CsvReader::take(char c) {
    if (m_state == State::carriage_return) {
        m_state = State::start;
        if (c == '\n') {
            ++m_line;
            m_row_line = m_line;
            return;
        }
        throw wrong("csv_malformed", "a carriage return without a line feed", m_line);
    }
    if (m_state == State::quoted) {
        if (c == '"') {
            m_state = State::quote;
            return;
        }
        if (c == '\n') {
            ++m_line;
        }
        add(c);
        return;
    }
    if (c == '"') {
        if (m_state == State::plain) {
            throw wrong(
                "csv_malformed", "a quote inside a cell that does not begin with one; double it",
                m_line
            );
        }
        if (m_state == State::quote) {
            add(c);
        } else {
            m_quote_line = m_line;
            m_quoted_row = true;
        }
        m_state = State::quoted;
        return;
    }
    unquoted(c);
}

void CsvReader::unquoted(char c) {
    if (c == m_limits.separator) {
        end_cell();
        m_state = State::start;
        // A cell must follow the separator, so the row is not over.
        return;
    }
    if (c == '\n' || c == '\r') {
        end_row();
        m_state = c == '\r' ? State::carriage_return : State::start;
        if (c == '\n') {
            ++m_line;
            m_row_line = m_line;
        }
        return;
    }
    if (m_state == State::quote) {
        throw wrong(
            "csv_malformed", "text after a closing quote; a separator must follow it", m_line
        );
    }
    m_state = State::plain;
    add(c);
}

void CsvReader::add(char c) {
    if (c == '\0') {
        throw wrong("csv_not_utf8", "the file is not UTF-8; save it as \"CSV UTF-8\"", m_line);
    }
    if (m_cell.size() >= m_limits.cell_bytes) {
        throw wrong(
            "csv_cell_too_long",
            "a cell may have at most " + std::to_string(m_limits.cell_bytes) + " bytes", m_line
        );
    }
    m_cell += c;
}

void CsvReader::end_cell() {
    if (m_cells.size() >= m_limits.columns) {
        throw wrong(
            "csv_too_many_columns",
            "a row may have at most " + std::to_string(m_limits.columns) + " columns", m_row_line
        );
    }
    if (!valid_utf8(m_cell)) {
        throw wrong("csv_not_utf8", "the file is not UTF-8; save it as \"CSV UTF-8\"", m_row_line);
    }
    m_cells.push_back(std::move(m_cell));
    m_cell.clear();
}

void CsvReader::end_row() {
    const bool blank = m_cells.empty() && m_cell.empty() && !m_quoted_row;
    if (!blank) {
        end_cell();
        m_row(m_row_line, m_cells);
    }
    m_cells.clear();
    m_quoted_row = false;
}

void CsvReader::finish() {
    if (m_state == State::quoted) {
        throw wrong("csv_malformed", "the quote opened in this line is never closed", m_quote_line);
    }
    if (m_state == State::bom) {
        end_bom();
    }
    end_row();
    m_state = State::start;
}

void append_csv_cell(std::string& out, std::string_view cell) {
    std::string safe;
    if (wants_apostrophe(cell)) {
        safe = "'";
        safe += cell;
        cell = safe;
    }
    const bool blank_end = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ');
    if (!blank_end && !cell.starts_with(bom) &&
        cell.find_first_of(",;\t\r\n\"") == std::string_view::npos) {
        out += cell;
        return;
    }
    out += '"';
    for (const char c : cell) {
        if (c == '"') {
            out += '"';
        }
        out += c;
    }
    out += '"';
}

void append_csv_row(std::string& out, const std::vector<std::string>& cells) {
    if (cells.size() == 1 && cells.front().empty()) {
        out += "\"\"";  // else it would be a blank line
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i) {
            out += ',';
        }
        append_csv_cell(out, cells[i]);
    }
    out += "\r\n";
}

std::string plain_csv_cell(std::string_view cell) {
    if (cell.starts_with('\'') && wants_apostrophe(cell.substr(1))) {
        cell.remove_prefix(1);
    }
    return std::string(cell);
}

}  // namespace linli
