// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The HTTP/1.1 server: Beast on one or two I/O threads, handlers on a bounded worker pool, limits
/// on everything.
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "http/router.hpp"
#include "http/stream.hpp"
#include "store/change.hpp"

namespace linli::http {

struct Settings {
    std::string address = "127.0.0.1";
    int port = 8080;  ///< 0 = any free one, see Server::port()
    int io_threads = 1;
    int workers = 8;
    int queue = 1024;          ///< requests waiting for a worker; beyond: 503 with Retry-After
    int writes_waiting = 512;  ///< for the disk; beyond, only urgent ones are let in
    double pace = 1;           ///< times the usual allowances per account and address; 0 = none
    int connections = 10'000;
    int header_bytes = 16 * 1024, headers = 100, target_bytes = 8 * 1024;
    std::int64_t header_ms = 10'000, idle_ms = 60'000, body_ms = 30'000, write_ms = 30'000;
    int least_bytes_per_second = 500;         ///< of a body, after the first 5 s
    std::int64_t in_flight_bytes = 64 << 20;  ///< of all bodies together; beyond: 503
    std::int64_t heartbeat_ms = 15'000;       ///< of event streams
    std::filesystem::path web;                ///< built web pages; empty = none
    std::vector<std::string> proxies;         ///< whose X-Forwarded-For is believed (C35)
    std::string tls_certificate, tls_key;
    std::shared_ptr<const FieldCipher>
        cipher;                   ///< seals the answers kept for replays; none = plain
    bool secure_cookies = false;  ///< Secure attribute and HSTS (behind TLS)
};

/// Who is calling, from cookies and the Authorization header; throws `unauthenticated` for a bad
/// token.
using Identify = std::function<Caller(const Request&, store::Database&, Instant now)>;

/// Whether a request that has to wait is about an urgent order, from its path and body alone. Asked
/// on an I/O thread under load: it must be quick, and looks nothing up.
using Urgent = std::function<bool(const Request&, const Route&)>;

/// The line of the log about a refusal of what would have changed something; none = it deserves
/// none.
using Remark =
    std::function<std::optional<store::Change>(const Call&, const Route&, const Refused&)>;

/// Writes under way answer through it, so the database is closed before it goes (stop, close,
/// destroy). Adds its own routes to the table: /api/stream, /healthz, /readyz, /metrics.
class Server {
 public:
    Server(Settings, Router&, store::Database&, TimeSource&, Identify, Streams&);
    ~Server();
    void start();  ///< returns when it listens; throws std::runtime_error if the address is taken
    int port() const;
    /// Stops accepting, finishes what is under way (up to `ms`), then returns.
    void stop(std::int64_t ms = 10'000);
    void set_urgent(Urgent);  ///< before start
    void set_remark(Remark);  ///< before start; the refusal is answered when its line is written
    /// Further figures for /metrics, in Prometheus text; before start.
    void set_figures(std::function<std::string()>);
    /// For tests: one request without a socket, through everything but the transport. `path` is the
    /// target as it would be sent: percent-encoded, with the query; header names in lower case. Not
    /// from inside a transaction.
    Answer serve(Request);
    /// Handled requests by route and status, queue length, and so on, in Prometheus text.
    std::string metrics() const;

 private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

std::vector<store::SchemaStep> schema();  ///< idempotency keys
/// Forgets first answers older than seven days; for a timed job. Returns how many.
std::int64_t forget_old_keys(store::Tx&, Instant now);

}  // namespace linli::http
