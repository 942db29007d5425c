// SPDX-License-Identifier: Apache-2.0
/// Nobody reaches what is not his, by any route, as any role, through any id (C15-C17, C19-C24).
/// The probes follow from the route table: a new route is tried as soon as it is there, or the test
/// says which of its ids it cannot fill.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "app/scope_world.hpp"
#include "base/text.hpp"

namespace linli::app::testing {

namespace {

/// On all engines together; LINLI_SCOPE_PROBES asks for more (bench/matrix.sh for a million).
int probes_wanted() {
    const char* asked = std::getenv("LINLI_SCOPE_PROBES");
    const auto engines = static_cast<int>(store::testing::engines().size());
    return (asked ? std::atoi(asked) : 100'000) / engines;
}

/// What an id of a route names; "" if this test does not know.
std::string type_of(const std::string& path, const std::string& place) {
    static const std::map<std::string, std::string> by_name{
        {"query:area", "area"},          {"query:under", "area"},     {"body:area", "area"},
        {"body:areas", "area"},          {"body:successors", "area"}, {"body:parent", "area"},
        {"body:unit", "unit"},           {"query:unit", "unit"},      {"body:lead_unit", "unit"},
        {"body:assist_units", "unit"},   {"path:file", "file"},       {"body:evidence", "file"},
        {"body:evidence.files", "file"}, {"path:grant", "grant"},     {"body:grants", "grant"},
        {"path:session", "session"},     {"path:token", "token"},     {"query:account", "account"},
        {"query:record", "record"},      {"body:person", "record"},   {"body:fields", "ref"},
        {"path:kind", "kind"},           {"path:action", "action"},   {"path:indicator", "name"},
        {"path:counter", "name"},        {"path:plan", "name"},       {"path:collection", "name"},
        {"path:item", "name"},           {"path:channel", "name"},    {"path:first", "record"},
        {"path:second", "record"},       {"body:keep", "record"}};
    static const std::vector<std::pair<std::string, std::string>> by_path{
        {"/api/records/", "record"},
        {"/api/units/", "unit"},
        {"/api/accounts/", "account"},
        {"/api/sessions/", "session"},
        {"/api/account/tokens/", "token"},
        {"/api/account/views/", "view"},
        {"/api/notices/", "notice"},
        {"/api/areas/", "area"},
        {"/api/area-decisions/", "decision"},
        {"/api/clocks/why", "record"},
        {"/api/spatial/jobs/", "job"},
        {"/api/outbox/", "message"},
        {"/api/merges/", "record"}};
    if (path.starts_with("/open311/")) {
        return "public";  // anybody reads the same (open311_test.cpp)
    }
    const auto named = by_name.find(place);
    if (named != by_name.end()) {
        return named->second;
    }
    for (const auto& [start, type] : by_path) {
        if (path.starts_with(start) && (place == "path:id" || place == "query:id")) {
            return type;
        }
    }
    return {};
}

/// Areas and units may be looked up by anybody, so an answer may tell them from missing ones.
bool is_public(const std::string& type) {
    return type == "area" || type == "unit";
}

struct Places {
    std::string kind, action;
    std::map<std::string, std::string> values;  ///< "path:id" -> what stands there
};

class Probe {
 public:
    Probe(World& in, const http::Route& of) : m_world(in), m_route(of) {}

    Reply send(const Person& by, const Places& places) const {
        Headers headers{{"if-match", "\"1\""}};
        auto body = body_for(by, places);
        if (m_route.raw_body) {
            const bool sheet = m_route.path.find("/imports/") != std::string::npos;
            put(headers, "content-type", sheet ? "text/csv" : "image/png");
            body = sheet ? "area,item\n1,x\n" : "\x89PNG\r\n\x1a\nzz";
        }
        return by.client.send(
            m_route.method, target(places), m_route.method == "GET" ? "" : body, headers
        );
    }

    std::string target(const Places& places) const {
        auto path = m_route.path;
        for (const auto& name : m_route.parameters) {
            const auto value = name == "kind"        ? places.kind
                               : name == "action"    ? places.action
                               : name == "indicator" ? "request_closing_share"
                               : name == "counter"   ? "requests_filed"
                                                     : value_at(places, "path:" + name);
            path.replace(path.find("{" + name + "}"), name.size() + 2, value);
        }
        std::string query;
        for (const auto& [place, value] : places.values) {
            if (place.starts_with("query:")) {
                query += (query.empty() ? "?" : "&") + place.substr(6) + "=" + value;
            }
        }
        if (m_route.path.ends_with("/files") && m_route.method == "POST") {
            const auto& fields = m_world.app->catalogue().kind(places.kind)->fields;
            const auto takes = std::find_if(fields.begin(), fields.end(), [](const auto& field) {
                return field.type == catalogue::FieldType::file;
            });
            query +=
                "?name=x.png&field=" + (takes == fields.end() ? fields.front().name : takes->name);
        }
        if (path.starts_with("/api/indicators/") || path.starts_with("/api/counters/")) {
            query += (query.empty() ? "?" : "&") + std::string("period=2025");
        }
        if (m_route.path == "/api/clocks/why") {
            query += "&clock=accept&kind=" + places.kind;
        }
        return path + query;
    }

 private:
    static void put(Headers& headers, const char* name, const char* value) {
        headers.emplace_back(name, value);
    }
    static std::string value_at(const Places& places, const std::string& place) {
        const auto found = places.values.find(place);
        return found == places.values.end() ? "1" : found->second;
    }
    std::string body_for(const Person& by, const Places& places) const {
        auto body = sample(by, places);
        if (body.is_null()) {
            return {};
        }
        for (const auto& [place, value] : places.values) {
            if (!place.starts_with("body:")) {
                continue;
            }
            const auto name = place.substr(5);
            if (name == "assist_units" || name == "grants") {
                body.set(name, Value::List{value});
            } else if (name.starts_with("evidence")) {
                body.set("evidence", obj({{"files", Value::List{value}}}));
            } else if (name == "areas") {
                body.set(name, Value::List{obj({{"area", value}})});
            } else if (name == "successors") {
                body.set(name, Value::List{obj({{"parent", value}, {"heir", true}})});
            } else if (name == "fields") {
                body.set("fields", obj({{"compound", value}}));
            } else {
                body.set(name, value);
            }
        }
        return to_json(body);
    }
    /// What would do for an object of one's own; null = the route takes no body.
    Value sample(const Person& by, const Places& places) const;

    World& m_world;
    const http::Route& m_route;
};

/// To move one's own area: whatever stands in for it or for where it goes.
Value sample_decision(const Person& by) {
    const auto own = text_of(by.grant.area);
    return obj(
        {{"kind", "move"},
         {"effective", "2025-05-08"},
         {"document", "x"},
         {"areas", Value::List{obj({{"area", own}})}},
         {"successors", Value::List{obj({{"parent", own}, {"heir", true}})}}}
    );
}

Value Probe::sample(const Person& by, const Places& places) const {
    const auto& app = *m_world.app;
    const auto& path = m_route.path;
    const auto* kind = app.catalogue().kind(places.kind);
    if (m_route.request_schema.empty() || m_route.raw_body) {
        return {};
    }
    if (path.ends_with("/actions/{action}")) {
        auto body = obj({});
        for (const auto& word : kind->flow->action(places.action)->needs) {
            if (word == "reason" || word == "result") {
                body.set(word, "x");
            } else if (word == "handling") {
                body.set("fields", obj({{"handling", "immediate"}}));
            } else if (word == "satisfaction") {
                body.set("fields", obj({{"satisfaction", 3}}));
            } else if (word == "lead_unit") {
                body.set(word, text_of(by.grant.unit));
            }
        }
        return body;
    }
    if (path.ends_with("/withdraw")) {
        return obj({{"reason", "x"}});
    }
    if (path.ends_with("/unmask")) {
        const auto& fields = kind->fields;
        const auto secret = std::find_if(fields.begin(), fields.end(), [](const auto& field) {
            return field.data_class == catalogue::Class::sensitive;
        });
        const auto name = secret == fields.end() ? fields.front().name : secret->name;
        return obj({{"fields", Value::List{name}}, {"reason", "x"}});
    }
    if (path == "/api/records/{kind}") {
        return obj({{"area", text_of(by.grant.area)}, {"fields", sample_fields(app, *kind, "x", 1)}}
        );
    }
    if (path == "/api/records/{kind}/{id}") {
        return obj({{"fields", obj({})}});
    }
    const std::map<std::string, Value> others{
        {"POST /api/units", obj({{"area", "1"}, {"name", "x"}, {"kind", "other"}})},
        {"PATCH /api/units/{id}", obj({{"name", "x"}})},
        {"POST /api/accounts", obj({{"login", "x"}, {"name", "x"}})},
        {"POST /api/account/tokens", obj({{"name", "x"}, {"days", 30}})},
        {"PATCH /api/accounts/{id}", obj({{"name", "x"}})},
        {"POST /api/accounts/{id}/grants", obj({{"role", "resident"}, {"area", "1"}})},
        {"POST /api/area-decisions/preview", sample_decision(by)},
        {"POST /api/area-decisions", sample_decision(by)},
        {"POST /api/areas",
         obj({{"parent", "1"}, {"level", "compound"}, {"code", "x"}, {"name", "x"}})},
    };
    const auto found = others.find(m_route.method + " " + path);
    return found == others.end() ? obj({}) : found->second;
}

/// An id of the same county and time that there is not.
std::string missing_like(const std::string& id) {
    return std::to_string((std::stoll(id) ^ (std::int64_t{1} << 40)) | 0x3ff);
}

/// What of an answer may depend on the id that was tried: nothing but the id itself.
std::string essence(const Reply& reply, const std::string& id) {
    std::string text = std::to_string(reply.status) + "\n";
    for (const auto& [name, value] : reply.headers) {
        text += name == "X-Request-Id" ? "" : name + ": " + value + "\n";
    }
    text += reply.body;
    const auto request = reply.header("X-Request-Id");
    for (const auto& word : {request, id}) {
        for (auto at = text.find(word); !word.empty() && at != std::string::npos;
             at = text.find(word)) {
            text.replace(at, word.size(), "ID");
        }
    }
    return text;
}

/// Every route with every person in every place that bears an id, each with ids from near and far;
/// and everything that can be asked without an id.
class Matrix {
 public:
    /// `strict`: each fault fails the test; otherwise they are counted.
    Matrix(World& in, bool strict) : m_world(in), m_strict(strict) {}

    void run(int wanted) {
        for (std::size_t pass = 0; pass < 1000 && (pass == 0 || probes < wanted); ++pass) {
            for (const auto& route : m_world.app->router().routes()) {
                if (!route->ids.empty() || !route->parameters.empty()) {
                    try_route(*route, pass);
                }
            }
            for (const auto& person : m_world.people) {
                ask(person, pass);
            }
        }
    }
    int probes = 0, leaks = 0, faults = 0;
    std::array<int, relations> by_relation{};

 private:
    void expect(bool holds, const std::string& what, const std::string& where) {
        faults += !holds;
        if (!holds && m_strict) {
            FAIL_CHECK(what << ": " << where);
        }
    }

    void expect_no_leak(
        const Person& person, const Reply& reply, const std::string& target, bool log = false
    ) {
        const auto leaked = m_world.leak(person, reply.body, target, log);
        leaks += !leaked.empty();
        expect(leaked.empty(), "leaks " + leaked, person.client.name() + " " + target);
    }

    /// Lists, counts, boards, searches, inboxes and sheets, whole and for an area elsewhere.
    void ask(const Person& person, std::size_t pass) {
        const auto elsewhere = ids(person, "area");
        for (const auto& question : m_world.questions(person)) {
            auto target = question;
            const bool takes_area =
                question.find("area=") == std::string::npos &&
                (question.starts_with("/api/records/") || question.starts_with("/api/board"));
            const bool foreign = takes_area && pass % 2 == 1 && !elsewhere.empty();
            if (foreign) {
                const auto& area = elsewhere[pass / 2 % elsewhere.size()];
                target += "&area=" + area.id;
                ++by_relation[static_cast<std::size_t>(area.relation)];
            }
            const auto reply = person.client.get(target);
            ++probes;
            expect(reply.status < 500, "fails", target);
            expect_no_leak(person, reply, target, target == "/api/audit");
            if (!foreign) {
                count(person, target, reply);
            }
        }
    }

    /// What is counted is what may be seen, where nothing is filtered.
    void count(const Person& person, const std::string& target, const Reply& reply) {
        const auto from = std::string("/api/records/").size();
        if (!reply.ok() || !target.ends_with("?count=1")) {
            return;
        }
        const auto kind = target.substr(from, target.find('?') - from);
        const auto may = static_cast<std::int64_t>(m_world.readable(person, kind).size());
        const bool right = reply.number("count") == may;
        leaks += reply.number("count") > may;
        expect(right, "counts what may not be seen", person.client.name() + " " + target);
    }

    void try_route(const http::Route& route, std::size_t pass) {
        auto places = route.ids;
        for (const auto& name : route.parameters) {
            places.push_back("path:" + name);
        }
        std::sort(places.begin(), places.end());
        places.erase(std::unique(places.begin(), places.end()), places.end());
        const bool has_kind = std::count(places.begin(), places.end(), "path:kind") > 0 ||
                              route.path == "/api/clocks/why";
        const auto before = m_world.app.row_counts();
        for (const auto& place : places) {
            const auto type = type_of(route.path, place);
            expect(!type.empty(), "say in type_of what this id names", route.path + " " + place);
            if (type.empty() || type == "kind" || type == "action" || type == "name") {
                continue;
            }
            for (const auto& person : m_world.people) {
                for (const auto& kind : m_world.app->catalogue().kinds()) {
                    if (has_kind || &kind == &m_world.app->catalogue().kinds().front()) {
                        try_actions(route, person, kind, place, type, pass);
                    }
                }
            }
        }
        auto after = m_world.app.row_counts();
        if (route.path == "/api/exports/{kind}.csv") {  // each sheet is logged, empty or not
            after["store_change"] = before.at("store_change");
        }
        expect(
            TestApp::difference(before, after).empty(), TestApp::difference(before, after),
            route.method + " " + route.path
        );
    }

    /// A resident may file wherever he sees something.
    static bool files_anywhere(
        const http::Route& route, const Person& person, const catalogue::Kind& kind,
        const std::string& place
    ) {
        const auto right = kind.rights.find(person.role);
        return route.method == "POST" && route.path == "/api/records/{kind}" &&
               place == "body:area" && right != kind.rights.end() &&
               right->second.create == catalogue::Reach::any;
    }
    /// Who may file such a record may follow what is pointed out to him (duplicates_test.cpp).
    static bool follows_hints(
        const http::Route& route, const Person& person, const catalogue::Kind& kind
    ) {
        const auto right = kind.rights.find(person.role);
        return route.method == "POST" && route.path == "/api/records/{kind}/{id}/follow" &&
               kind.open311.as_object() && right != kind.rights.end() &&
               right->second.create != catalogue::Reach::none;
    }

    void try_actions(
        const http::Route& route, const Person& person, const catalogue::Kind& kind,
        const std::string& place, const std::string& type, std::size_t pass
    ) {
        const bool acts = route.path.find("{action}") != std::string::npos;
        std::vector<std::string> actions{""};
        if (acts) {
            actions.clear();
        }
        if (acts && kind.flow) {
            for (const auto& action : kind.flow->actions) {
                actions.push_back(action.name);
            }
        }
        for (const auto& action : actions) {
            Places places{kind.name, action, {}};
            const auto& own = own_ids(person, kind.name);
            if (std::count(route.parameters.begin(), route.parameters.end(), "id") > 0) {
                places.values["path:id"] = own_id(route, person, kind.name);
            }
            if (route.path == "/api/clocks/why" && !own.empty()) {
                places.values["query:id"] = own.front();
            }
            if (files_anywhere(route, person, kind, place) || follows_hints(route, person, kind)) {
                continue;
            }
            if (type == "file") {
                try_files(route, person, places, place, pass);
                continue;
            }
            const auto& values = type == "record" ? records(person, kind.name)
                                 : type == "ref"  ? ids(person, "area")
                                                  : ids(person, type);
            if (!values.empty()) {
                const auto& value = values[pass % values.size()];
                places.values[place] = value.id;
                by_relation[static_cast<std::size_t>(value.relation)] += 2;
                compare(route, person, places, place, type, pass);
            }
        }
    }

    void try_files(
        const http::Route& route, const Person& person, Places places, const std::string& place,
        std::size_t pass
    ) {
        std::vector<std::pair<std::string, std::string>> files;  // of records, by file
        for (const auto* thing : m_world.foreign(person, places.kind)) {
            for (const auto& file : thing->files) {
                files.emplace_back(thing->id, file);
            }
        }
        if (files.empty()) {
            return;
        }
        const auto& [record, file] = files[pass % files.size()];
        places.values[place] = file;
        compare(route, person, places, place, "file", pass);  // under a record of one's own
        places.values["path:id"] = record;
        compare(route, person, places, place, "file", pass);  // under its own record
    }

    // What is there does not change while the matrix runs, so it is looked up once.
    using Key = std::pair<std::string, std::string>;
    const std::vector<Foreign>& ids(const Person& person, const std::string& type) {
        const auto [found, fresh] = m_ids.try_emplace(Key{person.client.name(), type});
        if (fresh) {
            found->second = m_world.foreign_ids(person, type);
        }
        return found->second;
    }
    const std::vector<Foreign>& records(const Person& person, const std::string& kind) {
        const auto [found, fresh] = m_records.try_emplace(Key{person.client.name(), kind});
        if (fresh) {
            found->second = m_world.foreign_records(person, kind);
        }
        return found->second;
    }
    const std::vector<std::string>& own_ids(const Person& person, const std::string& kind) {
        const auto [found, fresh] = m_own.try_emplace(Key{person.client.name(), kind});
        if (fresh) {
            for (const auto* thing : m_world.readable(person, kind)) {
                found->second.push_back(thing->id);
            }
        }
        return found->second;
    }

    std::string own_id(const http::Route& route, const Person& person, const std::string& kind) {
        if (route.path.starts_with("/api/records/")) {
            const auto& own = own_ids(person, kind);
            return own.empty() ? "1" : own.front();
        }
        return route.path.starts_with("/api/accounts/") ? text_of(person.client.account()) : "1";
    }

    /// A foreign id is answered like one that is nowhere, and changes as little.
    void compare(
        const http::Route& route, const Person& person, const Places& places,
        const std::string& place, const std::string& type, std::size_t pass
    ) {
        const Probe probe(m_world, route);
        const auto& id = places.values.at(place);
        auto nowhere = places;
        nowhere.values[place] = missing_like(id);
        auto by = person;
        if (pass % 2 == 0 && !person.role.empty()) {
            by.client = person.client.stepped_up();
        }
        const auto foreign = probe.send(by, places), missing = probe.send(by, nowhere);
        probes += 2;
        const auto where = person.client.name() + " " + route.method + " " + probe.target(places) +
                           " " + place + " " + foreign.body;
        expect(foreign.status >= 400 || route.method == "GET", "is let through", where);
        expect(foreign.status < 500, "fails", where);
        // Who acted is on lines of one's own area, wherever his account belongs.
        const bool filters_log = route.path == "/api/audit" && place == "query:account";
        if (!is_public(type) && !filters_log) {
            const bool same = essence(foreign, id) == essence(missing, nowhere.values[place]);
            expect(same, "is told from a missing one", where);
        }
        if (!route.right.empty() && !person.role.empty() &&
            !person.may(*m_world.app, route.right)) {
            expect(foreign.refusal() == "right_missing", "needs no right", where);
        }
        if (person.role.empty() && route.scope != http::Scope::open) {
            expect(foreign.status == 401, "needs nobody signed in", where);
        }
        expect_no_leak(person, foreign, probe.target(places), filters_log);
    }

    World& m_world;
    bool m_strict;
    std::map<Key, std::vector<Foreign>> m_ids, m_records;
    std::map<Key, std::vector<std::string>> m_own;
};

/// In these packs everybody who may read a kind reads all of it.
void open_scopes(const ExtraKind& packs) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(packs.folder / "core")) {
        if (entry.path().extension() != ".yaml") {
            continue;
        }
        std::stringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        auto changed = text.str();
        for (const std::string closed : {"read: scope", "read: own", "read: assigned"}) {
            for (auto at = changed.find(closed); at != std::string::npos;
                 at = changed.find(closed)) {
                changed.replace(at, closed.size(), "read: any");
            }
        }
        std::ofstream(entry.path()) << changed;
    }
}

}  // namespace

TEST_CASE(
    "a foreign id is answered like a missing one, by every route, as every role (C16, C19, C22)"
) {
    const ExtraKind extra("lost_and_found");
    for (const auto engine : store::testing::engines()) {
        World world(engine, extra, 2);
        Matrix matrix(world, true);
        matrix.run(probes_wanted());
        CHECK(matrix.probes >= probes_wanted());
        CHECK(matrix.leaks == 0);
        CHECK(matrix.faults == 0);
        std::string told;
        for (std::size_t i = 0; i < relations; ++i) {
            told += std::string(", ") + name_of(static_cast<Relation>(i)) + " " +
                    std::to_string(matrix.by_relation[i]);
            CHECK(matrix.by_relation[i] > 100);
        }
        MESSAGE(matrix.probes << " probes" << told << "; " << matrix.leaks << " leaks");
    }
}

TEST_CASE("the matrix finds what leaks where the scope of reading is switched off") {
    const ExtraKind extra("lost_and_found");
    const ExtraKind open("lost_and_found");
    open_scopes(open);
    const auto opinion = catalogue::load(extra.folder.string()).catalogue;
    REQUIRE(opinion);
    World world(store::Engine::sqlite, open, 2, opinion);
    Matrix matrix(world, false);
    matrix.run(1);
    MESSAGE(
        matrix.probes << " probes, " << matrix.leaks << " leaks, " << matrix.faults << " faults"
    );
    CHECK(matrix.leaks > 100);
}

}  // namespace linli::app::testing
