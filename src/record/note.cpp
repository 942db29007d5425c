// SPDX-License-Identifier: Apache-2.0
#include "record/write.hpp"

namespace linli::record {

std::int64_t add_note(
    const Context& c, const KindTable& table, RecordId id, const std::string& text,
    const std::string& from
) {
    constexpr std::size_t most = 2000;
    const auto found = load(c, table, id);
    if (found.record.state == "withdrawn") {
        throw conflict("record_withdrawn", "a withdrawn record is not changed any more");
    }
    Event event;
    event.action = "note";
    event.result = tidy(text, true);
    event.detail = from;
    if (event.result.empty() || characters(event.result) > most) {
        throw invalid(
            "/description", event.result.empty() ? "required" : "too_long",
            "say it in at most 2000 characters"
        );
    }
    const auto grants = identity::grants_for(
        *c.caller, *table.kind, identity::Operation::read, found.facts, *c.tree
    );
    event.as = grants.empty() ? "" : grants.front()->role;
    return log_change(c, table, &found.record, found.record, event);
}

}  // namespace linli::record
