// SPDX-License-Identifier: Apache-2.0
#pragma once
/// For tests: two counties of one city, offices, accounts of every role, and the routes of this
/// room without a socket.
///
///   city 340500  county A 340503  subdistrict 340503001  communities 340503001001 (grid ...01),
///   340503001002
///                county B 340504  subdistrict 340504001  community   340504001001
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "http/server.hpp"
#include "record/engine.hpp"
#include "record/record.hpp"
#include "store/testing.hpp"

namespace linli::record::testing {

std::shared_ptr<const catalogue::Catalogue> shipped();
/// A catalogue of `files` beside the shipped roles and calendars; fails the test if it has
/// mistakes.
std::shared_ptr<const catalogue::Catalogue> with_files(
    const std::map<std::string, std::string>& files
);

struct Reply {
    int status = 0;
    std::string body, code;  ///< code of a refusal
    std::map<std::string, std::string> headers;
    Value json;
    /// "code at pointer" of a refusal's problems, separated by "; ".
    std::string problems() const;
    std::string text(const std::string& key) const { return json.text_or(key); }
    std::string version() const { return std::to_string(json.int_or("version")); }
};

struct World {
    World(store::Engine, std::shared_ptr<const catalogue::Catalogue>);
    ~World();

    AreaId area(const std::string& code) const;
    std::string area_id(const std::string& code) const { return std::to_string(area(code).value); }
    /// Makes an account `login` with a role over an area; once more = one grant more.
    void account(
        const std::string& login, const std::string& role, const std::string& code, UnitId unit = {}
    );
    UnitId unit(const std::string& name, const std::string& code, bool office);

    Reply call(
        const std::string& login, const std::string& method, const std::string& target,
        const Value& body = {}, std::vector<std::pair<std::string, std::string>> headers = {}
    );
    Reply raw(
        const std::string& login, const std::string& method, const std::string& target,
        const std::string& body, std::vector<std::pair<std::string, std::string>> headers = {}
    );
    Reply get(const std::string& login, const std::string& target) {
        return call(login, "GET", target);
    }
    /// Files a record and checks that it worked.
    Reply file(
        const std::string& login, const std::string& kind, const std::string& code, Value fields
    );
    /// With the version of `record`.
    Reply act(
        const std::string& login, const Reply& record, const std::string& action, const Value& body
    );
    Reply patch(const std::string& login, const Reply& record, const Value& fields);
    Reply read(const std::string& login, const Reply& record);
    static std::string path(const Reply& record);
    /// Seals the change log and brings the full-text index up to date.
    void index();

    template <class F>
    auto tx(F&& f) {
        return db->write_now(std::forward<F>(f));
    }

    store::testing::TestDatabase db;
    std::shared_ptr<const catalogue::Catalogue> catalogue;
    std::filesystem::path folder;
    std::unique_ptr<area::Areas> areas;
    std::unique_ptr<flow::Flow> flow;
    std::unique_ptr<store::Blobs> blobs;
    std::unique_ptr<Core> core;  ///< a second look inside, for tests of single parts
    std::unique_ptr<Engine> engine;
    http::Router router;
    http::Streams streams;
    std::unique_ptr<http::Server> server;
    std::map<std::string, http::Caller> callers;
    int requests = 0;
};

/// Runs `body(World&)` on each engine with the shipped catalogue, or with another.
template <class F>
void on_each_world(std::shared_ptr<const catalogue::Catalogue> catalogue, F&& body) {
    for (const auto engine : store::testing::engines()) {
        World world(engine, catalogue);
        body(world);
    }
}
template <class F>
void on_each_world(F&& body) {
    on_each_world(shipped(), std::forward<F>(body));
}

}  // namespace linli::record::testing
