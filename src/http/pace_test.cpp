// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "http/pace.hpp"
#include "http/pool.hpp"
#include "http/testing.hpp"

using namespace linli;
using namespace linli::http;

namespace {

Route route(const char* method, Lane lane = Lane::ordinary) {
    Route one{method, "/api/notes", "", Scope::area, "Notes"};
    one.lane = lane;
    return one;
}

struct Asked {
    int let_in = 0;
    int wait = 0;  ///< Retry-After of the first refusal
};

template <class F>
Asked ask(int times, F&& f) {
    Asked asked;
    for (int i = 0; i < times; ++i) {
        try {
            f();
            ++asked.let_in;
        } catch (const Refused& refused) {
            CHECK(refused.code == "too_fast");
            asked.wait = refused.retry_after.value_or(0);
            return asked;
        }
    }
    return asked;
}

Caller account(std::int64_t id) {
    Caller caller;
    caller.account = {id};
    return caller;
}

Request from(const char* peer) {
    Request request;
    request.peer = peer;
    return request;
}

}  // namespace

TEST_CASE("C79: an account writes a burst, then five a second, and others do not notice") {
    Paces paces(1);
    const auto writing = route("POST");
    const Instant now{1'000'000};
    const auto write = [&](std::int64_t who, Instant at) {
        paces.admit(from("203.0.113.5"), account(who), writing, at);
    };
    const auto first = ask(500, [&] { write(7, now); });
    CHECK(first.let_in == 100);
    CHECK(first.wait == 1);
    CHECK(ask(500, [&] { write(8, now); }).let_in == 100);
    CHECK(ask(500, [&] { write(7, now + 10 * second_ms); }).let_in == 50);
    CHECK(ask(500, [&] { write(7, now + day_ms); }).let_in == 100);
}

TEST_CASE("C79: reading, writing and long work have allowances of their own") {
    Paces paces(1);
    const Instant now{1'000'000};
    for (const auto& [what, burst] : std::vector<std::pair<Route, int>>{
             {route("GET"), 300}, {route("POST"), 100}, {route("GET", Lane::bulk), 20}}) {
        CAPTURE(burst);
        const auto asked =
            ask(1'000, [&] { paces.admit(from("203.0.113.5"), account(7), what, now); });
        CHECK(asked.let_in == burst);
    }
}

TEST_CASE("C79: an address has its allowance, a network of IPv6 one together, this machine none") {
    struct Case {
        const char *one, *other;
        int others;
    };
    for (const auto& c : std::vector<Case>{
             {"203.0.113.5", "203.0.113.6", 3000},
             {"2001:db8:1:2::5", "2001:db8:1:2:9:8:7:6", 0},
             {"2001:db8:1:2::5", "2001:db8:1:3::5", 3000}}) {
        CAPTURE(c.other);
        Paces paces(1);
        const Instant now{1'000'000};
        CHECK(ask(5'000, [&] { paces.arrive(from(c.one), now); }).let_in == 3000);
        CHECK(ask(5'000, [&] { paces.arrive(from(c.other), now); }).let_in == c.others);
    }
    Paces paces(1);
    CHECK(ask(5'000, [&] { paces.arrive(from("127.0.0.1"), Instant{1}); }).let_in == 5'000);
}

TEST_CASE("C79: a clock that is set back shuts nobody out for long") {
    Paces paces(1);
    const auto writing = route("POST");
    const auto write = [&](Instant at) { paces.admit(from("::1"), account(7), writing, at); };
    const Instant now{100 * day_ms};
    ask(500, [&] { write(now); });
    const Instant earlier = now + -50 * day_ms;
    CHECK(ask(500, [&] { write(earlier); }).wait == 1);
    CHECK(ask(500, [&] { write(earlier + 10 * second_ms); }).let_in == 50);
}

TEST_CASE("C79: the allowance is a factor, and 0 is none") {
    Paces half(0.5), none(0);
    const auto writing = route("POST");
    const Instant now{1'000'000};
    const auto of = [&](Paces& paces, Instant at) {
        return ask(1'000, [&] { paces.admit(from("::1"), account(7), writing, at); }).let_in;
    };
    of(half, now);
    CHECK(of(half, now + 10 * second_ms) == 25);
    CHECK(of(none, now) == 1'000);
}

TEST_CASE("C79: who asks too often reads when to come again") {
    TestServer server({.pace = 0.01});
    server.router.get(
        "/api/hello", [](Call&) { return Json{"{}"}; }, "", Scope::self, "Say hello"
    );
    const auto reader = server.as("reader");
    auto answer = reader.send("GET", "/api/hello");
    for (int i = 0; i < 400 && answer.status == 200; ++i) {
        answer = reader.send("GET", "/api/hello");
    }
    REQUIRE(answer.status == 429);
    CHECK(std::stoi(*answer.header("Retry-After")) >= 1);
    CHECK(answer.body.find("too_fast") != std::string::npos);
}
