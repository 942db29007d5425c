// SPDX-License-Identifier: Apache-2.0
#include "notify/sender.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "notify/gateway.hpp"
#include "notify/mail.hpp"
#include "notify/words.hpp"

namespace linli::notify {

namespace {

constexpr int due_most = 2000;
/// Longer than any try takes: who holds a message longer has died.
constexpr std::int64_t in_hand_ms = 5 * minute_ms;
/// Between two messages to one account by one channel, unless something is urgent.
constexpr std::int64_t gap_ms = 2 * minute_ms;
constexpr std::int64_t closed_ms = minute_ms;
constexpr std::int64_t kept_ms = 90 * day_ms;

bool before(const Message& a, const Message& b) {
    return std::tuple(!a.urgent, a.due_at, a.id) < std::tuple(!b.urgent, b.due_at, b.id);
}

std::string id_of(const std::vector<Message>& messages) {
    std::string ids;
    for (const auto& message : messages) {
        ids += std::to_string(message.id.value) + ",";
    }
    return to_hex(sha256(ids)).substr(0, 32);
}

/// Why nothing is sent to an account (any more); "" = it is.
std::string obstacle(
    const std::optional<identity::AccountRow>& account, const std::optional<Way>& way,
    const Settings& settings, Channel channel, bool code
) {
    if (!settings.offers(channel)) {
        return "not offered";
    }
    if (!account || !account->enabled) {
        return "account";
    }
    const bool there =
        way && (code ? !way->address.empty() && !way->code.empty() : way->confirmed());
    return there ? "" : "address";
}

/// All that have a log, and what is above them.
std::vector<County> counties(store::Tx& tx) {
    std::vector<County> all{0};
    for (const auto& [county, position] : store::heads(tx)) {
        if (county != 0) {
            all.push_back(county);
        }
    }
    return all;
}

}  // namespace

std::optional<std::int64_t> pause_after(int tries) {
    constexpr std::array minutes{1, 5, 15, 60, 180, 360, 720};
    const auto index = static_cast<std::size_t>(std::max(tries, 1) - 1);
    return index < minutes.size() ? std::optional(minutes[index] * minute_ms) : std::nullopt;
}

/// By account and channel, the most urgent first; each code by itself.
std::vector<Sender::Group> Sender::due_groups() {
    const auto now = m_parts->time.now();
    std::map<std::tuple<AccountId, Channel, std::int64_t>, Group> groups;
    m_parts->database.read([&](store::Tx& tx) {
        groups.clear();
        for (const auto county : counties(tx)) {
            for (auto& message : due_messages(tx, county, now, due_most)) {
                const auto alone = message.what == "code" ? message.id.value : 0;
                groups[{message.account, message.channel, alone}].push_back(std::move(message));
            }
        }
    });
    std::vector<Group> all;
    for (auto& [key, group] : groups) {
        std::sort(group.begin(), group.end(), before);
        all.push_back(std::move(group));
    }
    std::sort(all.begin(), all.end(), [](const Group& a, const Group& b) {
        const auto first = [](const Group& group) {
            const auto& message = group.front();
            return std::tuple(message.what != "code", !message.urgent, message.next_at, message.id);
        };
        return first(a) < first(b);
    });
    return all;
}

int Sender::send_due(const Stopped& stopped) {
    const std::lock_guard one_at_a_time(m_sending);
    int sent = 0;
    for (const auto& group : due_groups()) {
        if (stopped()) {
            break;
        }
        if (!room_for(group.front().channel)) {
            continue;
        }
        const auto batch = take(group);
        if (!batch) {
            continue;
        }
        const auto outcome = deliver(*batch, stopped);
        settle_all(*batch, outcome);
        sent +=
            outcome.result == Outcome::Result::sent ? static_cast<int>(batch->messages.size()) : 0;
    }
    return sent;
}

/// Within the allowance of the minute, and the other side is thought to be there.
bool Sender::room_for(Channel channel) {
    const auto now = m_parts->time.now();
    auto& lane = m_lanes[static_cast<std::size_t>(channel)];
    const auto minute = now.ms / minute_ms;
    if (lane.minute != minute) {
        lane.minute = minute;
        lane.sent = 0;
    }
    const auto& settings = m_parts->settings;
    const int most = channel == Channel::mail ? settings.mail.per_minute : settings.sms.per_minute;
    return now >= lane.closed_until && lane.sent < most;
}

/// Decides what becomes of due messages by what is true now: given up, put off, or in hand.
std::optional<Sender::Batch> Sender::take(const Group& group) {
    return m_parts->database.write_now([&](store::Tx& tx) {
        const auto& first = group.front();
        const bool code = first.what == "code";
        const auto now = m_parts->time.now();
        const auto way = find_way(tx, first.account, first.channel);
        const auto why = obstacle(
            identity::find_account(tx, first.account), way, m_parts->settings, first.channel, code
        );
        std::optional<Batch> batch;
        const auto wish = find_wish(tx, first.account);
        Batch made;
        for (const auto& message : group) {
            const bool wanted = code || (wish && wish->wants(message.what, message.channel));
            const auto old = code ? now - way.value_or(Way{}).code_at > code_lasts_ms
                                  : now - message.created_at > news_ms;
            if (!why.empty() || !wanted || old) {
                give_up(tx, message, !why.empty() ? why : !wanted ? "not wanted" : "too old");
                continue;
            }
            const auto from = code ? now : wish->allowed_from(now, message.urgent);
            const auto gap = code || message.urgent ? now : std::max(now, way->sent_at + gap_ms);
            if (const auto until = std::max(from, gap); until > now) {
                put_off(tx, message, until);
            } else if (claim(tx, message, now + in_hand_ms)) {
                made.messages.push_back(message);
                ++made.messages.back().tries;
            }
        }
        if (!made.messages.empty()) {
            made.way = *way;
            made.address = open_address(*m_parts->cipher, *way);
            code ? write_code(tx, made) : write_notices(tx, made);
            batch = std::move(made);
        }
        return batch;
    });
}

void Sender::write_code(store::Tx& tx, Batch& batch) const {
    const auto wish = find_wish(tx, batch.way.account).value_or(Wish{});
    const auto words = code_letter(open_code(*m_parts->cipher, batch.way), wish.language);
    batch.subject = words.subject;
    batch.text = words.body;
}

void Sender::write_notices(store::Tx& tx, Batch& batch) const {
    const auto caller = m_parts->identity.caller_of(tx, batch.way.account);
    const auto language = find_wish(tx, batch.way.account).value_or(Wish{}).language;
    const auto& url = m_parts->settings.public_url;
    const auto now = m_parts->time.now();
    if (batch.way.channel == Channel::sms) {
        batch.text = short_text(*m_parts->catalogue, caller, batch.messages, language, url, now);
        return;
    }
    const auto words = letter(*m_parts->catalogue, caller, batch.messages, language, url, now);
    batch.subject = words.subject;
    batch.text = words.body;
}

Outcome Sender::deliver(const Batch& batch, const Stopped& stopped) {
    auto& lane = m_lanes[static_cast<std::size_t>(batch.way.channel)];
    ++lane.sent;
    Outcome outcome;
    try {
        if (batch.way.channel == Channel::mail) {
            const Letter letter{
                batch.address, batch.subject, batch.text, id_of(batch.messages),
                m_parts->time.now()};
            outcome = send_mail(lane.connection, m_parts->settings.mail, letter, stopped);
        } else {
            outcome = send_sms(
                lane.connection, m_parts->settings.sms, batch.address, batch.text, stopped
            );
        }
    } catch (const std::exception&) {  // a file of the settings that cannot be read
        outcome = {Outcome::Result::nobody, "settings"};
    }
    if (outcome.result == Outcome::Result::nobody) {
        lane.closed_until = m_parts->time.now() + closed_ms;
    }
    return outcome;
}

void Sender::settle_all(const Batch& batch, const Outcome& outcome) {
    using Result = Outcome::Result;
    const bool sent = outcome.result == Result::sent;
    m_parts->database.write_now([&](store::Tx& tx) {
        const auto now = m_parts->time.now();
        for (const auto& message : batch.messages) {
            const auto pause =
                outcome.result == Result::never ? std::nullopt : pause_after(message.tries);
            const auto status = sent ? Status::sent : pause ? Status::failed : Status::given_up;
            const auto next = sent || !pause ? never : now + *pause;
            settle(tx, message, status, next, outcome.reason, now);
        }
        if (sent) {
            mark_used(tx, batch.way, now);
        }
    });
    const auto told = obj(
        {{"channel", name_of(batch.way.channel)},
         {"messages", static_cast<std::int64_t>(batch.messages.size())},
         {"first", std::to_string(batch.messages.front().id.value)},
         {"reason", outcome.reason}}
    );
    sent ? log::info("notify.sent", told) : log::warning("notify.failed", told);
}

void Sender::forget_old() {
    const auto until = m_parts->time.now() - kept_ms;
    for (const auto county : m_parts->database.read_now(counties)) {
        m_parts->database.write_now([&](store::Tx& tx) { forget_messages(tx, county, until); });
    }
}

}  // namespace linli::notify
