// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "base/json.hpp"
#include "http/router.hpp"

using namespace linli;
using namespace linli::http;

namespace linli::http::sample {
struct Part {
    std::string name;
    static constexpr auto fields = std::tuple{field("name", &Part::name)};
};
struct Whole {
    Id<Whole> id;
    std::vector<Part> parts;
    std::optional<Date> until;
    static constexpr auto fields = std::tuple{
        field("id", &Whole::id), field("parts", &Whole::parts), field("until", &Whole::until)};
};
}  // namespace linli::http::sample

namespace {

Answer none(Call&) {
    return {};
}

Router table(const std::vector<std::pair<std::string, std::string>>& routes) {
    Router r;
    for (const auto& [method, path] : routes) {
        method == "GET" ? r.get(path, none, "", Scope::open, path)
                        : r.post(path, none, "", Scope::open, path);
    }
    return r;
}

}  // namespace

TEST_CASE("literal segments go before parameters, and the search comes back") {
    const auto r = table({
        {"GET", "/api/records/{kind}/{id}"},
        {"GET", "/api/records/request/board"},
        {"POST", "/api/records/{kind}"},
        {"GET", "/api/records/request"},
        {"GET", "/api/exports/{kind}.csv"},
        {"GET", "/api/exports/{kind}"},
        {"GET", "/"},
    });
    struct Case {
        std::string method, path, route, params;
    };
    for (const auto& c : std::vector<Case>{
             {"GET", "/api/records/request/board", "/api/records/request/board", ""},
             {"GET", "/api/records/request/7", "/api/records/{kind}/{id}", "kind=request id=7 "},
             {"POST", "/api/records/request", "/api/records/{kind}", "kind=request "},
             {"HEAD", "/api/records/request", "/api/records/request", ""},
             {"GET", "/api/exports/care.csv", "/api/exports/{kind}.csv", "kind=care "},
             {"GET", "/api/exports/.csv", "/api/exports/{kind}", "kind=.csv "},
             {"GET", "/", "/", ""},
             {"GET", "/api/records/request/", "", ""},
             {"GET", "/api//request", "", ""},
             {"GET", "/api", "", ""},
             {"GET", "", "", ""},
         }) {
        CAPTURE(c.path);
        const auto match = r.find(c.method, c.path);
        CHECK((match.route ? match.route->path : "") == c.route);
        std::string params;
        for (const auto& [name, value] : match.params) {
            params += name + "=" + value + " ";
        }
        CHECK(params == c.params);
    }
    const auto wrong = r.find("DELETE", "/api/records/request");
    CHECK(wrong.path_known);
    CHECK(wrong.allow == std::vector<std::string>{"GET", "HEAD", "POST"});
}

TEST_CASE("C15: a table with a hole is refused") {
    auto refusal = [](auto&& add) -> std::string {
        try {
            Router r;
            add(r);
            r.check({"a.read"});
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "";
    };
    auto says = [](const std::string& text, const char* word) {
        return text.find(word) != std::string::npos;
    };
    CHECK(says(refusal([](Router& r) { r.get("/a", none, "", Scope::open, ""); }), "summary"));
    CHECK(says(refusal([](Router& r) { r.get("/a", none, "b.read", Scope::open, "A"); }), "b.read")
    );
    CHECK(says(
        refusal([](Router& r) {
            r.get("/a", none, "", Scope::open, "A");
            r.get("/a", none, "", Scope::open, "A");
        }),
        "twice"
    ));
    CHECK(says(
        refusal([](Router& r) { r.post("/a/{id}", none, "a.read", Scope::record, "A"); }),
        "id_fields"
    ));
    CHECK(says(
        refusal([](Router& r) {
            r.post("/a/{id}", none, "a.read", Scope::record, "A").id_fields({"path:other"});
        }),
        "path:other"
    ));
    CHECK(says(
        refusal([](Router& r) { r.get("/a/{id}", none, "", Scope::open, "A").query("id", "x"); }),
        "second time"
    ));
    CHECK(says(refusal([](Router& r) { r.get("/a/{", none, "", Scope::open, "A"); }), "{name}"));
    CHECK(says(
        refusal([](Router& r) { r.get("/a", none, "", Scope::self, "A").once_per_key(); }),
        "once_per_key"
    ));
    CHECK(refusal([](Router& r) {
              r.post("/a/{id}", none, "a.read", Scope::record, "A")
                  .id_fields({"path:id", "body:unit"});
          }) == "");
}

TEST_CASE("OpenAPI comes from the table, the same each time") {
    Router r;
    r.get(
         "/api/wholes/{id}", [](Call&) { return sample::Whole{}; }, "a.read", Scope::record,
         "One whole"
    )
        .query("at", "a date");
    r.post(
         "/api/wholes", [](Call&, const sample::Whole& w) { return w; }, "", Scope::area, "Make"
    )
        .once_per_key()
        .created();
    r.remove(
         "/api/wholes/{id}", [](Call&) {}, "", Scope::record, "Remove"
    )
        .id_fields({"path:id"});
    const auto text = openapi(r, "linli", "1", obj({{"/api/x", obj({})}}), obj({{"X", obj({})}}));
    CHECK(text == openapi(r, "linli", "1", obj({{"/api/x", obj({})}}), obj({{"X", obj({})}})));
    const auto doc = parse_json(text);
    CHECK(doc.text_or("openapi") == "3.1.0");
    const auto& one = *doc.find("paths")->find("/api/wholes/{id}")->find("get");
    CHECK(one.text_or("operationId") == "get_wholes_by_id");
    CHECK(one.text_or("x-right") == "a.read");
    CHECK(one.text_or("x-scope") == "record");
    CHECK(
        to_json(*one.find("responses")->find("200")->find("content")) ==
        R"({"application/json":{"schema":{"$ref":"#/components/schemas/http.sample.Whole"}}})"
    );
    const auto& schemas = *doc.find("components")->find("schemas");
    CHECK(schemas.find("X"));
    CHECK(schemas.find("Problem"));
    CHECK(
        to_json(*schemas.find("http.sample.Whole")->find("properties")->find("parts")) ==
        R"({"type":"array","items":{"$ref":"#/components/schemas/http.sample.Part"}})"
    );
    CHECK(
        doc.find("paths")->find("/api/wholes/{id}")->find("delete")->find("responses")->find("204")
    );
    CHECK(doc.find("paths")->find("/api/x"));
}
