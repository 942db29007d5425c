// SPDX-License-Identifier: Apache-2.0
// The smallest packages that Word, WPS, LibreOffice and Excel take without a question.
#include <zip.h>

#include <memory>
#include <stdexcept>

#include "office/table.hpp"

namespace linli::office {

namespace {

constexpr const char* declaration = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)";

using Parts = std::vector<std::pair<const char*, std::string>>;

/// All parts bear the same day, so that the same table makes the same file.
std::string package(const Parts& parts) {
    zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, nullptr);
    zip_t* zip = zip_open_from_source(buffer, ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    if (!zip) {
        zip_source_free(buffer);
        throw std::runtime_error("a package cannot be made");
    }
    zip_source_keep(buffer);
    const std::unique_ptr<zip_source_t, void (*)(zip_source_t*)> kept(buffer, zip_source_free);
    constexpr zip_uint16_t day = (46 << 9) | (1 << 5) | 1;  // 2026-01-01 in the way of zip files
    for (const auto& [name, text] : parts) {
        auto* source = zip_source_buffer(zip, text.data(), text.size(), 0);
        const auto at = zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8);
        if (at < 0 || zip_file_set_dostime(zip, static_cast<zip_uint64_t>(at), 0, day, 0) < 0) {
            zip_discard(zip);
            throw std::runtime_error("a package cannot be made");
        }
    }
    if (zip_close(zip) < 0) {
        zip_discard(zip);
        throw std::runtime_error("a package cannot be made");
    }
    zip_source_open(buffer);
    zip_source_seek(buffer, 0, SEEK_END);
    std::string bytes(static_cast<std::size_t>(zip_source_tell(buffer)), '\0');
    zip_source_seek(buffer, 0, SEEK_SET);
    zip_source_read(buffer, bytes.data(), bytes.size());
    zip_source_close(buffer);
    return bytes;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string relation(const char* id, const char* type, const char* target) {
    return std::string("<Relationship Id=\"") + id +
           "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/" + type +
           "\" Target=\"" + target + "\"/>";
}

std::string relations(const std::string& inside) {
    return std::string(declaration) +
           "<Relationships "
           "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" +
           inside + "</Relationships>";
}

std::string content_types(const std::string& overrides) {
    return std::string(declaration) +
           "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
           "<Default Extension=\"rels\" ContentType=\"application/"
           "vnd.openxmlformats-package.relationships+xml\"/>"
           "<Default Extension=\"xml\" ContentType=\"application/xml\"/>" +
           overrides + "</Types>";
}

std::string paragraphs(const std::string& text, const std::string& look, const char* run) {
    std::string out;
    std::size_t from = 0;
    while (from <= text.size()) {
        const auto to = std::min(text.find('\n', from), text.size());
        out += "<w:p>" + look + "<w:r>" + run + "<w:t xml:space=\"preserve\">" +
               escaped(std::string_view(text).substr(from, to - from)) + "</w:t></w:r></w:p>";
        from = to + 1;
    }
    return out;
}

constexpr const char* font =
    "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" "
    "w:eastAsia=\"仿宋_GB2312\"/>";

/// Columns share the width of a landscape page by the length of what they hold.
std::vector<std::size_t> widths(const Table& table, std::size_t whole) {
    std::vector<std::size_t> weight(table.columns, 8);
    std::size_t sum = 0;
    for (std::size_t column = 0; column < table.columns; ++column) {
        for (const auto& row : table.rows) {
            const auto length = row.cells[column].text.size();
            weight[column] = std::max(weight[column], std::min<std::size_t>(length, 90));
        }
        sum += weight[column];
    }
    for (auto& one : weight) {
        one = one * whole / std::max<std::size_t>(sum, 1);
    }
    return weight;
}

std::string docx_row(const Row& row, bool first, const std::vector<std::size_t>& width) {
    std::string out = first ? "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" : "<w:tr>";
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
        const auto& cell = row.cells[column];
        if (cell.left > 0) {
            continue;
        }
        std::size_t span = 1, wide = width[column];
        while (column + span < row.cells.size() &&
               row.cells[column + span].left == static_cast<int>(span)) {
            wide += width[column + span++];
        }
        out += "<w:tc><w:tcPr><w:tcW w:w=\"" + std::to_string(wide) + "\" w:type=\"dxa\"/>";
        out += span > 1 ? "<w:gridSpan w:val=\"" + std::to_string(span) + "\"/>" : "";
        out += cell.up > 0 ? "<w:vMerge/>" : cell.rows > 1 ? "<w:vMerge w:val=\"restart\"/>" : "";
        out += "<w:vAlign w:val=\"center\"/></w:tcPr>";
        const auto run = std::string("<w:rPr>") + font + (first ? "<w:b/>" : "") +
                         "<w:sz w:val=\"21\"/></w:rPr>";
        const char* look = first ? "<w:pPr><w:jc w:val=\"center\"/></w:pPr>" : "";
        out += paragraphs(cell.text, look, run.c_str()) + "</w:tc>";
    }
    return out + "</w:tr>";
}

std::string column_name(std::size_t column) {
    std::string name;
    for (++column; column > 0; column = (column - 1) / 26) {
        name.insert(name.begin(), static_cast<char>('A' + (column - 1) % 26));
    }
    return name;
}

std::string spot(std::size_t line, std::size_t column) {
    return column_name(column) + std::to_string(line);
}

std::string xlsx_cell(std::size_t line, std::size_t column, const std::string& text, int style) {
    return "<c r=\"" + spot(line, column) + "\" s=\"" + std::to_string(style) +
           "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">" + escaped(text) + "</t></is></c>";
}

constexpr const char* xlsx_styles =
    R"(<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">)"
    R"(<fonts count="2"><font><sz val="11"/><name val="宋体"/></font>)"
    R"(<font><b/><sz val="12"/><name val="宋体"/></font></fonts>)"
    R"(<fills count="2"><fill><patternFill patternType="none"/></fill>)"
    R"(<fill><patternFill patternType="gray125"/></fill></fills>)"
    R"(<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>)"
    R"(<border><left style="thin"/><right style="thin"/><top style="thin"/>)"
    R"(<bottom style="thin"/><diagonal/></border></borders>)"
    R"(<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/>)"
    R"(<xf fontId="0" borderId="1" xfId="0" applyBorder="1" applyAlignment="1">)"
    R"(<alignment vertical="center" wrapText="1"/></xf>)"
    R"(<xf fontId="1" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">)"
    R"(<alignment horizontal="center" vertical="center" wrapText="1"/></xf></cellXfs></styleSheet>)";

std::string xlsx_sheet_xml(const std::vector<std::string>& heading, const Table& table) {
    std::string rows, merges;
    std::size_t line = 0, count = 0;
    const auto merge = [&](std::size_t at, std::size_t column, int down, int right) {
        if (down > 1 || right > 1) {
            ++count;
            merges += "<mergeCell ref=\"" + spot(at, column) + ":" +
                      spot(
                          at + static_cast<std::size_t>(down) - 1,
                          column + static_cast<std::size_t>(right) - 1
                      ) +
                      "\"/>";
        }
    };
    for (const auto& words : heading) {
        ++line;
        rows +=
            "<row r=\"" + std::to_string(line) + "\">" + xlsx_cell(line, 0, words, 0) + "</row>";
        merge(line, 0, 1, static_cast<int>(table.columns));
    }
    bool first = true;
    for (const auto& row : table.rows) {
        rows += "<row r=\"" + std::to_string(++line) + "\">";
        for (std::size_t column = 0; column < row.cells.size(); ++column) {
            const auto& cell = row.cells[column];
            rows += xlsx_cell(line, column, cell.text, first ? 2 : 1);
            if (!cell.covered()) {
                merge(line, column, cell.rows, cell.columns);
            }
        }
        rows += "</row>";
        first = false;
    }
    std::string columns;
    const auto width = widths(table, 140);
    for (std::size_t i = 0; i < width.size(); ++i) {
        const auto at = std::to_string(i + 1);
        columns += "<col min=\"" + at + "\" max=\"" + at + "\" width=\"" +
                   std::to_string(width[i] + 4) + "\" customWidth=\"1\"/>";
    }
    return std::string(declaration) +
           "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cols>" +
           columns + "</cols><sheetData>" + rows + "</sheetData>" +
           (count > 0
                ? "<mergeCells count=\"" + std::to_string(count) + "\">" + merges + "</mergeCells>"
                : "") +
           "</worksheet>";
}

}  // namespace

std::string write_docx(const std::vector<std::string>& heading, const Table& table) {
    const auto width = widths(table, 14500);
    std::string body;
    for (const auto& words : heading) {
        body += paragraphs(
            words, "<w:pPr><w:jc w:val=\"center\"/></w:pPr>",
            "<w:rPr><w:b/><w:sz w:val=\"32\"/></w:rPr>"
        );
    }
    body +=
        "<w:tbl><w:tblPr><w:tblW w:w=\"14500\" w:type=\"dxa\"/><w:tblBorders>"
        "<w:top w:val=\"single\" w:sz=\"4\"/><w:left w:val=\"single\" w:sz=\"4\"/>"
        "<w:bottom w:val=\"single\" w:sz=\"4\"/><w:right w:val=\"single\" w:sz=\"4\"/>"
        "<w:insideH w:val=\"single\" w:sz=\"4\"/><w:insideV w:val=\"single\" w:sz=\"4\"/>"
        "</w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>";
    for (const auto one : width) {
        body += "<w:gridCol w:w=\"" + std::to_string(one) + "\"/>";
    }
    body += "</w:tblGrid>";
    bool first = true;
    for (const auto& row : table.rows) {
        body += docx_row(row, first, width);
        first = false;
    }
    body +=
        "</w:tbl><w:p/><w:sectPr><w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>"
        "<w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" "
        "w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/></w:sectPr>";
    return package(
        {{"[Content_Types].xml",
          content_types("<Override PartName=\"/word/document.xml\" ContentType=\"application/"
                        "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>"
          )},
         {"_rels/.rels", relations(relation("rId1", "officeDocument", "word/document.xml"))},
         {"word/document.xml",
          std::string(declaration) +
              "<w:document "
              "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
              "<w:body>" +
              body + "</w:body></w:document>"}}
    );
}

std::string write_xlsx(const std::vector<std::string>& heading, const Table& table) {
    const std::string type =
        "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.";
    return package(
        {{"[Content_Types].xml",
          content_types(
              "<Override PartName=\"/xl/workbook.xml\" " + type + "sheet.main+xml\"/>" +
              "<Override PartName=\"/xl/worksheets/sheet1.xml\" " + type + "worksheet+xml\"/>" +
              "<Override PartName=\"/xl/styles.xml\" " + type + "styles+xml\"/>"
          )},
         {"_rels/.rels", relations(relation("rId1", "officeDocument", "xl/workbook.xml"))},
         {"xl/_rels/workbook.xml.rels", relations(
                                            relation("rId1", "worksheet", "worksheets/sheet1.xml") +
                                            relation("rId2", "styles", "styles.xml")
                                        )},
         {"xl/workbook.xml",
          std::string(declaration) +
              "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
              "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"
              "<sheets><sheet name=\"工作台账\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"},
         {"xl/styles.xml", std::string(declaration) + xlsx_styles},
         {"xl/worksheets/sheet1.xml", xlsx_sheet_xml(heading, table)}}
    );
}

}  // namespace linli::office
