// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What a decision about areas means for grants and units: in its transaction (C24).
#include <map>

#include "area/decision.hpp"
#include "identity/identity.hpp"

namespace linli::identity {

/// What will be, or has been, done; for the preview.
struct Succession {
    struct Unit {
        UnitId id;
        std::string name;
        AreaId from, to;
    };
    struct Grants {
        std::string role;
        AreaId from;
        std::vector<AreaId> to;
        std::int64_t count = 0;
    };
    std::vector<Unit> units;
    std::vector<Grants> grants;
    std::vector<AccountId> accounts;  ///< whose callers have to be forgotten
};

/// Units of an ended area move to its heir; they stop being its office where it has one. A grant
/// over an ended area is replaced by grants over its successors: over the heir alone if it is for a
/// unit, which moves there. With `dry`, nothing is written.
Succession succeed(
    store::Tx&, const std::vector<area::Ending>&, const area::Hooks::Deed&, bool dry
);
/// Gives back what `succeed` took, unless it was changed since; units of areas that are no more
/// move to those that are again.
Succession
give_back(store::Tx&, const std::vector<area::Ending>& vanished, const area::Hooks::Deed&);

}  // namespace linli::identity
