// SPDX-License-Identifier: Apache-2.0
#include "app/testing.hpp"

#include <unistd.h>

#include <atomic>
#include <charconv>
#include <stdexcept>

#include "base/text.hpp"
#include "http/target.hpp"
#include "identity/store.hpp"

namespace linli::app::testing {

namespace {

constexpr std::int64_t session_lasts_ms = 5 * minute_ms;

const Value& nothing() {
    static const Value value;
    return value;
}

void put(Headers& headers, const std::string& name, const std::string& value) {
    for (auto& [key, old] : headers) {
        if (key == name) {
            old = value;
            return;
        }
    }
    headers.emplace_back(name, value);
}

/// What is no ASCII as %XX, so that tests may write what people search for.
std::string encoded(const std::string& target) {
    std::string text;
    for (const char c : target) {
        const auto byte = static_cast<unsigned char>(c);
        text += byte < 0x80 ? std::string(1, c) : "%" + to_hex(std::string(1, c));
    }
    return text;
}

std::string drained(http::Answer& answer) {
    if (answer.kept) {
        return *answer.kept;
    }
    if (!answer.stream) {
        return std::move(answer.body);
    }
    std::string all;
    for (auto piece = answer.stream(); !piece.empty(); piece = answer.stream()) {
        all += piece;
    }
    return all;
}

Reply reply_of(http::Answer answer) {
    Reply reply;
    reply.status = answer.status;
    reply.body = drained(answer);
    reply.headers = answer.headers;
    put(reply.headers, "Content-Type", answer.type);
    if (answer.type.find("json") != std::string::npos && !reply.body.empty()) {
        reply.json = parse_json(reply.body, {.bytes = 64 << 20, .members = 1'000'000});
    }
    return reply;
}

}  // namespace

const Value& Reply::at(std::string_view path) const {
    const Value* value = &json;
    for (const auto part : split(path, '/')) {
        if (const auto* list = value->as_list()) {
            std::size_t index = 0;
            const auto read = std::from_chars(part.data(), part.data() + part.size(), index);
            value = read.ec == std::errc{} && index < list->size() ? &(*list)[index] : nullptr;
        } else {
            value = value->find(part);
        }
        if (!value) {
            return nothing();
        }
    }
    return *value;
}

std::string Reply::text(std::string_view path) const {
    const auto* text = at(path).as_text();
    return text ? *text : std::string();
}

std::int64_t Reply::number(std::string_view path) const {
    const auto* number = at(path).as_int();
    return number ? *number : -1;
}

std::size_t Reply::size(std::string_view path) const {
    const auto* list = at(path).as_list();
    return list ? list->size() : 0;
}

std::string Reply::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (http::same_word(key, name)) {
            return value;
        }
    }
    return {};
}

Reply Client::post(const std::string& target, const Value& body) const {
    return send("POST", target, to_json(body));
}

Reply Client::patch(const std::string& target, std::int64_t version, const Value& body) const {
    return send(
        "PATCH", target, to_json(body), {{"if-match", "\"" + std::to_string(version) + "\""}}
    );
}

Reply Client::act(
    const std::string& kind, const std::string& id, const std::string& action, const Value& body
) const {
    const auto path = "/api/records/" + kind + "/" + id;
    const auto version = std::to_string(get(path).version());
    return send(
        "POST", path + "/actions/" + action, to_json(body), {{"if-match", "\"" + version + "\""}}
    );
}

Reply Client::send(
    const std::string& method, const std::string& target, const std::string& body,
    const Headers& more
) const {
    return reply_of(answer(method, target, body, more));
}

std::shared_ptr<http::Listener> Client::listen() const {
    return answer("GET", "/api/stream", {}, {}).events;
}

http::Answer Client::answer(
    const std::string& method, const std::string& target, const std::string& body,
    const Headers& more
) const {
    http::Request request;
    request.method = method;
    request.path = encoded(target);
    request.body = body;
    request.peer = "127.0.0.1";
    put(request.headers, "host", "localhost");
    if (m_account) {
        const auto& session = m_app->session_of(m_account, m_stepped_up);
        put(request.headers, "cookie", "linli_session=" + session.cookie);
        put(request.headers, "x-csrf", session.csrf);
    }
    if (!body.empty()) {
        put(request.headers, "content-type", "application/json");
    }
    for (const auto* list : {&m_headers, &more}) {
        for (const auto& [name, value] : *list) {
            put(request.headers, name, value);
        }
    }
    std::erase_if(request.headers, [](const auto& header) { return header.second.empty(); });
    return (*m_app)->server().serve(std::move(request));
}

Client Client::with(const std::string& name, const std::string& value) const {
    auto result = *this;
    put(result.m_headers, name, value);
    return result;
}

Client Client::stepped_up() const {
    auto result = *this;
    result.m_stepped_up = true;
    return result;
}

TestApp::TestApp(TestOptions options)
    : time(*parse_instant("2025-05-08T01:00:00Z")),
      m_data(options.data.empty() ? fresh_folder("app") : options.data),
      m_own_data(options.data.empty()) {
    if (options.db.empty() && options.engine == store::Engine::postgres) {
        m_postgres = std::make_unique<store::testing::ScratchPostgres>();
    }
    Settings settings;
    settings.db = !options.db.empty() ? options.db : m_postgres ? m_postgres->url() : ":memory:";
    settings.data = m_data;
    settings.catalogue = options.catalogue.empty() ? catalogue_folder() : options.catalogue;
    settings.demo = options.demo;
    settings.identity.second_factor = options.second_factor;
    settings.http = options.http;
    settings.http.port = 0;
    settings.http.pace = options.pace;
    settings.store = options.store;
    settings.notify = options.notify;
    settings.store.unsafe_durability = !options.durable;
    m_app = std::make_unique<Application>(settings, time, m_random);
    make_areas(options.subdistricts);
    make_units();
    m_search = std::make_unique<store::Follower>(
        m_app->database(), m_app->sealer(), "search", m_app->records().indexer()
    );
    m_search->stop();
}

TestApp::~TestApp() {
    m_search.reset();
    m_app.reset();
    if (m_own_data) {
        std::error_code ignored;
        std::filesystem::remove_all(m_data, ignored);
    }
}

void TestApp::make_areas(int subdistricts) {
    std::vector<area::ImportRow> rows;
    const auto add = [&](const std::string& code, const std::string& parent, std::string name) {
        rows.push_back({code, parent, "", "", std::move(name), "", 0});
    };
    const auto padded = [](const std::string& code) {
        return code.size() < 12 ? code + std::string(12 - code.size(), '0') : code;
    };
    struct Spec {
        const char *province, *province_name, *city, *city_name;
        std::vector<std::pair<const char*, const char*>> counties;
    };
    const std::vector<Spec> specs{
        {"34", "安徽省", "3405", "马鞍山市", {{"340503", "花山区"}, {"340504", "雨山区"}}},
        {"33", "浙江省", "3303", "温州市", {{"330302", "鹿城区"}, {"330303", "龙湾区"}}}};
    add(padded("0"), "", "中国");
    for (const auto& spec : specs) {
        add(padded(spec.province), padded("0"), spec.province_name);
        add(padded(spec.city), padded(spec.province), spec.city_name);
        auto& city = m_cities.emplace_back();
        city.code = padded(spec.city);
        for (const auto& [code, name] : spec.counties) {
            add(padded(code), city.code, name);
            auto& county = city.counties.emplace_back();
            county.code = padded(code);
            for (int s = 1; s <= subdistricts; ++s) {
                auto& subdistrict = county.subdistricts.emplace_back();
                const auto stem = std::string(code) + "0" + (s < 10 ? "0" : "") + std::to_string(s);
                subdistrict.code = padded(stem);
                add(subdistrict.code, county.code, name + std::string("街道") + stem);
                for (int c = 1; c <= 2; ++c) {
                    auto& community = subdistrict.communities.emplace_back();
                    community.code = stem + "00" + std::to_string(c);
                    add(community.code, subdistrict.code, "社区" + community.code);
                    for (int g = 1; g <= 2; ++g) {
                        const auto grid = community.code + "00" + std::to_string(g);
                        add(grid, community.code, "网格" + grid);
                    }
                }
            }
        }
    }
    const auto today = official_date(time.now());
    const auto report = m_app->database().write_now([&](store::Tx& tx) {
        return area::import_areas(tx, rows, today, false);
    });
    if (!report.problems.empty()) {
        throw Refused(422, "test_areas_invalid", report.problems.front().detail, report.problems);
    }
    m_app->areas().reload();
}

void TestApp::make_units() {
    const auto tree = m_app->areas().today();
    const auto id_of = [&](const std::string& code) { return tree->find_code(code)->id; };
    m_country = id_of("000000000000");
    const std::vector<std::string> kinds{"urban_management", "housing", "public_security"};
    const auto now = time.now();
    m_app->database().write_now([&](store::Tx& tx) {
        const auto unit = [&](AreaId area, const std::string& kind, bool office) {
            identity::UnitRow row;
            row.area = area;
            row.kind = kind;
            row.office = office;
            row.name = std::string(tree->find(area)->name) + kind;
            row.phone = "0555-" + text_of(area);
            return identity::create_unit(tx, row, now);
        };
        for (auto& city : m_cities) {
            city.id = id_of(city.code);
            for (auto& county : city.counties) {
                county.id = id_of(county.code);
                county.departments.clear();
                for (const auto& kind : kinds) {
                    county.departments.push_back(unit(county.id, kind, false));
                }
                for (auto& subdistrict : county.subdistricts) {
                    subdistrict.id = id_of(subdistrict.code);
                    subdistrict.office = unit(subdistrict.id, "subdistrict_office", true);
                    for (auto& community : subdistrict.communities) {
                        community.id = id_of(community.code);
                        community.office = unit(community.id, "community_office", true);
                        community.grids.clear();
                        for (const auto* grid : tree->children(community.id)) {
                            community.grids.push_back(grid->id);
                        }
                        area::Version compound;
                        compound.from = tree->at();
                        compound.parent = community.id;
                        compound.level = area::Level::compound;
                        compound.code = community.code + "C1";
                        compound.name = "小区" + community.code;
                        community.compound = area::add_area(tx, compound);
                    }
                }
            }
        }
    });
    m_app->areas().reload();
}

const Community& TestApp::community(std::size_t i) const {
    return *communities().at(i);
}

std::vector<const Community*> TestApp::communities() const {
    std::vector<const Community*> all;
    for (const auto& city : m_cities) {
        for (const auto& county : city.counties) {
            for (const auto& subdistrict : county.subdistricts) {
                for (const auto& community : subdistrict.communities) {
                    all.push_back(&community);
                }
            }
        }
    }
    return all;
}

Client TestApp::client_of(AccountId account, const std::string& name) {
    Client client;
    client.m_app = this;
    client.m_account = account;
    client.m_name = name;
    return client;
}

Client TestApp::nobody() {
    return client_of({}, "nobody");
}

Client TestApp::as(const std::string& role, AreaId area, UnitId unit, bool head) {
    const auto* spec = m_app->catalogue().role(role);
    if (!spec) {
        throw std::invalid_argument("the catalogue has no role " + role);
    }
    if (spec->unit && !unit) {
        unit.value = integer(
            "SELECT id FROM identity_unit WHERE area = " + text_of(area) +
            " ORDER BY office DESC, id LIMIT 1"
        );
    }
    const auto name = role + "@" + std::string(m_app->areas().today()->find(area)->code) +
                      (unit ? "/" + text_of(unit) : "") + (head ? "/head" : "");
    return granted(name, {0, role, area, unit, head});
}

Client TestApp::other(const std::string& role, AreaId area, const std::string& called) {
    return granted(called, {0, role, area, {}, false});
}

Client TestApp::granted(const std::string& name, const http::Grant& grant) {
    const auto known = m_clients.find(name);
    if (known != m_clients.end()) {
        return known->second;
    }
    const auto tree = m_app->areas().today();
    const auto id = m_app->database().write_now([&](store::Tx& tx) {
        const auto made = identity::create_account(tx, name, name, "!", time.now());
        identity::grant(tx, m_app->catalogue(), *tree, made, grant, {}, time.now());
        return made;
    });
    return m_clients.emplace(name, client_of(id, name)).first->second;
}

AccountId TestApp::account(
    const std::string& login, const std::string& password, const std::string& role, AreaId area
) {
    const auto hash = hash_password(password);
    return m_app->database().write_now([&](store::Tx& tx) {
        const auto id = identity::create_account(tx, login, login, hash, time.now());
        if (!role.empty()) {
            http::Grant grant;
            grant.role = role;
            grant.area = area;
            identity::grant(
                tx, m_app->catalogue(), *m_app->areas().today(), id, grant, {}, time.now()
            );
        }
        return id;
    });
}

const TestApp::Session& TestApp::session_of(AccountId account, bool stepped_up) {
    constexpr store::Sql insert{"test.open_session", R"(
        INSERT INTO identity_session
               (id, digest, account, csrf, created_at, seen_at, stepped_up_until, ended_at, agent, address)
        VALUES ($1, $2, $3, $4, $5, $5, $6, 0, 'test', '127.0.0.1'))"};
    auto& session = m_sessions[{account, stepped_up}];
    if (!session.cookie.empty() && time.now() - session.made < session_lasts_ms) {
        return session;
    }
    session.cookie = to_hex(m_random.bytes(32));
    session.csrf = to_hex(m_random.bytes(16));
    session.made = time.now();
    const auto until = stepped_up ? time.now() + 2 * session_lasts_ms : Instant{};
    m_app->database().write_now([&](store::Tx& tx) {
        tx.run(
            insert, tx.new_id(0), to_hex(sha256(session.cookie)), account, session.csrf,
            session.made, until
        );
    });
    return session;
}

void TestApp::advance(std::int64_t ms, std::int64_t step) {
    const auto until = time.now() + ms;
    while (time.now() < until) {
        time.set(std::min(until, time.now() + step));
        while (m_app->scheduler().run_due(time.now()) > 0) {
        }
    }
}

void TestApp::index() {
    m_app->sealer().seal_all();
    m_search->catch_up();
}

void TestApp::tell() {
    m_app->sealer().seal_all();
    m_app->live().catch_up();
}

Reply TestApp::file_request(const Client& by, AreaId area, const Value& fields) {
    auto all = obj({{"category", "property_service"}, {"description", "楼道里的灯不亮了"}});
    if (const auto* given = fields.as_object()) {
        for (const auto& [name, value] : *given) {
            all.set(name, value);
        }
    }
    const auto reply =
        by.post("/api/records/request", obj({{"area", text_of(area)}, {"fields", all}}));
    if (reply.status != 201) {
        throw std::runtime_error(by.name() + " files a request: " + reply.body);
    }
    return reply;
}

std::int64_t TestApp::integer(const std::string& sql) {
    return m_app->database().read_now([&](store::Tx& tx) {
        std::int64_t found = -1;
        tx.each(store::Sql{"test." + sql, sql}, [&](const store::Row& row) {
            found = row.integer(0);
            return false;
        });
        return found;
    });
}

std::string TestApp::difference(
    const std::map<std::string, std::int64_t>& before,
    const std::map<std::string, std::int64_t>& after
) {
    std::string text;
    for (const auto& [table, rows] : after) {
        const auto was = before.count(table) ? before.at(table) : 0;
        const bool told = table != "identity_session" && table != "store_sequence" &&
                          table != "store_lease" && table != "store_head";
        if (rows != was && told) {
            text += table + " " + std::to_string(was) + " -> " + std::to_string(rows) + "; ";
        }
    }
    return text;
}

std::map<std::string, std::int64_t> TestApp::row_counts() {
    const bool lite = m_app->database().engine() == store::Engine::sqlite;
    const std::string tables =
        lite ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' "
               "AND name NOT LIKE '%\\_fts%' ESCAPE '\\' ORDER BY name"
             : "SELECT table_name FROM information_schema.tables WHERE table_schema = "
               "current_schema() ORDER BY table_name";
    std::vector<std::string> names;
    m_app->database().read([&](store::Tx& tx) {
        tx.each(store::Sql{"test.tables", tables}, [&](const store::Row& row) {
            names.emplace_back(row.text(0));
            return true;
        });
    });
    std::map<std::string, std::int64_t> counts;
    for (const auto& name : names) {
        counts[name] = integer("SELECT COUNT(*) FROM \"" + name + "\"");
    }
    counts["store_change"] -= integer("SELECT COUNT(*) FROM store_change WHERE action = 'refused'");
    return counts;
}

std::filesystem::path catalogue_folder() {
    for (auto at = std::filesystem::current_path(); at.has_relative_path(); at = at.parent_path()) {
        if (std::filesystem::exists(at / "catalogue" / "core")) {
            return at / "catalogue";
        }
    }
    throw std::runtime_error("run the tests from inside the repository");
}

ExtraKind::ExtraKind(const std::string& name) : folder(fresh_folder("catalogue")) {
    namespace fs = std::filesystem;
    const auto from = catalogue_folder();
    fs::copy(from, folder, fs::copy_options::recursive);
    fs::create_directories(folder / "core" / name);
    const auto file = name + ".yaml";
    fs::copy_file(from.parent_path() / "tests" / "kinds" / file, folder / "core" / name / file);
}

ExtraKind::~ExtraKind() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
}

std::filesystem::path fresh_folder(const std::string& called) {
    static std::atomic<int> made{0};
    const auto folder =
        std::filesystem::temp_directory_path() /
        ("linli_" + called + "_" + std::to_string(getpid()) + "_" + std::to_string(++made));
    std::filesystem::create_directories(folder);
    return folder;
}

}  // namespace linli::app::testing
