// SPDX-License-Identifier: Apache-2.0
#include "record/personal.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/time.hpp"

namespace linli::record {

namespace {

bool all_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int number_of(std::string_view digits) {
    int n = 0;
    for (const char c : digits) {
        n = n * 10 + (c - '0');
    }
    return n;
}

/// Weighted sum modulo 11 (GB 11643-1999, ISO 7064 MOD 11-2).
char check_digit(std::string_view seventeen) {
    constexpr std::array weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        sum += weights[i] * (seventeen[i] - '0');
    }
    return "10X98765432"[sum % 11];
}

/// First two digits of the division codes of GB/T 2260, with 83 for residence permits of Taiwan.
bool known_province(int code) {
    constexpr std::array codes{11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                               35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                               53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};
    return std::binary_search(codes.begin(), codes.end(), code);
}

}  // namespace

std::optional<std::string> plain_phone(std::string_view text) {
    std::string digits = tidy(text);
    std::erase_if(digits, [](char c) { return c == ' ' || c == '-'; });
    if (digits.starts_with("+86")) {
        digits.erase(0, 3);
    }
    if (!all_digits(digits)) {
        return std::nullopt;
    }
    const auto size = digits.size();
    const bool mobile = size == 11 && digits[0] == '1' && digits[1] >= '3';
    const bool landline = size >= 10 && size <= 12 && digits[0] == '0' && digits[1] != '0';
    const bool service = size == 10 && (digits.starts_with("400") || digits.starts_with("800"));
    return mobile || landline || service ? std::optional(std::move(digits)) : std::nullopt;
}

std::optional<std::string> plain_id_number(std::string_view text) {
    constexpr std::size_t length = 18;
    constexpr std::size_t old_length = 15, before_year = 6;
    std::string number = tidy(text);
    if (number.size() == old_length && all_digits(number)) {
        number.insert(before_year, "19");
        number += check_digit(number);
    }
    if (number.size() != length || !all_digits(std::string_view(number).substr(0, length - 1))) {
        return std::nullopt;
    }
    if (number.back() == 'x') {
        number.back() = 'X';
    }
    const std::string_view view = number;
    const YearMonthDay birthday{
        number_of(view.substr(6, 4)), number_of(view.substr(10, 2)), number_of(view.substr(12, 2))};
    const bool real =
        known_province(number_of(view.substr(0, 2))) && birthday.year >= 1850 && valid(birthday);
    return real && check_digit(view) == number.back() ? std::optional(std::move(number))
                                                      : std::nullopt;
}

std::string with_check_digit(std::string seventeen) {
    seventeen += check_digit(seventeen);
    return seventeen;
}

}  // namespace linli::record
