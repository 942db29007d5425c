// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Notices on their way out of the system: what the flow addresses to people, for those who have
/// chosen a channel, through an outbox. A follower of the log fills it in the transaction that
/// moves its cursor; a sender empties it. What the other side has acknowledged and we have written
/// down is never sent again; a server that dies between the two sends once more, under the same
/// Message-ID. Decisions: docs/adr/0011-outbox.md.
#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "flow/flow.hpp"
#include "identity/identity.hpp"
#include "notify/outbox.hpp"
#include "notify/settings.hpp"
#include "store/change.hpp"

namespace linli::notify {

struct Parts {
    store::Database& database;
    TimeSource& time;
    RandomSource& random;
    std::shared_ptr<const catalogue::Catalogue> catalogue;
    area::Areas& areas;
    const flow::Flow& flow;
    const identity::Identity& identity;
    std::shared_ptr<const FieldCipher> cipher;
    Settings settings;
    /// What people see as a record's number (record engine, wired by app); "" if it is not there.
    std::function<std::string(store::Tx&, const RecordRef&)> number_of;
};

class Sender;

class Notify {
 public:
    /// Throws std::runtime_error if the settings are wrong.
    explicit Notify(Parts);
    ~Notify();
    /// Own addresses and wishes for everybody; the outbox for whoever has the right outbox.manage.
    void routes(http::Router&);
    /// Register with store::Follower under the name "notify".
    store::Follower::Handle filler() const;
    void start();
    void stop();
    /// For tests: tries everything due now on the calling thread; how many messages were sent.
    int send_due();

 private:
    void run(std::stop_token);
    std::shared_ptr<const Parts> m_parts;
    std::unique_ptr<Sender> m_sender;
    std::jthread m_thread;
};

std::vector<store::SchemaStep> schema();

}  // namespace linli::notify
