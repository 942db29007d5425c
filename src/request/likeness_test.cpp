// SPDX-License-Identifier: Apache-2.0
#include "request/likeness.hpp"

#include <doctest/doctest.h>

using namespace linli;
using namespace linli::request;

namespace {

/// Metres north and east of a corner of the grid of coarse places.
Point at(int north, int east) {
    return {316'700'000 + north * 90, 1'185'000'000 + east * 106};
}

Matter matter(
    const std::string& choice, const std::string& group, std::optional<Point> place = {},
    std::set<std::string> words = {}
) {
    return {choice, group, place, std::move(words)};
}

}  // namespace

TEST_CASE("what says the same is what is of one kind, near, and told in the same words") {
    const auto lamp = matter("lamp", "roads", at(0, 0), {"路灯"});
    struct Case {
        Matter other;
        bool enough;
        std::vector<Reason> reasons;
    };
    using R = Reason;
    for (const auto& c : std::vector<Case>{
             {matter("lamp", "roads"), true, {R::same}},
             {matter("lamp", "roads", at(0, 100)), true, {R::same, R::near}},
             {matter("lamp", "roads", at(0, 2000)), false, {R::same}},
             {matter("lamp", "roads", at(0, 2000), {"路灯"}), false, {R::same, R::words}},
             {matter("hole", "roads"), false, {R::group}},
             {matter("hole", "roads", at(0, 100)), true, {R::group, R::near}},
             {matter("hole", "roads", {}, {"路灯"}), true, {R::group, R::words}},
             {matter("noise", "noise", at(0, 100)), false, {R::near}},
             {matter("noise", "noise", at(0, 100), {"路灯"}), true, {R::near, R::words}},
             {matter("noise", "noise"), false, {}}}) {
        CAPTURE(c.other.choice);
        const auto like = compare(lamp, c.other);
        CHECK(like.enough() == c.enough);
        CHECK(like.reasons == c.reasons);
    }
    CHECK(!compare(matter("", ""), matter("", "")).enough());
}

TEST_CASE("places are compared as roughly as they are shown: nobody finds a door by trying") {
    const auto hidden = matter("lamp", "roads", at(37, 41));
    const auto seen = compare(matter("lamp", "roads", at(0, 0)), hidden).metres;
    for (int step = -40; step <= 40; step += 8) {
        CHECK(compare(matter("lamp", "roads", at(step, step)), hidden).metres == seen);
    }
    CHECK(coarse({-316'712'345, 1'185'087'654}) == Point{-316'710'000, 1'185'090'000});
    CHECK(metres_between({316'700'000, 1'185'000'000}, {316'710'000, 1'185'000'000}) == 111);
}

TEST_CASE("words count only if the catalogue knows them") {
    catalogue::ChoiceList list;
    catalogue::Choice lamp;
    lamp.key = "lamp";
    lamp.attributes = obj({{"keywords", Value::List{"路灯", "LED"}}});
    list.choices.push_back(lamp);
    CHECK(known_words(list, "张三家门口的路灯，led 坏了") == std::set<std::string>{"LED", "路灯"});
    CHECK(known_words(list, "张三家门口").empty());
    CHECK(among({"路灯"}, "楼下路灯").size() == 1);
    CHECK(among({"路灯"}, "楼下").empty());
}
