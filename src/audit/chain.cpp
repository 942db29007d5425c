// SPDX-License-Identifier: Apache-2.0
#include "audit/chain.hpp"

#include <array>
#include <stdexcept>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace linli::audit {

namespace {

/// The values of the canonical text, in its order.
constexpr std::array parts{"county",        "position",     "id",           "at",          "actor",
                           "role",          "kind",         "record",       "version",     "action",
                           "area_before",   "area_after",   "state_before", "state_after", "fields",
                           "digest_before", "digest_after", "detail",       "request"};

const Value& member(const Value& json, const char* key) {
    const auto* value = json.find(key);
    if (!value) {
        throw std::runtime_error(std::string("it has no member ") + key);
    }
    return *value;
}

}  // namespace

std::int64_t integer_of(const Value& json, const char* key) {
    const auto value = member(json, key).as_int();
    if (!value) {
        throw std::runtime_error(std::string(key) + " is no whole number");
    }
    return *value;
}

std::string text_of(const Value& json, const char* key) {
    const auto* value = member(json, key).as_text();
    if (!value) {
        throw std::runtime_error(std::string(key) + " is no text");
    }
    return *value;
}

Line read_line(const Value& json) {
    Line line;
    line.county = integer_of(json, "county");
    line.position = integer_of(json, "position");
    line.hash = text_of(json, "hash");
    for (const auto* key : parts) {
        const auto number = member(json, key).as_int();
        const auto value = number ? std::to_string(*number) : text_of(json, key);
        line.canonical += std::to_string(value.size()) + ":" + value + ",";
    }
    return line;
}

std::string next_hash(const std::string& before, const Line& line) {
    return to_hex(sha256(before + line.canonical));
}

}  // namespace linli::audit
