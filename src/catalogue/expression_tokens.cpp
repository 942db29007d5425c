// SPDX-License-Identifier: Apache-2.0
// The words of an expression.
#include "catalogue/expression_parser.hpp"

namespace linli::catalogue {
namespace {

bool letter(char c) {
    return (c >= 'a' && c <= 'z') || c == '_';
}
bool digit(char c) {
    return c >= '0' && c <= '9';
}

std::size_t end_of_text(std::string_view text, std::size_t at, std::string& value) {
    for (std::size_t i = at + 1; i < text.size(); ++i) {
        if (text[i] != '\'') {
            value += text[i];
        } else if (i + 1 < text.size() && text[i + 1] == '\'') {
            value += '\'';
            ++i;
        } else {
            return i + 1;
        }
    }
    fail(at, "the text that begins here has no end", "close it with '");
}

bool date_at(std::string_view text, std::size_t at) {
    static constexpr std::string_view shape = "dddd-dd-dd";
    if (at + shape.size() > text.size()) {
        return false;
    }
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (shape[i] == 'd' ? !digit(text[at + i]) : text[at + i] != shape[i]) {
            return false;
        }
    }
    return at + shape.size() == text.size() || !digit(text[at + shape.size()]);
}

std::size_t end_of_number(std::string_view text, std::size_t at) {
    std::size_t i = at, digits = 0;
    bool point = false;
    while (i < text.size() && (digit(text[i]) || (text[i] == '.' && !point))) {
        point = point || text[i] == '.';
        digits += digit(text[i]) ? 1 : 0;
        ++i;
    }
    if (text[i - 1] == '.' || digits > 15 || (i < text.size() && letter(text[i]))) {
        fail(at, "this is no number that we take", "up to 15 digits, like 12 or 0.5");
    }
    return i;
}

}  // namespace

std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t at = i;
        const char c = text[i];
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            ++i;
            continue;
        }
        if (letter(c)) {
            while (i < text.size() && (letter(text[i]) || digit(text[i]))) {
                ++i;
            }
            tokens.push_back({Token::Kind::name, std::string(text.substr(at, i - at)), at});
        } else if (date_at(text, i)) {
            i += 10;
            tokens.push_back({Token::Kind::date, std::string(text.substr(at, 10)), at});
        } else if (digit(c)) {
            i = end_of_number(text, i);
            tokens.push_back({Token::Kind::number, std::string(text.substr(at, i - at)), at});
        } else if (c == '\'') {
            std::string value;
            i = end_of_text(text, i, value);
            tokens.push_back({Token::Kind::text, std::move(value), at});
        } else {
            const auto two = text.substr(i, 2);
            const bool pair = two == "!=" || two == "<=" || two == ">=";
            if (!pair && std::string_view("()+-*/=<>,").find(c) == std::string_view::npos) {
                fail(
                    at, "a character that has no meaning here",
                    c == '"' ? "texts stand in single quotes" : "names are lower case"
                );
            }
            i += pair ? 2 : 1;
            tokens.push_back({Token::Kind::sign, std::string(text.substr(at, i - at)), at});
        }
    }
    tokens.push_back({Token::Kind::end, "", text.size()});
    return tokens;
}

}  // namespace linli::catalogue
