// SPDX-License-Identifier: Apache-2.0
#include "http/wire.hpp"

#include <doctest/doctest.h>

#include "http/target.hpp"

using namespace linli;
using namespace linli::http;

namespace {

/// "POST /a x-y=1 body", or the code of the refusal; the bytes come in pieces of `step`.
std::string told(std::string_view bytes, std::size_t step) {
    RequestReader reader({1'000, 10, 100});
    std::string in;
    bool head = false;
    try {
        while (!bytes.empty() && !(head && reader.done())) {
            in += bytes.substr(0, step);
            bytes.remove_prefix(std::min(step, bytes.size()));
            for (std::size_t taken = 1; taken > 0 && !(head && reader.done());) {
                taken = head ? reader.body(in) : reader.head(in);
                if (!head && taken > 0) {
                    head = true;
                    reader.limit_body(20);
                }
                in.erase(0, taken);
            }
        }
    } catch (const Refused& refused) {
        return refused.code;
    }
    if (!head || !reader.done()) {
        return "more";
    }
    std::string text = reader.request.method + " " + reader.target;
    for (const auto& [name, value] : reader.request.headers) {
        text += " " + name + "=" + value;
    }
    return text + " " + reader.request.body + " rest:" + in + std::string(bytes);
}

}  // namespace

TEST_CASE("the same bytes give the same request, however they are cut") {
    struct Case {
        std::string bytes, told;
    };
    const std::string host = "Host: a\r\n", post = "POST /a HTTP/1.1\r\n" + host;
    for (const auto& c : std::vector<Case>{
             {"GET /a?b=c HTTP/1.1\r\nHost:  a \r\nX-Y:\t1\r\n\r\nGET",
              "GET /a?b=c host=a x-y=1  rest:GET"},
             {post + "Content-Length: 2\r\n\r\nhiPOST",
              "POST /a host=a content-length=2 hi rest:POST"},
             {post + "Transfer-Encoding: Chunked\r\n\r\n2\r\nhi\r\n1;e=\"f\"\r\n!\r\n0\r\nT: "
                     "1\r\n\r\nPOST",
              "POST /a host=a transfer-encoding=Chunked hi! rest:POST"},
             {post + "Content-Length: 2\r\n\r\nh", "more"},
             {"GET /a HTTP/1.1\r\nHost: a\r\n", "more"},
             {post + "Content-Length: 21\r\n\r\n", "body_too_large"},
             {post + "Transfer-Encoding: chunked\r\n\r\n15\r\n012345678901234567890\r\n0\r\n\r\n",
              "body_too_large"},
             {post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n", "http_malformed"},
             {post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", "http_malformed"},
             {"GET /a HTTP/1.1\r\nHost: a\r\nX: 1\n\r\n", "http_malformed"},
             {"GET /a HTTP/1.1\r\nHost: a\r\n X: 1\r\n\r\n", "http_malformed"},
             {"GET /a HTTP/1.1\r\nHost: a\r\nX(: 1\r\n\r\n", "http_malformed"},
             {"GET  /a HTTP/1.1\r\nHost: a\r\n\r\n", "http_malformed"},
             {"GET /a HTTP/1.1 \r\nHost: a\r\n\r\n", "http_malformed"},
             {"GET /a HTTP/1.2\r\nHost: a\r\n\r\n", "http_malformed"},
             {"GET /" + std::string(200, 'a') + " HTTP/1.1\r\n", "target_too_long"},
             {"GET /a HTTP/1.1\r\nHost: a\r\nX: " + std::string(1'000, 'a'), "headers_too_large"},
         }) {
        CAPTURE(c.bytes);
        for (std::size_t step = 1; step <= c.bytes.size(); step += step < 40 ? 1 : 97) {
            CAPTURE(step);
            CHECK(told(c.bytes, step) == c.told);
        }
        CHECK(told(c.bytes, c.bytes.size()) == c.told);
    }
}

TEST_CASE("an answer's header cannot be split into two (C45)") {
    Answer answer;
    answer.headers = {{"X-Name", "a\r\nSet-Cookie: b\nc"}};
    const auto head = answer_head(answer, "K: v\r\n", "now", 3, false, false);
    CHECK(
        head ==
        "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: application/json\r\nContent-Length: 3\r\n"
        "X-Name: a  Set-Cookie: b c\r\nK: v\r\n\r\n"
    );
}

TEST_CASE("C41: targets are decoded once, and refused if they could mean two things") {
    auto target = parse_target("/a%20b/%E4%B8%AD?x=1+2&y=%26&z&x=3");
    CHECK(target.path == "/a b/中");
    CHECK(target.query == decltype(target.query){{"x", "1 2"}, {"y", "&"}, {"z", ""}, {"x", "3"}});
    CHECK(parse_target("http://h/a?b").path == "/a");
    CHECK(parse_target("http://h").path == "/");
    CHECK(parse_target("/%252e%252e/a").path == "/%2e%2e/a");
    for (const char* bad :
         {"",       "a",      "*",     "/..",   "/a/../b",  "/./a",     "/%2E%2e/a",
          "/a%2fb", "/a%5cb", "/a\\b", "/a%00", "/a%0a",    "/a%zz",    "/a%",
          "/a#b",   "/\xe4",  "/%ff",  "/a b",  "/a?b=%00", "/a?b=%ff", "h:80"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(parse_target(bad), Refused);
    }
    std::string many = "/?";
    for (int i = 0; i < 201; ++i) {
        many += "a=1&";
    }
    CHECK_THROWS_AS(parse_target(many), Refused);
}
