// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A connection's bytes, plain or TLS. All on one concrete executor; the virtual calls keep TLS out
/// of the transport's templates. Included by the transport's sources alone.
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <string>

namespace linli::http {

namespace net = boost::asio;
using Executor = net::io_context::executor_type;
using Socket = net::basic_stream_socket<net::ip::tcp, Executor>;
template <class T>
using Awaitable = net::awaitable<T, Executor>;
constexpr net::use_awaitable_t<Executor> use_awaitable;

/// Failures come as boost::system::system_error. Used by the thread of its executor alone.
class Channel {
 public:
    virtual ~Channel() = default;
    virtual Awaitable<void> handshake() = 0;
    /// At least one byte; throws at the end of the stream.
    virtual Awaitable<std::size_t> read(net::mutable_buffer) = 0;
    /// Some of the bytes.
    virtual Awaitable<std::size_t> write(std::array<net::const_buffer, 2>) = 0;
    /// Says that no more comes.
    virtual Awaitable<void> finish() = 0;
    virtual Socket& socket() = 0;
};

/// Certificate and key, read once; TLS 1.2 and newer (C53). Throws std::runtime_error with a
/// sentence for the operator.
class Tls {
 public:
    Tls(const std::string& certificate_file, const std::string& key_file);
    ~Tls();
    std::unique_ptr<Channel> channel(Socket) const;

 private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace linli::http
