// SPDX-License-Identifier: Apache-2.0
#pragma once
/// For tests of the whole server: an Application over a database of its own, a clock that stands
/// still, a small tree of two cities, and clients that are already signed in. Requests go through
/// everything but the socket.
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/application.hpp"
#include "base/json.hpp"
#include "http/stream.hpp"
#include "store/testing.hpp"

namespace linli::app::testing {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Reply {
    int status = 0;
    std::string body;
    Headers headers;
    Value json;  ///< null if the body is no JSON

    bool ok() const { return status >= 200 && status < 300; }
    /// The code of the problem document; "" if it is none.
    std::string refusal() const { return json.text_or("code"); }
    /// "records/0/id"; null if there is no such member.
    const Value& at(std::string_view path) const;
    std::string text(std::string_view path) const;
    std::int64_t number(std::string_view path) const;  ///< -1 if it is none
    std::size_t size(std::string_view path) const;     ///< of a list; 0 if it is none
    std::string header(std::string_view name) const;   ///< "" if absent
    std::int64_t version() const { return number("version"); }
};

class TestApp;

/// One signed-in account, or nobody. Cheap to copy; lives no longer than its TestApp.
class Client {
 public:
    Reply get(const std::string& target) const { return send("GET", target); }
    Reply post(const std::string& target, const Value& body = obj({})) const;
    Reply remove(const std::string& target) const { return send("DELETE", target); }
    Reply patch(const std::string& target, std::int64_t version, const Value& body) const;
    /// An action of a record, at the version that the record has now.
    Reply act(
        const std::string& kind, const std::string& id, const std::string& action,
        const Value& body = obj({})
    ) const;
    /// Anything; `body` as it is sent, `target` percent-encoded where it is no ASCII. Cookie, CSRF
    /// proof and, with a body, the type are added unless `more` says otherwise ("" leaves a header
    /// out).
    Reply send(
        const std::string& method, const std::string& target, const std::string& body = {},
        const Headers& more = {}
    ) const;
    /// The same client with a header on every request.
    Client with(const std::string& name, const std::string& value) const;
    /// What /api/stream tells this client from now on.
    std::shared_ptr<http::Listener> listen() const;
    /// Whose password was just given again (C11).
    Client stepped_up() const;

    AccountId account() const { return m_account; }
    const std::string& name() const { return m_name; }

 private:
    friend class TestApp;
    http::Answer answer(
        const std::string& method, const std::string& target, const std::string& body,
        const Headers& more
    ) const;
    TestApp* m_app = nullptr;
    AccountId m_account;
    std::string m_name;
    Headers m_headers;
    bool m_stepped_up = false;
};

struct Community {
    AreaId id;
    std::string code;
    UnitId office;
    std::vector<AreaId> grids;
    AreaId compound;
};
struct Subdistrict {
    AreaId id;
    std::string code;
    UnitId office;
    std::vector<Community> communities;
};
struct County {
    AreaId id;
    std::string code;
    std::vector<Subdistrict> subdistricts;
    std::vector<UnitId> departments;
};
struct City {
    AreaId id;
    std::string code;
    std::vector<County> counties;
};

struct TestOptions {
    store::Engine engine = store::Engine::sqlite;
    std::filesystem::path catalogue;  ///< "" = that of the repository
    std::string db;                   ///< "" = a fresh one of the engine
    std::filesystem::path data;       ///< "" = a fresh folder, removed at the end
    int subdistricts = 2;             ///< of a county; each has two communities with two grids
    bool demo = false;
    bool durable = false;        ///< waits for the disk as in service
    bool second_factor = false;  ///< asked of administrators as in service
    http::Settings http = {};
    double pace = 0;  ///< a test asks more than a person, at one instant
    store::Options store = {};
    notify::Settings notify = {};
};

class TestApp {
 public:
    explicit TestApp(TestOptions options = {});
    ~TestApp();
    TestApp(const TestApp&) = delete;
    TestApp& operator=(const TestApp&) = delete;

    Application& operator*() { return *m_app; }
    Application* operator->() { return m_app.get(); }

    /// An account that holds one role over an area; the same for the same arguments. A role that
    /// needs a unit gets `unit`, else the office of the area, else its first department.
    Client as(const std::string& role, AreaId area, UnitId unit = {}, bool head = false);
    /// Another account than `as` gives for the same role and area.
    Client other(const std::string& role, AreaId area, const std::string& called);
    Client nobody();
    /// An account that can sign in by login and password; without grants if `role` is empty.
    AccountId account(
        const std::string& login, const std::string& password, const std::string& role, AreaId area
    );
    Client client_of(AccountId account, const std::string& name);

    /// Lets the clock run and what happens by itself happen, in steps.
    void advance(std::int64_t ms, std::int64_t step = hour_ms);
    /// Seals the log and brings the full-text index up to date.
    void index();
    /// Seals the log and tells open streams what is new.
    void tell();
    /// Files a request; `fields` replaces what the test does not mention. Throws if it is refused.
    Reply file_request(const Client& by, AreaId area, const Value& fields = {});

    /// Rows of every table of the database, by name; lines about refusals (C19) are no effect.
    std::map<std::string, std::int64_t> row_counts();
    /// What differs, in words, leaving out sessions of the tests' own making, the sealer's work and
    /// numbers that were drawn (gaps are fine); "" = nothing.
    static std::string difference(
        const std::map<std::string, std::int64_t>& before,
        const std::map<std::string, std::int64_t>& after
    );
    /// The first column of the first row, as an integer.
    std::int64_t integer(const std::string& sql);

    const City& city(std::size_t i = 0) const { return m_cities.at(i); }
    const std::vector<City>& cities() const { return m_cities; }
    const Community& community(std::size_t i = 0) const;  ///< counted through all counties
    std::vector<const Community*> communities() const;
    AreaId country() const { return m_country; }
    const std::filesystem::path& data() const { return m_data; }
    store::testing::ScratchPostgres* postgres() { return m_postgres.get(); }

    ManualTime time;

 private:
    friend class Client;
    struct Session {
        std::string cookie, csrf;
        Instant made;
        bool stepped_up = false;
    };
    const Session& session_of(AccountId account, bool stepped_up);
    Client granted(const std::string& name, const http::Grant& grant);
    void make_areas(int subdistricts);
    void make_units();

    SeededRandom m_random{7};
    std::filesystem::path m_data;
    bool m_own_data = true;
    std::unique_ptr<store::testing::ScratchPostgres> m_postgres;
    std::unique_ptr<Application> m_app;
    std::unique_ptr<store::Follower> m_search;
    AreaId m_country;
    std::vector<City> m_cities;
    std::map<std::string, Client> m_clients;
    std::map<std::pair<AccountId, bool>, Session> m_sessions;
};

/// Runs `body(TestApp&)` on each engine that can be tested here.
template <class F>
void on_each_app(F&& body, TestOptions options = {}) {
    for (const auto engine : store::testing::engines()) {
        options.engine = engine;
        TestApp app(options);
        body(app);
    }
}

/// The folder of the catalogue in the repository that the tests are run from.
std::filesystem::path catalogue_folder();
/// A copy of the catalogue with one kind more: tests/kinds/<name>.yaml.
struct ExtraKind {
    explicit ExtraKind(const std::string& name);
    ~ExtraKind();
    ExtraKind(const ExtraKind&) = delete;
    ExtraKind& operator=(const ExtraKind&) = delete;
    std::filesystem::path folder;
};
/// A fresh folder below the system's temporary one; the caller removes it.
std::filesystem::path fresh_folder(const std::string& called);
inline std::string text_of(std::int64_t id) {
    return std::to_string(id);
}
template <class T>
std::string text_of(Id<T> id) {
    return std::to_string(id.value);
}

}  // namespace linli::app::testing
