// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The templates behind router.hpp: from typed handlers to answers, from field lists to JSON
/// Schema.
#include <memory>
#include <optional>

#include "http/router.hpp"

/// Outside of our namespaces, because the compiler leaves out the enclosing ones.
namespace pretty {
template <class T>
constexpr std::string_view name() {
    return __PRETTY_FUNCTION__;
}
}  // namespace pretty

namespace linli::http {

/// "flow.Clock" from what the compiler calls linli::flow::Clock; names the schema in OpenAPI and
/// the web's types.
std::string type_title(std::string_view pretty);
template <class T>
std::string schema_of() {
    if constexpr (std::is_same_v<T, bool>) {
        return R"({"type":"boolean"})";
    } else if constexpr (std::is_integral_v<T>) {
        return R"({"type":"integer"})";
    } else if constexpr (std::is_floating_point_v<T>) {
        return R"({"type":"number"})";
    } else if constexpr (is_id<T>::value) {
        return R"({"type":["string","null"],"pattern":"^[1-9][0-9]*$"})";
    } else if constexpr (std::is_same_v<T, Instant>) {
        return R"({"type":"string","format":"date-time"})";
    } else if constexpr (std::is_same_v<T, Date>) {
        return R"({"type":"string","format":"date"})";
    } else if constexpr (std::is_same_v<T, Value>) {
        return "{}";
    } else if constexpr (std::is_same_v<T, RecordRef>) {
        return R"({"type":"object","properties":{"kind":{"type":"string"},"id":{"type":"string"}}})";
    } else if constexpr (NamedEnum<T>) {
        std::string text = R"({"type":"string","enum":[)";
        for (const char* name : names(T{})) {
            text += (text.back() == '[' ? "\"" : ",\"") + std::string(name) + "\"";
        }
        return text + "]}";
    } else if constexpr (is_optional<T>::value) {
        return R"({"anyOf":[)" + schema_of<typename T::value_type>() + R"(,{"type":"null"}]})";
    } else if constexpr (is_vector<T>::value) {
        return R"({"type":"array","items":)" + schema_of<typename T::value_type>() + "}";
    } else if constexpr (HasFields<T>) {
        std::string properties, required;
        each_field<T>([&]<class F>(const Field<T, F>& f) {
            properties +=
                (properties.empty() ? "\"" : ",\"") + std::string(f.name) + "\":" + schema_of<F>();
            if (f.rule.required && !is_optional<F>::value && !is_vector<F>::value &&
                !std::is_same_v<F, bool>) {
                required += (required.empty() ? "\"" : ",\"") + std::string(f.name) + "\"";
            }
        });
        return R"({"title":")" + type_title(pretty::name<T>()) +
               R"(","type":"object","properties":{)" + properties + R"(},"required":[)" + required +
               R"(],"additionalProperties":false})";
    } else {
        return R"({"type":"string"})";
    }
}

template <class R>
Answer answer_with(Call& call, R&& result) {
    Answer answer;
    using T = std::decay_t<R>;
    if constexpr (std::is_same_v<T, Answer>) {
        answer = std::forward<R>(result);
    } else if constexpr (std::is_same_v<T, Json>) {
        answer.status = call.answer_status;
        answer.body = std::move(result.text);
    } else if constexpr (is_optional<T>::value) {
        if (!result) {
            throw not_found("record");
        }
        return answer_with(call, std::move(*result));
    } else {
        answer.status = call.answer_status;
        answer.body = to_json_text(result);
    }
    for (auto& header : call.answer_headers) {
        answer.headers.push_back(std::move(header));
    }
    return answer;
}

template <class H>
struct Handler;
template <class R>
struct Handler<R (*)(Call&)> {
    using Result = R;
    using Body = void;
};
template <class R, class B>
struct Handler<R (*)(Call&, const B&)> {
    using Result = R;
    using Body = B;
};
/// Lambdas with captures: by their call operator.
template <class C, class R>
struct Handler<R (C::*)(Call&) const> : Handler<R (*)(Call&)> {};
template <class C, class R, class B>
struct Handler<R (C::*)(Call&, const B&) const> : Handler<R (*)(Call&, const B&)> {};
template <class H>
requires requires {
    &H::operator();
}
struct Handler<H> : Handler<decltype(&H::operator())> {};

template <class H>
Route& Router::add(
    std::string method, std::string path, H handler, std::string right, Scope scope,
    std::string summary
) {
    using Result = typename Handler<H>::Result;
    using Body = typename Handler<H>::Body;
    Route route;
    route.method = std::move(method);
    route.path = std::move(path);
    route.right = std::move(right);
    route.scope = scope;
    route.summary = std::move(summary);
    if constexpr (HasFields<Body>) {
        route.request_schema = schema_of<Body>();
    } else if constexpr (!std::is_void_v<Body>) {
        route.request_schema = "{}";
    }
    if constexpr (std::is_void_v<Result>) {
        route.success = 204;
    } else if constexpr (std::is_same_v<Result, Json>) {
        route.response_schema = "{}";
    } else if constexpr (!std::is_same_v<Result, Answer>) {
        route.response_schema = schema_of<Result>();
    }
    route.prepare = [handler]([[maybe_unused]] Value&& body) -> Run {
        auto answer = [](Call& call, auto&& invoke) {
            if constexpr (std::is_void_v<Result>) {
                invoke();
                call.status(204);
                return answer_with(call, Json{});
            } else {
                return answer_with(call, invoke());
            }
        };
        if constexpr (std::is_void_v<Body>) {
            return [handler, answer](Call& call) {
                return answer(call, [&] { return handler(call); });
            };
        } else {
            // Shared because std::function is copied; const because the transaction may run twice.
            std::shared_ptr<const Body> given;
            if constexpr (HasFields<Body>) {
                given = std::make_shared<const Body>(read<Body>(body));
            } else {
                given = std::make_shared<const Body>(std::move(body));
            }
            return [handler, answer, given](Call& call) {
                return answer(call, [&] { return handler(call, *given); });
            };
        }
    };
    return insert(std::move(route));
}

}  // namespace linli::http
