// SPDX-License-Identifier: Apache-2.0
#include "notify/outbox.hpp"

namespace linli::notify {

using store::Sql;
using store::Tx;

bool insert_message(Tx& tx, County county, Message& m) {
    constexpr Sql sql{"notify.insert_message", R"(
        INSERT INTO notify_message
            (county, id, account, channel, notice, what, kind, record, number, stage, due_at, urgent, status, tries,
             next_at, reason, created_at, sent_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
            ON CONFLICT DO NOTHING)"};
    m.id = {tx.new_id(county)};
    return tx.run(
               sql, county, m.id, m.account, m.channel, m.notice, m.what, m.kind, m.record,
               m.number, m.stage, m.due_at, m.urgent, m.status, m.tries, m.next_at, m.reason,
               m.created_at, m.sent_at
           ) > 0;
}

std::optional<Message> find_message(Tx& tx, MessageId id) {
    constexpr Sql sql{"notify.find_message", R"(
        SELECT id, account, channel, notice, what, kind, record, number, stage, due_at, urgent, status, tries, next_at,
               reason, created_at, sent_at
          FROM notify_message WHERE county = $1 AND id = $2)"};
    return tx.one<Message>(sql, home(id), id);
}

std::vector<Message> due_messages(Tx& tx, County county, Instant now, int limit) {
    constexpr Sql sql{"notify.due_messages", R"(
        SELECT id, account, channel, notice, what, kind, record, number, stage, due_at, urgent, status, tries, next_at,
               reason, created_at, sent_at
          FROM notify_message WHERE county = $1 AND next_at <= $2 ORDER BY next_at, id LIMIT $3)"};
    return tx.all<Message>(sql, county, now, limit);
}

bool claim(Tx& tx, const Message& m, Instant until) {
    constexpr Sql sql{"notify.claim", R"(
        UPDATE notify_message SET status = 'sending', tries = tries + 1, next_at = $5
         WHERE county = $1 AND id = $2 AND status = $3 AND next_at = $4)"};
    return tx.run(sql, m.county(), m.id, m.status, m.next_at, until) > 0;
}

void settle(
    Tx& tx, const Message& m, Status status, Instant next_at, const std::string& reason, Instant now
) {
    constexpr Sql sql{"notify.settle", R"(
        UPDATE notify_message SET status = $3, next_at = $4, reason = $5, sent_at = $6
         WHERE county = $1 AND id = $2 AND status = 'sending')"};
    tx.run(
        sql, m.county(), m.id, status, next_at, reason, status == Status::sent ? now : Instant{}
    );
}

void put_off(Tx& tx, const Message& m, Instant until) {
    constexpr Sql sql{"notify.put_off", R"(
        UPDATE notify_message SET next_at = $5
         WHERE county = $1 AND id = $2 AND status = $3 AND next_at = $4)"};
    tx.run(sql, m.county(), m.id, m.status, m.next_at, until);
}

bool give_up(Tx& tx, const Message& m, const std::string& reason) {
    constexpr Sql sql{"notify.give_up", R"(
        UPDATE notify_message SET status = 'given_up', next_at = $5, reason = $6
         WHERE county = $1 AND id = $2 AND status = $3 AND next_at = $4)"};
    const bool over = m.status == Status::sent || m.status == Status::given_up;
    return !over && tx.run(sql, m.county(), m.id, m.status, m.next_at, never, reason) > 0;
}

bool try_again(Tx& tx, const Message& m, Instant now) {
    constexpr Sql sql{"notify.try_again", R"(
        UPDATE notify_message SET status = 'waiting', tries = 0, next_at = $3, reason = ''
         WHERE county = $1 AND id = $2 AND status IN ('failed', 'given_up'))"};
    return tx.run(sql, m.county(), m.id, now) > 0;
}

std::vector<Message> messages_of(
    Tx& tx, County county, std::optional<Status> status, const Older& older, int limit
) {
    constexpr Sql all{"notify.messages", R"(
        SELECT id, account, channel, notice, what, kind, record, number, stage, due_at, urgent, status, tries, next_at,
               reason, created_at, sent_at
          FROM notify_message
         WHERE county = $1 AND created_at <= $2 AND (created_at < $2 OR id < $3)
         ORDER BY created_at DESC, id DESC LIMIT $4)"};
    constexpr Sql some{"notify.messages_in", R"(
        SELECT id, account, channel, notice, what, kind, record, number, stage, due_at, urgent, status, tries, next_at,
               reason, created_at, sent_at
          FROM notify_message
         WHERE county = $1 AND created_at <= $2 AND (created_at < $2 OR id < $3) AND status = $5
         ORDER BY created_at DESC, id DESC LIMIT $4)"};
    return status ? tx.all<Message>(some, county, older.at, older.id, limit, *status)
                  : tx.all<Message>(all, county, older.at, older.id, limit);
}

std::int64_t count_messages(Tx& tx, County county, Status status, int most) {
    constexpr Sql sql{"notify.count_messages", R"(
        SELECT count(*) FROM
            (SELECT 1 AS one FROM notify_message WHERE county = $1 AND status = $2 LIMIT $3) AS counted)"};
    return tx.one<std::int64_t>(sql, county, status, most).value_or(0);
}

std::int64_t forget_messages(Tx& tx, County county, Instant before) {
    constexpr Sql sql{"notify.forget_messages", R"(
        DELETE FROM notify_message WHERE county = $1 AND id IN
            (SELECT id FROM notify_message WHERE county = $1 AND status = $2 AND created_at < $3
              ORDER BY created_at LIMIT 500))"};
    return tx.run(sql, county, Status::sent, before) +
           tx.run(sql, county, Status::given_up, before);
}

}  // namespace linli::notify
