// SPDX-License-Identifier: Apache-2.0
#pragma once
/// How an account is reached outside of the system, and what it wants to hear there. Addresses are
/// sealed in the database and opened only to be shown masked to their owner, or to be written to.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/crypto.hpp"
#include "base/fields.hpp"
#include "store/store.hpp"

namespace linli::notify {

enum class Channel { mail, sms };
constexpr auto names(Channel) {
    return std::array{"mail", "sms"};
}
enum class Language { zh, en };
constexpr auto names(Language) {
    return std::array{"zh", "en"};
}

struct Way {
    AccountId account;
    Channel channel = Channel::mail;
    std::string address;  ///< sealed; "" = none
    Instant confirmed_at;
    std::string code;  ///< sealed; "" = none is open
    Instant code_at;
    int guesses = 0;  ///< at the open code
    int codes = 0;    ///< sent since codes_from
    Instant codes_from;
    Instant sent_at;  ///< when something was last sent this way
    static constexpr auto fields = std::tuple{
        field("account", &Way::account),
        field("channel", &Way::channel),
        field("address", &Way::address),
        field("confirmed_at", &Way::confirmed_at),
        field("code", &Way::code),
        field("code_at", &Way::code_at),
        field("guesses", &Way::guesses),
        field("codes", &Way::codes),
        field("codes_from", &Way::codes_from),
        field("sent_at", &Way::sent_at)};
    bool confirmed() const { return !address.empty() && confirmed_at.ms != 0; }
};

/// Minutes of the official day; from = to: never quiet. It may go over midnight.
struct QuietHours {
    int from = 0, to = 0;
};
/// The end of the quiet hours that `at` lies in, else `at`.
Instant quiet_until(const QuietHours&, Instant at);

/// Channels by kind of notice, names with commas between.
struct Wish {
    AccountId account;
    Language language = Language::zh;
    std::string remind, escalate, moved;
    int quiet_from = 22 * 60, quiet_to = 7 * 60;
    bool urgent_breaks = false;
    Instant since;
    static constexpr auto fields =
        std::tuple{field("account", &Wish::account),   field("language", &Wish::language),
                   field("remind", &Wish::remind),     field("escalate", &Wish::escalate),
                   field("moved", &Wish::moved),       field("quiet_from", &Wish::quiet_from),
                   field("quiet_to", &Wish::quiet_to), field("urgent_breaks", &Wish::urgent_breaks),
                   field("since", &Wish::since)};
    /// `what` is a notice's: remind, urge, raise or moved.
    std::vector<Channel> channels(const std::string& what) const;
    bool wants(const std::string& what, Channel) const;
    /// When something may be sent that is there at `at`.
    Instant allowed_from(Instant at, bool urgent) const;
};
std::vector<Channel> parse_channels(const std::string& words);
std::string to_text(const std::vector<Channel>&);

std::optional<Way> find_way(store::Tx&, AccountId, Channel);
void save_way(store::Tx&, const Way&);
/// Something was sent this way just now.
void mark_used(store::Tx&, const Way&, Instant now);
std::optional<Wish> find_wish(store::Tx&, AccountId);
void save_wish(store::Tx&, const Wish&);
bool any_wish(store::Tx&);

std::string seal_address(const FieldCipher&, AccountId, Channel, const std::string& plain);
std::string open_address(const FieldCipher&, const Way&);
std::string seal_code(const FieldCipher&, AccountId, Channel, const std::string& plain);
std::string open_code(const FieldCipher&, const Way&);

/// As it is sent to; nothing if it is no address of the channel. What passes holds neither blanks
/// nor control characters, so that nothing can be added to a message by way of it (C45).
std::optional<std::string> plain_address(Channel, std::string_view text);
/// z***@example.org, 138****1234.
std::string masked_address(Channel, const std::string& plain);

}  // namespace linli::notify
