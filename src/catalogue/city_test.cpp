// SPDX-License-Identifier: Apache-2.0
// What a city lays over core, and calendars.
#include <doctest/doctest.h>

#include "base/json.hpp"
#include "catalogue/testing.hpp"

using namespace linli;
using namespace linli::catalogue;

namespace {

std::shared_ptr<const Catalogue> with_city() {
    auto files = base_pack();
    files["core/small/box.yaml"] = R"(kind: box
fields:
  colour: {type: choice, list: colour, class: public}
  handling: {type: choice, list: handling_class, class: public}
rights: {community_desk: {create: scope, read: scope}}
views: {blue: {where: "colour = 'red'"}}
flow:
  start: open
  states: {open: {}, sent: {final: true}}
  actions: {send: {from: open, to: sent, by: [community_desk]}}
  clocks:
    send: {from: open, until: sent, limit: {immediate: 1 day, time_limited: 5 days, tracked: 30 days}}
  escalation:
    - {at: 100%, of: send, do: urge, to: lead_unit}
)";
    files["calendars/harbour.yaml"] = "calendar: harbour\nweek: {mon-sat: [06:00-22:00]}\n";
    files["cities/porttown/city.yaml"] = R"(city: porttown
title: {zh: 港城, en: Port Town}
area: "339900000000"
calendar: harbour
titles: {level.community: 村社, kind.box: {zh: 货箱, en: Crate}}
limits: {box.send: {immediate: 2 hours}}
ladders:
  box:
    - {at: 50%, of: send, do: remind, to: area}
lists:
  colour:
    add: {blue: {title: {zh: 蓝, en: Blue}}}
    change: {green: 青}
    hide: [red]
)";
    const auto loaded = load_files(files);
    for (const auto& mistake : loaded.mistakes) {
        MESSAGE(to_text(mistake));
    }
    REQUIRE(loaded.catalogue);
    return loaded.catalogue;
}

}  // namespace

TEST_CASE("a city's words, lists and limits hold in the city alone") {
    const auto c = with_city();
    const Kind& box = *c->kind("box");
    const ClockSpec& clock = *box.flow->clock("send");
    CHECK(c->limit(box, clock, "immediate", "") == *parse_limit("1 day"));
    CHECK(c->limit(box, clock, "immediate", "porttown") == *parse_limit("2 hours"));
    CHECK(c->limit(box, clock, "time_limited", "porttown") == *parse_limit("5 days"));
    CHECK(
        c->limit(box, clock, "", "") == *parse_limit("30 days")
    );  // not yet classed: nobody is late by mistake
    CHECK(c->escalation(box, *box.flow, "")[0].act == "urge");
    CHECK(c->escalation(box, *box.flow, "porttown")[0].act == "remind");

    CHECK(c->list("colour")->choices.size() == 2);
    CHECK(c->list("colour", "elsewhere")->choices.size() == 2);
    const ChoiceList& local = *c->list("colour", "porttown");
    CHECK(local.choices.size() == 3);
    CHECK(local.find("red")->hidden);
    CHECK(local.find("green")->title.zh == "青");
    CHECK(local.find("blue")->title.en == "Blue");
    CHECK(c->list("handling_class", "porttown") == c->list("handling_class"));
}

TEST_CASE("the web sees the city's words") {
    const auto c = with_city();
    const auto core = parse_json(web_json(*c, "")), local = parse_json(web_json(*c, "porttown"));
    CHECK(core.find("kinds")->find("box")->find("title")->text_or("zh") == "Box");
    CHECK(local.find("kinds")->find("box")->find("title")->text_or("zh") == "货箱");
    CHECK(local.find("levels")->find("community")->text_or("zh") == "村社");
    CHECK(core.find("lists")->find("colour")->find("choices")->as_list()->size() == 2);
    CHECK(local.find("lists")->find("colour")->find("choices")->as_list()->size() == 3);
    const auto& clock = local.find("kinds")->find("box")->find("clocks")->as_list()->front();
    CHECK(clock.find("limits")->text_or("immediate") == "2 hours");
}

TEST_CASE("calendars are found by name, and the national one else") {
    const auto c = with_city();
    CHECK(c->calendar("harbour").day_minutes() == 16 * 60);
    CHECK(c->calendar("").name() == "national");
    CHECK(c->calendar("no such").name() == "national");
    const auto minutes = [&](const char* date) {
        const auto from = start_of(*parse_date(date));
        return c->calendar().worked(from, from + day_ms) / minute_ms;
    };
    CHECK(minutes("2025-09-26") == 7 * 60);  // a Friday
    CHECK(minutes("2025-09-27") == 0);
    CHECK(minutes("2025-09-28") == 7 * 60);  // a Sunday on which work is made up
    CHECK(minutes("2025-10-08") == 0);
}

TEST_CASE("the shipped calendar follows the announcements") {
    const auto loaded = load(LINLI_SOURCE_DIR "/catalogue");
    REQUIRE(loaded.catalogue);
    const Calendar& national = loaded.catalogue->calendar();
    struct Day {
        const char* date;
        bool works;
    };
    for (const auto& day : std::vector<Day>{
             {"2019-05-01", false},
             {"2020-01-31", false},
             {"2020-06-28", true},
             {"2023-10-06", false},
             {"2023-10-07", true},
             {"2024-02-09", true},
             {"2024-02-12", false},
             {"2024-10-12", true},
             {"2025-01-26", true},
             {"2025-02-04", false},
             {"2025-05-08", true},
             {"2025-05-10", false},
             {"2025-10-08", false},
             {"2025-10-11", true},
             {"2026-02-20", false}}) {
        CAPTURE(day.date);
        CHECK(national.hours(*parse_date(day.date)).empty() != day.works);
    }
    CHECK(national.day_minutes() == 7 * 60);
    CHECK(loaded.catalogue->calendar("always").day_minutes() == 24 * 60);
}
