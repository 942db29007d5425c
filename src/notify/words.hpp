// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What messages say: plain words in the account's language, without personal data. Which record it
/// is (its number and kind), where it stands, what day was promised, and where to look.
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "http/caller.hpp"
#include "notify/outbox.hpp"

namespace linli::notify {

struct Words {
    std::string subject, body;
};

/// "2025-05-08 17:00" on the wall in China.
std::string official_text(Instant);
/// One message in one sentence.
std::string sentence(const catalogue::Catalogue&, const Message&, Language, Instant now);
/// The page of the web on which the account sees the record.
std::string link(
    const catalogue::Catalogue&, const http::Caller&, const Message&, const std::string& public_url
);
/// Several messages for one account as one letter, or as one short text (with the first alone,
/// which is the most urgent).
Words letter(
    const catalogue::Catalogue&, const http::Caller&, const std::vector<Message>&, Language,
    const std::string& public_url, Instant now
);
std::string short_text(
    const catalogue::Catalogue&, const http::Caller&, const std::vector<Message>&, Language,
    const std::string& public_url, Instant now
);
Words code_letter(const std::string& code, Language);

}  // namespace linli::notify
