// SPDX-License-Identifier: Apache-2.0
#include "registry/merges.hpp"

#include <algorithm>

#include "base/fields.hpp"

namespace linli::registry {

namespace {

std::optional<MergeRow> find_merge(store::Tx& tx, RecordId id) {
    constexpr store::Sql sql{"registry.find_merge", R"(
        SELECT id, kept, gone, what, at, account, undone_at FROM registry_merge WHERE county = $1 AND id = $2)"};
    return tx.one<MergeRow>(sql, home(id), id);
}

/// Whether something else was merged into the one or the other since, which must go first.
bool built_upon(store::Tx& tx, const MergeRow& row) {
    constexpr store::Sql sql{"registry.later_merges", R"(
        SELECT count(*) FROM registry_merge
         WHERE county = $1 AND id > $2 AND undone_at IS NULL AND gone = $3)"};
    return tx.one<std::int64_t>(sql, home(row.id), row.id, row.kept).value_or(0) > 0;
}

}  // namespace

std::vector<Pending> pending(
    store::Tx& tx, const Around& around, const std::string& state, int most
) {
    constexpr store::Sql sql{"registry.pending", R"(
        SELECT first, second, score, reasons, state, found_at FROM registry_pair
         WHERE county = $1 AND state = $2 AND ($3 = 0 OR community = $3 OR other = $3)
           AND ($4 = 0 OR EXISTS (SELECT 1 FROM person p
                                   WHERE p.county = $1 AND p.id = registry_pair.first AND p.subdistrict = $4))
         ORDER BY score DESC, first, second LIMIT $5)"};
    return tx.all<Pending>(sql, around.county, state, around.community, around.subdistrict, most);
}

std::optional<Pending> find_pair(store::Tx& tx, RecordId first, RecordId second) {
    constexpr store::Sql sql{"registry.find_pair", R"(
        SELECT first, second, score, reasons, state, found_at FROM registry_pair
         WHERE county = $1 AND first = $2 AND second = $3)"};
    return tx.one<Pending>(sql, home(first), first, second);
}

void decide(const record::Context& c, const Pending& pair, const std::string& as) {
    constexpr store::Sql sql{"registry.decide", R"(
        UPDATE registry_pair SET state = $4, decided_at = $5, decided_by = $6
         WHERE county = $1 AND first = $2 AND second = $3)"};
    c.tx.run(sql, home(pair.first), pair.first, pair.second, as, c.now, c.account());
}

RecordId merge(const record::Context& c, RecordId kept, RecordId gone, const std::string& reason) {
    const auto done = record::merge(c, c.core.table("person"), kept, gone, reason);
    constexpr store::Sql sql{"registry.keep_merge", R"(
        INSERT INTO registry_merge (county, id, kept, gone, what, at, account) VALUES ($1, $2, $3, $4, $5, $6, $7))"};
    const RecordId id{c.tx.new_id(home(kept))};
    c.tx.run(sql, home(kept), id, kept, gone, to_json_text(done), c.now, c.account());
    return id;
}

void undo(const record::Context& c, RecordId merge, const std::string& reason) {
    const auto row = find_merge(c.tx, merge);
    if (!row) {
        throw not_found("merge");
    }
    if (row->undone_at) {
        throw conflict("merge_undone", "this merge was taken apart already");
    }
    if (built_upon(c.tx, *row)) {
        throw conflict(
            "merge_built_upon", "the kept person was merged into another since: undo that first"
        );
    }
    const auto done =
        read<record::Merged>(parse_json(row->what, {.bytes = 4 << 20, .members = 100'000}));
    record::unmerge(c, c.core.table("person"), row->kept, row->gone, done, reason);
    constexpr store::Sql sql{
        "registry.undo_merge",
        "UPDATE registry_merge SET undone_at = $3 WHERE county = $1 AND id = $2"};
    c.tx.run(sql, home(merge), merge, c.now);
    const auto [first, second] = std::minmax(row->kept, row->gone);
    if (const auto pair = find_pair(c.tx, first, second)) {
        decide(c, *pair, "open");
    }
}

std::vector<MergeRow> merges(store::Tx& tx, County county, int most) {
    constexpr store::Sql sql{"registry.merges", R"(
        SELECT id, kept, gone, what, at, account, undone_at FROM registry_merge
         WHERE county = $1 AND undone_at IS NULL ORDER BY at DESC, id DESC LIMIT $2)"};
    return tx.all<MergeRow>(sql, county, most);
}

}  // namespace linli::registry
