// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <limits>

#include "base/crypto.hpp"
#include "base/error.hpp"

using namespace linli;

namespace {

std::string refusal(std::string_view text, const JsonLimits& limits = {}) {
    try {
        parse_json(text, limits);
    } catch (const Refused& refused) {
        return refused.code;
    }
    return "";
}

std::string detail(std::string_view text) {
    try {
        parse_json(text);
    } catch (const Refused& refused) {
        return refused.detail;
    }
    return "";
}

std::string nested(int depth) {
    const auto n = static_cast<std::size_t>(depth);
    return std::string(n, '[') + std::string(n, ']');
}

Value random_value(SeededRandom& random, int depth) {
    const auto pick = static_cast<unsigned char>(random.bytes(1)[0]) % (depth > 0 ? 8 : 6);
    std::int64_t number = 0;
    random.fill(&number, sizeof number);
    switch (pick) {
        case 0:
            return nullptr;
        case 1:
            return number % 2 == 0;
        case 2:
            return number >> (number & 63);
        case 3: {
            double real = 0;
            random.fill(&real, sizeof real);
            return std::isfinite(real) ? real : 0.5;
        }
        case 4:
        case 5: {
            std::string text;
            for (const char c : random.bytes(static_cast<std::size_t>(number & 15))) {
                text += (c & 0x80) ? std::string("居𠀀") : std::string(1, c ? c : 'x');
            }
            return text;
        }
        case 6: {
            Value::List list;
            for (int i = 0; i < (number & 3); ++i) {
                list.push_back(random_value(random, depth - 1));
            }
            return list;
        }
        default: {
            Value::Object object;
            for (int i = 0; i < (number & 15); ++i) {
                object.emplace_back("key" + std::to_string(i), random_value(random, depth - 1));
            }
            return object;
        }
    }
}

}  // namespace

TEST_CASE("broken JSON is refused with a word and a place") {
    struct Case {
        std::string text;
        const char* code;
    };
    for (const auto& c : {
             Case{"", "json_malformed"},
             Case{" ", "json_malformed"},
             Case{"{", "json_malformed"},
             Case{"{\"a\":1,}", "json_malformed"},
             Case{"[1,]", "json_malformed"},
             Case{"[1] x", "json_malformed"},
             Case{"{} {}", "json_malformed"},
             Case{"// note\n1", "json_malformed"},
             Case{"01", "json_malformed"},
             Case{"+1", "json_malformed"},
             Case{"1.", "json_malformed"},
             Case{"NaN", "json_malformed"},
             Case{"1e999", "json_malformed"},
             Case{"-1e999", "json_malformed"},
             Case{"'a'", "json_malformed"},
             Case{"\"a\nb\"", "json_malformed"},
             Case{"\"\\x\"", "json_malformed"},
             Case{"\"\\ud800\"", "json_malformed"},
             Case{"\"\\udc00\"", "json_malformed"},
             Case{"\"\\u0000\"", "json_malformed"},
             Case{"{\"a\\u0000\":1}", "json_malformed"},
             Case{std::string("[1\0]", 4), "json_malformed"},
             Case{"\xEF\xBB\xBF{}", "json_malformed"},
             Case{"\"\xFF\"", "json_not_utf8"},
             Case{"\"\xC0\x80\"", "json_not_utf8"},
             Case{"\"\xED\xA0\x80\"", "json_not_utf8"},
             Case{"{\"a\":1,\"a\":1}", "json_duplicate_key"},
             Case{"{\"a\":1,\"\\u0061\":1}", "json_duplicate_key"},
             Case{"[{\"x\":{\"b\":1,\"c\":2,\"b\":3}}]", "json_duplicate_key"},
             Case{nested(65), "json_too_deep"},
             Case{std::string(100'000, '['), "json_too_deep"},
             Case{std::string((1 << 20) + 1, ' '), "json_too_large"},
         }) {
        CAPTURE(c.text.substr(0, 40));
        CHECK(refusal(c.text) == c.code);
    }
    CHECK(detail("{\n  \"a\": 1,\n  \"b\": x}").find("line 3") != std::string::npos);
    CHECK(detail("{\"街道\":1,\"街道\":2}").find("\"街道\"") != std::string::npos);
}

TEST_CASE("limits are exact") {
    CHECK(refusal(nested(64)) == "");
    CHECK(refusal("[[1]]", {.depth = 2}) == "");
    CHECK(refusal("[{\"a\":[]}]", {.depth = 2}) == "json_too_deep");
    CHECK(refusal("{\"a\":1,\"b\":2}", {.members = 2}) == "");
    CHECK(refusal("{\"a\":1,\"b\":2,\"c\":3}", {.members = 2}) == "json_too_many_members");
    CHECK(refusal("[1,2]", {.bytes = 5}) == "");
    CHECK(refusal("[1,2] ", {.bytes = 5}) == "json_too_large");
}

TEST_CASE("numbers are exact whole numbers or the nearest doubles") {
    CHECK(parse_json("9223372036854775807") == Value(INT64_MAX));
    CHECK(parse_json("-9223372036854775808") == Value(INT64_MIN));
    CHECK(parse_json("9223372036854775808") == Value(9223372036854775808.0));
    CHECK(parse_json("123456789012345678901234567890") == Value(123456789012345678901234567890.0));
    CHECK(parse_json("-0") == Value(0));
    CHECK(parse_json("0.1") == Value(0.1));
    CHECK(parse_json("1.7976931348623157e308") == Value(std::numeric_limits<double>::max()));
    CHECK(parse_json("5e-324") == Value(std::numeric_limits<double>::denorm_min()));
    CHECK(*parse_json("1e-999").as_double() == 0);
    CHECK(parse_json("1e3") == Value(1000.0));
    CHECK(parse_json("31.52174") == Value(31.52174));
    CHECK(parse_json("118.50685") == Value(118.50685));
}

TEST_CASE("texts of every script survive") {
    CHECK(parse_json("\"\\u5c45\\ud840\\udc00\\n\\/\"") == Value("居𠀀\n/"));
    CHECK(
        parse_json(" {\"a\" : [ null, true, {} ] } \n") ==
        obj({{"a", Value::List{nullptr, true, Value::Object{}}}})
    );
    CHECK(
        to_json(Value("a\"b\\c\n\r\t\x01\x1f/居\u2028")) ==
        "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f/居\u2028\""
    );
    const std::string huge(300'000, 'x');
    CHECK(*parse_json("\"" + huge + "\"").as_text() == huge);
}

TEST_CASE("what is written is read again the same") {
    SeededRandom random(7);
    for (int i = 0; i < 3000; ++i) {
        const auto value = random_value(random, 4);
        const auto text = to_json(value);
        CAPTURE(text);
        REQUIRE(parse_json(text) == value);
        REQUIRE(parse_json(to_json_pretty(value)) == value);
    }
}

TEST_CASE("many keys cost little, whatever they are") {
    std::string text = "{";
    for (int i = 0; i < 10'000; ++i) {
        text += (i ? ",\"" : "\"") + std::string(40, 'a') + std::to_string(i) + "\":1";
    }
    text += '}';
    const auto start = std::chrono::steady_clock::now();
    CHECK(parse_json(text).as_object()->size() == 10'000);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
}

TEST_CASE("the writer places commas and formats numbers") {
    std::string text;
    JsonWriter out(text);
    out.begin_object();
    out.key("id");
    out.id(42);
    out.key("none");
    out.id(0);
    out.key("list");
    out.begin_list();
    out.integer(-5);
    out.number(2.5);
    out.number(3);
    out.number(std::nan(""));
    out.decimal(1234, 2);
    out.decimal(-5, 2);
    out.decimal(7, 0);
    out.decimal(INT64_MIN, 3);
    out.begin_object();
    out.end_object();
    out.raw("[1]");
    out.end_list();
    out.key("last");
    out.boolean(false);
    out.end_object();
    CHECK(
        text ==
        "{\"id\":\"42\",\"none\":null,\"list\":[-5,2.5,3.0,null,12.34,-0.05,7,"
        "-9223372036854775.808,{},[1]],\"last\":false}"
    );
}

TEST_CASE("pretty JSON is for people") {
    CHECK(
        to_json_pretty(obj({{"a", Value::List{1, 2}}, {"b", Value::Object{}}})) ==
        "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}\n"
    );
}
