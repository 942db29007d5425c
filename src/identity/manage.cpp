// SPDX-License-Identifier: Apache-2.0
#include "identity/manage.hpp"
#include "identity/workers.hpp"

#include <algorithm>

#include "identity/factor.hpp"

namespace linli::identity {

namespace {

bool in_scope(const http::Grant& grant, const std::vector<AreaId>& scope, const area::Tree& tree) {
    return std::any_of(scope.begin(), scope.end(), [&](AreaId area) {
        return tree.within(grant.area, area);
    });
}

bool has_right(const catalogue::Catalogue& catalogue, const std::string& role, const char* right) {
    const auto* found = catalogue.role(role);
    return found &&
           std::find(found->rights.begin(), found->rights.end(), right) != found->rights.end();
}

bool someone_else(
    store::Tx& tx, const catalogue::Catalogue& catalogue, const char* right, AccountId but
) {
    const auto& roles = catalogue.roles();
    return std::any_of(roles.begin(), roles.end(), [&](const catalogue::Role& role) {
        return has_right(catalogue, role.name, right) && !holders_of(tx, role.name, but).empty();
    });
}

}  // namespace

AccountAnswer answer_of(store::Tx& tx, const area::Tree& tree, const AccountRow& row) {
    AccountAnswer answer{
        row.id,
        row.login,
        row.name,
        row.enabled,
        row.created_at,
        row.version,
        public_phone(tx, row.id),
        has_factor(tx, row.id),
        {}};
    for (const auto& grant : grants_of(tx, row.id)) {
        auto& one = answer.grants.emplace_back();
        one.id = {grant.id};
        one.role = grant.role;
        const auto* node = tree.find(grant.area);
        one.area = {grant.area, node ? std::string(node->name) : std::string()};
        one.head = grant.head;
        if (const auto unit = grant.unit ? find_unit(tx, grant.unit) : std::nullopt) {
            one.unit = UnitName{unit->id, unit->name};
        }
    }
    return answer;
}

bool seen(
    const std::vector<http::Grant>& grants, const std::vector<AreaId>& scope, const area::Tree& tree
) {
    return grants.empty() || std::any_of(grants.begin(), grants.end(), [&](const auto& grant) {
               return in_scope(grant, scope, tree);
           });
}

bool managed(
    const std::vector<http::Grant>& grants, const std::vector<AreaId>& scope, const area::Tree& tree
) {
    return std::all_of(grants.begin(), grants.end(), [&](const auto& grant) {
        return in_scope(grant, scope, tree);
    });
}

AccountRow account_under(
    const Identity::Impl& impl, const http::Call& call, store::Tx& tx, const char* right
) {
    const auto id = call.id<Account>();
    const auto account = find_account(tx, id);
    const auto scope = impl.areas_with(call.caller, right);
    if (!account || !managed(grants_of(tx, id), scope, *impl.areas.today())) {
        throw not_found("account");
    }
    return *account;
}

bool apart(
    const catalogue::Catalogue& catalogue, const std::vector<http::Grant>& some,
    const std::vector<http::Grant>& others
) {
    const auto excludes = [&](const std::string& one, const std::string& other) {
        const auto* role = catalogue.role(one);
        return role && std::find(role->excludes.begin(), role->excludes.end(), other) !=
                           role->excludes.end();
    };
    return std::any_of(some.begin(), some.end(), [&](const auto& one) {
        return std::any_of(others.begin(), others.end(), [&](const auto& other) {
            return excludes(one.role, other.role) || excludes(other.role, one.role);
        });
    });
}

void keep_administrators(
    store::Tx& tx, const catalogue::Catalogue& catalogue, AccountId account,
    const std::vector<std::string>& roles_lost
) {
    constexpr store::Sql lock{
        "identity.lock_administrators",
        "UPDATE identity_guard SET turn = turn + 1 WHERE name = 'administrators'"};
    for (const char* right : {account_manage, grant_manage, audit_read}) {
        const bool loses = std::any_of(roles_lost.begin(), roles_lost.end(), [&](const auto& role) {
            return has_right(catalogue, role, right);
        });
        if (!loses) {
            continue;
        }
        tx.run(lock);
        if (!someone_else(tx, catalogue, right, account)) {
            throw conflict(
                "last_administrator",
                "nobody else has the right " + std::string(right) + "; give it to another first"
            );
        }
    }
}

}  // namespace linli::identity
