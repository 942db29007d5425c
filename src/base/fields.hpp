// SPDX-License-Identifier: Apache-2.0
#pragma once
/// One field list per struct makes its JSON, its row and its OpenAPI schema:
///     static constexpr auto fields = std::tuple{field("id", &Clock::id), field("name",
///     &Clock::name, {.max = 80})};
/// Enumerations bear `constexpr auto names(E) { return std::array{"running", "paused"}; }`.
#include <array>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace linli {

struct FieldRule {
    std::size_t max = 4000;  ///< characters of a text, elements of a list
    bool required =
        true;  ///< of what is sent to us; optional<T>, bool and vector are never required
    std::int64_t least = INT64_MIN;
    std::int64_t most = INT64_MAX;
};

template <class S, class T>
struct Field {
    using type = T;
    const char* name;
    T S::*member;
    FieldRule rule;
};
template <class S, class T>
constexpr Field<S, T> field(const char* name, T S::*member, FieldRule rule = {}) {
    return {name, member, rule};
}

template <class T>
concept HasFields = requires {
    T::fields;
};
template <class T>
concept NamedEnum = std::is_enum_v<T> && requires {
    names(T{});
};

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_id : std::false_type {};
template <class T>
struct is_id<Id<T>> : std::true_type {};

template <NamedEnum E>
constexpr const char* name_of(E value) {
    return names(E{})[static_cast<std::size_t>(value)];
}
template <NamedEnum E>
std::optional<E> parse_name(std::string_view text) {
    constexpr auto all = names(E{});
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (text == all[i]) {
            return static_cast<E>(i);
        }
    }
    return std::nullopt;
}

/// Calls `f(field)` for each field of `S`, in order.
template <HasFields S, class F>
constexpr void each_field(F&& f) {
    std::apply([&](const auto&... one) { (f(one), ...); }, S::fields);
}

template <class T>
void write_json(JsonWriter& out, const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        out.boolean(value);
    } else if constexpr (std::is_integral_v<T>) {
        out.integer(static_cast<std::int64_t>(value));
    } else if constexpr (std::is_floating_point_v<T>) {
        out.number(value);
    } else if constexpr (is_id<T>::value) {
        out.id(value.value);
    } else if constexpr (std::is_same_v<T, Instant> || std::is_same_v<T, Date>) {
        out.text(to_text(value));
    } else if constexpr (std::is_same_v<T, Value>) {
        out.value(value);
    } else if constexpr (std::is_same_v<T, RecordRef>) {
        out.begin_object();
        out.key("kind");
        out.text(value.kind);
        out.key("id");
        out.id(value.id.value);
        out.end_object();
    } else if constexpr (NamedEnum<T>) {
        out.text(name_of(value));
    } else if constexpr (is_optional<T>::value) {
        value ? write_json(out, *value) : out.null();
    } else if constexpr (is_vector<T>::value) {
        out.begin_list();
        for (const auto& one : value) {
            write_json(out, one);
        }
        out.end_list();
    } else if constexpr (HasFields<T>) {
        out.begin_object();
        each_field<T>([&](const auto& f) {
            out.key(f.name);
            write_json(out, value.*f.member);
        });
        out.end_object();
    } else {
        out.text(std::string_view(value));
    }
}

using Problems = std::vector<Problem>;

template <HasFields S>
void read_fields(const Value& from, S& to, const std::string& pointer, Problems& problems);

/// Reads one value; every problem is reported with its JSON pointer, `to` is then unspecified.
template <class T>
void read_value(
    const Value& from, T& to, const std::string& pointer, const FieldRule& rule, Problems& problems
) {
    auto wrong = [&](const char* expected) {
        problems.push_back({pointer, "wrong_type", std::string("expected ") + expected});
    };
    if constexpr (std::is_same_v<T, Value>) {
        to = from;
    } else if constexpr (is_optional<T>::value) {
        if (from.is_null()) {
            to.reset();
        } else {
            read_value(from, to.emplace(), pointer, rule, problems);
        }
    } else if constexpr (std::is_same_v<T, bool>) {
        from.as_bool() ? void(to = *from.as_bool()) : wrong("true or false");
    } else if constexpr (std::is_integral_v<T>) {
        const auto* n = from.as_int();
        if (!n) {
            return wrong("a whole number");
        }
        if (*n < rule.least || *n > rule.most || !std::in_range<T>(*n)) {
            problems.push_back({pointer, "out_of_range", "the number is outside the allowed range"}
            );
            return;
        }
        to = static_cast<T>(*n);
    } else if constexpr (std::is_floating_point_v<T>) {
        from.as_double() ? void(to = *from.as_double())
        : from.as_int()  ? void(to = static_cast<T>(*from.as_int()))
                         : wrong("a number");
    } else if constexpr (is_id<T>::value) {
        if (!from.as_text() || !parse_id(*from.as_text(), to.value)) {
            wrong("an id (a decimal string)");
        }
    } else if constexpr (std::is_same_v<T, Instant>) {
        auto at = from.as_text() ? parse_instant(*from.as_text()) : std::nullopt;
        at ? void(to = *at) : wrong("an instant such as 2025-05-08T08:30:00+08:00");
    } else if constexpr (std::is_same_v<T, Date>) {
        auto date = from.as_text() ? parse_date(*from.as_text()) : std::nullopt;
        date ? void(to = *date) : wrong("a date such as 2025-05-08");
    } else if constexpr (NamedEnum<T>) {
        auto one = from.as_text() ? parse_name<T>(*from.as_text()) : std::nullopt;
        if (!one) {
            problems.push_back({pointer, "unknown_choice", "not one of the allowed words"});
            return;
        }
        to = *one;
    } else if constexpr (is_vector<T>::value) {
        const auto* list = from.as_list();
        if (!list) {
            return wrong("a list");
        }
        if (list->size() > rule.max) {
            problems.push_back(
                {pointer, "too_many", "at most " + std::to_string(rule.max) + " elements"}
            );
            return;
        }
        to.resize(list->size());
        for (std::size_t i = 0; i < list->size(); ++i) {
            read_value((*list)[i], to[i], pointer + "/" + std::to_string(i), FieldRule{}, problems);
        }
    } else if constexpr (HasFields<T>) {
        read_fields(from, to, pointer, problems);
    } else {
        const auto* text = from.as_text();
        if (!text) {
            return wrong("a text");
        }
        if (characters(*text) > rule.max) {
            problems.push_back(
                {pointer, "too_long", "at most " + std::to_string(rule.max) + " characters"}
            );
            return;
        }
        to = T(*text);
    }
}

template <HasFields S>
void read_fields(const Value& from, S& to, const std::string& pointer, Problems& problems) {
    const auto* object = from.as_object();
    if (!object) {
        problems.push_back({pointer, "wrong_type", "expected an object"});
        return;
    }
    for (const auto& [key, ignored] : *object) {
        bool known = false;
        each_field<S>([&, &name = key](const auto& f) { known = known || name == f.name; });
        if (!known) {
            problems.push_back({pointer + "/" + key, "unknown_field", "there is no such field"});
        }
    }
    each_field<S>([&]<class T>(const Field<S, T>& f) {
        const Value* value = from.find(f.name);
        if (value && !(value->is_null() && !is_optional<T>::value)) {
            read_value(*value, to.*f.member, pointer + "/" + f.name, f.rule, problems);
        } else if (f.rule.required && !is_optional<T>::value && !is_vector<T>::value && !std::is_same_v<T, bool>) {
            problems.push_back({pointer + "/" + f.name, "required", "this field is needed"});
        }
    });
}

/// A struct from a parsed body; throws `invalid` with every problem.
template <HasFields S>
S read(const Value& from) {
    S to{};
    Problems problems;
    read_fields(from, to, "", problems);
    if (!problems.empty()) {
        throw invalid(std::move(problems));
    }
    return to;
}

template <class T>
std::string to_json_text(const T& value) {
    std::string text;
    JsonWriter out(text);
    write_json(out, value);
    return text;
}

}  // namespace linli
