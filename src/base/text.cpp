// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace linli {
namespace {

/// Calls `f(code point)` for each; broken bytes become U+FFFD.
template <class F>
void each_character(std::string_view utf8, F&& f) {
    const char* text = utf8.data();
    const auto size = static_cast<int32_t>(utf8.size());
    for (int32_t i = 0; i < size;) {
        UChar32 c;
        U8_NEXT_OR_FFFD(text, i, size, c);
        f(c);
    }
}

void append(std::string& out, UChar32 c) {
    char bytes[U8_MAX_LENGTH];
    int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, c);
    out.append(bytes, static_cast<std::size_t>(length));
}

bool bidi_control(UChar32 c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
           c == 0x200F || c == 0x061C;
}
bool control(UChar32 c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}
bool line_break(UChar32 c) {
    return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}
bool no_character(UChar32 c) {
    return U_IS_UNICODE_NONCHAR(c) || c == 0xFEFF;
}

std::string normalized(const icu::Normalizer2& form, const std::string& utf8) {
    UErrorCode status = U_ZERO_ERROR;
    std::string result;
    icu::StringByteSink<std::string> sink(&result, static_cast<int32_t>(utf8.size()));
    form.normalizeUTF8(0, utf8, sink, nullptr, status);
    if (U_FAILURE(status)) {
        throw std::runtime_error(std::string("ICU cannot normalize text: ") + u_errorName(status));
    }
    return result;
}

const icu::Normalizer2& loaded(const icu::Normalizer2* form, UErrorCode status) {
    if (U_FAILURE(status) || !form) {
        throw std::runtime_error("the data of ICU is missing");
    }
    return *form;
}
const icu::Normalizer2& nfc() {
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFCInstance(status);
    return loaded(form, status);
}
/// Folds case, full width, circled and superscript forms and compatibility ideographs.
const icu::Normalizer2& search_form() {
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFKCCasefoldInstance(status);
    return loaded(form, status);
}

std::string trimmed(const std::string& utf8) {
    const auto size = static_cast<int32_t>(utf8.size());
    int32_t from = 0, to = size;
    for (int32_t next = 0; next < size; from = next) {
        UChar32 c;
        U8_NEXT_OR_FFFD(utf8.data(), next, size, c);
        if (!u_isUWhiteSpace(c)) {
            break;
        }
    }
    for (int32_t before = size; before > from; to = before) {
        UChar32 c;
        U8_PREV_OR_FFFD(utf8.data(), from, before, c);
        if (!u_isUWhiteSpace(c)) {
            break;
        }
    }
    return utf8.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
}

/// Also the planes of Han characters that are younger than the installed ICU.
bool han(UChar32 c) {
    if (c >= 0x20000 && c <= 0x3FFFD) {
        return true;
    }
    UErrorCode status = U_ZERO_ERROR;
    return c >= 0x2E80 && uscript_getScript(c, &status) == USCRIPT_HAN;
}
bool word_part(UChar32 c) {
    return u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK);
}

std::u32string code_points(std::string_view utf8) {
    std::u32string result;
    each_character(utf8, [&](UChar32 c) { result += static_cast<char32_t>(c); });
    return result;
}

/// Insertions, deletions, replacements and swaps of neighbours.
std::size_t edits(const std::u32string& a, const std::u32string& b) {
    std::vector<std::size_t> before, above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        above[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] =
                std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        before = above;
        above = row;
    }
    return above[b.size()];
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

constexpr std::string_view base64url_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int base64url_digit(char c) {
    const auto found = base64url_digits.find(c);
    return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

}  // namespace

bool valid_utf8(std::string_view text) {
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    const auto* end = p + text.size();
    while (p < end) {
        std::uint64_t eight;
        while (end - p >= 8 && (std::memcpy(&eight, p, 8), (eight & 0x8080808080808080) == 0)) {
            p += 8;
        }
        if (p == end) {
            break;
        }
        const unsigned char lead = *p++;
        if (lead < 0x80) {
            continue;
        }
        const int more = lead >= 0xC2 && lead < 0xE0   ? 1
                         : lead >= 0xE0 && lead < 0xF0 ? 2
                         : lead >= 0xF0 && lead < 0xF5 ? 3
                                                       : 0;
        if (more == 0 || end - p < more) {
            return false;
        }
        // The second byte excludes overlong forms, surrogates and what is above U+10FFFF.
        const unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        const unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (p[0] < least || p[0] > most) {
            return false;
        }
        for (int i = 1; i < more; ++i) {
            if ((p[i] & 0xC0) != 0x80) {
                return false;
            }
        }
        p += more;
    }
    return true;
}

std::optional<std::string> from_gb18030(std::string_view bytes) {
    if (bytes.size() > INT32_MAX / 4) {
        return std::nullopt;
    }
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, decltype(&ucnv_close)> from(
        ucnv_open("gb18030", &status), ucnv_close
    );
    const std::unique_ptr<UConverter, decltype(&ucnv_close)> to(
        ucnv_open("UTF-8", &status), ucnv_close
    );
    if (U_FAILURE(status)) {
        throw std::runtime_error("the data of ICU is missing");
    }
    ucnv_setToUCallBack(from.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    std::string utf8(bytes.size() * 3 + 4, '\0');  // two bytes become at most three, one byte one
    char* out = utf8.data();
    const char* in = bytes.data();
    ucnv_convertEx(
        to.get(), from.get(), &out, utf8.data() + utf8.size(), &in, bytes.data() + bytes.size(),
        nullptr, nullptr, nullptr, nullptr, true, true, &status
    );
    if (U_FAILURE(status)) {
        return std::nullopt;
    }
    utf8.resize(static_cast<std::size_t>(out - utf8.data()));
    return utf8;
}

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (c & 0xC0) != 0x80;
    }));
}

std::string tidy(std::string_view utf8, bool lines) {
    std::string kept;
    kept.reserve(utf8.size());
    UChar32 last = 0;
    each_character(utf8, [&](UChar32 c) {
        if (line_break(c)) {
            if (!(c == '\n' && last == '\r')) {
                kept += lines ? '\n' : ' ';
            }
        } else if (c == '\t') {
            kept += ' ';
        } else if (!control(c) && !bidi_control(c) && !no_character(c)) {
            append(kept, c);
        }
        last = c;
    });
    UErrorCode status = U_ZERO_ERROR;
    if (!nfc().isNormalizedUTF8(kept, status) || U_FAILURE(status)) {
        kept = normalized(nfc(), kept);
    }
    return trimmed(kept);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    std::size_t from = 0;
    for (auto to = text.find(separator); to != std::string_view::npos;
         to = text.find(separator, from)) {
        parts.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    parts.push_back(text.substr(from));
    return parts;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i) {
            text += separator;
        }
        text += parts[i];
    }
    return text;
}

std::string search_tokens(std::string_view utf8) {
    std::string tokens;
    bool in_word = false;
    each_character(normalized(search_form(), std::string(utf8)), [&](UChar32 c) {
        const bool alone = han(c);
        const bool part = !alone && word_part(c);
        if (alone || part) {
            if (!tokens.empty() && !(part && in_word)) {
                tokens += ' ';
            }
            append(tokens, c);
        }
        in_word = part;
    });
    return tokens;
}

std::string to_hex(std::string_view bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        const auto c = static_cast<unsigned char>(byte);
        hex += digits[c >> 4];
        hex += digits[c & 15];
    }
    return hex;
}

std::string from_hex(std::string_view hex) {
    if (hex.size() % 2 != 0) {
        return {};
    }
    std::string bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = hex_digit(hex[i]), low = hex_digit(hex[i + 1]);
        if (high < 0 || low < 0) {
            return {};
        }
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

std::string to_base64url(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t held = 0;
    int bits = 0;
    for (const char byte : bytes) {
        held = held << 8 | static_cast<unsigned char>(byte);
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            text += base64url_digits[held >> bits & 63];
        }
    }
    if (bits > 0) {
        text += base64url_digits[held << (6 - bits) & 63];
    }
    return text;
}

bool from_base64url(std::string_view text, std::string& bytes) {
    bytes.clear();
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : text) {
        const int digit = base64url_digit(c);
        if (digit < 0) {
            return false;
        }
        held = held << 6 | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(held >> bits & 255);
        }
    }
    return bits < 6 && (held & ((1U << bits) - 1)) == 0;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
    const auto wanted = code_points(word);
    std::size_t best = std::min<std::size_t>(3, wanted.size());
    std::string found;
    for (const auto& candidate : candidates) {
        if (candidate.size() > word.size() + 8 || candidate.size() + 8 < word.size()) {
            continue;  // a character has at most four bytes
        }
        const auto distance = edits(wanted, code_points(candidate));
        if (distance < best) {
            best = distance;
            found = candidate;
        }
    }
    return found;
}

}  // namespace linli
