// SPDX-License-Identifier: Apache-2.0
#pragma once
/// One request on its way through a handler, and what a handler may answer. No JSON, socket or
/// header work here.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "base/value.hpp"
#include "http/caller.hpp"
#include "store/store.hpp"

namespace linli::http {

class Listener;
struct KeyedRequest;

struct Request {
    std::string method;
    std::string path;  ///< decoded, without query; no "..", no NUL (C41)
    std::vector<std::pair<std::string, std::string>> query;    ///< decoded
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
    std::string body;
    std::string
        peer;        ///< address of the client (or of X-Forwarded-For from a configured proxy, C35)
    std::string id;  ///< request id, in the log and in every answer
    const std::string* header(std::string_view name) const;
};

/// JSON text that a handler made itself.
struct Json {
    std::string text;
};
/// An answer pulled piece by piece on the worker pool; empty piece = end. The transaction is over
/// by then: a stream that needs the database leases a reader per piece.
using Pull = std::function<std::string()>;

struct Answer {
    int status = 200;
    std::string type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    Pull stream;  ///< instead of body
    std::shared_ptr<const std::string>
        kept;  ///< instead of body: bytes that many answers share (static files)
    std::shared_ptr<Listener> events;  ///< instead of body: server-sent events (stream.hpp)
    const std::string* header(std::string_view name
    ) const;  ///< as spelled by whoever set it; null if absent
};

/// What a handler sees. Lives for one request; used by one thread at a time.
class Call {
 public:
    Call(Request& of, Caller by, store::Database& in, Instant at)
        : request(of), caller(std::move(by)), db(in), now(at) {}

    Request& request;
    Caller caller;
    store::Database& db;
    Instant now;

    /// The request's transaction: a snapshot for GET, a write for other methods; none for routes
    /// with `Transaction::none`.
    store::Tx& tx() const;
    void use(store::Tx* tx) { m_tx = tx; }

    const std::string& param(std::string_view name) const;  ///< path parameter
    /// A path parameter as id; 404 if it is none.
    template <class T>
    Id<T> id(std::string_view name = "id") const {
        return {path_id(name)};
    }
    std::optional<std::string> query(std::string_view name) const;  ///< 400 if given twice
    std::vector<std::string> query_all(std::string_view name) const;
    int query_int(std::string_view name, int fallback, int least, int most) const;  ///< 400 outside
    /// `If-Match: "7"` -> 7; throws version_missing() if absent.
    std::int64_t expected_version() const;
    /// Throws forbidden("step_up_needed") unless the password was given within the last minutes
    /// (C11).
    void need_step_up() const;

    void status(int code) { answer_status = code; }
    void header(std::string name, std::string value) {
        answer_headers.emplace_back(std::move(name), std::move(value));
    }

    const KeyedRequest* keyed =
        nullptr;  ///< of a request with an Idempotency-Key (idempotency.hpp)
    std::vector<std::pair<std::string, std::string>> params;
    int answer_status = 200;
    std::vector<std::pair<std::string, std::string>> answer_headers;

 private:
    std::int64_t path_id(std::string_view name) const;
    store::Tx* m_tx = nullptr;
};

}  // namespace linli::http
