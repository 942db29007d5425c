// SPDX-License-Identifier: Apache-2.0
/// Tokens of programs (C28): they carry some of their owner's grants as long as he holds them.
#include <algorithm>

#include "base/text.hpp"
#include "identity/manage.hpp"

namespace linli::identity {

namespace {

using Shared = std::shared_ptr<Identity::Impl>;
constexpr std::size_t most_tokens = 20;

struct TokenAnswer {
    Id<TokenRow> id;
    std::string name;
    std::vector<Id<GrantTag>> grants;
    bool read_only = false;
    Instant created_at, expires_at;
    static constexpr auto fields = std::tuple{
        field("id", &TokenAnswer::id),
        field("name", &TokenAnswer::name),
        field("grants", &TokenAnswer::grants),
        field("read_only", &TokenAnswer::read_only),
        field("created_at", &TokenAnswer::created_at),
        field("expires_at", &TokenAnswer::expires_at)};
};
struct TokensAnswer {
    std::vector<TokenAnswer> tokens;
    static constexpr auto fields = std::tuple{field("tokens", &TokensAnswer::tokens)};
};
struct NewToken {
    std::string name;
    std::int64_t days = 0;
    std::vector<Id<GrantTag>> grants;
    bool read_only = false;
    static constexpr auto fields = std::tuple{
        field("name", &NewToken::name, {.max = 60}),
        field("days", &NewToken::days, {.least = 1, .most = 366}),
        field("grants", &NewToken::grants, {.max = 50}), field("read_only", &NewToken::read_only)};
};
/// The word is shown this once.
struct MadeToken {
    Id<TokenRow> id;
    std::string token;
    Instant expires_at;
    static constexpr auto fields = std::tuple{
        field("id", &MadeToken::id), field("token", &MadeToken::token),
        field("expires_at", &MadeToken::expires_at)};
};

TokensAnswer tokens_of(http::Call& call, AccountId account) {
    TokensAnswer answer;
    for (const auto& row : api_tokens_of(call.tx(), account, call.now)) {
        TokenAnswer one{{row.id}, row.name, {}, row.read_only, row.created_at, row.expires_at};
        for (const auto id : split(row.grants, ',')) {
            std::int64_t number = 0;
            if (parse_id(id, number)) {
                one.grants.push_back({number});
            }
        }
        answer.tokens.push_back(std::move(one));
    }
    return answer;
}

/// "1,2,3"; throws unless the caller holds them all.
std::string carried(const http::Call& call, const std::vector<Id<GrantTag>>& grants) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < grants.size(); ++i) {
        const auto& held = call.caller.grants;
        const auto has = [&](const auto& one) { return one.id == grants[i].value; };
        if (std::none_of(held.begin(), held.end(), has)) {
            throw invalid(
                "/grants/" + std::to_string(i), "unknown_grant", "you hold no such grant"
            );
        }
        ids.push_back(std::to_string(grants[i].value));
    }
    if (ids.empty()) {
        throw invalid("/grants", "required", "a token carries one of your grants at least");
    }
    return join(ids, ",");
}

MadeToken make_token(const Shared& impl, http::Call& call, const NewToken& body) {
    call.need_step_up();
    const auto account = call.caller.account;
    if (api_tokens_of(call.tx(), account, call.now).size() >= most_tokens) {
        throw conflict("too_many_tokens", "end one of your tokens first");
    }
    TokenRow row;
    row.account = account;
    row.name = tidy(body.name);
    row.grants = carried(call, body.grants);
    row.read_only = body.read_only;
    row.created_at = call.now;
    row.expires_at = call.now + body.days * day_ms;
    if (row.name.empty()) {
        throw invalid("/name", "required", "a token says what it is for");
    }
    MadeToken made{{}, new_token(impl->random), row.expires_at};
    made.id.value = save_token(call.tx(), Purpose::api, digest_of(made.token), row);
    auto change = change_of(call, "account", account, "make_token");
    change.detail = row.name;
    store::append_change(call.tx(), 0, std::move(change));
    return made;
}

void end_token(const Shared& impl, http::Call& call, AccountId account, std::int64_t id) {
    if (!end_api_token(call.tx(), account, id, call.now)) {
        throw not_found("token");
    }
    store::append_change(call.tx(), 0, change_of(call, "account", account, "end_token"));
    call.tx().after_commit([impl, account] { impl->forget(account); });  // its streams end
}

}  // namespace

void token_routes(http::Router& r, const Shared& impl) {
    const auto self = http::Scope::self;
    r.get(
        "/api/account/tokens",
        [](http::Call& call) { return tokens_of(call, call.caller.account); }, "", self,
        "Own tokens of programs"
    );
    r.post(
         "/api/account/tokens",
         [impl](http::Call& call, const NewToken& body) { return make_token(impl, call, body); },
         "", self, "Make a token that carries some of one's grants; it is shown this once"
    )
        .id_fields({"body:grants"})
        .created()
        .limit(4096);
    r.remove(
         "/api/account/tokens/{id}",
         [impl](http::Call& call) {
             end_token(impl, call, call.caller.account, call.id<TokenRow>().value);
         },
         "", self, "End an own token"
    )
        .id_fields({"path:id"});
    r.get(
         "/api/accounts/{id}/tokens",
         [impl](http::Call& call) {
             return tokens_of(call, account_under(*impl, call, call.tx(), session_manage).id);
         },
         session_manage, http::Scope::area, "Tokens of an account's programs"
    )
        .id_fields({"path:id"});
    r.remove(
         "/api/accounts/{id}/tokens/{token}",
         [impl](http::Call& call) {
             const auto of = account_under(*impl, call, call.tx(), session_manage);
             end_token(impl, call, of.id, call.id<TokenRow>("token").value);
         },
         session_manage, http::Scope::area, "End a token of another"
    )
        .id_fields({"path:id", "path:token"});
}

}  // namespace linli::identity
