// SPDX-License-Identifier: Apache-2.0
/// When somebody cannot get in: an administrator makes a link for a new password (C13) or takes a
/// lost second factor away (C10). He learns neither; whoever holds the link needs the second factor
/// still.
#include "identity/factor.hpp"
#include "identity/manage.hpp"

namespace linli::identity {

namespace {

using Shared = std::shared_ptr<Identity::Impl>;

struct ResetToken {
    std::string token;
    Instant expires_at;
    static constexpr auto fields = std::tuple{
        field("token", &ResetToken::token), field("expires_at", &ResetToken::expires_at)};
};
struct Reset {
    std::string token, password;
    static constexpr auto fields = std::tuple{
        field("token", &Reset::token, {.max = 100}),
        field("password", &Reset::password, {.max = 200})};
};

/// Who could sign in as the other would hold both their roles (C12).
AccountRow helped(const Shared& impl, http::Call& call) {
    call.need_step_up();
    const auto account = account_under(*impl, call, call.tx(), account_manage);
    if (apart(*impl->catalogue, call.caller.grants, grants_of(call.tx(), account.id))) {
        throw forbidden(
            "administrators_apart", "who could sign in as the other would hold both roles"
        );
    }
    return account;
}

void note(const Shared& impl, http::Call& call, AccountId about, const char* action) {
    auto change = change_of(call, "account", about, action);
    change.role = impl->role_with(call.caller, account_manage);
    store::append_change(call.tx(), 0, std::move(change));
}

ResetToken make_reset(const Shared& impl, http::Call& call) {
    const auto account = helped(impl, call);
    const ResetToken answer{new_token(impl->random), call.now + reset_token_ms};
    TokenRow row;
    row.account = account.id;
    row.created_at = call.now;
    row.expires_at = answer.expires_at;
    save_token(call.tx(), Purpose::reset, digest_of(answer.token), row);
    note(impl, call, account.id, "offer_reset");
    return answer;
}

AccountAnswer take_factor(const Shared& impl, http::Call& call) {
    const auto account = helped(impl, call);
    const auto id = account.id;
    if (!remove_factor(call.tx(), id)) {
        throw not_found("factor");
    }
    end_sessions(call.tx(), id, "", call.now);
    note(impl, call, id, "remove_factor");
    call.tx().after_commit([impl, id] { impl->forget(id); });
    return answer_of(call.tx(), *impl->areas.today(), account);
}

/// Signs nobody in: the second factor is asked for where it always is.
void reset(const Shared& impl, http::Call& call, const Reset& body) {
    const auto digest = digest_of(body.token);
    const Refused over = forbidden("reset_over", "the link is used or older than 15 minutes");
    impl->database.write_now([&](store::Tx& tx) {
        count_try(tx, "reset:" + digest, call.request.peer, call.now);
    });
    const auto token = impl->database.read_now([&](store::Tx& tx) {
        return find_token(tx, Purpose::reset, digest, call.now);
    });
    if (!token) {
        throw over;
    }
    const auto id = token->account;
    const auto hash = impl->new_password(id, "/password", body.password);
    impl->database.write_now([&](store::Tx& tx) {
        if (!use_token(tx, Purpose::reset, digest, call.now)) {
            throw over;
        }
        set_password(tx, id, hash, call.now);
        end_sessions(tx, id, "", call.now);
        end_tokens(tx, Purpose::challenge, id, call.now);
        end_tokens(tx, Purpose::api, id, call.now);
        forget_tries(tx, "reset:" + digest, call.request.peer);
        auto change = change_of(call, "account", id, "reset_password");
        change.actor = id;
        store::append_change(tx, 0, std::move(change));
        tx.after_commit([impl, id] { impl->forget(id); });
    });
}

}  // namespace

void rescue_routes(http::Router& r, const Shared& impl) {
    r.post(
         "/api/accounts/{id}/reset", [impl](http::Call& call) { return make_reset(impl, call); },
         account_manage, http::Scope::area,
         "A word that lets the account's owner make a password, once, within 15 minutes"
    )
        .id_fields({"path:id"});
    r.remove(
         "/api/accounts/{id}/factor", [impl](http::Call& call) { return take_factor(impl, call); },
         account_manage, http::Scope::area, "Take a lost second factor away; sessions end"
    )
        .id_fields({"path:id"});
    r.post(
         "/api/session/reset",
         [impl](http::Call& call, const Reset& body) { reset(impl, call, body); }, "",
         http::Scope::open, "Make a password with the word of an administrator; sessions end"
    )
        .no_transaction()
        .no_csrf()
        .limit(4096);
}

}  // namespace linli::identity
