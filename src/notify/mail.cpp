// SPDX-License-Identifier: Apache-2.0
#include "notify/mail.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

namespace linli::notify {

namespace {

std::string base64(std::string_view bytes) {
    auto text = to_base64url(bytes);
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

/// Words of RFC 2047, each short enough for its line and whole in its characters.
std::string encoded_words(std::string_view text) {
    constexpr std::size_t piece = 45;
    std::string words;
    for (std::size_t at = 0; at < text.size();) {
        auto end = std::min(at + piece, text.size());
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
            --end;
        }
        words += (words.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") +
                 base64(text.substr(at, end - at)) + "?=";
        at = end;
    }
    return words;
}

std::string wrapped(const std::string& text) {
    constexpr std::size_t width = 76;
    std::string lines;
    for (std::size_t at = 0; at < text.size(); at += width) {
        lines += text.substr(at, width) + "\r\n";
    }
    return lines;
}

std::string mail_date(Instant at) {
    constexpr std::array days{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto date = official_date(at);
    const auto day = civil(date);
    const auto seconds = (at - start_of(date)) / second_ms;
    char text[48];
    std::snprintf(
        text, sizeof text, "%s, %d %s %d %02d:%02d:%02d +0800",
        days[static_cast<std::size_t>(weekday(date))], day.day,
        months[static_cast<std::size_t>(day.month - 1)], day.year, static_cast<int>(seconds / 3600),
        static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60)
    );
    return text;
}

struct Reading {
    const std::string& text;
    std::size_t at = 0;
};
std::size_t read_on(char* to, std::size_t size, std::size_t count, void* of) {
    auto& reading = *static_cast<Reading*>(of);
    const auto piece = std::min(size * count, reading.text.size() - reading.at);
    std::memcpy(to, reading.text.data() + reading.at, piece);
    reading.at += piece;
    return piece;
}
std::size_t drop(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
}

Outcome outcome_of(CURLcode code, long answer) {
    using Result = Outcome::Result;
    const auto number = std::to_string(answer);
    switch (code) {
        case CURLE_OK:
            return {};
        case CURLE_LOGIN_DENIED:
            return {Result::nobody, "login " + number};
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
            return {Result::nobody, "unreachable"};
        case CURLE_OPERATION_TIMEDOUT:
            return {Result::nobody, "timeout"};
        case CURLE_USE_SSL_FAILED:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
            return {Result::nobody, "tls"};
        default:
            break;
    }
    // What is wrong with this letter alone: 550 no such box, 552 full, 553 wrong address, 554
    // refused.
    if (answer >= 550 && answer < 560) {
        return {Result::never, "refused " + number};
    }
    return {Result::later, answer >= 400 ? "refused " + number : "broken off"};
}

}  // namespace

std::string text_of(const Letter& letter, const std::string& from) {
    const auto domain = from.substr(from.find('@') + 1);
    return "Date: " + mail_date(letter.at) + "\r\nFrom: <" + from + ">\r\nTo: <" + letter.to +
           ">\r\nMessage-ID: <" + letter.id + "@" + domain +
           ">\r\nSubject: " + encoded_words(letter.subject) +
           "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0"
           "\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: "
           "base64\r\n\r\n" +
           wrapped(base64(letter.body));
}

Outcome send_mail(
    Connection& connection, const MailSettings& settings, const Letter& letter,
    const Stopped& stopped
) {
    auto* curl = connection.fresh(stopped);
    const bool tls = settings.tls == "tls";
    const auto host =
        settings.host.find(':') == std::string::npos ? settings.host : "[" + settings.host + "]";
    const auto url = (tls ? "smtps://" : "smtp://") + host + ":" + std::to_string(settings.port) +
                     "/" + settings.from.substr(settings.from.find('@') + 1);
    const auto text = text_of(letter, settings.from);
    const auto from = "<" + settings.from + ">", to = "<" + letter.to + ">";
    Reading reading{text};
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> recipients(
        curl_slist_append(nullptr, to.c_str()), curl_slist_free_all
    );
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(
        curl, CURLOPT_USE_SSL,
        static_cast<long>(settings.tls == "starttls" ? CURLUSESSL_ALL : CURLUSESSL_NONE)
    );
    if (!settings.authority.empty()) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, settings.authority.c_str());
    }
    std::string password;
    if (!settings.user.empty()) {
        password = first_line(settings.password_file);
        curl_easy_setopt(curl, CURLOPT_USERNAME, settings.user.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, password.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_on);
    curl_easy_setopt(curl, CURLOPT_READDATA, &reading);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    const auto code = curl_easy_perform(curl);
    long answer = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    return outcome_of(code, answer);
}

}  // namespace linli::notify
