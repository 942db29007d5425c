// SPDX-License-Identifier: Apache-2.0
// What a kind says of itself to clients of Open311.
#include <map>

#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

/// Words that name a field, and the types such a field may have.
const std::map<std::string, std::vector<FieldType>>& field_words() {
    static const std::map<std::string, std::vector<FieldType>> words{
        {"service", {FieldType::choice}},   {"lat_long", {FieldType::point}},
        {"description", {FieldType::text}}, {"address", {FieldType::text}},
        {"phone", {FieldType::phone}},      {"name", {FieldType::text}},
        {"first_name", {FieldType::text}},  {"last_name", {FieldType::text}},
        {"email", {FieldType::text}},       {"media", {FieldType::file}},
        {"answers", {FieldType::extra}}};
    return words;
}

class Open311Check {
 public:
    Open311Check(const Catalogue& catalogue, const Kind& kind, Mistakes& mistakes)
        : m_catalogue(catalogue), m_kind(kind), m_mistakes(mistakes) {
        for (const auto& field : kind.fields) {
            m_fields.push_back(field.name);
        }
    }

    void run() {
        const auto* members = m_kind.open311.as_object();
        if (!members) {
            if (!m_kind.open311.is_null()) {
                mistake("'open311' must be a map", "like {service: category, lat_long: place}");
            }
            return;
        }
        std::vector<std::string> known{"public", "except", "closed", "with", "updates"};
        for (const auto& [word, types] : field_words()) {
            known.push_back(word);
        }
        for (const auto& [key, value] : *members) {
            if (!contains(known, key)) {
                mistake("'open311' has unknown key '" + key + "'", suggest(key, known));
            } else if (field_words().count(key) > 0) {
                check_field(key, value.as_text() ? *value.as_text() : "");
            }
        }
        const auto* service = m_kind.field(m_kind.open311.text_or("service"));
        if (!service || service->type != FieldType::choice) {
            return mistake(
                "'open311' needs a choice field as 'service'", "like {service: category}"
            );
        }
        check_public();
        check_except(*service);
        check_closed();
        check_with();
        check_updates();
        check_alone();
    }

 private:
    void mistake(const std::string& message, const std::string& suggestion) {
        m_mistakes.push_back({m_kind.place, "kind '" + m_kind.name + "': " + message, suggestion});
    }

    void check_field(const std::string& word, const std::string& name) {
        const auto* field = m_kind.field(name);
        if (!field) {
            return mistake(
                "open311: there is no field '" + name + "' for '" + word + "'",
                suggest(name, m_fields)
            );
        }
        for (const auto type : field_words().at(word)) {
            if (field->type == type) {
                return;
            }
        }
        mistake(
            "open311: '" + word + "' cannot be the field '" + name + "'",
            std::string("it must be of type ") + name_of(field_words().at(word).front())
        );
    }

    /// Words of a list under a key, or the one that stands there.
    std::vector<std::string> words_of(const std::string& key) {
        const auto* value = m_kind.open311.find(key);
        std::vector<std::string> words;
        for (const auto& one : !value             ? Value::List{}
                               : value->as_list() ? *value->as_list()
                                                  : Value::List{*value}) {
            if (!one.as_text()) {
                mistake("open311: '" + key + "' must be a list of words", "like [a, b]");
                return {};
            }
            words.push_back(*one.as_text());
        }
        return words;
    }

    /// What anybody may read: never what is encrypted in the database.
    void check_public() {
        static const std::vector<std::string> possible{"description", "address", "lat_long"};
        for (const auto& word : words_of("public")) {
            const auto* field = m_kind.field(m_kind.open311.text_or(word));
            if (!contains(possible, word) || !field) {
                mistake(
                    "open311: '" + word + "' cannot be public",
                    "some of description, address and lat_long, each named with its field"
                );
            } else if (field->data_class >= Class::sensitive) {
                mistake(
                    "open311: the field '" + field->name + "' is sensitive and never public",
                    "take '" + word + "' out of 'public'"
                );
            }
        }
    }

    void check_except(const FieldSpec& service) {
        const auto* list = m_catalogue.list(service.list);
        for (const auto& key : words_of("except")) {
            if (list && !list->find(key)) {
                mistake(
                    "open311: the list '" + service.list + "' has no entry '" + key + "'",
                    "name entries that are not for the public"
                );
            }
        }
    }

    void check_closed() {
        const auto states = m_kind.states();
        for (const auto& state : words_of("closed")) {
            if (!contains(states, state)) {
                mistake("open311: unknown state '" + state + "'", suggest(state, states));
            }
        }
    }

    void check_with() {
        const auto* with = m_kind.open311.find("with");
        if (with && !with->as_object()) {
            return mistake("open311: 'with' must be a map", "like {channel: web}");
        }
        for (const auto& [name, value] : with ? *with->as_object() : Value::Object{}) {
            const auto* field = m_kind.field(name);
            if (!field) {
                mistake("open311: there is no field '" + name + "'", suggest(name, m_fields));
                continue;
            }
            const auto* list =
                field->type == FieldType::choice ? m_catalogue.list(field->list) : nullptr;
            if (!list || !value.as_text() || !list->find(*value.as_text())) {
                mistake(
                    "open311: 'with' fills choice fields with one of their entries",
                    "correct '" + name + "'"
                );
            }
        }
    }

    void check_updates() {
        const auto* updates = m_kind.open311.find("updates");
        if (updates && !updates->as_object()) {
            return mistake("open311: 'updates' must be a map", "like {closed: resolve}");
        }
        for (const auto& [status, action] : updates ? *updates->as_object() : Value::Object{}) {
            const bool known =
                action.as_text() && m_kind.flow && m_kind.flow->action(*action.as_text());
            if ((status != "open" && status != "closed") || !known) {
                mistake(
                    "open311: 'updates' names an action for 'open' and for 'closed'",
                    "like {closed: resolve, open: reopen}"
                );
            }
        }
    }

    /// Clients ask for one list of services.
    void check_alone() {
        for (const auto& other : m_catalogue.kinds()) {
            if (&other != &m_kind && other.name < m_kind.name && !other.open311.is_null()) {
                mistake(
                    "the kind '" + other.name + "' has 'open311' already", "one kind alone has it"
                );
            }
        }
    }

    const Catalogue& m_catalogue;
    const Kind& m_kind;
    Mistakes& m_mistakes;
    std::vector<std::string> m_fields;
};

}  // namespace

void check_open311(const Catalogue& catalogue, const Kind& kind, Mistakes& mistakes) {
    Open311Check(catalogue, kind, mistakes).run();
}

}  // namespace linli::catalogue
