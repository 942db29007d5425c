// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What a kind says of itself to clients of Open311: its key `open311` (docs/catalogue.md).
#include <optional>
#include <set>

#include "catalogue/catalogue.hpp"

namespace linli::exchange {

struct Mapping {
    const catalogue::Kind* kind = nullptr;
    const catalogue::FieldSpec* service = nullptr;
    std::map<std::string, std::string> fields;   ///< "lat_long" -> name of the field
    std::set<std::string> shown;                 ///< words that anybody may read
    std::set<std::string> except;                ///< services that are not for the public
    std::set<std::string> closed;                ///< states
    Value::Object with;                          ///< what is filled in
    std::map<std::string, std::string> updates;  ///< "closed" -> action

    std::string field(const std::string& word) const;  ///< "" if there is none
    /// The word that a client knows a field by; the field's own name if there is none.
    std::string word_of(const std::string& field) const;
    bool shows(const catalogue::ChoiceList&, const std::string& service) const;
    const char* status_of(const std::string& state) const;  ///< "open", "closed"
    std::vector<std::string> states(bool closed) const;     ///< without what was withdrawn
};
/// Of the one kind that has it.
std::optional<Mapping> mapping_of(const catalogue::Catalogue&);

/// Entries that can be chosen: shown to the public, not hidden in the city, nothing below them.
std::vector<const catalogue::Choice*> services_of(const Mapping&, const catalogue::ChoiceList&);

}  // namespace linli::exchange
