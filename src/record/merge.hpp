// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Two records of a kind that turn out to be one: what refers to the one refers to the other then,
/// and all of it can be undone. Each step is a version and a line of its own, so that no history is
/// lost.
#include "record/write.hpp"

namespace linli::record {

/// A field of another record that referred to the one that is gone.
struct Moved {
    std::string kind, field;
    RecordId id;
    bool both = false;  ///< a list that named both
    static constexpr auto fields = std::tuple{
        linli::field("kind", &Moved::kind), linli::field("field", &Moved::field),
        linli::field("id", &Moved::id), linli::field("both", &Moved::both)};
};

/// What a merge did, as far as taking it apart needs to know.
struct Merged {
    std::vector<Moved> moved;
    std::vector<std::string> filled;  ///< fields that the kept record took from the other
    static constexpr auto fields =
        std::tuple{linli::field("moved", &Merged::moved), linli::field("filled", &Merged::filled)};
};

/// `gone` is withdrawn, what `kept` lacks is filled from it, and whatever refers to it, in all
/// counties, refers to `kept`. The caller needs the right to change both; what refers to them moves
/// whoever may change it. Throws not_found, forbidden, conflict.
Merged merge(
    const Context&, const KindTable&, RecordId kept, RecordId gone, const std::string& reason
);
/// Takes it apart. What was changed meanwhile stays as it was changed.
void unmerge(
    const Context&, const KindTable&, RecordId kept, RecordId gone, const Merged&,
    const std::string& reason
);

}  // namespace linli::record
