// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Text as people write it: UTF-8, NFC, without control and bidi characters (C46); Chinese search;
/// encodings.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linli {

bool valid_utf8(std::string_view);
/// What Chinese spreadsheets save as CSV by default (GBK is part of GB18030), as UTF-8. Nothing if
/// it is not that.
std::optional<std::string> from_gb18030(std::string_view);
std::size_t characters(std::string_view utf8);  ///< code points
/// NFC, bidi and control characters out (line feeds stay if `lines`), blanks at both ends out.
std::string tidy(std::string_view utf8, bool lines = false);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// Search tokens: each Han character alone, other letters and digits in lower-case words, separated
/// by blanks. Two texts match if the tokens of the one stand in a row in the other.
std::string search_tokens(std::string_view utf8);

/// Small letters of ASCII: Han characters as pinyin without tones ("花山" -> "huashan"), other
/// letters without their marks, everything else left out but digits.
std::string pinyin(std::string_view utf8);

std::string to_hex(std::string_view bytes);
std::string from_hex(std::string_view hex);        ///< empty if not hex
std::string to_base64url(std::string_view bytes);  ///< no padding
/// False if `text` is not base64url.
bool from_base64url(std::string_view text, std::string& bytes);

/// The nearest of `candidates` within two edits, or "".
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace linli
