// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The way of one request from parsed to answered, without sockets: route, caller, right, CSRF
/// proof, body, transaction, refusals. `run` is called on a worker; the answer may be sent from an
/// engine thread.
#include <chrono>
#include <memory>
#include <optional>

#include "http/idempotency.hpp"
#include "http/metrics.hpp"
#include "http/pace.hpp"
#include "http/server.hpp"

namespace linli::http {

/// One request under way; shared between the worker, the engine's queue and the transport's
/// continuation.
struct Exchange {
    Request request;
    Router::Match match;
    Lane lane = Lane::ordinary;
    std::function<void(Answer&&)> send;  ///< called exactly once, from any thread
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

    std::optional<Call> call;
    Run run;
    KeyedRequest keyed;  ///< key empty = none
    Answer answer;
};

class Dispatcher {
 public:
    using Pages = std::function<std::optional<Answer>(const Request&)>;

    Dispatcher(const Router&, store::Database&, TimeSource&, Identify, Metrics&, double pace);
    void run(const std::shared_ptr<Exchange>&);
    /// Where it waits. Whether it is urgent is only looked into if it has to wait at all.
    Lane lane_of(const Exchange&, bool waits) const;
    /// Answers without a handler, for what the transport refuses.
    void refuse(const std::shared_ptr<Exchange>&, const Refused&);

    Paces paces;
    Urgent urgent;                        ///< none = nothing is
    Remark remark;                        ///< on what is refused
    std::size_t writes_waiting = 0;       ///< see Settings
    Pages pages;                          ///< static files: what no route knows
    const FieldCipher* cipher = nullptr;  ///< seals answers kept for replays
    std::function<bool()> busy;           ///< true = do not spend time on compression

 private:
    void finish(Exchange&, Answer&&);
    void fail(const std::shared_ptr<Exchange>&, const std::exception_ptr&);
    std::optional<store::Change> remark_on(const Exchange&, const std::exception_ptr&) const;
    void answer_unmatched(Exchange&);
    Caller admitted(const Exchange&, Instant now);
    void execute(const std::shared_ptr<Exchange>&);
    void read_key(Exchange&) const;
    void watch_rights(Exchange&) const;
    void write(const std::shared_ptr<Exchange>&);

    const Router& m_router;
    store::Database& m_db;
    TimeSource& m_time;
    Identify m_identify;
    Metrics& m_metrics;
};

/// Sent with every answer (C33). `secure` adds HSTS.
const std::vector<std::pair<std::string, std::string>>& constant_headers(bool secure);
bool safe_method(std::string_view method);  ///< GET, HEAD

}  // namespace linli::http
