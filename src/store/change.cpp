// SPDX-License-Identifier: Apache-2.0
#include "store/change.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "store/change_row.hpp"

namespace linli::store {

const std::string first_link(64, '0');

namespace {

void append_part(std::string& to, std::string_view value) {
    to += std::to_string(value.size());
    to += ':';
    to += value;
    to += ',';
}

void append_part(std::string& to, std::int64_t value) {
    append_part(to, std::to_string(value));
}

}  // namespace

std::int64_t append_change(Tx& tx, County county, Change c) {
    constexpr Sql sql{"store.append_change", R"(
        INSERT INTO store_change (county, id, at, actor, role, kind, record, version, action, area_before, area_after,
            state_before, state_after, fields, digest_before, digest_after, detail, request)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18))"};
    if (c.id == 0) {
        c.id = tx.new_id(county);
    }
    if (home(c.id) != county) {
        throw std::invalid_argument("a change line bears the id of another county");
    }
    tx.post(
        sql, county, c.id, c.at, c.actor, c.role, c.kind, c.record, c.version, c.action,
        c.area_before, c.area_after, c.state_before, c.state_after, c.fields, c.digest_before,
        c.digest_after, c.detail, c.request
    );
    tx.mark_changed();
    return c.id;
}

std::vector<SealedChange> changes_after(Tx& tx, County county, std::int64_t position, int limit) {
    constexpr Sql sql{"store.changes_after", R"(
        SELECT position, hash, id, at, actor, role, kind, record, version, action, area_before, area_after,
               state_before, state_after, fields, digest_before, digest_after, detail, request
          FROM store_change WHERE county = $1 AND position > $2 ORDER BY position LIMIT $3)"};
    std::vector<SealedChange> found;
    tx.each(
        sql,
        [&](const Row& row) {
            found.push_back({county, row.integer(0), std::string(row.text(1)), read_change(row, 2)}
            );
            return true;
        },
        county, position, limit
    );
    return found;
}

std::vector<Change> changes_of(Tx& tx, County county, const RecordRef& record, int limit) {
    constexpr Sql sql{"store.changes_of", R"(
        SELECT id, at, actor, role, kind, record, version, action, area_before, area_after,
               state_before, state_after, fields, digest_before, digest_after, detail, request
          FROM store_change WHERE county = $1 AND kind = $2 AND record = $3 ORDER BY id LIMIT $4)"};
    std::vector<Change> found;
    tx.each(
        sql,
        [&](const Row& row) {
            found.push_back(read_change(row, 0));
            return true;
        },
        county, record.kind, record.id, limit
    );
    return found;
}

std::vector<std::pair<County, std::int64_t>> heads(Tx& tx) {
    constexpr Sql sql{"store.heads", "SELECT county, position FROM store_head ORDER BY county"};
    std::vector<std::pair<County, std::int64_t>> found;
    tx.each(sql, [&](const Row& row) {
        found.emplace_back(static_cast<County>(row.integer(0)), row.integer(1));
        return true;
    });
    return found;
}

std::string canonical_text(const SealedChange& line) {
    const auto& c = line.change;
    std::string text;
    text.reserve(400);
    auto add = [&](const auto&... value) { (append_part(text, value), ...); };
    add(std::int64_t{line.county}, line.position, c.id, c.at.ms, c.actor.value,
        std::string_view(c.role), std::string_view(c.kind), c.record.value, c.version,
        std::string_view(c.action), c.area_before.value, c.area_after.value);
    for (const auto* value :
         {&c.state_before, &c.state_after, &c.fields, &c.digest_before, &c.digest_after, &c.detail,
          &c.request}) {
        append_part(text, std::string_view(*value));
    }
    return text;
}

std::string link_hash(const std::string& before, const SealedChange& line) {
    return to_hex(sha256(before + canonical_text(line)));
}

std::optional<std::int64_t> find_broken_link(Tx& tx, County county) {
    constexpr Sql head_sql{"store.head", "SELECT position, hash FROM store_head WHERE county = $1"};
    constexpr int batch = 1000;
    std::int64_t position = 0;
    std::string hash = first_link;
    for (;;) {
        const auto lines = changes_after(tx, county, position, batch);
        for (const auto& line : lines) {
            hash = link_hash(hash, line);
            if (line.position != ++position || line.hash != hash) {
                return position;
            }
        }
        if (lines.size() < batch) {
            break;
        }
    }
    std::pair<std::int64_t, std::string> head{0, first_link};
    tx.each(
        head_sql,
        [&](const Row& row) {
            head = {row.integer(0), std::string(row.text(1))};
            return false;
        },
        county
    );
    return head == std::pair{position, hash} ? std::nullopt : std::optional(position + 1);
}

}  // namespace linli::store
