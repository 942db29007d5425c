// SPDX-License-Identifier: Apache-2.0
#include "record/list.hpp"

namespace linli::record {

namespace {

std::string closed_condition(Binder& to, const ListQuery& query) {
    const auto since = to.place();
    to.add(*query.closed_from);
    return " AND EXISTS (SELECT 1 FROM flow_done e WHERE e.county = r.county AND e.id = r.id AND "
           "e.withdrawn = 0 AND e.closed_at >= " +
           since + (query.rated ? " AND e.rating IS NOT NULL)" : ")");
}

std::string stopped_condition(Binder& to, const KindTable& table, const ListQuery& query) {
    std::string text =
        " AND EXISTS (SELECT 1 FROM flow_clock c WHERE c.county = r.county AND c.record = r.id AND "
        "c.on_time IS NOT NULL AND c.stopped_at >= " +
        to.place();
    to.add(*query.stopped_from);
    text += " AND c.name = " + to.place();
    to.keep(table.kind->flow->clocks.back().name);
    if (query.late) {
        text += " AND c.on_time = 0";
    }
    if (query.unit) {
        text += " AND c.unit = " + to.place();
        to.add(query.unit);
    }
    return text + ")";
}

}  // namespace

std::string flow_conditions(
    Binder& to, const KindTable& table, const ListQuery& query, Instant now
) {
    std::string text;
    if (query.open || query.overdue) {
        text += " AND EXISTS (SELECT 1 FROM flow_work o WHERE o.county = r.county AND o.id = r.id";
        text += query.overdue ? " AND o.due_at < " + to.place() + ")" : ")";
    }
    if (query.overdue) {
        to.add(now);
    }
    if (query.closed_from) {
        text += closed_condition(to, query);
    }
    if (query.stopped_from) {
        text += stopped_condition(to, table, query);
    } else if (query.unit) {
        text += " AND r.unit = " + to.place();
        to.add(query.unit);
    }
    return text;
}

}  // namespace linli::record
