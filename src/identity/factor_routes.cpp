// SPDX-License-Identifier: Apache-2.0
/// One's own second factor (C10): offered as a secret, counting once a code of it was given.
#include <algorithm>

#include "base/text.hpp"
#include "identity/factor.hpp"
#include "identity/impl.hpp"

namespace linli::identity {

namespace {

using Shared = std::shared_ptr<Identity::Impl>;
constexpr int recovery_codes = 10;

struct FactorAnswer {
    bool confirmed = false, needed = false;
    std::int64_t recovery_left = 0;
    static constexpr auto fields = std::tuple{
        field("confirmed", &FactorAnswer::confirmed), field("needed", &FactorAnswer::needed),
        field("recovery_left", &FactorAnswer::recovery_left)};
};
struct FactorOffer {
    std::string secret, uri;
    static constexpr auto fields =
        std::tuple{field("secret", &FactorOffer::secret), field("uri", &FactorOffer::uri)};
};
struct Code {
    std::string code;
    static constexpr auto fields = std::tuple{field("code", &Code::code, {.max = 40})};
};
struct RecoveryCodes {
    std::vector<std::string> recovery_codes;
    static constexpr auto fields =
        std::tuple{field("recovery_codes", &RecoveryCodes::recovery_codes)};
};

std::string context_of(AccountId account) {
    return "identity_factor/" + std::to_string(account.value);
}

FactorAnswer show_factor(const Shared& impl, http::Call& call) {
    auto& tx = call.tx();
    const auto account = call.caller.account;
    const auto grants = grants_of(tx, account);
    const bool confirmed = has_factor(tx, account);
    return {confirmed, impl->needs_factor(grants), confirmed ? recovery_left(tx, account) : 0};
}

FactorOffer offer(const Shared& impl, http::Call& call) {
    call.need_step_up();
    if (impl->settings.demo) {
        throw forbidden("demo_account", "the accounts of the demo are shared");
    }
    const auto account = call.caller.account;
    const auto secret = impl->random.bytes(20);
    const auto sealed = to_hex(impl->cipher->seal(secret, context_of(account)));
    if (!offer_factor(call.tx(), account, sealed, call.now)) {
        throw conflict("factor_there", "there is a second factor already: remove it first");
    }
    const auto row = find_account(call.tx(), account).value();
    return {base32(secret), totp_uri(secret, row.login)};
}

/// Codes of 80 random bits, in groups of four.
std::vector<std::string> new_recovery_codes(RandomSource& random) {
    std::vector<std::string> codes;
    for (int i = 0; i < recovery_codes; ++i) {
        auto code = base32(random.bytes(10));
        for (const std::size_t at : {12, 8, 4}) {
            code.insert(at, "-");
        }
        codes.push_back(std::move(code));
    }
    return codes;
}

/// Blanks, lines and letter case as people type them make no difference.
std::string digest_of_recovery(const std::string& code) {
    std::string plain;
    for (const char c : code) {
        if (c != ' ' && c != '-') {
            plain += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        }
    }
    return digest_of(plain);
}

/// From here on the account has what its roles ask for: the session goes on under a new token.
RecoveryCodes confirm(const Shared& impl, http::Call& call, const Code& body) {
    const auto account = call.caller.account;
    if (impl->database.read_now([&](store::Tx& tx) { return has_factor(tx, account); })) {
        throw conflict("factor_there", "there is a second factor already: remove it first");
    }
    impl->check_code(call, account, "own_code:" + std::to_string(account.value), body.code);
    RecoveryCodes answer{new_recovery_codes(impl->random)};
    std::vector<std::string> digests;
    for (const auto& code : answer.recovery_codes) {
        digests.push_back(digest_of_recovery(code));
    }
    const auto token = new_token(impl->random);
    impl->database.write_now([&](store::Tx& tx) {
        confirm_factor(tx, account, digests, call.now);
        end_sessions(tx, account, call.caller.session, call.now);
        renew(*impl, tx, call, token, call.now + step_up_ms);
        store::append_change(tx, 0, change_of(call, "account", account, "add_factor"));
    });
    set_session_cookie(*impl, call, token);
    return answer;
}

void remove(const Shared& impl, http::Call& call) {
    call.need_step_up();
    const auto account = call.caller.account;
    if (impl->needs_factor(grants_of(call.tx(), account))) {
        throw conflict("factor_needed", "a role of this account asks for a second factor");
    }
    if (!remove_factor(call.tx(), account)) {
        throw not_found("factor");
    }
    store::append_change(call.tx(), 0, change_of(call, "account", account, "remove_factor"));
}

}  // namespace

bool Identity::Impl::needs_factor(const std::vector<http::Grant>& grants) const {
    const bool asked = std::any_of(grants.begin(), grants.end(), [&](const auto& grant) {
        const auto* role = catalogue->role(grant.role);
        return role && role->second_factor;
    });
    return asked && settings.second_factor && !settings.demo;
}

bool Identity::Impl::lacks_factor(
    store::Tx& tx, AccountId account, const std::vector<http::Grant>& grants
) const {
    return needs_factor(grants) && !has_factor(tx, account);
}

void Identity::Impl::check_code(
    http::Call& call, AccountId account, const std::string& subject, const std::string& code
) {
    database.write_now([&](store::Tx& tx) { count_try(tx, subject, call.request.peer, call.now); });
    const bool right = database.write_now([&](store::Tx& tx) {
        const auto factor = find_factor(tx, account);
        if (!factor) {
            return false;
        }
        const auto secret = cipher->open(from_hex(factor->secret), context_of(account));
        const auto step = totp_step(secret, code, call.now);
        const bool taken = step ? take_step(tx, account, *step)
                                : use_recovery(tx, account, digest_of_recovery(code), call.now);
        if (taken) {
            forget_tries(tx, subject, call.request.peer);
        }
        return taken;
    });
    if (!right) {
        note_failure(*this, call, account, "code_failed");
        throw forbidden("wrong_code", "the code is wrong, used or too old");
    }
}

void factor_routes(http::Router& r, const Shared& impl) {
    const auto self = http::Scope::self;
    r.get(
        "/api/account/factor", [impl](http::Call& call) { return show_factor(impl, call); }, "",
        self, "Whether one has a second factor, and needs one"
    );
    r.post(
        "/api/account/factor", [impl](http::Call& call) { return offer(impl, call); }, "", self,
        "A secret for one's authenticator; it counts once it is confirmed"
    );
    r.post(
         "/api/account/factor/confirm",
         [impl](http::Call& call, const Code& body) { return confirm(impl, call, body); }, "", self,
         "Confirm the second factor by a code; recovery codes are shown this once"
    )
        .no_transaction()
        .limit(4096);
    r.remove(
        "/api/account/factor", [impl](http::Call& call) { remove(impl, call); }, "", self,
        "Do without a second factor, where no role asks for one"
    );
}

}  // namespace linli::identity
