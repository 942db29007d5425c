// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What a password must be, by the profile of the installation (C02, C03).
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"

namespace linli::identity {

/// Throws `invalid` at `pointer` with the first rule that is broken. `words` are what others know
/// of the account: name, login, unit, places, as they are written; the product is one of them.
void check_password(
    const std::string& pointer, const std::string& password, const catalogue::PasswordProfile&,
    const std::vector<std::string>& words
);
bool expired(const catalogue::PasswordProfile&, Instant set_at, Instant now);

/// Passwords that are tried first: runs of digits and of the keyboard, words and names with the
/// usual endings. Sorted; small letters; eight characters and more, as shorter ones are refused
/// anyway.
const std::vector<std::string>& common_passwords();
/// Letter case and look-alikes (@ for a, 0 for o) make no difference.
bool common_password(std::string_view);

}  // namespace linli::identity
