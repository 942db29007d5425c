// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Words that open something: the bearer tokens of programs, and one-time words for the first
/// administrator, for a new password and between password and code. Stored as SHA-256.
#include "identity/session.hpp"

namespace linli::identity {

enum class Purpose { api, setup, reset, challenge };
constexpr auto names(Purpose) {
    return std::array{"api", "setup", "reset", "challenge"};
}
constexpr std::int64_t setup_token_ms = hour_ms;
constexpr std::int64_t reset_token_ms = 15 * minute_ms;     ///< C13
constexpr std::int64_t challenge_token_ms = 5 * minute_ms;  ///< C10

struct TokenRow {
    std::int64_t id = 0;
    AccountId account;
    std::string name;
    std::string grants;  ///< of an API token: ids of its owner's grants, with commas between
    bool read_only = false;
    Instant created_at, expires_at;
    static constexpr auto fields = std::tuple{
        field("id", &TokenRow::id),
        field("account", &TokenRow::account),
        field("name", &TokenRow::name),
        field("grants", &TokenRow::grants),
        field("read_only", &TokenRow::read_only),
        field("created_at", &TokenRow::created_at),
        field("expires_at", &TokenRow::expires_at)};
};

/// Returns the id of the row. One-time words of the same purpose and account end.
std::int64_t save_token(store::Tx&, Purpose, const std::string& digest, const TokenRow&);
/// Nothing if it is unknown, used, ended or past its time.
std::optional<TokenRow> find_token(store::Tx&, Purpose, const std::string& digest, Instant now);
/// True once per token.
bool use_token(store::Tx&, Purpose, const std::string& digest, Instant now);
void end_tokens(store::Tx&, Purpose, AccountId, Instant now);

/// API tokens of an account that are valid, newest first.
std::vector<TokenRow> api_tokens_of(store::Tx&, AccountId, Instant now);
/// False if the account has no such token.
bool end_api_token(store::Tx&, AccountId, std::int64_t id, Instant now);

}  // namespace linli::identity
