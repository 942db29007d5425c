// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The single readers behind read_document, apart so that each can be tested and fuzzed.
#include <map>
#include <memory>
#include <optional>

#include "office/table.hpp"

namespace linli::office {

/// A package (zip) whose parts are unpacked one by one, none further than the limit.
class Package {
 public:
    Package(std::string_view bytes, const Limits&);
    ~Package();
    /// Nothing if there is no such part.
    std::optional<std::string> part(const std::string& name) const;

 private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Counts what all tables of a document hold.
class Budget {
 public:
    explicit Budget(const Limits& limits) : m_limits(limits) {}
    const Limits& limits() const { return m_limits; }
    void add_text(std::size_t bytes);
    void add_table();

 private:
    Limits m_limits;
    std::size_t m_text = 0, m_tables = 0;
};

/// A table in the making: cells come in any order, rows bear the numbers that people see.
class Grid {
 public:
    explicit Grid(Budget& budget) : m_budget(budget) {}
    void put(std::size_t line, std::size_t column, std::string text);
    /// From a cell on; reaches no further than the table.
    void merge(std::size_t line, std::size_t column, std::size_t rows, std::size_t columns);
    /// Rows and columns at the edges that hold nothing are left out, and rows without any text.
    Table table(std::string name) &&;

 private:
    struct Merge {
        std::size_t line, column, rows, columns;
    };
    Budget& m_budget;
    std::map<std::size_t, std::map<std::size_t, std::string>> m_cells;
    std::vector<Merge> m_merges;
};

Document read_docx(const Package&, const Limits&);
Document docx_document(const std::string& xml, const Limits&);

/// What the number formats of a book make of a number.
enum class NumberLook { general, date, percent };
struct Book {
    std::vector<std::string> shared;
    std::vector<NumberLook> looks;  ///< by style
    bool from_1904 = false;
};
Document read_xlsx(const Package&, const Limits&);
std::vector<std::string> xlsx_shared(const std::string& xml, const Limits&);
std::vector<NumberLook> xlsx_looks(const std::string& xml);
/// Nothing if the sheet is empty.
std::optional<Table> xlsx_sheet(
    const std::string& xml, const Book& book, const std::string& name, Budget& budget
);

Document read_text(std::string_view text, const Limits&);

}  // namespace linli::office
