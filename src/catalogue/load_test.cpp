// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "base/json.hpp"
#include "catalogue/catalogue.hpp"

using namespace linli;
using namespace linli::catalogue;

TEST_CASE("every shipped file loads without a mistake") {
    const auto loaded = load(LINLI_SOURCE_DIR "/catalogue");
    for (const auto& mistake : loaded.mistakes) {
        MESSAGE(to_text(mistake));
    }
    REQUIRE(loaded.catalogue);
    CHECK(loaded.catalogue->kind("request"));
    CHECK(loaded.catalogue->list("request_category")->choices.size() >= 60);
}

TEST_CASE("every category says who leads, how fast, on which lane, and whose matter it is") {
    const auto loaded = load(LINLI_SOURCE_DIR "/catalogue");
    REQUIRE(loaded.catalogue);
    std::size_t leaves = 0;
    for (const auto& choice : loaded.catalogue->list("request_category")->choices) {
        CAPTURE(choice.key);
        CHECK(choice.title.zh != choice.title.en);
        if (choice.parent.empty()) {
            continue;
        }
        ++leaves;
        for (const char* what : {"handling", "lead_unit_kind", "lane", "matter", "icon"}) {
            CAPTURE(what);
            CHECK(!choice.attributes.text_or(what).empty());
        }
    }
    CHECK(leaves >= 60);
}

TEST_CASE("the format's schema is JSON and knows every field type") {
    const auto schema = parse_json(format_schema());
    const auto* field = schema.find("definitions")->find("field")->find("properties");
    REQUIRE(field);
    CHECK(field->find("type")->find("enum")->as_list()->size() == names(FieldType{}).size());
}

TEST_CASE("the web and the document get every kind") {
    const auto loaded = load(LINLI_SOURCE_DIR "/catalogue");
    REQUIRE(loaded.catalogue);
    const auto web = parse_json(web_json(*loaded.catalogue, ""));
    for (const auto& kind : loaded.catalogue->kinds()) {
        CAPTURE(kind.name);
        CHECK(
            web.find("kinds")->find(kind.name)->find("fields")->as_list()->size() ==
            kind.fields.size()
        );
        for (const char* language : {"zh", "en"}) {
            const auto text = document(*loaded.catalogue, language);
            CHECK(text.find("(`" + kind.name + "`)") != std::string::npos);
        }
        CHECK(document(*loaded.catalogue, "zh").find(kind.title.zh) != std::string::npos);
    }
}
