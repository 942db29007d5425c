// SPDX-License-Identifier: Apache-2.0
/// OpenAPI 3.1 of the route table. The same table gives the same text: paths and schemas are
/// sorted.
#include <algorithm>
#include <map>

#include "base/json.hpp"
#include "http/router.hpp"
#include "http/target.hpp"

namespace linli::http {

namespace {

/// Schemas that bear a title become components; two of one title and different content are told
/// apart.
class Components {
 public:
    Value placed(const std::string& schema, const std::string& suffix) {
        return placed(parse_json(schema), suffix);
    }
    void add(const std::string& name, Value schema) { m_schemas[name] = std::move(schema); }
    Value all() const {
        Value::Object schemas;
        for (const auto& [name, schema] : m_schemas) {
            schemas.emplace_back(name, schema);
        }
        return schemas;
    }

 private:
    Value placed(Value schema, const std::string& suffix) {
        if (auto* list = schema.as_list()) {
            for (auto& one : *list) {
                one = placed(std::move(one), suffix);
            }
        }
        auto* object = schema.as_object();
        if (!object) {
            return schema;
        }
        for (auto& [key, value] : *object) {
            value = placed(std::move(value), suffix);
        }
        const auto title = schema.text_or("title");
        if (title.empty() || !schema.find("properties")) {
            return schema;
        }
        return obj({{"$ref", "#/components/schemas/" + named(title, suffix, std::move(schema))}});
    }

    std::string named(const std::string& title, const std::string& suffix, Value schema) {
        auto name = title;
        for (int n = 2; m_schemas.count(name) > 0 && m_schemas[name] != schema; ++n) {
            name = title + suffix + (n > 2 ? std::to_string(n - 1) : "");
        }
        m_schemas[name] = std::move(schema);
        return name;
    }

    std::map<std::string, Value> m_schemas;
};

/// "get_records_by_kind_by_id"
std::string operation_id(const Route& route) {
    std::string id = lower_case(route.method);
    for (auto segment : split(std::string_view(route.path).substr(1), '/')) {
        if (segment == "api") {
            continue;
        }
        id += segment.starts_with("{") ? "_by_" : "_";
        for (char c : segment) {
            const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
            id += word ? std::string(1, c) : c == '.' || c == '-' ? "_" : "";
        }
    }
    return id;
}

std::string tag_of(const Route& route) {
    const auto parts = split(std::string_view(route.path).substr(1), '/');
    return std::string(parts[0] == "api" && parts.size() > 1 ? parts[1] : parts[0]);
}

Value parameter(std::string name, const char* in, bool required, std::string about) {
    auto value = obj(
        {{"name", std::move(name)},
         {"in", in},
         {"required", required},
         {"schema", obj({{"type", "string"}})}}
    );
    if (!about.empty()) {
        value.set("description", std::move(about));
    }
    return value;
}

Value parameters_of(const Route& route) {
    Value::List list;
    for (const auto& name : route.parameters) {
        list.push_back(parameter(name, "path", true, ""));
    }
    for (const auto& [name, about] : route.queries) {
        list.push_back(parameter(name, "query", false, about));
    }
    if (route.idempotent_key) {
        list.push_back(parameter(
            "Idempotency-Key", "header", false, "A replay with the same key gives the first answer"
        ));
    }
    return list;
}

Value content(const char* type, Value schema) {
    return obj({{type, obj({{"schema", std::move(schema)}})}});
}

Value responses_of(const Route& route, Components& components) {
    auto success = obj({{"description", route.success == 204 ? "Done" : route.summary}});
    if (!route.response_schema.empty()) {
        success.set(
            "content",
            content("application/json", components.placed(route.response_schema, "Output"))
        );
    }
    return obj(
        {{std::to_string(route.success), std::move(success)},
         {"default", obj({{"$ref", "#/components/responses/Problem"}})}}
    );
}

Value security_of(const Route& route) {
    Value::List ways;
    if (route.scope != Scope::open) {
        ways.push_back(obj({{"session", Value::List{}}}));
        ways.push_back(obj({{"bearer", Value::List{}}}));
    }
    return ways;
}

Value operation(const Route& route, Value responses, Components& components) {
    auto value = obj(
        {{"operationId", operation_id(route)},
         {"summary", route.summary},
         {"tags", Value::List{tag_of(route)}},
         {"parameters", parameters_of(route)}}
    );
    if (route.raw_body) {
        value.set(
            "requestBody",
            obj({{"required", true}, {"content", content("application/octet-stream", obj({}))}})
        );
    } else if (!route.request_schema.empty()) {
        auto schema = components.placed(route.request_schema, "Input");
        value.set(
            "requestBody",
            obj({{"required", true}, {"content", content("application/json", std::move(schema))}})
        );
    }
    value.set("responses", std::move(responses));
    value.set("security", security_of(route));
    value.set("x-right", route.right);
    value.set("x-scope", name_of(route.scope));
    value.set("x-ids", Value::List(route.ids.begin(), route.ids.end()));
    return value;
}

const char* problem_schema =
    R"({"type":"object","required":["type","title","status","code","problems"],"properties":{
    "type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},
    "code":{"type":"string","description":"a stable word"},"detail":{"type":"string"},
    "problems":{"type":"array","items":{"type":"object","required":["pointer","code","detail"],"properties":{
        "pointer":{"type":"string","description":"JSON pointer"},"code":{"type":"string"},"detail":{"type":"string"}}}},
    "request_id":{"type":"string"}}})";

Value components_value(const Components& components) {
    return obj(
        {{"schemas", components.all()},
         {"responses",
          obj(
              {{"Problem", obj(
                               {{"description", "A refusal (RFC 9457)"},
                                {"content", content(
                                                "application/problem+json",
                                                obj({{"$ref", "#/components/schemas/Problem"}})
                                            )}}
                           )}}
          )},
         {"securitySchemes",
          obj(
              {{"session", obj(
                               {{"type", "apiKey"},
                                {"in", "cookie"},
                                {"name", "session"},
                                {"description", "People; unsafe methods also send X-CSRF"}}
                           )},
               {"bearer",
                obj({{"type", "http"}, {"scheme", "bearer"}, {"description", "Programs"}})}}
          )}}
    );
}

}  // namespace

std::string type_title(std::string_view pretty) {
    const auto begin = pretty.find("T = ") + 4;
    pretty = pretty.substr(begin, pretty.find_first_of(";]", begin) - begin);
    std::vector<std::string> parts;
    while (!pretty.empty()) {
        const auto end = pretty.find("::");
        const auto part = pretty.substr(0, end);
        if (part != "linli" && part.find_first_of("{(<") == std::string_view::npos) {
            parts.emplace_back(part);
        }
        pretty = end == std::string_view::npos ? "" : pretty.substr(end + 2);
    }
    return join(parts, ".");
}

std::string openapi(
    const Router& router, const std::string& title, const std::string& version,
    const Value& extra_paths, const Value& extra_schemas
) {
    Components components;
    components.add("Problem", parse_json(problem_schema));
    std::vector<const Route*> routes;
    for (const auto& route : router.routes()) {
        routes.push_back(route.get());
    }
    std::sort(routes.begin(), routes.end(), [](const Route* a, const Route* b) {
        return std::pair(a->path, a->method) < std::pair(b->path, b->method);
    });
    std::vector<Value> responses;  // first, so that what is read gets the plain names
    for (const auto* route : routes) {
        responses.push_back(responses_of(*route, components));
    }
    auto paths = obj({});
    for (std::size_t i = 0; i < routes.size(); ++i) {
        auto one = operation(*routes[i], std::move(responses[i]), components);
        if (auto* item = paths.as_object();
            item->empty() || item->back().first != routes[i]->path) {
            item->emplace_back(routes[i]->path, obj({}));
        }
        paths.as_object()->back().second.set(lower_case(routes[i]->method), std::move(one));
    }
    if (const auto* object = extra_paths.as_object()) {
        paths.as_object()->insert(paths.as_object()->end(), object->begin(), object->end());
    }
    if (const auto* object = extra_schemas.as_object()) {
        for (const auto& [name, schema] : *object) {
            components.add(name, schema);
        }
    }
    return to_json_pretty(obj(
        {{"openapi", "3.1.0"},
         {"info", obj(
                      {{"title", title},
                       {"version", version},
                       {"license", obj({{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}})}}
                  )},
         {"servers", Value::List{obj({{"url", "/"}})}},
         {"paths", std::move(paths)},
         {"components", components_value(components)}}
    ));
}

}  // namespace linli::http
