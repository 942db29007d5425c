// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Inside of the identity room: what its routes share.
#include <mutex>
#include <semaphore>
#include <unordered_map>

#include "identity/session.hpp"
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
    bool demo = false, secure = false;
    std::function<void(AccountId)> on_forget;

    std::mutex mutex;
    std::unordered_map<std::string, Known> known;  ///< by digest of the session's cookie
    std::counting_semaphore<4> hashing{4};         ///< argon2id takes 64 MiB each
    int tries = 0;                                 ///< since the last clearing, under `mutex`

    Impl(
        store::Database& db, std::shared_ptr<const catalogue::Catalogue> all, area::Areas& tree,
        RandomSource& source
    )
        : database(db), catalogue(std::move(all)), areas(tree), random(source) {}

    http::Caller identify(const http::Request&, Instant now);
    /// Whether an account (its row, its secret) may be used here and now.
    template <class Account>
    bool usable(const Account& account) const {
        return account.enabled && (demo || !account.demo);
    }
    http::Caller caller_of(store::Tx&, const AccountRow&) const;
    SessionLimits limits_of(const http::Caller&) const;
    void forget(AccountId);

    /// Slow on purpose; at most four at once.
    bool right_password(const std::string& password, const std::string& hash);
    std::string hash_of(const std::string& password);

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
    http::Caller by_bearer(std::string_view token, Instant now);
    void keep_seen(Known&, const std::string& digest, Instant now);
};

/// Of an account or a session, always in county 0.
store::Change change_of(const http::Call&, const char* kind, AccountId about, const char* action);
std::string_view cookie(const http::Request&, std::string_view name);
/// Throws `invalid` if it is too short, too long, or the login itself.
void check_password(
    const std::string& pointer, const std::string& password, const std::string& login
);

constexpr const char* session_cookie = "linli_session";
constexpr const char* device_cookie = "linli_device";

void session_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void setup_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void account_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void grant_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void unit_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void area_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);
void audit_routes(http::Router&, const std::shared_ptr<Identity::Impl>&);

}  // namespace linli::identity
