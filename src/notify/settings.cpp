// SPDX-License-Identifier: Apache-2.0
#include "notify/settings.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

#include "notify/gateway.hpp"

namespace linli::notify {

namespace {

[[noreturn]] void wrong(const std::string& sentence) {
    throw std::runtime_error(sentence);
}

bool plain_line(const std::string& text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
}

void check_mail(const MailSettings& mail) {
    if (!plain_address(Channel::mail, mail.from)) {
        wrong("--mail-from is the address that mail is sent from, such as linli@example.org");
    }
    constexpr std::array ways{"starttls", "tls", "none"};
    if (std::find(ways.begin(), ways.end(), mail.tls) == ways.end()) {
        wrong("--smtp-tls is starttls, tls or none");
    }
    const bool here = mail.host == "localhost" || mail.host == "127.0.0.1" || mail.host == "::1";
    if (!mail.user.empty() && mail.tls == "none" && !here) {
        wrong("--smtp-user is not sent without TLS to another machine: see --smtp-tls");
    }
    if (mail.user.empty() != mail.password_file.empty()) {
        wrong("--smtp-user and --smtp-password-file go together");
    }
    const auto odd = [](char c) {
        return c == '/' || c == '@' || c == '?' || c == '#' || c == ' ';
    };
    if (std::any_of(mail.host.begin(), mail.host.end(), odd) || !plain_line(mail.host)) {
        wrong("--smtp-host is the name of a machine alone");
    }
}

void check_sms(const SmsSettings& sms) {
    const bool secure = sms.url.starts_with("https://");
    if (!secure && !(sms.private_address && sms.url.starts_with("http://"))) {
        wrong("--sms-url begins with https:// (or with http:// where --sms-private allows it)");
    }
    const auto host = gateway_host(sms.url);
    if (host.empty() || host.find_first_of("{}@") != std::string::npos) {
        wrong("--sms-url names its host in full, without placeholders or a user");
    }
    if (sms.method != "GET" && sms.method != "POST" && sms.method != "PUT") {
        wrong("--sms-method is GET, POST or PUT");
    }
    if ((sms.url + sms.body).find("{phone}") == std::string::npos ||
        (sms.url + sms.body).find("{text}") == std::string::npos) {
        wrong("--sms-url and --sms-body hold {phone} and {text} between them");
    }
    for (const auto& header : sms.headers) {
        const auto colon = header.find(':');
        if (colon == 0 || colon == std::string::npos || !plain_line(header) ||
            header.find("{phone}") != std::string::npos ||
            header.find("{text}") != std::string::npos) {
            wrong("--sms-header is \"Name: value\" on one line, without {phone} and {text}");
        }
    }
}

}  // namespace

void check(const Settings& settings) {
    const auto& url = settings.public_url;
    const bool any = settings.offers(Channel::mail) || settings.offers(Channel::sms);
    if (any && !url.starts_with("https://") && !url.starts_with("http://")) {
        wrong("--public-url is what links in messages begin with: https://linli.example.org");
    }
    if (!plain_line(url) || url.ends_with("/")) {
        wrong("--public-url ends without a slash");
    }
    if (settings.offers(Channel::mail)) {
        check_mail(settings.mail);
    }
    if (settings.offers(Channel::sms)) {
        check_sms(settings.sms);
    }
}

std::string first_line(const std::filesystem::path& file) {
    if (file.empty()) {
        return {};
    }
    std::ifstream in(file);
    std::string line;
    if (!in || !std::getline(in, line)) {
        wrong("cannot read the first line of " + file.string());
    }
    if (line.ends_with('\r')) {
        line.pop_back();
    }
    return line;
}

}  // namespace linli::notify
