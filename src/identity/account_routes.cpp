// SPDX-License-Identifier: Apache-2.0
/// Accounts, seen and managed by administrators within their areas.
#include "base/text.hpp"
#include "identity/manage.hpp"
#include "identity/workers.hpp"

namespace linli::identity {

namespace {

using Shared = std::shared_ptr<Identity::Impl>;

struct AccountsAnswer {
    std::vector<AccountAnswer> accounts;
    std::optional<std::string> next;
    static constexpr auto fields = std::tuple{
        field("accounts", &AccountsAnswer::accounts), field("next", &AccountsAnswer::next)};
};
struct NewAccount {
    std::string login, name;
    static constexpr auto fields = std::tuple{
        field("login", &NewAccount::login, {.max = 60}),
        field("name", &NewAccount::name, {.max = 60})};
};
struct AccountChange {
    std::optional<std::string> name, phone;
    std::optional<bool> enabled;
    static constexpr auto fields = std::tuple{
        field("name", &AccountChange::name, {.max = 60}), field("enabled", &AccountChange::enabled),
        field("phone", &AccountChange::phone, {.max = 40})};
};
struct RoleAnswer {
    std::string name;
    catalogue::Title title;
    std::vector<std::string> levels;
    bool unit = false;
    std::string face;
    std::vector<std::string> rights, excludes;
    static constexpr auto fields =
        std::tuple{field("name", &RoleAnswer::name),        field("title", &RoleAnswer::title),
                   field("levels", &RoleAnswer::levels),    field("unit", &RoleAnswer::unit),
                   field("face", &RoleAnswer::face),        field("rights", &RoleAnswer::rights),
                   field("excludes", &RoleAnswer::excludes)};
};
struct RolesAnswer {
    std::vector<RoleAnswer> roles;
    static constexpr auto fields = std::tuple{field("roles", &RolesAnswer::roles)};
};

std::string like(std::string_view words) {
    std::string pattern = "%";
    for (const char c : words) {
        if (c == '%' || c == '_' || c == '\\') {
            pattern += '\\';
        }
        pattern += c;
    }
    return pattern + "%";
}

std::int64_t id_asked(const http::Call& call, const char* name) {
    std::int64_t id = 0;
    const auto text = call.query(name);
    if (text && !parse_id(*text, id)) {
        throw malformed("query_malformed", std::string(name) + " is an id: a decimal number");
    }
    return id;
}

struct Asked {
    std::string words, role;
    AreaId area;
    std::size_t limit = 50;
    std::int64_t before = 0;
};

/// Newest first. Grants decide what is in scope, so rows are read in pages until enough are seen;
/// `before` moves on.
std::vector<AccountRow> next_accounts(store::Tx& tx, const Asked& asked, std::int64_t before) {
    constexpr store::Sql sql{"identity.accounts", R"(
        SELECT a.id, a.login, a.name, a.enabled, a.person, a.created_at, a.version, a.demo
          FROM identity_account a
         WHERE a.id < $1 AND (a.login LIKE $2 ESCAPE '\' OR a.name LIKE $3 ESCAPE '\')
           AND ($4 = '' OR EXISTS (SELECT 1 FROM identity_grant g
                 WHERE g.account = a.id AND g.role = $4 AND g.ended_at = 0))
         ORDER BY a.id DESC LIMIT 200)"};
    return tx.all<AccountRow>(
        sql, before, like(plain_login(asked.words)), like(asked.words), asked.role
    );
}

bool wanted(
    const std::vector<http::Grant>& grants, const Asked& asked, const std::vector<AreaId>& scope,
    const area::Tree& tree
) {
    return seen(grants, scope, tree) &&
           (!asked.area || (!grants.empty() && seen(grants, {asked.area}, tree)));
}

AccountsAnswer list_accounts(const Shared& impl, http::Call& call) {
    constexpr int pages = 10;  // rows looked at: at most 2,000 a request
    Asked asked{
        tidy(call.query("q").value_or("")),
        call.query("role").value_or(""),
        {id_asked(call, "area")},
        static_cast<std::size_t>(call.query_int("limit", 50, 1, 200)),
        id_asked(call, "cursor")};
    const auto scope = impl->areas_with(call.caller, account_read);
    const auto tree = impl->areas.today();
    AccountsAnswer answer;
    auto before = asked.before ? asked.before : INT64_MAX;
    for (int page = 0; page < pages; ++page) {
        const auto rows = next_accounts(call.tx(), asked, before);
        for (const auto& row : rows) {
            before = row.id.value;
            if (wanted(grants_of(call.tx(), row.id), asked, scope, *tree)) {
                answer.accounts.push_back(answer_of(call.tx(), *tree, row));
            }
            if (answer.accounts.size() == asked.limit) {
                answer.next = std::to_string(before);
                return answer;
            }
        }
        if (rows.size() < 200) {
            return answer;
        }
    }
    answer.next = std::to_string(before);
    return answer;
}

/// One that the list would show.
AccountAnswer show_account(const Shared& impl, const http::Call& call) {
    const auto tree = impl->areas.today();
    const auto account = find_account(call.tx(), call.id<Account>());
    if (!account ||
        !seen(
            grants_of(call.tx(), account->id), impl->areas_with(call.caller, account_read), *tree
        )) {
        throw not_found("account");
    }
    return answer_of(call.tx(), *tree, *account);
}

/// Without a password: its owner makes one by a link (rescue_routes.cpp).
AccountAnswer add_account(const Shared& impl, http::Call& call, const NewAccount& body) {
    auto& tx = call.tx();
    const auto id = create_account(tx, body.login, body.name, no_password, call.now);
    set_maker(tx, id, call.caller.account);
    auto change = change_of(call, "account", id, "create");
    change.role = impl->role_with(call.caller, account_manage);
    store::append_change(tx, 0, std::move(change));
    return answer_of(tx, *impl->areas.today(), find_account(tx, id).value());
}

/// What a change says of itself in the log: names of fields only.
std::string changed_fields(const AccountChange& body) {
    std::vector<std::string> names;
    body.name ? names.push_back("name") : void();
    body.enabled ? names.push_back("enabled") : void();
    body.phone ? names.push_back("phone") : void();
    return join(names, ",");
}

void check_disabling(
    const Shared& impl, http::Call& call, store::Tx& tx, const AccountRow& account
) {
    if (account.id == call.caller.account) {
        throw conflict("own_account", "an account cannot disable itself");
    }
    std::vector<std::string> roles;
    for (const auto& grant : grants_of(tx, account.id)) {
        roles.push_back(grant.role);
    }
    keep_administrators(tx, *impl->catalogue, account.id, roles);
}

AccountAnswer change_account(const Shared& impl, http::Call& call, const AccountChange& body) {
    auto& tx = call.tx();
    auto account = account_under(*impl, call, tx, account_manage);
    const auto id = account.id;
    if (account.version != call.expected_version()) {
        throw stale();
    }
    if (body.enabled && !*body.enabled && account.enabled) {
        check_disabling(impl, call, tx, account);
    }
    account.name = tidy(body.name.value_or(account.name));
    if (account.name.empty()) {
        throw invalid("/name", "required", "an account has a name");
    }
    account.enabled = body.enabled.value_or(account.enabled);
    if (!save_account(tx, account)) {
        throw stale();
    }
    if (body.phone) {
        set_public_phone(tx, id, *body.phone);
    }
    if (!account.enabled) {
        end_sessions(tx, id, "", call.now);
    }
    auto change = change_of(call, "account", id, "change");
    change.role = impl->role_with(call.caller, account_manage);
    change.fields = changed_fields(body);
    store::append_change(tx, 0, std::move(change));
    tx.after_commit([impl, id] { impl->forget(id); });
    return answer_of(tx, *impl->areas.today(), find_account(tx, id).value());
}

RolesAnswer list_roles(const Shared& impl) {
    RolesAnswer answer;
    for (const auto& role : impl->catalogue->roles()) {
        answer.roles.push_back(
            {role.name, role.title, role.levels, role.unit, role.face, role.rights, role.excludes}
        );
    }
    return answer;
}

}  // namespace

void account_routes(http::Router& r, const Shared& impl) {
    r.get(
         "/api/accounts", [impl](http::Call& call) { return list_accounts(impl, call); },
         account_read, http::Scope::area,
         "Accounts that hold something in one's areas, newest first"
    )
        .query("q", "part of login or name")
        .query("area", "holding something there or below")
        .query("role", "holding this role")
        .query("limit", "1 to 200")
        .query("cursor", "`next` of the page before")
        .id_fields({"query:area"});
    r.get(
         "/api/accounts/{id}", [impl](http::Call& call) { return show_account(impl, call); },
         account_read, http::Scope::area, "An account that holds something in one's areas"
    )
        .id_fields({"path:id"});
    r.post(
         "/api/accounts",
         [impl](http::Call& call, const NewAccount& body) { return add_account(impl, call, body); },
         account_manage, http::Scope::platform, "Make an account, which holds nothing yet"
    )
        .created()
        .once_per_key()
        .limit(4096);
    r.patch(
         "/api/accounts/{id}",
         [impl](http::Call& call, const AccountChange& body) {
             return change_account(impl, call, body);
         },
         account_manage, http::Scope::area, "Rename, enable, disable"
    )
        .id_fields({"path:id"})
        .limit(4096);
    r.get(
        "/api/roles", [impl](http::Call&) { return list_roles(impl); }, "", http::Scope::self,
        "Roles of the catalogue"
    );
}

}  // namespace linli::identity
