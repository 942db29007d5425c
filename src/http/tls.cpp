// SPDX-License-Identifier: Apache-2.0
#include <boost/asio/ssl.hpp>
#include <stdexcept>

#include "http/channel.hpp"

namespace linli::http {

struct Tls::Impl {
    net::ssl::context context{net::ssl::context::tls_server};
};

namespace {

class TlsChannel final : public Channel {
 public:
    TlsChannel(Socket socket, net::ssl::context& context) : m_stream(std::move(socket), context) {}
    Awaitable<void> handshake() override {
        co_await m_stream.async_handshake(net::ssl::stream_base::server, use_awaitable);
    }
    Awaitable<std::size_t> read(net::mutable_buffer into) override {
        co_return co_await m_stream.async_read_some(into, use_awaitable);
    }
    Awaitable<std::size_t> write(std::array<net::const_buffer, 2> bytes) override {
        co_return co_await m_stream.async_write_some(bytes, use_awaitable);
    }
    Awaitable<void> finish() override { co_await m_stream.async_shutdown(use_awaitable); }
    Socket& socket() override { return m_stream.next_layer(); }

 private:
    net::ssl::stream<Socket> m_stream;
};

}  // namespace

Tls::Tls(const std::string& certificate_file, const std::string& key_file)
    : m_impl(std::make_unique<Impl>()) {
    auto& context = m_impl->context;
    context.set_options(
        net::ssl::context::default_workarounds | net::ssl::context::no_sslv2 |
        net::ssl::context::no_sslv3 | net::ssl::context::no_tlsv1 | net::ssl::context::no_tlsv1_1
    );
    SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    boost::system::error_code error;
    context.use_certificate_chain_file(certificate_file, error);
    if (error) {
        throw std::runtime_error(
            "the TLS certificate " + certificate_file + " cannot be read: " + error.message()
        );
    }
    context.use_private_key_file(key_file, net::ssl::context::pem, error);
    if (error || SSL_CTX_check_private_key(context.native_handle()) != 1) {
        throw std::runtime_error(
            "the TLS key " + key_file + " cannot be read or belongs to another certificate"
        );
    }
}

Tls::~Tls() = default;

std::unique_ptr<Channel> Tls::channel(Socket socket) const {
    return std::make_unique<TlsChannel>(std::move(socket), m_impl->context);
}

}  // namespace linli::http
