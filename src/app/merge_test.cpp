// SPDX-License-Identifier: Apache-2.0
/// Persons entered twice: found, decided, merged with all that refers to them, taken apart again.
#include <doctest/doctest.h>

#include "app/testing.hpp"
#include "registry/queue.hpp"

namespace linli::app::testing {

namespace {

const registry::Readings& readings() {
    static const registry::Readings all(registry::readings_in(catalogue_folder()));
    return all;
}

class Register {
 public:
    explicit Register(store::Engine engine)
        : app(options_for(engine)),
          community(app.community(0)),
          desk(app.as("community_desk", community.id)) {}

    std::string add(const std::string& kind, const Value& fields) const {
        const auto reply = desk.post(
            "/api/records/" + kind, obj({{"area", text_of(community.id)}, {"fields", fields}})
        );
        REQUIRE_MESSAGE(reply.status == 201, reply.body);
        return reply.text("id");
    }
    registry::Found find() {
        return registry::find_duplicates(
            app->database(), readings(), app->areas().today()->find(community.id)->county_number,
            app.time.now()
        );
    }
    Reply queue() const { return desk.get("/api/duplicates"); }
    Reply decide(const std::string& decision, const std::string& keep = {}) const {
        return decide(desk, decision, keep);
    }
    Reply decide(const Client& by, const std::string& decision, const std::string& keep) const {
        auto body = obj({{"decision", decision}});
        if (!keep.empty()) {
            body.set("keep", keep);
        }
        return by.post("/api/duplicates/" + first + "/" + second + "/decision", body);
    }
    std::int64_t count(const std::string& from) {
        return app.integer("SELECT count(*) FROM " + from);
    }

    /// One person twice: once with number and household, once with telephone and what refers to
    /// it.
    void enter_twice() {
        household = add("household", obj({{"name", "王小梅"}, {"household_type", "family"}}));
        first =
            add("person", obj(
                              {{"name", "王小梅"},
                               {"sex", "female"},
                               {"birth_date", "1980-03-07"},
                               {"id_number", "340503198003070022"},
                               {"residence", "resident"},
                               {"household", household},
                               {"phone", "15412345678"}}
                          ));
        second =
            add("person", obj(
                              {{"name", "王晓梅"},
                               {"sex", "female"},
                               {"birth_date", "1980-03-07"},
                               {"residence", "temporary"},
                               {"phone", "154-1234-5678"},
                               {"occupation", "教师"}}
                          ));
        add("volunteer",
            obj({{"name", "王晓梅"}, {"registered_on", "2024-01-01"}, {"person", second}}));
        add("building",
            obj({{"place_name", "1号楼"}, {"building_use", "residential"}, {"head", second}}));
        add("person", obj(
                          {{"name", "王天"},
                           {"sex", "male"},
                           {"birth_date", "2015-01-01"},
                           {"residence", "resident"},
                           {"guardian", second}}
                      ));
        for (int i = 0; i < 30; ++i) {  // others, so that a name tells something
            const auto born = std::to_string(1950 + i) + "-0" + std::to_string(1 + i % 9) + "-" +
                              std::to_string(10 + i % 17);
            add("person", obj(
                              {{"name", "李" + std::to_string(i)},
                               {"sex", "male"},
                               {"birth_date", born},
                               {"residence", "resident"}}
                          ));
        }
    }

    TestApp app;
    const Community& community;
    Client desk;
    std::string household, first, second;

 private:
    static TestOptions options_for(store::Engine engine) {
        TestOptions options;
        options.engine = engine;
        return options;
    }
};

template <class F>
void on_each_engine(F&& body) {
    for (const auto engine : store::testing::engines()) {
        Register entries(engine);
        body(entries);
    }
}

}  // namespace

TEST_CASE("a person entered twice is in the queue with the reasons, for who may change both") {
    on_each_engine([](Register& r) {
        r.enter_twice();
        const auto found = r.find();
        CHECK(found.persons == 33);
        CHECK(found.pairs == 1);
        CHECK(found.fresh == 1);
        CHECK(r.find().fresh == 0);
        const auto queue = r.queue();
        REQUIRE_MESSAGE(queue.size("pairs") == 1, queue.body);
        CHECK(queue.text("pairs/0/first/id") == r.first);
        CHECK(queue.text("pairs/0/second/id") == r.second);
        CHECK(queue.number("pairs/0/chance") > 900);
        CHECK(queue.text("pairs/0/reasons/0/mark") == "name_sounds");
        const auto colleague = r.app.as("grid_worker", r.community.id);
        const auto seen = colleague.get("/api/duplicates");
        CHECK(seen.size("pairs") == 1);
        CHECK(seen.body.find("15412345678") == std::string::npos);
        CHECK(
            r.app.as("community_desk", r.app.community(1).id)
                .get("/api/duplicates")
                .size("pairs") == 0
        );
        CHECK(
            r.app.as("county_supervisor", r.app.city().counties[0].id)
                .get("/api/duplicates")
                .size("pairs") == 0
        );
        const auto other = r.app.as("community_desk", r.app.community(1).id);
        CHECK(r.decide(other, "same", r.first).refusal() == "pair_not_found");
    });
}

TEST_CASE("what is not the same is not asked again, what is put off waits apart") {
    on_each_engine([](Register& r) {
        r.enter_twice();
        r.find();
        CHECK(r.decide("perhaps").refusal() == "invalid");
        CHECK(r.decide("same").refusal() == "invalid");
        CHECK(r.decide("later").ok());
        CHECK(r.queue().size("pairs") == 0);
        CHECK(r.desk.get("/api/duplicates?state=later").size("pairs") == 1);
        CHECK(r.decide("different").ok());
        CHECK(r.desk.get("/api/duplicates?state=later").size("pairs") == 0);
        CHECK(r.find().fresh == 0);
        CHECK(r.queue().size("pairs") == 0);
    });
}

TEST_CASE("a merge keeps every reference and history, and taking it apart gives everything back") {
    on_each_engine([](Register& r) {
        r.enter_twice();
        r.find();
        const auto histories = r.count("record_history");
        const auto merged = r.decide("same", r.second);  // the one without a number is kept
        REQUIRE_MESSAGE(merged.ok(), merged.body);
        CHECK(merged.text("kept") == r.second);
        const auto at = [&](const std::string& kind, const std::string& field, const std::string& id
                        ) { return r.count(kind + " WHERE " + field + " = " + id); };
        CHECK(at("volunteer", "person", r.second) == 1);
        CHECK(at("building", "head", r.second) == 1);
        CHECK(at("person", "guardian", r.second) == 1);
        CHECK(r.count("person WHERE state = 'withdrawn' AND id = " + r.first) == 1);
        CHECK(r.count("person WHERE id_number IS NOT NULL AND id = " + r.second) == 1);
        CHECK(
            at("person", "household", r.household) == 2
        );  // the withdrawn one still says where it was
        CHECK(r.queue().size("pairs") == 0);
        CHECK(r.count("record_history") > histories);
        const auto merges = r.desk.get("/api/merges");
        REQUIRE(merges.size("merges") == 1);
        CHECK(merges.text("merges/0/id") == merged.text("merge"));

        const auto path = "/api/merges/" + merged.text("merge") + "/undo";
        const auto other = r.app.as("community_desk", r.app.community(1).id);
        CHECK(other.post(path).status == 404);
        REQUIRE(r.desk.post(path).ok());
        CHECK(r.desk.post(path).refusal() == "merge_undone");
        CHECK(
            r.count(
                "person WHERE state = 'active' AND id_number IS NOT NULL AND id = " + r.first
            ) == 1
        );
        CHECK(
            r.count("person WHERE id_number IS NULL AND household IS NULL AND id = " + r.second) ==
            1
        );
        CHECK(r.queue().size("pairs") == 1);

        const auto again = r.decide("same", r.first);  // now the other way round
        REQUIRE(again.ok());
        CHECK(at("volunteer", "person", r.first) == 1);
        CHECK(at("building", "head", r.first) == 1);
        CHECK(at("person", "guardian", r.first) == 1);
        REQUIRE(r.desk.post("/api/merges/" + again.text("merge") + "/undo").ok());
        CHECK(at("volunteer", "person", r.second) == 1);
        CHECK(at("building", "head", r.second) == 1);
        CHECK(at("person", "guardian", r.second) == 1);
    });
}

}  // namespace linli::app::testing
