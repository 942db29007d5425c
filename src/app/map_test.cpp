// SPDX-License-Identifier: Apache-2.0
/// The planning map over HTTP: who sees what, and that its figures fit together.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <numeric>
#include <thread>

#include "app/demo.hpp"
#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

/// A test application whose first county has a made-up town of 5,000 street points.
struct MapApp : TestApp {
    const County& county = city().counties[0];
    Client planner = as("county_supervisor", county.id);
    std::string area = "area=" + text_of(county.id);
    std::filesystem::path folder = data() / "spatial" / county.code;

    MapApp() {
        make_demo_town(
            *(*this)->areas().today(), county.id, catalogue_folder(), data() / "spatial", {5'000, 7}
        );
    }
    Reply get(const std::string& what, const std::string& query = "") const {
        return planner.get("/api/spatial" + what + "?" + area + query);
    }
    Reply ended(const Client& by, const Reply& job) const {
        auto reply = job;
        while (reply.text("state") == "waiting" || reply.text("state") == "running") {
            std::this_thread::yield();
            reply = by.get("/api/spatial/jobs/" + std::to_string(job.number("id")));
        }
        return reply;
    }
};

std::int64_t sum_of(const Reply& reply, const std::string& list, const std::string& member) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < reply.size(list); ++i) {
        sum += reply.at(list + "/" + std::to_string(i)).int_or(member);
    }
    return sum;
}

/// A number of the first area, which is the county: "all" or "covered" households.
std::int64_t households(const Reply& coverage, const std::string& what) {
    return coverage.number("areas/0/" + what + "/1");
}

std::string place_to(const Reply& places, const std::string& where) {
    const auto& one = places.at("places/" + where);
    return std::to_string(*one.find("lon")->as_double()) + "," +
           std::to_string(*one.find("lat")->as_double());
}

}  // namespace

TEST_CASE("who is covered, who is not and what is drawn are the same households") {
    const MapApp app;
    const std::string fitness = "&circle=fitness&day=1";
    const auto coverage = app.get("/coverage", fitness);
    REQUIRE(coverage.status == 200);
    const auto all = households(coverage, "all"), covered = households(coverage, "covered");
    CHECK(all > covered);
    CHECK(covered > 0);
    CHECK(sum_of(app.get("/gaps", fitness), "gaps", "households") == all - covered);
    const auto drawn = app.get("/dwellings", fitness + "&metres=5");
    CHECK(sum_of(drawn, "dwellings", "outside") == all - covered);
    CHECK(drawn.number("left_out") == 0);
    std::int64_t communities = 0;
    const auto facts = app.get("");
    for (std::size_t a = 0; a < facts.size("areas"); ++a) {
        const auto at = "/" + std::to_string(a);
        if (facts.text("areas" + at + "/level") == "community") {
            communities += coverage.number("areas" + at + "/covered/1");
        }
    }
    CHECK(communities == covered);
    CHECK(facts.at("made_up") == Value(true));
}

TEST_CASE("walks outside of a circle are told at the pace of those whom it is for") {
    const MapApp app;
    const auto gaps = app.get("/gaps", "&circle=elder_meals&day=1");
    REQUIRE(gaps.size("gaps") > 0);
    std::size_t measured = 0;
    for (std::size_t i = 0; i < gaps.size("gaps"); ++i) {
        const auto at = "gaps/" + std::to_string(i);
        const auto limit = gaps.number(at + "/limit");
        CHECK((limit == 10 || limit == 20));
        if (const auto* minutes = gaps.at(at + "/minutes").as_double()) {
            CHECK(*minutes > static_cast<double>(limit));
            ++measured;
        }
    }
    CHECK(measured > 0);
}

TEST_CASE("what if: a facility that goes loses what it alone covers, one put back gains it") {
    const MapApp app;
    const std::string circle = "&circle=fitness&day=1";
    const auto coverage = app.get("/coverage", circle);
    const auto places = app.get("/places");
    std::int64_t changes = 0;
    for (std::size_t p = 0; p < coverage.size("places"); ++p) {
        const auto number = std::to_string(coverage.number("places/" + std::to_string(p)));
        const auto gone = app.get("/what-if", circle + "&place=" + number);
        REQUIRE(gone.status == 200);
        CHECK(gone.number("gained") == 0);
        if (gone.size("areas") > 0) {
            CHECK(
                households(gone, "covered") == households(coverage, "covered") - gone.number("lost")
            );
        }
        changes += gone.number("lost");
        const auto here = "&to=" + place_to(places, number);
        CHECK(app.get("/what-if", circle + "&place=" + number + here).number("lost") == 0);
        CHECK(app.get("/what-if", circle + here).number("gained") == 0);
    }
    CHECK(changes > 0);
}

TEST_CASE("a community sees its own dwellings alone, and nobody sees another's (C16)") {
    MapApp app;
    const auto& own = app.county.subdistricts[0].communities[0];
    const auto& other = app.county.subdistricts[1].communities[1];
    const auto desk = app.as("community_desk", own.id);
    const auto mine = "/api/spatial?area=" + text_of(own.id);
    const auto facts = desk.get(mine);
    REQUIRE(facts.status == 200);
    CHECK(facts.size("areas") == 1);
    CHECK(facts.text("areas/0/code") == own.code);
    const auto ask = [&](const std::string& what, AreaId area) {
        return desk.get("/api/spatial/" + what + "area=" + text_of(area));
    };
    const std::string covered = "coverage?circle=fitness&day=1&";
    for (const std::string& what :
         {covered, std::string("gaps?circle=fitness&"), std::string("isochrone?at=117,32&"),
          std::string("what-if?circle=fitness&to=117,32&"), std::string("outlines?"),
          std::string("streets?"), std::string("places?"), std::string("dwellings?")}) {
        CAPTURE(what);
        CHECK(ask(what, other.id).refusal() == "area_not_found");
        CHECK(ask(what, app.county.id).refusal() == "area_not_found");
    }
    const auto whole = app.planner.get(
        "/api/spatial/dwellings?circle=fitness&day=1&metres=0&area=" + text_of(own.id)
    );
    CHECK(sum_of(whole, "dwellings", "households") == ask(covered, own.id).number("areas/0/all/1"));
    CHECK(app.as("resident", own.id).get(mine).refusal() == "right_missing");
    CHECK(app.nobody().get(mine).status == 401);
    const auto elsewhere = app.city(1).counties[0].id;
    CHECK(
        app.as("county_supervisor", elsewhere)
            .get("/api/spatial?area=" + text_of(elsewhere))
            .refusal() == "network_not_found"
    );
}

TEST_CASE("what is asked wrongly is refused by name") {
    const MapApp app;
    struct Case {
        std::string what, query, refusal;
    };
    for (const auto& c : std::vector<Case>{
             {"/streets", "&box=1,2,3", "box_malformed"},
             {"/streets", "&box=118,33,117,32", "box_malformed"},
             {"/streets", "&colour=red", "unknown_query"},
             {"/isochrone", "", "point_malformed"},
             {"/isochrone", "&at=32.9", "point_malformed"},
             {"/isochrone", "&at=nan,1", "point_malformed"},
             {"/isochrone", "&at=0,0", "not_on_street"},
             {"/isochrone", "&at=117.38,32.91&walker=dragon", "unknown_group"},
             {"/what-if", "&circle=fitness&day=1", "point_malformed"},
             {"/what-if", "&circle=fitness&day=1&place=999999", "place_not_found"},
             {"/what-if", "&circle=fitness&day=1&to=0,0", "not_on_street"},
             {"/coverage", "&circle=square", "unknown_circle"},
         }) {
        CAPTURE(c.what);
        CAPTURE(c.query);
        const auto reply = app.get(c.what, c.query);
        CAPTURE(reply.body);
        const auto code =
            reply.refusal() == "invalid" ? reply.text("problems/0/code") : reply.refusal();
        CHECK(code == c.refusal);
    }
}

TEST_CASE("files that are broken are told, and the last good ones stay") {
    const MapApp app;
    const auto before = app.get("/coverage", "&circle=fitness&day=1");
    for (const char* file : {"places.csv", "dwellings.csv", "city.net", "barriers.geojson"}) {
        CAPTURE(file);
        const auto saved = app.folder / "saved";
        std::filesystem::copy_file(app.folder / file, saved);
        std::ofstream(app.folder / file) << "lon,lat,kind\n117,north,canteen\n";
        CHECK(app.get("").text("problem") != "");
        CHECK(app.get("/coverage", "&circle=fitness&day=1").body == before.body);
        std::filesystem::rename(saved, app.folder / file);
        CHECK(app.get("").text("problem") == "");
    }
}

TEST_CASE("people of a group are told by fives, so that no step aside tells of one building (C18)"
) {
    const MapApp app;
    const auto facts = app.get("");
    std::size_t groups = 0;
    for (std::size_t c = 0; c < facts.size("columns"); ++c) {
        const auto at = std::to_string(c);
        if (facts.text("columns/" + at) == "households") {
            continue;
        }
        ++groups;
        const auto door = app.get("/places");
        for (const char* minutes : {"1", "2", "3", "5"}) {
            const auto near =
                app.get("/isochrone", "&at=" + place_to(door, "0") + "&minutes=" + minutes);
            REQUIRE(near.status == 200);
            CHECK(near.number("sums/" + at) % 5 == 0);
        }
    }
    CHECK(groups > 0);
    const auto coverage = app.get("/coverage", "&circle=fitness&day=1");
    REQUIRE(coverage.status == 200);
    for (std::size_t a = 0; a < coverage.size("areas"); ++a) {
        for (std::size_t c = 2; c < coverage.size("columns"); ++c) {
            const auto at = "areas/" + std::to_string(a);
            CHECK(coverage.number(at + "/all/" + std::to_string(c)) % 5 == 0);
            CHECK(coverage.number(at + "/covered/" + std::to_string(c)) % 5 == 0);
        }
    }
}

TEST_CASE("a longer walk reaches more, a slower one less") {
    const MapApp app;
    const auto places = app.get("/places");
    const auto at = "&at=" + place_to(places, "0");
    const auto reach = [&](const std::string& more) {
        const auto reply = app.get("/isochrone", at + more);
        REQUIRE(reply.status == 200);
        return reply.number("sums/0");
    };
    CHECK(reach("&minutes=15") <= reach("&minutes=30"));
    CHECK(reach("&minutes=30") < reach("&minutes=60"));
    CHECK(reach("&minutes=30&walker=wheelchair") <= reach("&minutes=30"));
    CHECK(app.get("/isochrone", at).text("ground/type") == "MultiPolygon");
}

TEST_CASE("a study says what each site adds, with a proven bound, area by area") {
    MapApp app;
    const auto order = [&](const char* kind) {
        return obj(
            {{"area", text_of(app.county.id)}, {"circle", "fitness"}, {"kind", kind}, {"number", 2}}
        );
    };
    for (const char* kind : {"max_cover", "cover_all", "median", "centre"}) {
        CAPTURE(kind);
        const auto begun = app.planner.post("/api/spatial/studies", order(kind));
        CAPTURE(begun.body);
        REQUIRE(begun.status == 200);
        const auto job = app.ended(app.planner, begun);
        CAPTURE(job.body);
        REQUIRE(job.text("state") == "done");
        CHECK(job.size("result/sites") > 0);
        const auto all = job.number("result/areas/0/all");
        CHECK(job.number("result/areas/0/covered") >= job.number("result/areas/0/before"));
        CHECK(all >= job.number("result/areas/0/covered"));
        if (std::string(kind) == "max_cover") {
            CHECK(job.number("result/bound") >= job.number("result/figure"));
            CHECK(
                job.number("result/before") + sum_of(job, "result/sites", "adds") ==
                job.number("result/figure")
            );
            CHECK(job.number("result/areas/0/covered") * 1000 == job.number("result/figure"));
        }
    }
    const auto jobs = app.planner.get("/api/spatial/jobs");
    CHECK(jobs.size("jobs") == 4);
    const auto path = "/api/spatial/jobs/" + std::to_string(jobs.number("jobs/0/id"));
    CHECK(
        app.other("county_supervisor", app.county.id, "another").get(path).refusal() ==
        "job_not_found"
    );
    CHECK(app.as("community_desk", app.community().id).get(path).refusal() == "right_missing");
}

TEST_CASE("studies wait for each other, are cancelled, and are refused for others' areas") {
    MapApp app;
    auto order = obj(
        {{"area", text_of(app.county.id)},
         {"circle", "fitness"},
         {"kind", "max_cover"},
         {"number", 6}}
    );
    std::vector<std::string> paths;
    Reply reply;
    do {  // they may end while more are begun
        reply = app.planner.post("/api/spatial/studies", order);
        paths.push_back("/api/spatial/jobs/" + std::to_string(reply.number("id")));
    } while (reply.ok() && paths.size() < 100);
    CHECK(reply.refusal() == "jobs_waiting");
    paths.pop_back();
    for (const auto& path : paths) {
        CHECK(app.planner.remove(path).status == 204);
    }
    CHECK(app.ended(app.planner, app.planner.get(paths.back())).text("state") == "cancelled");
    for (const auto& [field, value, refusal] :
         std::vector<std::tuple<std::string, Value, std::string>>{
             {"area", text_of(app.city(1).counties[0].id), "area_not_found"},
             {"count", "dragons", "column_missing"},
             {"build", "canteen", "kind_not_of_circle"},
             {"circle", "square", "unknown_circle"},
             {"sites", Value::List{obj({{"lon", 0}, {"lat", 0}})}, "nothing_to_choose"}}) {
        auto wrong = order;
        wrong.set(field, value);
        const auto refused = app.planner.post("/api/spatial/studies", wrong);
        CAPTURE(refused.body);
        CHECK((refused.refusal() == refusal || refused.text("problems/0/code") == refusal));
    }
}

TEST_CASE("grid cells and communities are proposed with their reasons") {
    MapApp app;
    const auto work_out = [&](Value order) {
        order.set("area", text_of(app.county.id));
        const auto begun = app.planner.post("/api/spatial/districts", order);
        CAPTURE(begun.body);
        REQUIRE(begun.status == 200);
        return app.ended(app.planner, begun);
    };
    const auto cells = work_out(obj({{"kind", "cells"}, {"low", 300}, {"high", 500}}));
    REQUIRE(cells.text("state") == "done");
    const auto all = households(app.get("/coverage", "&circle=youth&day=1"), "all");
    CHECK(sum_of(cells, "result/cells", "households") == all);
    const auto communities = work_out(
        obj({{"kind", "communities"}, {"split_above", 800}, {"merge_below", 0}, {"villages", true}})
    );
    CAPTURE(communities.body.substr(0, 2000));
    REQUIRE(communities.text("state") == "done");
    CHECK(communities.size("result/proposals") > 0);
    const auto left = communities.text("result/proposals/0/areas/0/code");
    const auto wish =
        obj({{"rule", "leave"}, {"first", left}, {"reason", "a village of one clan"}});
    const auto again = work_out(obj(
        {{"kind", "communities"},
         {"split_above", 800},
         {"merge_below", 0},
         {"villages", true},
         {"wishes", Value::List{wish}}}
    ));
    CHECK(again.size("result/proposals") < communities.size("result/proposals"));
    CHECK(again.at("result/wishes/0/kept") == Value(true));
}

TEST_CASE("OGC API Features: layers of one's areas, page by page") {
    MapApp app;
    const auto& own = app.county.subdistricts[0].communities[0];
    const auto root = app.planner.get("/api/ogc");
    CHECK(root.size("links") == 4);
    CHECK(app.planner.get("/api/ogc/conformance").size("conformsTo") == 2);
    CHECK(app.planner.get("/api/ogc/collections").size("collections") == 4);
    const auto layer = "/api/ogc/collections/" + app.county.code + "_dwellings/items";
    std::size_t got = 0;
    std::string next = layer + "?limit=100&offset=0";
    std::int64_t matched = 0;
    while (!next.empty()) {
        const auto page = app.planner.get(next);
        REQUIRE(page.status == 200);
        CHECK(page.header("Content-Type") == "application/geo+json");
        got += page.size("features");
        matched = page.number("numberMatched");
        next = page.size("links") > 1 ? page.text("links/1/href") : "";
    }
    CHECK(static_cast<std::int64_t>(got) == matched);
    const auto desk = app.as("community_desk", own.id);
    CHECK(desk.get(layer).number("numberMatched") < matched);
    CHECK(desk.get(layer).number("numberMatched") > 0);
    CHECK(app.planner.get(layer + "?bbox=0,0,1,1").number("numberMatched") == 0);
    CHECK(app.planner.get(layer + "?bbox=1").refusal() == "box_malformed");
    CHECK(app.planner.get("/api/ogc/collections/nothing").refusal() == "collection_not_found");
    CHECK(app.planner.get(layer + "/99999999").refusal() == "feature_not_found");
    const auto elsewhere = app.as("county_supervisor", app.city(1).counties[0].id);
    CHECK(elsewhere.get(layer).refusal() == "collection_not_found");
    CHECK(app.as("resident", own.id).get(layer).refusal() == "right_missing");
}

}  // namespace linli::app::testing
