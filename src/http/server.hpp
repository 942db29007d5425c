// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The HTTP/1.1 server: Beast on one or two I/O threads, handlers on a bounded worker pool, limits on everything.
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "http/router.hpp"
#include "http/stream.hpp"

namespace linli::http {

struct Settings {
    std::string address = "127.0.0.1";
    int port = 8080;  ///< 0 = any free one, see Server::port()
    int io_threads = 1;
    int workers = 8;
    int queue = 1024;             ///< requests waiting for a worker; beyond: 503 with Retry-After
    int connections = 10'000;
    int header_bytes = 16 * 1024, headers = 100, target_bytes = 8 * 1024;
    std::int64_t header_ms = 10'000, idle_ms = 60'000, body_ms = 30'000, write_ms = 30'000;
    int least_bytes_per_second = 500;  ///< of a body, after the first 5 s
    std::int64_t in_flight_bytes = 64 << 20;  ///< of all bodies together; beyond: 503
    std::filesystem::path web;    ///< built web pages; empty = none
    std::vector<std::string> proxies;  ///< whose X-Forwarded-For is believed (C35)
    std::string tls_certificate, tls_key;
    bool secure_cookies = false;  ///< Secure attribute and HSTS (behind TLS)
};

/// Who is calling, from cookies and the Authorization header; throws `unauthenticated` for a bad token.
using Identify = std::function<Caller(const Request&, store::Database&, Instant now)>;

class Server {
   public:
    Server(Settings, Router&, store::Database&, TimeSource&, Identify, Streams&);
    ~Server();
    void start();  ///< returns when it listens; throws std::runtime_error if the address is taken
    int port() const;
    /// Stops accepting, finishes what is under way (up to `ms`), then returns.
    void stop(std::int64_t ms = 10'000);
    /// For tests: one request without a socket, through everything but the transport.
    Answer serve(Request);
    /// Handled requests by route and status, queue length, and so on, in Prometheus text.
    std::string metrics() const;

   private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

std::vector<store::SchemaStep> schema();  ///< idempotency keys

}  // namespace linli::http
