// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/json.hpp"

namespace linli {
namespace {

void append_escape(std::string& out, unsigned char c) {
    constexpr char digits[] = "0123456789abcdef";
    out += '\\';
    switch (c) {
        case '"':
        case '\\':
            out += static_cast<char>(c);
            return;
        case '\n':
            out += 'n';
            return;
        case '\r':
            out += 'r';
            return;
        case '\t':
            out += 't';
            return;
        default:
            out += "u00";
            out += digits[c >> 4];
            out += digits[c & 15];
    }
}

/// Whether some byte needs an escape: eight at a time (a byte below 0x20, '"' or '\\').
bool plain(std::string_view text) {
    constexpr std::uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    const auto found = [](std::uint64_t word) {
        const auto quotes = word ^ ones * '"', slashes = word ^ ones * '\\';
        return ((word - ones * 0x20) & ~word & tops) | ((quotes - ones) & ~quotes & tops) |
               ((slashes - ones) & ~slashes & tops);
    };
    std::uint64_t word = 0;
    while (text.size() >= sizeof word) {
        std::memcpy(&word, text.data(), sizeof word);
        if (found(word) != 0) {
            return false;
        }
        text.remove_prefix(sizeof word);
    }
    word = ones * ' ';
    for (std::size_t i = 0; i < text.size(); ++i) {
        reinterpret_cast<char*>(&word)[i] = text[i];
    }
    return found(word) == 0;
}

void append_text(std::string& out, std::string_view text) {
    out += '"';
    if (plain(text)) {
        out += text;
        out += '"';
        return;
    }
    std::size_t done = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        out.append(text, done, i - done);
        append_escape(out, c);
        done = i + 1;
    }
    out.append(text, done);
    out += '"';
}

template <class Number>
void append_number(std::string& out, Number number) {
    char buffer[32];
    out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

/// A double keeps a point or exponent, so that it is read as a double again.
void append_double(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    const auto start = out.size();
    append_number(out, number);
    if (out.find_first_of(".e", start) == std::string::npos) {
        out += ".0";
    }
}

void append_pretty(std::string& out, const Value& value, std::size_t indent) {
    const auto* object = value.as_object();
    const auto* list = value.as_list();
    const auto size = object ? object->size() : list ? list->size() : 0;
    if (size == 0) {
        out += to_json(value);
        return;
    }
    out += object ? '{' : '[';
    for (std::size_t i = 0; i < size; ++i) {
        out += i ? ",\n" : "\n";
        out.append(indent + 2, ' ');
        if (object) {
            append_text(out, (*object)[i].first);
            out += ": ";
        }
        append_pretty(out, object ? (*object)[i].second : (*list)[i], indent + 2);
    }
    out += '\n';
    out.append(indent, ' ');
    out += object ? '}' : ']';
}

}  // namespace

std::string to_json(const Value& value) {
    std::string text;
    JsonWriter(text).value(value);
    return text;
}

std::string to_json_pretty(const Value& value) {
    std::string text;
    append_pretty(text, value, 0);
    text += '\n';
    return text;
}

void JsonWriter::separate() {
    if (!m_first && !m_after_key) {
        m_out += ',';
    }
    m_first = m_after_key = false;
}

void JsonWriter::begin_object() {
    separate();
    m_out += '{';
    m_first = true;
}
void JsonWriter::end_object() {
    m_out += '}';
    m_first = false;
}
void JsonWriter::begin_list() {
    separate();
    m_out += '[';
    m_first = true;
}
void JsonWriter::end_list() {
    m_out += ']';
    m_first = false;
}
void JsonWriter::key(std::string_view name) {
    separate();
    append_text(m_out, name);
    m_out += ':';
    m_after_key = true;
}
void JsonWriter::null() {
    raw("null");
}
void JsonWriter::boolean(bool value) {
    raw(value ? "true" : "false");
}
void JsonWriter::integer(std::int64_t value) {
    separate();
    append_number(m_out, value);
}
void JsonWriter::number(double value) {
    separate();
    append_double(m_out, value);
}
void JsonWriter::text(std::string_view value) {
    separate();
    append_text(m_out, value);
}
void JsonWriter::id(std::int64_t value) {
    if (value == 0) {
        return null();
    }
    separate();
    m_out += '"';
    append_number(m_out, value);
    m_out += '"';
}

void JsonWriter::decimal(std::int64_t scaled, int scale) {
    separate();
    if (scaled < 0) {
        m_out += '-';
    }
    auto digits = std::to_string(
        scaled < 0 ? 0 - static_cast<std::uint64_t>(scaled) : static_cast<std::uint64_t>(scaled)
    );
    const auto places = static_cast<std::size_t>(std::max(scale, 0));
    if (digits.size() <= places) {
        digits.insert(0, places + 1 - digits.size(), '0');
    }
    m_out.append(digits, 0, digits.size() - places);
    if (places > 0) {
        m_out += '.';
        m_out.append(digits, digits.size() - places);
    }
}

void JsonWriter::value(const Value& v) {
    if (const auto* flag = v.as_bool()) {
        boolean(*flag);
    } else if (const auto* whole = v.as_int()) {
        integer(*whole);
    } else if (const auto* real = v.as_double()) {
        number(*real);
    } else if (const auto* words = v.as_text()) {
        text(*words);
    } else if (const auto* list = v.as_list()) {
        begin_list();
        for (const auto& one : *list) {
            value(one);
        }
        end_list();
    } else if (const auto* object = v.as_object()) {
        begin_object();
        for (const auto& [name, one] : *object) {
            key(name);
            value(one);
        }
        end_object();
    } else {
        null();
    }
}

void JsonWriter::raw(std::string_view json) {
    separate();
    m_out += json;
}

}  // namespace linli
