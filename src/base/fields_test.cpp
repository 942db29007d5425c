// SPDX-License-Identifier: Apache-2.0
#include "base/fields.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace linli;

namespace {

enum class Colour { red, green };
constexpr auto names(Colour) {
    return std::array{"red", "green"};
}

struct Point {
    double x = 0;
    std::int32_t y = 0;
    bool operator==(const Point&) const = default;
    static constexpr auto fields = std::tuple{field("x", &Point::x), field("y", &Point::y)};
};

struct Thing;
struct Whole {
    Id<Thing> id;
    std::string name;
    std::optional<std::string> note;
    std::vector<Point> points;
    Colour colour = Colour::red;
    bool open = false;
    Instant at;
    Date on;
    Value extra;
    bool operator==(const Whole&) const = default;
    static constexpr auto fields = std::tuple{
        field("id", &Whole::id),
        field("name", &Whole::name, {.max = 3}),
        field("note", &Whole::note, {.max = 5}),
        field("points", &Whole::points, {.max = 2}),
        field("colour", &Whole::colour),
        field("open", &Whole::open),
        field("at", &Whole::at),
        field("on", &Whole::on),
        field("extra", &Whole::extra, {.required = false})};
};

struct Counted {
    std::int64_t n = 0;
    std::int16_t small = 0;
    static constexpr auto fields = std::tuple{
        field("n", &Counted::n, {.least = 1, .most = 9}),
        field("small", &Counted::small, {.required = false})};
};

template <class S>
std::map<std::string, std::string> problems(std::string_view json) {
    std::map<std::string, std::string> found;
    try {
        read<S>(parse_json(json));
    } catch (const Refused& refused) {
        for (const auto& one : refused.problems) {
            found[one.pointer] = one.code;
        }
    }
    return found;
}

using Found = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("a struct survives its JSON") {
    const Whole whole{
        .id = {77},
        .name = "张三丰",
        .note = std::nullopt,
        .points = {{1.5, 2}, {0.1, -3}},
        .colour = Colour::green,
        .open = true,
        .at = *parse_instant("2025-05-08T00:00:00Z"),
        .on = date_of({2025, 5, 8}),
        .extra = obj({{"k", 1}})};
    const auto text = to_json_text(whole);
    CHECK(
        text ==
        "{\"id\":\"77\",\"name\":\"张三丰\",\"note\":null,\"points\":[{\"x\":1.5,\"y\":2},"
        "{\"x\":0.1,\"y\":-3}],\"colour\":\"green\",\"open\":true,"
        "\"at\":\"2025-05-08T00:00:00.000Z\",\"on\":\"2025-05-08\",\"extra\":{\"k\":1}}"
    );
    CHECK(read<Whole>(parse_json(text)) == whole);
}

TEST_CASE("every problem is told, with its place") {
    CHECK(
        problems<Whole>("{}") ==
        Found{
            {"/id", "required"},
            {"/name", "required"},
            {"/colour", "required"},
            {"/at", "required"},
            {"/on", "required"}}
    );
    CHECK(
        problems<Whole>(
            R"({"id":77,"name":"四个汉字","note":"123456","points":[{"x":"1","z":1}],
            "colour":"blue","open":1,"at":"2025-05-08","on":"2025-02-30","nmae":1})"
        ) ==
        Found{
            {"/id", "wrong_type"},
            {"/name", "too_long"},
            {"/note", "too_long"},
            {"/points/0/x", "wrong_type"},
            {"/points/0/y", "required"},
            {"/points/0/z", "unknown_field"},
            {"/colour", "unknown_choice"},
            {"/open", "wrong_type"},
            {"/at", "wrong_type"},
            {"/on", "wrong_type"},
            {"/nmae", "unknown_field"}}
    );
    CHECK(problems<Whole>("[]") == Found{{"", "wrong_type"}});
    CHECK(problems<Counted>(R"({"n":10})") == Found{{"/n", "out_of_range"}});
    CHECK(problems<Counted>(R"({"n":0})") == Found{{"/n", "out_of_range"}});
    CHECK(problems<Counted>(R"({"n":1,"small":32768})") == Found{{"/small", "out_of_range"}});
    CHECK(problems<Counted>(R"({"n":1.0})") == Found{{"/n", "wrong_type"}});
    CHECK(problems<Counted>(R"({"n":9,"small":-32768})").empty());
}

TEST_CASE("a list may have as many elements as its rule says") {
    CHECK(
        problems<Whole>(
            R"({"id":"1","name":"a","points":[{"x":1,"y":1},{"x":1,"y":1},{"x":1,"y":1}],
            "colour":"red","at":"2025-05-08T00:00:00Z","on":"2025-05-08"})"
        ) == Found{{"/points", "too_many"}}
    );
}
