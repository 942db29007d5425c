// SPDX-License-Identifier: Apache-2.0
// Rights to some states, and along the path: residents read what is published in their community
// and above it, by every way that a record can be read.
#include <doctest/doctest.h>

#include "record/testing.hpp"

using namespace linli;
using namespace linli::record::testing;

namespace {

const char* const community = "340503001001";
const char* const next_community = "340503001002";
const char* const street = "340503001000";
const char* const county = "340503000000";
const char* const city = "340500000000";
const char* const other_county = "340504000000";

struct Offices {
    explicit Offices(World& world) : w(world) {
        const auto office = w.unit("街道办事处", street, true);
        w.account("desk", "community_desk", community, office);
        w.account("next", "community_desk", next_community, office);
        w.account("street", "subdistrict_desk", street, office);
        w.account("county", "county_supervisor", county);
        w.account("other", "county_supervisor", other_county);
        w.account("city", "city_supervisor", city);
        w.account("press", "city_supervisor", city);
        w.account("li", "resident", community);
    }
    Reply draft(const char* who, const char* code, const char* subject) {
        return w.file(
            who, "notice", code,
            obj(
                {{"subject", subject},
                 {"topic", "outage"},
                 {"body", "明天上午停水"},
                 {"valid_from", "2025-05-08"}}
            )
        );
    }
    Reply published(const char* who, const char* code, const char* subject) {
        auto one = draft(who, code, subject);
        one = w.act(who, one, "send", obj({}));
        one = w.act("press", one, "publish", obj({}));
        CHECK(one.text("state") == "published");
        return one;
    }
    /// Subjects in the order of the list, and its count.
    std::string listed(const char* who, const std::string& query = "") {
        const auto sort = query.find("sort=") == std::string::npos ? "&sort=created_at" : "";
        const auto more = query.empty() ? "" : "&" + query;
        const auto reply = w.get(who, "/api/records/notice?count=1" + (sort + more));
        CHECK_MESSAGE(reply.status == 200, reply.body);
        std::string text;
        for (const auto& record : *reply.json.find("records")->as_list()) {
            text += record.text_or("title") + " ";
        }
        return text + std::to_string(reply.json.int_or("count"));
    }
    World& w;
};

}  // namespace

TEST_CASE("residents read published notices of their community and above it, and no others") {
    on_each_world([](World& w) {
        Offices offices(w);
        const auto draft = offices.draft("desk", community, "草稿");
        const auto here = offices.published("desk", community, "本社区");
        offices.published("desk", "340503001001001", "网格");
        offices.published("next", next_community, "邻社区");
        offices.published("street", street, "街道");
        offices.published("county", county, "区里");
        offices.published("other", other_county, "外区");
        const auto above = offices.published("city", city, "全市");
        w.index();
        CHECK(offices.listed("li") == "全市 本社区 网格 街道 区里 5");
        CHECK(offices.listed("li", "sort=-created_at") == "区里 街道 网格 本社区 全市 5");
        CHECK(offices.listed("li", "state=draft") == "0");
        CHECK(offices.listed("li", "view=published") == "全市 本社区 网格 街道 区里 5");
        CHECK(offices.listed("li", "mine=1") == "0");
        CHECK(offices.listed("li", "sort=due_at") == "全市 本社区 网格 街道 区里 5");
        CHECK(offices.listed("li", "q=停水") == "全市 本社区 网格 街道 区里 5");
        CHECK(offices.listed("li", "q=" + here.text("number")) == "本社区 1");
        CHECK(offices.listed("li", "q=" + draft.text("number")) == "0");
        CHECK(offices.listed("li", "area=" + w.area_id(community)) == "本社区 网格 2");
        CHECK(offices.listed("li", "area=" + w.area_id(street)) == "本社区 网格 街道 3");
        CHECK(offices.listed("li", "area=" + w.area_id(next_community)) == "0");
        const auto found = w.get("li", "/api/search?q=停水");
        CHECK(found.json.find("results")->as_list()->size() == 5);
        CHECK(w.read("li", above).status == 200);
        CHECK(w.read("li", draft).status == 404);
        CHECK(w.read("li", draft).code == "record_not_found");
    });
}

TEST_CASE("a published notice is read whole, and is gone when it is taken down") {
    on_each_world([](World& w) {
        Offices offices(w);
        auto notice = offices.draft("desk", community, "停水");
        const auto path = World::path(notice) + "/files";
        const auto file = w.raw(
            "desk", "POST", path + "?field=attachments&name=a.png", "\x89PNG\r\n\x1a\nzz",
            {{"content-type", "image/png"}}
        );
        REQUIRE_MESSAGE(file.status == 201, file.body);
        CHECK(w.get("li", path + "/" + file.text("id")).status == 404);
        notice = w.act("desk", w.read("desk", notice), "send", obj({}));
        notice = w.act("street", notice, "publish", obj({}));
        const auto seen = w.read("li", notice);
        CHECK(seen.status == 200);
        CHECK(seen.json.find("fields")->text_or("body") == "明天上午停水");
        CHECK(w.get("li", path + "/" + file.text("id")).status == 200);
        CHECK(w.get("li", World::path(notice) + "/history").status == 200);
        CHECK(w.patch("li", seen, obj({{"subject", "不停水"}})).code == "right_missing");
        CHECK(w.act("li", seen, "take_down", obj({{"reason", "不要停水"}})).status == 403);
        w.act("street", notice, "take_down", obj({{"reason", "已经恢复"}}));
        CHECK(w.read("li", notice).status == 404);
        CHECK(w.get("li", path + "/" + file.text("id")).status == 404);
        CHECK(w.get("li", World::path(notice) + "/history").status == 404);
        CHECK(offices.listed("li") == "0");
    });
}

TEST_CASE("a notice is published by somebody else than who wrote it") {
    on_each_world([](World& w) {
        Offices offices(w);
        w.account("deputy", "county_supervisor", county);
        auto notice = offices.draft("county", county, "区里");
        notice = w.act("county", notice, "send", obj({}));
        const auto offered = [&](const char* who) {
            return w.read(who, notice).body.find("\"publish\"") != std::string::npos;
        };
        CHECK_FALSE(offered("county"));
        CHECK(w.act("county", notice, "publish", obj({})).code == "action_guarded");
        CHECK(w.read("county", notice).text("state") == "review");
        CHECK(offered("deputy"));
        CHECK(w.act("deputy", notice, "publish", obj({})).text("state") == "published");
    });
}

TEST_CASE("a published notice waits for time alone, in nobody's inbox") {
    const auto* published = shipped()->kind("notice")->flow->state("published");
    REQUIRE(published);
    CHECK(published->waits_for == std::vector<std::string>{"timer"});
}

TEST_CASE("numbers of a year go on from day to day, and begin anew with the year") {
    on_each_world([](World& w) {
        Offices offices(w);
        const auto number = [&] {
            const auto text = offices.draft("county", county, "区里").text("number");
            return text.substr(text.find('-') + 1);
        };
        CHECK(number() == "2025-00001");
        w.db.time().advance(day_ms);
        CHECK(number() == "2025-00002");
        w.db.time().advance(365 * day_ms);
        CHECK(number() == "2026-00001");
    });
}

TEST_CASE("who reads by two rights sees each record once, in the states of either") {
    on_each_world([](World& w) {
        Offices offices(w);
        w.account("both", "resident", community);
        w.account("both", "subdistrict_desk", street, w.unit("综合办", street, false));
        offices.draft("desk", community, "草稿");
        offices.published("desk", community, "本社区");
        offices.draft("city", city, "全市草稿");
        offices.published("city", city, "全市");
        CHECK(offices.listed("both") == "全市 草稿 本社区 3");
        CHECK(offices.listed("both", "limit=1") == "全市 3");
    });
}
