// SPDX-License-Identifier: Apache-2.0
// Versions of a flow, what a city lays over it, and clocks without steps of their own.
#include <doctest/doctest.h>

#include "catalogue/testing.hpp"
#include "flow/inbox.hpp"
#include "flow/testing.hpp"

using namespace linli;
using namespace linli::flow;

namespace {

std::shared_ptr<const catalogue::Catalogue> small_pack() {
    auto files = catalogue::pack_with("core/small/request.yaml", R"(
kind: request
title: {zh: 诉求, en: Request}
fields:
  category: {type: choice, list: colour, class: internal}
rights:
  resident: {create: any, read: own}
  community_desk: {create: scope, read: scope}
flow:
  version: 2
  start: submitted
  states: {submitted: , checked: , closed: {final: true}}
  actions:
    check: {from: submitted, to: checked, by: [community_desk]}
    close: {from: checked, to: closed, by: [community_desk]}
  clocks:
    answer: {from: submitted, until: closed, limit: 2 days}
)");
    files["core/small/request.flow.1.yaml"] = R"(
flow: request
version: 1
start: submitted
states: {submitted: , closed: {final: true}}
actions:
  close: {from: submitted, to: closed, by: [community_desk]}
clocks:
  answer: {from: submitted, until: closed, limit: 9 days}
)";
    files["cities/here/city.yaml"] = R"(
city: here
title: {zh: 此地, en: Here}
area: "340103000000"
limits: {request.answer: 6 hours}
)";
    const auto loaded = catalogue::load_files(files);
    if (!loaded.mistakes.empty()) {
        throw std::runtime_error(to_text(loaded.mistakes.front()));
    }
    return loaded.catalogue;
}

template <class F>
void in_small_world(F&& body) {
    store::testing::on_each_engine(world_schema(), [&](store::testing::TestDatabase& database) {
        World world(database, small_pack());
        body(world);
    });
}

}  // namespace

TEST_CASE("a record stays on the version of the flow with which it began") {
    in_small_world([](World& world) {
        const auto fresh = world.file();
        CHECK(world.allowed(fresh, "desk") == std::vector<std::string>{"check"});
        const auto old = world.file("community", {}, "resident", 1);
        CHECK(world.allowed(old, "desk") == std::vector<std::string>{"close"});
        CHECK(world.clock(old, "answer").limit == "9 days");
        CHECK(world.clock(fresh, "answer").limit == "2 days");
        world.db().read([&](store::Tx& tx) {
            CHECK(waiting(tx, world.flow().ground(), world.as("desk"), {}).size() == 2);
        });
        CHECK(world.act(old, "close", "desk").final);
        CHECK_THROWS_AS(world.file("community", {}, "resident", 3), std::runtime_error);
    });
}

TEST_CASE("a city's own limit holds in its area alone") {
    in_small_world([](World& world) {
        CHECK(world.clock(world.file("community3"), "answer").limit == "6 hours");
        CHECK(world.clock(world.file("community"), "answer").limit == "2 days");
    });
}

TEST_CASE("a clock without steps of its own is raised to the level above when it is breached") {
    in_small_world([](World& world) {
        const auto id = world.file();
        world.time().advance(2 * day_ms - 1);
        CHECK(world.run() == 0);
        world.time().advance(1);
        CHECK(world.run() == 1);
        CHECK(world.work(id)->raised_to == world.area("street"));
        CHECK(world.clock(id, "answer").breached_at);
        world.time().advance(30 * day_ms);
        CHECK(world.run() == 0);
    });
}
