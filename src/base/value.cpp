// SPDX-License-Identifier: Apache-2.0
#include "base/value.hpp"

#include <cassert>

namespace linli {

const Value* Value::find(std::string_view key) const {
    if (const auto* object = as_object()) {
        for (const auto& [name, value] : *object) {
            if (name == key) {
                return &value;
            }
        }
    }
    return nullptr;
}

Value& Value::set(std::string key, Value value) {
    if (is_null()) {
        m_value = Object{};
    }
    auto* object = as_object();
    assert(object);  // a member was set on a text, number or list
    for (auto& [name, old] : *object) {
        if (name == key) {
            old = std::move(value);
            return old;
        }
    }
    return object->emplace_back(std::move(key), std::move(value)).second;
}

std::string Value::text_or(std::string_view key, std::string fallback) const {
    const Value* value = find(key);
    return value && value->as_text() ? *value->as_text() : std::move(fallback);
}

std::int64_t Value::int_or(std::string_view key, std::int64_t fallback) const {
    const Value* value = find(key);
    return value && value->as_int() ? *value->as_int() : fallback;
}

Value obj(std::initializer_list<std::pair<std::string, Value>> members) {
    return Value::Object(members);
}

}  // namespace linli
