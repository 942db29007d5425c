// SPDX-License-Identifier: Apache-2.0
#pragma once
/// For tests: a server over a fresh database, and callers known by a word.
#include <memory>
#include <string>

#include "http/server.hpp"
#include "store/testing.hpp"

namespace linli::http {

/// Callers: "" nobody, "reader" no rights, "writer" note.write with CSRF word "w", "program" the
/// same by token.
struct TestServer {
    explicit TestServer(Settings settings = {}, store::Engine engine = store::Engine::sqlite);
    ~TestServer();

    class As {
     public:
        As(TestServer& on, std::string who) : m_on(on), m_who(std::move(who)) {}
        /// Replaces a header that would be sent; "" leaves it out.
        As header(const std::string& name, const std::string& value) const;
        As peer(const std::string& address) const;
        Answer send(
            const std::string& method, const std::string& target, const std::string& body = {}
        ) const;

     private:
        TestServer& m_on;
        std::string m_who, m_peer = "127.0.0.1";
        std::vector<std::pair<std::string, std::string>> m_headers;
    };
    As as(const std::string& who) { return {*this, who}; }

    store::testing::TestDatabase db;
    Router router;
    Streams streams;
    std::unique_ptr<Server> server;
};

/// A socket that says exactly what it is told.
class RawClient {
 public:
    explicit RawClient(int port);
    ~RawClient();
    RawClient(RawClient&&) noexcept;
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    bool send(std::string_view bytes);
    /// Everything until the other side closes, or `ms` have passed.
    std::string read_to_end(int ms = 5'000);
    /// One answer with Content-Length or chunks (still encoded), head included; "" if the
    /// connection ends before.
    std::string read_answer(int ms = 5'000);
    /// Until `word` has been seen.
    std::string read_until(std::string_view word, int ms = 5'000);
    bool ended() const { return m_ended; }

 private:
    bool more(int ms);
    int m_socket;
    std::string m_in;
    bool m_ended = false;
};

int status_of(const std::string& answer);        ///< 0 if there is none
std::string body_of(const std::string& answer);  ///< after the head

}  // namespace linli::http
