// SPDX-License-Identifier: Apache-2.0
#include "base/value.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/id.hpp"

using namespace linli;

TEST_CASE("a value knows its shape, and no other") {
    const Value number = 3;
    CHECK(number.as_int());
    CHECK_FALSE(number.as_double());
    CHECK_FALSE(number.as_bool());
    CHECK(Value(true).as_bool());
    CHECK(Value(std::size_t{7}) == Value(7));
    CHECK(Value(1.5).as_double());
    CHECK(Value("x").as_text());
    CHECK(Value(nullptr).is_null());
    CHECK(Value(1) != Value(1.0));
}

TEST_CASE("members are found, set and replaced in order") {
    Value record;
    CHECK_FALSE(record.find("state"));
    record.set("state", "open");
    record.set("count", 2);
    record.set("state", "closed");
    CHECK(record == obj({{"state", "closed"}, {"count", 2}}));
    CHECK(record.text_or("state") == "closed");
    CHECK(record.text_or("count", "none") == "none");
    CHECK(record.int_or("count") == 2);
    CHECK(record.int_or("missing", -1) == -1);
    CHECK_FALSE(Value("text").find("state"));
}

TEST_CASE("an id is a decimal number without sign and leading zero") {
    std::int64_t id = 0;
    for (const auto* text :
         {"", "0", "01", "+1", "-1", " 1", "1 ", "1a", "9223372036854775808",
          "99999999999999999999", "１"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_id(text, id));
    }
    CHECK(parse_id("9223372036854775807", id));
    CHECK(id == INT64_MAX);
    CHECK(parse_id("1", id));
    CHECK(id == 1);
    CHECK(home(std::int64_t{4095} << 51 | 77) == 4095);
}

TEST_CASE("every refusal has its status and code") {
    CHECK(malformed("json_malformed", "x").status == 400);
    CHECK(unauthenticated("sign_in_needed").status == 401);
    CHECK(forbidden("right_missing").status == 403);
    CHECK(not_found("clock").code == "clock_not_found");
    CHECK(not_found("clock").status == 404);
    CHECK(conflict("clock_not_running").status == 409);
    CHECK(stale().status == 412);
    CHECK(too_large("json_too_large", "x").status == 413);
    CHECK(invalid("/name", "required").status == 422);
    CHECK(invalid("/name", "required").problems.front().pointer == "/name");
    CHECK(version_missing().status == 428);
    CHECK(too_many("sign_in_too_often", 30).status == 429);
    CHECK(too_many("sign_in_too_often", 30).retry_after == 30);
    CHECK(unavailable("database_gone", 5).status == 503);
    CHECK(unavailable("database_gone", 5).retry_after == 5);
    CHECK(storage_full().status == 507);
    CHECK(std::string(stale().what()) == "version_stale");
}
