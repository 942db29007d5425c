// SPDX-License-Identifier: Apache-2.0
// OpenAPI of the kinds, from the same column table as everything else. The committed file holds
// kernel routes only.
#include "record/column.hpp"
#include "record/engine_impl.hpp"

namespace linli::record {

namespace {

std::string pascal(const std::string& name) {
    std::string text;
    bool capital = true;
    for (const char c : name) {
        if (c == '_') {
            capital = true;
            continue;
        }
        text += capital && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        capital = false;
    }
    return text;
}

Value reference(const std::string& name) {
    return obj({{"$ref", "#/components/schemas/" + name}});
}

Value content(Value schema) {
    return obj({{"application/json", obj({{"schema", std::move(schema)}})}});
}

Value answer(const char* about, Value schema) {
    return obj({{"description", about}, {"content", content(std::move(schema))}});
}

Value refusal() {
    return obj({{"description", "A refusal (problem document)"}});
}

Value id_parameter() {
    return obj(
        {{"name", "id"}, {"in", "path"}, {"required", true}, {"schema", obj({{"type", "string"}})}}
    );
}

/// What is sent: ids as texts. What is read: references with titles.
Value field_schema(const FieldSpec& field, bool sent) {
    auto schema = parse_json(rules_of(field.type).schema);
    if (!sent && (field.type == FieldType::ref || field.type == FieldType::refs)) {
        auto one = parse_json(
            R"({"type":"object","properties":{"id":{"type":["string","null"]},"title":{"type":["string","null"]}}})"
        );
        schema = field.type == FieldType::ref ? std::move(one)
                                              : obj({{"type", "array"}, {"items", std::move(one)}});
    }
    schema.set("title", field.title.en.empty() ? field.title.zh : field.title.en);
    if (sent && field.type == FieldType::text) {
        schema.set("maxLength", static_cast<std::int64_t>(most_of(field)));
    }
    return schema;
}

Value fields_schema(const catalogue::Kind& kind, bool sent) {
    Value properties(Value::Object{});
    Value::List required;
    for (const auto& field : kind.fields) {
        if (field.type == FieldType::file) {
            continue;
        }
        properties.set(field.name, field_schema(field, sent));
        if (sent && field.required && !field.when) {
            required.emplace_back(field.name);
        }
    }
    auto schema = obj({{"type", "object"}, {"properties", std::move(properties)}});
    if (sent) {
        schema.set("required", std::move(required));
        schema.set("additionalProperties", false);
    }
    return schema;
}

Value operation(
    const std::string& id, const std::string& summary, Value answer_value, const char* status
) {
    return obj(
        {{"operationId", id},
         {"summary", summary},
         {"responses", obj({{status, std::move(answer_value)}, {"default", refusal()}})}}
    );
}

Value with_body(Value operation, Value schema) {
    operation.set(
        "requestBody", obj({{"required", true}, {"content", content(std::move(schema))}})
    );
    return operation;
}

Value with_id(Value operation) {
    operation.set("parameters", Value::List{id_parameter()});
    return operation;
}

Value action_schema(const catalogue::Kind& kind, const catalogue::ActionSpec& action) {
    Value properties(Value::Object{}), fields(Value::Object{});
    Value::List required;
    for (const auto* words : {&action.needs, &action.may}) {
        for (const auto& word : *words) {
            if (const auto* field = kind.field(word)) {
                fields.set(word, field_schema(*field, true));
                continue;
            }
            const bool list = word == "assist_units";
            properties.set(
                word, list ? obj({{"type", "array"}, {"items", obj({{"type", "string"}})}})
                           : obj({{"type", word == "evidence" ? "object" : "string"}})
            );
            if (words == &action.needs) {
                required.emplace_back(word);
            }
        }
    }
    if (!fields.as_object()->empty()) {
        properties.set("fields", obj({{"type", "object"}, {"properties", std::move(fields)}}));
    }
    return obj(
        {{"type", "object"},
         {"properties", std::move(properties)},
         {"required", std::move(required)}}
    );
}

void add_paths(Value& paths, const catalogue::Kind& kind) {
    const auto name = pascal(kind.name), base = "/api/records/" + kind.name;
    const auto title = kind.title.en.empty() ? kind.title.zh : kind.title.en;
    const auto record = reference(name);
    auto page = obj(
        {{"type", "object"},
         {"properties", obj(
                            {{"records", obj({{"type", "array"}, {"items", record}})},
                             {"next", obj({{"type", Value::List{"string", "null"}}})}}
                        )}}
    );
    const auto filing = obj(
        {{"type", "object"},
         {"properties",
          obj({{"area", obj({{"type", "string"}})}, {"fields", reference(name + "Input")}})},
         {"required", Value::List{"area", "fields"}}}
    );
    paths.set(
        base,
        obj(
            {{"get",
              operation("list" + name, "List: " + title, answer("A page", std::move(page)), "200")},
             {"post",
              with_body(
                  operation("file" + name, "File: " + title, answer("The record", record), "201"),
                  filing
              )}}
        )
    );
    const auto change =
        obj({{"type", "object"}, {"properties", obj({{"fields", fields_schema(kind, false)}})}});
    paths.set(
        base + "/{id}",
        obj(
            {{"get", with_id(operation(
                         "read" + name, "Read: " + title, answer("The record", record), "200"
                     ))},
             {"patch",
              with_id(with_body(
                  operation(
                      "change" + name, "Change: " + title, answer("The record", record), "200"
                  ),
                  change
              ))}}
        )
    );
    for (const auto& action :
         kind.flow ? kind.flow->actions : std::vector<catalogue::ActionSpec>{}) {
        if (action.by == std::vector<std::string>{"timer"}) {
            continue;
        }
        paths.set(
            base + "/{id}/actions/" + action.name,
            obj(
                {{"post", with_id(with_body(
                              operation(
                                  action.name + name,
                                  title + ": " +
                                      (action.title.en.empty() ? action.title.zh : action.title.en),
                                  answer("The record", record), "200"
                              ),
                              action_schema(kind, action)
                          ))}}
            )
        );
    }
}

}  // namespace

Value Engine::openapi_paths() const {
    Value paths(Value::Object{});
    for (const auto& kind : m_impl->core.parts.catalogue->kinds()) {
        add_paths(paths, kind);
    }
    return paths;
}

Value Engine::openapi_schemas() const {
    Value schemas(Value::Object{});
    for (const auto& kind : m_impl->core.parts.catalogue->kinds()) {
        const auto text = obj({{"type", "string"}});
        schemas.set(pascal(kind.name) + "Input", fields_schema(kind, true));
        schemas.set(
            pascal(kind.name),
            obj(
                {{"type", "object"},
                 {"properties",
                  obj(
                      {{"id", text},
                       {"kind", text},
                       {"number", text},
                       {"title", text},
                       {"title_en", text},
                       {"state", text},
                       {"version", obj({{"type", "integer"}})},
                       {"created_at", obj({{"type", "string"}, {"format", "date-time"}})},
                       {"updated_at", obj({{"type", "string"}, {"format", "date-time"}})},
                       {"fields", fields_schema(kind, false)},
                       {"masked", obj({{"type", "array"}, {"items", text}})}}
                  )}}
            )
        );
    }
    return schemas;
}

}  // namespace linli::record
