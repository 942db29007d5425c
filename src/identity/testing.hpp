// SPDX-License-Identifier: Apache-2.0
#pragma once
/// For tests of this room: a small place with two counties under the repository's catalogue, its
/// server, and people who use it with a browser's cookies.
#include <map>
#include <sstream>
#include <stdexcept>

#include "area/import.hpp"
#include "area/routes.hpp"
#include "base/json.hpp"
#include "identity/identity.hpp"
#include "store/change.hpp"
#include "store/testing.hpp"

#ifndef LINLI_SOURCE_DIR
#define LINLI_SOURCE_DIR "."  // tests run in the root of the repository
#endif

namespace linli::identity::testing {

constexpr const char* place_sheet =
    "code,name,parent\n"
    "340000000000,安徽省,\n"
    "340500000000,马鞍山市,340000000000\n"
    "340503000000,花山区,340500000000\n"
    "340503001000,沙塘路街道,340503000000\n"
    "340503001001,甲社区,340503001000\n"
    "340503001002,乙社区,340503001000\n"
    "340503002000,解放路街道,340503000000\n"
    "340503002001,丙社区,340503002000\n"
    "340504000000,雨山区,340500000000\n"
    "340504001000,平湖街道,340504000000\n"
    "340504001001,丁社区,340504001000\n";

inline std::shared_ptr<const catalogue::Catalogue> repository_catalogue() {
    static const auto loaded = catalogue::load(std::string(LINLI_SOURCE_DIR) + "/catalogue");
    if (!loaded.catalogue) {
        throw std::runtime_error(catalogue::to_text(loaded.mistakes.at(0)));
    }
    return loaded.catalogue;
}

inline std::vector<store::SchemaStep> schema_steps() {
    auto steps = http::schema();
    for (const auto& room : {area::schema(), identity::schema()}) {
        steps.insert(steps.end(), room.begin(), room.end());
    }
    return steps;
}

constexpr const char* password = "correct horse";
inline const std::string& password_hash() {
    static const std::string hash = hash_password(password);
    return hash;
}

/// Administrators need no second factor.
inline Settings relaxed() {
    Settings settings;
    settings.second_factor = false;
    return settings;
}

struct Town {
    explicit Town(store::Engine engine = store::Engine::sqlite, Settings settings = relaxed())
        : database(engine, schema_steps()) {
        std::istringstream sheet(place_sheet);
        database->write_now([&](store::Tx& tx) {
            area::import_areas(tx, area::read_area_csv(sheet), *parse_date("2020-01-01"), false);
        });
        areas = std::make_unique<area::Areas>(*database, database.time());
        identity = std::make_unique<Identity>(
            *database, catalogue, *areas, database.random(),
            std::make_shared<const FieldCipher>(std::string(32, 'k')), settings
        );
        area::routes(router, *areas);
        identity->routes(router);
        server = std::make_unique<http::Server>(
            http::Settings{}, router, *database, database.time(), identity->identify(), streams
        );
    }
    ~Town() {
        server->stop();
        database->close();
    }

    Instant now() { return database.time().now(); }
    AreaId area(const std::string& code) const {
        const auto* node = areas->today()->find_code(code);
        return node ? node->id : AreaId{};
    }
    UnitId unit(const std::string& code, bool office = true) {
        UnitRow row;
        row.area = area(code);
        row.name = "单位" + code;
        row.kind = "community_office";
        row.office = office;
        return database->write_now([&](store::Tx& tx) { return create_unit(tx, row, now()); });
    }
    AccountId account(const std::string& login) {
        return database->write_now([&](store::Tx& tx) {
            return create_account(tx, login, "张三", password_hash(), now());
        });
    }
    std::int64_t give(
        AccountId to, const std::string& role, const std::string& code, UnitId of = {},
        bool head = false
    ) {
        const http::Grant wanted{0, role, area(code), of, head};
        const auto id = database->write_now([&](store::Tx& tx) {
            return grant(tx, *catalogue, *areas->today(), to, wanted, {}, now());
        });
        identity->forget(to);
        return id;
    }
    AccountId account(
        const std::string& login, const std::string& role, const std::string& code, UnitId of = {}
    ) {
        const auto id = account(login);
        give(id, role, code, of);
        return id;
    }
    http::Caller caller(AccountId id) {
        return database->read_now([&](store::Tx& tx) { return identity->caller_of(tx, id); });
    }

    std::shared_ptr<const catalogue::Catalogue> catalogue = repository_catalogue();
    store::testing::TestDatabase database;
    std::unique_ptr<area::Areas> areas;
    std::unique_ptr<Identity> identity;
    http::Router router;
    http::Streams streams;
    std::unique_ptr<http::Server> server;
};

struct Reply {
    int status = 0;
    Value body;
    std::string code() const { return body.text_or("code"); }
    /// The code of the first problem, or of the refusal.
    std::string refusal() const {
        const auto* problems = body.find("problems");
        const bool some = problems && problems->as_list() && !problems->as_list()->empty();
        return some ? problems->as_list()->front().text_or("code") : code();
    }
};

/// A person with a browser: keeps cookies and the csrf word.
class Person {
 public:
    explicit Person(Town& town, std::string address = "10.0.0.1")
        : m_town(&town), m_address(std::move(address)) {}

    Reply send(
        const std::string& method, const std::string& path, const Value& body = {},
        const std::string& version = {}
    ) {
        http::Request request;
        request.method = method;
        request.path = path;
        request.peer = m_address;
        request.id = "test";
        std::string jar;
        for (const auto& [name, value] : cookies) {
            jar += (jar.empty() ? "" : "; ") + name + "=" + value;
        }
        const auto add = [&](const char* name, const std::string& value) {
            if (!value.empty()) {
                request.headers.emplace_back(name, value);
            }
        };
        add("cookie", jar);
        add("x-csrf", csrf);
        add("if-match", version.empty() ? "" : "\"" + version + "\"");
        if (!body.is_null()) {
            request.body = to_json(body);
            add("content-type", "application/json");
        }
        const auto answer = m_town->server->serve(std::move(request));
        for (const auto& [name, value] : answer.headers) {
            if (name == "Set-Cookie") {
                keep(value);
            }
        }
        return {answer.status, answer.body.empty() ? Value() : parse_json(answer.body)};
    }
    Reply get(const std::string& path) { return send("GET", path); }
    Reply post(const std::string& path, const Value& body) { return send("POST", path, body); }

    Reply sign_in(const std::string& login, const std::string& with = password) {
        auto reply = post("/api/session", obj({{"login", login}, {"password", with}}));
        csrf = reply.status == 200 ? reply.body.text_or("csrf") : csrf;
        return reply;
    }
    Reply step_up() { return post("/api/session/step-up", obj({{"password", password}})); }

    std::map<std::string, std::string> cookies;
    std::string csrf, last_cookie;

 private:
    void keep(const std::string& cookie) {
        last_cookie = cookie;
        const auto equals = cookie.find('='), end = cookie.find(';');
        const auto name = cookie.substr(0, equals),
                   value = cookie.substr(equals + 1, end - equals - 1);
        value.empty() ? void(cookies.erase(name)) : void(cookies[name] = value);
    }
    Town* m_town;
    std::string m_address;
};

/// Administrators of the whole city, signed in and with the password given just now.
struct Offices {
    explicit Offices(Town& town) : system(town), security(town), auditor(town) {
        system_id = town.account("system", "system_admin", "340500000000");
        security_id = town.account("security", "security_admin", "340500000000");
        auditor_id = town.account("auditor", "auditor", "340500000000");
        for (auto& [person, login] :
             {std::pair(&system, "system"), {&security, "security"}, {&auditor, "auditor"}}) {
            person->sign_in(login);
            person->step_up();
        }
    }
    Person system, security, auditor;
    AccountId system_id, security_id, auditor_id;
};

inline std::string account_path(AccountId id, const std::string& more = {}) {
    return "/api/accounts/" + std::to_string(id.value) + more;
}

template <class F>
void in_each_town(F&& body, const Settings& settings = relaxed()) {
    for (const auto engine : store::testing::engines()) {
        Town town(engine, settings);
        body(town);
    }
}

}  // namespace linli::identity::testing
