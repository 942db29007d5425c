// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>

#include "base/error.hpp"
#include "base/text.hpp"

namespace linli {
namespace {

using boost::json::error_code;
using Piece = boost::json::string_view;

/// Builds a Value from the parser's events. Keys are compared by sorting once an object is
/// complete, so that no choice of keys makes it slow.
class Builder {
 public:
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    explicit Builder(const JsonLimits& limits) : m_limits(limits) {}

    Value result;
    std::optional<Refused> refused;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) {
        m_open.push_back(Value::Object{});
        return true;
    }
    bool on_array_begin(error_code&) {
        m_open.push_back(Value::List{});
        return true;
    }
    bool on_object_end(std::size_t, error_code& error) {
        if (const auto* key = repeated_key(*m_open.back().as_object())) {
            return refuse(
                malformed(
                    "json_duplicate_key", "the key \"" + *key + "\" stands twice in one object"
                ),
                error
            );
        }
        return close();
    }
    bool on_array_end(std::size_t, error_code&) { return close(); }
    bool on_key_part(Piece piece, std::size_t, error_code&) {
        m_text.append(piece.data(), piece.size());
        return true;
    }
    bool on_key(Piece piece, std::size_t, error_code& error) {
        auto& members = *m_open.back().as_object();
        if (members.size() >= m_limits.members) {
            return refuse(
                too_large(
                    "json_too_many_members",
                    "an object may have at most " + std::to_string(m_limits.members) + " members"
                ),
                error
            );
        }
        std::string key;
        if (!take_text(piece, key, error)) {
            return false;
        }
        members.emplace_back(std::move(key), Value());
        return true;
    }
    bool on_string_part(Piece piece, std::size_t, error_code&) {
        m_text.append(piece.data(), piece.size());
        return true;
    }
    bool on_string(Piece piece, std::size_t, error_code& error) {
        std::string text;
        return take_text(piece, text, error) && add(Value(std::move(text)));
    }
    bool on_number_part(Piece piece, error_code&) {
        m_text.append(piece.data(), piece.size());
        return true;
    }
    bool on_int64(std::int64_t number, Piece, error_code&) {
        m_text.clear();
        return add(Value(number));
    }
    bool on_uint64(std::uint64_t about, Piece piece, error_code& error) {
        return add_double(static_cast<double>(about), piece, error);
    }
    bool on_double(double about, Piece piece, error_code& error) {
        return add_double(about, piece, error);
    }
    bool on_bool(bool value, error_code&) { return add(Value(value)); }
    bool on_null(error_code&) { return add(Value()); }
    bool on_comment_part(Piece, error_code&) { return true; }
    bool on_comment(Piece, error_code&) { return true; }

 private:
    bool refuse(Refused why, error_code& error) {
        refused = std::move(why);
        error = boost::json::error::syntax;
        return false;
    }

    /// The whole text of which `piece` is the end. A zero character would cut the text short in the
    /// database.
    bool take_text(Piece piece, std::string& text, error_code& error) {
        text = std::move(m_text);
        m_text.clear();
        text.append(piece.data(), piece.size());
        if (text.find('\0') != std::string::npos) {
            return refuse(malformed("json_malformed", "\\u0000 is not allowed in a text"), error);
        }
        return true;
    }

    /// Read again from its text: the parser's own doubles are not always the nearest ones.
    bool add_double(double about, Piece piece, error_code& error) {
        m_text.append(piece.data(), piece.size());
        double number = 0;
        const char* end = m_text.data() + m_text.size();
        const auto failure = std::from_chars(m_text.data(), end, number).ec;
        m_text.clear();
        if (failure != std::errc{} && std::abs(about) < 1) {
            number = 0;  // too small for a double
        } else if (failure != std::errc{}) {
            return refuse(malformed("json_malformed", "a number is too large"), error);
        }
        return add(Value(number));
    }

    bool add(Value value) {
        if (m_open.empty()) {
            result = std::move(value);
        } else if (auto* list = m_open.back().as_list()) {
            list->push_back(std::move(value));
        } else {
            m_open.back().as_object()->back().second = std::move(value);
        }
        return true;
    }

    bool close() {
        Value value = std::move(m_open.back());
        m_open.pop_back();
        return add(std::move(value));
    }

    static const std::string* repeated_key(const Value::Object& members) {
        std::vector<const std::string*> keys;
        keys.reserve(members.size());
        for (const auto& member : members) {
            keys.push_back(&member.first);
        }
        std::sort(keys.begin(), keys.end(), [](auto* a, auto* b) { return *a < *b; });
        const auto twice =
            std::adjacent_find(keys.begin(), keys.end(), [](auto* a, auto* b) { return *a == *b; });
        return twice == keys.end() ? nullptr : *twice;
    }

    const JsonLimits& m_limits;
    std::vector<Value> m_open;  ///< objects and lists that have begun
    std::string m_text;         ///< earlier parts of a key, text or number
};

std::string place(std::string_view text, std::size_t offset) {
    const auto before = text.substr(0, std::min(offset, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    return "line " + std::to_string(line) + ", column " +
           std::to_string(characters(before.substr(line_start)) + 1);
}

}  // namespace

Value parse_json(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes) {
        throw too_large(
            "json_too_large",
            "at most " + std::to_string(limits.bytes) + " bytes of JSON are read here"
        );
    }
    if (!valid_utf8(text)) {
        throw malformed("json_not_utf8", "the JSON text is not UTF-8");
    }
    boost::json::parse_options options;
    options.max_depth = static_cast<std::size_t>(std::max(limits.depth, 0));
    boost::json::basic_parser<Builder> parser(options, limits);
    error_code error;
    const auto used = parser.write_some(false, text.data(), text.size(), error);
    if (parser.handler().refused) {
        auto refused = *parser.handler().refused;
        refused.detail += " (" + place(text, used) + ")";
        throw refused;
    }
    if (error == boost::json::error::too_deep) {
        throw malformed(
            "json_too_deep",
            "at most " + std::to_string(limits.depth) + " levels of nesting are read"
        );
    }
    if (error) {
        throw malformed("json_malformed", error.message() + " (" + place(text, used) + ")");
    }
    if (used < text.size()) {
        throw malformed("json_malformed", "text after the end (" + place(text, used) + ")");
    }
    return std::move(parser.handler().result);
}

}  // namespace linli
