// SPDX-License-Identifier: Apache-2.0
// What passwords must be is data, read as strictly as the rest.
#include <doctest/doctest.h>

#include "catalogue/testing.hpp"

using namespace linli;
using namespace linli::catalogue;

namespace {

std::string mistakes(const std::string& passwords) {
    std::string all;
    for (const auto& mistake : load_files({{"core/passwords.yaml", passwords}}).mistakes) {
        if (mistake.place.file == "core/passwords.yaml") {
            all += to_text(mistake) + "\n";
        }
    }
    return all;
}

bool says(const std::string& text, const char* words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("C02: a password profile is read strictly") {
    CHECK(mistakes("passwords: a\nprofiles:\n  a: {least: 10, history: 3}\n") == "");
    CHECK(says(mistakes("passwords: b\nprofiles:\n  a: {least: 10}\n"), "no password profile 'b'"));
    CHECK(says(mistakes("passwords: a\nprofiles:\n  a: {lest: 10}\n"), "did you mean 'least'?"));
    CHECK(says(mistakes("passwords: a\nprofiles:\n  a: {least: 6}\n"), "core/passwords.yaml:3"));
    CHECK(says(mistakes("passwords: a\nprofiles:\n  a: {kinds: 5}\n"), "core/passwords.yaml:3"));
    CHECK(says(mistakes("passwords: a\nprofiles:\n  a: {history: 25}\n"), "core/passwords.yaml:3"));
    CHECK(says(mistakes("passwords: a\nprofiles:\n  A b: {}\n"), "cannot be the name"));
}
