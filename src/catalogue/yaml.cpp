// SPDX-License-Identifier: Apache-2.0
#include "catalogue/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <charconv>
#include <sstream>

#include "base/text.hpp"

namespace linli::catalogue {
namespace {

constexpr std::size_t depth_limit = 40;
constexpr std::size_t node_limit = 200'000;

/// Thrown out of the parser at the first thing we refuse; caught in parse_yaml.
struct Refusal {
    int line;
    std::string message, suggestion;
};

class Tree final : public YAML::EventHandler {
 public:
    Tree(const std::string& file, Mistakes& mistakes) : m_file(file), m_mistakes(mistakes) {}
    Yaml root;

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++m_documents > 1) {
            throw Refusal{mark.line + 1, "a second document begins here", "one file, one document"};
        }
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(mark, anchor, {}); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        throw Refusal{mark.line + 1, "aliases (*name) are not used in packs", "write it out"};
    }
    void OnScalar(
        const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
        const std::string& value
    ) override {
        check_tag(mark, tag, true);
        Yaml node;
        node.shape = Yaml::Shape::scalar;
        node.quoted = tag == "!";
        node.text = value;
        if (!node.quoted && (value == "~" || value == "null")) {
            node.shape = Yaml::Shape::null;
        }
        add(mark, anchor, std::move(node));
    }
    void OnSequenceStart(
        const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
        YAML::EmitterStyle::value
    ) override {
        open(mark, tag, anchor, Yaml::Shape::list);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(
        const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
        YAML::EmitterStyle::value
    ) override {
        open(mark, tag, anchor, Yaml::Shape::map);
    }
    void OnMapEnd() override { close(); }

 private:
    struct Level {
        Yaml node;
        std::optional<Yaml> key;
    };

    static void check_tag(const YAML::Mark& mark, const std::string& tag, bool scalar) {
        if (!tag.empty() && tag != "?" && !(scalar && tag == "!")) {
            throw Refusal{
                mark.line + 1, "tags (" + tag + ") are not used in packs", "leave it out"};
        }
    }
    void open(
        const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Yaml::Shape shape
    ) {
        check_tag(mark, tag, false);
        check_anchor(mark, anchor);
        if (m_levels.size() >= depth_limit) {
            throw Refusal{mark.line + 1, "nested too deeply", "at most 40 levels"};
        }
        Level level;
        level.node.shape = shape;
        level.node.line = mark.line + 1;
        m_levels.push_back(std::move(level));
    }
    void close() {
        Yaml node = std::move(m_levels.back().node);
        m_levels.pop_back();
        place(std::move(node));
    }
    static void check_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != YAML::NullAnchor) {
            throw Refusal{mark.line + 1, "anchors (&name) are not used in packs", "write it out"};
        }
    }
    void add(const YAML::Mark& mark, YAML::anchor_t anchor, Yaml node) {
        check_anchor(mark, anchor);
        node.line = mark.line + 1;
        place(std::move(node));
    }
    void place(Yaml node) {
        if (++m_nodes > node_limit) {
            throw Refusal{node.line, "the file is too large", "split it"};
        }
        if (m_levels.empty()) {
            root = std::move(node);
            return;
        }
        Level& level = m_levels.back();
        if (level.node.shape == Yaml::Shape::list) {
            level.node.items.push_back(std::move(node));
        } else if (!level.key) {
            take_key(level, std::move(node));
        } else {
            finish_member(level, std::move(node));
        }
    }
    static void take_key(Level& level, Yaml node) {
        if (node.shape != Yaml::Shape::scalar) {
            throw Refusal{node.line, "a key must be a word", "check the brackets and colons"};
        }
        level.key = std::move(node);
    }
    void finish_member(Level& level, Yaml value) {
        for (const auto& member : level.node.members) {
            if (member.key == level.key->text) {
                m_mistakes.push_back(
                    {{m_file, level.key->line},
                     "key '" + member.key + "' is written twice (first on line " +
                         std::to_string(member.line) + ")",
                     "keep one of them"}
                );
                level.key.reset();
                return;
            }
        }
        level.node.members.push_back({level.key->text, level.key->line, std::move(value)});
        level.key.reset();
    }

    const std::string& m_file;
    Mistakes& m_mistakes;
    std::vector<Level> m_levels;
    std::size_t m_nodes = 0;
    int m_documents = 0;
};

}  // namespace

const Yaml* Yaml::find(std::string_view key) const {
    for (const auto& member : members) {
        if (member.key == key) {
            return &member.value;
        }
    }
    return nullptr;
}

std::optional<Yaml> parse_yaml(
    const std::string& text, const std::string& file, Mistakes& mistakes
) {
    if (!valid_utf8(text)) {
        mistakes.push_back({{file, 1}, "the file is not UTF-8", "save it as UTF-8"});
        return std::nullopt;
    }
    if (text.find('\0') != std::string::npos) {
        mistakes.push_back({{file, 1}, "the file holds a NUL byte", "is it a text file?"});
        return std::nullopt;
    }
    Tree tree(file, mistakes);
    try {
        std::istringstream stream(text);
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(tree)) {
        }
        return std::move(tree.root);
    } catch (const Refusal& refusal) {
        mistakes.push_back({{file, refusal.line}, refusal.message, refusal.suggestion});
    } catch (const YAML::Exception& e) {
        mistakes.push_back({{file, e.mark.line + 1}, "not readable as YAML: " + e.msg, {}});
    }
    return std::nullopt;
}

std::optional<std::int64_t> to_integer(std::string_view text) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    const auto digits = text.starts_with('-') ? text.substr(1) : text;
    if (error != std::errc() || stopped != end || (digits.size() > 1 && digits[0] == '0')) {
        return std::nullopt;
    }
    return number;
}

Value to_value(const Yaml& node) {
    switch (node.shape) {
        case Yaml::Shape::null:
            return {};
        case Yaml::Shape::list: {
            Value::List list;
            for (const auto& item : node.items) {
                list.push_back(to_value(item));
            }
            return list;
        }
        case Yaml::Shape::map: {
            Value::Object object;
            for (const auto& member : node.members) {
                object.emplace_back(member.key, to_value(member.value));
            }
            return object;
        }
        case Yaml::Shape::scalar:
            break;
    }
    if (node.quoted) {
        return node.text;
    }
    if (node.text == "true" || node.text == "false") {
        return node.text == "true";
    }
    if (const auto integer = to_integer(node.text)) {
        return *integer;
    }
    double number = 0;
    const auto* end = node.text.data() + node.text.size();
    if (const auto r = std::from_chars(node.text.data(), end, number);
        r.ec == std::errc() && r.ptr == end && number - number == 0) {
        return number;
    }
    return node.text;
}

}  // namespace linli::catalogue
