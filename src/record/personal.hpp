// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Numbers that identify people: phones and identity cards, brought to one way of writing (C46).
#include <optional>
#include <string>
#include <string_view>

namespace linli::record {

/// Digits alone, without +86, blanks and hyphens: 11 of a mobile, 10 to 12 of a landline with its
/// area code, or 10 of a 400/800 number.
std::optional<std::string> plain_phone(std::string_view text);
/// Citizen identification number (GB 11643-1999): province, birthday and check digit must be right;
/// X is a capital. One of 15 digits, from before 1999, gets its century and its check digit.
std::optional<std::string> plain_id_number(std::string_view text);
/// Seventeen digits and the check digit that belongs to them.
std::string with_check_digit(std::string seventeen);

}  // namespace linli::record
