// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Idempotency-Key (C47): the first answer to a key is kept in the transaction of its effect, and
/// given again to a replay.
#include <functional>
#include <optional>
#include <string>

#include "base/crypto.hpp"
#include "http/call.hpp"

namespace linli::http {

struct KeyedRequest {
    AccountId account;
    std::string key;    ///< as the client chose it, 1 to 100 visible ASCII characters
    std::string route;  ///< "POST /api/records/{kind}"
    std::string
        digest;  ///< of method, target and body: the same key with another request is refused
    const FieldCipher* cipher =
        nullptr;  ///< answers are kept sealed: they hold what the caller may see (C51)
};

/// The key of a request, or "" if it sent none; throws 400 `idempotency_key_malformed`.
std::string idempotency_key(const Request&);
std::string request_digest(const Request&);
/// Runs `effect` unless the key was used before; then gives the first answer with
/// `Idempotency-Replayed: true`, or throws 422 `idempotency_key_reused`. A refusal rolls the claim
/// back with everything else, so it may be tried again.
Answer once_per_key(
    store::Tx&, const KeyedRequest&, Instant now, const std::function<Answer()>& effect
);

// For routes with once_per_key() and transactions of their own.

/// The first answer to the request's key, if there was one. Asked before anything is checked that
/// the first run may have changed.
std::optional<Answer> answered_before(store::Tx&, const Call&);
/// once_per_key() in the transaction of the effect; the effect alone if the request bears no key.
Answer once(store::Tx&, const Call&, const std::function<Answer()>& effect);

}  // namespace linli::http
