// SPDX-License-Identifier: Apache-2.0
/// Own addresses, proven by a code that is sent there, and what one wants to hear.
#include <algorithm>

#include "notify/impl.hpp"

namespace linli::notify {

namespace {

using store::Tx;

constexpr int guesses_most = 5, codes_most = 5;  ///< at one code; an hour and channel

struct WayAnswer {
    Channel channel = Channel::mail;
    bool offered = false;  ///< whether the operator has set it up
    std::string address;   ///< masked; "" = none
    bool confirmed = false;
    static constexpr auto fields = std::tuple{
        field("channel", &WayAnswer::channel), field("offered", &WayAnswer::offered),
        field("address", &WayAnswer::address), field("confirmed", &WayAnswer::confirmed)};
};
struct NotifyAnswer {
    std::vector<WayAnswer> channels;
    Language language = Language::zh;
    std::vector<Channel> remind, escalate, moved;
    int quiet_from = 0, quiet_to = 0;
    bool urgent_breaks = false;
    static constexpr auto fields = std::tuple{field("channels", &NotifyAnswer::channels),
                                              field("language", &NotifyAnswer::language),
                                              field("remind", &NotifyAnswer::remind),
                                              field("escalate", &NotifyAnswer::escalate),
                                              field("moved", &NotifyAnswer::moved),
                                              field("quiet_from", &NotifyAnswer::quiet_from),
                                              field("quiet_to", &NotifyAnswer::quiet_to),
                                              field("urgent_breaks", &NotifyAnswer::urgent_breaks)};
};
constexpr FieldRule minute_of_day{.least = 0, .most = 24 * 60 - 1};
struct WishBody {
    Language language = Language::zh;
    std::vector<Channel> remind, escalate, moved;
    int quiet_from = 0, quiet_to = 0;
    bool urgent_breaks = false;
    static constexpr auto fields = std::tuple{
        field("language", &WishBody::language),
        field("remind", &WishBody::remind, {.max = 2}),
        field("escalate", &WishBody::escalate, {.max = 2}),
        field("moved", &WishBody::moved, {.max = 2}),
        field("quiet_from", &WishBody::quiet_from, minute_of_day),
        field("quiet_to", &WishBody::quiet_to, minute_of_day),
        field("urgent_breaks", &WishBody::urgent_breaks)};
};
struct AddressBody {
    std::string address;
    Language language = Language::zh;
    static constexpr auto fields = std::tuple{
        field("address", &AddressBody::address, {.max = 200}),
        field("language", &AddressBody::language, {.required = false})};
};
struct CodeBody {
    std::string code;
    static constexpr auto fields = std::tuple{field("code", &CodeBody::code, {.max = 6})};
};

NotifyAnswer answer_of(const Parts& parts, Tx& tx, AccountId account) {
    NotifyAnswer answer;
    for (const auto* name : names(Channel{})) {
        const auto channel = *parse_name<Channel>(name);
        WayAnswer one{channel, parts.settings.offers(channel), "", false};
        const auto way = find_way(tx, account, channel);
        if (way && !way->address.empty()) {
            one.address = masked_address(channel, open_address(*parts.cipher, *way));
            one.confirmed = way->confirmed();
        }
        answer.channels.push_back(one);
    }
    const auto wish = find_wish(tx, account).value_or(Wish{});
    answer.language = wish.language;
    answer.remind = parse_channels(wish.remind);
    answer.escalate = parse_channels(wish.escalate);
    answer.moved = parse_channels(wish.moved);
    answer.quiet_from = wish.quiet_from;
    answer.quiet_to = wish.quiet_to;
    answer.urgent_breaks = wish.urgent_breaks;
    return answer;
}

void write_down(Tx& tx, const http::Call& call, const char* action, std::string detail = {}) {
    store::Change change;
    change.at = call.now;
    change.actor = call.caller.account;
    change.kind = "account";
    change.record = {call.caller.account.value};
    change.action = action;
    change.detail = std::move(detail);
    change.request = call.request.id;
    store::append_change(tx, 0, std::move(change));
}

Channel channel_of(const http::Call& call) {
    const auto channel = parse_name<Channel>(call.param("channel"));
    if (!channel) {
        throw not_found("channel");
    }
    return *channel;
}

Wish wish_of(Tx& tx, AccountId account, Instant now) {
    auto wish = find_wish(tx, account);
    if (!wish) {
        wish.emplace();
        wish->account = account;
        wish->since = now;
    }
    return *wish;
}

NotifyAnswer change_wish(const Shared& parts, http::Call& call, const WishBody& body) {
    auto& tx = call.tx();
    const auto account = call.caller.account;
    const std::pair<const char*, const std::vector<Channel>*> chosen[] = {
        {"/remind", &body.remind}, {"/escalate", &body.escalate}, {"/moved", &body.moved}};
    for (const auto& [pointer, channels] : chosen) {
        for (const auto channel : *channels) {
            const auto way = find_way(tx, account, channel);
            if (!way || !way->confirmed()) {
                throw invalid(pointer, "not_confirmed", "confirm an address of this channel first");
            }
        }
    }
    auto wish = wish_of(tx, account, call.now);
    wish.language = body.language;
    wish.remind = to_text(body.remind);
    wish.escalate = to_text(body.escalate);
    wish.moved = to_text(body.moved);
    wish.quiet_from = body.quiet_from;
    wish.quiet_to = body.quiet_to;
    wish.urgent_breaks = body.urgent_breaks;
    save_wish(tx, wish);
    write_down(tx, call, "notify_wish");
    return answer_of(*parts, tx, account);
}

std::string fresh_code(RandomSource& random) {
    std::uint64_t number = 0;
    random.fill(&number, sizeof number);
    const auto digits = std::to_string(number % 1'000'000);
    return std::string(6 - digits.size(), '0') + digits;
}

/// A code goes to the address; until it comes back, nothing else is sent there.
NotifyAnswer give_address(
    const Shared& parts, http::Call& call, Channel channel, const AddressBody& body
) {
    auto& tx = call.tx();
    const auto account = call.caller.account;
    if (!parts->settings.offers(channel)) {
        throw conflict("channel_not_offered", "the operator has not set up this channel");
    }
    const auto plain = plain_address(channel, tidy(body.address));
    if (!plain) {
        throw invalid("/address", "wrong_address", "no address that can be written to");
    }
    auto way = find_way(tx, account, channel).value_or(Way{});
    way.account = account;
    way.channel = channel;
    if (call.now - way.codes_from > hour_ms) {
        way.codes_from = call.now;
        way.codes = 0;
    }
    if (++way.codes > codes_most) {
        const auto left = hour_ms - (call.now - way.codes_from);
        throw too_many("too_many_codes", static_cast<int>(left / second_ms) + 1);
    }
    way.address = seal_address(*parts->cipher, account, channel, *plain);
    way.confirmed_at = {};
    way.code = seal_code(*parts->cipher, account, channel, fresh_code(parts->random));
    way.code_at = call.now;
    way.guesses = 0;
    save_way(tx, way);
    auto wish = wish_of(tx, account, call.now);
    wish.language = body.language;
    save_wish(tx, wish);
    Message message;
    message.account = account;
    message.channel = channel;
    message.notice = tx.new_id(0);
    message.what = "code";
    message.created_at = message.next_at = call.now;
    insert_message(tx, home(account), message);
    write_down(tx, call, "notify_address", name_of(channel));
    return answer_of(*parts, tx, account);
}

/// A wrong guess counts, so it is written down before the refusal.
enum class Guess { right, wrong, over };
Guess guess(
    const Parts& parts, Tx& tx, const http::Call& call, Channel channel, const std::string& code
) {
    auto way = find_way(tx, call.caller.account, channel);
    if (!way || way->code.empty() || call.now - way->code_at > code_lasts_ms ||
        way->guesses >= guesses_most) {
        return Guess::over;
    }
    const bool right = same_secret(open_code(*parts.cipher, *way), code);
    if (right) {
        way->confirmed_at = call.now;
        way->code.clear();
        write_down(tx, call, "notify_confirmed", name_of(channel));
    } else {
        ++way->guesses;
    }
    save_way(tx, *way);
    return right ? Guess::right : Guess::wrong;
}

NotifyAnswer confirm(const Shared& parts, http::Call& call, const CodeBody& body) {
    const auto channel = channel_of(call);
    switch (call.db.write_now([&](Tx& tx) { return guess(*parts, tx, call, channel, body.code); })
    ) {
        case Guess::wrong:
            throw forbidden("wrong_code");
        case Guess::over:
            throw conflict("code_over", "ask for a new code");
        case Guess::right:
            break;
    }
    return call.db.read_now([&](Tx& tx) { return answer_of(*parts, tx, call.caller.account); });
}

/// How many codes were sent this hour is kept.
NotifyAnswer forget_address(const Shared& parts, http::Call& call) {
    auto& tx = call.tx();
    const auto channel = channel_of(call);
    if (auto way = find_way(tx, call.caller.account, channel); way && !way->address.empty()) {
        way->address.clear();
        way->code.clear();
        way->confirmed_at = {};
        save_way(tx, *way);
        auto wish = wish_of(tx, call.caller.account, call.now);
        for (auto* words : {&wish.remind, &wish.escalate, &wish.moved}) {
            auto channels = parse_channels(*words);
            std::erase(channels, channel);
            *words = to_text(channels);
        }
        save_wish(tx, wish);
        write_down(tx, call, "notify_forgotten", name_of(channel));
    }
    return answer_of(*parts, tx, call.caller.account);
}

}  // namespace

void account_routes(http::Router& r, const Shared& parts) {
    const auto self = http::Scope::self;
    r.get(
        "/api/account/notify",
        [parts](http::Call& call) { return answer_of(*parts, call.tx(), call.caller.account); }, "",
        self, "Own addresses (masked) and what one wants to hear outside of the system"
    );
    r.put(
        "/api/account/notify",
        [parts](http::Call& call, const WishBody& body) { return change_wish(parts, call, body); },
        "", self, "Choose channels by kind of notice, language and quiet hours"
    );
    r.post(
         "/api/account/notify/{channel}",
         [parts](http::Call& call, const AddressBody& body) {
             return give_address(parts, call, channel_of(call), body);
         },
         "", self, "Give an address; a code is sent to it"
    )
        .once_per_key();
    r.post(
         "/api/account/notify/{channel}/confirm",
         [parts](http::Call& call, const CodeBody& body) { return confirm(parts, call, body); }, "",
         self, "Prove an address by the code that was sent to it"
    )
        .no_transaction();
    r.remove(
        "/api/account/notify/{channel}",
        [parts](http::Call& call) { return forget_address(parts, call); }, "", self,
        "Forget an address; nothing is sent there any more"
    );
}

}  // namespace linli::notify
