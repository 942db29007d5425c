// SPDX-License-Identifier: Apache-2.0
// A request that a client files.
#include <algorithm>

#include "exchange/open311_impl.hpp"
#include "http/target.hpp"
#include "record/file.hpp"

namespace linli::exchange {

namespace {

bool takes_level(const catalogue::Kind& kind, area::Level level) {
    static const std::vector<std::string> usual{"community", "grid"};
    const auto& levels = kind.levels.empty() ? usual : kind.levels;
    return std::count(levels.begin(), levels.end(), name_of(level)) > 0;
}

/// Where it is filed: `address_id`, else `jurisdiction_id` if it is fine enough, else the one area
/// over which the key's owner works.
const area::Node& place_of(
    const Open311& open311, const area::Tree& tree, const Form& form, const http::Caller& caller
) {
    const auto& kind = *open311.mapping().kind;
    const auto jurisdiction = form.value("jurisdiction_id"), address = form.value("address_id");
    const auto* around = jurisdiction.empty() ? nullptr : &area_of(open311, tree, jurisdiction);
    if (!address.empty()) {
        const auto* node = tree.find_code(address);
        if (!node || !takes_level(kind, node->level) ||
            (around && !tree.within(node->id, around->id))) {
            throw wrong(
                "address_id",
                "expected the official code of a community or grid of the jurisdiction"
            );
        }
        return *node;
    }
    if (around && takes_level(kind, around->level)) {
        return *around;
    }
    const area::Node* own = nullptr;
    for (const auto& grant : caller.grants) {
        const auto* node = tree.find(grant.area);
        if (node && takes_level(kind, node->level) && node != own) {
            if (own) {
                own = nullptr;
                break;
            }
            own = node;
        }
    }
    if (!own || (around && !tree.within(own->id, around->id))) {
        throw wrong(
            "address_id",
            "say where: send the official code (12 digits, of a grid 15) of the community or grid "
            "as address_id or jurisdiction_id; lat and long alone do not tell it"
        );
    }
    return *own;
}

Value degrees(const Form& form, const char* name) {
    const auto text = form.value(name);
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0') {
        throw wrong(name, "lat and long are degrees (WGS 84), like 31.6712");
    }
    return number;
}

/// As a question's type wants it; what does not fit is left as text for the engine to refuse.
Value answer_of(const catalogue::FieldSpec& question, const std::vector<std::string>& given) {
    using catalogue::FieldType;
    const auto& text = given.front();
    if (question.type == FieldType::choices) {
        return Value::List(given.begin(), given.end());
    }
    if (question.type == FieldType::boolean) {
        const auto word = http::lower_case(text);
        return word == "true" || word == "1"    ? Value(true)
               : word == "false" || word == "0" ? Value(false)
                                                : Value(text);
    }
    if (question.type == FieldType::integer || question.type == FieldType::decimal) {
        char* end = nullptr;
        const auto number = std::strtod(text.c_str(), &end);
        const auto whole = static_cast<std::int64_t>(number);
        return *end != '\0'                           ? Value(text)
               : static_cast<double>(whole) == number ? Value(whole)
                                                      : Value(number);
    }
    constexpr std::size_t date_size = 10;
    return question.type == FieldType::date ? text.substr(0, date_size) : text;
}

/// Family names come first where they are Chinese.
std::string whole_name(const std::string& first, const std::string& last) {
    const bool latin = std::all_of((first + last).begin(), (first + last).end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x80;
    });
    return first.empty() || last.empty() ? first + last : latin ? first + " " + last : last + first;
}

class Filing {
 public:
    Filing(const Open311& open311, const Form& form)
        : m_mapping(open311.mapping()), m_form(form), m_fields(m_mapping.with) {}

    Value fields(const catalogue::Choice& service) {
        m_fields.set(m_mapping.service->name, service.key);
        add_description();
        add("address", m_form.value("address_string"));
        add("phone", m_form.value("phone"));
        add("email", m_form.value("email"));
        add("first_name", m_form.value("first_name"));
        add("last_name", m_form.value("last_name"));
        add("name", whole_name(m_form.value("first_name"), m_form.value("last_name")));
        if (!m_form.value("lat").empty() || !m_form.value("long").empty()) {
            add("lat_long",
                obj({{"lat", degrees(m_form, "lat")}, {"lon", degrees(m_form, "long")}}));
        }
        add_answers(service);
        return std::move(m_fields);
    }

 private:
    void add(const std::string& word, Value value) {
        const auto name = m_mapping.field(word);
        const auto* text = value.as_text();
        if (!name.empty() && !(text && text->empty())) {
            m_fields.set(name, std::move(value));
        }
    }

    /// Pictures elsewhere are not fetched: their address is kept with the words.
    void add_description() {
        auto text = m_form.value("description");
        if (const auto media = m_form.value("media_url"); !media.empty()) {
            text += "\n" + media;
        }
        add("description", text);
    }

    void add_answers(const catalogue::Choice& service) {
        auto answers = obj({});
        for (const auto& question : service.questions) {
            if (const auto given = m_form.attribute(question.name); !given.empty()) {
                answers.set(question.name, answer_of(question, given));
            }
        }
        if (!answers.as_object()->empty()) {
            add("answers", std::move(answers));
        }
    }

    const Mapping& m_mapping;
    const Form& m_form;
    Value m_fields;  ///< by the names of the kind
};

const catalogue::Choice& service_of(
    const Open311& open311, const catalogue::ChoiceList& list, const std::string& code
) {
    if (code.empty()) {
        throw wrong("service_code", "say which service; services.xml lists them");
    }
    for (const auto* choice : services_of(open311.mapping(), list)) {
        if (choice->key == code) {
            return *choice;
        }
    }
    throw not_found("service_code");
}

}  // namespace

Value file_request(const Open311& open311, http::Call& call) {
    const auto form = read_form(call.request);
    const auto caller = key_holder(open311, call, form);
    const auto tree = open311.core->parts.areas.today();
    const auto& place = place_of(open311, *tree, form, caller);
    const auto& service =
        service_of(open311, open311.list_in(place.id), form.value("service_code"));
    const auto body = obj(
        {{"area", std::to_string(place.id.value)},
         {"fields", Filing(open311, form).fields(service)}}
    );
    const auto media = open311.mapping().field("media");
    std::vector<record::FileRow> files;
    for (const auto& file : media.empty() ? std::vector<FormFile>{} : form.files) {
        files.push_back(record::take_file(
            *open311.core, open311.table(), media, file.name, file.bytes, call.now, caller.account
        ));
    }
    const auto id = call.db.write_now([&](store::Tx& tx) {
        const auto made = open311.engine.create(
            tx, caller, open311.mapping().kind->name, body, call.now, call.request.id
        );
        const record::Context c(*open311.core, tx, &caller, call.now, call.request.id);
        for (const auto& file : files) {
            record::add_file(c, open311.table(), made.id, file);
        }
        return made.id;
    });
    return Value::List{obj(
        {{"service_request_id", std::to_string(id.value)},
         {"service_notice", Value()},
         {"account_id", Value()}}
    )};
}

}  // namespace linli::exchange
