// SPDX-License-Identifier: Apache-2.0
#include "flow/followers.hpp"

#include <algorithm>

namespace linli::flow {

namespace {

using store::Sql;
using store::Tx;

constexpr int counted_most = 1000;

std::vector<County> counties_followed(Tx& tx, AccountId account) {
    constexpr Sql sql{"flow.counties_followed", R"(
        SELECT followed_in FROM flow_followed_in WHERE county = $1 AND account = $2 ORDER BY followed_in)"};
    return tx.all<County>(sql, home(account), account);
}

template <class T>
void newest_first(std::vector<T>& rows, int limit) {
    std::sort(rows.begin(), rows.end(), [](const T& a, const T& b) {
        return std::pair(a.at, a.record) > std::pair(b.at, b.record);
    });
    rows.resize(std::min(rows.size(), static_cast<std::size_t>(limit)));
}

}  // namespace

void follow(Tx& tx, const Followed& followed, AccountId account) {
    constexpr Sql sql{"flow.follow", R"(
        INSERT INTO flow_follower (county, record, account, kind, title, at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING)"};
    constexpr Sql where{"flow.followed_in", R"(
        INSERT INTO flow_followed_in (county, account, followed_in) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)"};
    const auto county = home(followed.record);
    tx.run(sql, county, followed.record, account, followed.kind, followed.title, followed.at);
    tx.run(where, home(account), account, county);
}

void unfollow(Tx& tx, RecordId record, AccountId account) {
    constexpr Sql sql{"flow.unfollow", R"(
        DELETE FROM flow_follower WHERE county = $1 AND record = $2 AND account = $3)"};
    tx.run(sql, home(record), record, account);
}

bool follows(Tx& tx, RecordId record, AccountId account) {
    constexpr Sql sql{"flow.follows", R"(
        SELECT 1 FROM flow_follower WHERE county = $1 AND record = $2 AND account = $3)"};
    return tx.one<int>(sql, home(record), record, account).has_value();
}

std::int64_t count_followers(Tx& tx, RecordId record) {
    constexpr Sql sql{"flow.count_followers", R"(
        SELECT count(*) FROM flow_follower WHERE county = $1 AND record = $2)"};
    return tx.one<std::int64_t>(sql, home(record), record).value_or(0);
}

std::int64_t count_followed(Tx& tx, AccountId account) {
    return static_cast<std::int64_t>(followed_by(tx, account, counted_most).size());
}

std::vector<Followed> followed_by(Tx& tx, AccountId account, int limit) {
    constexpr Sql sql{"flow.followed_by", R"(
        SELECT kind, record, title, at FROM flow_follower
         WHERE county = $1 AND account = $2 ORDER BY record DESC LIMIT $3)"};
    std::vector<Followed> all;
    for (const auto county : counties_followed(tx, account)) {
        auto rows = tx.all<Followed>(sql, county, account, limit);
        std::move(rows.begin(), rows.end(), std::back_inserter(all));
    }
    newest_first(all, limit);
    return all;
}

std::vector<Move> moves_for(Tx& tx, AccountId account, Instant since, bool unread, int limit) {
    constexpr Sql sql{"flow.moves_for", R"(
        SELECT s.id, f.kind, f.record, f.title, s.state_after, s.at, r.read_at
          FROM flow_follower f
          JOIN flow_step s ON s.county = f.county AND s.record = f.record
          LEFT JOIN flow_read r ON r.county = s.county AND r.notice = s.id AND r.account = f.account
         WHERE f.county = $1 AND f.account = $2 AND s.at >= f.at AND s.at >= $3 AND s.state_after <> s.state_before
           AND (r.read_at IS NULL OR $4 = 0)
         ORDER BY s.at DESC, s.id DESC LIMIT $5)"};
    std::vector<Move> all;
    for (const auto county : counties_followed(tx, account)) {
        auto rows = tx.all<Move>(sql, county, account, since, unread ? 1 : 0, limit);
        std::move(rows.begin(), rows.end(), std::back_inserter(all));
    }
    newest_first(all, limit);
    return all;
}

std::optional<Move> find_move(Tx& tx, std::int64_t id, AccountId account) {
    constexpr Sql sql{"flow.find_move", R"(
        SELECT s.id, f.kind, f.record, f.title, s.state_after, s.at, r.read_at
          FROM flow_follower f
          JOIN flow_step s ON s.county = f.county AND s.record = f.record
          LEFT JOIN flow_read r ON r.county = s.county AND r.notice = s.id AND r.account = f.account
         WHERE f.county = $1 AND f.account = $2 AND s.id = $3 AND s.at >= f.at AND s.state_after <> s.state_before)"};
    return tx.one<Move>(sql, home(id), account, id);
}

void read_moves(Tx& tx, RecordId record, AccountId account, Instant now) {
    constexpr Sql sql{"flow.read_moves", R"(
        INSERT INTO flow_read (county, notice, account, read_at)
        SELECT f.county, s.id, f.account, $4
          FROM flow_follower f JOIN flow_step s ON s.county = f.county AND s.record = f.record
         WHERE f.county = $1 AND f.record = $2 AND f.account = $3 AND s.at >= f.at AND s.state_after <> s.state_before
            ON CONFLICT DO NOTHING)"};
    tx.run(sql, home(record), record, account, now);
}

}  // namespace linli::flow
