// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The SMS gateway: any that takes one HTTP request per message.
#include <string>

#include "notify/post.hpp"
#include "notify/settings.hpp"

namespace linli::notify {

/// "api.example.org:8443" of an address, as written; "" if there is none.
std::string gateway_host(const std::string& url);

struct GatewayRequest {
    std::string url, body;
    std::vector<std::string> headers;
};
/// The template filled in: percent-encoded in the address and in forms, escaped in JSON.
GatewayRequest fill(
    const SmsSettings&, const std::string& secret, const std::string& phone, const std::string& text
);
/// Only to the host of the setting, only to the address that was looked at (C43): no redirects, no
/// inner addresses unless the setting allows them, at most 64 KiB of answer.
Outcome
send_sms(Connection&, const SmsSettings&, const std::string& phone, const std::string& text, const Stopped&);

}  // namespace linli::notify
