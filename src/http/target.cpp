// SPDX-License-Identifier: Apache-2.0
#include "http/target.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"
#include "base/text.hpp"

namespace linli::http {

namespace {

constexpr std::size_t most_queries = 200;

[[noreturn]] void refuse(const char* why) {
    throw malformed("target_malformed", why);
}

int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/// Percent decoding, once. In a query `+` is a blank.
std::string decoded(std::string_view text, bool query) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c <= 0x20 || c >= 0x7f || c == '\\' || c == '#') {
            refuse("the target holds characters that must be percent-encoded");
        }
        if (c == '+' && query) {
            out += ' ';
        } else if (c != '%') {
            out += text[i];
        } else {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                refuse("a percent sign is followed by two hex digits");
            }
            out += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    if (out.find('\0') != std::string::npos || !valid_utf8(out)) {
        refuse("the target is not UTF-8 without NUL");
    }
    return out;
}

std::string decoded_path(std::string_view raw) {
    std::string path;
    path.reserve(raw.size());
    for (auto segment : split(raw.substr(1), '/')) {
        const auto plain = decoded(segment, false);
        if (plain == "." || plain == "..") {
            refuse("a path has no . or .. segments");
        }
        const bool odd = std::any_of(plain.begin(), plain.end(), [](unsigned char c) {
            return c == '/' || c == '\\' || c < 0x20 || c == 0x7f;
        });
        if (odd) {
            refuse("a path segment holds no slash, backslash or control character");
        }
        path += '/';
        path += plain;
    }
    return path;
}

}  // namespace

Target parse_target(std::string_view target) {
    for (std::string_view scheme : {"http://", "https://"}) {
        if (target.starts_with(scheme)) {
            const auto slash = target.find('/', scheme.size());
            target = slash == std::string_view::npos ? "/" : target.substr(slash);
        }
    }
    if (target.empty() || target.front() != '/') {
        refuse("the target begins with /");
    }
    Target result;
    const auto mark = target.find('?');
    result.path = decoded_path(target.substr(0, mark));
    if (mark == std::string_view::npos) {
        return result;
    }
    for (auto pair : split(target.substr(mark + 1), '&')) {
        if (pair.empty()) {
            continue;
        }
        if (result.query.size() == most_queries) {
            refuse("too many query parameters");
        }
        const auto equals = pair.find('=');
        auto value = equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1), true);
        result.query.emplace_back(decoded(pair.substr(0, equals), true), std::move(value));
    }
    return result;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (auto& c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return out;
}

bool same_word(std::string_view a, std::string_view b) {
    return a.size() == b.size() && lower_case(a) == lower_case(b);
}

bool accepts(std::string_view accept, std::string_view coding) {
    for (auto part : split(accept, ',')) {
        const auto pieces = split(part, ';');
        if (!same_word(trimmed(pieces[0]), coding)) {
            continue;
        }
        const auto weight = pieces.size() > 1 ? trimmed(pieces[1]) : std::string_view("q=1");
        return !weight.starts_with("q=") || std::atof(std::string(weight.substr(2)).c_str()) > 0;
    }
    return false;
}

bool loopback(std::string_view address) {
    return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

}  // namespace linli::http
