// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Requests as they stand on the wire (RFC 9112), without sockets. Whatever two readers could
/// understand differently is refused (C36): such a connection is answered once and closed.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "http/call.hpp"

namespace linli::http {

struct WireLimits {
    std::size_t header_bytes = 16 * 1024, headers = 100, target_bytes = 8 * 1024;
};

/// Reads one request. First `head` until it takes something, then `body` until `done`.
class RequestReader {
 public:
    explicit RequestReader(const WireLimits&);
    ~RequestReader();
    RequestReader(RequestReader&&) noexcept;
    RequestReader& operator=(RequestReader&&) noexcept;

    /// Takes the head from the front of `in`: bytes taken, or 0 = not complete yet. Throws Refused
    /// 400, 414, 417, 431; what is known of the request by then stands in `request`.
    std::size_t head(std::string_view in);
    /// Takes from a body: bytes taken. Throws Refused 400, 413.
    std::size_t body(std::string_view in);
    bool done() const { return m_done; }
    /// Before the body is read; throws 413 if more is announced.
    void limit_body(std::size_t bytes);

    Request request;  ///< without path and query: `target` is still to be parsed
    std::string target;
    bool keep_alive = false;
    bool http_1_0 = false;
    bool expects_continue = false;
    std::optional<std::uint64_t> announced;  ///< Content-Length

 private:
    void take_fields();
    void check_framing();

    struct Chunks;
    WireLimits m_limits;
    std::unique_ptr<Chunks> m_chunks;  ///< null unless chunked
    std::size_t m_scanned = 0;         ///< of the head, to not look twice
    std::size_t m_body_limit = 0;
    bool m_done = false;
};

/// Status line and headers; `constants` is a ready block of header lines. Line ends inside values
/// become blanks.
std::string answer_head(
    const Answer&, const std::string& constants, std::string_view date,
    std::optional<std::uint64_t> length, bool chunked, bool close
);

}  // namespace linli::http
