// SPDX-License-Identifier: Apache-2.0
// The services and what is asked about each.
#include <algorithm>

#include "exchange/open311_impl.hpp"

namespace linli::exchange {

namespace {

std::string keywords_of(const catalogue::Choice& choice) {
    const auto* words = choice.attributes.find("keywords");
    std::vector<std::string> texts;
    for (const auto& word : words && words->as_list() ? *words->as_list() : Value::List{}) {
        if (word.as_text()) {
            texts.push_back(*word.as_text());
        }
    }
    return join(texts, ",");
}

/// Whether a client may answer the questions of services at all.
bool asks(const Mapping& mapping, const catalogue::Choice& choice) {
    return !choice.questions.empty() && !mapping.field("answers").empty();
}

const char* datatype_of(const catalogue::FieldSpec& question) {
    constexpr int line = 200;  // characters
    switch (question.type) {
        case catalogue::FieldType::integer:
        case catalogue::FieldType::decimal:
            return "number";
        case catalogue::FieldType::date:
            return "datetime";
        case catalogue::FieldType::boolean:
        case catalogue::FieldType::choice:
            return "singlevaluelist";
        case catalogue::FieldType::choices:
            return "multivaluelist";
        default:
            return question.multiline || question.max > line ? "text" : "string";
    }
}

Value::List values_of(
    const catalogue::Catalogue& catalogue, const catalogue::FieldSpec& question,
    const std::string& city, bool english
) {
    Value::List values;
    const auto add = [&](const std::string& key, const std::string& name) {
        values.push_back(obj({{"key", key}, {"name", name}}));
    };
    if (question.type == catalogue::FieldType::boolean) {
        add("true", english ? "Yes" : "是");
        add("false", english ? "No" : "否");
    }
    const auto* list = question.list.empty() ? nullptr : catalogue.list(question.list, city);
    for (const auto& choice : list ? list->choices : std::vector<catalogue::Choice>{}) {
        if (!choice.hidden) {
            add(choice.key, text_in(choice.title, english));
        }
    }
    return values;
}

}  // namespace

Value list_services(const Open311& open311, const http::Call& call) {
    const auto tree = open311.core->parts.areas.today();
    const auto area = jurisdiction_of(open311, *tree, call.query("jurisdiction_id").value_or(""));
    const auto& list = open311.list_in(area);
    const bool english = in_english(call.request);
    Value::List services;
    for (const auto* choice : services_of(open311.mapping(), list)) {
        const auto* parent = choice->parent.empty() ? nullptr : list.find(choice->parent);
        const auto& name = text_in(choice->title, english);
        const auto group = parent ? text_in(parent->title, english) : std::string();
        services.push_back(obj(
            {{"service_code", choice->key},
             {"service_name", name},
             {"description", group.empty() ? name : group + " - " + name},
             {"metadata", asks(open311.mapping(), *choice)},
             {"type", "realtime"},
             {"keywords", keywords_of(*choice)},
             {"group", group}}
        ));
    }
    return services;
}

Value define_service(const Open311& open311, const http::Call& call) {
    const auto tree = open311.core->parts.areas.today();
    const auto area = jurisdiction_of(open311, *tree, call.query("jurisdiction_id").value_or(""));
    const auto services = services_of(open311.mapping(), open311.list_in(area));
    const auto found = std::find_if(services.begin(), services.end(), [&](const auto* choice) {
        return choice->key == call.param("code");
    });
    if (found == services.end()) {
        throw not_found("service_code");
    }
    const bool english = in_english(call.request);
    const auto city = area ? open311.core->city_of(area) : std::string();
    Value::List attributes;
    int order = 0;
    for (const auto& question : asks(open311.mapping(), **found)
                                    ? (*found)->questions
                                    : std::vector<catalogue::FieldSpec>{}) {
        auto attribute = obj(
            {{"variable", true},
             {"code", question.name},
             {"datatype", datatype_of(question)},
             {"required", question.required && !question.when},
             {"datatype_description", text_in(question.help, english)},
             {"order", ++order},
             {"description", text_in(question.title, english)}}
        );
        if (auto values = values_of(*open311.catalogue, question, city, english); !values.empty()) {
            attribute.set("values", std::move(values));
        }
        attributes.push_back(std::move(attribute));
    }
    return obj({{"service_code", (*found)->key}, {"attributes", std::move(attributes)}});
}

}  // namespace linli::exchange
