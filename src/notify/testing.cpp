// SPDX-License-Identifier: Apache-2.0
#include "notify/testing.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace linli::notify {

namespace {

std::string unbase64(std::string text) {
    for (auto& c : text) {
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    std::erase_if(text, [](char c) { return c == '=' || c == '\r' || c == '\n'; });
    std::string bytes;
    from_base64url(text, bytes);
    return bytes;
}

}  // namespace

Servers::Servers(const std::vector<std::string>& more) {
    auto name = (std::filesystem::temp_directory_path() / "linli-servers-XXXXXX").string();
    if (!::mkdtemp(name.data())) {
        throw std::runtime_error("no temporary folder");
    }
    m_folder = name;
    int ends[2];
    if (::pipe(ends) != 0) {
        throw std::runtime_error("no pipe");
    }
    m_process = ::fork();
    if (m_process == 0) {
        ::dup2(ends[1], 1);
        ::close(ends[0]);
        std::vector<std::string> words{"python3", "tests/notify/servers.py", m_folder.string()};
        words.insert(words.end(), more.begin(), more.end());
        std::vector<char*> arguments;
        for (auto& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        ::execvp("python3", arguments.data());
        ::_exit(1);
    }
    ::close(ends[1]);
    auto* said = ::fdopen(ends[0], "r");
    const int ports = std::fscanf(said, "%d %d", &m_mail, &m_gateway);
    std::fclose(said);
    if (ports != 2) {
        throw std::runtime_error("tests/notify/servers.py does not run");
    }
}

Servers::~Servers() {
    kill();
    std::filesystem::remove_all(m_folder);
}

void Servers::kill() {
    if (m_process > 0) {
        ::kill(m_process, SIGKILL);
        ::waitpid(m_process, nullptr, 0);
    }
    m_process = 0;
}

Settings Servers::settings() const {
    Settings settings;
    settings.public_url = "https://linli.example.org";
    settings.mail.host = "127.0.0.1";
    settings.mail.port = m_mail;
    settings.mail.tls = "none";
    settings.mail.from = "linli@example.org";
    settings.mail.per_minute = 10'000;
    settings.sms.url =
        "http://127.0.0.1:" + std::to_string(m_gateway) + "/send?to={phone}&text={text}";
    settings.sms.private_address = true;
    settings.sms.expect = "\"code\":0";
    settings.sms.per_minute = 10'000;
    return settings;
}

std::vector<std::string> Servers::arrived(const std::string& kind) const {
    std::vector<std::string> all;
    for (int i = 1;; ++i) {
        std::ifstream in(m_folder / (kind + "-" + std::to_string(i)));
        if (!in) {
            return all;
        }
        all.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
}

std::string decoded(const std::string& mail) {
    const auto end = mail.find("\r\n\r\n");
    std::string subject;
    constexpr std::string_view word = "=?UTF-8?B?";
    for (auto at = mail.find(word); at < end; at = mail.find(word, at + 1)) {
        const auto from = at + word.size();
        subject += unbase64(mail.substr(from, mail.find("?=", from) - from));
    }
    return subject + "\n" + unbase64(mail.substr(end + 4));
}

}  // namespace linli::notify
