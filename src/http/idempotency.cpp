// SPDX-License-Identifier: Apache-2.0
#include "http/idempotency.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "http/server.hpp"

namespace linli::http {

namespace {

constexpr std::size_t longest_key = 100;
constexpr std::int64_t kept_ms = 7 * day_ms;

struct FirstAnswer {
    std::string digest;
    int status = 0;
    std::string headers;  ///< JSON object
    std::string body;
    static constexpr auto fields = std::tuple{
        field("digest", &FirstAnswer::digest), field("status", &FirstAnswer::status),
        field("headers", &FirstAnswer::headers), field("body", &FirstAnswer::body)};
};

std::string context_of(const KeyedRequest& request) {
    return "http_idempotency/" + std::to_string(request.account.value) + "/" + request.key;
}

std::string sealed(const KeyedRequest& request, const std::string& body) {
    return request.cipher ? to_base64url(request.cipher->seal(body, context_of(request))) : body;
}

std::string opened(const KeyedRequest& request, const std::string& kept) {
    std::string bytes;
    if (!request.cipher || !from_base64url(kept, bytes)) {
        return kept;
    }
    return request.cipher->open(bytes, context_of(request));
}

Answer replayed(const KeyedRequest& request, const FirstAnswer& first) {
    Answer answer;
    answer.status = first.status;
    answer.body = opened(request, first.body);
    const auto headers = parse_json(first.headers);
    for (const auto& [name, value] : *headers.as_object()) {
        answer.headers.emplace_back(name, *value.as_text());
    }
    answer.headers.emplace_back("Idempotency-Replayed", "true");
    return answer;
}

std::optional<FirstAnswer> first_answer(store::Tx& tx, const KeyedRequest& request) {
    constexpr store::Sql sql{"http.first_answer", R"(
        SELECT digest, status, headers, body FROM http_idempotency
         WHERE county = 0 AND account = $1 AND key = $2)"};
    auto first = tx.one<FirstAnswer>(sql, request.account, request.key);
    if (first && first->digest != request.digest) {
        throw Refused(
            422, "idempotency_key_reused",
            "this Idempotency-Key belongs to another request; make a new one"
        );
    }
    return first;
}

/// False if the key is taken. A competing transaction waits here until the other has ended.
bool claim(store::Tx& tx, const KeyedRequest& request, Instant now) {
    constexpr store::Sql sql{"http.claim_key", R"(
        INSERT INTO http_idempotency (county, account, key, route, digest, status, headers, body, at)
        VALUES (0, $1, $2, $3, $4, 0, '{}', '', $5) ON CONFLICT DO NOTHING)"};
    return tx.run(sql, request.account, request.key, request.route, request.digest, now) == 1;
}

void keep(store::Tx& tx, const KeyedRequest& request, const Answer& answer) {
    constexpr store::Sql sql{"http.keep_answer", R"(
        UPDATE http_idempotency SET status = $3, headers = $4, body = $5
         WHERE county = 0 AND account = $1 AND key = $2)"};
    Value::Object headers;
    for (const auto& [name, value] : answer.headers) {
        headers.emplace_back(name, value);
    }
    const auto text = to_json(Value(std::move(headers)));
    tx.post(sql, request.account, request.key, answer.status, text, sealed(request, answer.body));
}

}  // namespace

std::string idempotency_key(const Request& request) {
    const auto* key = request.header("idempotency-key");
    if (!key) {
        return {};
    }
    const bool plain =
        std::all_of(key->begin(), key->end(), [](char c) { return c > 0x20 && c < 0x7f; });
    if (key->empty() || key->size() > longest_key || !plain) {
        throw malformed(
            "idempotency_key_malformed", "an Idempotency-Key has 1 to 100 visible ASCII characters"
        );
    }
    return *key;
}

std::string request_digest(const Request& request) {
    std::string text = request.method + '\n' + request.path + '\n';
    for (const auto& [name, value] : request.query) {
        text += name + '=' + value + '\n';
    }
    return to_hex(sha256(text + '\n' + request.body));
}

Answer once_per_key(
    store::Tx& tx, const KeyedRequest& request, Instant now, const std::function<Answer()>& effect
) {
    if (!claim(tx, request, now)) {
        const auto first = first_answer(tx, request);
        if (!first) {  // a housekeeping run took it away in between
            throw store::Unreachable("the idempotency key expired during the request");
        }
        return replayed(request, *first);
    }
    auto answer = effect();
    if (answer.stream || answer.kept || answer.events || answer.type != "application/json") {
        throw std::logic_error("a route with once_per_key answers with JSON alone");
    }
    keep(tx, request, answer);
    return answer;
}

std::optional<Answer> answered_before(store::Tx& tx, const Call& call) {
    const auto first = call.keyed ? first_answer(tx, *call.keyed) : std::nullopt;
    return first ? std::optional(replayed(*call.keyed, *first)) : std::nullopt;
}

Answer once(store::Tx& tx, const Call& call, const std::function<Answer()>& effect) {
    return call.keyed ? once_per_key(tx, *call.keyed, call.now, effect) : effect();
}

std::int64_t forget_old_keys(store::Tx& tx, Instant now) {
    constexpr store::Sql sql{"http.forget_old_keys", R"(
        DELETE FROM http_idempotency
         WHERE county = 0 AND at <= (SELECT MAX(o.at) FROM (SELECT at FROM http_idempotency
                                                             WHERE county = 0 AND at < $1 ORDER BY at LIMIT $2) o))"};
    constexpr int at_once = 1000;
    return tx.run(sql, now - kept_ms, at_once);
}

}  // namespace linli::http
