// SPDX-License-Identifier: Apache-2.0
#pragma once
/// For tests: a server over an in-memory database, and callers known by a word.
#include <memory>
#include <string>

#include "http/server.hpp"

namespace linli::http {

/// Callers: "" nobody, "reader" no rights, "writer" note.write with CSRF word "w", "program" the
/// same by token.
struct TestServer {
    explicit TestServer(Settings settings = {});
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

    ManualTime time{Instant{1'700'000'000'000}};
    SeededRandom random{1};
    std::unique_ptr<store::Database> db;
    Router router;
    Streams streams;
    std::unique_ptr<Server> server;
};

}  // namespace linli::http
