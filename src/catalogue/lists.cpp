// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

AttributeSpec read_attribute(
    const Yaml::Member& member, const std::string& file, Mistakes& mistakes
) {
    AttributeSpec spec;
    spec.name = member.key;
    Reader reader(member.value, file, "attribute '" + member.key + "'", mistakes);
    if (const auto type = reader.one_of<AttributeSpec::Type>("type", true)) {
        spec.type = *type;
    }
    spec.list = reader.text("list", spec.type == AttributeSpec::Type::choice);
    reader.finish();
    return spec;
}

/// The attribute's value if it has the declared type; a mistake and null otherwise.
Value read_attribute_value(Reader& reader, const Yaml& node, const AttributeSpec& spec) {
    const auto value = to_value(node);
    bool right = false;
    switch (spec.type) {
        case AttributeSpec::Type::text:
        case AttributeSpec::Type::choice:
            if (const auto word = reader.scalar(node, spec.name)) {
                return *word;
            }
            return {};
        case AttributeSpec::Type::texts: {
            Value::List list;
            for (auto& word : reader.word_list(node, spec.name)) {
                list.emplace_back(std::move(word));
            }
            return list;
        }
        case AttributeSpec::Type::integer:
            right = value.as_int() != nullptr;
            break;
        case AttributeSpec::Type::boolean:
            right = value.as_bool() != nullptr;
            break;
    }
    if (!right) {
        reader.mistake(
            node, reader.what() + ": '" + spec.name + "' must be of type " + name_of(spec.type)
        );
        return {};
    }
    return value;
}

void check_choice(
    const Catalogue& catalogue, const ChoiceList& list, const Choice& choice, Mistakes& mistakes
) {
    const std::string what = "choice '" + choice.key + "' of list '" + list.name + "'";
    std::vector<std::string> keys;
    for (const auto& one : list.choices) {
        keys.push_back(one.key);
    }
    if (!choice.parent.empty()) {
        const Choice* parent = list.find(choice.parent);
        if (!parent) {
            mistakes.push_back(
                {choice.place, what + ": unknown parent '" + choice.parent + "'",
                 suggest(choice.parent, keys)}
            );
        } else if (!parent->parent.empty() || parent == &choice) {
            mistakes.push_back(
                {choice.place, what + ": a list has two levels at most",
                 "'" + choice.parent + "' has a parent itself"}
            );
        }
    }
    for (const auto& spec : list.attributes) {
        const auto* other =
            spec.type == AttributeSpec::Type::choice ? catalogue.list(spec.list) : nullptr;
        const auto word = choice.attributes.text_or(spec.name);
        if (other && !word.empty() && !other->find(word)) {
            std::vector<std::string> known;
            for (const auto& one : other->choices) {
                known.push_back(one.key);
            }
            mistakes.push_back(
                {choice.place, what + ": '" + word + "' is not in list '" + spec.list + "'",
                 suggest(word, known)}
            );
        }
    }
    check_fields(catalogue, choice.questions, what, false, mistakes);
}

}  // namespace

Choice read_choice(
    const Yaml::Member& member, const std::vector<AttributeSpec>& attributes,
    const std::string& file, Mistakes& mistakes
) {
    Choice choice;
    choice.key = member.key;
    choice.place = {file, member.line};
    choice.title = {humanised(member.key), humanised(member.key)};
    choice.attributes = Value::Object{};
    if (!plain_name(member.key)) {
        mistakes.push_back(
            {choice.place, "'" + member.key + "' cannot be the key of a choice",
             "lower-case words joined by _, beginning with a letter"}
        );
    }
    if (member.value.shape == Yaml::Shape::null) {
        return choice;
    }
    if (member.value.shape == Yaml::Shape::scalar) {
        choice.title = {member.value.text, member.value.text};
        return choice;
    }
    Reader reader(member.value, file, "choice '" + member.key + "'", mistakes);
    choice.title = reader.title("title", humanised(member.key));
    choice.parent = reader.text("parent");
    reader.each("questions", false, [&](const Yaml::Member& question) {
        choice.questions.push_back(read_field(question, file, true, mistakes, nullptr));
    });
    for (const auto& spec : attributes) {
        if (const Yaml* node = reader.take(spec.name)) {
            choice.attributes.set(spec.name, read_attribute_value(reader, *node, spec));
        }
    }
    reader.finish();
    return choice;
}

ChoiceList read_list(const Yaml::Member& member, const std::string& file, Mistakes& mistakes) {
    ChoiceList list;
    list.name = member.key;
    list.place = {file, member.line};
    Reader reader(member.value, file, "list '" + member.key + "'", mistakes);
    list.title = reader.title("title", humanised(member.key));
    static const std::vector<std::string> taken{"title", "parent", "questions", "key", "hidden"};
    reader.each("attributes", false, [&](const Yaml::Member& one) {
        list.attributes.push_back(read_attribute(one, file, mistakes));
        if (!plain_name(one.key) || contains(taken, one.key)) {
            reader.mistake(one.value, "'" + one.key + "' cannot be the name of an attribute");
        }
    });
    reader.each("choices", true, [&](const Yaml::Member& one) {
        list.choices.push_back(read_choice(one, list.attributes, file, mistakes));
    });
    reader.finish();
    if (!plain_name(list.name)) {
        reader.mistake(
            "'" + list.name + "' cannot be the name of a list", "lower-case words joined by _"
        );
    }
    if (list.choices.empty() && reader.readable()) {
        reader.mistake("list '" + list.name + "' has no choices", "add at least one");
    }
    return list;
}

void check_lists(
    const Catalogue& catalogue, const std::vector<ChoiceList>& lists, Mistakes& mistakes
) {
    std::vector<std::string> known;
    for (const auto& list : catalogue.lists()) {
        known.push_back(list.name);
    }
    for (const auto& list : lists) {
        for (const auto& spec : list.attributes) {
            if (spec.type == AttributeSpec::Type::choice && !catalogue.list(spec.list)) {
                mistakes.push_back(
                    {list.place,
                     "list '" + list.name + "': attribute '" + spec.name +
                         "' names unknown list '" + spec.list + "'",
                     suggest(spec.list, known)}
                );
            }
        }
        for (const auto& choice : list.choices) {
            check_choice(catalogue, list, choice, mistakes);
        }
    }
}

}  // namespace linli::catalogue
