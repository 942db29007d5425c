// SPDX-License-Identifier: Apache-2.0
#include "identity/identity.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"
#include "identity/impl.hpp"

namespace linli::identity {

namespace {

constexpr std::int64_t cache_ms = 900;  // with the way of an answer less than a second (C08)
constexpr std::int64_t seen_write_ms = minute_ms;

class Permit {
 public:
    explicit Permit(std::counting_semaphore<4>& of) : m_of(of) { m_of.acquire(); }
    ~Permit() { m_of.release(); }
    Permit(const Permit&) = delete;
    Permit& operator=(const Permit&) = delete;

 private:
    std::counting_semaphore<4>& m_of;
};

}  // namespace

std::string_view cookie(const http::Request& request, std::string_view name) {
    const auto* header = request.header("cookie");
    for (auto one : split(header ? std::string_view(*header) : std::string_view(), ';')) {
        one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
        if (one.size() > name.size() && one.substr(0, name.size()) == name &&
            one[name.size()] == '=') {
            return one.substr(name.size() + 1);
        }
    }
    return {};
}

store::Change change_of(
    const http::Call& call, const char* kind, AccountId about, const char* action
) {
    store::Change change;
    change.at = call.now;
    change.actor = call.caller.account;
    change.kind = kind;
    change.record = {about.value};
    change.action = action;
    change.request = call.request.id;
    return change;
}

bool Identity::Impl::role_has(const std::string& name, const std::string& right) const {
    const auto* role = catalogue->role(name);
    return role && std::find(role->rights.begin(), role->rights.end(), right) != role->rights.end();
}

std::string Identity::Impl::role_with(const http::Caller& caller, const std::string& right) const {
    for (const auto& grant : caller.grants) {
        if (role_has(grant.role, right)) {
            return grant.role;
        }
    }
    return {};
}

std::vector<AreaId> Identity::Impl::areas_with(const http::Caller& caller, const std::string& right)
    const {
    std::vector<AreaId> result;
    for (const auto& grant : caller.grants) {
        if (role_has(grant.role, right)) {
            result.push_back(grant.area);
        }
    }
    return result;
}

bool Identity::Impl::covers(const std::vector<AreaId>& scope, AreaId area) const {
    const auto tree = areas.today();
    return std::any_of(scope.begin(), scope.end(), [&](AreaId granted) {
        return tree->within(area, granted);
    });
}

bool Identity::Impl::right_password(const std::string& password, const std::string& hash) {
    const Permit permit(hashing);
    return verify_password(password, hash);
}

std::string Identity::Impl::hash_of(const std::string& password) {
    const Permit permit(hashing);
    return hash_password(password);
}

namespace {

/// The rights of all roles that the caller holds.
void add_rights(http::Caller& caller, const catalogue::Catalogue& catalogue) {
    caller.rights.clear();
    for (const auto& grant : caller.grants) {
        const auto& rights = catalogue.role(grant.role)->rights;
        caller.rights.insert(caller.rights.end(), rights.begin(), rights.end());
    }
    std::sort(caller.rights.begin(), caller.rights.end());
    caller.rights.erase(
        std::unique(caller.rights.begin(), caller.rights.end()), caller.rights.end()
    );
}

}  // namespace

std::string Identity::Impl::new_password(
    AccountId account, const std::string& pointer, const std::string& password
) {
    std::vector<std::string> words, last;
    database.read([&](store::Tx& tx) {
        words = words_about(tx, *areas.today(), account);
        last = last_passwords(tx, account, passwords->history);
    });
    check_password(pointer, password, *passwords, words);
    for (const auto& hash : last) {
        if (right_password(password, hash)) {
            throw invalid(
                pointer, "password_used",
                "the last " + std::to_string(passwords->history) + " passwords are not taken again"
            );
        }
    }
    return hash_of(password);
}

http::Caller Identity::Impl::caller_of(store::Tx& tx, const AccountRow& account) const {
    http::Caller caller;
    caller.account = account.id;
    caller.name = account.name;
    caller.person = account.person;
    for (auto& grant : grants_of(tx, account.id)) {
        if (catalogue->role(grant.role)) {
            caller.grants.push_back(std::move(grant));
        }
    }
    if (lacks_factor(tx, account.id, caller.grants)) {
        caller.grants.clear();  // holds nothing until the second factor is there (C10)
    }
    add_rights(caller, *catalogue);
    return caller;
}

SessionLimits Identity::Impl::limits_of(const http::Caller& caller) const {
    const bool staff =
        std::any_of(caller.grants.begin(), caller.grants.end(), [&](const auto& one) {
            const auto* role = catalogue->role(one.role);
            return role && role->staff;
        });
    return staff ? staff_limits : resident_limits;
}

void Identity::Impl::keep_seen(Known& one, const std::string& digest, Instant now) {
    one.session.seen_at = std::max(one.session.seen_at, now);
    if (now - one.seen_written_at < seen_write_ms) {
        return;
    }
    one.seen_written_at = now;
    try {
        database.write(
            [digest, now](store::Tx& tx) { see_session(tx, digest, now); },
            [](std::exception_ptr) {}  // the next minute tries again
        );
    } catch (const Refused&) {  // the queue is full: reading goes on
    }
}

http::Caller Identity::Impl::by_session(const std::string& digest, Instant now) {
    {
        const std::lock_guard lock(mutex);
        const auto found = known.find(digest);
        if (found != known.end() && now - found->second.read_at < cache_ms &&
            now >= found->second.read_at &&
            alive(found->second.session, found->second.limits, now)) {
            keep_seen(found->second, digest, now);
            return found->second.caller;
        }
    }
    Known fresh;
    const bool there = database.read_now([&](store::Tx& tx) {
        const auto session = find_session(tx, digest);
        const auto account = session ? find_account(tx, session->account) : std::nullopt;
        if (!account || !usable(*account)) {
            return false;
        }
        fresh.session = *session;
        fresh.caller = caller_of(tx, *account);
        return true;
    });
    fresh.limits = limits_of(fresh.caller);
    const std::lock_guard lock(mutex);
    const auto before = known.find(digest);
    if (before != known.end()) {  // what has been seen since it was last written
        fresh.session.seen_at = std::max(fresh.session.seen_at, before->second.session.seen_at);
    }
    if (!there || !alive(fresh.session, fresh.limits, now)) {
        known.erase(digest);
        return {};
    }
    fresh.caller.session = digest;
    fresh.caller.csrf = fresh.session.csrf;
    fresh.caller.stepped_up_until = fresh.session.stepped_up_until;
    fresh.read_at = now;
    fresh.seen_written_at =
        before != known.end() ? before->second.seen_written_at : fresh.session.seen_at;
    if (known.size() > 100'000) {
        known.clear();
    }
    auto& kept = known[digest] = std::move(fresh);
    keep_seen(kept, digest, now);
    return kept.caller;
}

http::Caller Identity::Impl::by_bearer(std::string_view word, bool changes, Instant now) {
    http::Caller caller;
    const auto digest = digest_of(word);
    std::optional<TokenRow> token;
    database.read([&](store::Tx& tx) {
        token = find_token(tx, Purpose::api, digest, now);
        const auto account = token ? find_account(tx, token->account) : std::nullopt;
        if (account && usable(*account)) {
            caller = caller_of(tx, *account);
        }
    });
    if (!caller.signed_in()) {
        throw unauthenticated("wrong_token", "the bearer token is not valid");
    }
    if (changes && token->read_only) {
        throw forbidden("token_read_only", "this token reads and changes nothing");
    }
    // What its owner holds now, and of that what the token was made for (C28).
    const auto carried = split(token->grants, ',');
    std::erase_if(caller.grants, [&](const auto& grant) {
        return std::find(carried.begin(), carried.end(), std::to_string(grant.id)) == carried.end();
    });
    add_rights(caller, *catalogue);
    caller.session = digest;
    caller.token = true;
    return caller;
}

http::Caller Identity::Impl::identify(const http::Request& request, Instant now) {
    constexpr std::string_view bearer = "Bearer ";
    const auto* authorization = request.header("authorization");
    if (authorization && authorization->compare(0, bearer.size(), bearer) == 0) {
        const bool changes = request.method != "GET" && request.method != "HEAD";
        return by_bearer(std::string_view(*authorization).substr(bearer.size()), changes, now);
    }
    const auto token = cookie(request, session_cookie);
    return token.empty() ? http::Caller{} : by_session(digest_of(token), now);
}

void Identity::Impl::forget(AccountId account) {
    {
        const std::lock_guard lock(mutex);
        std::erase_if(known, [&](const auto& one) { return one.second.caller.account == account; });
    }
    if (on_forget) {
        on_forget(account);
    }
}

void Identity::on_forget(std::function<void(AccountId)> f) {
    m_impl->on_forget = std::move(f);
}

Identity::Identity(
    store::Database& database, std::shared_ptr<const catalogue::Catalogue> catalogue,
    area::Areas& areas, RandomSource& random, std::shared_ptr<const FieldCipher> cipher,
    Settings settings
)
    : m_impl(std::make_shared<Impl>(
          database, std::move(catalogue), areas, random, std::move(cipher), std::move(settings)
      )) {
    if (!m_impl->passwords) {
        std::vector<std::string> known;
        for (const auto& profile : m_impl->catalogue->password_profiles()) {
            known.push_back(profile.name);
        }
        throw std::runtime_error(
            "there is no password profile " + m_impl->settings.password_profile +
            "; the catalogue has " + join(known, ", ")
        );
    }
}

Identity::~Identity() = default;

http::Identify Identity::identify() {
    return [impl = m_impl](const http::Request& request, store::Database&, Instant now) {
        return impl->identify(request, now);
    };
}

void Identity::routes(http::Router& router) {
    sign_in_routes(router, m_impl);
    session_routes(router, m_impl);
    factor_routes(router, m_impl);
    token_routes(router, m_impl);
    rescue_routes(router, m_impl);
    setup_routes(router, m_impl);
    account_routes(router, m_impl);
    grant_routes(router, m_impl);
    unit_routes(router, m_impl);
    area_routes(router, m_impl);
    view_routes(router, m_impl);
    audit_routes(router, m_impl);
}

std::string Identity::first_token(Instant now) {
    const auto token = new_token(m_impl->random);
    const bool needed = m_impl->database.write_now([&](store::Tx& tx) {
        if (any_account(tx)) {
            return false;
        }
        TokenRow row;
        row.created_at = now;
        row.expires_at = now + setup_token_ms;
        save_token(tx, Purpose::setup, digest_of(token), row);
        return true;
    });
    return needed ? token : std::string();
}

bool Identity::only_demo_accounts() {
    constexpr store::Sql sql{
        "identity.own_account", "SELECT id FROM identity_account WHERE demo = 0 LIMIT 1"};
    return !m_impl->settings.demo && m_impl->database.read_now([&](store::Tx& tx) {
        return any_account(tx) && !tx.one<AccountId>(sql);
    });
}

http::Caller Identity::caller_of(store::Tx& tx, AccountId id) const {
    const auto account = find_account(tx, id);
    if (!account) {
        throw not_found("account");
    }
    return m_impl->caller_of(tx, *account);
}

std::vector<AreaId> Identity::areas_with(const http::Caller& caller, const std::string& right)
    const {
    return m_impl->areas_with(caller, right);
}

void Identity::forget(AccountId account) {
    m_impl->forget(account);
}

}  // namespace linli::identity
