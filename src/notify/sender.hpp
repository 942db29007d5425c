// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Empties the outbox: takes what is due for one account and channel in hand, sends it as one
/// message, and writes down what became of it.
#include <array>
#include <map>
#include <mutex>

#include "notify/impl.hpp"
#include "notify/post.hpp"

namespace linli::notify {

/// How long until the next try after that many; nothing once it is to be given up.
std::optional<std::int64_t> pause_after(int tries);

class Sender {
 public:
    explicit Sender(Shared parts) : m_parts(std::move(parts)) {}
    /// How many messages were sent.
    int send_due(const Stopped&);
    /// Removes what was over three months ago.
    void forget_old();

 private:
    struct Batch {
        Way way;
        std::string address;
        std::vector<Message> messages;  ///< the most urgent first
        std::string subject, text;
    };
    using Group = std::vector<Message>;
    std::vector<Group> due_groups();
    std::optional<Batch> take(const Group&);
    void write_code(store::Tx&, Batch&) const;
    void write_notices(store::Tx&, Batch&) const;
    Outcome deliver(const Batch&, const Stopped&);
    void settle_all(const Batch&, const Outcome&);
    bool room_for(Channel);

    /// What this process has sent in the present minute, and until when the other side is left
    /// alone because it is not there.
    struct Lane {
        std::int64_t minute = 0;
        int sent = 0;
        Instant closed_until;
        Connection connection;
    };
    Shared m_parts;
    std::mutex m_sending;
    std::array<Lane, names(Channel{}).size()> m_lanes;
};

}  // namespace linli::notify
