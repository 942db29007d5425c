// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A JSON-shaped value for what is known only at run time: record fields, catalogue samples,
/// expression operands.
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace linli {

class Value {
 public:
    using List = std::vector<Value>;
    using Object = std::vector<std::pair<std::string, Value>>;  ///< in order; keys unique

    Value() = default;
    Value(std::nullptr_t) {}
    Value(std::same_as<bool> auto v) : m_value(v) {}  // not `bool`: a pointer would become one
    template <std::integral T>
    requires(!std::same_as<T, bool>) Value(T v) : m_value(static_cast<std::int64_t>(v)) {}
    Value(double v) : m_value(v) {}
    Value(const char* v) : m_value(std::string(v)) {}
    Value(std::string v) : m_value(std::move(v)) {}
    Value(std::string_view v) : m_value(std::string(v)) {}
    Value(List v) : m_value(std::move(v)) {}
    Value(Object v) : m_value(std::move(v)) {}

    bool is_null() const { return m_value.index() == 0; }
    const bool* as_bool() const { return std::get_if<bool>(&m_value); }
    const std::int64_t* as_int() const { return std::get_if<std::int64_t>(&m_value); }
    const double* as_double() const { return std::get_if<double>(&m_value); }  ///< not for integers
    const std::string* as_text() const { return std::get_if<std::string>(&m_value); }
    const List* as_list() const { return std::get_if<List>(&m_value); }
    const Object* as_object() const { return std::get_if<Object>(&m_value); }
    List* as_list() { return std::get_if<List>(&m_value); }
    Object* as_object() { return std::get_if<Object>(&m_value); }

    /// Member of an object; null if this is no object or has no such key.
    const Value* find(std::string_view key) const;
    /// Sets a member, turning null into an object first.
    Value& set(std::string key, Value value);
    std::string text_or(std::string_view key, std::string fallback = {}) const;
    std::int64_t int_or(std::string_view key, std::int64_t fallback = 0) const;

    bool operator==(const Value&) const = default;

 private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Object> m_value;
};

/// Short way to write an object: obj({{"reason", "late"}, {"n", 3}}).
Value obj(std::initializer_list<std::pair<std::string, Value>> members);

}  // namespace linli
