// SPDX-License-Identifier: Apache-2.0
#include "identity/token.hpp"

namespace linli::identity {

std::int64_t save_token(
    store::Tx& tx, Purpose purpose, const std::string& digest, const TokenRow& row
) {
    constexpr store::Sql insert{"identity.save_token", R"(
        INSERT INTO identity_token
               (id, digest, purpose, account, name, created_at, expires_at, ended_at, grants, read_only)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9))"};
    if (purpose != Purpose::api) {
        end_tokens(tx, purpose, row.account, row.created_at);
    }
    const auto id = tx.new_id(0);
    tx.run(
        insert, id, digest, std::string(name_of(purpose)), row.account, row.name, row.created_at,
        row.expires_at, row.grants, row.read_only
    );
    return id;
}

std::optional<TokenRow> find_token(
    store::Tx& tx, Purpose purpose, const std::string& digest, Instant now
) {
    constexpr store::Sql sql{"identity.find_token", R"(
        SELECT id, account, name, grants, read_only, created_at, expires_at FROM identity_token
         WHERE digest = $1 AND purpose = $2 AND ended_at = 0 AND expires_at > $3)"};
    return tx.one<TokenRow>(sql, digest, std::string(name_of(purpose)), now);
}

bool use_token(store::Tx& tx, Purpose purpose, const std::string& digest, Instant now) {
    constexpr store::Sql sql{"identity.use_token", R"(
        UPDATE identity_token SET ended_at = $3
         WHERE digest = $1 AND purpose = $2 AND ended_at = 0 AND expires_at > $3)"};
    return tx.run(sql, digest, std::string(name_of(purpose)), now) == 1;
}

void end_tokens(store::Tx& tx, Purpose purpose, AccountId account, Instant now) {
    constexpr store::Sql sql{"identity.end_tokens", R"(
        UPDATE identity_token SET ended_at = $3 WHERE account = $1 AND purpose = $2 AND ended_at = 0)"};
    tx.run(sql, account, std::string(name_of(purpose)), now);
}

std::vector<TokenRow> api_tokens_of(store::Tx& tx, AccountId account, Instant now) {
    constexpr store::Sql sql{"identity.api_tokens_of", R"(
        SELECT id, account, name, grants, read_only, created_at, expires_at FROM identity_token
         WHERE account = $1 AND purpose = 'api' AND ended_at = 0 AND expires_at > $2
         ORDER BY id DESC LIMIT 100)"};
    return tx.all<TokenRow>(sql, account, now);
}

bool end_api_token(store::Tx& tx, AccountId account, std::int64_t id, Instant now) {
    constexpr store::Sql sql{"identity.end_api_token", R"(
        UPDATE identity_token SET ended_at = $3
         WHERE account = $1 AND id = $2 AND purpose = 'api' AND ended_at = 0)"};
    return tx.run(sql, account, id, now) == 1;
}

}  // namespace linli::identity
