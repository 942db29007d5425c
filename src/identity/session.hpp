// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Sessions and guesses as rows. A session is known by a cookie whose SHA-256 is
/// stored.
#include "identity/store.hpp"

namespace linli::identity {

/// How long a session lasts without use, and at most (C08).
struct SessionLimits {
    std::int64_t idle_ms = 0, absolute_ms = 0;
};
constexpr SessionLimits staff_limits{2 * hour_ms, 12 * hour_ms};
constexpr SessionLimits resident_limits{30 * day_ms, 180 * day_ms};
constexpr std::int64_t step_up_ms = 10 * minute_ms;

struct SessionRow {
    std::int64_t id = 0;
    std::string digest;
    AccountId account;
    std::string csrf;
    Instant created_at, seen_at, stepped_up_until, ended_at;
    std::string agent, address;
    static constexpr auto fields = std::tuple{
        field("id", &SessionRow::id),
        field("digest", &SessionRow::digest),
        field("account", &SessionRow::account),
        field("csrf", &SessionRow::csrf),
        field("created_at", &SessionRow::created_at),
        field("seen_at", &SessionRow::seen_at),
        field("stepped_up_until", &SessionRow::stepped_up_until),
        field("ended_at", &SessionRow::ended_at),
        field("agent", &SessionRow::agent),
        field("address", &SessionRow::address)};
};
bool alive(const SessionRow&, const SessionLimits&, Instant now);

std::string digest_of(std::string_view token
);                                     ///< what is stored of a cookie or token: hex SHA-256
std::string new_token(RandomSource&);  ///< 256 random bits, base64url

void save_session(store::Tx&, SessionRow);
std::optional<SessionRow> find_session(store::Tx&, const std::string& digest);
/// Those not ended, the last seen first; some may be past their limits.
std::vector<SessionRow> sessions_of(store::Tx&, AccountId);
void see_session(store::Tx&, const std::string& digest, Instant now);
/// The session goes on under another token, with the password given just now (C07).
void renew_session(
    store::Tx&, const std::string& digest, const std::string& new_digest, Instant stepped_up_until
);
void end_session(store::Tx&, std::int64_t id, Instant now);
/// All but the one with this digest; "" = all.
void end_sessions(store::Tx&, AccountId, const std::string& but, Instant now);
/// All but the newest `limit` (C09). True if one has ended.
bool end_oldest_sessions(store::Tx&, AccountId, int limit, Instant now);

constexpr std::int64_t try_window_ms = 15 * minute_ms;
/// Counts a guess before it is evaluated: at most five under a subject in any 15 minutes (C05), and
/// of one address a burst of 60, then one in 15 s. Throws too_many("too_many_tries").
void count_try(store::Tx&, const std::string& subject, const std::string& address, Instant now);
/// The guess was right: it counts neither under its subject nor for its address.
void forget_tries(store::Tx&, const std::string& subject, const std::string& address);
/// Removes guesses, sessions and devices that no longer matter, a slice of each: more than 256
/// guesses, after which it is called, leave behind. Returns how many.
std::int64_t clear_old(store::Tx&, Instant now);

bool known_device(store::Tx&, const std::string& digest, AccountId);
void know_device(store::Tx&, const std::string& digest, AccountId, Instant now);

}  // namespace linli::identity
