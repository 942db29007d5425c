// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What the routes about accounts and grants share: whom an administrator sees and manages.
#include "identity/impl.hpp"

namespace linli::identity {

constexpr const char* account_read = "account.read";
constexpr const char* account_manage = "account.manage";
constexpr const char* grant_manage = "grant.manage";
constexpr const char* audit_read = "audit.read";
constexpr const char* session_manage = "session.manage";

struct AreaName {
    AreaId id;
    std::string name;
    static constexpr auto fields =
        std::tuple{field("id", &AreaName::id), field("name", &AreaName::name)};
};
struct UnitName {
    UnitId id;
    std::string name;
    static constexpr auto fields =
        std::tuple{field("id", &UnitName::id), field("name", &UnitName::name)};
};
struct GrantTag;
struct GrantAnswer {
    Id<GrantTag> id;
    std::string role;
    AreaName area;
    std::optional<UnitName> unit;
    bool head = false;
    static constexpr auto fields = std::tuple{
        field("id", &GrantAnswer::id), field("role", &GrantAnswer::role),
        field("area", &GrantAnswer::area), field("unit", &GrantAnswer::unit),
        field("head", &GrantAnswer::head)};
};
struct AccountAnswer {
    AccountId id;
    std::string login, name;
    bool enabled = true;
    Instant created_at;
    std::int64_t version = 1;
    std::string phone;  ///< public
    bool second_factor = false;
    std::vector<GrantAnswer> grants;
    static constexpr auto fields = std::tuple{
        field("id", &AccountAnswer::id),
        field("login", &AccountAnswer::login),
        field("name", &AccountAnswer::name),
        field("enabled", &AccountAnswer::enabled),
        field("created_at", &AccountAnswer::created_at),
        field("version", &AccountAnswer::version),
        field("phone", &AccountAnswer::phone),
        field("second_factor", &AccountAnswer::second_factor),
        field("grants", &AccountAnswer::grants)};
};

AccountAnswer answer_of(store::Tx&, const area::Tree&, const AccountRow&);
/// Accounts without a grant are seen by every administrator; others if one grant (to manage them:
/// all) is in scope.
bool seen(const std::vector<http::Grant>&, const std::vector<AreaId>& scope, const area::Tree&);
bool managed(const std::vector<http::Grant>&, const std::vector<AreaId>& scope, const area::Tree&);
/// The account of the path, if all it holds is in areas where the caller has the right; otherwise
/// there is none.
AccountRow account_under(const Identity::Impl&, const http::Call&, store::Tx&, const char* right);
/// True if some role here excludes some role there, so that nobody may act as both (C12).
bool apart(const catalogue::Catalogue&, const std::vector<http::Grant>&, const std::vector<http::Grant>&);
/// Throws conflict("last_administrator") if, without these roles of the account, nobody could
/// manage accounts or grants or read the audit any more. Administrators' changes wait for each
/// other, so that two cannot remove each other.
void keep_administrators(
    store::Tx&, const catalogue::Catalogue&, AccountId, const std::vector<std::string>& roles_lost
);

}  // namespace linli::identity
