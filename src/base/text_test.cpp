// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <doctest/doctest.h>

#include "base/crypto.hpp"

using namespace linli;

TEST_CASE("broken UTF-8 is found wherever it stands") {
    for (const auto* text :
         {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xE0\x9F\xBF", "\xED\xA0\x80",
          "\xED\xBF\xBF", "\xF0\x80\x80\xAF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\xFF", "\xE5\xB1", "\xE5", "\xF0\xA0\x80", "\xE5\xB1\x41",
          "\xC3\x28"}) {
        for (std::size_t before = 0; before < 10; ++before) {
            CHECK_FALSE(valid_utf8(std::string(before, 'a') + text));
            CHECK_FALSE(valid_utf8(std::string(before, 'a') + text + "0123456789"));
        }
    }
    for (const auto* text :
         {"", "a", "\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff", "\U00010000\U0010ffff", "居民诉求",
          "𠀀𰻝"}) {
        CHECK(valid_utf8(text));
    }
}

TEST_CASE("sheets in GBK and GB18030 become UTF-8") {
    CHECK(from_gb18030("\xD5\xC5\xC8\xFD,1") == "张三,1");
    CHECK(from_gb18030("\x95\x32\x82\x36") == "𠀀");
    CHECK(from_gb18030("") == "");
    CHECK_FALSE(from_gb18030("\xD5"));
    CHECK_FALSE(from_gb18030("\xFF\xFF"));
    std::string long_text, gbk;
    for (int i = 0; i < 5000; ++i) {
        long_text += "居民";
        gbk += "\xBE\xD3\xC3\xF1";
    }
    CHECK(from_gb18030(gbk) == long_text);
}

TEST_CASE("characters are code points") {
    CHECK(characters("") == 0);
    CHECK(characters("abc") == 3);
    CHECK(characters("居民𠀀") == 3);
}

TEST_CASE("text is tidied without losing a rare character") {
    CHECK(tidy("  张 三\u3000") == "张 三");
    CHECK(tidy("a\u202eb\u2066c\u200e\u061c\ufeff") == "abc");
    CHECK(tidy("a\x01\x7f\u009fb") == "ab");
    CHECK(tidy(std::string_view("a\0b", 3)) == "ab");
    CHECK(tidy("e\u0301") == "\u00e9");
    CHECK(tidy("𠀀𪚥𰻝𱍊") == "𠀀𪚥𰻝𱍊");
    CHECK(tidy("\U0002ebf0\U000323af") == "\U0002ebf0\U000323af");
    CHECK(tidy("one\r\ntwo\nthree\tfour") == "one two three four");
    CHECK(tidy("\none\r\ntwo\rthree\u2028four\n\n", true) == "one\ntwo\nthree\nfour");
    CHECK(tidy("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧");
    CHECK(tidy(" \t\n\u3000\u00a0") == "");
    CHECK(tidy("") == "");
    CHECK(tidy("a\xFF") == "a\ufffd");
    CHECK(tidy("已 tidied") == "已 tidied");
}

TEST_CASE("tidying again changes nothing") {
    SeededRandom random(3);
    for (int i = 0; i < 2000; ++i) {
        const auto text = random.bytes(static_cast<std::size_t>(i % 40));
        for (const bool lines : {false, true}) {
            const auto once = tidy(text, lines);
            REQUIRE(valid_utf8(once));
            REQUIRE(tidy(once, lines) == once);
        }
    }
}

TEST_CASE("Han characters are tokens of their own, other words are folded") {
    CHECK(search_tokens("医院陪护") == "医 院 陪 护");
    CHECK(search_tokens("花山区 3栋２０１室") == "花 山 区 3 栋 201 室");
    CHECK(search_tokens("ＡＢＣ-Def_9") == "abc def 9");
    CHECK(search_tokens("𠀀𰻝\U0002ebf0") == "𠀀 𰻝 \U0002ebf0");
    CHECK(search_tokens("Élan, ÉLAN") == "élan élan");
    CHECK(search_tokens("﹐。！ ") == "");
    CHECK(search_tokens("〇々") == "〇 々");
    CHECK(search_tokens("ئۇيغۇرچە") == "ئۇيغۇرچە");
    CHECK(
        (" " + search_tokens("我要去医院陪护服务中心") + " ")
            .find(" " + search_tokens("陪护") + " ") != std::string::npos
    );
}

TEST_CASE("text is split and joined") {
    CHECK(split("a,b,,c", ',') == std::vector<std::string_view>{"a", "b", "", "c"});
    CHECK(split("", ',') == std::vector<std::string_view>{""});
    CHECK(split(",", ',') == std::vector<std::string_view>{"", ""});
    CHECK(join({"a", "b"}, ", ") == "a, b");
    CHECK(join({}, ",") == "");
}

TEST_CASE("bytes become text and bytes again") {
    CHECK(to_hex(std::string_view("\x00\x1f\xff", 3)) == "001fff");
    CHECK(from_hex("001fFF") == std::string("\x00\x1f\xff", 3));
    CHECK(from_hex("0") == "");
    CHECK(from_hex("0g") == "");
    CHECK(from_hex("0`") == "");
    CHECK(to_base64url("\xff\xef\xbe") == "_---");
    SeededRandom random(5);
    for (std::size_t size = 0; size < 60; ++size) {
        const auto bytes = random.bytes(size);
        std::string back;
        REQUIRE(from_base64url(to_base64url(bytes), back));
        REQUIRE(back == bytes);
        REQUIRE(from_hex(to_hex(bytes)) == bytes);
    }
    std::string bytes;
    for (const auto* text : {"a", "ab=", "ab+/", "ab c", "ab\n", "aB", "aaB", "居"}) {
        CAPTURE(text);
        CHECK_FALSE(from_base64url(text, bytes));
    }
}

TEST_CASE("the nearest word is within two edits") {
    const std::vector<std::string> words{"required", "category", "handling", "id"};
    CHECK(nearest("requierd", words) == "required");
    CHECK(nearest("catgory", words) == "category");
    CHECK(nearest("handing", words) == "handling");
    CHECK(nearest("title", words) == "");
    CHECK(nearest("x", words) == "");
    CHECK(nearest("", words) == "");
    CHECK(nearest("居民诉求表", {"居民需求表"}) == "居民需求表");
}
