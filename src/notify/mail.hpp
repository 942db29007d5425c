// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Mail: a letter as RFC 5322 wants it, and its way to the SMTP server.
#include <string>

#include "base/time.hpp"
#include "notify/post.hpp"
#include "notify/settings.hpp"

namespace linli::notify {

struct Letter {
    std::string to, subject, body;
    std::string id;  ///< the same for the same messages: a second copy can be told (Message-ID)
    Instant at;
};
/// Subject and body are encoded whole, so that nothing in them can become a header (C45).
std::string text_of(const Letter&, const std::string& from);
Outcome send_mail(Connection&, const MailSettings&, const Letter&, const Stopped&);

}  // namespace linli::notify
