// SPDX-License-Identifier: Apache-2.0
/// Giving and taking back roles: by the security administrator, in his areas, never to himself
/// (C12).
#include "identity/manage.hpp"

namespace linli::identity {

namespace {

using Shared = std::shared_ptr<Identity::Impl>;

struct NewGrant {
    std::string role;
    AreaId area;
    std::optional<UnitId> unit;
    bool head = false;
    static constexpr auto fields = std::tuple{
        field("role", &NewGrant::role, {.max = 60}), field("area", &NewGrant::area),
        field("unit", &NewGrant::unit), field("head", &NewGrant::head)};
};

/// Where the caller may grant this role. While nobody can grant, whoever manages accounts may
/// appoint the first who can.
std::vector<AreaId> grant_scope(
    const Shared& impl, store::Tx& tx, const http::Caller& caller, const std::string& role
) {
    if (caller.may(grant_manage)) {
        return impl->areas_with(caller, grant_manage);
    }
    if (caller.may(account_manage) && impl->role_has(role, grant_manage)) {
        for (const auto& one : impl->catalogue->roles()) {
            if (impl->role_has(one.name, grant_manage) && !holders_of(tx, one.name, {}).empty()) {
                throw forbidden("right_missing", "a security administrator grants roles");
            }
        }
        return impl->areas_with(caller, account_manage);
    }
    throw forbidden("right_missing", "this needs the right " + std::string(grant_manage));
}

AccountRow account_of(const Shared& impl, http::Call& call) {
    const auto id = call.id<Account>();
    const auto account = find_account(call.tx(), id);
    const auto scope = impl->areas_with(call.caller, account_read);
    if (!account || !seen(grants_of(call.tx(), id), scope, *impl->areas.today())) {
        throw not_found("account");
    }
    if (id == call.caller.account) {
        throw forbidden("own_grant", "nobody grants to himself");
    }
    return *account;
}

/// What the account holds is other by now: its sessions begin anew (C07, C08).
AccountAnswer changed(const Shared& impl, http::Call& call, AccountId id) {
    end_sessions(call.tx(), id, "", call.now);
    end_tokens(call.tx(), Purpose::reset, id, call.now);  // made by whoever could have used it
    end_tokens(call.tx(), Purpose::challenge, id, call.now);
    call.tx().after_commit([impl, id] { impl->forget(id); });
    return answer_of(call.tx(), *impl->areas.today(), find_account(call.tx(), id).value());
}

AccountAnswer add_grant(const Shared& impl, http::Call& call, const NewGrant& body) {
    call.need_step_up();
    const auto account = account_of(impl, call);
    const auto scope = grant_scope(impl, call.tx(), call.caller, body.role);
    if (!impl->covers(scope, body.area)) {
        throw forbidden("area_out_of_scope", "the area is outside of your own");
    }
    const http::Grant wanted{0, body.role, body.area, body.unit.value_or(UnitId{}), body.head};
    grant(
        call.tx(), *impl->catalogue, *impl->areas.today(), account.id, wanted, call.caller.account,
        call.now
    );
    return changed(impl, call, account.id);
}

AccountAnswer remove_grant(const Shared& impl, http::Call& call) {
    call.need_step_up();
    const auto account = account_of(impl, call);
    const auto row = find_grant(call.tx(), call.id<GrantRow>("grant").value);
    if (!row || row->account != account.id ||
        !impl->covers(impl->areas_with(call.caller, grant_manage), row->area)) {
        throw not_found("grant");
    }
    std::vector<std::string> lost{row->role};
    for (const auto& one : grants_of(call.tx(), account.id)) {
        if (one.id != row->id && one.role == row->role) {
            lost.clear();  // he holds the role elsewhere still
        }
    }
    keep_administrators(call.tx(), *impl->catalogue, account.id, lost);
    end_grant(call.tx(), *row, call.caller.account, call.now);
    return changed(impl, call, account.id);
}

}  // namespace

void grant_routes(http::Router& r, const Shared& impl) {
    r.post(
         "/api/accounts/{id}/grants",
         [impl](http::Call& call, const NewGrant& body) { return add_grant(impl, call, body); },
         account_read, http::Scope::area, "Grant a role over an area; the account's sessions end"
    )
        .id_fields({"path:id", "body:area", "body:unit"})
        .once_per_key();
    r.remove(
         "/api/accounts/{id}/grants/{grant}",
         [impl](http::Call& call) { return remove_grant(impl, call); }, grant_manage,
         http::Scope::area, "Take a role back; the account's sessions end"
    )
        .id_fields({"path:id", "path:grant"});
}

}  // namespace linli::identity
