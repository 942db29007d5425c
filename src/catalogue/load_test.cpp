// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

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
    CHECK(loaded.catalogue->list("request_category")->choices.size() >= 20);
}
