// SPDX-License-Identifier: Apache-2.0
#pragma once
/// One connection: request after request, answer after answer. Lives on the thread of its loop;
/// included by the transport's sources alone.
#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <set>
#include <thread>

#include "http/channel.hpp"
#include "http/dispatch.hpp"
#include "http/pool.hpp"
#include "http/wire.hpp"

namespace linli::http {

using Ticks = std::chrono::steady_clock::time_point;
using Timer = net::basic_waitable_timer<
    std::chrono::steady_clock, net::wait_traits<std::chrono::steady_clock>, Executor>;

/// What all connections share.
struct Shared {
    Shared(const Settings& of, const Router& table, Dispatcher& by, Pool& on, std::string block)
        : settings(of), router(table), dispatcher(by), pool(on), constants(std::move(block)) {}
    const Settings& settings;
    const Router& router;
    Dispatcher& dispatcher;
    Pool& pool;
    std::string constants;  ///< header lines of every answer
    std::atomic<bool> stopping = false;
    std::atomic<int> connections = 0;
    std::atomic<std::int64_t> body_bytes = 0;
};

class Connection;

/// A thread with its event loop. Shared with answers under way in the engine, which may come after
/// a stop. What pending coroutines hold goes with `context`, so what they touch on their way out
/// stands before it.
struct Loop : std::enable_shared_from_this<Loop> {
    explicit Loop(std::shared_ptr<Shared> of) : shared(std::move(of)) {}
    const std::string& http_date();

    std::shared_ptr<Shared> shared;
    std::set<Connection*> connections;
    std::string date;  ///< of the Date header, renewed each second
    std::int64_t date_second = 0;
    net::io_context context{1};
    net::executor_work_guard<Executor> work{context.get_executor()};
    std::thread thread;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
    Connection(Loop&, std::unique_ptr<Channel>, std::string peer);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Awaitable<void> run();
    /// Closes it if a deadline has passed, a peer is too slow, or the server stops and nothing is
    /// under way.
    void sweep(Ticks now);
    void cut();

 private:
    enum class State { idle, head, body, handling, writing, streaming };
    struct Lease;  ///< bytes of a body, counted against the limit of all

    Awaitable<bool> one_request();
    Awaitable<bool> read_head(RequestReader&);
    Awaitable<void> read_body(RequestReader&, Lease&);
    Awaitable<std::size_t> read_more(std::size_t room);
    std::shared_ptr<Exchange> exchange_of(RequestReader&) const;
    std::string client_address(const Request&) const;

    Awaitable<Answer> handled(std::shared_ptr<Exchange>);
    Awaitable<Answer> refused(std::shared_ptr<Exchange>, const Refused&);
    Awaitable<void> write_answer(const Exchange&, Answer, bool http_1_0, bool close);
    Awaitable<void> write_pieces(Answer&, bool chunked);
    Awaitable<void> write_events(std::shared_ptr<Listener>);
    Awaitable<void> write_all(std::string_view head, std::string_view body);
    Awaitable<std::string> next_piece(const Pull&);
    Awaitable<void> watch_peer();
    Awaitable<void> linger();
    void enter(State, std::int64_t ms);

    Shared& m_shared;
    Loop& m_loop;
    std::unique_ptr<Channel> m_channel;
    std::string m_peer;
    std::string m_in;  ///< bytes received and not yet taken
    Timer m_wake;      ///< of an event stream
    State m_state = State::idle;
    Ticks m_deadline, m_since;  ///< m_since: begin of the state
    std::int64_t m_moved = 0;   ///< bytes of the state, for the least rate
    bool m_gone = false;        ///< the peer of an event stream has left
};

}  // namespace linli::http
