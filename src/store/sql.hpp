// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A statement with its name, the parameters bound to it, and the rows that come back. One text for
/// both engines.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/fields.hpp"
#include "base/id.hpp"
#include "base/time.hpp"

namespace linli::store {

/// `name` is for logs and metrics ("flow.find_clock"); parameters in `text` are `$1`, `$2`, ...
struct Sql {
    std::string_view name;
    std::string_view text;
};

struct Bytes {
    std::string_view data;
};

/// A bound parameter. Texts and bytes are views: what they look at must live until the call
/// returns.
class Param {
 public:
    using Any = std::variant<std::monostate, std::int64_t, double, std::string_view, Bytes>;
    Param() = default;
    Param(std::nullptr_t) {}
    Param(bool v) : m_value(std::int64_t{v}) {}
    template <std::integral T>
    Param(T v) : m_value(static_cast<std::int64_t>(v)) {}
    Param(double v) : m_value(v) {}
    Param(std::string_view v) : m_value(v) {}
    Param(const std::string& v) : m_value(std::string_view(v)) {}
    Param(const char* v) : m_value(std::string_view(v)) {}
    Param(Bytes v) : m_value(v) {}
    Param(Instant v) : m_value(v.ms) {}
    Param(Date v) : m_value(std::int64_t{v.days}) {}
    template <class T>
    Param(Id<T> v) : m_value(v.value) {}
    template <NamedEnum E>
    Param(E v) : m_value(std::string_view(name_of(v))) {}
    template <class T>
    Param(const std::optional<T>& v) {
        if (v) {
            m_value = Param(*v).m_value;
        }
    }
    const Any& value() const { return m_value; }

 private:
    Any m_value;
};

/// The current row of a running query; valid inside the callback alone. Columns count from 0.
class Row {
 public:
    virtual ~Row() = default;
    virtual int columns() const = 0;
    virtual bool null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;  ///< 0 if null
    virtual double real(int column) const = 0;
    virtual std::string_view text(int column) const = 0;  ///< empty if null
    virtual std::string bytes(int column) const = 0;
};

template <class T>
void read_column(const Row& row, int column, T& to) {
    if constexpr (is_optional<T>::value) {
        row.null(column) ? to.reset() : read_column(row, column, to.emplace());
    } else if constexpr (std::is_same_v<T, bool>) {
        to = row.integer(column) != 0;
    } else if constexpr (std::is_integral_v<T>) {
        to = static_cast<T>(row.integer(column));
    } else if constexpr (std::is_floating_point_v<T>) {
        to = static_cast<T>(row.real(column));
    } else if constexpr (is_id<T>::value) {
        to.value = row.integer(column);
    } else if constexpr (std::is_same_v<T, Instant>) {
        to.ms = row.integer(column);
    } else if constexpr (std::is_same_v<T, Date>) {
        to.days = static_cast<std::int32_t>(row.integer(column));
    } else if constexpr (NamedEnum<T>) {
        to = parse_name<T>(row.text(column)).value();
    } else {
        to = T(row.text(column));
    }
}

/// Columns in the order of the field list.
template <HasFields S>
S read_row(const Row& row) {
    S to{};
    int column = 0;
    each_field<S>([&](const auto& f) { read_column(row, column++, to.*f.member); });
    return to;
}
template <class T>
requires(!HasFields<T>) T read_row(const Row& row) {
    T to{};
    read_column(row, 0, to);
    return to;
}

}  // namespace linli::store
