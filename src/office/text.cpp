// SPDX-License-Identifier: Apache-2.0
// Tables in plain text. Three forms: a row per line with cells between tabs, the same with commas
// (CSV), and what is left of a Word table that was saved as text: a cell begins with a tab at the
// start of a line, its further paragraphs have none, a blank line ends the row.
#include <algorithm>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "office/parts.hpp"

namespace linli::office {

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
    auto lines = split(text, '\n');
    for (auto& line : lines) {
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
    }
    return lines;
}

bool blank(std::string_view line) {
    return line.find_first_not_of(" \t") == std::string_view::npos;
}

/// A tab at its start and no other.
bool begins_cell(std::string_view line) {
    return line.starts_with('\t') && line.find('\t', 1) == std::string_view::npos;
}

class Cells {
 public:
    Cells(Document& document, Budget& budget) : m_document(document), m_budget(budget) {}

    void take(std::size_t number, std::string_view line) {
        if (begins_cell(line)) {
            if (m_ended) {
                end_row();
            }
            m_number = m_row.empty() ? number : m_number;
            m_row.emplace_back(line.substr(1));
        } else if (blank(line)) {
            m_ended = !m_row.empty();
        } else if (m_row.empty()) {
            heading(line);
        } else if (m_ended) {  // words between two tables
            end_table();
        } else {
            m_row.back() += "\n" + std::string(line);
        }
    }

    void end_table() {
        end_row();
        if (m_grid) {
            auto table = std::move(*m_grid).table("");
            if (!table.rows.empty()) {
                m_document.tables.push_back(std::move(table));
            }
            m_grid.reset();
        }
    }

 private:
    void heading(std::string_view line) {
        constexpr std::size_t lines_most = 30;
        if (m_document.tables.empty() && !m_grid && m_document.heading.size() < lines_most) {
            m_document.heading.push_back(tidy(line));
        }
    }

    void end_row() {
        if (m_row.empty()) {
            return;
        }
        if (!m_grid) {
            m_budget.add_table();
            m_grid.emplace(m_budget);
        }
        for (std::size_t i = 0; i < m_row.size(); ++i) {
            m_grid->put(m_number, i, tidy(m_row[i], true));
        }
        m_row.clear();
        m_ended = false;
    }

    Document& m_document;
    Budget& m_budget;
    std::optional<Grid> m_grid;
    std::vector<std::string> m_row;
    std::size_t m_number = 0;
    bool m_ended = false;
};

/// Lines before the first with a separator are the heading.
void read_separated(
    Document& document, Budget& budget, const std::vector<std::string_view>& lines, char separator
) {
    std::size_t first = 0;
    while (first < lines.size() && lines[first].find(separator) == std::string_view::npos) {
        if (const auto words = tidy(lines[first]); !words.empty()) {
            document.heading.push_back(words);
        }
        ++first;
    }
    budget.add_table();
    Grid grid(budget);
    CsvReader reader(
        [&](std::size_t line, std::vector<std::string>& cells) {
            for (std::size_t i = 0; i < cells.size(); ++i) {
                grid.put(first + line, i, tidy(plain_csv_cell(cells[i]), true));
            }
        },
        {.separator = separator}
    );
    for (auto i = first; i < lines.size(); ++i) {
        reader.feed(lines[i]);
        reader.feed("\n");
    }
    reader.finish();
    auto table = std::move(grid).table("");
    if (!table.rows.empty() && table.columns > 1) {
        document.tables.push_back(std::move(table));
    }
}

}  // namespace

Document read_text(std::string_view text, const Limits& limits) {
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    Document document;
    Budget budget(limits);
    const auto lines = lines_of(text);
    const auto count = [&](auto&& of) { return std::count_if(lines.begin(), lines.end(), of); };
    const auto cells = count(begins_cell);
    const auto tabs = count([](auto line) { return line.find('\t') != std::string_view::npos; });
    if (cells > 1 && cells * 2 > tabs) {
        Cells reader(document, budget);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            reader.take(i + 1, lines[i]);
        }
        reader.end_table();
    } else if (tabs > 0) {
        read_separated(document, budget, lines, '\t');
    } else {
        read_separated(document, budget, lines, ',');
    }
    return document;
}

}  // namespace linli::office
