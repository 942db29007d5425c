// SPDX-License-Identifier: Apache-2.0
// Sheets of SpreadsheetML: shared and inline strings, merged cells, dates by their number format.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "base/text.hpp"
#include "base/time.hpp"
#include "office/parts.hpp"
#include "office/xml.hpp"

namespace linli::office {

namespace {

using pugi::xml_node;

constexpr std::size_t last_line = 1048576;  ///< of any sheet
constexpr std::size_t styles_most = 70000;

std::size_t number(std::string_view text, std::size_t fallback) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? value : fallback;
}

struct Spot {
    std::size_t line, column;
};
/// "B3": line 3, column 1.
std::optional<Spot> spot_of(std::string_view text) {
    std::size_t column = 0, i = 0;
    while (i < text.size() && text[i] >= 'A' && text[i] <= 'Z' && i < 4) {
        column = column * 26 + static_cast<std::size_t>(text[i++] - 'A' + 1);
    }
    const auto line = number(text.substr(i), 0);
    if (column == 0 || line == 0 || line > last_line) {
        return std::nullopt;
    }
    return Spot{line, column - 1};
}

/// Runs of rich text one after the other; readings (phonetic) are left out.
std::string words_of(xml_node item) {
    std::string words;
    for (const auto part : item) {
        const auto name = local(part.name());
        if (name == "t") {
            words += part.child_value();
        } else if (name == "r") {
            words += child(part, "t").child_value();
        }
    }
    return words;
}

NumberLook builtin_look(std::size_t format) {
    const bool date = (format >= 14 && format <= 17) || format == 22 ||
                      (format >= 27 && format <= 36) || (format >= 50 && format <= 58);
    return date                          ? NumberLook::date
           : format == 9 || format == 10 ? NumberLook::percent
                                         : NumberLook::general;
}

NumberLook look_of(std::string_view code) {
    bool quoted = false, bracket = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const char c = code[i];
        if (c == '\\') {
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == '[' || c == ']') {
            bracket = c == '[';
        } else if (!quoted && !bracket && (c == 'y' || c == 'Y' || c == 'd' || c == 'D')) {
            return NumberLook::date;
        } else if (!quoted && !bracket && c == '%') {
            return NumberLook::percent;
        }
    }
    return NumberLook::general;
}

std::string plain(double value) {
    char text[64];
    const auto size = std::snprintf(text, sizeof text, "%.15g", value);
    return {text, static_cast<std::size_t>(size)};
}

std::string number_text(const std::string& raw, NumberLook look, bool from_1904) {
    double value = 0;
    const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
    if (error != std::errc() || end != raw.data() + raw.size() || !std::isfinite(value)) {
        return raw;
    }
    constexpr double days_most = 2958465;  // 9999-12-31
    if (look == NumberLook::date && value >= 61 && value <= days_most) {
        const auto zero =
            date_of(from_1904 ? YearMonthDay{1904, 1, 1} : YearMonthDay{1899, 12, 30});
        return to_text(zero + static_cast<std::int32_t>(value));
    }
    return look == NumberLook::percent ? plain(value * 100) + "%" : plain(value);
}

class SheetReader {
 public:
    SheetReader(const Book& book, Budget& budget) : m_book(book), m_grid(budget) {}

    void row(xml_node node) {
        m_line = number(attribute(node, "r"), m_line + 1);
        std::size_t column = 0;
        for (const auto one : node) {
            if (local(one.name()) == "c") {
                const auto spot = spot_of(attribute(one, "r"));
                column = spot ? spot->column : column;
                m_grid.put(m_line, column, tidy(text(one), true));
                ++column;
            }
        }
    }

    void merge(xml_node node) {
        const auto range = attribute(node, "ref");
        const auto colon = range.find(':');
        const auto from = spot_of(range.substr(0, colon));
        const auto to = colon == std::string_view::npos ? from : spot_of(range.substr(colon + 1));
        if (from && to && to->line >= from->line && to->column >= from->column) {
            m_grid.merge(
                from->line, from->column, to->line - from->line + 1, to->column - from->column + 1
            );
        }
    }

    Table table(const std::string& name) && { return std::move(m_grid).table(name); }

 private:
    std::string text(xml_node cell) const {
        const auto type = attribute(cell, "t");
        if (type == "inlineStr") {
            return words_of(child(cell, "is"));
        }
        const std::string raw = child(cell, "v").child_value();
        if (type == "s") {
            const auto at = number(raw, m_book.shared.size());
            return at < m_book.shared.size() ? m_book.shared[at] : "";
        }
        if (type == "b") {
            return raw == "1" ? "是" : "否";
        }
        if (!type.empty() && type != "n") {
            return raw;
        }
        const auto style = number(attribute(cell, "s"), m_book.looks.size());
        const auto look = style < m_book.looks.size() ? m_book.looks[style] : NumberLook::general;
        return number_text(raw, look, m_book.from_1904);
    }

    const Book& m_book;
    Grid m_grid;
    std::size_t m_line = 0;
};

/// Where a relation of the book points to, below xl/.
std::map<std::string, std::string> targets(const Package& package) {
    std::map<std::string, std::string> by_id;
    pugi::xml_document document;
    load(
        document, package.part("xl/_rels/workbook.xml.rels").value_or("<r/>"), "workbook.xml.rels"
    );
    for (const auto one : document.document_element()) {
        const std::string target(attribute(one, "Target"));
        by_id[std::string(attribute(one, "Id"))] =
            target.starts_with('/') ? target.substr(1) : "xl/" + target;
    }
    return by_id;
}

Book read_book(const Package& package, const Limits& limits) {
    Book book;
    if (const auto shared = package.part("xl/sharedStrings.xml")) {
        book.shared = xlsx_shared(*shared, limits);
    }
    if (const auto styles = package.part("xl/styles.xml")) {
        book.looks = xlsx_looks(*styles);
    }
    return book;
}

}  // namespace

std::vector<std::string> xlsx_shared(const std::string& xml, const Limits&) {
    pugi::xml_document document;
    load(document, xml, "sharedStrings.xml");
    std::vector<std::string> all;
    for (const auto item : document.document_element()) {
        if (local(item.name()) == "si") {
            all.push_back(words_of(item));
        }
    }
    return all;
}

std::vector<NumberLook> xlsx_looks(const std::string& xml) {
    pugi::xml_document document;
    load(document, xml, "styles.xml");
    const auto root = document.document_element();
    std::map<std::size_t, NumberLook> own;
    for (const auto one : child(root, "numFmts")) {
        own[number(attribute(one, "numFmtId"), 0)] = look_of(attribute(one, "formatCode"));
    }
    std::vector<NumberLook> looks;
    for (const auto one : child(root, "cellXfs")) {
        const auto format = number(attribute(one, "numFmtId"), 0);
        const auto known = own.find(format);
        looks.push_back(known != own.end() ? known->second : builtin_look(format));
        if (looks.size() >= styles_most) {
            break;
        }
    }
    return looks;
}

std::optional<Table> xlsx_sheet(
    const std::string& xml, const Book& book, const std::string& name, Budget& budget
) {
    pugi::xml_document document;
    load(document, xml, name.c_str());
    budget.add_table();
    SheetReader reader(book, budget);
    const auto root = document.document_element();
    for (const auto row : child(root, "sheetData")) {
        if (local(row.name()) == "row") {
            reader.row(row);
        }
    }
    for (const auto merge : child(root, "mergeCells")) {
        reader.merge(merge);
    }
    auto table = std::move(reader).table(name);
    return table.rows.empty() ? std::nullopt : std::optional(std::move(table));
}

Document read_xlsx(const Package& package, const Limits& limits) {
    Document document;
    document.format = Format::xlsx;
    Budget budget(limits);
    auto book = read_book(package, limits);
    const auto target = targets(package);
    pugi::xml_document workbook;
    load(workbook, package.part("xl/workbook.xml").value_or(""), "workbook.xml");
    const auto root = workbook.document_element();
    const auto dates = attribute(child(root, "workbookPr"), "date1904");
    book.from_1904 = dates == "1" || dates == "true";
    std::size_t unpacked = 0;
    for (const auto sheet : child(root, "sheets")) {
        const auto hidden = attribute(sheet, "state");
        std::string relation;
        for (const auto one : sheet.attributes()) {
            relation = std::string_view(one.name()).ends_with(":id") ? one.value() : relation;
        }
        const auto found = target.find(relation);
        const auto xml = hidden.empty() || hidden == "visible"
                             ? package.part(found == target.end() ? "" : found->second)
                             : std::nullopt;
        if (!xml) {
            continue;
        }
        if ((unpacked += xml->size()) > 2 * limits.part_bytes) {
            throw too_large("document_too_large", "the sheets are too large when unpacked");
        }
        if (auto table = xlsx_sheet(*xml, book, std::string(attribute(sheet, "name")), budget)) {
            document.tables.push_back(std::move(*table));
        }
    }
    return document;
}

}  // namespace linli::office
