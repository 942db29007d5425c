// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <zip.h>

#include "base/error.hpp"
#include "office/parts.hpp"
#include "office/table.hpp"

using namespace linli;
using namespace linli::office;

namespace {

std::string refusal(std::string_view bytes, const Limits& limits = {}) {
    try {
        read_document(bytes, limits);
    } catch (const Refused& refused) {
        return refused.code;
    }
    return "none";
}

std::string zipped(const std::vector<std::pair<std::string, std::string>>& parts) {
    zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, nullptr);
    zip_t* zip = zip_open_from_source(buffer, ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    REQUIRE(zip);
    zip_source_keep(buffer);
    for (const auto& [name, text] : parts) {
        zip_file_add(
            zip, name.c_str(), zip_source_buffer(zip, text.data(), text.size(), 0), ZIP_FL_ENC_UTF_8
        );
    }
    REQUIRE(zip_close(zip) == 0);
    zip_source_open(buffer);
    zip_source_seek(buffer, 0, SEEK_END);
    std::string bytes(static_cast<std::size_t>(zip_source_tell(buffer)), '\0');
    zip_source_seek(buffer, 0, SEEK_SET);
    zip_source_read(buffer, bytes.data(), bytes.size());
    zip_source_close(buffer);
    zip_source_free(buffer);
    return bytes;
}

std::string docx(const std::string& body) {
    return "<w:document xmlns:w=\"w\"><w:body>" + body + "</w:body></w:document>";
}
std::string cell(const std::string& text, const std::string& properties = "") {
    return "<w:tc><w:tcPr>" + properties + "</w:tcPr><w:p><w:r><w:t>" + text +
           "</w:t></w:r></w:p></w:tc>";
}

/// A heading over two columns, a chapter down two rows.
Table merged() {
    Budget budget{Limits{}};
    Grid grid(budget);
    grid.put(1, 0, "章");
    grid.put(1, 1, "单位");
    grid.put(2, 0, "一");
    grid.put(2, 1, "甲 & \"乙\"");
    grid.put(2, 2, "<丙>");
    grid.put(3, 1, "丁\n戊");
    grid.put(3, 2, "己");
    grid.merge(1, 1, 1, 2);
    grid.merge(2, 0, 2, 1);
    return std::move(grid).table("");
}

std::string flat(const Table& table) {
    std::string text;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        for (std::size_t column = 0; column < table.columns; ++column) {
            text += (column > 0 ? "|" : "") + table.at(row, column).text;
        }
        text += "/";
    }
    return text;
}

}  // namespace

TEST_CASE("a table written as Word or Excel is read back with its merged cells") {
    const auto table = merged();
    const auto word = read_document(write_docx({"标题"}, table));
    CHECK(word.format == Format::docx);
    CHECK(word.heading == std::vector<std::string>{"标题"});
    REQUIRE(word.tables.size() == 1);
    CHECK(word.tables[0] == table);
    CHECK(flat(table) == "章|单位|单位/一|甲 & \"乙\"|<丙>/一|丁\n戊|己/");
    const auto excel = read_document(write_xlsx({}, table));
    CHECK(excel.format == Format::xlsx);
    REQUIRE(excel.tables.size() == 1);
    CHECK(flat(excel.tables[0]) == flat(table));
    CHECK(excel.tables[0].rows[1].cells[0].rows == 2);
    CHECK(excel.tables[0].name == "工作台账");
}

TEST_CASE("deleted rows and words, hidden words and readings are no part of a Word table") {
    const auto one = docx_document(
        docx(
            "<w:p><w:r><w:t>表</w:t></w:r></w:p><w:tbl>"
            "<w:tr>" +
            cell("甲", "<w:gridSpan w:val=\"2\"/>") + cell("乙") + "</w:tr>" +
            "<w:tr><w:trPr><w:del/></w:trPr>" + cell("旧") + "</w:tr>" +
            "<w:tr><w:tc><w:p><w:del><w:r><w:delText>删</w:delText></w:r></"
            "w:del><w:ins><w:r><w:t>新"
            "</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r></w:p><w:p><w:r>"
            "<w:t>二</w:t><w:tab/><w:t>三</w:t></w:r></w:p></w:tc>" +
            cell("丙") + cell("丁") + "</w:tr></w:tbl>"
        ),
        {}
    );
    REQUIRE(one.tables.size() == 1);
    CHECK(flat(one.tables[0]) == "甲|甲|乙/新\n二 三|丙|丁/");
}

TEST_CASE("a cell of Excel is what a person sees: shared words, dates, percentages") {
    const auto bytes = zipped(
        {{"xl/workbook.xml",
          "<workbook xmlns:r=\"r\"><sheets><sheet name=\"藏\" state=\"hidden\" r:id=\"a\"/>"
          "<sheet name=\"表\" r:id=\"a\"/></sheets></workbook>"},
         {"xl/_rels/workbook.xml.rels",
          "<R><Relationship Id=\"a\" Target=\"/xl/worksheets/s.xml\"/></R>"},
         {"xl/sharedStrings.xml",
          "<sst><si><r><t>序</t></r><r><t>号</t></r><rPh><t>x</t></rPh></si></sst>"},
         {"xl/styles.xml",
          "<s><numFmts><numFmt numFmtId=\"200\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/>"
          "</numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"200\"/><xf numFmtId=\"9\"/>"
          "</cellXfs></s>"},
         {"xl/worksheets/s.xml",
          "<w><sheetData><row r=\"3\"><c r=\"A3\" t=\"s\"><v>0</v></c><c r=\"C3\" "
          "s=\"1\"><v>46022</v>"
          "</c></row><row r=\"5\"><c r=\"A5\"><v>2025</v></c><c r=\"B5\" s=\"2\"><v>0.95</v></c>"
          "<c r=\"C5\" t=\"s\"><v>99</v></c></row></sheetData></w>"}}
    );
    const auto read = read_document(bytes);
    REQUIRE(read.tables.size() == 1);
    CHECK(read.tables[0].name == "表");
    CHECK(flat(read.tables[0]) == "序号||2025-12-31/2025|95%|/");
    CHECK(read.tables[0].rows[1].line == 5);
}

TEST_CASE("plain text: cells between tabs or commas, and what is left of a Word table") {
    CHECK(flat(read_document("标题\n甲\t乙\n1\t\"二\n三\"\n").tables[0]) == "甲|乙/1|二\n三/");
    CHECK(flat(read_document("甲,乙\n1,\"a,b\"\n").tables[0]) == "甲|乙/1|a,b/");
    const auto read = read_document("附件\n\t甲\n\t乙\n\n\t1\n\t二\n三\n\n\t2\n\t\n");
    CHECK(read.heading == std::vector<std::string>{"附件"});
    CHECK(flat(read.tables[0]) == "甲|乙/1|二\n三/2|/");
    CHECK(read.tables[0].rows[1].line == 5);
}

TEST_CASE("what is no table says so, and what is broken too") {
    const auto word = write_docx({}, merged());
    struct Case {
        std::string bytes, code;
    };
    for (const auto& c : std::vector<Case>{
             {"", "document_without_table"},
             {"一段没有表格的话", "document_without_table"},
             {std::string("\xD0\xCF\x11\xE0\xA1\xB1", 6), "document_old_format"},
             {"%PDF-1.7", "document_kind_unknown"},
             {zipped({{"hello.txt", "x"}}), "document_kind_unknown"},
             {word.substr(0, word.size() / 2), "document_broken"},
             {zipped({{"word/document.xml", docx("<w:p/>")}}), "document_without_table"},
             {zipped({{"word/document.xml", "<w:document>"}}), "document_broken"},
             {zipped({{"word/document.xml", "<!DOCTYPE d [<!ENTITY a \"x\">]><w:document/>"}}),
              "document_broken"},
             {zipped({{"xl/workbook.xml", "<workbook/>"}}), "document_without_table"}}) {
        CAPTURE(c.bytes.substr(0, 20));
        CHECK(refusal(c.bytes) == c.code);
    }
    std::string deep;
    for (int i = 0; i < 5000; ++i) {
        deep += "<w:sdt>";
    }
    CHECK(refusal(zipped({{"word/document.xml", deep}})) == "document_broken");
}

TEST_CASE("a package that unpacks beyond the limit is refused, whatever sizes it declares") {
    const auto bomb = zipped({{"word/document.xml", std::string(100 << 20, ' ')}});
    CHECK(bomb.size() < 200000);
    CHECK(refusal(bomb) == "document_too_large");
    const auto tight = zipped({{"word/document.xml", std::string(2 << 20, ' ')}});
    CHECK(refusal(tight) == "document_too_large");  // below the limit, but packed 100 times
    Limits few;
    few.parts = 1;
    CHECK(refusal(zipped({{"a", "1"}, {"b", "2"}}), few) == "document_too_large");
    few = {};
    few.file_bytes = 10;
    CHECK(refusal("01234567890", few) == "document_too_large");
}

TEST_CASE("no sheet is larger than the limits on rows, columns, words and merged cells") {
    Limits few;
    few.rows = 2;
    CHECK(refusal("a,b\n1,2\n3,4\n", few) == "table_too_large");
    few = {};
    few.columns = 1;
    CHECK(refusal("a,b\n", few) == "table_too_large");
    few = {};
    few.cell_bytes = 3;
    CHECK(refusal("abcd,b\n", few) == "table_too_large");
    few = {};
    few.text_bytes = 4;
    CHECK(refusal("abc,bc\n", few) == "table_too_large");
    // One shared text, asked for over and over.
    std::string cells;
    for (int i = 1; i <= 300; ++i) {
        cells += "<row r=\"" + std::to_string(i) + "\"><c t=\"s\"><v>0</v></c></row>";
    }
    Book book;
    book.shared = {std::string(60000, 'x')};
    Budget budget{Limits{}};
    CHECK_THROWS_AS(
        xlsx_sheet("<w><sheetData>" + cells + "</sheetData></w>", book, "", budget), Refused
    );
    // A merge over the whole sheet reaches no further than what is there.
    Budget other{Limits{}};
    const auto table = xlsx_sheet(
        "<w><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>x</v></c><c r=\"B1\" "
        "t=\"str\"><v>y</v></c>"
        "</row></sheetData><mergeCells><mergeCell ref=\"A1:XFD1048576\"/><mergeCell ref=\"A1:B1\"/>"
        "</mergeCells></w>",
        {}, "", other
    );
    REQUIRE(table);
    CHECK(table->rows[0].cells[0].columns == 2);
}
