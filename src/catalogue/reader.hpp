// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Reads the map of a pack and complains in one way. Internal to this room. A key that nobody asked
/// for is a mistake; the suggestion is the nearest of the keys that were asked for.
#include <functional>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "catalogue/yaml.hpp"

namespace linli::catalogue {

/// "did you mean 'x'?" or, if nothing is near, "known: a, b, c".
std::string suggest(std::string_view word, const std::vector<std::string>& known);
/// "lead_unit" -> "Lead unit": the title of what bears none.
std::string humanised(std::string_view name);
/// Lower-case words joined by single underscores, at most 48 characters, that begin with a letter.
bool plain_name(std::string_view);

class Reader {
 public:
    /// `what` names the map in messages: "field 'phone'".
    Reader(const Yaml&, std::string file, std::string what, Mistakes&);

    bool readable() const { return m_node.shape == Yaml::Shape::map; }
    const std::string& what() const { return m_what; }
    Place place() const { return {m_file, m_node.line}; }
    Place place(const Yaml& node) const { return {m_file, node.line}; }

    /// Null if the key is missing or has no value.
    const Yaml* take(const std::string& key);
    /// The same, and a mistake if it is missing.
    const Yaml* demand(const std::string& key);

    std::string text(const std::string& key, bool needed = false);
    bool flag(const std::string& key);
    std::optional<std::int64_t> integer(
        const std::string& key, std::int64_t least, std::int64_t most
    );
    /// One word or a list of words.
    std::vector<std::string> words(const std::string& key, bool needed = false);
    std::optional<Limit> limit(const std::string& key);
    /// A text for both languages or {zh, en}; `fallback` fills what is missing.
    Title title(const std::string& key, const std::string& fallback);
    template <class E>
    std::optional<E> one_of(const std::string& key, bool needed = false);

    /// Each member of the map under `key`; a list or text there is a mistake.
    void each(
        const std::string& key, bool needed, const std::function<void(const Yaml::Member&)>& f
    );

    void mistake(const Yaml& at, std::string message, std::string suggestion = {});
    void mistake(std::string message, std::string suggestion = {});
    /// Complains of keys nobody asked for.
    void finish();

    std::optional<std::string> scalar(const Yaml&, const std::string& key);
    std::vector<std::string> word_list(const Yaml&, const std::string& key);
    std::optional<Limit> limit_of(const Yaml&, const std::string& key);
    const std::string& file() const { return m_file; }
    Mistakes& mistakes() { return m_mistakes; }

 private:
    const Yaml& m_node;
    std::string m_file, m_what;
    Mistakes& m_mistakes;
    std::vector<std::string> m_asked;
};

template <class E>
std::optional<E> Reader::one_of(const std::string& key, bool needed) {
    const Yaml* node = needed ? demand(key) : take(key);
    const auto word = node ? scalar(*node, key) : std::nullopt;
    if (!word) {
        return std::nullopt;
    }
    const auto found = parse_name<E>(*word);
    if (!found) {
        std::vector<std::string> known;
        for (const char* name : names(E{})) {
            known.emplace_back(name);
        }
        mistake(*node, m_what + ": unknown " + key + " '" + *word + "'", suggest(*word, known));
    }
    return found;
}

}  // namespace linli::catalogue
