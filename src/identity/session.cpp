// SPDX-License-Identifier: Apache-2.0
#include "identity/session.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace linli::identity {

bool alive(const SessionRow& row, const SessionLimits& limits, Instant now) {
    return row.ended_at.ms == 0 && now - row.seen_at < limits.idle_ms &&
           now - row.created_at < limits.absolute_ms;
}

std::string digest_of(std::string_view token) {
    return to_hex(sha256(token));
}
std::string new_token(RandomSource& random) {
    return to_base64url(random.bytes(32));
}

void save_session(store::Tx& tx, SessionRow row) {
    constexpr store::Sql sql{"identity.save_session", R"(
        INSERT INTO identity_session
               (id, digest, account, csrf, created_at, seen_at, stepped_up_until, ended_at, agent, address)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9))"};
    row.id = tx.new_id(0);
    tx.run(
        sql, row.id, row.digest, row.account, row.csrf, row.created_at, row.seen_at,
        row.stepped_up_until, row.agent, row.address
    );
}

std::optional<SessionRow> find_session(store::Tx& tx, const std::string& digest) {
    constexpr store::Sql sql{"identity.find_session", R"(
        SELECT id, digest, account, csrf, created_at, seen_at, stepped_up_until, ended_at, agent, address
          FROM identity_session WHERE digest = $1)"};
    return tx.one<SessionRow>(sql, digest);
}

std::vector<SessionRow> sessions_of(store::Tx& tx, AccountId account) {
    constexpr store::Sql sql{"identity.sessions_of", R"(
        SELECT id, digest, account, csrf, created_at, seen_at, stepped_up_until, ended_at, agent, address
          FROM identity_session WHERE account = $1 AND ended_at = 0 ORDER BY seen_at DESC, id LIMIT 200)"};
    return tx.all<SessionRow>(sql, account);
}

void see_session(store::Tx& tx, const std::string& digest, Instant now) {
    constexpr store::Sql sql{
        "identity.see_session",
        "UPDATE identity_session SET seen_at = $2 WHERE digest = $1 AND seen_at < $2"};
    tx.run(sql, digest, now);
}

void renew_session(
    store::Tx& tx, const std::string& digest, const std::string& new_digest, Instant until
) {
    constexpr store::Sql sql{"identity.renew_session", R"(
        UPDATE identity_session SET digest = $2, stepped_up_until = $3 WHERE digest = $1 AND ended_at = 0)"};
    if (tx.run(sql, digest, new_digest, until) != 1) {
        throw unauthenticated("not_signed_in", "the session has ended");
    }
}

void end_session(store::Tx& tx, std::int64_t id, Instant now) {
    constexpr store::Sql sql{
        "identity.end_session",
        "UPDATE identity_session SET ended_at = $2 WHERE id = $1 AND ended_at = 0"};
    tx.run(sql, id, now);
}

void end_sessions(store::Tx& tx, AccountId account, const std::string& but, Instant now) {
    constexpr store::Sql sql{"identity.end_sessions", R"(
        UPDATE identity_session SET ended_at = $3 WHERE account = $1 AND digest <> $2 AND ended_at = 0)"};
    tx.run(sql, account, but, now);
}

bool end_oldest_sessions(store::Tx& tx, AccountId account, int limit, Instant now) {
    constexpr store::Sql sql{"identity.end_oldest_sessions", R"(
        UPDATE identity_session SET ended_at = $3 WHERE account = $1 AND ended_at = 0 AND id NOT IN
               (SELECT id FROM identity_session WHERE account = $1 AND ended_at = 0
                 ORDER BY created_at DESC, id DESC LIMIT $2))"};
    return tx.run(sql, account, limit, now) > 0;
}

namespace {

constexpr std::int64_t pace_interval_ms = 15 * second_ms;

/// Five times of one subject move by one place; the row lock makes parallel guesses wait for each
/// other.
bool take_try(store::Tx& tx, const std::string& subject, Instant now) {
    constexpr store::Sql insert{"identity.new_try", R"(
        INSERT INTO identity_try (subject, at1, at2, at3, at4, at5) VALUES ($1, 0, 0, 0, 0, 0)
            ON CONFLICT (subject) DO NOTHING)"};
    constexpr store::Sql take{"identity.take_try", R"(
        UPDATE identity_try SET at5 = at4, at4 = at3, at3 = at2, at2 = at1, at1 = $2
         WHERE subject = $1 AND at5 <= $3)"};
    tx.run(insert, subject);
    return tx.run(take, subject, now, now - try_window_ms) == 1;
}

int seconds_until_next(store::Tx& tx, const std::string& subject, Instant now) {
    constexpr store::Sql sql{
        "identity.oldest_try", "SELECT at5 FROM identity_try WHERE subject = $1"};
    const auto oldest = tx.one<Instant>(sql, subject).value_or(now);
    return static_cast<int>(std::max<std::int64_t>(1, (oldest + try_window_ms - now + 999) / 1000));
}

bool take_pace(store::Tx& tx, const std::string& address, Instant now) {
    constexpr std::int64_t burst = 60;
    constexpr store::Sql insert{"identity.new_pace", R"(
        INSERT INTO identity_pace (address, free_at) VALUES ($1, 0) ON CONFLICT (address) DO NOTHING)"};
    constexpr store::Sql take{"identity.take_pace", R"(
        UPDATE identity_pace SET free_at = CASE WHEN free_at > $2 THEN free_at ELSE $2 END + $3
         WHERE address = $1 AND free_at <= $4)"};
    tx.run(insert, address);
    return tx.run(take, address, now, pace_interval_ms, now + (burst - 1) * pace_interval_ms) == 1;
}

}  // namespace

void count_try(store::Tx& tx, const std::string& subject, const std::string& address, Instant now) {
    if (!take_try(tx, subject, now)) {
        throw too_many("too_many_tries", seconds_until_next(tx, subject, now));
    }
    if (!take_pace(tx, address, now)) {
        throw too_many("too_many_tries", 15);
    }
}

void forget_tries(store::Tx& tx, const std::string& subject, const std::string& address) {
    constexpr store::Sql tries{
        "identity.forget_tries", "DELETE FROM identity_try WHERE subject = $1"};
    constexpr store::Sql pace{
        "identity.give_back_pace",
        "UPDATE identity_pace SET free_at = free_at - $2 WHERE address = $1"};
    tx.run(tries, subject);
    tx.run(pace, address, pace_interval_ms);
}

std::int64_t clear_old(store::Tx& tx, Instant now) {
    constexpr int at_once = 500;  // of each: who signs in meanwhile waits a moment at most
    constexpr store::Sql tries{"identity.clear_tries", R"(
        DELETE FROM identity_try WHERE subject IN (SELECT subject FROM identity_try WHERE at1 < $1 LIMIT $2))"};
    constexpr store::Sql paces{"identity.clear_paces", R"(
        DELETE FROM identity_pace WHERE address IN (SELECT address FROM identity_pace WHERE free_at < $1 LIMIT $2))"};
    constexpr store::Sql sessions{"identity.clear_sessions", R"(
        DELETE FROM identity_session
         WHERE id IN (SELECT id FROM identity_session WHERE created_at < $1 ORDER BY created_at LIMIT $2))"};
    constexpr store::Sql devices{"identity.clear_devices", R"(
        DELETE FROM identity_device
         WHERE (digest, account) IN (SELECT digest, account FROM identity_device
                                      WHERE seen_at < $1 ORDER BY seen_at LIMIT $2))"};
    return tx.run(tries, now - try_window_ms, at_once) + tx.run(paces, now, at_once) +
           tx.run(sessions, now - resident_limits.absolute_ms, at_once) +
           tx.run(devices, now - 400 * day_ms, at_once);  // as long as its cookie
}

bool known_device(store::Tx& tx, const std::string& digest, AccountId account) {
    constexpr store::Sql sql{
        "identity.known_device",
        "SELECT account FROM identity_device WHERE digest = $1 AND account = $2"};
    return tx.one<AccountId>(sql, digest, account).has_value();
}

void know_device(store::Tx& tx, const std::string& digest, AccountId account, Instant now) {
    constexpr store::Sql sql{"identity.know_device", R"(
        INSERT INTO identity_device (digest, account, seen_at) VALUES ($1, $2, $3)
            ON CONFLICT (digest, account) DO UPDATE SET seen_at = excluded.seen_at)"};
    tx.run(sql, digest, account, now);
}

}  // namespace linli::identity
