// SPDX-License-Identifier: Apache-2.0
/// The first administrator by a one-time token (C01), and the accounts of the demo.
#include <algorithm>

#include "identity/impl.hpp"

namespace linli::identity {

namespace {

using Shared = std::shared_ptr<Identity::Impl>;

struct Needed {
    bool needed = false;
    static constexpr auto fields = std::tuple{field("needed", &Needed::needed)};
};
struct Setup {
    std::string token, login, name, password;
    static constexpr auto fields = std::tuple{
        field("token", &Setup::token, {.max = 100}), field("login", &Setup::login, {.max = 60}),
        field("name", &Setup::name, {.max = 60}),
        field("password", &Setup::password, {.max = 200})};
};

/// The role that manages accounts; the catalogue names it.
const catalogue::Role& administrator(const catalogue::Catalogue& catalogue) {
    for (const auto& role : catalogue.roles()) {
        if (std::find(role.rights.begin(), role.rights.end(), "account.manage") !=
            role.rights.end()) {
            return role;
        }
    }
    throw conflict(
        "no_administrator_role", "no role of the catalogue has the right account.manage"
    );
}

/// The highest areas over which the role may be granted.
std::vector<const area::Node*> tops(const area::Tree& tree, const catalogue::Role& role) {
    std::vector<const area::Node*> result;
    const auto all = tree.all();
    for (std::size_t i = 0; i < all.size();) {
        const bool fits =
            role.levels.empty() ||
            std::find(role.levels.begin(), role.levels.end(), name_of(all[i].level)) !=
                role.levels.end();
        if (fits) {
            result.push_back(&all[i]);
        }
        i = fits ? static_cast<std::size_t>(all[i].end) : i + 1;
    }
    return result;
}

http::Json set_up(const Shared& impl, http::Call& call, const Setup& body) {
    check_password("/password", body.password, *impl->passwords, {body.login, body.name});
    const auto tree = impl->areas.today();
    const auto& role = administrator(*impl->catalogue);
    const auto roots = tops(*tree, role);
    if (roots.empty()) {
        throw conflict("no_areas", "import the areas first: linli area import FILE");
    }
    // Counted by address before anything slow is done; the token itself cannot be guessed.
    impl->database.write_now([&](store::Tx& tx) {
        count_try(tx, "setup:" + call.request.peer, call.request.peer, call.now);
    });
    const auto hash = impl->hash_of(body.password);
    const auto account = impl->database.write_now([&](store::Tx& tx) {
        if (!use_token(tx, Purpose::setup, digest_of(body.token), call.now) || any_account(tx)) {
            throw forbidden(
                "setup_token_wrong",
                "the token is wrong, used or an hour old; start the server again for another"
            );
        }
        const auto id = create_account(tx, body.login, body.name, hash, call.now);
        store::append_change(tx, 0, change_of(call, "account", id, "set_up"));
        for (const auto* root : roots) {
            http::Grant wanted;
            wanted.role = role.name;
            wanted.area = root->id;
            grant(tx, *impl->catalogue, *tree, id, wanted, {}, call.now);
        }
        return id;
    });
    return impl->open_session(call, account, "setup:" + call.request.peer);
}

struct DemoAccount {
    std::string login, name, role;
    catalogue::Title role_title;
    std::string area_name, face;
    static constexpr auto fields = std::tuple{
        field("login", &DemoAccount::login),         field("name", &DemoAccount::name),
        field("role", &DemoAccount::role),           field("role_title", &DemoAccount::role_title),
        field("area_name", &DemoAccount::area_name), field("face", &DemoAccount::face)};
};
struct DemoAnswer {
    std::vector<DemoAccount> accounts;
    std::string password;
    static constexpr auto fields = std::tuple{
        field("accounts", &DemoAnswer::accounts), field("password", &DemoAnswer::password)};
};

DemoAnswer demo_accounts(const Shared& impl, http::Call& call) {
    constexpr store::Sql sql{"identity.demo_accounts", R"(
        SELECT a.login, a.name, g.role, g.area FROM identity_account a
          JOIN identity_grant g ON g.account = a.id AND g.ended_at = 0
         WHERE a.enabled = 1 AND a.demo = 1 ORDER BY a.id, g.id LIMIT 1000)"};
    if (!impl->settings.demo) {
        throw not_found("route");
    }
    const auto tree = impl->areas.today();
    DemoAnswer answer;
    answer.password = demo_password;
    call.tx().each(sql, [&](const store::Row& row) {
        const auto* role = impl->catalogue->role(row.text(2));
        const auto* node = tree->find({row.integer(3)});
        if (role && node &&
            (answer.accounts.empty() || answer.accounts.back().login != row.text(0))) {
            answer.accounts.push_back(
                {std::string(row.text(0)), std::string(row.text(1)), role->name, role->title,
                 std::string(node->name), role->face}
            );
        }
        return true;
    });
    return answer;
}

}  // namespace

void setup_routes(http::Router& r, const Shared& impl) {
    const auto open = http::Scope::open;
    r.get(
        "/api/setup", [](http::Call& call) { return Needed{!any_account(call.tx())}; }, "", open,
        "Whether the first administrator is still to be made"
    );
    r.post(
         "/api/setup",
         [impl](http::Call& call, const Setup& body) { return set_up(impl, call, body); }, "", open,
         "Make the first administrator with the one-time token"
    )
        .no_transaction()
        .no_csrf()
        .limit(4096);
    r.get(
        "/api/demo", [impl](http::Call& call) { return demo_accounts(impl, call); }, "", open,
        "Accounts to try, in demo mode alone"
    );
}

}  // namespace linli::identity
