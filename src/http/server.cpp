// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include <future>

#include "base/json.hpp"
#include "http/problem.hpp"
#include "http/server_impl.hpp"
#include "http/target.hpp"

namespace linli::http {

namespace {

/// A request that came through a proxy is not from this machine, whatever its socket says.
bool forwarded(const Request& request) {
    return request.header("x-forwarded-for") || request.header("forwarded");
}

Answer plain_text(int status, std::string text) {
    Answer answer;
    answer.status = status;
    answer.type = "text/plain; charset=utf-8";
    answer.body = std::move(text);
    return answer;
}

}  // namespace

std::string new_request_id() {
    static const std::uint64_t start = [] {
        std::uint64_t seed = 0;
        SystemRandom().fill(&seed, sizeof seed);
        return seed;
    }();
    static std::atomic<std::uint64_t> counter = 0;
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15U;  // spreads neighbours over all digits
    const std::uint64_t n = (start + counter.fetch_add(1, std::memory_order_relaxed)) * odd;
    std::string id(16, '0');
    for (int i = 0; i < 16; ++i) {
        id[static_cast<std::size_t>(i)] = "0123456789abcdef"[(n >> (60 - 4 * i)) & 15U];
    }
    return id;
}

Server::Impl::Impl(
    Settings given, Router& table, store::Database& database, TimeSource& clock, Identify identify,
    Streams& events
)
    : settings(std::move(given)),
      router(table),
      db(database),
      time(clock),
      streams(events),
      dispatcher(table, database, clock, std::move(identify), metrics, settings.pace) {
    add_routes();
    dispatcher.cipher = settings.cipher.get();
    dispatcher.writes_waiting = static_cast<std::size_t>(settings.writes_waiting);
    if (!settings.web.empty()) {
        pages = std::make_unique<WebFiles>(settings.web);
        dispatcher.pages = [this](const Request& request) { return pages->find(request); };
    }
}

void Server::Impl::add_routes() {
    router
        .get(
            "/api/stream",
            [this](Call& call) {
                Answer answer;
                answer.type = "text/event-stream";
                answer.events = streams.listen(call.caller);
                return answer;
            },
            "", Scope::self, "Server-sent events: what the caller may see has changed"
        )
        .no_transaction();
    router
        .get(
            "/healthz", [this](Call& call) { return health(call); }, "", Scope::open,
            "The process lives"
        )
        .no_transaction();
    router
        .get(
            "/readyz", [this](Call& call) { return ready(call); }, "", Scope::open,
            "The database answers and the server is not stopping"
        )
        .no_transaction();
    router
        .get(
            "/metrics", [this](Call& call) { return metrics_page(call); }, "", Scope::open,
            "Figures for operators, for this machine or with the right metrics.read"
        )
        .no_transaction();
}

Answer Server::Impl::health(Call&) const {
    return plain_text(200, "ok\n");
}

Answer Server::Impl::ready(Call&) const {
    if (stopping) {
        throw unavailable("stopping", 5);
    }
    db.ping();
    return plain_text(200, "ready\n");
}

Answer Server::Impl::metrics_page(Call& call) const {
    const bool here = loopback(call.request.peer) && !forwarded(call.request);
    if (!here && !call.caller.may("metrics.read")) {
        throw not_found("route");
    }
    auto answer = plain_text(200, metrics_text());
    answer.type = "text/plain; version=0.0.4; charset=utf-8";
    return answer;
}

std::string Server::Impl::metrics_text() const {
    std::string out = metrics.text(router);
    const auto store = db.statistics();
    auto add = [&](const char* type, const char* name, const char* help, auto value) {
        Metrics::figure(out, type, name, help, static_cast<double>(value));
    };
    add("gauge", "linli_stream_listeners", "Open event streams", streams.listeners());
    add("gauge", "linli_http_connections", "Open connections",
        transport ? transport->connections() : 0);
    add("gauge", "linli_http_queue", "Requests waiting for a worker", pool ? pool->waiting() : 0);
    add("gauge", "linli_http_body_bytes", "Bytes of bodies under way",
        transport ? transport->in_flight_bytes() : 0);
    add("counter", "linli_store_writes_total", "Works written", store.writes);
    add("counter", "linli_store_groups_total", "Commits, each of a group of works", store.groups);
    add("counter", "linli_store_write_failures_total", "Works that failed", store.write_failures);
    add("counter", "linli_store_reads_total", "Read transactions", store.reads);
    add("gauge", "linli_store_queued", "Works waiting to be written", store.queued);
    return figures ? out + figures() : out;
}

Server::Server(
    Settings settings, Router& router, store::Database& db, TimeSource& time, Identify identify,
    Streams& streams
)
    : m_impl(std::make_unique<Impl>(
          std::move(settings), router, db, time, std::move(identify), streams
      )) {}

Server::~Server() {
    stop(0);
}

void Server::start() {
    auto& impl = *m_impl;
    const auto& settings = impl.settings;
    impl.pool = std::make_unique<Pool>(settings.workers, static_cast<std::size_t>(settings.queue));
    impl.dispatcher.busy = [&impl] {
        return impl.pool->waiting() > static_cast<std::size_t>(impl.settings.workers);
    };
    impl.transport =
        std::make_unique<Transport>(settings, impl.router, impl.dispatcher, *impl.pool);
    impl.transport->start();
}

int Server::port() const {
    return m_impl->transport ? m_impl->transport->port() : 0;
}

void Server::stop(std::int64_t ms) {
    m_impl->stopping = true;
    if (m_impl->transport) {
        m_impl->transport->stop(ms);
        m_impl->pool->stop();
    }
}

void Server::set_urgent(Urgent urgent) {
    m_impl->dispatcher.urgent = std::move(urgent);
}

void Server::set_remark(Remark remark) {
    m_impl->dispatcher.remark = std::move(remark);
}

void Server::set_figures(std::function<std::string()> figures) {
    m_impl->figures = std::move(figures);
}

std::string Server::metrics() const {
    return m_impl->metrics_text();
}

Answer Server::serve(Request request) {
    auto exchange = std::make_shared<Exchange>();
    auto promise = std::make_shared<std::promise<Answer>>();
    auto future = promise->get_future();
    exchange->send = [promise](Answer&& answer) { promise->set_value(std::move(answer)); };
    request.id = request.id.empty() ? new_request_id() : request.id;
    exchange->request = std::move(request);
    try {
        auto target = parse_target(exchange->request.path);
        exchange->request.path = std::move(target.path);
        for (auto& pair : target.query) {
            exchange->request.query.push_back(std::move(pair));
        }
        exchange->match = m_impl->router.find(exchange->request.method, exchange->request.path);
        const auto* route = exchange->match.route;
        if (route && exchange->request.body.size() > route->body_limit) {
            throw too_large("body_too_large", "the body is larger than this route takes");
        }
        m_impl->dispatcher.run(exchange);
    } catch (const Refused& refused) {
        m_impl->dispatcher.refuse(exchange, refused);
    }
    auto answer = future.get();
    for (const auto& header : constant_headers(m_impl->settings.secure_cookies)) {
        answer.headers.push_back(header);
    }
    return answer;
}

}  // namespace linli::http
