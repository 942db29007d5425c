// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Who may see and do what with records of a kind: decided here, applied by the record engine, so
/// that no kernel can forget it (architecture §6; C16-C24).
#include <set>
#include <string>
#include <vector>

#include "area/area.hpp"
#include "catalogue/catalogue.hpp"
#include "http/caller.hpp"

namespace linli::identity {

/// `publish`: to show what is public alone. It reaches every row, for anybody; whoever asks for it
/// shows nothing else.
enum class Operation { create, read, change, withdraw, export_, import, publish };

/// Which rows an operation may touch: the union of its parts; all empty = none.
struct Access {
    bool any = false;
    bool own = false;           ///< filed by the caller's account, or about his person
    std::vector<AreaId> areas;  ///< subtrees, none inside another
    std::vector<AreaId> at;     ///< what is filed at these areas themselves; none inside a subtree
    std::vector<UnitId> units;  ///< records in whose parties one of these units is
    /// What rights for some states add: the same once more, each with its states. Whoever does not
    /// look here shows too little, never too much.
    std::vector<Access> limited;
    std::vector<std::string> states = {};  ///< of a limited one
    bool none() const {
        return !any && !own && areas.empty() && at.empty() && units.empty() && limited.empty();
    }
};
Access access(const http::Caller&, const catalogue::Kind&, Operation, const area::Tree&);

/// What is known of a record when its fields are shown or changed.
struct Facts {
    area::Filing filing;
    bool own = false;
    std::vector<UnitId> parties;  ///< lead and assisting units
    std::string state = {};       ///< rights for some states hold for none while it is unknown
};
/// Whether a granted area reaches a record: by the areas as filed, or as the heir of one of them;
/// only above the county the tree of today decides.
bool covers(AreaId granted, const area::Filing&, const area::Tree&);
/// The grants of the caller that reach this record for the operation.
std::vector<const http::Grant*>
grants_for(const http::Caller&, const catalogue::Kind&, Operation, const Facts&, const area::Tree&);

/// Per field, what the caller may do with it in this record. A record is never masked
/// to whom it is shown as his own (`read: own`); who has entered it for somebody else is not him.
struct FieldRights {
    std::set<std::string> hidden, masked, unmaskable, changeable;
};
FieldRights
field_rights(const http::Caller&, const catalogue::Kind&, const Facts&, const area::Tree&);
/// Rights for rows of a list, where facts differ from row to row: what holds for every row the
/// caller can reach at all is decided once per grant set; call field_rights per row only if
/// `varies`.
struct ListRights {
    FieldRights rights;
    bool varies = false;
};
ListRights list_rights(const http::Caller&, const catalogue::Kind&, const area::Tree&);

/// "138****1234", "王**", "340***********1234", the first part of an address, "***".
std::string masked(catalogue::Mask, std::string_view value);

}  // namespace linli::identity
