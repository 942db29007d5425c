// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

const std::vector<std::string> accepted{"image", "document", "audio", "video", "any"};

bool numeric(FieldType type) {
    return type == FieldType::integer || type == FieldType::decimal || type == FieldType::money ||
           type == FieldType::duration;
}
bool counted(FieldType type) {
    return type == FieldType::text || type == FieldType::choices || type == FieldType::refs ||
           type == FieldType::file;
}
bool listed(FieldType type) {
    return type == FieldType::choice || type == FieldType::choices;
}
bool referring(FieldType type) {
    return type == FieldType::ref || type == FieldType::refs;
}

/// "12.5" at scale 2 is 1250; nothing if it has more decimals or is no number.
std::optional<std::int64_t> scaled(std::string_view text, int scale) {
    const auto point = text.find('.');
    std::string digits(text.substr(0, point));
    auto decimals =
        point == std::string_view::npos ? std::string() : std::string(text.substr(point + 1));
    if (decimals.size() > static_cast<std::size_t>(scale) || digits.size() > 15 ||
        decimals.find_first_not_of("0123456789") != std::string::npos || !to_integer(digits)) {
        return std::nullopt;
    }
    decimals.resize(static_cast<std::size_t>(scale), '0');
    return std::stoll(digits + decimals);
}

std::optional<std::int64_t> read_bound(Reader& reader, const std::string& key, int scale) {
    const Yaml* node = reader.take(key);
    const auto word = node ? reader.scalar(*node, key) : std::nullopt;
    if (!word) {
        return std::nullopt;
    }
    const auto bound = scaled(*word, scale);
    if (!bound) {
        reader.mistake(
            *node, reader.what() + ": '" + key + "' must be a number with at most " +
                       std::to_string(scale) + " decimals"
        );
    }
    return bound;
}

void read_sizes(Reader& reader, FieldSpec& field) {
    if (field.type == FieldType::decimal || field.type == FieldType::money) {
        const auto scale = reader.integer("scale", 0, 6);
        field.scale = static_cast<int>(scale.value_or(2));
    }
    if (numeric(field.type)) {
        field.least = read_bound(reader, "min", field.scale);
        field.most = read_bound(reader, "max", field.scale);
        field.unit = reader.text("unit");
        if (field.least && field.most && *field.least > *field.most) {
            reader.mistake(reader.what() + ": 'min' is larger than 'max'", "swap them");
        }
    } else if (counted(field.type)) {
        const std::int64_t most = field.type == FieldType::text ? 100'000 : 500;
        field.max = static_cast<int>(reader.integer("max", 1, most).value_or(0));
    }
}

void read_meaning(Reader& reader, FieldSpec& field) {
    if (listed(field.type)) {
        field.list = reader.text("list", true);
    }
    if (referring(field.type)) {
        field.to = reader.text("to", true);
    }
    if (field.type == FieldType::extra) {
        field.by = reader.text("by", true);
    }
    if (field.type == FieldType::file) {
        field.accept = reader.text("accept");
        if (field.accept.empty()) {
            field.accept = "any";
        } else if (!contains(accepted, field.accept)) {
            reader.mistake(
                reader.what() + ": cannot accept '" + field.accept + "'",
                suggest(field.accept, accepted)
            );
        }
    }
    if (field.type == FieldType::text) {
        field.multiline = reader.flag("multiline");
    }
}

Mask default_mask(const FieldSpec& field) {
    if (field.type == FieldType::phone && field.data_class >= Class::personal) {
        return Mask::contact;
    }
    if (field.type == FieldType::id_number) {
        return Mask::number;
    }
    return field.data_class == Class::sensitive ? Mask::text : Mask::none;
}

void read_protection(Reader& reader, FieldSpec& field) {
    const auto data_class = reader.one_of<Class>("class", true);
    field.data_class = data_class.value_or(Class::internal);
    const auto mask = reader.one_of<Mask>("mask");
    field.mask = mask.value_or(default_mask(field));
    field.search = reader.flag("search");
    field.unique = reader.flag("unique");
    const bool text = field.type == FieldType::text;
    if (field.search && (!text || field.data_class == Class::sensitive)) {
        reader.mistake(
            reader.what() + ": only texts that are not sensitive can be searched",
            "take 'search' out"
        );
    }
    const bool scattered =
        !listed(field.type) ? counted(field.type) && !text : field.type == FieldType::choices;
    if (field.unique &&
        (scattered || field.type == FieldType::extra || field.type == FieldType::point)) {
        reader.mistake(
            reader.what() + ": a " + name_of(field.type) + " cannot be unique", "take 'unique' out"
        );
    }
    if (field.type == FieldType::id_number && data_class && *data_class != Class::sensitive) {
        reader.mistake(reader.what() + ": an id_number is sensitive", "write 'class: sensitive'");
    }
    // What the record engine seals is one value; lists, references, points and files lie readable.
    const bool sealable = !referring(field.type) && field.type != FieldType::choices &&
                          field.type != FieldType::point && field.type != FieldType::file;
    if (data_class == Class::sensitive && !sealable) {
        reader.mistake(
            reader.what() + ": a " + name_of(field.type) + " cannot be encrypted",
            "take another type, or 'class: personal'"
        );
    }
    if (data_class == Class::sensitive && field.mask == Mask::none) {
        reader.mistake(
            reader.what() + ": what is sensitive must have a mask",
            "contact, name, number, address or text"
        );
    }
}

}  // namespace

FieldSpec read_field(
    const Yaml::Member& member, const std::string& file, bool question, Mistakes& mistakes,
    std::string* when
) {
    FieldSpec field;
    field.name = member.key;
    field.place = {file, member.line};
    Reader reader(member.value, file, "field '" + member.key + "'", mistakes);
    if (!reader.readable()) {
        return field;
    }
    field.title = reader.title("title", humanised(member.key));
    if (reader.take("help")) {
        field.help = reader.title("help", "");
    }
    const auto type = reader.one_of<FieldType>("type", true);
    field.type = type.value_or(FieldType::text);
    field.required = reader.flag("required");
    if (!type) {
        return field;  // the other keys depend on it
    }
    read_sizes(reader, field);
    read_meaning(reader, field);
    if (question) {
        static const std::vector<FieldType> askable{
            FieldType::text, FieldType::integer, FieldType::decimal, FieldType::boolean,
            FieldType::date, FieldType::choice,  FieldType::choices};
        if (std::find(askable.begin(), askable.end(), field.type) == askable.end()) {
            reader.mistake(
                reader.what() + ": a question cannot be of type " + name_of(field.type),
                "text, int, decimal, bool, date, choice or choices"
            );
        }
    } else {
        read_protection(reader, field);
        if (when) {
            *when = reader.text("when");
        }
    }
    reader.finish();
    return field;
}

void check_fields(
    const Catalogue& catalogue, const std::vector<FieldSpec>& fields, const std::string& owner,
    bool columns, Mistakes& mistakes
) {
    std::vector<std::string> lists, kinds{"area", "unit", "account"}, choice_fields;
    for (const auto& list : catalogue.lists()) {
        lists.push_back(list.name);
    }
    for (const auto& kind : catalogue.kinds()) {
        kinds.push_back(kind.name);
    }
    for (const auto& field : fields) {
        if (field.type == FieldType::choice) {
            choice_fields.push_back(field.name);
        }
    }
    for (const auto& field : fields) {
        const auto mistake = [&](const std::string& message, const std::string& suggestion) {
            mistakes.push_back(
                {field.place, owner + ": field '" + field.name + "' " + message, suggestion}
            );
        };
        if (!plain_name(field.name)) {
            mistake(
                "has a name that cannot be a column",
                "lower-case words joined by _, at most 48 characters"
            );
        }
        if (columns && contains(own_columns(), field.name)) {
            mistake("bears the name of a column that every record has", "choose another name");
        }
        if (columns && contains(input_words(), field.name)) {
            mistake("bears the name of an input that actions ask for", "choose another name");
        }
        if (columns && sql_word(field.name)) {
            mistake(
                "bears a word of SQL", "choose another name, such as '" + field.name + "_of_record'"
            );
        }
        if (!field.list.empty() && !catalogue.list(field.list)) {
            mistake("names unknown list '" + field.list + "'", suggest(field.list, lists));
        }
        if (!field.to.empty() && !contains(kinds, field.to)) {
            mistake("refers to unknown kind '" + field.to + "'", suggest(field.to, kinds));
        }
        if (!field.by.empty() && !contains(choice_fields, field.by)) {
            mistake(
                "depends on '" + field.by + "', which is no choice field",
                suggest(field.by, choice_fields)
            );
        }
    }
}

}  // namespace linli::catalogue
