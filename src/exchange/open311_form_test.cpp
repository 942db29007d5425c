// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "base/error.hpp"
#include "exchange/open311_answer.hpp"
#include "exchange/open311_form.hpp"

using namespace linli;
using namespace linli::exchange;

namespace {

Form read(const std::string& type, const std::string& body) {
    http::Request request;
    request.headers = {{"content-type", type}};
    request.body = body;
    return read_form(request);
}
const std::string plain = "application/x-www-form-urlencoded; charset=utf-8";
const std::string parts = "multipart/form-data; boundary=\"b\"";

std::string refusal(const std::string& type, const std::string& body) {
    try {
        read(type, body);
        return "";
    } catch (const Refused& refused) {
        return refused.code;
    }
}

}  // namespace

TEST_CASE("a form's names and values are decoded once") {
    const auto form =
        read(plain, "a=1+2%2B3&b=&&c&b=%E5%B1%85&attribute%5Bq%5D%5B%5D=x&attribute[q]=y");
    CHECK(form.value("a") == "1 2+3");
    CHECK(form.value("b") == "居");
    CHECK(form.value("c") == "");
    CHECK(form.attribute("q") == std::vector<std::string>{"x", "y"});
}

TEST_CASE("a form in parts bears values and files") {
    const auto form = read(
        parts,
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1+2\r\n--b\r\n"
        "content-disposition: form-data; name=media; "
        "filename=\"x.png\"\r\n\r\n\r\n--\r\n\r\n--b--\r\n"
    );
    CHECK(form.value("a") == "1+2");
    REQUIRE(form.files.size() == 1);
    CHECK(form.files[0].name == "x.png");
    CHECK(form.files[0].bytes == "\r\n--\r\n");
}

TEST_CASE("what is no form is refused") {
    CHECK(refusal("text/plain", "a=1") == "form_malformed");
    CHECK(refusal(plain, "a=%zz") == "form_malformed");
    CHECK(refusal(plain, "a=%ff") == "form_malformed");
    CHECK(refusal("multipart/form-data", "--b--") == "form_malformed");
    for (const char* body :
         {"", "--c--", "--b", "--b\r\n", "--b\r\n\r\n--b", "--b\r\nx\r\n--b--"}) {
        CAPTURE(body);
        CHECK(refusal(parts, body) == "form_malformed");
    }
    std::string many;
    for (int i = 0; i <= 200; ++i) {
        many += "a=1&";
    }
    CHECK(refusal(plain, many) == "too_many_values");
}

TEST_CASE("XML holds any text, and nothing that it must not") {
    const auto value = obj(
        {{"a", "<b>&\x02\"居"},
         {"n", 3},
         {"yes", true},
         {"none", Value()},
         {"values", Value::List{obj({{"key", "k"}})}}}
    );
    CHECK(
        to_xml("services", Value::List{value}) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<services><service><a>&lt;b&gt;&amp;\"居</a>"
        "<n>3</n><yes>true</yes><none/><values><value><key>k</key></value></values></service>"
        "</services>"
    );
}
