// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <sstream>

#include "base/json.hpp"
#include "record/testing.hpp"

namespace linli::record::testing {

namespace {

std::vector<area::ImportRow> rows() {
    return {
        {"340000000000", "", "province", "", "安徽省", "", 0},
        {"340500000000", "340000000000", "city", "", "马鞍山市", "", 0},
        {"340503000000", "340500000000", "county", "", "花山区", "", 0},
        {"340503001000", "340503000000", "subdistrict", "", "沙塘路街道", "", 0},
        {"340503001001", "340503001000", "community", "", "桃花园社区", "", 0},
        {"340503001002", "340503001000", "community", "", "雨田社区", "", 0},
        {"340504000000", "340500000000", "county", "", "雨山区", "", 0},
        {"340504001000", "340504000000", "subdistrict", "", "平湖街道", "", 0},
        {"340504001001", "340504001000", "community", "", "湖东社区", "", 0}};
}

std::vector<store::SchemaStep> all_steps() {
    std::vector<store::SchemaStep> steps;
    for (auto list :
         {http::schema(), area::schema(), identity::schema(), flow::schema(), record::schema()}) {
        steps.insert(steps.end(), list.begin(), list.end());
    }
    return steps;
}

std::string text_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

std::shared_ptr<const catalogue::Catalogue> checked(catalogue::Loaded loaded) {
    std::string mistakes;
    for (const auto& mistake : loaded.mistakes) {
        mistakes += to_text(mistake) + "\n";
    }
    REQUIRE_MESSAGE(mistakes.empty(), mistakes);
    return loaded.catalogue;
}

}  // namespace

std::shared_ptr<const catalogue::Catalogue> shipped() {
    static const auto one = checked(catalogue::load(LINLI_SOURCE_DIR "/catalogue"));
    return one;
}

std::shared_ptr<const catalogue::Catalogue> with_files(
    const std::map<std::string, std::string>& files
) {
    auto all = files;
    for (const char* name :
         {"core/roles.yaml", "calendars/national.yaml", "calendars/always.yaml"}) {
        all.emplace(name, text_of(std::filesystem::path(LINLI_SOURCE_DIR "/catalogue") / name));
    }
    return checked(catalogue::load_files(all));
}

std::string Reply::problems() const {
    std::string text;
    const auto* list = json.find("problems");
    for (const auto& problem : list && list->as_list() ? *list->as_list() : Value::List{}) {
        text += (text.empty() ? "" : "; ") + problem.text_or("code") + " at " +
                problem.text_or("pointer");
    }
    return text;
}

World::World(store::Engine on, std::shared_ptr<const catalogue::Catalogue> of)
    : db(on, all_steps()), catalogue(std::move(of)) {
    static std::atomic<int> number = 0;
    folder = std::filesystem::temp_directory_path() /
             ("linli-record-" + std::to_string(getpid()) + "-" + std::to_string(++number));
    std::filesystem::create_directories(folder);
    const auto today = official_date(db.time().now());
    tx([&](store::Tx& t) {
        const auto report = area::import_areas(t, rows(), today + -1000, false);
        REQUIRE(report.problems.empty());
        record::apply(t, *catalogue);
    });
    areas = std::make_unique<area::Areas>(*db, db.time());
    tx([&](store::Tx& t) {
        area::Version grid;
        grid.from = today + -900;
        grid.code = "340503001001001";
        grid.name = "第一网格";
        grid.level = area::Level::grid;
        grid.parent = area("340503001001");
        area::add_area(t, grid);
        auto compound = grid;
        compound.level = area::Level::compound;
        compound.code = "T1";
        compound.name = "桃花源小区";
        area::add_area(t, compound);
    });
    areas->reload();
    flow = std::make_unique<flow::Flow>(catalogue, *areas);
    blobs = std::make_unique<store::Blobs>(folder);
    const auto cipher = std::make_shared<const FieldCipher>(std::string(32, 'k'));
    const Parts parts{catalogue, *areas, *flow, *blobs, cipher};
    core = std::make_unique<Core>(parts);
    engine = std::make_unique<Engine>(parts);
    engine->routes(router);
    const http::Identify identify =
        [this](const http::Request& request, store::Database&, Instant) {
            const auto* login = request.header("x-login");
            return login ? callers.at(*login) : http::Caller{};
        };
    server =
        std::make_unique<http::Server>(http::Settings{}, router, *db, db.time(), identify, streams);
}

World::~World() {
    server.reset();
    std::filesystem::remove_all(folder);
}

AreaId World::area(const std::string& code) const {
    const auto* node = areas->today()->find_code(code);
    REQUIRE_MESSAGE(node, code);
    return node->id;
}

void World::account(
    const std::string& login, const std::string& role, const std::string& code, UnitId unit
) {
    auto& caller = callers[login];
    if (!caller.account) {
        caller.account = tx([&](store::Tx& t) {
            return identity::create_account(t, login, login + "的名字", "", db.time().now());
        });
        caller.name = login + "的名字";
    }
    caller.grants.push_back(
        {static_cast<std::int64_t>(caller.grants.size()) + 1, role, area(code), unit, false}
    );
    const auto* known = catalogue->role(role);
    REQUIRE(known);
    caller.rights.insert(caller.rights.end(), known->rights.begin(), known->rights.end());
    std::sort(caller.rights.begin(), caller.rights.end());
}

UnitId World::unit(const std::string& name, const std::string& code, bool office) {
    identity::UnitRow row;
    row.area = area(code);
    row.name = name;
    row.kind = "other";
    row.office = office;
    return tx([&](store::Tx& t) { return identity::create_unit(t, row, db.time().now()); });
}

Reply World::raw(
    const std::string& login, const std::string& method, const std::string& target,
    const std::string& body, std::vector<std::pair<std::string, std::string>> headers
) {
    http::Request request;
    request.method = method;
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    for (const auto part : question == std::string::npos
                               ? std::vector<std::string_view>{}
                               : split(std::string_view(target).substr(question + 1), '&')) {
        const auto equal = part.find('=');
        request.query.emplace_back(
            part.substr(0, equal), equal == std::string_view::npos ? "" : part.substr(equal + 1)
        );
    }
    request.headers = std::move(headers);
    if (!login.empty()) {
        request.headers.emplace_back("x-login", login);
    }
    request.body = body;
    request.id = "r" + std::to_string(++requests);
    auto answer = server->serve(std::move(request));
    Reply reply;
    reply.status = answer.status;
    reply.body = answer.kept ? *answer.kept : std::move(answer.body);
    while (answer.stream) {
        const auto piece = answer.stream();
        if (piece.empty()) {
            break;
        }
        reply.body += piece;
    }
    for (const auto& [name, value] : answer.headers) {
        reply.headers[name] = value;
    }
    if (answer.type.find("json") != std::string::npos && !reply.body.empty()) {
        reply.json = parse_json(reply.body, {8 << 20, 64, 10'000});
        reply.code = reply.status >= 400 ? reply.json.text_or("code") : "";
    }
    return reply;
}

Reply World::call(
    const std::string& login, const std::string& method, const std::string& target,
    const Value& body, std::vector<std::pair<std::string, std::string>> headers
) {
    if (!body.is_null()) {
        headers.emplace_back("content-type", "application/json");
    }
    return raw(login, method, target, body.is_null() ? "" : to_json(body), std::move(headers));
}

Reply World::file(
    const std::string& login, const std::string& kind, const std::string& code, Value fields
) {
    auto reply = call(
        login, "POST", "/api/records/" + kind,
        obj({{"area", area_id(code)}, {"fields", std::move(fields)}}),
        {{"idempotency-key", "key-" + std::to_string(requests)}}
    );
    REQUIRE_MESSAGE(reply.status == 201, reply.body);
    return reply;
}

std::string World::path(const Reply& record) {
    return "/api/records/" + record.text("kind") + "/" + record.text("id");
}

Reply World::act(
    const std::string& login, const Reply& record, const std::string& action, const Value& body
) {
    return call(
        login, "POST", path(record) + "/actions/" + action, body,
        {{"if-match", "\"" + record.version() + "\""},
         {"idempotency-key", "act-" + std::to_string(requests)}}
    );
}

Reply World::patch(const std::string& login, const Reply& record, const Value& fields) {
    return call(
        login, "PATCH", path(record), obj({{"fields", fields}}),
        {{"if-match", "\"" + record.version() + "\""}}
    );
}

Reply World::read(const std::string& login, const Reply& record) {
    return get(login, path(record));
}

void World::index() {
    store::Sealer sealer(*db, db.time());
    sealer.seal_all();
    store::Follower follower(*db, sealer, "search", engine->indexer());
    follower.catch_up();
}

}  // namespace linli::record::testing
