// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "base/json.hpp"
#include "http/testing.hpp"

using namespace linli;
using namespace linli::http;

namespace {

struct Note {
    std::string text;
    std::int64_t stars = 0;
    static constexpr auto fields = std::tuple{
        field("text", &Note::text, {.max = 10}),
        field("stars", &Note::stars, {.required = false, .most = 5})};
};

struct Notes {
    std::atomic<int> written = 0;
};

/// A small application: notes may be listed, written, failed at.
struct Fixture {
    TestServer server;
    Notes notes;

    explicit Fixture(store::Engine engine = store::Engine::sqlite) : server({}, engine) {
        auto& r = server.router;
        r.get(
             "/api/notes",
             [](Call& call) {
                 return Json{"{\"n\":" + std::to_string(call.query_int("n", 1, 0, 9)) + "}"};
             },
             "", Scope::open, "List"
        )
            .query("n", "how many")
            .query("f.*", "filters");
        r.get(
            "/api/notes/{id}",
            [](Call& call) {
                return Json{
                    "{\"id\":\"" + call.param("id") +
                    "\",\"v\":" + std::to_string(call.id<Note>().value) + "}"};
            },
            "", Scope::self, "One"
        );
        r.post(
             "/api/notes",
             [this](Call& call, const Note& note) {
                 ++notes.written;
                 call.header("Location", "/api/notes/1");
                 return note;
             },
             "note.write", Scope::area, "Write"
        )
            .once_per_key()
            .created();
        r.patch(
             "/api/notes/{id}",
             [](Call& call, const Value&) {
                 return Json{"{\"version\":" + std::to_string(call.expected_version()) + "}"};
             },
             "", Scope::record, "Change"
        )
            .id_fields({"path:id"});
        r.remove(
             "/api/notes/{id}", [](Call& call) { call.need_step_up(); }, "note.write",
             Scope::record, "Remove"
        )
            .id_fields({"path:id"});
        r.post(
            "/api/fail/{how}", [](Call& call) { fail(call.param("how")); }, "", Scope::open, "Fail"
        );
    }

    static void fail(const std::string& how) {
        if (how == "refused") {
            throw invalid("/x", "too_odd");
        }
        if (how == "full") {
            throw store::DiskFull("no space");
        }
        if (how == "away") {
            throw store::Unreachable("gone");
        }
        if (how == "unique") {
            throw store::ConstraintError(store::ConstraintError::Kind::unique, "x");
        }
        throw std::runtime_error("secret inside");
    }
};

}  // namespace

TEST_CASE("every refusal is a problem document with its code") {
    Fixture f;
    struct Case {
        std::string who, method, target, body, code;
        int status;
    };
    for (const auto& c : std::vector<Case>{
             {"", "GET", "/api/none", "", "route_not_found", 404},
             {"", "PUT", "/api/notes", "", "method_not_allowed", 405},
             {"", "TRACE", "/api/notes", "", "method_not_allowed", 405},
             {"", "GET", "/api/notes?x=1", "", "unknown_query", 400},
             {"", "GET", "/api/notes?n=10", "", "query_out_of_range", 400},
             {"", "GET", "/api/notes?n=1&n=2", "", "query_twice", 400},
             {"", "GET", "/api/../etc", "", "target_malformed", 400},
             {"", "GET", "/api/%2e%2e/etc", "", "target_malformed", 400},
             {"", "GET", "/api/a%2fb", "", "target_malformed", 400},
             {"", "GET", "/api/a%00b", "", "target_malformed", 400},
             {"", "GET", "/api/%ff", "", "target_malformed", 400},
             {"", "GET", "/api/%4", "", "target_malformed", 400},
             {"", "GET", "/api/notes/1", "", "not_signed_in", 401},
             {"reader", "GET", "/api/notes/01", "", "record_not_found", 404},
             {"reader", "POST", "/api/notes", "{}", "right_missing", 403},
             {"writer", "POST", "/api/notes", "", "body_missing", 400},
             {"writer", "POST", "/api/notes", "{", "json_malformed", 400},
             {"writer", "POST", "/api/notes", R"({"text":"a","text":"b"})", "json_duplicate_key",
              400},
             {"writer", "POST", "/api/notes", "{}", "invalid", 422},
             {"writer", "PATCH", "/api/notes/1", "{}", "version_missing", 428},
             {"writer", "PATCH", "/api/notes/1", R"({"id":"2"})", "objects_differ", 400},
             {"writer", "DELETE", "/api/notes/1", "", "step_up_needed", 403},
             {"writer", "DELETE", "/api/notes/1", R"({"a":1})", "body_unexpected", 400},
             {"", "POST", "/api/fail/refused", "", "invalid", 422},
             {"", "POST", "/api/fail/full", "", "storage_full", 507},
             {"", "POST", "/api/fail/away", "", "database_unreachable", 503},
             {"", "POST", "/api/fail/unique", "", "not_unique", 409},
             {"", "POST", "/api/fail/bug", "", "internal", 500},
         }) {
        CAPTURE(c.target);
        CAPTURE(c.body);
        CAPTURE(c.method);
        const auto answer = f.server.as(c.who).send(c.method, c.target, c.body);
        CHECK(answer.status == c.status);
        CHECK(answer.type == "application/problem+json");
        const auto problem = parse_json(answer.body);
        CHECK(problem.text_or("code") == c.code);
        CHECK(problem.int_or("status") == c.status);
        CHECK(problem.find("problems")->as_list() != nullptr);
        CHECK(problem.text_or("request_id") == *answer.header("X-Request-Id"));
        CHECK(answer.body.find("secret") == std::string::npos);
        CHECK(*answer.header("Cache-Control") == "no-store");
    }
}

TEST_CASE("a problem says where and what") {
    Fixture f;
    const auto answer = f.server.as("writer").send(
        "POST", "/api/notes", R"({"text":"01234567890","x":1,"stars":6})"
    );
    const auto problem = parse_json(answer.body);
    const auto& list = *problem.find("problems")->as_list();
    REQUIRE(list.size() == 3);
    CHECK(list[0].text_or("pointer") == "/x");
    CHECK(list[0].text_or("code") == "unknown_field");
    CHECK(list[1].text_or("pointer") == "/text");
    CHECK(list[2].text_or("code") == "out_of_range");
}

TEST_CASE("answers by kind of result, and C33 headers on all") {
    Fixture f;
    auto writer = f.server.as("writer");
    const auto made = writer.send("POST", "/api/notes", R"({"text":"hello"})");
    CHECK(made.status == 201);
    CHECK(made.body == R"({"text":"hello","stars":0})");
    CHECK(*made.header("Location") == "/api/notes/1");
    CHECK(f.server.as("").send("GET", "/api/notes?n=3&f.state=open").body == R"({"n":3})");
    CHECK(writer.send("HEAD", "/api/notes").status == 200);
    CHECK(f.server.as("").send("GET", "/healthz").status == 200);
    CHECK(f.server.as("").send("GET", "/readyz").status == 200);
    for (const auto& answer :
         {made, f.server.as("").send("GET", "/none"), writer.send("GET", "/healthz")}) {
        CHECK(answer.header("Content-Security-Policy")->find("unsafe") == std::string::npos);
        CHECK(
            answer.header("Content-Security-Policy")->find("frame-ancestors 'none'") !=
            std::string::npos
        );
        CHECK(*answer.header("X-Content-Type-Options") == "nosniff");
        CHECK(answer.header("Referrer-Policy"));
        CHECK_FALSE(answer.header("Strict-Transport-Security"));
    }
    CHECK(
        writer.header("If-Match", "\"7\"").send("PATCH", "/api/notes/1", "{}").body ==
        R"({"version":7})"
    );
    CHECK(*f.server.as("").send("DELETE", "/api/notes").header("Allow") == "GET, HEAD, POST");
}

TEST_CASE("C34: an unsafe method needs the proof of the session") {
    Fixture f;
    const std::string body = R"({"text":"a"})";
    CHECK(
        f.server.as("writer").header("X-CSRF", "").send("POST", "/api/notes", body).status == 403
    );
    CHECK(
        f.server.as("writer").header("X-CSRF", "other").send("POST", "/api/notes", body).status ==
        403
    );
    CHECK(
        f.server.as("writer")
            .header("Sec-Fetch-Site", "cross-site")
            .send("POST", "/api/notes", body)
            .status == 403
    );
    CHECK(
        f.server.as("program").header("X-CSRF", "").send("POST", "/api/notes", body).status == 201
    );
    CHECK(f.server.as("writer").header("X-CSRF", "").send("GET", "/api/notes/1").status == 200);
    CHECK(
        f.server.as("writer")
            .header("Content-Type", "text/plain")
            .send("POST", "/api/notes", body)
            .status == 415
    );
    CHECK(f.notes.written == 1);
}

TEST_CASE("an answer that comes in pieces ends with the rights of its asker (C08)") {
    store::testing::TestDatabase db(store::Engine::sqlite, http::schema());
    Router router;
    Streams streams;
    Caller asker;
    asker.account = {1};
    asker.grants = {{1, "desk", {5}, {}, false}};
    const Identify identify = [&](const Request&, store::Database&, Instant) { return asker; };
    router.get(
        "/api/long",
        [](Call&) {
            Answer answer;
            answer.stream = [] { return std::string("piece"); };
            return answer;
        },
        "", Scope::self, "A long answer"
    );
    Server server({}, router, *db, db.time(), identify, streams);
    const auto ask = [&] {
        Request request;
        request.method = "GET";
        request.path = "/api/long";
        return server.serve(std::move(request));
    };
    auto answer = ask();
    CHECK(answer.stream() == "piece");
    asker.grants[0].area = {6};
    CHECK_THROWS_AS(answer.stream(), Refused);
    auto next = ask();
    CHECK(next.stream() == "piece");
    asker = {};
    CHECK_THROWS_AS(next.stream(), Refused);
    server.stop();
    db->close();
}

namespace {

void replay(store::Engine engine) {
    Fixture f(engine);
    auto writer = f.server.as("writer").header("Idempotency-Key", "k1");
    const auto first = writer.send("POST", "/api/notes", R"({"text":"a"})");
    const auto again = writer.send("POST", "/api/notes", R"({"text":"a"})");
    CHECK(first.status == 201);
    CHECK_FALSE(first.header("Idempotency-Replayed"));
    CHECK(again.status == 201);
    CHECK(again.body == first.body);
    CHECK(*again.header("Location") == "/api/notes/1");
    CHECK(*again.header("Idempotency-Replayed") == "true");
    CHECK(f.notes.written == 1);

    const auto other = writer.send("POST", "/api/notes", R"({"text":"b"})");
    CHECK(other.status == 422);
    CHECK(parse_json(other.body).text_or("code") == "idempotency_key_reused");
    CHECK(
        f.server.as("program")
            .header("Idempotency-Key", "k1")
            .send("POST", "/api/notes", R"({"text":"b"})")
            .status == 201
    );
    CHECK(f.notes.written == 2);
    CHECK(
        f.server.as("writer")
            .header("Idempotency-Key", std::string(101, 'k'))
            .send("POST", "/api/notes", R"({"text":"a"})")
            .status == 400
    );

    f.server.db.time().advance(8 * day_ms);
    CHECK(f.server.db->write_now([&](store::Tx& tx) {
        return forget_old_keys(tx, f.server.db.time().now());
    }) == 2);
    CHECK(writer.send("POST", "/api/notes", R"({"text":"b"})").status == 201);
}

void replay_at_once(store::Engine engine) {
    Fixture f(engine);
    auto writer = f.server.as("writer");
    for (int round = 0; round < 10; ++round) {
        const auto keyed = writer.header("Idempotency-Key", "k" + std::to_string(round));
        std::vector<std::thread> threads;
        std::atomic<int> created = 0;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                created += keyed.send("POST", "/api/notes", R"({"text":"a"})").status == 201;
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        CHECK(created == 8);
    }
    CHECK(f.notes.written == 10);
}

}  // namespace

TEST_CASE("C47: a replayed key gives the first answer and has no second effect") {
    for (const auto engine : store::testing::engines()) {
        replay(engine);
    }
}

TEST_CASE("C47: eight replays at the same time have one effect") {
    for (const auto engine : store::testing::engines()) {
        replay_at_once(engine);
    }
}

TEST_CASE("metrics are for this machine or a right") {
    Fixture f;
    auto nobody = f.server.as("");
    nobody.send("GET", "/api/notes");
    const auto page = nobody.send("GET", "/metrics");
    CHECK(page.status == 200);
    CHECK(
        page.body.find(
            R"(linli_http_requests_total{method="GET",route="/api/notes",status="200"} 1)"
        ) != std::string::npos
    );
    CHECK(nobody.peer("10.0.0.1").send("GET", "/metrics").status == 404);
    CHECK(
        nobody.peer("127.0.0.1")
            .header("X-Forwarded-For", "1.2.3.4")
            .send("GET", "/metrics")
            .status == 404
    );
}
