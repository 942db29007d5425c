// SPDX-License-Identifier: Apache-2.0
/// Signing in: password, then a code if the account has a second factor; and a new password for one
/// whose time is over.
#include <algorithm>

#include "base/text.hpp"
#include "identity/factor.hpp"
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
struct SecondStep {
    std::string challenge, code;
    static constexpr auto fields = std::tuple{
        field("challenge", &SecondStep::challenge, {.max = 100}),
        field("code", &SecondStep::code, {.max = 40})};
};
struct Replacement {
    std::string login, password, new_password;
    std::optional<std::string> code;
    static constexpr auto fields = std::tuple{
        field("login", &Replacement::login, {.max = 200}),
        field("password", &Replacement::password, {.max = 200}),
        field("new", &Replacement::new_password, {.max = 200}),
        field("code", &Replacement::code, {.max = 40})};
};

/// Verified where there is no account, so that an unknown login takes as long as a known one (C06).
const std::string& password_of_nobody() {
    static const std::string hash = hash_password(to_hex(SystemRandom().bytes(16)));
    return hash;
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

struct Proof {
    Secret secret;
    std::string subject;  ///< under which guesses were counted
};

/// Throws unless login and password are right.
Proof check_login(
    Identity::Impl& impl, http::Call& call, const std::string& given, const std::string& password
) {
    const auto login = plain_login(given);
    const bool clear = clearing_due(impl);
    // Counted before it is evaluated, in a transaction of its own: parallel guesses cannot pass
    // together (C05).
    std::string subject;
    impl.database.write_now([&](store::Tx& tx) {
        if (clear) {
            clear_old(tx, call.now);
        }
        subject = subject_of(tx, login, cookie(call.request, device_cookie));
        count_try(tx, subject, call.request.peer, call.now);
    });
    const auto secret =
        impl.database.read_now([&](store::Tx& tx) { return find_secret(tx, login); });
    const bool known = secret && secret->password != no_password;
    const bool right =
        impl.right_password(password, known ? secret->password : password_of_nobody());
    if (!right || !known || !impl.usable(*secret)) {
        note_failure(impl, call, secret ? secret->account : AccountId{}, "sign_in_failed");
        throw unauthenticated("wrong_login", "login or password is wrong");
    }
    return {*secret, subject};
}

bool password_over(const Identity::Impl& impl, const Secret& secret, Instant now) {
    return !impl.settings.demo && expired(*impl.passwords, secret.set_at, now);
}

/// A word for the second step: good for five minutes, for this account, once (C10).
http::Json challenge(Identity::Impl& impl, http::Call& call, const Proof& proof) {
    const auto token = new_token(impl.random);
    impl.database.write_now([&](store::Tx& tx) {
        TokenRow row;
        row.account = proof.secret.account;
        row.created_at = call.now;
        row.expires_at = call.now + challenge_token_ms;
        save_token(tx, Purpose::challenge, digest_of(token), row);
        forget_tries(tx, proof.subject, call.request.peer);
    });
    http::Json answer;
    JsonWriter out(answer.text);
    out.begin_object();
    out.key("second_factor");
    out.text(token);
    out.end_object();
    return answer;
}

http::Json sign_in(const Shared& impl, http::Call& call, const SignIn& body) {
    const auto proof = check_login(*impl, call, body.login, body.password);
    const auto account = proof.secret.account;
    if (password_over(*impl, proof.secret, call.now)) {
        throw forbidden("password_expired", "the time of this password is over: choose a new one");
    }
    if (needs_rehash(proof.secret.password)) {
        const auto hash = impl->hash_of(body.password);
        impl->database.write_now([&](store::Tx& tx) { save_rehashed(tx, account, hash); });
    }
    const bool second =
        impl->database.read_now([&](store::Tx& tx) { return has_factor(tx, account); });
    return second ? challenge(*impl, call, proof)
                  : impl->open_session(call, account, proof.subject);
}

http::Json second_step(const Shared& impl, http::Call& call, const SecondStep& body) {
    const auto digest = digest_of(body.challenge);
    const Refused over =
        forbidden("challenge_over", "too much time has passed: begin with the password again");
    std::string subject;
    const auto token = impl->database.read_now([&](store::Tx& tx) {
        const auto found = find_token(tx, Purpose::challenge, digest, call.now);
        const auto account = found ? find_account(tx, found->account) : std::nullopt;
        if (account) {
            subject = "code:" + subject_of(tx, account->login, cookie(call.request, device_cookie));
        }
        return found;
    });
    if (!token) {
        throw over;
    }
    impl->check_code(call, token->account, subject, body.code);
    const bool first = impl->database.write_now([&](store::Tx& tx) {
        return use_token(tx, Purpose::challenge, digest, call.now);
    });
    if (!first) {
        throw over;
    }
    return impl->open_session(call, token->account, subject);
}

/// Whose password is over signs in with it once more, for nothing but a new one (C02).
http::Json replace_expired(const Shared& impl, http::Call& call, const Replacement& body) {
    const auto proof = check_login(*impl, call, body.login, body.password);
    const auto account = proof.secret.account;
    impl->database.write_now([&](store::Tx& tx) {
        forget_tries(tx, proof.subject, call.request.peer);  // what follows may take several tries
    });
    if (!password_over(*impl, proof.secret, call.now)) {
        throw conflict("password_not_expired", "change it in your account");
    }
    const auto hash = impl->new_password(account, "/new", body.new_password);
    if (impl->database.read_now([&](store::Tx& tx) { return has_factor(tx, account); })) {
        if (!body.code) {
            throw forbidden("second_factor_needed", "this account signs in with a code too");
        }
        impl->check_code(call, account, "code:" + proof.subject, *body.code);
    }
    impl->database.write_now([&](store::Tx& tx) {
        set_password(tx, account, hash, call.now);
        end_sessions(tx, account, "", call.now);
        auto change = change_of(call, "account", account, "change_password");
        change.actor = account;
        store::append_change(tx, 0, std::move(change));
        tx.after_commit([impl, account] { impl->forget(account); });
    });
    return impl->open_session(call, account, proof.subject);
}

}  // namespace

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
        // The demo's accounts are shared by whoever looks at it.
        if (!settings.demo && end_oldest_sessions(tx, account, settings.sessions, call.now)) {
            tx.after_commit([this, account] { forget(account); });
        }
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

void sign_in_routes(http::Router& r, const Shared& impl) {
    password_of_nobody();
    const auto open = http::Scope::open;
    r.post(
         "/api/session",
         [impl](http::Call& call, const SignIn& body) { return sign_in(impl, call, body); }, "",
         open, "Sign in; `second_factor` in the answer asks for the second step"
    )
        .no_transaction()
        .no_csrf()
        .limit(4096);
    r.post(
         "/api/session/second",
         [impl](http::Call& call, const SecondStep& body) { return second_step(impl, call, body); },
         "", open, "The second step of signing in: a code of the second factor"
    )
        .no_transaction()
        .no_csrf()
        .limit(4096);
    r.post(
         "/api/session/expired",
         [impl](http::Call& call, const Replacement& body) {
             return replace_expired(impl, call, body);
         },
         "", open, "Sign in with a password whose time is over, giving a new one"
    )
        .no_transaction()
        .no_csrf()
        .limit(4096);
}

}  // namespace linli::identity
