// SPDX-License-Identifier: Apache-2.0
#include "identity/password.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace linli::identity {

namespace {

bool digit(char c) {
    return c >= '0' && c <= '9';
}

int kinds_in(std::string_view password) {
    bool capital = false, small = false, number = false, other = false;
    for (const char c : password) {
        const bool is_capital = c >= 'A' && c <= 'Z', is_small = c >= 'a' && c <= 'z';
        capital = capital || is_capital;
        small = small || is_small;
        number = number || digit(c);
        other = other || (!is_capital && !is_small && !digit(c));
    }
    return capital + small + number + other;
}

/// Phone numbers, birthdays, numbers of identity cards and their last digits, which may be an X.
bool number_of_somebody(std::string_view password) {
    if (!password.empty() && (password.back() == 'X' || password.back() == 'x')) {
        password.remove_suffix(1);
    }
    return password.size() <= 18 && std::all_of(password.begin(), password.end(), digit);
}

/// A place is known by its name with and without the word for what it is: 花山区, 花山.
std::string stem_of(const std::string& word) {
    for (const char* ending :
         {"维吾尔自治区", "街道办事处", "壮族自治区", "回族自治区", "社区居委会", "自治区",
          "自治州", "自治县", "街道", "社区", "小区", "网格", "省", "市", "区", "县", "镇", "乡",
          "村"}) {
        const std::string_view end(ending);
        if (word.size() > end.size() + 5 && word.ends_with(end)) {
            return word.substr(0, word.size() - end.size());
        }
    }
    return word;
}

/// As written, and as pinyin of it; the longest first, so that the whole goes before its parts.
std::vector<std::string> forms_of(const std::vector<std::string>& words) {
    std::vector<std::string> forms;
    for (const auto& word : words) {
        for (const auto& one : {word, stem_of(word)}) {
            const auto latin = pinyin(one);
            if (one != latin && characters(one) >= 2) {
                forms.push_back(one);
            }
            if (latin.size() >= 4) {
                forms.push_back(latin);
            }
        }
    }
    std::sort(forms.begin(), forms.end(), [](const auto& a, const auto& b) {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    return forms;
}

/// True if next to nothing is left once what others know is taken out: "huashan@2024", "lisi1990".
bool made_of(const std::string& password, const std::vector<std::string>& words) {
    std::string rest(password);
    std::transform(rest.begin(), rest.end(), rest.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto before = rest.size();
    auto known = words;
    known.insert(known.end(), {"linli", "邻里"});  // the product itself
    for (const auto& word : forms_of(known)) {
        for (auto at = rest.find(word); at != std::string::npos; at = rest.find(word)) {
            rest.erase(at, word.size());
        }
    }
    const auto letters = std::count_if(rest.begin(), rest.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c & 0xc0) == 0xc0;  // Han letters once each
    });
    return rest.size() < before && letters < 4 && rest.size() <= 12;
}

}  // namespace

void check_password(
    const std::string& pointer, const std::string& password,
    const catalogue::PasswordProfile& profile, const std::vector<std::string>& words
) {
    const auto length = static_cast<int>(characters(password));
    if (length < profile.least || length > profile.most) {
        throw invalid(
            pointer, "password_length",
            "a password has " + std::to_string(profile.least) + " to " +
                std::to_string(profile.most) + " characters"
        );
    }
    if (kinds_in(password) < profile.kinds) {
        throw invalid(
            pointer, "password_kinds",
            "a password has " + std::to_string(profile.kinds) +
                " of these: capitals, small letters, digits, other characters"
        );
    }
    const bool one_character = password.find_first_not_of(password[0]) == std::string::npos;
    if (profile.common && (one_character || common_password(password))) {
        throw invalid(pointer, "password_weak", "this password is guessed at once; choose another");
    }
    if (profile.local && (number_of_somebody(password) || made_of(password, words))) {
        throw invalid(
            pointer, "password_local",
            "names, places, phone numbers and birthdays are guessed; choose another"
        );
    }
}

bool expired(const catalogue::PasswordProfile& profile, Instant set_at, Instant now) {
    return profile.days > 0 && now - set_at >= profile.days * day_ms;
}

}  // namespace linli::identity
