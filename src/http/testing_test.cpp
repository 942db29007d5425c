// SPDX-License-Identifier: Apache-2.0
#include "http/testing.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

#include "http/target.hpp"

namespace linli::http {

namespace {

Caller identify(const Request& request, store::Database&, Instant) {
    Caller caller;
    const auto* who = request.header("x-who");
    if (!who || who->empty()) {
        return caller;
    }
    const bool writes = *who == "writer" || *who == "program";
    caller.name = *who;
    caller.account.value = *who == "reader" ? 1 : *who == "writer" ? 2 : 3;
    caller.csrf = *who == "program" ? "" : "w";
    caller.rights = writes ? std::vector<std::string>{"note.write"} : std::vector<std::string>{};
    return caller;
}

}  // namespace

TestServer::TestServer(Settings settings, store::Engine engine) : db(engine, http::schema()) {
    server =
        std::make_unique<Server>(std::move(settings), router, *db, db.time(), identify, streams);
}

TestServer::~TestServer() {
    server->stop();
    db->close();
}

TestServer::As TestServer::As::header(const std::string& name, const std::string& value) const {
    As other = *this;
    other.m_headers.emplace_back(lower_case(name), value);
    return other;
}

TestServer::As TestServer::As::peer(const std::string& address) const {
    As other = *this;
    other.m_peer = address;
    return other;
}

Answer TestServer::As::send(
    const std::string& method, const std::string& target, const std::string& body
) const {
    Request request;
    request.method = method;
    request.path = target;
    request.body = body;
    request.peer = m_peer;
    auto headers = m_headers;
    headers.insert(
        headers.end(), {{"x-who", m_who}, {"x-csrf", "w"}, {"content-type", "application/json"}}
    );
    for (auto& [name, value] : headers) {
        if (!request.header(name)) {
            request.headers.emplace_back(name, value);
        }
    }
    std::erase_if(request.headers, [](const auto& header) { return header.second.empty(); });
    return m_on.server->serve(std::move(request));
}

RawClient::RawClient(int port) : m_socket(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(m_socket, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
        ::close(m_socket);
        throw std::runtime_error("cannot connect");
    }
}

RawClient::RawClient(RawClient&& other) noexcept : m_socket(std::exchange(other.m_socket, -1)) {}

RawClient::~RawClient() {
    if (m_socket >= 0) {
        ::close(m_socket);
    }
}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool RawClient::more(int ms) {
    pollfd wait{m_socket, POLLIN, 0};
    if (m_ended || ms < 0 || ::poll(&wait, 1, ms) <= 0) {
        return false;
    }
    char bytes[65536];
    const auto got = ::recv(m_socket, bytes, sizeof bytes, 0);
    if (got <= 0) {
        m_ended = true;
        return false;
    }
    m_in.append(bytes, static_cast<std::size_t>(got));
    return true;
}

namespace {

class Patience {
 public:
    explicit Patience(int ms)
        : m_end(std::chrono::steady_clock::now() + std::chrono::milliseconds(ms)) {}
    int left() const {
        using namespace std::chrono;
        return static_cast<int>(duration_cast<milliseconds>(m_end - steady_clock::now()).count());
    }

 private:
    std::chrono::steady_clock::time_point m_end;
};

}  // namespace

std::string RawClient::read_to_end(int ms) {
    const Patience patience(ms);
    while (more(patience.left())) {
    }
    return std::exchange(m_in, {});
}

std::string RawClient::read_until(std::string_view word, int ms) {
    const Patience patience(ms);
    while (m_in.find(word) == std::string::npos && more(patience.left())) {
    }
    const auto at = m_in.find(word);
    auto text = at == std::string::npos ? m_in : m_in.substr(0, at + word.size());
    m_in.erase(0, text.size());
    return text;
}

std::string RawClient::read_answer(int ms) {
    const Patience patience(ms);
    auto answer = read_until("\r\n\r\n", ms);
    if (!answer.ends_with("\r\n\r\n")) {
        return "";
    }
    if (answer.find("Transfer-Encoding: chunked") != std::string::npos) {
        return answer + read_until("0\r\n\r\n", patience.left());
    }
    const auto at = answer.find("Content-Length: ");
    const std::size_t length = at == std::string::npos ? 0 : std::stoul(answer.substr(at + 16));
    while (m_in.size() < length && more(patience.left())) {
    }
    answer += m_in.substr(0, length);
    m_in.erase(0, length);
    return answer;
}

int status_of(const std::string& answer) {
    return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

std::string body_of(const std::string& answer) {
    const auto at = answer.find("\r\n\r\n");
    return at == std::string::npos ? "" : answer.substr(at + 4);
}

}  // namespace linli::http
