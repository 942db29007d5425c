// SPDX-License-Identifier: Apache-2.0
/// Signing in and out, giving the password again, own sessions.
#include <algorithm>

#include "base/text.hpp"
#include "identity/impl.hpp"

namespace linli::identity {

namespace {

using Shared = std::shared_ptr<Identity::Impl>;

struct SignIn {
    std::string login, password;
    static constexpr auto fields = std::tuple{
        field("login", &SignIn::login, {.max = 200}),
        field("password", &SignIn::password, {.max = 200})};
};
struct Password {
    std::string password;
    static constexpr auto fields = std::tuple{field("password", &Password::password, {.max = 200})};
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

/// Verified where there is no account, so that an unknown login takes as long as a known one (C06).
const std::string& password_of_nobody() {
    static const std::string hash = hash_password(to_hex(SystemRandom().bytes(16)));
    return hash;
}

std::string cookie_text(
    const Identity::Impl& impl, const char* name, const std::string& value, const char* path,
    std::int64_t ms
) {
    return std::string(name) + "=" + value + "; Path=" + path +
           "; Max-Age=" + std::to_string(ms / second_ms) + "; HttpOnly; SameSite=Lax" +
           (impl.secure ? "; Secure" : "");
}

std::string agent_of(const http::Request& request) {
    const auto* agent = request.header("user-agent");
    return agent ? tidy(std::string_view(*agent).substr(0, 200)) : std::string();
}

/// Guesses are counted by login, known or not; from a device on which the owner has signed in
/// before, by that device.
std::string subject_of(store::Tx& tx, const std::string& login, std::string_view device) {
    const auto of_login = digest_of(login);
    const auto secret = find_secret(tx, login);
    const auto digest = digest_of(device);
    const bool known = known_device(tx, digest, secret ? secret->account : AccountId{});
    return known && !device.empty() ? "device:" + digest + ":" + of_login : "login:" + of_login;
}

/// Now and then, what no longer matters goes.
bool clearing_due(Identity::Impl& impl) {
    const std::lock_guard lock(impl.mutex);
    impl.tries = (impl.tries + 1) % 256;
    return impl.tries == 0;
}

void note_failure(Identity::Impl& impl, http::Call& call, AccountId about, const char* action) {
    impl.database.write_now([&](store::Tx& tx) {
        auto change = change_of(call, "session", about, action);
        change.detail = "from " + call.request.peer;
        store::append_change(tx, 0, std::move(change));
    });
}

http::Json sign_in(const Shared& impl, http::Call& call, const SignIn& body) {
    const auto login = plain_login(body.login);
    const auto device = cookie(call.request, device_cookie);
    const bool clear = clearing_due(*impl);
    // Counted before it is evaluated, in a transaction of its own: parallel guesses cannot pass
    // together (C05).
    std::string subject;
    impl->database.write_now([&](store::Tx& tx) {
        if (clear) {
            clear_old(tx, call.now);
        }
        subject = subject_of(tx, login, device);
        count_try(tx, subject, call.request.peer, call.now);
    });
    const auto secret =
        impl->database.read_now([&](store::Tx& tx) { return find_secret(tx, login); });
    const bool right =
        impl->right_password(body.password, secret ? secret->password : password_of_nobody());
    if (!right || !secret || !impl->usable(*secret)) {
        note_failure(*impl, call, secret ? secret->account : AccountId{}, "sign_in_failed");
        throw unauthenticated("wrong_login", "login or password is wrong");
    }
    if (needs_rehash(secret->password)) {
        const auto hash = impl->hash_of(body.password);
        impl->database.write_now([&](store::Tx& tx) { save_rehashed(tx, secret->account, hash); });
    }
    return impl->open_session(call, secret->account, subject);
}

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

/// The session goes on under a new token (C07).
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

SteppedUp step_up(const Shared& impl, http::Call& call, const Password& body) {
    check_own_password(*impl, call, body.password);
    const auto token = new_token(impl->random);
    const auto until = call.now + step_up_ms;
    impl->database.write_now([&](store::Tx& tx) {
        renew(*impl, tx, call, token, until);
        store::append_change(tx, 0, change_of(call, "session", call.caller.account, "step_up"));
    });
    set_session_cookie(*impl, call, token);
    return {until};
}

void change_password(const Shared& impl, http::Call& call, const NewPassword& body) {
    check_own_password(*impl, call, body.old_password);
    const auto account = impl->database.read_now([&](store::Tx& tx) {
        return find_account(tx, call.caller.account).value();
    });
    check_password("/new", body.new_password, account.login);
    const auto hash = impl->hash_of(body.new_password);
    const auto token = new_token(impl->random);
    impl->database.write_now([&](store::Tx& tx) {
        set_password(tx, account.id, hash, call.now);
        end_sessions(tx, account.id, call.caller.session, call.now);
        renew(*impl, tx, call, token, call.now + step_up_ms);
        store::append_change(tx, 0, change_of(call, "account", account.id, "change_password"));
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

SessionsAnswer list_sessions(const Shared& impl, http::Call& call) {
    const auto limits = impl->limits_of(call.caller);
    SessionsAnswer answer;
    for (const auto& row : sessions_of(call.tx(), call.caller.account)) {
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

void end_own_session(const Shared& impl, http::Call& call) {
    const auto id = call.id<SessionRow>().value;
    const auto mine = sessions_of(call.tx(), call.caller.account);
    const bool found =
        std::any_of(mine.begin(), mine.end(), [&](const auto& row) { return row.id == id; });
    if (!found) {
        throw not_found("session");
    }
    end_session(call.tx(), id, call.now);
    store::append_change(
        call.tx(), 0, change_of(call, "session", call.caller.account, "end_session")
    );
    const auto account = call.caller.account;
    call.tx().after_commit([impl, account] { impl->forget(account); });
}

}  // namespace

void check_password(
    const std::string& pointer, const std::string& password, const std::string& login
) {
    const auto length = characters(password);
    if (length < 8 || length > 128) {
        throw invalid(pointer, "password_length", "a password has 8 to 128 characters");
    }
    if (plain_login(password) == login ||
        password.find_first_not_of(password[0]) == std::string::npos) {
        throw invalid(pointer, "password_weak", "this password is guessed at once; choose another");
    }
}

http::Json Identity::Impl::open_session(
    http::Call& call, AccountId account, const std::string& subject
) {
    const auto token = new_token(random);
    const auto old_device = cookie(call.request, device_cookie);
    const auto device =
        old_device.size() == token.size() ? std::string(old_device) : new_token(random);
    auto answer = database.write_now([&](store::Tx& tx) {
        const auto row = find_account(tx, account);
        if (!row || !usable(*row)) {
            throw unauthenticated("wrong_login", "login or password is wrong");
        }
        SessionRow session;
        session.digest = digest_of(token);
        session.account = account;
        session.csrf = to_base64url(random.bytes(18));
        session.created_at = session.seen_at = call.now;
        session.agent = agent_of(call.request);
        session.address = call.request.peer;
        save_session(tx, session);
        forget_tries(tx, subject, call.request.peer);
        know_device(tx, digest_of(device), account, call.now);
        call.caller = caller_of(tx, *row);
        call.caller.session = session.digest;
        call.caller.csrf = session.csrf;
        auto change = change_of(call, "session", account, "sign_in");
        change.detail = "from " + call.request.peer;
        store::append_change(tx, 0, std::move(change));
        return me(tx, call.caller);
    });
    set_session_cookie(*this, call, token);
    call.header(
        "Set-Cookie", cookie_text(*this, device_cookie, device, "/api/session", 400 * day_ms)
    );
    return answer;
}

void session_routes(http::Router& r, const Shared& impl) {
    password_of_nobody();
    const auto self = http::Scope::self;
    r.get(
        "/api/me", [impl](http::Call& call) { return impl->me(call.tx(), call.caller); }, "", self,
        "Who is signed in, and what he may do"
    );
    r.post(
         "/api/session",
         [impl](http::Call& call, const SignIn& body) { return sign_in(impl, call, body); }, "",
         http::Scope::open, "Sign in"
    )
        .no_transaction()
        .no_csrf()
        .limit(4096);
    r.remove(
        "/api/session", [impl](http::Call& call) { sign_out(impl, call); }, "", self, "Sign out"
    );
    r.post(
         "/api/session/step-up",
         [impl](http::Call& call, const Password& body) { return step_up(impl, call, body); }, "",
         self, "Give the password again, for what needs it"
    )
        .no_transaction()
        .limit(4096);
    r.get(
        "/api/sessions", [impl](http::Call& call) { return list_sessions(impl, call); }, "", self,
        "Own sessions"
    );
    r.remove(
         "/api/sessions/{id}", [impl](http::Call& call) { end_own_session(impl, call); }, "", self,
         "End an own session"
    )
        .id_fields({"path:id"});
    r.post(
         "/api/account/password",
         [impl](http::Call& call, const NewPassword& body) { change_password(impl, call, body); },
         "", self, "Change the own password; other sessions end"
    )
        .no_transaction()
        .limit(4096);
}

}  // namespace linli::identity
