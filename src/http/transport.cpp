// SPDX-License-Identifier: Apache-2.0
#include "http/transport.hpp"

#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <stdexcept>

#include "base/log.hpp"
#include "http/connection.hpp"

namespace linli::http {

namespace {

using Acceptor = net::basic_socket_acceptor<net::ip::tcp, Executor>;
constexpr std::int64_t sweep_ms = 100, accept_pause_ms = 100;

class PlainChannel final : public Channel {
 public:
    explicit PlainChannel(Socket socket) : m_socket(std::move(socket)) {}
    Awaitable<void> handshake() override { co_return; }
    Awaitable<std::size_t> read(net::mutable_buffer into) override {
        co_return co_await m_socket.async_read_some(into, use_awaitable);
    }
    Awaitable<std::size_t> write(std::array<net::const_buffer, 2> bytes) override {
        co_return co_await m_socket.async_write_some(bytes, use_awaitable);
    }
    Awaitable<void> finish() override {
        m_socket.shutdown(Socket::shutdown_send);
        co_return;
    }
    Socket& socket() override { return m_socket; }

 private:
    Socket m_socket;
};

/// As many open files as the system lets this process have: each connection is one.
void allow_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

std::string header_block(bool secure) {
    std::string block;
    for (const auto& [name, value] : constant_headers(secure)) {
        block += name + ": " + value + "\r\n";
    }
    return block;
}

}  // namespace

struct Transport::Impl {
    Impl(const Settings&, const Router&, Dispatcher&, Pool&);

    void listen();
    Awaitable<void> accept();
    void take_last();
    void adopt(const std::shared_ptr<Loop>&, Socket);
    Awaitable<void> sweep(Loop*);
    void start(const std::shared_ptr<Loop>&);
    void start_all();
    void stop(std::int64_t ms);
    void cut_all();

    std::shared_ptr<Shared> shared_state;
    Shared& shared;
    std::vector<std::shared_ptr<Loop>> loops;
    std::unique_ptr<Tls> tls;
    std::unique_ptr<Acceptor> acceptor;
    std::size_t turn = 0;
    int port = 0;
    bool stopped = false;
    std::atomic<bool> listening = true;
};

Transport::Impl::Impl(
    const Settings& settings, const Router& router, Dispatcher& dispatcher, Pool& pool
)
    : shared_state(std::make_shared<Shared>(
          settings, router, dispatcher, pool,
          header_block(settings.secure_cookies || !settings.tls_key.empty())
      )),
      shared(*shared_state) {
    if (!settings.tls_certificate.empty() || !settings.tls_key.empty()) {
        tls = std::make_unique<Tls>(settings.tls_certificate, settings.tls_key);
    }
    for (int i = 0; i < std::max(settings.io_threads, 1); ++i) {
        loops.push_back(std::make_shared<Loop>(shared_state));
    }
    listen();
}

void Transport::Impl::start_all() {
    net::co_spawn(loops[0]->context, accept(), net::detached);
    for (const auto& loop : loops) {
        start(loop);
    }
}

void Transport::Impl::listen() {
    const auto& settings = shared.settings;
    allow_descriptors();
    const auto where = settings.address + ":" + std::to_string(settings.port);
    try {
        const net::ip::tcp::endpoint endpoint(
            net::ip::make_address(settings.address), static_cast<std::uint16_t>(settings.port)
        );
        acceptor = std::make_unique<Acceptor>(loops[0]->context);
        acceptor->open(endpoint.protocol());
        acceptor->set_option(net::socket_base::reuse_address(true));
        acceptor->bind(endpoint);
        acceptor->listen(net::socket_base::max_listen_connections);
        acceptor->non_blocking(true);
        port = acceptor->local_endpoint().port();
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error(
            "cannot listen on " + where + ": " + error.code().message() +
            "; choose another address or port, or stop the program that uses it"
        );
    }
}

void Transport::Impl::start(const std::shared_ptr<Loop>& loop) {
    net::co_spawn(loop->context, sweep(loop.get()), net::detached);
    loop->thread = std::thread([loop = loop.get()] { loop->context.run(); });
}

/// On the loop's own thread.
void Transport::Impl::adopt(const std::shared_ptr<Loop>& loop, Socket socket) {
    boost::system::error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) {
        --shared.connections;
        return;
    }
    socket.set_option(net::ip::tcp::no_delay(true), error);
    auto channel =
        tls ? tls->channel(std::move(socket)) : std::make_unique<PlainChannel>(std::move(socket));
    auto connection =
        std::make_shared<Connection>(*loop, std::move(channel), peer.address().to_string());
    net::co_spawn(
        loop->context, [connection] { return connection->run(); }, net::detached
    );
}

Awaitable<void> Transport::Impl::accept() {
    Timer pause(loops[0]->context.get_executor());
    while (!shared.stopping) {
        const auto& loop = loops[turn++ % loops.size()];
        boost::system::error_code error;
        auto socket = co_await acceptor->async_accept(
            loop->context, net::redirect_error(use_awaitable, error)
        );
        if (error) {
            if (!shared.stopping) {  // out of file descriptors or the like: let some go first
                pause.expires_after(std::chrono::milliseconds(accept_pause_ms));
                co_await pause.async_wait(net::redirect_error(use_awaitable, error));
            }
        } else if (++shared.connections > shared.settings.connections) {
            --shared.connections;
            socket.close(error);
        } else {
            auto given = std::make_shared<Socket>(std::move(socket));
            net::post(loop->context, [this, loop, given] { adopt(loop, std::move(*given)); });
        }
    }
    take_last();
}

/// Connections that the kernel has accepted for us already are served before the door closes (C80).
void Transport::Impl::take_last() {
    boost::system::error_code error;
    while (!error) {
        Socket socket(loops[0]->context.get_executor());
        acceptor->accept(socket, error);
        if (!error) {
            ++shared.connections;
            adopt(loops[0], std::move(socket));
        }
    }
    acceptor->close(error);
    listening = false;
}

Awaitable<void> Transport::Impl::sweep(Loop* loop) {
    boost::system::error_code error;
    Timer timer(loop->context.get_executor());
    while (!error) {
        timer.expires_after(std::chrono::milliseconds(sweep_ms));
        co_await timer.async_wait(net::redirect_error(use_awaitable, error));
        const auto now = std::chrono::steady_clock::now();
        for (auto* connection : loop->connections) {
            connection->sweep(now);
        }
    }
}

void Transport::Impl::cut_all() {
    for (const auto& loop : loops) {
        net::post(loop->context, [loop] {
            for (auto* connection : loop->connections) {
                connection->cut();
            }
        });
    }
}

void Transport::Impl::stop(std::int64_t ms) {
    if (stopped) {
        return;
    }
    stopped = true;
    shared.stopping = true;
    net::post(loops[0]->context, [this] {
        boost::system::error_code ignored;
        acceptor->cancel(ignored);
    });
    auto wait_until = [&](std::int64_t patience, auto&& done) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience);
        while (!done() && std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    };
    auto empty = [&] { return !listening && shared.connections == 0; };
    if (!loops[0]->thread.joinable()) {
        return;  // never started
    }
    wait_until(ms, empty);
    cut_all();
    wait_until(1'000, empty);
    for (const auto& loop : loops) {
        loop->work.reset();
        loop->context.stop();
        if (loop->thread.joinable()) {
            loop->thread.join();
        }
    }
}

Transport::Transport(
    const Settings& settings, const Router& router, Dispatcher& dispatcher, Pool& pool
)
    : m_impl(std::make_unique<Impl>(settings, router, dispatcher, pool)) {}

Transport::~Transport() {
    stop(0);
}

void Transport::start() {
    m_impl->start_all();
}
int Transport::port() const {
    return m_impl->port;
}
int Transport::connections() const {
    return m_impl->shared.connections;
}
std::int64_t Transport::in_flight_bytes() const {
    return m_impl->shared.body_bytes;
}
void Transport::stop(std::int64_t ms) {
    m_impl->stop(ms);
}

}  // namespace linli::http
