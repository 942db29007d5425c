// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Who is calling: filled by the identity room through a function that app wires in; http only
/// carries it.
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"

namespace linli::http {

/// A role over an area subtree and, if need be, for a unit.
struct Grant {
    std::int64_t id = 0;
    std::string role;
    AreaId area;
    UnitId unit;        ///< none = not for a unit
    bool head = false;  ///< leads the unit: receives what is urged
    bool operator==(const Grant&) const = default;
};

struct Caller {
    AccountId account;  ///< none = nobody signed in
    std::string name;
    RecordId person;  ///< linked person record, if any
    std::vector<Grant> grants;
    std::vector<std::string> rights;  ///< kernel rights of all roles, sorted
    std::string session;              ///< digest of the session, for rate limits and step-up
    std::string csrf;                 ///< expected proof on unsafe methods; empty for bearer tokens
    Instant stepped_up_until;         ///< after which the password must be given again for C11
    bool token = false;               ///< a program's bearer token

    bool signed_in() const { return bool(account); }
    bool may(std::string_view right) const;
};

}  // namespace linli::http
