// SPDX-License-Identifier: Apache-2.0
#pragma once
/// For tests: a mail server and an SMS gateway as a process of their own (tests/notify/servers.py).
#include <filesystem>
#include <string>
#include <vector>

#include "notify/settings.hpp"

namespace linli::notify {

class Servers {
 public:
    explicit Servers(const std::vector<std::string>& more = {});
    ~Servers();
    Servers(const Servers&) = delete;
    Servers& operator=(const Servers&) = delete;
    /// Nobody answers any more.
    void kill();
    /// Both channels, plainly, to these servers.
    Settings settings() const;
    /// What has arrived: "mail" or "sms", in the order of arrival.
    std::vector<std::string> arrived(const std::string& kind) const;
    const std::filesystem::path& folder() const { return m_folder; }

 private:
    std::filesystem::path m_folder;
    int m_process = 0, m_mail = 0, m_gateway = 0;
};

/// Subject and body of a mail, decoded.
std::string decoded(const std::string& mail);

}  // namespace linli::notify
