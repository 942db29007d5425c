// SPDX-License-Identifier: Apache-2.0
#include "notify/way.hpp"

#include <algorithm>

namespace linli::notify {

namespace {

using store::Sql;
using store::Tx;

std::string context_of(const char* what, AccountId account, Channel channel) {
    return std::string("notify_way/") + what + "/" + std::to_string(account.value) + "/" +
           name_of(channel);
}
std::string sealed(const FieldCipher& cipher, const std::string& plain, const std::string& of) {
    return to_base64url(cipher.seal(plain, of));
}
std::string opened(const FieldCipher& cipher, const std::string& text, const std::string& of) {
    std::string bytes;
    from_base64url(text, bytes);
    return cipher.open(bytes, of);
}

bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool digit(char c) {
    return c >= '0' && c <= '9';
}
bool digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), digit);
}

/// What mail servers everywhere take: RFC 5321 without quoted names and address literals.
bool mail_address(std::string_view text) {
    const auto parts = split(text, '@');
    if (parts.size() != 2 || parts[0].empty() || parts[0].size() > 64 || text.size() > 200) {
        return false;
    }
    constexpr std::string_view marks = "!#$%&'*+-/=?^_`{|}~.";
    const bool name = std::all_of(parts[0].begin(), parts[0].end(), [&](char c) {
        return letter(c) || digit(c) || marks.find(c) != std::string_view::npos;
    });
    const auto labels = split(parts[1], '.');
    return name && labels.size() >= 2 &&
           std::all_of(labels.begin(), labels.end(), [](std::string_view label) {
               const auto fits = [](char c) { return letter(c) || digit(c) || c == '-'; };
               return !label.empty() && label.size() <= 63 && label.front() != '-' &&
                      std::all_of(label.begin(), label.end(), fits);
           });
}

/// A mobile number of the mainland, or an international one with its plus.
std::optional<std::string> mobile_number(std::string_view text) {
    std::string number(text);
    std::erase_if(number, [](char c) { return c == ' ' || c == '-'; });
    if (number.starts_with("+86")) {
        number.erase(0, 3);
    }
    if (number.size() == 11 && digits(number) && number[0] == '1' && number[1] >= '3') {
        return number;
    }
    const bool abroad = number.size() >= 8 && number.size() <= 16 && number[0] == '+' &&
                        digits(std::string_view(number).substr(1));
    return abroad ? std::optional(number) : std::nullopt;
}

}  // namespace

Instant quiet_until(const QuietHours& quiet, Instant at) {
    const auto day = start_of(official_date(at));
    const auto minute = static_cast<int>((at - day) / minute_ms);
    const bool over_night = quiet.from > quiet.to;
    const bool within = over_night ? minute >= quiet.from || minute < quiet.to
                                   : minute >= quiet.from && minute < quiet.to;
    if (!within) {
        return at;
    }
    const bool tomorrow = over_night && minute >= quiet.from;
    return day + (tomorrow ? day_ms : 0) + quiet.to * minute_ms;
}

std::vector<Channel> parse_channels(const std::string& words) {
    std::vector<Channel> found;
    for (const auto word : split(words, ',')) {
        if (const auto channel = parse_name<Channel>(word)) {
            found.push_back(*channel);
        }
    }
    return found;
}

std::string to_text(const std::vector<Channel>& channels) {
    std::vector<std::string> words;
    for (const auto channel : channels) {
        if (std::find(words.begin(), words.end(), name_of(channel)) == words.end()) {
            words.emplace_back(name_of(channel));
        }
    }
    return join(words, ",");
}

std::vector<Channel> Wish::channels(const std::string& what) const {
    return parse_channels(what == "remind" ? remind : what == "moved" ? moved : escalate);
}

bool Wish::wants(const std::string& what, Channel channel) const {
    const auto chosen = channels(what);
    return std::find(chosen.begin(), chosen.end(), channel) != chosen.end();
}

Instant Wish::allowed_from(Instant at, bool urgent) const {
    return urgent && urgent_breaks ? at : quiet_until({quiet_from, quiet_to}, at);
}

std::optional<Way> find_way(Tx& tx, AccountId account, Channel channel) {
    constexpr Sql sql{"notify.find_way", R"(
        SELECT account, channel, address, confirmed_at, code, code_at, guesses, codes, codes_from, sent_at
          FROM notify_way WHERE county = $1 AND account = $2 AND channel = $3)"};
    return tx.one<Way>(sql, home(account), account, channel);
}

void save_way(Tx& tx, const Way& way) {
    constexpr Sql sql{"notify.save_way", R"(
        INSERT INTO notify_way
            (county, account, channel, address, confirmed_at, code, code_at, guesses, codes, codes_from, sent_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (county, account, channel) DO UPDATE
               SET address = excluded.address, confirmed_at = excluded.confirmed_at, code = excluded.code,
                   code_at = excluded.code_at, guesses = excluded.guesses, codes = excluded.codes,
                   codes_from = excluded.codes_from, sent_at = excluded.sent_at)"};
    tx.run(
        sql, home(way.account), way.account, way.channel, way.address, way.confirmed_at, way.code,
        way.code_at, way.guesses, way.codes, way.codes_from, way.sent_at
    );
}

void mark_used(Tx& tx, const Way& way, Instant now) {
    constexpr Sql sql{"notify.mark_used", R"(
        UPDATE notify_way SET sent_at = $4 WHERE county = $1 AND account = $2 AND channel = $3)"};
    tx.run(sql, home(way.account), way.account, way.channel, now);
}

std::optional<Wish> find_wish(Tx& tx, AccountId account) {
    constexpr Sql sql{"notify.find_wish", R"(
        SELECT account, language, remind, escalate, moved, quiet_from, quiet_to, urgent_breaks, since
          FROM notify_wish WHERE county = $1 AND account = $2)"};
    return tx.one<Wish>(sql, home(account), account);
}

void save_wish(Tx& tx, const Wish& wish) {
    constexpr Sql sql{"notify.save_wish", R"(
        INSERT INTO notify_wish
            (county, account, language, remind, escalate, moved, quiet_from, quiet_to, urgent_breaks, since)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (county, account) DO UPDATE
               SET language = excluded.language, remind = excluded.remind, escalate = excluded.escalate,
                   moved = excluded.moved, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
                   urgent_breaks = excluded.urgent_breaks)"};
    tx.run(
        sql, home(wish.account), wish.account, wish.language, wish.remind, wish.escalate,
        wish.moved, wish.quiet_from, wish.quiet_to, wish.urgent_breaks, wish.since
    );
}

bool any_wish(Tx& tx) {
    constexpr Sql sql{"notify.any_wish", "SELECT 1 FROM notify_wish WHERE county = $1 LIMIT 1"};
    return tx.one<int>(sql, 0).has_value();
}

std::string seal_address(
    const FieldCipher& cipher, AccountId account, Channel channel, const std::string& plain
) {
    return sealed(cipher, plain, context_of("address", account, channel));
}
std::string open_address(const FieldCipher& cipher, const Way& way) {
    return opened(cipher, way.address, context_of("address", way.account, way.channel));
}
std::string seal_code(
    const FieldCipher& cipher, AccountId account, Channel channel, const std::string& plain
) {
    return sealed(cipher, plain, context_of("code", account, channel));
}
std::string open_code(const FieldCipher& cipher, const Way& way) {
    return opened(cipher, way.code, context_of("code", way.account, way.channel));
}

std::optional<std::string> plain_address(Channel channel, std::string_view text) {
    if (channel == Channel::sms) {
        return mobile_number(text);
    }
    return mail_address(text) ? std::optional(std::string(text)) : std::nullopt;
}

std::string masked_address(Channel channel, const std::string& plain) {
    if (channel == Channel::mail) {
        return plain.substr(0, 1) + "***" + plain.substr(plain.find('@'));
    }
    return plain.substr(0, 3) + "****" + plain.substr(plain.size() - 4);
}

}  // namespace linli::notify
