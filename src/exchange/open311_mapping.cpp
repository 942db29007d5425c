// SPDX-License-Identifier: Apache-2.0
#include "exchange/open311_mapping.hpp"

#include <algorithm>

namespace linli::exchange {

namespace {

std::set<std::string> words_of(const Value& key, const char* name) {
    std::set<std::string> words;
    const auto* value = key.find(name);
    const auto list = !value             ? Value::List{}
                      : value->as_list() ? *value->as_list()
                                         : Value::List{*value};
    for (const auto& word : list) {
        words.insert(*word.as_text());
    }
    return words;
}

std::set<std::string> final_states(const catalogue::Kind& kind) {
    std::set<std::string> states;
    for (const auto& state : kind.flow ? kind.flow->states : std::vector<catalogue::StateSpec>{}) {
        if (state.final) {
            states.insert(state.name);
        }
    }
    return states;
}

}  // namespace

std::string Mapping::field(const std::string& word) const {
    const auto found = fields.find(word);
    return found == fields.end() ? std::string() : found->second;
}

std::string Mapping::word_of(const std::string& name) const {
    if (name == service->name) {
        return "service_code";
    }
    for (const auto& [word, field] : fields) {
        if (field == name) {
            return word == "media" ? "media_url" : word == "answers" ? "attribute" : word;
        }
    }
    return name;
}

bool Mapping::shows(const catalogue::ChoiceList& list, const std::string& key) const {
    const auto* choice = list.find(key);
    return choice && except.count(key) == 0 &&
           (choice->parent.empty() || except.count(choice->parent) == 0);
}

const char* Mapping::status_of(const std::string& state) const {
    return closed.count(state) > 0 || state == "withdrawn" ? "closed" : "open";
}

std::vector<std::string> Mapping::states(bool of_closed) const {
    auto all = kind->states();
    std::erase_if(all, [&](const std::string& state) {
        return state == "withdrawn" || (closed.count(state) > 0) != of_closed;
    });
    return all;
}

std::optional<Mapping> mapping_of(const catalogue::Catalogue& catalogue) {
    for (const auto& kind : catalogue.kinds()) {
        const auto& key = kind.open311;
        if (!key.as_object()) {
            continue;
        }
        Mapping mapping;
        mapping.kind = &kind;
        mapping.service = kind.field(key.text_or("service"));
        for (const auto& [word, value] : *key.as_object()) {
            static const std::set<std::string> other{"service", "public", "except", "closed"};
            if (other.count(word) == 0 && value.as_text()) {
                mapping.fields[word] = *value.as_text();
            }
        }
        mapping.shown = words_of(key, "public");
        mapping.except = words_of(key, "except");
        mapping.closed = words_of(key, "closed");
        if (mapping.closed.empty()) {
            mapping.closed = final_states(kind);
        }
        if (const auto* with = key.find("with")) {
            mapping.with = *with->as_object();
        }
        if (const auto* updates = key.find("updates")) {
            for (const auto& [status, action] : *updates->as_object()) {
                mapping.updates[status] = *action.as_text();
            }
        }
        return mapping;
    }
    return std::nullopt;
}

std::vector<const catalogue::Choice*> services_of(
    const Mapping& mapping, const catalogue::ChoiceList& list
) {
    std::set<std::string> parents;
    for (const auto& choice : list.choices) {
        parents.insert(choice.parent);
    }
    std::vector<const catalogue::Choice*> found;
    for (const auto& choice : list.choices) {
        if (!choice.hidden && parents.count(choice.key) == 0 && mapping.shows(list, choice.key)) {
            found.push_back(&choice);
        }
    }
    return found;
}

}  // namespace linli::exchange
