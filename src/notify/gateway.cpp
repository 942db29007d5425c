// SPDX-License-Identifier: Apache-2.0
#include "notify/gateway.hpp"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "base/json.hpp"
#include "notify/outside.hpp"

namespace linli::notify {

namespace {

constexpr std::size_t answer_most = 64 * 1024;
constexpr long gateway_seconds = 20;

std::string percent(std::string_view text) {
    constexpr std::string_view plain = "-._~";
    std::string encoded;
    for (const char c : text) {
        const bool kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || plain.find(c) != std::string_view::npos;
        encoded += kept ? std::string(1, c) : "%" + to_hex(std::string(1, c));
    }
    return encoded;
}
std::string json_escaped(std::string_view text) {
    const auto quoted = to_json(Value(text));
    return quoted.substr(1, quoted.size() - 2);
}
std::string as_it_is(std::string_view text) {
    return std::string(text);
}

using Encode = std::string (*)(std::string_view);
/// In one pass, so that what was put in is not looked into again.
std::string filled(
    const std::string& form, Encode encode, const std::string& secret, const std::string& phone,
    const std::string& text
) {
    const std::pair<std::string_view, const std::string*> places[] = {
        {"{secret}", &secret}, {"{phone}", &phone}, {"{text}", &text}};
    std::string made;
    for (std::size_t at = 0; at < form.size();) {
        const auto rest = std::string_view(form).substr(at);
        const auto* place =
            std::find_if(std::begin(places), std::end(places), [&](const auto& one) {
                return rest.starts_with(one.first);
            });
        if (place == std::end(places)) {
            made += form[at++];
        } else {
            made += encode(*place->second);
            at += place->first.size();
        }
    }
    return made;
}

Encode body_encoding(const std::vector<std::string>& headers) {
    for (auto header : headers) {
        std::transform(header.begin(), header.end(), header.begin(), [](unsigned char c) {
            return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
        });
        if (header.starts_with("content-type:") && header.find("json") != std::string::npos) {
            return json_escaped;
        }
    }
    return percent;
}

struct Visit {
    bool private_address = false;
    bool refused = false;  ///< the address looked up is not one of the open internet
    std::string answer;
};

/// Called with the very address that is about to be connected to: a name cannot answer once for the
/// look and once more for the connection.
curl_socket_t open_socket(void* of, curlsocktype, curl_sockaddr* address) {
    auto& visit = *static_cast<Visit*>(of);
    if (!visit.private_address && !outside(address->addr)) {
        visit.refused = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t keep(char* bytes, std::size_t size, std::size_t count, void* of) {
    auto& visit = *static_cast<Visit*>(of);
    if (visit.answer.size() + size * count > answer_most) {
        return 0;
    }
    visit.answer.append(bytes, size * count);
    return size * count;
}

Outcome outcome_of(CURLcode code, long status, const Visit& visit, const std::string& expect) {
    using Result = Outcome::Result;
    if (visit.refused && code != CURLE_OK) {
        return {Result::nobody, "inner address"};
    }
    switch (code) {
        case CURLE_OK:
            break;
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
            return {Result::nobody, "unreachable"};
        case CURLE_OPERATION_TIMEDOUT:
            return {Result::nobody, "timeout"};
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
            return {Result::nobody, "tls"};
        case CURLE_WRITE_ERROR:
            return {Result::later, "answer too large"};
        default:
            return {Result::later, "broken off"};
    }
    const auto number = std::to_string(status);
    if (status < 200 || status >= 300) {
        const bool for_good = status >= 400 && status < 500 && status != 401 && status != 403 &&
                              status != 408 && status != 429;
        return {for_good ? Result::never : Result::later, "answer " + number};
    }
    if (visit.answer.find(expect) == std::string::npos) {
        return {Result::later, "answer not as expected"};
    }
    return {};
}

}  // namespace

std::string gateway_host(const std::string& url) {
    const auto begin = url.find("://");
    if (begin == std::string::npos) {
        return {};
    }
    const auto end = url.find_first_of("/?#", begin + 3);
    return url.substr(begin + 3, end == std::string::npos ? end : end - begin - 3);
}

GatewayRequest fill(
    const SmsSettings& settings, const std::string& secret, const std::string& phone,
    const std::string& text
) {
    GatewayRequest request;
    request.url = filled(settings.url, percent, secret, phone, text);
    request.body = filled(settings.body, body_encoding(settings.headers), secret, phone, text);
    for (const auto& header : settings.headers) {
        request.headers.push_back(filled(header, as_it_is, secret, {}, {}));
    }
    return request;
}

Outcome send_sms(
    Connection& connection, const SmsSettings& settings, const std::string& phone,
    const std::string& text, const Stopped& stopped
) {
    auto* curl = connection.fresh(stopped);
    const auto request = fill(settings, first_line(settings.secret_file), phone, text);
    Visit visit;
    visit.private_address = settings.private_address;
    curl_slist* list = nullptr;
    for (const auto& header : request.headers) {
        list = curl_slist_append(list, header.c_str());
    }
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(list, curl_slist_free_all);
    curl_easy_setopt(
        curl, CURLOPT_PROTOCOLS_STR, settings.private_address ? "http,https" : "https"
    );
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, gateway_seconds);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    if (settings.method != "GET") {
        curl_easy_setopt(
            curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size())
        );
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, settings.method.c_str());
    }
    if (!settings.authority.empty()) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, settings.authority.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &visit);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &visit);
    const auto code = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return outcome_of(code, status, visit, settings.expect);
}

}  // namespace linli::notify
