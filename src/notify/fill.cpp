// SPDX-License-Identifier: Apache-2.0
/// From lines of the log to messages. Whether somebody is addressed, the flow decides as for its
/// inbox; here only those are asked about who want to be told.
#include <algorithm>
#include <map>

#include "flow/followers.hpp"
#include "flow/ground.hpp"
#include "flow/notices.hpp"
#include "notify/impl.hpp"

namespace linli::notify {

namespace {

using store::Sql;
using store::Tx;

/// Those with a wish who hold a grant for the unit, or over the area.
std::vector<AccountId> holders(Tx& tx, UnitId unit, AreaId area) {
    constexpr Sql of_unit{"notify.holders_for_unit", R"(
        SELECT DISTINCT g.account FROM identity_grant g
          JOIN notify_wish w ON w.county = $2 AND w.account = g.account
         WHERE g.unit = $1 AND g.ended_at = 0 ORDER BY g.account)"};
    constexpr Sql of_area{"notify.holders_over_area", R"(
        SELECT DISTINCT g.account FROM identity_grant g
          JOIN notify_wish w ON w.county = $2 AND w.account = g.account
         WHERE g.area = $1 AND g.ended_at = 0 ORDER BY g.account)"};
    auto found = unit ? tx.all<AccountId>(of_unit, unit, 0) : std::vector<AccountId>();
    const auto there = area ? tx.all<AccountId>(of_area, area, 0) : std::vector<AccountId>();
    found.insert(found.end(), there.begin(), there.end());
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

/// Those with a wish who follow the record since before `at`.
std::vector<AccountId> followers(Tx& tx, RecordId record, Instant at) {
    constexpr Sql sql{"notify.followers", R"(
        SELECT f.account FROM flow_follower f
          JOIN notify_wish w ON w.county = $4 AND w.account = f.account
         WHERE f.county = $1 AND f.record = $2 AND f.at <= $3 ORDER BY f.account)"};
    return tx.all<AccountId>(sql, home(record), record, at, 0);
}

/// One run over sealed lines: what is asked for one line serves the next.
class Filling {
 public:
    Filling(const Parts& parts, Tx& tx)
        : m_parts(parts), m_tx(tx), m_ground(parts.flow.ground()), m_now(parts.time.now()) {}

    void add(const store::SealedChange& line) {
        const auto& change = line.change;
        const auto* kind = m_ground.catalogue.kind(change.kind);
        if (!kind || !kind->flow || !change.record || m_now - change.at > news_ms) {
            return;
        }
        if (change.action == "escalate") {
            add_notices(change);
        } else if (!change.state_before.empty() && change.state_before != change.state_after &&
                   kind->flow->state(change.state_after)) {
            add_move(change);
        }
    }

 private:
    void add_notices(const store::Change& change) {
        for (const auto& notice : flow::notices_about(m_tx, change.record, change.at)) {
            const auto key =
                std::tuple(notice.unit, notice.area, notice.role, notice.head, notice.kind);
            auto found = m_addressed.find(key);
            if (found == m_addressed.end()) {
                found = m_addressed.emplace(key, addressed_by(notice)).first;
            }
            for (const auto account : found->second) {
                tell(account, change, notice.what, notice.id, notice.number);
            }
        }
    }

    std::vector<AccountId> addressed_by(const flow::Notice& notice) {
        auto accounts = holders(m_tx, notice.unit, notice.area);
        std::erase_if(accounts, [&](AccountId account) {
            const auto caller = m_parts.identity.caller_of(m_tx, account);
            return !flow::addressed(m_ground, caller, notice);
        });
        return accounts;
    }

    /// Whoever filed it hears of it like those who follow it, but not of what he did himself.
    void add_move(const store::Change& change) {
        auto accounts = followers(m_tx, change.record, change.at);
        const auto work = flow::find_work(m_tx, change.record);
        const auto done = work ? std::nullopt : flow::find_done(m_tx, {change.kind, change.record});
        const auto filed_by = work ? work->filed_by : done ? done->filed_by : AccountId{};
        if (filed_by && std::find(accounts.begin(), accounts.end(), filed_by) == accounts.end()) {
            accounts.push_back(filed_by);
        }
        for (const auto account : accounts) {
            if (account != change.actor) {
                tell(account, change, "moved", change.id, work ? work->number : std::string());
            }
        }
    }

    void tell(
        AccountId account, const store::Change& change, const std::string& what,
        std::int64_t notice, const std::string& number
    ) {
        const auto& wish = wish_of(account);
        if (!wish || change.at < wish->since) {
            return;
        }
        for (const auto channel : wish->channels(what)) {
            Message message;
            message.account = account;
            message.channel = channel;
            message.notice = notice;
            message.what = what;
            message.kind = change.kind;
            message.record = change.record;
            message.number = number.empty() ? number_of(change) : number;
            message.stage = change.state_after;
            if (const auto work = flow::find_work(m_tx, change.record)) {
                message.due_at = work->due_at;
                message.urgent = work->urgent();
            }
            message.created_at = m_now;
            message.next_at = wish->allowed_from(m_now, message.urgent);
            insert_message(m_tx, home(change.record), message);
        }
    }

    const std::optional<Wish>& wish_of(AccountId account) {
        const auto found = m_wishes.find(account);
        return found != m_wishes.end()
                   ? found->second
                   : m_wishes.emplace(account, find_wish(m_tx, account)).first->second;
    }
    std::string number_of(const store::Change& change) const {
        return m_parts.number_of ? m_parts.number_of(m_tx, {change.kind, change.record}) : "";
    }

    const Parts& m_parts;
    Tx& m_tx;
    flow::Ground m_ground;
    Instant m_now;
    std::map<AccountId, std::optional<Wish>> m_wishes;
    std::map<std::tuple<UnitId, AreaId, std::string, bool, std::string>, std::vector<AccountId>>
        m_addressed;
};

}  // namespace

void fill(const Parts& parts, Tx& tx, const std::vector<store::SealedChange>& lines) {
    if (!any_wish(tx)) {
        return;
    }
    Filling filling(parts, tx);
    for (const auto& line : lines) {
        filling.add(line);
    }
}

}  // namespace linli::notify
