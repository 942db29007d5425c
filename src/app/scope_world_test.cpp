// SPDX-License-Identifier: Apache-2.0
#include "app/scope_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

namespace linli::app::testing {

namespace {

bool has(const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// Where a role is granted in a city: the first level the catalogue names for it.
AreaId home_of(const catalogue::Role& role, const City& city) {
    const auto& county = city.counties[0];
    const auto& subdistrict = county.subdistricts[0];
    const auto& community = subdistrict.communities[0];
    const auto fits = [&](const char* level) {
        return role.levels.empty() || has(role.levels, level);
    };
    if (role.unit && fits("county")) {
        return county.id;  // departments of the tests stand there
    }
    return fits("community")     ? community.id
           : fits("grid")        ? community.grids[0]
           : fits("subdistrict") ? subdistrict.id
           : fits("county")      ? county.id
                                 : city.id;
}

Value sample(
    const Application& app, const catalogue::FieldSpec& field, const std::string& mark, int nth
) {
    using catalogue::FieldType;
    switch (field.type) {
        case FieldType::text:
            return mark + "第" + std::to_string(nth) + "件";
        case FieldType::integer:
        case FieldType::decimal:
        case FieldType::money:
            return field.least.value_or(1);
        case FieldType::boolean:
            return true;
        case FieldType::date:
            return "2025-05-07";
        case FieldType::instant:
            return "2025-05-07T08:00:00Z";
        case FieldType::choice: {
            const auto& choices = app.catalogue().list(field.list)->choices;
            const auto plain = std::find_if(choices.begin(), choices.end(), [](const auto& c) {
                return c.questions.empty() && !c.parent.empty();
            });
            return plain == choices.end() ? choices.front().key : plain->key;
        }
        case FieldType::point:
            return obj({{"lat", 31.67}, {"lon", 118.5}});
        case FieldType::phone:
            return "139" + std::to_string(10000000 + nth);
        default:
            return {};
    }
}

}  // namespace

bool Person::may(const Application& app, const std::string& right) const {
    const auto* spec = app.catalogue().role(role);
    return spec && has(spec->rights, right);
}

Value sample_fields(
    const Application& app, const catalogue::Kind& kind, const std::string& mark, int nth
) {
    Value fields(Value::Object{});
    for (const auto& field : kind.fields) {
        const bool wanted = field.required || field.type == catalogue::FieldType::phone ||
                            field.type == catalogue::FieldType::money;
        auto value = wanted ? sample(app, field, mark, nth) : Value();
        if (!value.is_null()) {
            fields.set(field.name, std::move(value));
        }
    }
    return fields;
}

Relation relation(const area::Tree& tree, AreaId home, AreaId other) {
    if (tree.within(other, home)) {
        return Relation::own;
    }
    if (tree.within(home, other)) {
        return Relation::above;
    }
    auto common = area::Level::country;  // of the lowest area that both lie in
    for (const auto* node : tree.path(home)) {
        common = tree.within(other, node->id) ? node->level : common;
    }
    return common <= area::Level::province ? Relation::city
           : common == area::Level::city   ? Relation::county
           : common == area::Level::county ? Relation::subdistrict
                                           : Relation::sibling;
}

std::vector<Foreign> spread(const std::vector<Foreign>& all) {
    std::array<std::vector<Foreign>, relations> groups;
    for (const auto& one : all) {
        groups[static_cast<std::size_t>(one.relation)].push_back(one);
    }
    std::vector<Foreign> result;
    for (std::size_t i = 0; result.size() < all.size(); ++i) {
        for (const auto& group : groups) {
            if (i < group.size()) {
                result.push_back(group[i]);
            }
        }
    }
    return result;
}

World::World(
    store::Engine engine, const ExtraKind& extra, int subdistricts,
    std::shared_ptr<const catalogue::Catalogue> opinion
)
    : app(TestOptions{engine, extra.folder, "", {}, subdistricts}), m_opinion(std::move(opinion)) {
    make_people();
    make_tokens();
    make_things();
    make_decisions();
    app.index();
}

/// In each city one that waits for approval: a new name for a community.
void World::make_decisions() {
    for (const auto& city : app.cities()) {
        const auto& community = city.counties[0].subdistricts[0].communities[0];
        area::Proposal proposal;
        proposal.kind = area::DecisionKind::rename;
        proposal.effective = official_date(app.time.now());
        proposal.document = "zqdecision";
        proposal.areas = {{community.id, 0}};
        proposal.successors.emplace_back().name = "新名";
        const auto id = app->database().write_now([&](store::Tx& tx) {
            return area::propose(tx, *app->areas().today(), proposal, {}, app.time.now());
        });
        decisions.emplace_back(community.id, text_of(id));
    }
}

void World::make_people() {
    for (std::size_t c = 0; c < app.cities().size(); ++c) {
        for (const auto& role : app->catalogue().roles()) {
            const auto home = home_of(role, app.city(c));
            Person person{app.as(role.name, home), role.name, {}};
            person.grant.role = role.name;
            person.grant.area = home;
            if (role.unit) {
                person.grant.unit.value = app.integer(
                    "SELECT unit FROM identity_grant WHERE account = " +
                    text_of(person.client.account())
                );
            }
            people.push_back(person);
        }
    }
    people.push_back({app.nobody(), "", {}});
}

/// A program's token for everybody, so that there are some to be reached for.
void World::make_tokens() {
    constexpr store::Sql sql{"test.token", R"(
        INSERT INTO identity_token
               (id, digest, purpose, account, name, created_at, expires_at, ended_at)
        VALUES ($1, $2, 'api', $3, 'a program', $4, $5, 0))"};
    app->database().write_now([&](store::Tx& tx) {
        for (const auto& one : people) {
            if (!one.role.empty()) {
                const auto now = app.time.now();
                tx.run(
                    sql, tx.new_id(0), one.client.name(), one.client.account(), now,
                    now + 300 * day_ms
                );
            }
        }
    });
}

Reply World::file(
    const std::string& kind, const Community& where, const std::string& mark, int nth
) {
    const auto& spec = *app->catalogue().kind(kind);
    const auto may = [&](const char* role) {
        const auto right = spec.rights.find(role);
        return right != spec.rights.end() && right->second.create != catalogue::Reach::none;
    };
    const auto by = may("resident") ? app.other("resident", where.id, "resident-of-" + where.code)
                    : may("community_desk")
                        ? app.as("community_desk", where.id)
                        : app.as(
                              may("grid_centre") ? "grid_centre" : "county_supervisor",
                              app->areas().today()->ancestor(where.id, area::Level::county)->id
                          );
    const auto area = nth % 2 && has(spec.levels, "grid") ? where.grids[0] : where.id;
    const auto reply = by.post(
        "/api/records/" + kind,
        obj({{"area", text_of(area)}, {"fields", sample_fields(*app, spec, mark, nth)}})
    );
    REQUIRE_MESSAGE(reply.status == 201, reply.body);
    return reply;
}

void World::move_along(Thing& thing, const County& county, int steps) {
    const auto desk = app.as("community_desk", thing.filing.community);
    const auto unit = county.departments[0];
    const auto officer = app.as("department", county.id, unit);
    const auto take = [&](const Client& by, const char* action, const Value& body) {
        const auto reply = by.act(thing.kind, thing.id, action, body);
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        thing.state = reply.text("state");
    };
    if (steps > 0) {
        take(desk, "accept", obj({{"fields", obj({{"handling", "immediate"}})}}));
    }
    if (steps > 1) {
        take(desk, "assign", obj({{"lead_unit", text_of(unit)}, {"reason", thing.mark}}));
        thing.parties.push_back(unit);
    }
    if (steps > 2) {
        take(
            officer, "resolve",
            obj({{"result", thing.mark}, {"evidence", obj({{"word", thing.mark}})}})
        );
    }
}

void World::publish(Thing& thing, const Client& by, const Client& publisher) {
    REQUIRE(by.act(thing.kind, thing.id, "send").status == 200);
    const auto reply = publisher.act(thing.kind, thing.id, "publish");
    REQUIRE_MESSAGE(reply.status == 200, reply.body);
    thing.state = reply.text("state");
}

void World::add_notice(
    const Client& by, const Client& publisher, AreaId area, int nth, bool published
) {
    Thing thing;
    thing.kind = "notice";
    thing.mark = "zq" + std::to_string(70000 + nth) + "x";
    const auto fields = sample_fields(*app, *app->catalogue().kind("notice"), thing.mark, nth);
    const auto reply =
        by.post("/api/records/notice", obj({{"area", text_of(area)}, {"fields", fields}}));
    REQUIRE_MESSAGE(reply.status == 201, reply.body);
    thing.id = reply.text("id");
    thing.number = reply.text("number");
    thing.state = reply.text("state");
    thing.filing = app->areas().today()->filing(area);
    thing.by = by.account();
    if (published) {
        publish(thing, by, publisher);
    }
    things.push_back(std::move(thing));
}

void World::add_file(Thing& thing, const catalogue::Kind& kind) {
    const auto takes = std::find_if(kind.fields.begin(), kind.fields.end(), [](const auto& field) {
        return field.type == catalogue::FieldType::file;
    });
    if (takes == kind.fields.end()) {
        return;
    }
    const auto path = "/api/records/" + kind.name + "/" + thing.id + "/files?name=" + thing.mark +
                      ".png&field=" + takes->name;
    const auto sent =
        app.client_of(thing.by, "filer")
            .send("POST", path, "\x89PNG\r\n\x1a\n" + thing.mark, {{"content-type", "image/png"}});
    if (sent.ok()) {
        thing.files.push_back(sent.text("id"));
    }
}

void World::add_thing(
    const catalogue::Kind& kind, const County& county, const Community& community, int nth,
    int steps
) {
    Thing thing;
    thing.kind = kind.name;
    thing.mark = "zq" + std::to_string(70000 + nth) + "x";
    const auto reply = file(kind.name, community, thing.mark, nth);
    thing.id = reply.text("id");
    thing.number = reply.text("number");
    thing.state = reply.text("state");
    thing.filing = app->areas().today()->filing({std::stoll(reply.text("area/id"))});
    thing.by.value =
        app.integer("SELECT created_by FROM \"" + kind.name + "\" WHERE id = " + thing.id);
    add_file(thing, kind);
    const auto office = reply.text("unit/id");
    if (!office.empty()) {
        thing.parties.push_back({std::stoll(office)});
    }
    if (kind.name == "request") {
        move_along(thing, county, steps);
    }
    if (kind.name == "notice" && steps > 1) {
        publish(
            thing, app.as("community_desk", community.id),
            app.as("subdistrict_desk", county.subdistricts[0].id)
        );
    }
    things.push_back(std::move(thing));
}

void World::make_things() {
    int nth = 0;
    for (const auto& city : app.cities()) {
        const auto over_city = app.as("city_supervisor", city.id);
        const auto press = app.other("city_supervisor", city.id, "press-" + city.code);
        for (const auto& county : city.counties) {
            for (const auto& community : county.subdistricts[0].communities) {
                for (int steps = 0; steps < 4; ++steps) {
                    for (const auto& kind : app->catalogue().kinds()) {
                        add_thing(kind, county, community, ++nth, steps);
                    }
                }
            }
            for (std::size_t s = 1; s < county.subdistricts.size(); ++s) {
                for (const auto& kind : app->catalogue().kinds()) {
                    add_thing(kind, county, county.subdistricts[s].communities[0], ++nth, 0);
                }
            }
            const auto street = county.subdistricts[0].id;
            const auto street_desk = app.as("subdistrict_desk", street);
            const auto over_county = app.as("county_supervisor", county.id);
            const auto deputy = app.other("county_supervisor", county.id, "deputy-" + county.code);
            for (const bool published : {false, true}) {
                add_notice(street_desk, over_county, street, ++nth, published);
                add_notice(over_county, deputy, county.id, ++nth, published);
            }
        }
        for (const bool published : {false, true}) {
            add_notice(over_city, press, city.id, ++nth, published);
        }
    }
}

bool World::may_read(const Person& person, const Thing& thing) const {
    using catalogue::Reach;
    const auto& catalogue = m_opinion ? *m_opinion : const_cast<TestApp&>(app)->catalogue();
    const auto* kind = catalogue.kind(thing.kind);
    const auto right = kind->rights.find(person.role);
    if (right == kind->rights.end()) {
        return false;
    }
    const auto tree = const_cast<TestApp&>(app)->areas().today();
    if (!right->second.states.empty() && !has(right->second.states, thing.state)) {
        return false;
    }
    const auto& parties = thing.parties;
    switch (right->second.read) {
        case Reach::none:
            return false;
        case Reach::own:
            return thing.by == person.client.account();
        case Reach::assigned:
            return std::find(parties.begin(), parties.end(), person.grant.unit) != parties.end();
        case Reach::scope:
            return tree->within(thing.filing.area, person.grant.area);
        case Reach::path:
            return tree->within(thing.filing.area, person.grant.area) ||
                   tree->within(person.grant.area, thing.filing.area);
        case Reach::any:
            return true;
    }
    return false;
}

std::vector<const Thing*> World::readable(const Person& person, const std::string& kind) const {
    std::vector<const Thing*> found;
    for (const auto& thing : things) {
        if (thing.kind == kind && may_read(person, thing)) {
            found.push_back(&thing);
        }
    }
    return found;
}

std::vector<const Thing*> World::foreign(const Person& person, const std::string& kind) const {
    std::vector<const Thing*> found;
    for (const auto& thing : things) {
        if (thing.kind == kind && !may_read(person, thing)) {
            found.push_back(&thing);
        }
    }
    return found;
}

std::string World::leak(
    const Person& person, const std::string& text, const std::string& told, bool by_area
) const {
    const auto tree = const_cast<TestApp&>(app)->areas().today();
    for (const auto& thing : things) {
        if (by_area ? tree->within(thing.filing.area, person.grant.area)
                    : may_read(person, thing)) {
            continue;
        }
        for (const auto& secret : {thing.id, thing.mark, thing.number}) {
            if (!secret.empty() && text.find(secret) != std::string::npos &&
                told.find(secret) == std::string::npos) {
                return secret;
            }
        }
    }
    return {};
}

std::vector<std::string> World::questions(const Person& person) const {
    std::vector<std::string> targets{
        "/api/me",
        "/api/sessions",
        "/api/units?limit=1000",
        "/api/accounts?limit=200",
        "/api/inbox?tab=all",
        "/api/inbox?tab=unit",
        "/api/inbox?tab=mine",
        "/api/inbox?tab=raised",
        "/api/inbox/counts",
        "/api/notices",
        "/api/audit",
        "/api/search?q=第",
        "/api/search?q=zq"};
    for (const auto& kind : const_cast<TestApp&>(app)->catalogue().kinds()) {
        const auto list = "/api/records/" + kind.name;
        const auto area = "&area=" + text_of(person.grant.area);
        for (const auto* filter :
             {"?count=1", "?count=1&limit=1", "?sort=created_at&limit=3", "?sort=-updated_at",
              "?q=第&count=1", "?mine=1"}) {
            targets.push_back(list + filter);
        }
        targets.push_back("/api/exports/" + kind.name + ".csv");
        targets.push_back(list + "?count=1" + area);
        if (kind.flow) {
            targets.push_back(list + "?sort=due_at");
            targets.push_back(list + "?overdue=1&count=1");
            targets.push_back("/api/board?kind=" + kind.name);
            targets.push_back("/api/board?kind=" + kind.name + area);
        }
    }
    return targets;
}

const Person& World::person(const std::string& role, std::size_t city) const {
    const auto half = people.size() / 2;
    for (std::size_t i = city * half; i < people.size(); ++i) {
        if (people[i].role == role) {
            return people[i];
        }
    }
    throw std::invalid_argument("no such person: " + role);
}

std::vector<Foreign> World::ids(const Person& person, const std::string& sql) {
    const auto tree = app->areas().today();
    std::vector<Foreign> found;
    app->database().read([&](store::Tx& tx) {
        tx.each(store::Sql{"test." + sql, sql}, [&](const store::Row& row) {
            found.push_back(
                {std::to_string(row.integer(0)),
                 relation(*tree, person.grant.area, AreaId{row.integer(1)})}
            );
            return true;
        });
    });
    return spread(found);
}

std::vector<Foreign> World::foreign_ids(const Person& person, const std::string& type) {
    const auto me = text_of(person.client.account());
    const auto tree = app->areas().today();
    const std::string end = " ORDER BY 1 LIMIT 400";
    if (type == "session" || type == "token") {
        const auto of = type == "session" ? "" : " AND t.purpose = 'api'";
        return ids(
            person, "SELECT t.id, g.area FROM identity_" + type +
                        " t JOIN identity_grant g ON g.account = t.account WHERE t.account <> " +
                        me + of + end
        );
    }
    if (type == "view") {
        return ids(person, "SELECT id, 0 FROM identity_view WHERE account <> " + me + end);
    }
    if (type == "notice") {
        return ids(person, "SELECT id, 0 FROM flow_notice" + end);
    }
    if (type == "decision") {
        std::vector<Foreign> found;
        for (const auto& [about, decision] : decisions) {
            if (!person.grant.area || !tree->within(about, person.grant.area)) {
                found.push_back({decision, relation(*tree, person.grant.area, about)});
            }
        }
        return spread(found);
    }
    std::string outside;
    for (const auto& node : tree->all()) {
        // A unit above may be asked to take over.
        const bool above = type == "unit" && tree->within(person.grant.area, node.id);
        if (!person.grant.area || (!tree->within(node.id, person.grant.area) && !above)) {
            outside += (outside.empty() ? "" : ",") + text_of(node.id);
        }
    }
    const auto there = " WHERE area IN (" + outside + ")";
    if (type == "area") {
        return ids(person, "SELECT area, area FROM area_version" + there + end);
    }
    if (type == "unit") {
        return ids(person, "SELECT id, area FROM identity_unit" + there + end);
    }
    const std::string column = type == "grant" ? "id" : "account";
    return ids(
        person,
        "SELECT " + column + ", area FROM identity_grant" + there + " AND account <> " + me + end
    );
}

std::vector<Foreign> World::foreign_records(const Person& person, const std::string& kind) const {
    const auto tree = const_cast<TestApp&>(app)->areas().today();
    std::vector<Foreign> found;
    for (const auto* thing : foreign(person, kind)) {
        found.push_back({thing->id, relation(*tree, person.grant.area, thing->filing.area)});
    }
    return spread(found);
}

}  // namespace linli::app::testing
