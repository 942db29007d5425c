// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What an operator says about the ways out. A channel without its host or address is not offered.
#include <filesystem>
#include <string>
#include <vector>

#include "notify/way.hpp"

namespace linli::notify {

struct MailSettings {
    std::string host;  ///< of the SMTP server; "" = no mail
    int port = 587;
    std::string tls = "starttls";  ///< starttls, tls (from the first byte), none
    std::string user;
    std::filesystem::path password_file;  ///< first line = the password
    std::string from;                     ///< address of the sender
    std::filesystem::path authority;      ///< PEM file of who signed the server; "" = the system's
    int per_minute = 120;
};

/// One HTTP request per message. {phone} and {text} stand in address and body, encoded as each
/// needs; {secret} also in headers.
struct SmsSettings {
    std::string url;  ///< "" = no SMS
    std::string method = "POST";
    std::vector<std::string> headers;  ///< "Content-Type: application/json"
    std::string body;
    std::filesystem::path secret_file;  ///< first line = what {secret} stands for
    std::string expect;  ///< words that the answer of a success holds; "" = any 2xx will do
    bool private_address = false;     ///< the gateway may lie in a private network, and speak http
    std::filesystem::path authority;  ///< as with mail
    int per_minute = 30;
};

struct Settings {
    std::string public_url;  ///< "https://linli.example.org": what links begin with
    MailSettings mail;
    SmsSettings sms;
    bool offers(Channel channel) const {
        return channel == Channel::mail ? !mail.host.empty() : !sms.url.empty();
    }
};

/// Throws std::runtime_error with a sentence for the operator. Reads no file.
void check(const Settings&);
/// The first line of a file; "" without a file. Throws std::runtime_error naming the file.
std::string first_line(const std::filesystem::path& file);

}  // namespace linli::notify
