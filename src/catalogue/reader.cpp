// SPDX-License-Identifier: Apache-2.0
#include "catalogue/reader.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace linli::catalogue {
namespace {

/// Such a key is the rest of a text that a comma has cut off.
bool foreign(std::string_view key) {
    return std::any_of(key.begin(), key.end(), [](char c) {
        return c == ' ' || static_cast<unsigned char>(c) > 127;
    });
}

}  // namespace

std::string suggest(std::string_view word, const std::vector<std::string>& known) {
    if (const auto near = nearest(word, known); !near.empty() && near != word) {
        return "did you mean '" + near + "'?";
    }
    if (known.empty() || known.size() > 24) {
        return {};
    }
    return "known: " + join(known, ", ");
}

std::string humanised(std::string_view name) {
    std::string text(name);
    std::replace(text.begin(), text.end(), '_', ' ');
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    }
    return text;
}

bool plain_name(std::string_view name) {
    if (name.empty() || name.size() > 48 || name[0] < 'a' || name[0] > 'z' || name.back() == '_') {
        return false;
    }
    char before = ' ';
    for (const char c : name) {
        const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!word && (c != '_' || before == '_')) {
            return false;
        }
        before = c;
    }
    return true;
}

Reader::Reader(const Yaml& node, std::string file, std::string what, Mistakes& mistakes)
    : m_node(node), m_file(std::move(file)), m_what(std::move(what)), m_mistakes(mistakes) {
    if (node.shape != Yaml::Shape::map) {
        mistake(m_what + " must be a map", "write it as {key: value}");
    }
}

void Reader::mistake(const Yaml& at, std::string message, std::string suggestion) {
    m_mistakes.push_back({place(at), std::move(message), std::move(suggestion)});
}
void Reader::mistake(std::string message, std::string suggestion) {
    mistake(m_node, std::move(message), std::move(suggestion));
}

const Yaml* Reader::take(const std::string& key) {
    m_asked.push_back(key);
    const Yaml* found = m_node.find(key);
    return found && found->shape != Yaml::Shape::null ? found : nullptr;
}

const Yaml* Reader::demand(const std::string& key) {
    const Yaml* found = take(key);
    if (!found && readable()) {
        mistake(m_what + ": '" + key + "' is missing", "add '" + key + ":'");
    }
    return found;
}

std::optional<std::string> Reader::scalar(const Yaml& node, const std::string& key) {
    if (node.shape != Yaml::Shape::scalar) {
        mistake(node, m_what + ": '" + key + "' must be a single value", "no list or map here");
        return std::nullopt;
    }
    return node.text;
}

std::string Reader::text(const std::string& key, bool needed) {
    const Yaml* node = needed ? demand(key) : take(key);
    return node ? scalar(*node, key).value_or("") : "";
}

bool Reader::flag(const std::string& key) {
    const Yaml* node = take(key);
    if (!node) {
        return false;
    }
    const bool plain = node->shape == Yaml::Shape::scalar && !node->quoted;
    if (!plain || (node->text != "true" && node->text != "false")) {
        mistake(*node, m_what + ": '" + key + "' must be true or false");
        return false;
    }
    return node->text == "true";
}

std::optional<std::int64_t> Reader::integer(
    const std::string& key, std::int64_t least, std::int64_t most
) {
    const Yaml* node = take(key);
    const auto word = node ? scalar(*node, key) : std::nullopt;
    if (!word) {
        return std::nullopt;
    }
    const auto number = to_integer(*word);
    if (!number || *number < least || *number > most) {
        mistake(
            *node, m_what + ": '" + key + "' must be a whole number from " + std::to_string(least) +
                       " to " + std::to_string(most)
        );
        return std::nullopt;
    }
    return number;
}

std::vector<std::string> Reader::word_list(const Yaml& node, const std::string& key) {
    std::vector<std::string> words;
    if (node.shape == Yaml::Shape::scalar) {
        words.push_back(node.text);
        return words;
    }
    if (node.shape != Yaml::Shape::list) {
        mistake(node, m_what + ": '" + key + "' must be a word or a list of words");
        return words;
    }
    for (const auto& item : node.items) {
        if (item.shape != Yaml::Shape::scalar) {
            mistake(item, m_what + ": '" + key + "' must hold words only");
        } else if (std::find(words.begin(), words.end(), item.text) != words.end()) {
            mistake(item, m_what + ": '" + item.text + "' stands twice in '" + key + "'");
        } else {
            words.push_back(item.text);
        }
    }
    return words;
}

std::vector<std::string> Reader::words(const std::string& key, bool needed) {
    const Yaml* node = needed ? demand(key) : take(key);
    return node ? word_list(*node, key) : std::vector<std::string>{};
}

std::optional<Limit> Reader::limit_of(const Yaml& node, const std::string& key) {
    const auto word = scalar(node, key);
    if (!word) {
        return std::nullopt;
    }
    auto limit = parse_limit(*word);
    if (!limit || limit->amount <= 0) {
        mistake(
            node, m_what + ": '" + *word + "' is no time limit",
            "write it like '4 working hours', '10 days', '30 minutes'"
        );
        return std::nullopt;
    }
    return limit;
}

std::optional<Limit> Reader::limit(const std::string& key) {
    const Yaml* node = take(key);
    return node ? limit_of(*node, key) : std::nullopt;
}

Title Reader::title(const std::string& key, const std::string& fallback) {
    const Yaml* node = take(key);
    if (!node) {
        return {fallback, fallback};
    }
    if (node->shape == Yaml::Shape::scalar) {
        return {node->text, node->text};
    }
    Reader reader(*node, m_file, m_what + ": " + key, m_mistakes);
    Title title;
    title.zh = reader.text("zh", true);
    title.en = reader.text("en");
    reader.finish();
    if (title.en.empty()) {
        title.en = title.zh;
    }
    return title;
}

void Reader::each(
    const std::string& key, bool needed, const std::function<void(const Yaml::Member&)>& f
) {
    const Yaml* node = needed ? demand(key) : take(key);
    if (!node) {
        return;
    }
    if (node->shape != Yaml::Shape::map) {
        mistake(*node, m_what + ": '" + key + "' must be a map", "write it as name: {...}");
        return;
    }
    for (const auto& member : node->members) {
        f(member);
    }
}

void Reader::finish() {
    for (const auto& member : m_node.members) {
        if (std::find(m_asked.begin(), m_asked.end(), member.key) == m_asked.end()) {
            m_mistakes.push_back(
                {{m_file, member.line},
                 m_what + ": unknown key '" + member.key + "'",
                 foreign(member.key) ? "put a text with commas in quotes"
                                     : suggest(member.key, m_asked)}
            );
        }
    }
}

}  // namespace linli::catalogue
