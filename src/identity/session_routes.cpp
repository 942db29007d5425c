// SPDX-License-Identifier: Apache-2.0
/// Signing out, giving the password again, own sessions and those of others.
#include <algorithm>

#include "base/text.hpp"
#include "identity/manage.hpp"

namespace linli::identity {

namespace {

using Shared = std::shared_ptr<Identity::Impl>;

struct Password {
    std::optional<std::string> password, code;
    static constexpr auto fields = std::tuple{
        field("password", &Password::password, {.max = 200}),
        field("code", &Password::code, {.max = 40})};
};
struct NewPassword {
    std::string old_password, new_password;
    static constexpr auto fields = std::tuple{
        field("old", &NewPassword::old_password, {.max = 200}),
        field("new", &NewPassword::new_password, {.max = 200})};
};
struct SteppedUp {
    Instant stepped_up_until;
    static constexpr auto fields =
        std::tuple{field("stepped_up_until", &SteppedUp::stepped_up_until)};
};
struct SessionAnswer {
    Id<SessionRow> id;
    Instant created_at, seen_at;
    std::string agent;
    bool current = false;
    static constexpr auto fields = std::tuple{
        field("id", &SessionAnswer::id), field("created_at", &SessionAnswer::created_at),
        field("seen_at", &SessionAnswer::seen_at), field("agent", &SessionAnswer::agent),
        field("current", &SessionAnswer::current)};
};
struct SessionsAnswer {
    std::vector<SessionAnswer> sessions;
    static constexpr auto fields = std::tuple{field("sessions", &SessionsAnswer::sessions)};
};

/// The password of the caller himself, counted like a sign-in. Returns the subject of the count.
void check_own_password(Identity::Impl& impl, http::Call& call, const std::string& password) {
    const auto subject = "own:" + std::to_string(call.caller.account.value);
    impl.database.write_now([&](store::Tx& tx) {
        count_try(tx, subject, call.request.peer, call.now);
    });
    const auto secret =
        impl.database.read_now([&](store::Tx& tx) { return find_secret(tx, call.caller.account); });
    if (!secret || !impl.right_password(password, secret->password)) {
        note_failure(impl, call, call.caller.account, "step_up_failed");
        throw forbidden("wrong_password", "the password is wrong");
    }
    impl.database.write_now([&](store::Tx& tx) { forget_tries(tx, subject, call.request.peer); });
}

SteppedUp step_up(const Shared& impl, http::Call& call, const Password& body) {
    const auto account = call.caller.account;
    if (body.code) {
        impl->check_code(call, account, "own_code:" + std::to_string(account.value), *body.code);
    } else {
        check_own_password(*impl, call, body.password.value_or(""));
    }
    const auto token = new_token(impl->random);
    const auto until = call.now + step_up_ms;
    impl->database.write_now([&](store::Tx& tx) {
        renew(*impl, tx, call, token, until);
        store::append_change(tx, 0, change_of(call, "session", account, "step_up"));
    });
    set_session_cookie(*impl, call, token);
    return {until};
}

void change_password(const Shared& impl, http::Call& call, const NewPassword& body) {
    check_own_password(*impl, call, body.old_password);
    const auto account = call.caller.account;
    const auto hash = impl->new_password(account, "/new", body.new_password);
    const auto token = new_token(impl->random);
    impl->database.write_now([&](store::Tx& tx) {
        set_password(tx, account, hash, call.now);
        end_sessions(tx, account, call.caller.session, call.now);
        renew(*impl, tx, call, token, call.now + step_up_ms);
        store::append_change(tx, 0, change_of(call, "account", account, "change_password"));
    });
    set_session_cookie(*impl, call, token);
}

void sign_out(const Shared& impl, http::Call& call) {
    const auto session = find_session(call.tx(), call.caller.session);
    if (session) {
        end_session(call.tx(), session->id, call.now);
        store::append_change(
            call.tx(), 0, change_of(call, "session", call.caller.account, "sign_out")
        );
    }
    const auto account = call.caller.account;
    call.tx().after_commit([impl, account] { impl->forget(account); });
    call.header("Set-Cookie", cookie_text(*impl, session_cookie, "", "/", 0));
}

SessionsAnswer sessions_alive(const Shared& impl, http::Call& call, const http::Caller& of) {
    const auto limits = impl->limits_of(of);
    SessionsAnswer answer;
    for (const auto& row : sessions_of(call.tx(), of.account)) {
        if (alive(row, limits, call.now)) {
            answer.sessions.push_back(
                {{row.id},
                 row.created_at,
                 row.seen_at,
                 row.agent,
                 row.digest == call.caller.session}
            );
        }
    }
    return answer;
}

void end_session_of(const Shared& impl, http::Call& call, AccountId account, std::int64_t id) {
    const auto all = sessions_of(call.tx(), account);
    const bool found =
        std::any_of(all.begin(), all.end(), [&](const auto& row) { return row.id == id; });
    if (!found) {
        throw not_found("session");
    }
    end_session(call.tx(), id, call.now);
    store::append_change(call.tx(), 0, change_of(call, "session", account, "end_session"));
    call.tx().after_commit([impl, account] { impl->forget(account); });
}

}  // namespace

std::string cookie_text(
    const Identity::Impl& impl, const char* name, const std::string& value, const char* path,
    std::int64_t ms
) {
    return std::string(name) + "=" + value + "; Path=" + path +
           "; Max-Age=" + std::to_string(ms / second_ms) + "; HttpOnly; SameSite=Lax" +
           (impl.settings.secure_cookies ? "; Secure" : "");
}

void note_failure(Identity::Impl& impl, http::Call& call, AccountId about, const char* action) {
    impl.database.write_now([&](store::Tx& tx) {
        auto change = change_of(call, "session", about, action);
        change.detail = "from " + call.request.peer;
        store::append_change(tx, 0, std::move(change));
    });
}

void renew(
    Identity::Impl& impl, store::Tx& tx, http::Call& call, const std::string& token, Instant until
) {
    if (call.caller.csrf.empty()) {
        throw forbidden("session_needed", "a bearer token has no session");
    }
    renew_session(tx, call.caller.session, digest_of(token), until);
    const auto account = call.caller.account;
    tx.after_commit([&impl, account] { impl.forget(account); });
}

void set_session_cookie(const Identity::Impl& impl, http::Call& call, const std::string& token) {
    call.header(
        "Set-Cookie",
        cookie_text(impl, session_cookie, token, "/", impl.limits_of(call.caller).absolute_ms)
    );
}

void session_routes(http::Router& r, const Shared& impl) {
    const auto self = http::Scope::self;
    r.get(
        "/api/me", [impl](http::Call& call) { return impl->me(call.tx(), call.caller); }, "", self,
        "Who is signed in, and what he may do"
    );
    r.remove(
        "/api/session", [impl](http::Call& call) { sign_out(impl, call); }, "", self, "Sign out"
    );
    r.post(
         "/api/session/step-up",
         [impl](http::Call& call, const Password& body) { return step_up(impl, call, body); }, "",
         self, "Give the password again, or a code of the second factor, for what needs it"
    )
        .no_transaction()
        .limit(4096);
    r.get(
        "/api/sessions",
        [impl](http::Call& call) { return sessions_alive(impl, call, call.caller); }, "", self,
        "Own sessions"
    );
    r.remove(
         "/api/sessions/{id}",
         [impl](http::Call& call) {
             end_session_of(impl, call, call.caller.account, call.id<SessionRow>().value);
         },
         "", self, "End an own session"
    )
        .id_fields({"path:id"});
    r.get(
         "/api/accounts/{id}/sessions",
         [impl](http::Call& call) {
             const auto of = account_under(*impl, call, call.tx(), session_manage);
             return sessions_alive(impl, call, impl->caller_of(call.tx(), of));
         },
         session_manage, http::Scope::area, "Where an account is signed in"
    )
        .id_fields({"path:id"});
    r.remove(
         "/api/accounts/{id}/sessions/{session}",
         [impl](http::Call& call) {
             const auto of = account_under(*impl, call, call.tx(), session_manage);
             end_session_of(impl, call, of.id, call.id<SessionRow>("session").value);
         },
         session_manage, http::Scope::area, "End a session of another"
    )
        .id_fields({"path:id", "path:session"});
    r.post(
         "/api/account/password",
         [impl](http::Call& call, const NewPassword& body) { change_password(impl, call, body); },
         "", self, "Change the own password; other sessions end"
    )
        .no_transaction()
        .limit(4096);
}

}  // namespace linli::identity
