// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

#include <doctest/doctest.h>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

using namespace linli;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows read(std::string_view text, std::size_t piece = 1 << 20, CsvLimits limits = {}) {
    Rows rows;
    CsvReader reader([&](std::size_t, auto& cells) { rows.push_back(cells); }, limits);
    for (std::size_t i = 0; i < text.size(); i += piece) {
        reader.feed(text.substr(i, piece));
    }
    reader.finish();
    return rows;
}

std::string refusal(std::string_view text, CsvLimits limits = {}) {
    try {
        read(text, 3, limits);
    } catch (const Refused& refused) {
        return refused.code + " " + refused.detail.substr(0, refused.detail.find(':'));
    }
    return "";
}

std::string written(std::string_view cell) {
    std::string out;
    append_csv_cell(out, cell);
    return out;
}

}  // namespace

TEST_CASE("broken sheets are refused with the line") {
    struct Case {
        std::string text;
        const char* refusal;
    };
    for (const auto& c : {
             Case{"a,b\n1,\"open\n\nend", "csv_malformed line 2"},
             Case{"a\n1\"2", "csv_malformed line 2"},
             Case{"a\n\"1\"2", "csv_malformed line 2"},
             Case{"\"x\ny\"\n\"1\"2", "csv_malformed line 3"},
             Case{"a\n\n1\r2", "csv_malformed line 3"},
             Case{"a\n\xD5\xC5\xC8\xFD", "csv_not_utf8 line 2"},
             Case{"\xEF\xBB", "csv_not_utf8 line 1"},
             Case{"\xEF\xBBz", "csv_not_utf8 line 1"},
             Case{std::string("\xFF\xFE\x61\x00", 4), "csv_not_utf8 line 1"},
             Case{"1,2,3\n1,2,3,4", "csv_too_many_columns line 2"},
             Case{"1\n1234567890123", "csv_cell_too_long line 2"},
         }) {
        CAPTURE(c.text);
        CHECK(refusal(c.text, {.columns = 3, .cell_bytes = 12}) == c.refusal);
    }
}

TEST_CASE("rows come out the same however the bytes arrive") {
    const std::string text =
        "\xEF\xBB\xBF姓名,电话\r\n\"张, 三\",\"说 \"\"好\"\"\"\n\n\"两\r\n行\",\n,\n\"\"\nlast,x";
    const Rows rows{{"姓名", "电话"}, {"张, 三", "说 \"好\""}, {"两\r\n行", ""}, {"", ""}, {""},
                    {"last", "x"}};
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        CHECK(read(text, piece) == rows);
    }
    for (const std::string cell : {"（甲）", "\uFB01", "\uFEC0"}) {  // begin like a byte order mark
        CHECK(read(cell + ",b", 1) == Rows{{cell, "b"}});
        CHECK(read(cell) == Rows{{cell}});
    }
    CHECK(read("") == Rows{});
    CHECK(read("\xEF\xBB\xBF") == Rows{});
    CHECK(read("\n\r\n") == Rows{});
    CHECK(read("a") == Rows{{"a"}});
    CHECK(read("a,") == Rows{{"a", ""}});
    CHECK(read("\"\"") == Rows{{""}});
}

TEST_CASE("every row knows the line in which it began") {
    std::vector<std::size_t> lines;
    CsvReader reader([&](std::size_t line, auto&) { lines.push_back(line); });
    reader.feed("head\r\n\"two\nlines\"\r\n\r\nfive\n");
    reader.finish();
    CHECK(lines == std::vector<std::size_t>{1, 2, 5});
}

TEST_CASE("no cell becomes a formula, and numbers stay numbers") {
    struct Case {
        const char* cell;
        const char* written;
    };
    for (const auto& c : {
             Case{"=1+1", "'=1+1"},
             Case{"+86 138", "'+86 138"},
             Case{"@SUM(A1)", "'@SUM(A1)"},
             Case{"-cmd", "'-cmd"},
             Case{"-5", "-5"},
             Case{"-5.25", "-5.25"},
             Case{"-", "'-"},
             Case{"-1+1", "'-1+1"},
             Case{"-.5", "'-.5"},
             Case{"-5.", "'-5."},
             Case{"\tx", "\"'\tx\""},
             Case{"\r=1", "\"'\r=1\""},
             Case{"＝1", "'＝1"},
             Case{"＋1", "'＋1"},
             Case{"－1", "'－1"},
             Case{"＠x", "'＠x"},
             Case{"'=1", "''=1"},
             Case{"'quoted'", "'quoted'"},
             Case{"a,b", "\"a,b\""},
             Case{"a\"b", "\"a\"\"b\""},
             Case{" a", "\" a\""},
             Case{"=\"a\"", "\"'=\"\"a\"\"\""},
             Case{"居民", "居民"},
             Case{"", ""},
         }) {
        CAPTURE(c.cell);
        CHECK(written(c.cell) == c.written);
    }
}

TEST_CASE("what is written is read again the same") {
    const char* const parts[] = {"=", "+", "-",  "'", "\"", ",",  "\r\n", "\n",
                                 "1", ".", "居", " ", "\t", "＝", ";",    "a"};
    SeededRandom random(9);
    for (int i = 0; i < 2000; ++i) {
        Rows rows(1 + i % 3);
        std::string text;
        for (auto& row : rows) {
            row.resize(1 + static_cast<unsigned char>(random.bytes(1)[0]) % 4);
            for (auto& cell : row) {
                for (const char c : random.bytes(static_cast<std::size_t>(i % 7))) {
                    cell += parts[c & 15];
                }
            }
            append_csv_row(text, row);
        }
        auto back = read(text, 1 + static_cast<std::size_t>(i % 9));
        for (auto& row : back) {
            for (auto& cell : row) {
                cell = plain_csv_cell(cell);
            }
        }
        CAPTURE(text);
        REQUIRE(back == rows);
    }
}
