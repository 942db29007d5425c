// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The listening side: I/O threads that read requests and write answers, each connection on one
/// thread. Deadlines are kept by a sweep per thread, not by a timer per request.
#include <memory>

#include "http/dispatch.hpp"
#include "http/pool.hpp"

namespace linli::http {

class Transport {
 public:
    /// Listens when it returns, answers from start() on; throws std::runtime_error if the address
    /// is taken or TLS files are wrong.
    Transport(const Settings&, const Router&, Dispatcher&, Pool&);
    ~Transport();
    void start();
    int port() const;
    int connections() const;
    std::int64_t in_flight_bytes() const;
    /// Takes what has already knocked, closes idle connections, waits for the others up to `ms`,
    /// then cuts them.
    void stop(std::int64_t ms);

    struct Impl;

 private:
    std::unique_ptr<Impl> m_impl;
};

}  // namespace linli::http
