// SPDX-License-Identifier: Apache-2.0
#include "http/connection.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <ctime>

#include "base/log.hpp"
#include "http/server_impl.hpp"
#include "http/target.hpp"

namespace linli::http {

namespace {

constexpr std::size_t read_step = 2048, body_step = 64 * 1024, kept_buffer = 16 * 1024;
constexpr std::int64_t rate_grace_ms = 5'000, stop_grace_ms = 250;
constexpr std::int64_t stream_life_ms = 15 * minute_ms;  // then the page signs in anew
constexpr std::int64_t linger_ms = 1'000, forever_ms = 365 * day_ms;
constexpr std::size_t linger_bytes = 256 * 1024;
constexpr std::size_t body_step_reserve = 1 << 20;

std::int64_t ms_between(Ticks from, Ticks to) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
}

std::string chunk(std::string_view piece) {
    char size[24];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    return size + std::string(piece) + "\r\n";
}

}  // namespace

const std::string& Loop::http_date() {
    const auto now = std::time(nullptr);
    if (now != date_second) {
        date_second = now;
        std::tm utc{};
        gmtime_r(&now, &utc);
        char text[40];
        std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
        date = text;
    }
    return date;
}

struct Connection::Lease {
    explicit Lease(Shared& of) : shared(of) {}
    ~Lease() { shared.body_bytes -= bytes; }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    void grow_to(std::size_t total) {
        const auto more = static_cast<std::int64_t>(total) - bytes;
        if (more <= 0) {
            return;
        }
        bytes += more;
        if ((shared.body_bytes += more) > shared.settings.in_flight_bytes) {
            throw unavailable("overloaded", 2);
        }
    }
    Shared& shared;
    std::int64_t bytes = 0;
};

Connection::Connection(Loop& loop, std::unique_ptr<Channel> channel, std::string peer)
    : m_shared(*loop.shared),
      m_loop(loop),
      m_channel(std::move(channel)),
      m_peer(std::move(peer)),
      m_wake(loop.context.get_executor()) {
    m_loop.connections.insert(this);
    enter(State::idle, m_shared.settings.idle_ms);
}

Connection::~Connection() {
    m_loop.connections.erase(this);
    --m_shared.connections;
}

void Connection::enter(State state, std::int64_t ms) {
    m_state = state;
    m_since = std::chrono::steady_clock::now();
    m_deadline = m_since + std::chrono::milliseconds(ms);
    m_moved = 0;
}

void Connection::cut() {
    boost::system::error_code ignored;
    m_channel->socket().close(ignored);
    m_wake.cancel();
}

void Connection::sweep(Ticks now) {
    const auto spent = ms_between(m_since, now);
    const bool paced = m_state == State::body || m_state == State::writing;
    const bool slow = paced && spent > rate_grace_ms &&
                      m_moved * 1000 < spent * m_shared.settings.least_bytes_per_second;
    bool unwanted = false;
    if (m_shared.stopping && m_state == State::idle && spent > stop_grace_ms) {
        boost::system::error_code error;
        unwanted = m_channel->socket().available(error) == 0;
    }
    if (m_shared.stopping && m_state == State::streaming) {
        m_gone = true;
        m_wake.cancel();
    }
    if (now > m_deadline || slow || unwanted) {
        cut();
    }
}

Awaitable<void> Connection::run() {
    const auto self = shared_from_this();
    try {
        enter(State::head, m_shared.settings.header_ms);
        co_await m_channel->handshake();
        while (co_await one_request()) {
            if (m_in.empty() && m_in.capacity() > kept_buffer) {
                m_in.shrink_to_fit();
            }
        }
        co_await linger();
    } catch (const boost::system::system_error&) {
        // The peer left or was cut: nothing to tell anybody.
    } catch (const std::exception& error) {
        log::error("connection_failed", obj({{"error", error.what()}}));
    }
}

/// Reads at least one byte behind what is there.
Awaitable<std::size_t> Connection::read_more(std::size_t room) {
    const auto old = m_in.size();
    m_in.resize(old + room);
    std::size_t got = 0;
    try {
        got = co_await m_channel->read(net::buffer(m_in.data() + old, room));
    } catch (...) {
        m_in.resize(old);
        throw;
    }
    m_in.resize(old + got);
    m_moved += static_cast<std::int64_t>(got);
    co_return got;
}

/// False if the peer went away between two requests.
Awaitable<bool> Connection::read_head(RequestReader& reader) {
    enter(State::idle, m_shared.settings.idle_ms);
    while (true) {
        if (!m_in.empty()) {
            if (m_state == State::idle) {
                enter(State::head, m_shared.settings.header_ms);
            }
            if (const auto taken = reader.head(m_in)) {
                m_in.erase(0, taken);
                co_return true;
            }
        }
        co_await read_more(read_step);
    }
}

Awaitable<void> Connection::read_body(RequestReader& reader, Lease& lease) {
    const auto& settings = m_shared.settings;
    lease.grow_to(reader.announced.value_or(0));
    if (reader.expects_continue && m_in.empty()) {
        enter(State::writing, settings.write_ms);
        co_await write_all("HTTP/1.1 100 Continue\r\n\r\n", {});
    }
    enter(State::body, settings.body_ms);
    if (reader.announced) {
        reader.request.body.reserve(std::min<std::size_t>(*reader.announced, body_step_reserve));
    }
    std::size_t total = 0;
    while (true) {
        const auto taken = reader.body(m_in);
        m_in.erase(0, taken);
        total += taken;
        lease.grow_to(total);
        if (reader.done()) {
            co_return;
        }
        if (taken == 0 || m_in.empty()) {
            co_await read_more(body_step);
            m_deadline =
                std::chrono::steady_clock::now() + std::chrono::milliseconds(settings.body_ms);
        }
    }
}

std::string Connection::client_address(const Request& request) const {
    const auto& proxies = m_shared.settings.proxies;
    auto believed = [&](std::string_view address) {
        return std::find(proxies.begin(), proxies.end(), address) != proxies.end();
    };
    std::string address = m_peer;
    std::vector<std::string_view> hops;
    for (const auto& [name, value] : request.headers) {
        if (name == "x-forwarded-for") {
            for (auto hop : split(value, ',')) {
                hops.push_back(trimmed(hop));
            }
        }
    }
    while (believed(address) && !hops.empty()) {
        address = hops.back();
        hops.pop_back();
    }
    return address;
}

std::shared_ptr<Exchange> Connection::exchange_of(RequestReader& reader) const {
    auto exchange = std::make_shared<Exchange>();
    exchange->request = std::move(reader.request);
    exchange->request.id = new_request_id();
    exchange->request.peer = client_address(exchange->request);
    return exchange;
}

/// True if another request may follow on this connection.
Awaitable<bool> Connection::one_request() {
    RequestReader reader({
        static_cast<std::size_t>(m_shared.settings.header_bytes),
        static_cast<std::size_t>(m_shared.settings.headers),
        static_cast<std::size_t>(m_shared.settings.target_bytes),
    });
    Lease lease(m_shared);
    std::shared_ptr<Exchange> exchange;
    std::optional<Refused> refusal;
    Router::Match match;
    Target target;
    try {
        co_await read_head(reader);
        target = parse_target(reader.target);
        match = m_shared.router.find(reader.request.method, target.path);
        reader.limit_body(match.route ? match.route->body_limit : 0);
        if (!reader.done()) {
            co_await read_body(reader, lease);
        }
    } catch (const Refused& refused) {
        refusal = refused;
    }
    exchange = exchange_of(reader);
    exchange->request.path = std::move(target.path);
    exchange->request.query = std::move(target.query);
    exchange->match = std::move(match);
    // Connections of a stopping server end after their answer; so do those whose framing is in
    // doubt.
    bool close = refusal || !reader.keep_alive || reader.http_1_0;
    enter(State::handling, forever_ms);
    Answer answer;
    if (refusal) {
        answer = co_await refused(exchange, *refusal);
    } else {
        answer = co_await handled(exchange);
    }
    close = close || answer.events || m_shared.stopping;
    co_await write_answer(*exchange, std::move(answer), reader.http_1_0, close);
    co_return !close;
}

/// Suspends until `begin(resume)` has had `resume(T)` called, once, from any thread; then goes on
/// on the loop's thread. Lambdas here capture references alone: g++ 12 destroys other temporaries
/// of a co_await expression twice.
template <class T, class Begin>
auto resumed(Loop& loop, Begin& begin) {
    auto initiate = [&loop, &begin](auto handler) {
        auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
        begin([on = loop.shared_from_this(), waiting](T&& result) {
            auto given = std::make_shared<T>(std::move(result));
            net::post(on->context, [waiting, given] { (*waiting)(std::move(*given)); });
        });
    };
    return net::async_initiate<const net::use_awaitable_t<Executor>&, void(T)>(
        initiate, use_awaitable
    );
}

/// From a worker, or from an engine thread.
Awaitable<Answer> Connection::handled(std::shared_ptr<Exchange> exchange) {
    auto& shared = m_shared;
    auto begin = [&shared, &exchange](auto resume) {
        const auto of = exchange;
        of->send = std::move(resume);
        const auto refuse = [&shared, of] {
            shared.dispatcher.refuse(of, unavailable("overloaded", 1));
        };
        of->lane = shared.dispatcher.lane_of(*of, shared.pool.waiting() > 0);
        if (!shared.pool.post(of->lane, {[&shared, of] { shared.dispatcher.run(of); }, refuse})) {
            refuse();
        }
    };
    co_return co_await resumed<Answer>(m_loop, begin);
}

Awaitable<Answer> Connection::refused(std::shared_ptr<Exchange> exchange, const Refused& refusal) {
    auto begin = [this, &exchange, &refusal](auto resume) {
        exchange->send = std::move(resume);
        m_shared.dispatcher.refuse(exchange, refusal);
    };
    co_return co_await resumed<Answer>(m_loop, begin);
}

Awaitable<void> Connection::write_all(std::string_view head, std::string_view body) {
    std::size_t sent = 0;
    while (sent < head.size() + body.size()) {
        const auto of_head = std::min(sent, head.size());
        const auto of_body = sent - of_head;
        const std::array bytes = {
            net::const_buffer(head.data() + of_head, head.size() - of_head),
            net::const_buffer(body.data() + of_body, body.size() - of_body)};
        const auto more = co_await m_channel->write(bytes);
        sent += more;
        m_moved += static_cast<std::int64_t>(more);
        m_deadline = std::chrono::steady_clock::now() +
                     std::chrono::milliseconds(m_shared.settings.write_ms);
    }
}

Awaitable<void> Connection::write_answer(
    const Exchange& exchange, Answer answer, bool http_1_0, bool close
) {
    const bool open_end = answer.events || answer.stream;
    const bool chunked = answer.stream && !http_1_0;
    const std::string_view body = answer.kept ? *answer.kept : answer.body;
    const auto head = answer_head(
        answer, m_shared.constants, m_loop.http_date(),
        open_end ? std::nullopt : std::optional<std::uint64_t>(body.size()), chunked, close
    );
    const bool no_body =
        exchange.request.method == "HEAD" || answer.status == 204 || answer.status == 304;
    enter(State::writing, m_shared.settings.write_ms);
    const auto sent_body = open_end || no_body ? std::string_view() : body;
    co_await write_all(head, sent_body);
    if (answer.events && !no_body) {
        co_await write_events(answer.events);
    } else if (answer.stream && !no_body) {
        co_await write_pieces(answer, chunked);
    }
}

/// The next piece, made on the worker pool; a failure there cuts the answer so that nobody takes it
/// for whole.
Awaitable<std::string> Connection::next_piece(const Pull& pull) {
    using Piece = std::optional<std::string>;
    auto begin = [this, &pull](auto resume) {
        const bool posted = m_shared.pool.post_piece([&pull, resume] {
            Piece piece;
            try {
                piece = pull();
            } catch (const std::exception& error) {
                log::error("stream_failed", obj({{"error", error.what()}}));
            }
            resume(std::move(piece));
        });
        if (!posted) {
            resume(Piece());
        }
    };
    auto piece = co_await resumed<Piece>(m_loop, begin);
    if (!piece) {
        throw boost::system::system_error(net::error::make_error_code(net::error::operation_aborted)
        );
    }
    co_return std::move(*piece);
}

Awaitable<void> Connection::write_pieces(Answer& answer, bool chunked) {
    while (true) {
        enter(State::handling, forever_ms);
        const auto piece = co_await next_piece(answer.stream);
        enter(State::writing, m_shared.settings.write_ms);
        const auto bytes = chunked ? chunk(piece) : piece;
        co_await write_all(bytes, {});
        if (piece.empty()) {
            co_return;  // the empty chunk has ended the answer
        }
    }
}

/// An event stream needs nothing from its peer, so any byte or the end means: gone.
Awaitable<void> Connection::watch_peer() {
    const auto self = shared_from_this();
    char byte = 0;
    try {
        co_await m_channel->read(net::buffer(&byte, 1));
    } catch (const boost::system::system_error&) {
        // gone as well
    }
    m_gone = true;
    m_wake.cancel();
}

Awaitable<void> Connection::write_events(std::shared_ptr<Listener> listener) {
    const auto self = shared_from_this();
    const auto loop = m_loop.shared_from_this();
    listener->on_event([loop, weak = weak_from_this()] {
        net::post(loop->context, [weak] {
            if (const auto connection = weak.lock()) {
                connection->m_wake.cancel();
            }
        });
    });
    net::co_spawn(m_loop.context, watch_peer(), net::detached);
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(stream_life_ms);
    std::string text = "retry: 3000\n\n";
    while (!m_gone && !m_shared.stopping && std::chrono::steady_clock::now() < end) {
        enter(State::writing, m_shared.settings.write_ms);
        co_await write_all(text, "");
        enter(State::streaming, forever_ms);
        auto more = listener->take();
        if (!more) {
            break;
        }
        text = std::move(*more);
        if (text.empty()) {
            m_wake.expires_after(std::chrono::milliseconds(m_shared.settings.heartbeat_ms));
            boost::system::error_code woken;
            co_await m_wake.async_wait(net::redirect_error(use_awaitable, woken));
            text = woken ? "" : ":\n\n";
        }
    }
    listener->on_event(nullptr);
    cut();  // watch_peer still reads, so there is no lingering
}

/// After a last answer: what the peer still sends is read for a while, or it would never see the
/// answer.
Awaitable<void> Connection::linger() {
    enter(State::head, linger_ms);
    co_await m_channel->finish();
    std::size_t read = 0;
    while (read < linger_bytes) {
        m_in.clear();
        read += co_await read_more(kept_buffer);
    }
}

}  // namespace linli::http
