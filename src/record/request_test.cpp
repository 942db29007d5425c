// SPDX-License-Identifier: Apache-2.0
// The request of the shipped catalogue on its way, and who sees what of it.
#include <doctest/doctest.h>

#include "record/testing.hpp"

using namespace linli;
using namespace linli::record::testing;

namespace {

struct City {
    explicit City(World& world) : w(world) {
        office = w.unit("桃花园社区居委会", "340503001001", true);
        bureau = w.unit("花山区城管局", "340503000000", false);
        other_bureau = w.unit("雨山区城管局", "340504000000", false);
        w.account("li", "resident", "340503001001");
        w.account("wang", "resident", "340503001001");
        w.account("grid", "grid_worker", "340503001001001");
        w.account("desk", "community_desk", "340503001001", office);
        w.account(
            "next", "community_desk", "340503001002", w.unit("雨田社区居委会", "340503001002", true)
        );
        w.account("bureau", "department", "340503000000", bureau);
        w.account("foreign", "department", "340504000000", other_bureau);
        w.account("city", "city_supervisor", "340500000000");
    }
    Reply request(const std::string& words = "路灯坏了") {
        return w.file(
            "li", "request", "340503001001",
            obj({{"category", "street_light"}, {"description", words}, {"phone", "13855501234"}})
        );
    }
    World& w;
    UnitId office, bureau, other_bureau;
};

std::string id_of(UnitId unit) {
    return std::to_string(unit.value);
}

}  // namespace

TEST_CASE("a request goes from report to rating") {
    on_each_world([](World& w) {
        City city(w);
        auto r = city.request();
        CHECK(r.text("state") == "submitted");
        CHECK(r.text("number").starts_with("SQ340503-20250508-"));
        CHECK(r.text("title") == "路灯不亮");
        CHECK(r.text("place") == "桃花园社区");
        CHECK(r.json.find("fields")->text_or("phone") == "13855501234");
        CHECK(r.json.find("fields")->text_or("handling") == "time_limited");
        CHECK(r.headers.at("ETag") == "\"1\"");
        CHECK_FALSE(r.headers.at("Linli-Change").empty());
        CHECK(r.headers.at("Location") == World::path(r));

        auto seen = w.read("desk", r);
        REQUIRE(seen.status == 200);
        CHECK(seen.json.find("fields")->text_or("phone") == "138****1234");
        CHECK(to_json(*seen.json.find("masked")) == R"(["phone"])");
        CHECK(seen.json.find("created_by")->text_or("name") == "l**");

        r = w.act("desk", r, "accept", obj({{"fields", obj({{"handling", "immediate"}})}}));
        REQUIRE_MESSAGE(r.status == 200, r.body);
        CHECK(r.text("state") == "accepted");
        CHECK(r.version() == "2");
        CHECK(w.act("desk", seen, "assign", obj({})).status == 412);
        CHECK(
            w.act("desk", r, "assign", obj({{"lead_unit", id_of(city.other_bureau)}})).problems() ==
            "unit_out_of_area at /lead_unit"
        );
        CHECK(w.read("bureau", r).status == 404);
        r = w.act("desk", r, "assign", obj({{"lead_unit", id_of(city.bureau)}}));
        REQUIRE_MESSAGE(r.status == 200, r.body);
        CHECK(w.read("bureau", r).status == 200);
        CHECK(
            w.act("desk", r, "resolve", obj({})).problems() ==
            "required at /result; required at /evidence"
        );
        CHECK(
            w.act("bureau", r, "resolve", obj({{"result", "已修好"}})).problems() ==
            "required at /evidence"
        );
        CHECK(
            w.act(
                 "bureau", r, "resolve",
                 obj({{"result", "已修好"}, {"evidence", obj({{"note", "看过"}})}})
            ).problems() == "proof_missing at /evidence"
        );
        r = w.act(
            "bureau", r, "resolve",
            obj({{"result", "已修好"}, {"evidence", obj({{"word", "居民说灯亮了"}})}})
        );
        REQUIRE_MESSAGE(r.status == 200, r.body);
        CHECK(w.act("wang", r, "rate", obj({})).status == 404);
        CHECK(w.act("li", r, "rate", obj({})).problems() == "required at /fields/satisfaction");
        CHECK(
            w.act("li", r, "rate", obj({{"fields", obj({{"satisfaction", 9}})}})).problems() ==
            "out_of_range at /fields/satisfaction"
        );
        r = w.act("li", r, "rate", obj({{"fields", obj({{"satisfaction", 5}})}}));
        REQUIRE_MESSAGE(r.status == 200, r.body);
        CHECK(r.text("state") == "closed");

        const auto history = w.get("li", World::path(r) + "/history");
        REQUIRE(history.status == 200);
        const auto& entries = *history.json.find("entries")->as_list();
        REQUIRE(entries.size() == 5);
        CHECK(entries[0].text_or("action") == "create");
        CHECK(entries[3].text_or("result") == "已修好");
        CHECK(entries[4].text_or("as") == "reporter");
    });
}

TEST_CASE("the class of handling and urgency change with a reason alone") {
    on_each_world([](World& w) {
        City city(w);
        auto r = w.act("desk", city.request(), "accept", obj({}));
        for (const char* who : {"desk", "county", "city"}) {
            for (const char* name : {"handling", "urgent"}) {
                CAPTURE(name);
                CHECK(w.patch(who, r, obj({{name, nullptr}})).status >= 403);
            }
        }
        const auto tracked = obj({{"handling", "tracked"}});
        CHECK(
            w.act("desk", r, "reclassify", obj({{"fields", tracked}})).problems() ==
            "required at /reason"
        );
        const auto lead = id_of(city.bureau);
        CHECK(
            w.act("desk", r, "assign", obj({{"lead_unit", lead}, {"fields", tracked}})).status ==
            422
        );
        r = w.act("desk", r, "reclassify", obj({{"reason", "需多部门会商"}, {"fields", tracked}}));
        REQUIRE_MESSAGE(r.status == 200, r.body);
        CHECK(r.json.find("fields")->text_or("handling") == "tracked");
        const auto history = w.get("desk", World::path(r) + "/history");
        CHECK(history.json.find("entries")->as_list()->back().text_or("reason") == "需多部门会商");
    });
}

TEST_CASE("a foreign record is as missing") {
    on_each_world([](World& w) {
        City city(w);
        const auto r = city.request();
        auto missing = r;
        const auto other = w.file(
            "next", "request", "340503001002",
            obj({{"category", "street_light"}, {"description", "x"}})
        );
        for (const char* who : {"wang", "next", "foreign"}) {
            CAPTURE(who);
            const auto answer = w.read(who, r);
            CHECK(answer.status == 404);
            CHECK(answer.code == w.get(who, World::path(r) + "1").code);
            CHECK(w.patch(who, r, obj({{"urgent", true}})).status == 404);
            CHECK(w.act(who, r, "accept", obj({})).status == 404);
            CHECK(w.get(who, World::path(r) + "/history").status == 404);
        }
        CHECK(w.read("city", r).status == 200);
        CHECK(w.read("li", other).status == 404);
        CHECK(w.get("", World::path(r)).status == 401);
    });
}

TEST_CASE("lists hold what the caller may read, and nothing of others") {
    on_each_world([](World& w) {
        City city(w);
        for (int i = 0; i < 5; ++i) {
            w.db.time().advance(1000);
            city.request("第" + std::to_string(i));
        }
        w.file(
            "wang", "request", "340504001001",
            obj(
                {{"category", "litter"},
                 {"description", "别区"},
                 {"answers", obj({{"waste_kind", "household"}})}}
            )
        );
        const auto size = [&](const char* who, const std::string& query) {
            const auto reply = w.get(who, "/api/records/request" + query);
            REQUIRE_MESSAGE(reply.status == 200, reply.body);
            return static_cast<int>(reply.json.find("records")->as_list()->size());
        };
        CHECK(size("li", "") == 5);
        CHECK(size("wang", "") == 1);
        CHECK(size("desk", "") == 5);
        CHECK(size("grid", "") == 0);
        CHECK(size("next", "") == 0);
        CHECK(size("bureau", "") == 0);
        CHECK(size("city", "") == 6);
        CHECK(size("city", "?area=" + w.area_id("340504000000")) == 1);
        CHECK(size("city", "?area=" + w.area_id("340503001002")) == 0);
        CHECK(size("desk", "?area=" + w.area_id("340504000000")) == 0);
        CHECK(size("city", "?state=accepted") == 0);
        CHECK(size("city", "?f.category=street_light") == 5);
        CHECK(size("city", "?view=new&from=2025-05-08&to=2025-05-08") == 6);
        CHECK(size("city", "?to=2025-05-07") == 0);
        CHECK(size("desk", "?mine=1") == 0);
        CHECK(size("desk", "?sort=due_at") == 5);
        CHECK(size("desk", "?sort=-updated_at") == 5);
        CHECK(w.get("city", "/api/records/request?count=1").json.int_or("count") == 6);
        CHECK(w.get("desk", "/api/records/request?count=1").json.int_or("count") == 5);
        CHECK(
            w.get("desk", "/api/records/request?f.phone=13855501234")
                .json.find("records")
                ->as_list()
                ->size() == 5
        );
        CHECK(w.get("desk", "/api/records/request?f.reporter_name=x").status == 400);
        CHECK(w.get("desk", "/api/records/nothing").status == 404);
        CHECK(w.get("desk", "/api/records/request?sort=phone").status == 400);
    });
}

TEST_CASE(
    "pages follow each other without gap or repetition, and cursors serve their own list alone"
) {
    on_each_world([](World& w) {
        City city(w);
        for (int i = 0; i < 23; ++i) {
            w.db.time().advance(i % 3 == 0 ? 1000 : 0);
            city.request(std::to_string(i));
        }
        for (const std::string sort : {"-created_at", "created_at", "-updated_at", "due_at"}) {
            CAPTURE(sort);
            std::set<std::string> seen;
            std::string cursor;
            int pages = 0;
            do {
                const auto page = w.get(
                    "desk", "/api/records/request?limit=5&sort=" + sort +
                                (cursor.empty() ? "" : "&cursor=" + cursor)
                );
                REQUIRE(page.status == 200);
                for (const auto& one : *page.json.find("records")->as_list()) {
                    CHECK(seen.insert(one.text_or("id")).second);
                }
                cursor = page.text("next");
                ++pages;
            } while (!cursor.empty());
            CHECK(seen.size() == 23);
            CHECK(pages == 5);
        }
        const auto cursor = w.get("desk", "/api/records/request?limit=5").text("next");
        CHECK(w.get("desk", "/api/records/request?limit=5&cursor=" + cursor).status == 200);
        CHECK(
            w.get("city", "/api/records/request?limit=5&cursor=" + cursor).code == "cursor_invalid"
        );
        CHECK(
            w.get("desk", "/api/records/request?sort=created_at&cursor=" + cursor).code ==
            "cursor_invalid"
        );
        auto altered = cursor;
        altered[3] = altered[3] == 'A' ? 'B' : 'A';
        CHECK(
            w.get("desk", "/api/records/request?limit=5&cursor=" + altered).code == "cursor_invalid"
        );
    });
}
