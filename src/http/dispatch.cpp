// SPDX-License-Identifier: Apache-2.0
#include "http/dispatch.hpp"

#include <cmath>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "http/compress.hpp"
#include "http/problem.hpp"
#include "http/target.hpp"

namespace linli::http {

namespace {

constexpr double slow_ms = 1000;  ///< what takes longer is logged

bool declared(const Route& route, std::string_view name) {
    for (const auto& [pattern, about] : route.queries) {
        const bool prefix = !pattern.empty() && pattern.back() == '*';
        if (prefix ? name.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1))
                   : name == pattern) {
            return true;
        }
    }
    return false;
}

void check_queries(const Route& route, const Request& request) {
    for (const auto& [name, value] : request.query) {
        if (!declared(route, name)) {
            std::vector<std::string> names;
            for (const auto& query : route.queries) {
                names.push_back(query.first);
            }
            throw malformed(
                "unknown_query", "there is no query parameter \"" + name + "\" here" +
                                     (names.empty() ? "" : "; there are: " + join(names, ", "))
            );
        }
    }
}

/// Proof that an unsafe request was made by our own page (C34).
void check_csrf(const Route& route, const Request& request, const Caller& caller) {
    if (safe_method(request.method)) {
        return;
    }
    const auto* site = request.header("sec-fetch-site");
    if (site && *site == "cross-site") {
        throw forbidden("cross_site", "requests from pages of other sites change nothing");
    }
    if (!route.csrf || caller.csrf.empty()) {
        return;
    }
    const auto* proof = request.header("x-csrf");
    if (!proof || !same_secret(*proof, caller.csrf)) {
        throw forbidden("csrf_missing", "send the csrf word of your session as header X-CSRF");
    }
}

void check_content_type(const Request& request) {
    const auto* coding = request.header("content-encoding");
    if (coding && !same_word(*coding, "identity")) {
        throw Refused(415, "content_encoding_unknown", "send the body without Content-Encoding");
    }
    const auto* type = request.header("content-type");
    const auto media = type ? trimmed(std::string_view(*type).substr(0, type->find(';'))) : "";
    if (!same_word(media, "application/json")) {
        throw Refused(415, "body_not_json", "send the body as Content-Type: application/json");
    }
}

/// Path and body must not name different objects (C20).
void check_same_object(const Exchange& exchange, const Value& body) {
    const auto* named = body.find("id");
    for (const auto& [name, value] : exchange.match.params) {
        if (name == "id" && named && named->as_text() && *named->as_text() != value) {
            throw malformed("objects_differ", "path and body name different objects");
        }
    }
}

Value read_body(const Exchange& exchange) {
    const auto& request = exchange.request;
    const auto& route = *exchange.match.route;
    if (route.raw_body) {
        return {};
    }
    if (request.body.empty()) {
        if (!route.request_schema.empty()) {
            throw malformed("body_missing", "this request needs a JSON body");
        }
        return {};
    }
    if (safe_method(request.method)) {
        throw malformed("body_unexpected", "this request takes no body");
    }
    check_content_type(request);
    auto body = parse_json(request.body, {.bytes = route.body_limit});
    if (route.request_schema.empty() && !(body.as_object() && body.as_object()->empty())) {
        throw malformed("body_unexpected", "this request takes no body");
    }
    check_same_object(exchange, body);
    return body;
}

Answer run_once(Exchange& exchange, store::Tx* tx) {
    auto& call = *exchange.call;
    call.use(tx);
    call.answer_status = exchange.match.route->success;
    call.answer_headers.clear();
    return exchange.run(call);
}

}  // namespace

bool safe_method(std::string_view method) {
    return method == "GET" || method == "HEAD";
}

const std::vector<std::pair<std::string, std::string>>& constant_headers(bool secure) {
    using Headers = std::vector<std::pair<std::string, std::string>>;
    static const Headers plain = {
        {"Content-Security-Policy",
         "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
         "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; media-src 'self' "
         "blob:; "
         "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "geolocation=(self), camera=(self), microphone=(self)"},
    };
    static const Headers strict = [] {
        auto headers = plain;
        headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
        return headers;
    }();
    return secure ? strict : plain;
}

Dispatcher::Dispatcher(
    const Router& router, store::Database& db, TimeSource& time, Identify identify,
    Metrics& metrics, double pace
)
    : paces(pace),
      m_router(router),
      m_db(db),
      m_time(time),
      m_identify(std::move(identify)),
      m_metrics(metrics) {}

void Dispatcher::run(const std::shared_ptr<Exchange>& exchange) {
    try {
        if (exchange->match.route) {
            execute(exchange);
        } else {
            answer_unmatched(*exchange);
        }
    } catch (...) {
        fail(exchange, std::current_exception());
    }
}

void Dispatcher::refuse(const std::shared_ptr<Exchange>& exchange, const Refused& refused) {
    finish(*exchange, problem_document(refused, exchange->request.id));
}

void Dispatcher::finish(Exchange& exchange, Answer&& answer) {
    const std::chrono::duration<double, std::milli> took =
        std::chrono::steady_clock::now() - exchange.start;
    m_metrics.count(exchange.match.route, answer.status, took.count());
    if (took.count() >= slow_ms && exchange.match.route) {
        log::warning(
            "slow_request", obj(
                                {{"request", exchange.request.id},
                                 {"method", exchange.match.route->method},
                                 {"route", exchange.match.route->path},
                                 {"status", answer.status},
                                 {"ms", std::llround(took.count())}}
                            )
        );
    }
    answer.headers.emplace_back("X-Request-Id", exchange.request.id);
    if (!answer.header("Cache-Control")) {
        answer.headers.emplace_back("Cache-Control", "no-store");
    }
    exchange.send(std::move(answer));
}

std::optional<store::Change> Dispatcher::remark_on(
    const Exchange& exchange, const std::exception_ptr& failure
) const {
    if (!remark || !exchange.call || safe_method(exchange.request.method)) {
        return std::nullopt;
    }
    try {
        std::rethrow_exception(failure);
    } catch (const Refused& refused) {
        return remark(*exchange.call, *exchange.match.route, refused);
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

/// May run on an engine thread, which must not wait for a write.
void Dispatcher::fail(
    const std::shared_ptr<Exchange>& exchange, const std::exception_ptr& failure
) {
    exchange->answer = answer_of(failure, exchange->request);
    const auto answer = [this, exchange](const std::exception_ptr& lost) {
        if (lost) {
            log::error("refusal_not_logged", obj({{"request", exchange->request.id}}));
        }
        finish(*exchange, std::move(exchange->answer));
    };
    const auto line = remark_on(*exchange, failure);
    if (!line) {
        return answer(nullptr);
    }
    try {
        m_db.write([line](store::Tx& tx) { store::append_change(tx, 0, *line); }, answer);
    } catch (const Refused&) {  // too many writes are waiting
        answer(std::current_exception());
    }
}

void Dispatcher::answer_unmatched(Exchange& exchange) {
    const auto& match = exchange.match;
    if (match.path_known) {
        auto answer = problem_document(
            Refused(405, "method_not_allowed", "allowed here: " + join(match.allow, ", ")),
            exchange.request.id
        );
        answer.headers.emplace_back("Allow", join(match.allow, ", "));
        return finish(exchange, std::move(answer));
    }
    if (pages) {
        if (auto page = pages(exchange.request)) {
            return finish(exchange, std::move(*page));
        }
    }
    throw not_found("route");
}

Lane Dispatcher::lane_of(const Exchange& exchange, bool waits) const {
    const auto* route = exchange.match.route;
    if (!route) {
        return Lane::ordinary;
    }
    const bool first = waits && urgent && urgent(exchange.request, *route);
    return first ? Lane::urgent : route->lane;
}

Caller Dispatcher::admitted(const Exchange& exchange, Instant now) {
    const auto& route = *exchange.match.route;
    paces.arrive(exchange.request, now);
    auto caller = m_identify ? m_identify(exchange.request, m_db, now) : Caller{};
    if (!caller.signed_in() && (route.scope != Scope::open || !route.right.empty())) {
        throw unauthenticated("not_signed_in", "sign in first");
    }
    if (!route.right.empty() && !caller.may(route.right)) {
        throw forbidden("right_missing", "this needs the right " + route.right);
    }
    check_csrf(route, exchange.request, caller);
    paces.admit(exchange.request, caller, route, now);
    return caller;
}

void Dispatcher::execute(const std::shared_ptr<Exchange>& exchange) {
    auto& x = *exchange;
    const auto& route = *x.match.route;
    const auto now = m_time.now();
    x.call.emplace(x.request, admitted(x, now), m_db, now);
    x.call->params = x.match.params;
    check_queries(route, x.request);
    read_key(x);
    x.run = route.prepare(read_body(x));
    if (!safe_method(x.request.method) && route.transaction == Transaction::automatic) {
        return write(exchange);
    }
    if (route.transaction == Transaction::none) {
        x.answer = run_once(x, nullptr);
    } else {
        m_db.read([&](store::Tx& tx) { x.answer = run_once(x, &tx); });
    }
    if (x.answer.stream && x.call->caller.signed_in()) {
        watch_rights(x);
    }
    if (!busy || !busy()) {
        compress(x.request, x.answer);
    }
    finish(x, std::move(x.answer));
}

void Dispatcher::read_key(Exchange& x) const {
    const auto& route = *x.match.route;
    if (writes_waiting > 0 && x.lane != Lane::urgent &&
        m_db.statistics().queued >= static_cast<std::int64_t>(writes_waiting) &&
        lane_of(x, true) != Lane::urgent) {
        throw unavailable("busy", 1);
    }
    if (route.idempotent_key && x.call->caller.signed_in()) {
        x.keyed.key = idempotency_key(x.request);
    }
    if (!x.keyed.key.empty()) {
        x.keyed.account = x.call->caller.account;
        x.keyed.route = route.method + " " + route.path;
        x.keyed.digest = request_digest(x.request);
        x.keyed.cipher = cipher;
        x.call->keyed = &x.keyed;
    }
}

/// A long answer ends when the rights end by which it was asked for (C08): before each piece its
/// asker is looked up as for a new request.
void Dispatcher::watch_rights(Exchange& x) const {
    Request asked = x.request;
    asked.body.clear();
    x.answer.stream = [this, asked = std::move(asked), caller = x.call->caller,
                       pull = std::move(x.answer.stream)] {
        const auto now = m_identify(asked, m_db, m_time.now());
        if (now.account != caller.account || now.grants != caller.grants ||
            now.rights != caller.rights) {
            throw unauthenticated("not_signed_in", "the rights of this answer have ended");
        }
        return pull();
    };
}

void Dispatcher::write(const std::shared_ptr<Exchange>& exchange) {
    m_db.write(
        [exchange](store::Tx& tx) {
            auto& one = *exchange;
            auto effect = [&] { return run_once(one, &tx); };
            one.answer = one.keyed.key.empty() ? effect()
                                               : once_per_key(tx, one.keyed, one.call->now, effect);
        },
        [this, exchange](std::exception_ptr failure) {
            failure ? fail(exchange, failure) : finish(*exchange, std::move(exchange->answer));
        }
    );
}

}  // namespace linli::http
