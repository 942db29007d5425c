// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.hpp"
#include "identity/store.hpp"
#include "identity/workers.hpp"
#include "store/change.hpp"

namespace linli::identity {

std::string plain_login(std::string_view login) {
    auto plain = tidy(login);
    std::transform(plain.begin(), plain.end(), plain.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return plain;
}

AccountId create_account(
    store::Tx& tx, const std::string& login, const std::string& name,
    const std::string& password_hash, Instant now
) {
    constexpr store::Sql insert{"identity.create_account", R"(
        INSERT INTO identity_account
               (id, login, name, enabled, person, password, password_at, created_by, created_at, version)
        VALUES ($1, $2, $3, 1, 0, $4, $5, 0, $5, 1))"};
    const auto plain = plain_login(login);
    const auto shown = tidy(name);
    if (plain.empty() || characters(plain) > 60 || plain.find(' ') != std::string::npos) {
        throw invalid("/login", "login_malformed", "a login has 1 to 60 characters and no blank");
    }
    if (shown.empty() || characters(shown) > 60) {
        throw invalid("/name", "name_malformed", "a name has 1 to 60 characters");
    }
    if (find_secret(tx, plain)) {
        throw invalid("/login", "login_in_use", "another account has this login");
    }
    const AccountId id{tx.new_id(0)};
    tx.run(insert, id, plain, shown, password_hash, now);
    return id;
}

std::optional<AccountRow> find_account(store::Tx& tx, AccountId id) {
    constexpr store::Sql sql{"identity.find_account", R"(
        SELECT id, login, name, enabled, person, created_at, version, demo FROM identity_account WHERE id = $1)"};
    return tx.one<AccountRow>(sql, id);
}

std::optional<Secret> find_secret(store::Tx& tx, const std::string& login) {
    constexpr store::Sql sql{
        "identity.find_secret_by_login",
        "SELECT id, password, enabled, password_at, demo FROM identity_account WHERE login = $1"};
    return tx.one<Secret>(sql, login);
}

std::optional<Secret> find_secret(store::Tx& tx, AccountId id) {
    constexpr store::Sql sql{
        "identity.find_secret",
        "SELECT id, password, enabled, password_at, demo FROM identity_account WHERE id = $1"};
    return tx.one<Secret>(sql, id);
}

void set_password(store::Tx& tx, AccountId id, const std::string& hash, Instant now) {
    constexpr store::Sql keep{"identity.keep_old_password", R"(
        INSERT INTO identity_old_password (account, id, password)
        SELECT id, $2, password FROM identity_account WHERE id = $1 AND password <> $3)"};
    constexpr store::Sql forget{"identity.forget_old_passwords", R"(
        DELETE FROM identity_old_password WHERE account = $1 AND id NOT IN
               (SELECT id FROM identity_old_password WHERE account = $1 ORDER BY id DESC LIMIT $2))"};
    constexpr store::Sql sql{"identity.set_password", R"(
        UPDATE identity_account SET password = $2, password_at = $3, version = version + 1 WHERE id = $1)"};
    tx.run(keep, id, tx.new_id(0), no_password);
    tx.run(forget, id, catalogue::password_history_limit);
    tx.run(sql, id, hash, now);
}

std::vector<std::string> last_passwords(store::Tx& tx, AccountId id, int limit) {
    constexpr store::Sql sql{"identity.last_passwords", R"(
        SELECT password FROM identity_old_password WHERE account = $1 ORDER BY id DESC LIMIT $2)"};
    std::vector<std::string> all;
    const auto secret = find_secret(tx, id);
    if (limit > 0 && secret) {
        all = tx.all<std::string>(sql, id, limit - 1);
        all.insert(all.begin(), secret->password);
    }
    return all;
}

std::vector<std::string> words_about(store::Tx& tx, const area::Tree& tree, AccountId id) {
    std::vector<std::string> words;
    if (const auto account = find_account(tx, id)) {
        words = {account->login, account->name, public_phone(tx, id)};
    }
    for (const auto& grant : grants_of(tx, id)) {
        for (const auto* node : tree.path(grant.area)) {
            words.emplace_back(node->name);
        }
        if (const auto unit = grant.unit ? find_unit(tx, grant.unit) : std::nullopt) {
            words.push_back(unit->name);
            words.push_back(unit->phone);
        }
    }
    return words;
}

void save_rehashed(store::Tx& tx, AccountId id, const std::string& hash) {
    constexpr store::Sql sql{
        "identity.save_rehashed", "UPDATE identity_account SET password = $2 WHERE id = $1"};
    tx.run(sql, id, hash);
}

bool save_account(store::Tx& tx, const AccountRow& row) {
    constexpr store::Sql sql{"identity.save_account", R"(
        UPDATE identity_account SET name = $3, enabled = $4, person = $5, version = version + 1
         WHERE id = $1 AND version = $2)"};
    return tx.run(sql, row.id, row.version, row.name, row.enabled, row.person) == 1;
}

bool any_account(store::Tx& tx) {
    constexpr store::Sql sql{"identity.any_account", "SELECT id FROM identity_account LIMIT 1"};
    return tx.one<AccountId>(sql).has_value();
}

void mark_demo(store::Tx& tx, AccountId id) {
    constexpr store::Sql sql{
        "identity.mark_demo", "UPDATE identity_account SET demo = 1 WHERE id = $1"};
    tx.run(sql, id);
}

void set_maker(store::Tx& tx, AccountId id, AccountId made_by) {
    constexpr store::Sql sql{
        "identity.set_maker", "UPDATE identity_account SET created_by = $2 WHERE id = $1"};
    tx.run(sql, id, made_by);
}

std::vector<http::Grant> grants_of(store::Tx& tx, AccountId account) {
    constexpr store::Sql sql{"identity.grants_of", R"(
        SELECT id, role, area, unit, head FROM identity_grant
         WHERE account = $1 AND ended_at = 0 ORDER BY id)"};
    std::vector<http::Grant> result;
    tx.each(
        sql,
        [&](const store::Row& row) {
            result.push_back(
                {row.integer(0),
                 std::string(row.text(1)),
                 {row.integer(2)},
                 {row.integer(3)},
                 row.integer(4) != 0}
            );
            return true;
        },
        account
    );
    return result;
}

std::optional<GrantRow> find_grant(store::Tx& tx, std::int64_t id) {
    constexpr store::Sql sql{"identity.find_grant", R"(
        SELECT id, account, role, area, unit, head FROM identity_grant WHERE id = $1 AND ended_at = 0)"};
    return tx.one<GrantRow>(sql, id);
}

void end_grant(store::Tx& tx, const GrantRow& row, AccountId by, Instant now) {
    constexpr store::Sql sql{
        "identity.end_grant",
        "UPDATE identity_grant SET ended_by = $2, ended_at = $3 WHERE id = $1 AND ended_at = 0"};
    tx.run(sql, row.id, by, now);
    store::Change change;
    change.at = now;
    change.actor = by;
    change.kind = "account";
    change.record = {row.account.value};
    change.action = "end_grant";
    change.area_before = row.area;
    change.detail = row.role;
    store::append_change(tx, 0, std::move(change));
}

std::vector<AccountId> holders_of(store::Tx& tx, const std::string& role, AccountId but) {
    constexpr store::Sql sql{"identity.holders_of", R"(
        SELECT DISTINCT g.account FROM identity_grant g JOIN identity_account a ON a.id = g.account
         WHERE g.role = $1 AND g.ended_at = 0 AND a.enabled = 1 AND a.id <> $2 ORDER BY g.account)"};
    return tx.all<AccountId>(sql, role, but);
}

namespace {

/// Levels, unit and disjoint roles, as the catalogue says of the role (C12).
void check_role(const catalogue::Role& role, const http::Grant& wanted, const area::Tree& tree) {
    const auto* node = tree.find(wanted.area);
    if (!node) {
        throw invalid("/area", "unknown_area", "there is no such area today");
    }
    const auto& levels = role.levels;
    if (!levels.empty() &&
        std::find(levels.begin(), levels.end(), name_of(node->level)) == levels.end()) {
        throw invalid(
            "/area", "level_not_allowed",
            "the role " + role.name + " is granted over areas of the levels " + join(levels, ", ")
        );
    }
    if (role.unit && !wanted.unit) {
        throw invalid("/unit", "required", "the role " + role.name + " is granted for a unit");
    }
    if (wanted.head && !wanted.unit) {
        throw invalid("/unit", "required", "a head leads a unit");
    }
}

void check_unit(store::Tx& tx, UnitId id, AreaId granted, const area::Tree& tree) {
    const auto unit = find_unit(tx, id);
    if (!unit || !unit->enabled) {
        throw invalid("/unit", "unknown_unit", "there is no such unit at work");
    }
    if (!tree.within(granted, unit->area) && !tree.within(unit->area, granted)) {
        throw invalid("/unit", "unit_elsewhere", "the unit belongs to another area");
    }
}

void check_disjoint(
    const catalogue::Catalogue& catalogue, const catalogue::Role& role,
    const std::vector<http::Grant>& held
) {
    const auto excludes = [](const catalogue::Role& one, const std::string& other) {
        return std::find(one.excludes.begin(), one.excludes.end(), other) != one.excludes.end();
    };
    for (const auto& grant : held) {
        const auto* other = catalogue.role(grant.role);
        if (excludes(role, grant.role) || (other && excludes(*other, role.name))) {
            throw invalid(
                "/role", "roles_exclude",
                "an account with the role " + grant.role + " cannot have the role " + role.name
            );
        }
    }
}

}  // namespace

std::int64_t grant(
    store::Tx& tx, const catalogue::Catalogue& catalogue, const area::Tree& tree, AccountId account,
    const http::Grant& wanted, AccountId by, Instant now
) {
    // The row of the account is locked first, so that two grants at once see each other.
    constexpr store::Sql lock{
        "identity.lock_account", "UPDATE identity_account SET version = version + 1 WHERE id = $1"};
    constexpr store::Sql insert{"identity.grant", R"(
        INSERT INTO identity_grant (id, account, role, area, unit, head, granted_by, granted_at, ended_by, ended_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0))"};
    const auto* role = catalogue.role(wanted.role);
    if (!role) {
        throw invalid("/role", "unknown_role", "the catalogue has no role " + wanted.role);
    }
    if (tx.run(lock, account) != 1) {
        throw not_found("account");
    }
    check_role(*role, wanted, tree);
    if (wanted.unit) {
        check_unit(tx, wanted.unit, wanted.area, tree);
    }
    const auto held = grants_of(tx, account);
    for (const auto& one : held) {
        if (one.role == wanted.role && one.area == wanted.area && one.unit == wanted.unit &&
            one.head == wanted.head) {
            return one.id;
        }
    }
    check_disjoint(catalogue, *role, held);
    const auto id = tx.new_id(0);
    tx.run(insert, id, account, wanted.role, wanted.area, wanted.unit, wanted.head, by, now);
    store::Change change;
    change.at = now;
    change.actor = by;
    change.kind = "account";
    change.record = {account.value};
    change.action = "grant";
    change.area_after = wanted.area;
    change.detail = wanted.role;
    store::append_change(tx, 0, std::move(change));
    return id;
}

}  // namespace linli::identity
