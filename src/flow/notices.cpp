// SPDX-License-Identifier: Apache-2.0
#include "flow/notices.hpp"

#include <algorithm>

#include "flow/followers.hpp"

namespace linli::flow {
namespace {

constexpr std::int64_t notice_days = 90;

/// Counties with notices for an area: those under it, and what is filed above counties.
std::set<County> counties_for(const area::Tree& tree, AreaId area) {
    std::set<County> found{0};
    for (const auto county : tree.counties_under(area)) {
        found.insert(county);
    }
    return found;
}

void find(
    store::Tx& tx, const std::set<County>& counties, UnitId unit, AreaId area, AccountId reader,
    Instant since, bool unread, int limit, std::vector<Notice>& found
) {
    constexpr store::Sql of_unit{"flow.notices_of_unit", R"(
        SELECT n.id, n.what, n.kind, n.record, n.number, n.title, n.clock, n.unit, n.head, n.area, n.role, n.at, r.read_at
          FROM flow_notice n
          LEFT JOIN flow_read r ON r.county = n.county AND r.notice = n.id AND r.account = $3
         WHERE n.county = $1 AND n.unit = $2 AND n.unit <> 0 AND n.at >= $4 AND (r.read_at IS NULL OR $5 = 0)
         ORDER BY n.at DESC LIMIT $6)"};
    constexpr store::Sql of_area{"flow.notices_of_area", R"(
        SELECT n.id, n.what, n.kind, n.record, n.number, n.title, n.clock, n.unit, n.head, n.area, n.role, n.at, r.read_at
          FROM flow_notice n
          LEFT JOIN flow_read r ON r.county = n.county AND r.notice = n.id AND r.account = $3
         WHERE n.county = $1 AND n.area = $2 AND n.area <> 0 AND n.at >= $4 AND (r.read_at IS NULL OR $5 = 0)
         ORDER BY n.at DESC LIMIT $6)"};
    for (const auto county : counties) {
        auto rows = tx.all<Notice>(
            unit ? of_unit : of_area, county, unit ? unit.value : area.value, reader, since,
            unread ? 1 : 0, limit
        );
        std::move(rows.begin(), rows.end(), std::back_inserter(found));
    }
}

}  // namespace

namespace {

/// Who is told for an area: the role that is named, else every role of the staff that may read such
/// records in its area.
bool meant(const Ground& ground, const Notice& notice, const std::string& role) {
    if (!notice.role.empty()) {
        return notice.role == role;
    }
    const auto* spec = ground.catalogue.role(role);
    const auto* kind = ground.catalogue.kind(notice.kind);
    if (!spec || !spec->staff || !kind) {
        return false;
    }
    const auto right = kind->rights.find(role);
    return right != kind->rights.end() && right->second.read >= catalogue::Reach::scope;
}

}  // namespace

bool addressed(const Ground& ground, const http::Caller& caller, const Notice& notice) {
    return std::any_of(caller.grants.begin(), caller.grants.end(), [&](const http::Grant& grant) {
        if (notice.unit && grant.unit == notice.unit) {
            return !notice.head || grant.head;
        }
        const bool there = notice.area && (grant.area == notice.area ||
                                           grant.area == ground.tree->heir(notice.area));
        return there && meant(ground, notice, grant.role);
    });
}

std::vector<Notice> notices_about(store::Tx& tx, RecordId record, Instant at) {
    constexpr store::Sql sql{"flow.notices_about", R"(
        SELECT id, what, kind, record, number, title, clock, unit, head, area, role, at, NULL
          FROM flow_notice WHERE county = $1 AND record = $2 AND at = $3 ORDER BY id LIMIT 100)"};
    return tx.all<Notice>(sql, home(record), record, at);
}

std::vector<Notice> notices_for(
    store::Tx& tx, const Ground& ground, const http::Caller& caller, bool unread, int limit,
    Instant now
) {
    std::vector<Notice> found;
    const auto since = now - notice_days * day_ms;
    for (const auto unit : units_of(caller)) {
        find(
            tx, counties_of(tx, *ground.tree, unit), unit, {}, caller.account, since, unread, limit,
            found
        );
    }
    std::set<AreaId> areas;
    for (const auto& grant : caller.grants) {
        areas.insert(grant.area);
    }
    for (const auto area : areas) {
        find(
            tx, counties_for(*ground.tree, area), {}, area, caller.account, since, unread, limit,
            found
        );
        for (const auto& one : ground.tree->inherited(area)) {
            if (ground.tree->heir(one.area) == area) {
                find(tx, {one.county}, {}, one.area, caller.account, since, unread, limit, found);
            }
        }
    }
    std::erase_if(found, [&](const Notice& notice) { return !addressed(ground, caller, notice); });
    for (auto& move : moves_for(tx, caller.account, since, unread, limit)) {
        Notice notice;
        notice.id = move.id;
        notice.what = "moved";
        notice.kind = std::move(move.kind);
        notice.record = move.record;
        notice.title = std::move(move.title);
        notice.clock = std::move(move.state);
        notice.at = move.at;
        notice.read_at = move.read_at;
        found.push_back(std::move(notice));
    }
    std::sort(found.begin(), found.end(), [](const Notice& a, const Notice& b) {
        return std::pair(a.at, a.id) > std::pair(b.at, b.id);
    });
    const auto same = [](const Notice& a, const Notice& b) { return a.id == b.id; };
    found.erase(std::unique(found.begin(), found.end(), same), found.end());
    if (found.size() > static_cast<std::size_t>(limit)) {
        found.resize(static_cast<std::size_t>(limit));
    }
    return found;
}

}  // namespace linli::flow
