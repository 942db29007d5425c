// SPDX-License-Identifier: Apache-2.0
// The samples of the architecture, word for word, load beside the tiny kinds that they refer to.
#include <doctest/doctest.h>

#include "catalogue/testing.hpp"

using namespace linli;
using namespace linli::catalogue;

namespace {

constexpr const char* request = R"yaml(# catalogue/core/request/request.yaml
kind: request
title: {zh: 居民诉求, en: Request}
number: "SQ{county:6}-{date}-{seq:6}"          # what people see; sequence blocks of 100 are leased per county and process, gaps are fine
fields:
  category:    {type: choice, list: request_category, required: true, class: internal}
  description: {type: text, required: true, max: 4000, search: true, class: personal}
  place:       {type: point, class: internal}
  address:     {type: ref, to: address, class: internal}
  reporter:    {type: ref, to: person, class: personal, mask: contact}
  phone:       {type: phone, class: sensitive, mask: contact}      # stored encrypted; shown masked unless a right with a reason says otherwise
  photos:      {type: file, accept: image, max: 6, class: personal}
  handling:    {type: choice, list: handling_class, class: internal}   # immediate / time_limited / tracked
  satisfaction: {type: int, min: 1, max: 5, class: internal}
  answers:     {type: extra, by: category, class: personal}
rights:                                          # who may create, read, change which fields; who may act is said in the flow, once
  resident:     {create: any, read: own}
  grid_worker:  {create: scope, read: scope}
  community_desk: {create: scope, read: scope, change: {scope: [category, handling, place]}}
  department:   {read: assigned}
open311: {service: category, lat_long: place}
flow:
  version: 1                                     # running records stay on the version they started with
  start: submitted
  states: {submitted: {}, accepted: {}, assigned: {}, waiting: {pauses: [resolve]}, resolved: {}, closed: {final: true}}
  actions:
    accept:   {from: submitted, to: accepted, by: [community_desk, grid_worker], needs: [handling]}
    assign:   {from: [accepted, assigned], to: assigned, by: [community_desk], needs: [lead_unit], may: [assist_units]}
    return:   {from: assigned, to: accepted, by: [lead_unit], needs: [reason], limit: 2}
    wait:     {from: assigned, to: waiting, by: [lead_unit], needs: [reason]}
    continue: {from: waiting, to: assigned, by: [lead_unit]}
    resolve:  {from: [accepted, assigned], to: resolved, by: [lead_unit, grid_worker], needs: [result, evidence]}
    rate:     {from: resolved, to: closed, by: [reporter], needs: [satisfaction]}
    reopen:   {from: [resolved, closed], to: accepted, by: [reporter], needs: [reason], within: 10 days}
    close:    {from: resolved, to: closed, by: [timer], after: 10 days}
  clocks:                                        # a clock starts on first entering `from`, resumes on re-entry, starts anew only where `restart` says so
    accept:  {from: submitted, until: accepted, limit: 4 working hours}
    resolve: {from: accepted, until: resolved, restart: [reopen], limit: {immediate: 1 working day, time_limited: 5 working days, tracked: 30 working days}}
  escalation:
    - {at: 80%,  of: resolve, do: remind, to: lead_unit}
    - {at: 100%, of: resolve, do: urge,   to: lead_unit.head}
    - {at: 150%, of: resolve, do: raise,  to: area.parent}
)yaml";

constexpr const char* measures =
    R"yaml(# catalogue/core/facility/measures.yaml          additive quantities, and formulas over them
counters:
  - {id: facility_area, of: facility, where: "facility_kind = 'comprehensive' and state = 'open'", sum: floor_area, stock: true}
  - {id: volunteer_stations, of: facility, where: "facility_kind = 'volunteer_station' and state = 'open'", stock: true}
indicators:
  - {id: facility_area_per_100_households, unit: m2, formula: "facility_area / (households / 100)"}
  - {id: volunteer_station_coverage, unit: "%", formula: "100 * areas(community, volunteer_stations >= 1) / areas(community)"}
)yaml";

constexpr const char* plan =
    R"yaml(# catalogue/cities/maanshan/plan.yaml            targets belong to the plan, never to the indicator
plan: maanshan-145
area: "340500000000"
period: 2021..2025
indicators:
  - {of: facility_area_per_100_households, target: {2025: ">= 35"}, nature: expected}
)yaml";

std::map<std::string, std::string> samples() {
    auto files = base_pack();
    files["core/request/request.yaml"] = request;
    files["core/request/lists.yaml"] = R"(
lists:
  request_category:
    choices: {street_light: {title: {zh: 路灯, en: Street light}, questions: {pole: {type: text, max: 20}}}}
)";
    files["core/registry/person.yaml"] = R"(
kind: person
fields: {name: {type: text, class: personal, mask: name}}
rights: {community_desk: {read: scope}}
)";
    files["core/registry/address.yaml"] = R"(
kind: address
fields: {line: {type: text, class: internal}}
rights: {community_desk: {read: scope}}
)";
    files["core/registry/household.yaml"] = R"(
kind: household
fields: {head: {type: ref, to: person, class: personal}}
rights: {community_desk: {read: scope}}
counters:
  - {id: households, of: household, stock: true}
)";
    files["core/facility/facility.yaml"] = R"(
kind: facility
fields:
  facility_kind: {type: choice, list: facility_kind, required: true, class: public}
  floor_area: {type: decimal, unit: m2, class: public}
rights: {community_desk: {create: scope, read: scope}}
lists:
  facility_kind: {choices: {comprehensive: 综合服务设施, volunteer_station: 志愿服务站}}
flow:
  start: open
  states: {open: {}, shut: {final: true}}
  actions: {shut: {from: open, to: shut, by: [community_desk]}}
)";
    files["core/facility/measures.yaml"] = measures;
    files["cities/maanshan/plan.yaml"] = plan;
    return files;
}

}  // namespace

TEST_CASE("the samples of the architecture load") {
    const auto loaded = load_files(samples());
    for (const auto& mistake : loaded.mistakes) {
        MESSAGE(to_text(mistake));
    }
    REQUIRE(loaded.catalogue);
    const auto& c = *loaded.catalogue;
    const Kind* kind = c.kind("request");
    REQUIRE(kind);
    CHECK(kind->subject == "request");
    CHECK(kind->title.zh == "居民诉求");
    CHECK(kind->fields.size() == 10);
    CHECK(kind->field("photos")->max == 6);
    CHECK(kind->field("satisfaction")->least == 1);
    CHECK(kind->field("satisfaction")->most == 5);
    CHECK(kind->field("phone")->mask == Mask::contact);
    CHECK(kind->title_fields == std::vector<std::string>{"description"});
    CHECK(
        kind->rights.at("community_desk").change_fields ==
        std::vector<std::string>{"category", "handling", "place"}
    );
    CHECK(kind->rights.at("department").read == Reach::assigned);
    CHECK(kind->open311.text_or("service") == "category");
    CHECK(kind->states().back() == "withdrawn");

    const FlowSpec& flow = *kind->flow;
    CHECK(flow.version == 1);
    CHECK(flow.state("waiting")->pauses == std::vector<std::string>{"resolve"});
    CHECK(
        flow.state("submitted")->waits_for ==
        std::vector<std::string>{"community_desk", "grid_worker"}
    );
    CHECK(flow.state("assigned")->waits_for == std::vector<std::string>{"lead_unit"});
    CHECK(flow.state("closed")->final);
    CHECK(flow.action("return")->limit == 2);
    CHECK(flow.action("reopen")->within == parse_limit("10 days"));
    CHECK(flow.action("close")->after == parse_limit("10 days"));
    const ClockSpec* resolve = flow.clock("resolve");
    CHECK(resolve->by == "handling");
    CHECK(c.limit(*kind, *resolve, "tracked", "") == *parse_limit("30 working days"));
    CHECK(c.limit(*kind, *flow.clock("accept"), "tracked", "") == *parse_limit("4 working hours"));
    CHECK(flow.escalation[2].at_percent == 150);
    CHECK(flow.escalation[2].to == "area.parent");

    REQUIRE(c.counters().size() == 3);
    CHECK(
        c.indicators()[0].formula.names() == std::vector<std::string>{"facility_area", "households"}
    );
    REQUIRE(c.plans().size() == 1);
    CHECK(c.plans()[0].from_year == 2021);
    CHECK(c.plans()[0].indicators[0].targets[0].comparison == ">=");
    CHECK(c.plans()[0].indicators[0].targets[0].value == 35);
}

TEST_CASE("a formula of the samples is evaluated") {
    const auto loaded = load_files(samples());
    REQUIRE(loaded.catalogue);
    Expression::Context context;
    context.value_of = [](const std::string& name) -> Value {
        return name == "facility_area" ? 700.0 : 2000.0;
    };
    CHECK(loaded.catalogue->indicators()[0].formula.evaluate(context) == Value(35.0));
    context.over_areas = [](const std::string& level, const Expression*,
                            const Expression* condition) -> Value {
        CHECK(level == "community");
        return condition ? 30 : 40;
    };
    CHECK(loaded.catalogue->indicators()[1].formula.evaluate(context) == Value(75.0));
}
