// SPDX-License-Identifier: Apache-2.0
#pragma once
/// For tests: two counties of one city, a kind with a flow, counters over it, and the routes of
/// this room without a socket.
#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/text.hpp"
#include "http/server.hpp"
#include "identity/identity.hpp"
#include "measure/measure.hpp"
#include "measure/testing_catalogue.hpp"
#include "record/record.hpp"
#include "store/testing.hpp"

namespace linli::measure::testing {

inline std::vector<store::SchemaStep> steps() {
    std::vector<store::SchemaStep> all;
    for (const auto& list :
         {http::schema(), area::schema(), identity::schema(), flow::schema(), record::schema(),
          measure::schema()}) {
        all.insert(all.end(), list.begin(), list.end());
    }
    return all;
}

struct Reply {
    int status = 0;
    Value json;
    std::string code;
};

struct World {
    explicit World(store::Engine engine) : db(engine, steps()) {
        static std::atomic<int> number = 0;
        folder = std::filesystem::temp_directory_path() /
                 ("linli-measure-" + std::to_string(getpid()) + "-" + std::to_string(++number));
        std::filesystem::create_directories(folder);
        catalogue = catalogue_with(measures_yaml);
        db->write_now([&](store::Tx& tx) {
            const std::vector<area::ImportRow> rows{
                {"340000000000", "", "province", "", "安徽省", "", 0},
                {"340500000000", "340000000000", "city", "", "马鞍山市", "", 0},
                {"340503000000", "340500000000", "county", "", "花山区", "", 0},
                {"340503001000", "340503000000", "subdistrict", "", "沙塘路街道", "", 0},
                {"340503001001", "340503001000", "community", "", "桃花园社区", "", 0},
                {"340503001002", "340503001000", "community", "", "雨田社区", "", 0},
                {"340503002000", "340503000000", "subdistrict", "", "解放路街道", "", 0},
                {"340503002001", "340503002000", "community", "", "健康路社区", "", 0},
                {"340504000000", "340500000000", "county", "", "雨山区", "", 0},
                {"340504001000", "340504000000", "subdistrict", "", "平湖街道", "", 0},
                {"340504001001", "340504001000", "community", "", "湖东社区", "", 0}};
            const auto from = official_date(db.time().now()) + -1000;
            REQUIRE(area::import_areas(tx, rows, from, false).problems.empty());
            record::apply(tx, *catalogue);
        });
        areas = std::make_unique<area::Areas>(*db, db.time());
        flow = std::make_unique<flow::Flow>(catalogue, *areas);
        blobs = std::make_unique<store::Blobs>(folder);
        cipher = std::make_shared<const FieldCipher>(std::string(32, 'k'));
        records = std::make_unique<record::Engine>(record::Parts{
            catalogue, *areas, *flow, *blobs, cipher});
        sealer = std::make_unique<store::Sealer>(*db, db.time());
        open_measure();
        people("city", "city_supervisor", "340500000000");
        people("county", "county_supervisor", "340503000000");
        people("desk", "community_desk", "340503001001");
        people("li", "resident", "340503001001");
    }
    ~World() {
        server.reset();
        measure.reset();
        std::filesystem::remove_all(folder);
    }
    /// As after a start of the program.
    void open_measure() {
        server.reset();
        measure = std::make_unique<Measure>(*db, db.time(), catalogue, *areas, *flow);
        measure->begin();
        router = std::make_unique<http::Router>();
        measure->routes(*router);
        if (more_routes) {
            more_routes(*router);
        }
        const http::Identify identify =
            [this](const http::Request& request, store::Database&, Instant) {
                const auto* login = request.header("x-login");
                return login ? callers.at(*login) : http::Caller{};
            };
        server = std::make_unique<http::Server>(
            http::Settings{}, *router, *db, db.time(), identify, streams
        );
    }
    void people(const std::string& login, const std::string& role, const std::string& code) {
        auto& caller = callers[login];
        caller.account = db->write_now([&](store::Tx& tx) {
            return identity::create_account(tx, login, login, "", db.time().now());
        });
        caller.grants.push_back({1, role, area(code), {}, false});
        caller.rights = catalogue->role(role)->rights;
        std::sort(caller.rights.begin(), caller.rights.end());
    }
    AreaId area(const std::string& code) const {
        const auto* node = areas->today()->find_code(code);
        REQUIRE_MESSAGE(node, code);
        return node->id;
    }
    record::View file(const std::string& code, Value fields = {}, const std::string& who = "city") {
        Value all = obj({{"cause", "care"}});
        for (const auto& [key, value] :
             fields.as_object() ? *fields.as_object() : Value::Object{}) {
            all.set(key, value);
        }
        const auto body = obj({{"area", std::to_string(area(code).value)}, {"fields", all}});
        return db->write_now([&](store::Tx& tx) {
            return records->create(tx, callers.at(who), "visit", body, db.time().now());
        });
    }
    record::View change(const record::View& of, const Value& body) {
        return db->write_now([&](store::Tx& tx) {
            return records->change(
                tx, callers.at("city"), "visit", of.id, of.version, body, db.time().now()
            );
        });
    }
    record::View withdraw(const record::View& of) {
        return db->write_now([&](store::Tx& tx) {
            return records->withdraw(
                tx, callers.at("city"), "visit", of.id, of.version, "mistake", db.time().now()
            );
        });
    }
    record::View act(const record::View& of, const std::string& action) {
        return db->write_now([&](store::Tx& tx) {
            return records->act(
                tx, callers.at("city"), "visit", of.id, of.version, action, obj({}), db.time().now()
            );
        });
    }
    void catch_up() { measure->catch_up(*sealer); }
    /// The first finding; "" = all is right.
    std::string wrong() {
        return db->read_now([&](store::Tx& tx) {
            store::Check check;
            measure->verify(tx, check);
            return check.findings.empty() ? std::string()
                                          : check.findings[0].where + ": " + check.findings[0].what;
        });
    }
    double counter(const std::string& id, const std::string& code, const std::string& period) {
        return measure->counter(measure->query(id), area(code), *parse_period(period)).value;
    }
    std::optional<double> indicator(
        const std::string& id, const std::string& code, const std::string& period
    ) {
        return measure->value(measure->indicator(id), area(code), *parse_period(period));
    }
    /// The area of the code is asked for; "" = one that is not there, "-" = none.
    Reply get(const std::string& who, const std::string& path, const std::string& code) {
        http::Request request;
        request.method = "GET";
        const auto question = path.find('?');
        request.path = path.substr(0, question);
        if (code != "-") {
            request.query.emplace_back(
                "area", code.empty() ? "1" : std::to_string(area(code).value)
            );
        }
        if (question != std::string::npos) {
            for (const auto part : split(std::string_view(path).substr(question + 1), '&')) {
                const auto equal = part.find('=');
                request.query.emplace_back(part.substr(0, equal), part.substr(equal + 1));
            }
        }
        return send(who, std::move(request));
    }
    Reply post(const std::string& who, const std::string& path, const Value& body) {
        http::Request request;
        request.method = "POST";
        request.path = path;
        request.headers.emplace_back("content-type", "application/json");
        request.body = to_json(body);
        return send(who, std::move(request));
    }
    Reply send(const std::string& who, http::Request request) {
        request.headers.emplace_back("x-login", who);
        request.id = "r";
        const auto answer = server->serve(std::move(request));
        Reply reply{answer.status, parse_json(answer.body, {8 << 20, 64, 10'000}), {}};
        reply.code = reply.json.text_or("code");
        return reply;
    }

    store::testing::TestDatabase db;
    std::filesystem::path folder;
    std::shared_ptr<const catalogue::Catalogue> catalogue;
    std::unique_ptr<area::Areas> areas;
    std::unique_ptr<flow::Flow> flow;
    std::unique_ptr<store::Blobs> blobs;
    std::shared_ptr<const FieldCipher> cipher;
    std::unique_ptr<record::Engine> records;
    std::unique_ptr<store::Sealer> sealer;
    std::unique_ptr<Measure> measure;
    std::unique_ptr<http::Router> router;
    std::function<void(http::Router&)> more_routes;  ///< of the room above that is tested
    http::Streams streams;
    std::unique_ptr<http::Server> server;
    std::map<std::string, http::Caller> callers;
};

template <class F>
void on_each_world(F&& body) {
    for (const auto engine : store::testing::engines()) {
        World world(engine);
        body(world);
    }
}

}  // namespace linli::measure::testing
