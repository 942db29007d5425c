// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Inside of the identity room: what its routes share.
#include <mutex>
#include <semaphore>
#include <unordered_map>

#include "identity/password.hpp"
#include "identity/token.hpp"
#include "store/change.hpp"

namespace linli::identity {

struct Identity::Impl {
    /// A caller as read from the database, for less than a second (C08).
    struct Known {
        http::Caller caller;
        SessionRow session;
        SessionLimits limits;
        Instant read_at, seen_written_at;
    };

    store::Database& database;
    std::shared_ptr<const catalogue::Catalogue> catalogue;
    area::Areas& areas;
    RandomSource& random;
    std::shared_ptr<const FieldCipher> cipher;  ///< of the second factors' secrets
    Settings settings;
    const catalogue::PasswordProfile* passwords = nullptr;
    std::function<void(AccountId)> on_forget;

    std::mutex mutex;
    std::unordered_map<std::string, Known> known;  ///< by digest of the session's cookie
    std::counting_semaphore<4> hashing{4};         ///< argon2id takes 64 MiB each
    int tries = 0;                                 ///< since the last clearing, under `mutex`
    std::unordered_map<std::int64_t, int>
        refused;  ///< lines by account, of one minute, under `mutex`
    std::int64_t refused_minute = 0;

    Impl(
        store::Database& db, std::shared_ptr<const catalogue::Catalogue> all, area::Areas& tree,
        RandomSource& source, std::shared_ptr<const FieldCipher> key, Settings given
    )
        : database(db),
          catalogue(std::move(all)),
          areas(tree),
          random(source),
          cipher(std::move(key)),
          settings(std::move(given)),
          passwords(catalogue->password_profile(settings.password_profile)) {}

    http::Caller identify(const http::Request&, Instant now);
    /// Whether an account (its row, its secret) may be used here and now.
    template <class Account>
    bool usable(const Account& account) const {
        return account.enabled && (settings.demo || !account.demo);
    }
    http::Caller caller_of(store::Tx&, const AccountRow&) const;
    SessionLimits limits_of(const http::Caller&) const;
    void forget(AccountId);

    /// Slow on purpose; at most four at once.
    bool right_password(const std::string& password, const std::string& hash);
    std::string hash_of(const std::string& password);
    /// The digest of a password that the profile allows to the account. Throws `invalid`. Slow:
    /// never inside a transaction.
    std::string new_password(AccountId, const std::string& pointer, const std::string& password);

    /// A code of the account's second factor or a recovery code, counted under the subject like a
    /// password. Throws forbidden("wrong_code").
    void check_code(http::Call&, AccountId, const std::string& subject, const std::string& code);
    /// Some role asks for a second factor; never in the demo.
    bool needs_factor(const std::vector<http::Grant>&) const;
    /// ... that the account does not have.
    bool lacks_factor(store::Tx&, AccountId, const std::vector<http::Grant>&) const;

    /// Areas of the caller's grants whose role has the kernel right.
    std::vector<AreaId> areas_with(const http::Caller&, const std::string& right) const;
    bool covers(const std::vector<AreaId>& scope, AreaId) const;
    bool role_has(const std::string& role, const std::string& right) const;
    std::string role_with(const http::Caller&, const std::string& right) const;

    /// The answer of GET /api/me.
    http::Json me(store::Tx&, const http::Caller&) const;

    /// A new session for the account, its cookies on the answer, and the answer of GET /api/me.
    http::Json open_session(http::Call&, AccountId, const std::string& subject);

 private:
    http::Caller by_session(const std::string& digest, Instant now);
    http::Caller by_bearer(std::string_view token, bool changes, Instant now);
    void keep_seen(Known&, const std::string& digest, Instant now);
};

/// Of an account or a session, always in county 0.
store::Change change_of(const http::Call&, const char* kind, AccountId about, const char* action);
void note_failure(Identity::Impl&, http::Call&, AccountId about, const char* action);
std::string_view cookie(const http::Request&, std::string_view name);
std::string cookie_text(
    const Identity::Impl&, const char* name, const std::string& value, const char* path,
    std::int64_t ms
);
/// The caller's session goes on under a new token (C07).
void renew(
    Identity::Impl&, store::Tx&, http::Call&, const std::string& token, Instant stepped_up_until
);
void set_session_cookie(const Identity::Impl&, http::Call&, const std::string& token);

constexpr const char* session_cookie = "linli_session";
constexpr const char* device_cookie = "linli_device";

void sign_in_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void factor_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void token_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void rescue_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void session_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void setup_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void account_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void grant_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void unit_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void area_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void view_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void audit_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);

}  // namespace linli::identity
