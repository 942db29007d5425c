// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Messages on their way, and every statement that writes them.
#include <optional>
#include <string>
#include <vector>

#include "notify/way.hpp"

namespace linli::notify {

/// `sending` is held by one sender for a while; whoever finds it held for longer sends it again.
enum class Status { waiting, sending, sent, failed, given_up };
constexpr auto names(Status) {
    return std::array{"waiting", "sending", "sent", "failed", "given_up"};
}

struct Message;
using MessageId = Id<Message>;

struct Message {
    MessageId id;
    AccountId account;
    Channel channel = Channel::mail;
    std::int64_t notice = 0;  ///< told once per account and channel
    std::string what;         ///< remind, urge, raise, moved, code
    std::string kind;
    RecordId record;
    std::string number, stage;
    Instant due_at = never;
    bool urgent = false;
    Status status = Status::waiting;
    int tries = 0;
    Instant next_at;
    std::string reason;  ///< why the last try failed: a word and a number, never what others wrote
    Instant created_at, sent_at;
    static constexpr auto fields =
        std::tuple{field("id", &Message::id),           field("account", &Message::account),
                   field("channel", &Message::channel), field("notice", &Message::notice),
                   field("what", &Message::what),       field("kind", &Message::kind),
                   field("record", &Message::record),   field("number", &Message::number),
                   field("stage", &Message::stage),     field("due_at", &Message::due_at),
                   field("urgent", &Message::urgent),   field("status", &Message::status),
                   field("tries", &Message::tries),     field("next_at", &Message::next_at),
                   field("reason", &Message::reason),   field("created_at", &Message::created_at),
                   field("sent_at", &Message::sent_at)};
    County county() const { return home(id); }
};

/// False if the notice is in the outbox for that account and channel already. Makes the id.
bool insert_message(store::Tx&, County, Message&);
std::optional<Message> find_message(store::Tx&, MessageId);
/// The longest due first.
std::vector<Message> due_messages(store::Tx&, County, Instant now, int limit);
/// Takes a message in hand until `until`; false if it is not as it was read any more.
bool claim(store::Tx&, const Message&, Instant until);
/// What became of a message in hand; nothing if it is not in hand any more.
void settle(
    store::Tx&, const Message&, Status, Instant next_at, const std::string& reason, Instant now
);
/// Not before `until`.
void put_off(store::Tx&, const Message&, Instant until);
/// Give up what is neither sent nor in hand; false if there is nothing to do.
bool give_up(store::Tx&, const Message&, const std::string& reason);
/// Try again from the beginning what failed or was given up; false if there is nothing to do.
bool try_again(store::Tx&, const Message&, Instant now);

/// Where a page of the outbox goes on: older than this.
struct Older {
    Instant at = never;
    MessageId id{INT64_MAX};
};
/// Newest first, of one county.
std::vector<Message> messages_of(
    store::Tx&, County, std::optional<Status>, const Older&, int limit
);
std::int64_t count_messages(store::Tx&, County, Status, int most);
/// Messages that are over and older than `before`, at most `limit` of each status; how many went.
std::int64_t forget_messages(store::Tx&, County, Instant before);

}  // namespace linli::notify
