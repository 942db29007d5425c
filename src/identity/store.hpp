// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The statements about accounts, grants and units, beside those of identity.hpp.
#include "identity/identity.hpp"

namespace linli::identity {

/// Blanks at the ends and letter case do not tell accounts apart.
std::string plain_login(std::string_view);

struct Secret {
    AccountId account;
    std::string password;  ///< argon2id
    bool enabled = false;
    Instant set_at;
    bool demo = false;
    static constexpr auto fields = std::tuple{
        field("account", &Secret::account), field("password", &Secret::password),
        field("enabled", &Secret::enabled), field("set_at", &Secret::set_at),
        field("demo", &Secret::demo)};
};
std::optional<Secret> find_secret(store::Tx&, const std::string& plain_login);
std::optional<Secret> find_secret(store::Tx&, AccountId);
/// Of an account that has no password yet: no digest equals it.
constexpr const char* no_password = "!";
/// The one before is kept among the old ones.
void set_password(store::Tx&, AccountId, const std::string& hash, Instant now);
/// The present password and those before it, at most `limit`, newest first.
std::vector<std::string> last_passwords(store::Tx&, AccountId, int limit);
/// The same password at a new cost.
void save_rehashed(store::Tx&, AccountId, const std::string& hash);
/// What others know of an account: its name and login, the units and places it works for.
std::vector<std::string> words_about(store::Tx&, const area::Tree&, AccountId);
/// False if the version is another by now.
bool save_account(store::Tx&, const AccountRow&);
bool any_account(store::Tx&);
void set_maker(store::Tx&, AccountId, AccountId made_by);

/// What is granted now, oldest first.
std::vector<http::Grant> grants_of(store::Tx&, AccountId);
struct GrantRow {
    std::int64_t id = 0;
    AccountId account;
    std::string role;
    AreaId area;
    UnitId unit;
    bool head = false;
    static constexpr auto fields =
        std::tuple{field("id", &GrantRow::id),     field("account", &GrantRow::account),
                   field("role", &GrantRow::role), field("area", &GrantRow::area),
                   field("unit", &GrantRow::unit), field("head", &GrantRow::head)};
};
std::optional<GrantRow> find_grant(store::Tx&, std::int64_t id);
void end_grant(store::Tx&, const GrantRow&, AccountId by, Instant now);
/// Enabled accounts other than `but` that hold a role.
std::vector<AccountId> holders_of(store::Tx&, const std::string& role, AccountId but);

std::vector<UnitRow> units_of_area(store::Tx&, AreaId);
/// False if the version is another by now.
bool save_unit(store::Tx&, const UnitRow&);

}  // namespace linli::identity
