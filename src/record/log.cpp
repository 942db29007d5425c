// SPDX-License-Identifier: Apache-2.0
// History and change lines.
#include "base/crypto.hpp"
#include "record/write.hpp"

namespace linli::record {

namespace {

/// History holds what the column holds: of a sealed field its sealed bytes (C51).
void write_stored(JsonWriter& out, const FieldSpec& field, const Cell& cell) {
    if (cell.empty()) {
        out.null();
    } else if (shape_of(field) == Shape::sealed) {
        out.begin_object();
        out.key("sealed");
        out.text(to_base64url(cell.bytes));
        out.end_object();
    } else {
        out.value(cell.value);
    }
}

bool same(const FieldSpec& field, const Cell& a, const Cell& b) {
    return shape_of(field) == Shape::sealed ? a.bytes == b.bytes : a.value == b.value;
}

void add_history(
    const Context& c, const KindTable& table, const Record* before, const Record& after,
    const Event& event, const std::string& changes
) {
    constexpr store::Sql sql{"record.add_history", R"(
        INSERT INTO record_history (county, record, id, kind, version, at, account, as_role, action, state_before,
                                    state_after, unit, reason, result, evidence, changes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16))"};
    c.tx.post(
        sql, after.county(), after.id, c.tx.new_id(after.county()), table.kind->name, after.version,
        c.now, c.account(), event.as, event.action, before ? before->state : std::string(),
        after.state, after.unit, event.reason, event.result,
        event.evidence.is_null() ? std::string() : to_json(event.evidence), changes
    );
}

}  // namespace

std::string changes_of(
    const KindTable& table, const Record& before, const Record& after,
    std::vector<std::string>& names
) {
    std::string text;
    JsonWriter out(text);
    out.begin_object();
    if (before.area != after.area) {
        names.push_back("area");
        out.key("area");
        out.begin_list();
        out.integer(before.area.value);
        out.integer(after.area.value);
        out.end_list();
    }
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto& field = table.field(i);
        if (!same(field, before.cells[i], after.cells[i])) {
            names.push_back(field.name);
            out.key(field.name);
            out.begin_list();
            write_stored(out, field, before.cells[i]);
            write_stored(out, field, after.cells[i]);
            out.end_list();
        }
    }
    out.end_object();
    return names.empty() ? std::string() : text;
}

void log_reads(const Context& c, const ReadLog& log) {
    for (const auto& [where, reads] : log.by_kind) {
        std::vector<std::string> ids;
        for (const auto id : reads.ids) {
            ids.push_back(std::to_string(id));
        }
        store::Change line;
        line.at = c.now;
        line.actor = c.account();
        line.role = c.caller->grants.front().role;
        line.kind = where.first;
        line.record = {ids.size() == 1 ? *reads.ids.begin() : 0};
        line.action = "read";
        line.fields = join({reads.fields.begin(), reads.fields.end()}, ",");
        line.detail = "ids=" + join(ids, ",");
        line.request = c.request_id;
        store::append_change(c.tx, where.second, std::move(line));
    }
}

std::int64_t log_change(
    const Context& c, const KindTable& table, const Record* before, const Record& after,
    const Event& event
) {
    std::vector<std::string> names;
    std::string changes;
    if (before) {
        changes = changes_of(table, *before, after, names);
    } else {
        for (std::size_t i = 0; i < table.size(); ++i) {
            if (!after.cells[i].empty()) {
                names.push_back(table.field(i).name);
            }
        }
    }
    add_history(c, table, before, after, event, changes);
    store::Change line;
    line.at = c.now;
    line.actor = c.account();
    line.role = event.as;
    line.kind = table.kind->name;
    line.record = after.id;
    line.version = after.version;
    line.action = event.action;
    line.area_before = before ? before->area : AreaId{};
    line.area_after = after.area;
    line.state_before = before ? before->state : std::string();
    line.state_after = after.state;
    line.fields = event.fields.empty() ? join(names, ",") : event.fields;
    line.digest_before = before ? digest(table, *before) : std::string();
    line.digest_after = digest(table, after);
    line.detail = event.detail;
    line.request = c.request_id;
    return store::append_change(c.tx, after.county(), std::move(line));
}

}  // namespace linli::record
