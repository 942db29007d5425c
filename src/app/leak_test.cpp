// SPDX-License-Identifier: Apache-2.0
/// Lists, counts, pages, search, boards, inboxes and sheets hold what the asker may see and nothing
/// else, and what others do does not show in them (C17).
#include <doctest/doctest.h>

#include <algorithm>

#include "app/scope_world.hpp"

namespace linli::app::testing {

namespace {

std::set<std::string> ids_of(const std::vector<const Thing*>& things) {
    std::set<std::string> ids;
    for (const auto* thing : things) {
        ids.insert(thing->id);
    }
    return ids;
}

/// Its sample fields hold the mark in a field that search goes over.
bool found_by_mark(const catalogue::Kind& kind) {
    return std::any_of(kind.fields.begin(), kind.fields.end(), [](const auto& field) {
        return field.required && field.search && field.type == catalogue::FieldType::text;
    });
}

void collect(const Reply& reply, const char* list, std::multiset<std::string>& ids) {
    if (const auto* entries = reply.at(list).as_list()) {
        for (const auto& entry : *entries) {
            ids.insert(entry.text_or("id"));
        }
    }
}

/// Every page of a list, and the cursors on the way.
std::multiset<std::string> all_pages(
    const Client& by, const std::string& target, const char* list,
    std::vector<std::string>* cursors = nullptr
) {
    std::multiset<std::string> ids;
    std::string next;
    for (int page = 0; page < 200; ++page) {
        const auto reply = by.get(target + (next.empty() ? "" : "&cursor=" + next));
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        collect(reply, list, ids);
        next = reply.text("next");
        if (next.empty()) {
            return ids;
        }
        if (cursors) {
            cursors->push_back(next);
        }
    }
    FAIL("the pages do not end: " << target);
    return ids;
}

std::multiset<std::string> many(const std::set<std::string>& ids) {
    return {ids.begin(), ids.end()};
}

struct Worlds {
    explicit Worlds(store::Engine engine) : extra("lost_and_found"), world(engine, extra) {}
    ExtraKind extra;
    World world;
};

template <class F>
void in_each_world(F&& body) {
    for (const auto engine : store::testing::engines()) {
        Worlds worlds(engine);
        body(worlds.world);
    }
}

}  // namespace

TEST_CASE("a list holds exactly what one may see, page by page, in every order (C17)") {
    in_each_world([](World& world) {
        for (const auto& person : world.people) {
            for (const auto& kind : world.app->catalogue().kinds()) {
                CAPTURE(person.client.name());
                CAPTURE(kind.name);
                const auto list = "/api/records/" + kind.name;
                const auto first = person.client.get(list + "?count=1");
                if (person.role.empty()) {
                    CHECK(first.status == 401);
                    continue;
                }
                const auto expected = ids_of(world.readable(person, kind.name));
                if (first.status == 403) {
                    CHECK(expected.empty());
                    continue;
                }
                CHECK(first.number("count") == static_cast<std::int64_t>(expected.size()));
                std::vector<const char*> sorts{"-created_at", "created_at", "-updated_at"};
                if (kind.flow) {
                    sorts.push_back("due_at");
                }
                for (const auto* sort : sorts) {
                    CAPTURE(sort);
                    CHECK(
                        all_pages(person.client, list + "?limit=2&sort=" + sort, "records") ==
                        many(expected)
                    );
                }
                for (const auto& thing : world.things) {
                    if (thing.kind == kind.name) {
                        const auto status = person.client.get(list + "/" + thing.id).status;
                        CHECK(status == (world.may_read(person, thing) ? 200 : 404));
                    }
                }
            }
        }
    });
}

TEST_CASE("a cursor of somebody else opens nothing") {
    in_each_world([](World& world) {
        const std::string list = "/api/records/request?limit=2";
        std::vector<std::string> cursors;
        for (const auto* role : {"city_supervisor", "community_desk", "resident"}) {
            all_pages(world.person(role, 1).client, list, "records", &cursors);
        }
        CHECK(cursors.size() > 6);
        for (const auto& person : world.people) {
            const auto allowed = ids_of(world.readable(person, "request"));
            for (const auto& cursor : cursors) {
                std::multiset<std::string> ids;
                const auto reply = person.client.get(list + "&cursor=" + cursor);
                collect(reply, "records", ids);
                CHECK(std::all_of(ids.begin(), ids.end(), [&](const auto& id) {
                    return allowed.count(id) > 0;
                }));
                CHECK(world.leak(person, reply.body, cursor).empty());
            }
        }
    });
}

TEST_CASE("search, filters and sheets find nothing of others") {
    in_each_world([](World& world) {
        int asked = 0;
        std::size_t turn = 0;
        for (const auto& person : world.people) {
            CAPTURE(person.client.name());
            for (const auto& thing : world.things) {
                // A third of the other kinds by turns: each thing is looked for by many people.
                if (thing.kind != "request" && ++turn % 3 != 0) {
                    continue;
                }
                const bool allowed = world.may_read(person, thing);
                const auto list = "/api/records/" + thing.kind + "?count=1";
                const auto& kind = *world.app->catalogue().kind(thing.kind);
                const bool marked = found_by_mark(kind);
                std::map<std::string, bool> targets{
                    {"/api/search?q=" + thing.mark, marked}, {list + "&q=" + thing.mark, marked}};
                if (!thing.number.empty()) {
                    targets["/api/search?q=" + thing.number] = true;
                }
                for (const auto& field : kind.fields) {
                    if (field.type == catalogue::FieldType::phone) {
                        const auto nth = std::stoi(thing.mark.substr(2)) - 70000;
                        targets
                            [list + "&f." + field.name + "=139" + std::to_string(10000000 + nth)] =
                                false;
                    }
                }
                for (const auto& [target, finds] : targets) {
                    const auto reply = person.client.get(target);
                    ++asked;
                    CAPTURE(target);
                    if (!allowed) {
                        CHECK(world.leak(person, reply.body, target).empty());
                        const bool nothing = reply.status >= 400 ||
                                             reply.size("records") + reply.size("results") == 0;
                        CHECK(nothing);
                        CHECK(reply.number("count") <= 0);
                    } else if (finds) {
                        CHECK(reply.body.find(thing.id) != std::string::npos);
                    }
                }
            }
            for (const auto& kind : world.app->catalogue().kinds()) {
                const auto sheet = person.client.get("/api/exports/" + kind.name + ".csv");
                const auto right = kind.rights.find(person.role);
                const bool may =
                    right != kind.rights.end() && right->second.export_ != catalogue::Reach::none;
                CHECK((sheet.status == 200) == may);
                CHECK(world.leak(person, sheet.body).empty());
                for (const auto* thing : world.readable(person, kind.name)) {
                    CHECK((!may || sheet.body.find(thing->number) != std::string::npos));
                }
            }
        }
        MESSAGE(asked << " searches");
    });
}

TEST_CASE("nothing that can be asked names what is not one's own") {
    in_each_world([](World& world) {
        for (const auto& person : world.people) {
            for (const auto& target : world.questions(person)) {
                const auto reply = person.client.get(target);
                CAPTURE(target);
                CAPTURE(person.client.name());
                CHECK(reply.status < 500);
                CHECK((reply.status != 400 && reply.status != 404));
                const bool log = target == "/api/audit";  // lines of one's areas, ids included
                const auto leaked = world.leak(person, reply.body, target, log);
                CHECK_MESSAGE(leaked.empty(), "leaks " << leaked);
            }
        }
    });
}

TEST_CASE("what happens in one city shows nowhere in the other") {
    in_each_world([](World& world) {
        const auto half = world.people.size() / 2;
        const auto answers = [&] {
            std::map<std::string, std::string> found;
            for (std::size_t i = 0; i < half; ++i) {
                const auto& person = world.people[i];
                for (const auto& target : world.questions(person)) {
                    if (target.find("/api/audit") == std::string::npos &&
                        target != "/api/sessions" && target != "/api/me") {
                        const auto reply = person.client.get(target);
                        found[person.client.name() + " " + target] =
                            std::to_string(reply.status) + (reply.ok() ? reply.body : "");
                    }
                }
            }
            return found;
        };
        const auto before = answers();
        const auto& county = world.app.city(1).counties[0];
        for (int i = 0; i < 6; ++i) {
            const auto& community =
                county.subdistricts[0].communities[static_cast<std::size_t>(i % 2)];
            for (const auto& kind : world.app->catalogue().kinds()) {
                const auto mark = "zq" + std::to_string(90000 + i) + "x";
                const auto reply = world.file(kind.name, community, mark, 500 + i);
                if (kind.name == "request") {
                    Thing thing;
                    thing.kind = kind.name;
                    thing.id = reply.text("id");
                    thing.mark = mark;
                    thing.filing.community = community.id;
                    world.move_along(thing, county, i % 4);
                }
            }
        }
        world.app.index();
        const auto after = answers();
        CHECK(before.size() == after.size());
        for (const auto& [question, answer] : before) {
            CAPTURE(question);
            CHECK(answer == after.at(question));
        }
        MESSAGE(before.size() << " answers compared");
    });
}

TEST_CASE("the stream tells of a record those alone who may read it") {
    in_each_world([](World& world) {
        std::vector<std::shared_ptr<http::Listener>> listeners;
        world.app.tell();
        for (const auto& person : world.people) {
            listeners.push_back(person.role.empty() ? nullptr : person.client.listen());
        }
        int told = 0;
        for (auto& thing : world.things) {
            if (thing.kind != "request" || thing.state != "submitted") {
                continue;
            }
            const auto county = std::find_if(
                world.app.cities().begin(), world.app.cities().end(),
                [&](const City& city) { return city.counties[0].id == thing.filing.county; }
            );
            if (county == world.app.cities().end()) {
                continue;
            }
            world.move_along(thing, county->counties[0], 2);
            world.app.tell();
            for (std::size_t i = 0; i < listeners.size(); ++i) {
                const auto heard = listeners[i] ? listeners[i]->take().value_or("") : "";
                const bool about = heard.find(thing.id) != std::string::npos;
                CAPTURE(world.people[i].client.name());
                const bool may = world.may_read(world.people[i], thing);
                const bool assigned = world.people[i].role == "department";  // looks into its inbox
                CHECK((may ? about || assigned : !about));
                told += about;
            }
        }
        CHECK(told > 10);
    });
}

TEST_CASE("residents hear of a notice once it is published, on their own path alone") {
    TestApp app;
    const auto& county = app.city(0).counties[0];
    const auto street = county.subdistricts[0].id;
    const auto desk = app.as("subdistrict_desk", street);
    const auto inside = app.other("resident", county.subdistricts[0].communities[0].id, "inside");
    const auto outside =
        app.other("resident", app.city(1).counties[0].subdistricts[0].communities[0].id, "outside");
    const auto hears = inside.listen(), deaf = outside.listen();
    const auto heard = [](const std::shared_ptr<http::Listener>& by, const std::string& id) {
        return by->take().value_or("").find(id) != std::string::npos;
    };
    const auto& kind = *app->catalogue().kind("notice");
    const auto draft = desk.post(
        "/api/records/notice",
        obj({{"area", text_of(street)}, {"fields", sample_fields(*app, kind, "zq", 1)}})
    );
    REQUIRE_MESSAGE(draft.status == 201, draft.body);
    const auto id = draft.text("id");
    CHECK(desk.act("notice", id, "send").status == 200);
    app.tell();
    CHECK_FALSE(heard(hears, id));
    CHECK(inside.get("/api/records/notice/" + id).status == 404);
    const auto over = app.as("county_supervisor", app.city().counties[0].id);
    CHECK(over.act("notice", id, "publish").status == 200);
    app.tell();
    CHECK(heard(hears, id));
    CHECK_FALSE(heard(deaf, id));
    CHECK(inside.get("/api/records/notice/" + id).status == 200);
    CHECK(outside.get("/api/records/notice/" + id).status == 404);
}

TEST_CASE("a stream ends when the account's rights change (C08)") {
    TestApp app;
    const auto here = app.community().id;
    const auto resident = app.as("resident", here), other = app.other("resident", here, "other");
    const auto stream = resident.listen(), kept = other.listen();
    CHECK(resident.remove("/api/session").status == 204);
    CHECK_FALSE(stream->take().has_value());
    CHECK(kept->take().has_value());
}

TEST_CASE("a grant over a street covers its communities and never its siblings (C24)") {
    in_each_world([](World& world) {
        auto& app = world.app;
        for (const auto& city : app.cities()) {
            for (const auto& county : city.counties) {
                const auto& street = county.subdistricts[0];
                const auto desk = app.as("subdistrict_desk", street.id);
                std::set<std::string> expected;
                for (const auto& thing : world.things) {
                    if (thing.kind == "request" && thing.filing.subdistrict == street.id) {
                        expected.insert(thing.id);
                    }
                }
                CHECK(expected.size() == 8);
                CHECK(all_pages(desk, "/api/records/request?limit=3", "records") == many(expected));
            }
        }
    });
}

}  // namespace linli::app::testing
