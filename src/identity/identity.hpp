// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Accounts, units, grants, sessions. Passwords are argon2id; session tokens are 256 random bits,
/// stored as a digest.
#include <optional>
#include <string>
#include <vector>

#include "area/area.hpp"
#include "base/crypto.hpp"
#include "catalogue/catalogue.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "identity/scope.hpp"

namespace linli::identity {

struct AccountRow {
    AccountId id;
    std::string login, name;
    bool enabled = true;
    RecordId person;
    Instant created_at;
    std::int64_t version = 1;
    bool demo = false;  ///< its password is public
    static constexpr auto fields = std::tuple{
        field("id", &AccountRow::id),
        field("login", &AccountRow::login, {.max = 60}),
        field("name", &AccountRow::name, {.max = 60}),
        field("enabled", &AccountRow::enabled),
        field("person", &AccountRow::person),
        field("created_at", &AccountRow::created_at),
        field("version", &AccountRow::version),
        field("demo", &AccountRow::demo)};
};
/// An organisation that works in the system. `kind` is a key of the list unit_kind; an office of an
/// area (community office, subdistrict office) takes what is filed there.
struct UnitRow {
    UnitId id;
    AreaId area;
    std::string name, kind;
    bool office = false;   ///< the office of its area
    std::string calendar;  ///< "" = the national one
    std::string phone;     ///< public contact
    bool enabled = true;
    std::int64_t version = 1;
    static constexpr auto fields = std::tuple{
        field("id", &UnitRow::id),
        field("area", &UnitRow::area),
        field("name", &UnitRow::name, {.max = 80}),
        field("kind", &UnitRow::kind, {.max = 60}),
        field("office", &UnitRow::office),
        field("calendar", &UnitRow::calendar, {.max = 60}),
        field("phone", &UnitRow::phone, {.max = 40}),
        field("enabled", &UnitRow::enabled),
        field("version", &UnitRow::version)};
};

/// Of every demo account; shown by GET /api/demo in demo mode alone, and of use there alone.
inline constexpr const char* demo_password = "linli-demo";

/// Below: functions on Tx for app (demo, command line) and for the rooms above.
AccountId create_account(
    store::Tx&, const std::string& login, const std::string& name, const std::string& password_hash,
    Instant now
);
/// From now on the account signs in in demo mode alone.
void mark_demo(store::Tx&, AccountId);
/// Throws `invalid` if the role's rules (levels, unit, excludes; C12) are broken.
std::int64_t grant(
    store::Tx&, const catalogue::Catalogue&, const area::Tree&, AccountId, const http::Grant&,
    AccountId by, Instant now
);
UnitId create_unit(store::Tx&, UnitRow, Instant now);
std::optional<UnitRow> find_unit(store::Tx&, UnitId);
std::optional<AccountRow> find_account(store::Tx&, AccountId);
/// The office that takes what is filed in an area: its own, else the nearest above; none if there
/// is none.
std::optional<UnitId> office_of(store::Tx&, const area::Tree&, AreaId);
/// Accounts that lead a unit.
std::vector<AccountId> heads_of(store::Tx&, UnitId);

struct Settings {
    bool demo = false, secure_cookies = false;
    std::string password_profile;  ///< "" = the one that the catalogue chooses
    int sessions = 5;           ///< of one account at once; the oldest ends. In the demo any number
    bool second_factor = true;  ///< roles that ask for one get it; in the demo never
};

/// Keeps callers of live sessions in memory for at most a second (C08); knows roles and rights.
class Identity {
 public:
    /// Throws std::runtime_error if there is no such password profile.
    Identity(
        store::Database&, std::shared_ptr<const catalogue::Catalogue>, area::Areas&, RandomSource&,
        std::shared_ptr<const FieldCipher>, Settings
    );
    ~Identity();
    http::Identify identify();
    /// Says in the log who named an id that is not there or not his, in what would have changed
    /// something (C19): by which route, not which id. Ten lines an account and minute.
    http::Remark remark();
    void routes(http::Router&);
    /// A one-time token for the first administrator if there is no account at all (C01); ""
    /// otherwise.
    std::string first_token(Instant now);
    /// Whether nobody can sign in for lack of demo mode: every account is one of the demo.
    bool only_demo_accounts();
    /// A Caller as if signed in: for tests, the demo and timers.
    http::Caller caller_of(store::Tx&, AccountId) const;
    /// Areas of the caller's grants whose role has a kernel right.
    std::vector<AreaId> areas_with(const http::Caller&, const std::string& right) const;
    /// Forget cached callers of an account (grants, password or state changed).
    void forget(AccountId);
    /// Called after that, from any thread: what else is kept of the account's callers. Set before
    /// the server starts.
    void on_forget(std::function<void(AccountId)>);

    struct Impl;

 private:
    std::shared_ptr<Impl> m_impl;
};

std::vector<store::SchemaStep> schema();

}  // namespace linli::identity
