// SPDX-License-Identifier: Apache-2.0
/// The outbox as administrators see it, for the counties under their areas.
#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "identity/store.hpp"
#include "notify/impl.hpp"

namespace linli::notify {

namespace {

using store::Tx;

constexpr int counted_most = 1000;

struct MessageAnswer {
    MessageId id;
    AccountId account;
    std::string name;  ///< of the account
    Channel channel = Channel::mail;
    std::string what, kind;
    RecordId record;
    std::string number;
    Status status = Status::waiting;
    int tries = 0;
    bool urgent = false;
    std::string reason;
    Instant created_at;
    std::optional<Instant> next_at, sent_at;
    static constexpr auto fields = std::tuple{
        field("id", &MessageAnswer::id),
        field("account", &MessageAnswer::account),
        field("name", &MessageAnswer::name),
        field("channel", &MessageAnswer::channel),
        field("what", &MessageAnswer::what),
        field("kind", &MessageAnswer::kind),
        field("record", &MessageAnswer::record),
        field("number", &MessageAnswer::number),
        field("status", &MessageAnswer::status),
        field("tries", &MessageAnswer::tries),
        field("urgent", &MessageAnswer::urgent),
        field("reason", &MessageAnswer::reason),
        field("created_at", &MessageAnswer::created_at),
        field("next_at", &MessageAnswer::next_at),
        field("sent_at", &MessageAnswer::sent_at)};
};
struct OutboxAnswer {
    std::vector<MessageAnswer> messages;
    std::optional<std::string> next;
    std::vector<Channel> offered;  ///< channels that the operator has set up
    std::int64_t waiting = 0, sending = 0, failed = 0, given_up = 0;  ///< up to 1000
    static constexpr auto fields = std::tuple{
        field("messages", &OutboxAnswer::messages), field("next", &OutboxAnswer::next),
        field("offered", &OutboxAnswer::offered),   field("waiting", &OutboxAnswer::waiting),
        field("sending", &OutboxAnswer::sending),   field("failed", &OutboxAnswer::failed),
        field("given_up", &OutboxAnswer::given_up)};
};

/// What the caller may see: messages about records of the counties under his areas, and of those
/// above counties (codes among them) what goes to accounts of his areas; others are not named.
class View {
 public:
    View(const Parts& parts, const http::Caller& caller)
        : m_tree(parts.areas.today()), m_areas(parts.identity.areas_with(caller, outbox_manage)) {
        for (const auto area : m_areas) {
            for (const auto county : m_tree->counties_under(area)) {
                m_counties.insert(county);
            }
        }
    }

    const std::set<County>& counties() const { return m_counties; }
    bool shown(Tx& tx, const Message& message) {
        const auto county = message.county();
        return m_counties.contains(county) && (county != 0 || !name(tx, message.account).empty());
    }
    /// "" of an account elsewhere.
    const std::string& name(Tx& tx, AccountId id) {
        const auto [at, fresh] = m_names.try_emplace(id);
        const auto account = fresh ? identity::find_account(tx, id) : std::nullopt;
        if (account && here(identity::grants_of(tx, id))) {
            at->second = account->name;
        }
        return at->second;
    }

 private:
    bool here(const std::vector<http::Grant>& grants) const {
        return std::any_of(grants.begin(), grants.end(), [&](const auto& grant) {
            return std::any_of(m_areas.begin(), m_areas.end(), [&](AreaId area) {
                return m_tree->within(grant.area, area);
            });
        });
    }
    std::shared_ptr<const area::Tree> m_tree;
    std::vector<AreaId> m_areas;
    std::set<County> m_counties;
    std::map<AccountId, std::string> m_names;
};

std::string to_text(const Message& last) {
    return std::to_string(last.created_at.ms) + "." + std::to_string(last.id.value);
}

Older parse_older(const std::string& cursor) {
    Older older;
    const auto dot = cursor.find('.');
    const auto whole = [](std::string_view text, std::int64_t& number) {
        const auto* end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, number);
        return read.ec == std::errc() && read.ptr == end;
    };
    if (dot == std::string::npos || !whole(std::string_view(cursor).substr(0, dot), older.at.ms) ||
        !whole(std::string_view(cursor).substr(dot + 1), older.id.value)) {
        throw malformed("cursor_malformed", "the cursor is not one that this list gave");
    }
    return older;
}

template <class E>
std::optional<E> choice(const http::Call& call, const char* name) {
    const auto word = call.query(name);
    if (!word || word->empty()) {
        return std::nullopt;
    }
    const auto value = parse_name<E>(*word);
    if (!value) {
        throw malformed("query_invalid", std::string(name) + " is none of the allowed words");
    }
    return value;
}

MessageAnswer answer_of(Tx& tx, const Message& m, View& view) {
    MessageAnswer answer{m.id,         m.account,    view.name(tx, m.account),
                         m.channel,    m.what,       m.kind,
                         m.record,     m.number,     m.status,
                         m.tries,      m.urgent,     m.reason,
                         m.created_at, std::nullopt, std::nullopt};
    if (m.next_at < never) {
        answer.next_at = m.next_at;
    }
    if (m.sent_at.ms != 0) {
        answer.sent_at = m.sent_at;
    }
    return answer;
}

OutboxAnswer list(const Shared& parts, http::Call& call) {
    auto& tx = call.tx();
    const auto status = choice<Status>(call, "status");
    const int limit = call.query_int("limit", 50, 1, 200);
    const auto cursor = call.query("cursor");
    const auto older = cursor ? parse_older(*cursor) : Older{};
    OutboxAnswer answer;
    std::vector<Message> found;
    View view(*parts, call.caller);
    for (const auto county : view.counties()) {
        auto some = messages_of(tx, county, status, older, limit + 1);
        std::move(some.begin(), some.end(), std::back_inserter(found));
        if (county == 0) {
            continue;  // not all of it is to be seen
        }
        answer.waiting += count_messages(tx, county, Status::waiting, counted_most);
        answer.sending += count_messages(tx, county, Status::sending, counted_most);
        answer.failed += count_messages(tx, county, Status::failed, counted_most);
        answer.given_up += count_messages(tx, county, Status::given_up, counted_most);
    }
    std::sort(found.begin(), found.end(), [](const Message& a, const Message& b) {
        return std::pair(a.created_at, a.id) > std::pair(b.created_at, b.id);
    });
    if (found.size() > static_cast<std::size_t>(limit)) {
        found.resize(static_cast<std::size_t>(limit));
        answer.next = to_text(found.back());
    }
    for (const auto& message : found) {
        if (view.shown(tx, message)) {
            answer.messages.push_back(answer_of(tx, message, view));
        }
    }
    for (const auto* name : names(Channel{})) {
        if (const auto channel = *parse_name<Channel>(name); parts->settings.offers(channel)) {
            answer.offered.push_back(channel);
        }
    }
    for (auto* count : {&answer.waiting, &answer.sending, &answer.failed, &answer.given_up}) {
        *count = std::min<std::int64_t>(*count, counted_most);
    }
    return answer;
}

template <class Act>
MessageAnswer change(const Shared& parts, http::Call& call, const char* action, Act&& act) {
    auto& tx = call.tx();
    const auto id = call.id<Message>();
    View view(*parts, call.caller);
    const auto message = find_message(tx, id);
    if (!message || !view.shown(tx, *message)) {
        throw not_found("message");
    }
    if (!act(tx, *message)) {
        throw conflict("message_not_so", "its state has changed, or it is on its way");
    }
    store::Change change;
    change.at = call.now;
    change.actor = call.caller.account;
    change.kind = "message";
    change.record = {id.value};
    change.action = action;
    change.request = call.request.id;
    store::append_change(tx, home(id), std::move(change));
    return answer_of(tx, *find_message(tx, id), view);
}

}  // namespace

void outbox_routes(http::Router& r, const Shared& parts) {
    const auto area = http::Scope::area;
    r.get(
         "/api/outbox", [parts](http::Call& call) { return list(parts, call); }, outbox_manage,
         area, "Messages to people outside of the system, newest first, and how many wait"
    )
        .query("status", "waiting, sending, sent, failed or given_up")
        .query("limit", "of messages, up to 200")
        .query("cursor", "`next` of the page before");
    r.post(
         "/api/outbox/{id}/retry",
         [parts](http::Call& call) {
             return change(parts, call, "retry", [&](Tx& tx, const Message& message) {
                 return try_again(tx, message, call.now);
             });
         },
         outbox_manage, area, "Try a message again that failed or was given up"
    )
        .id_fields({"path:id"});
    r.post(
         "/api/outbox/{id}/give-up",
         [parts](http::Call& call) {
             return change(parts, call, "give_up", [](Tx& tx, const Message& message) {
                 return message.status != Status::sending && give_up(tx, message, "by hand");
             });
         },
         outbox_manage, area, "Do not try a message again"
    )
        .id_fields({"path:id"});
}

}  // namespace linli::notify
