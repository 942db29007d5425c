// SPDX-License-Identifier: Apache-2.0
#include "registry/pairs.hpp"

#include <doctest/doctest.h>

#include "base/fields.hpp"
#include "registry/testing.hpp"

using namespace linli;
using namespace linli::registry;

namespace {

const std::filesystem::path catalogue = std::filesystem::path(LINLI_SOURCE_DIR) / "catalogue";

const Readings& readings() {
    static const Readings all(catalogue / "core" / "registry" / "readings.csv");
    return all;
}

struct Known {
    const char* name;
    const char* birth;
    int sex = 1;
    std::uint64_t number = 0, phone = 0;
    std::int64_t household = 0;
};

Person person(const Known& of) {
    Person one;
    one.name = read_name(of.name);
    one.birth = *parse_date(of.birth);
    one.sex = static_cast<std::int8_t>(of.sex);
    one.number = of.number;
    one.phone = of.phone;
    one.household = of.household;
    return one;
}

/// What speaks for and against the two being one, among ten thousand others.
Likeness among_many(const Known& a, const Known& b) {
    static const auto many = testing::make_gold(catalogue, readings(), 10'000, 3).people;
    auto people = many;
    people.push_back(person(a));
    people.push_back(person(b));
    const Population population(people, readings());
    return population.compare(people[people.size() - 2], people.back());
}

std::vector<std::string> marks(const Likeness& like) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < like.count; ++i) {
        all.emplace_back(name_of(like.reasons[i].mark));
    }
    return all;
}

}  // namespace

TEST_CASE("a character sounds like another by any of its readings, whatever the dialect") {
    const auto alike = [](const char* a, const char* b) {
        return readings().sound_alike(read_name(a).characters[0], read_name(b).characters[0]);
    };
    CHECK(alike("伟", "玮"));
    CHECK(alike("单", "善"));  // shan, a surname
    CHECK(alike("单", "丹"));  // dan
    CHECK(alike("张", "章"));
    CHECK(alike("林", "凌"));  // -in, -ing
    CHECK(alike("刘", "牛"));  // l-, n-
    CHECK_FALSE(alike("王", "李"));
    CHECK_FALSE(alike("善", "丹"));
    CHECK(readings().look_alike(U'末', U'未'));
    CHECK(readings().look_alike(U'未', U'末'));
    CHECK_FALSE(readings().look_alike(U'末', U'王'));
}

TEST_CASE("the same person is known in spite of a homophone, a move or an old number") {
    struct Case {
        Known a, b;
        std::vector<std::string> why;
    };
    const std::vector<Case> cases{
        {{"李秀兰", "1950-03-07", 2, 11},
         {"李秀兰", "1950-03-07", 2, 11},
         {"number_same", "name_same", "birth_same", "sex_same"}},
        {{"张玮", "1980-05-06", 1, 11, 21},
         {"章伟", "1980-05-06", 1, 0, 21},
         {"number_missing", "name_sounds", "birth_same", "sex_same", "phone_same"}},
        {{"单文博", "1990-04-09", 1, 0, 21, 5},
         {"善文博", "1990-09-04", 1, 0, 0, 5},
         {"name_sounds", "birth_swapped", "sex_same", "household_same"}},
        {{"周末", "1962-10-03", 1, 0, 21},
         {"周未", "1962-10-03", 1, 0, 21},
         {"name_looks", "birth_same", "sex_same", "phone_same"}},
    };
    for (const auto& one : cases) {
        const auto like = among_many(one.a, one.b);
        CAPTURE(one.a.name);
        CHECK(like.score >= likely);
        CHECK(marks(like) == one.why);
    }
}

TEST_CASE("relatives and namesakes are not taken for one") {
    const std::vector<std::pair<Known, Known>> cases{
        // twins
        {{"王建国", "1985-02-03", 1, 11, 21, 5}, {"王建军", "1985-02-03", 1, 12, 21, 5}},
        {{"王建国", "1985-02-03", 1, 0, 21, 5}, {"王建军", "1985-02-03", 1, 0, 21, 5}},
        // father and child under his telephone
        {{"陈思远", "1980-02-03", 1, 11, 21, 5}, {"陈思涵", "2008-11-23", 2, 12, 21, 5}},
        // namesakes
        {{"张伟", "1980-02-03", 1, 11, 21}, {"张伟", "1991-07-13", 1, 12, 22}},
        {{"张伟", "1980-02-03", 1}, {"张伟", "1980-02-08", 1}},
        // born on one day
        {{"郑洁", "1980-02-03", 2}, {"吴芳", "1980-02-03", 2}},
    };
    for (const auto& [a, b] : cases) {
        CAPTURE(a.name);
        CAPTURE(b.name);
        CHECK(among_many(a, b).score < likely);
    }
}

TEST_CASE("of a register with known duplicates nearly all are found, and hardly anything else") {
    auto gold = testing::make_gold(catalogue, readings(), 20'000, 1);
    const auto quality = testing::judge(gold, find_pairs(gold.people, readings()));
    CHECK(gold.same.size() > 700);
    CHECK(quality.precision() >= 0.98);
    CHECK(quality.recall() >= 0.95);
}

TEST_CASE("pairs are the same however many threads look for them, the likeliest first") {
    auto gold = testing::make_gold(catalogue, readings(), 3'000, 2);
    const auto one = find_pairs(gold.people, readings(), likely, 1);
    const auto two = find_pairs(gold.people, readings(), likely, 3);
    REQUIRE(one.size() == two.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
        CHECK(one[i].a < one[i].b);
        CHECK(std::pair(one[i].a, one[i].b) == std::pair(two[i].a, two[i].b));
        CHECK((i == 0 || one[i - 1].like.score >= one[i].like.score));
    }
}
