// SPDX-License-Identifier: Apache-2.0
/// A listening server and sockets that misbehave.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "base/json.hpp"
#include "http/testing.hpp"

using namespace linli;
using namespace linli::http;

namespace {

using Clock = std::chrono::steady_clock;

Settings short_limits() {
    Settings settings;
    settings.port = 0;
    settings.workers = 2;
    settings.header_ms = 300;
    settings.idle_ms = 600;
    settings.body_ms = 300;
    settings.write_ms = 500;
    settings.in_flight_bytes = 8 << 20;
    return settings;
}

struct Listening : TestServer {
    std::atomic<int> entered = 0, released = 0;

    explicit Listening(Settings settings = short_limits()) : TestServer(std::move(settings)) {
        router.get(
            "/api/hello", [](Call&) { return Json{R"({"hello":1})"}; }, "", Scope::open, "Hello"
        );
        router
            .post(
                "/api/echo", [](Call& call) { return echo(call); }, "", Scope::open, "Echo"
            )
            .raw()
            .limit(4 << 20);
        router.post(
            "/api/json", [](Call&, const Value& v) { return v; }, "", Scope::open, "Echo JSON"
        );
        router
            .get(
                "/api/wait", [this](Call&) { return wait(); }, "", Scope::open, "Wait"
            )
            .no_transaction();
        router
            .get(
                "/api/long/{n}", [](Call& call) { return pieces(call); }, "", Scope::open, "Long"
            )
            .no_transaction();
        server->start();
    }
    ~Listening() { released = 1'000; }

    static Answer echo(Call& call) {
        Answer answer;
        answer.type = "application/octet-stream";
        answer.body = call.request.body;
        return answer;
    }
    Json wait() {
        const int mine = ++entered;
        while (released < mine) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return Json{"{}"};
    }
    static Answer pieces(Call& call) {
        Answer answer;
        answer.type = "text/csv";
        const auto total = call.id<Request>("n").value;
        answer.stream = [left = total]() mutable {
            return left-- > 0 ? std::string(1'000, 'x') : std::string();
        };
        return answer;
    }
    RawClient connect() const { return RawClient(server->port()); }
    std::string ask(const std::string& bytes) const {
        auto client = connect();
        client.send(bytes);
        return client.read_answer();
    }
    void until_entered(int n) const {
        while (entered < n) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
};

const std::string host = "Host: a\r\n";
std::string get(const std::string& path, const std::string& headers = "") {
    return "GET " + path + " HTTP/1.1\r\n" + host + headers + "\r\n";
}
std::string post(const std::string& path, const std::string& headers, const std::string& body) {
    return "POST " + path + " HTTP/1.1\r\n" + host + headers + "\r\n" + body;
}

}  // namespace

TEST_CASE("C36: what two readers could understand differently is refused, and the connection closed"
) {
    const Listening app;
    struct Case {
        const char* name;
        std::string bytes;
        int status;
    };
    const std::string start = "GET /api/hello HTTP/1.1\r\n",
                      echo = "POST /api/echo HTTP/1.1\r\n" + host;
    std::string many;
    for (int i = 0; i < 101; ++i) {
        many += "X-" + std::to_string(i) + ": 1\r\n";
    }
    for (const auto& c : std::vector<Case>{
             {"length and coding",
              echo + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
             {"two lengths", echo + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
             {"two equal lengths", echo + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
             {"a list of lengths", echo + "Content-Length: 3, 3\r\n\r\nabc", 400},
             {"signed length", echo + "Content-Length: +3\r\n\r\nabc", 400},
             {"negative length", echo + "Content-Length: -3\r\n\r\nabc", 400},
             {"huge length", echo + "Content-Length: 99999999999999999999\r\n\r\n", 400},
             {"blank before colon", "GET /api/hello HTTP/1.1\r\nHost : a\r\n\r\n", 400},
             {"bare LF", "GET /api/hello HTTP/1.1\nHost: a\n\n\r\n\r\n", 400},
             {"bare LF in the middle", start + "Host: a\nX: b\r\n\r\n", 400},
             {"bare CR", start + host + "X: a\rb\r\n\r\n", 400},
             {"NUL in a header", start + host + std::string("X: a\0b\r\n\r\n", 10), 400},
             {"folded header", start + host + "X: a\r\n b\r\n\r\n", 400},
             {"unknown coding", echo + "Transfer-Encoding: xchunked\r\n\r\n", 400},
             {"two codings", echo + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
             {"coding twice",
              echo + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
              400},
             {"coding in HTTP/1.0",
              "POST /api/echo HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
              400},
             {"bad chunk size", echo + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", 400},
             {"chunk longer than said",
              echo + "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n", 400},
             {"bare LF in a chunk", echo + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
              400},
             {"endless chunk line",
              echo + "Transfer-Encoding: chunked\r\n\r\n3;" + std::string(9'000, 'a'), 400},
             {"no Host", start + "\r\n", 400},
             {"two Hosts", start + host + host + "\r\n", 400},
             {"odd Host", start + "Host: a b\r\n\r\n", 400},
             {"no request at all", "\x16\x03\x01hello\r\n\r\n", 400},
             {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
             {"target without slash", "GET api HTTP/1.1\r\n" + host + "\r\n", 400},
             {"dots", get("/api/../x"), 400},
             {"encoded dots", get("/api/%2e%2E/x"), 400},
             {"encoded slash", get("/api/a%2Fb"), 400},
             {"long target", get("/" + std::string(8'200, 'a')), 414},
             {"long target without end", "GET /" + std::string(9'000, 'a'), 414},
             {"large headers", start + host + "X: " + std::string(17'000, 'a') + "\r\n\r\n", 431},
             {"large headers without end", start + host + "X: " + std::string(17'000, 'a'), 431},
             {"many headers", start + host + many + "\r\n", 431},
             {"unknown expectation", echo + "Expect: wonders\r\nContent-Length: 1\r\n\r\n", 417},
             {"body too large", echo + "Content-Length: 9000000\r\n\r\n", 413},
             {"body where no route is", post("/api/none", "Content-Length: 1\r\n", "x"), 413},
         }) {
        CAPTURE(c.name);
        auto client = app.connect();
        client.send(c.bytes);
        const auto answer = client.read_to_end(2'500);
        CHECK(status_of(answer) == c.status);
        CHECK(client.ended());
        CHECK(answer.find("Connection: close\r\n") != std::string::npos);
        CHECK(answer.find("application/problem+json") != std::string::npos);
        CHECK(answer.find("Content-Security-Policy: ") != std::string::npos);
        CHECK(answer.find("Server:") == std::string::npos);
        CHECK(answer.find("HTTP/1.1 2") == std::string::npos);
    }
    CHECK(status_of(app.ask(get("/api/hello"))) == 200);
}

TEST_CASE("bodies arrive whole, with a length or in chunks, in any cutting") {
    const Listening app;
    const std::string chunked = post(
        "/api/echo", "Transfer-Encoding: chunked\r\n",
        "3\r\nabc\r\n5;x=1\r\ndefgh\r\n0\r\nT: 1\r\n\r\n"
    );
    const std::string plain = post("/api/echo", "Content-Length: 8\r\n", "abcdefgh");
    for (const auto& bytes : {chunked, plain}) {
        for (std::size_t cut = 1; cut < bytes.size(); cut += 7) {
            auto client = app.connect();
            client.send(bytes.substr(0, cut));
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            client.send(bytes.substr(cut));
            CHECK(body_of(client.read_answer()) == "abcdefgh");
        }
    }
    const std::string big(3 << 20, 'b');
    CHECK(
        body_of(app.ask(
            post("/api/echo", "Content-Length: " + std::to_string(big.size()) + "\r\n", big)
        )) == big
    );
    auto client = app.connect();
    client.send(post("/api/echo", "Expect: 100-continue\r\nContent-Length: 2\r\n", ""));
    CHECK(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("ok");
    CHECK(body_of(client.read_answer()) == "ok");
}

TEST_CASE("a trailer is no header, and a chunked body has its limit") {
    const Listening app;
    const auto answer = app.ask(post(
        "/api/json", "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n",
        "2\r\n{}\r\n0\r\nContent-Type: application/json\r\n\r\n"
    ));
    CHECK(status_of(answer) == 415);
    std::string body;
    for (int i = 0; i < 200; ++i) {
        body += "2000\r\n" + std::string(0x2000, ' ') + "\r\n";
    }
    CHECK(
        status_of(app.ask(post(
            "/api/json", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", body
        ))) == 413
    );
}

TEST_CASE("requests in a row on one connection are answered in order") {
    const Listening app;
    auto client = app.connect();
    client.send(
        get("/api/hello") + get("/api/none") + post("/api/echo", "Content-Length: 1\r\n", "x") +
        get("/healthz")
    );
    CHECK(status_of(client.read_answer()) == 200);
    CHECK(status_of(client.read_answer()) == 404);
    CHECK(body_of(client.read_answer()) == "x");
    CHECK(body_of(client.read_answer()) == "ok\n");
    client.send("HEAD /api/hello HTTP/1.1\r\n" + host + "\r\n");
    const auto head = client.read_until("\r\n\r\n");
    CHECK(head.find("Content-Length: 11") != std::string::npos);
    client.send(get("/api/hello", "Connection: close\r\n"));
    CHECK(body_of(client.read_to_end()) == R"({"hello":1})");
    CHECK(client.ended());
    auto old = app.connect();
    old.send("GET /api/hello HTTP/1.0\r\n\r\n");
    CHECK(status_of(old.read_to_end()) == 200);
    CHECK(old.ended());
}

TEST_CASE("C37: slow heads, bodies and readers are closed in time") {
    const Listening app;
    struct Case {
        const char* name;
        std::string bytes;
        int least_ms, most_ms;
    };
    for (const auto& c : std::vector<Case>{
             {"head", "GET /api/hello HTTP/1.1\r\nHo", 200, 900},
             {"body", post("/api/echo", "Content-Length: 5\r\n", "ab"), 200, 900},
             {"chunked body", post("/api/echo", "Transfer-Encoding: chunked\r\n", "5\r\nab"), 200,
              900},
             {"idle", get("/api/hello"), 500, 1'300},
             {"nothing", "", 500, 1'300},
         }) {
        CAPTURE(c.name);
        auto client = app.connect();
        const auto from = Clock::now();
        client.send(c.bytes);
        client.read_to_end(3'000);
        const auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - from).count();
        CHECK(client.ended());
        CHECK(took >= c.least_ms);
        CHECK(took <= c.most_ms);
    }
}

TEST_CASE("C37: a head that comes byte by byte has one deadline for all of it") {
    const Listening app;
    auto client = app.connect();
    const auto from = Clock::now();
    while (client.send("a") && Clock::now() - from < std::chrono::seconds(3)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    CHECK(Clock::now() - from < std::chrono::milliseconds(1'500));
}

TEST_CASE("a reader that does not read is cut, and the server goes on") {
    const Listening app;
    auto client = app.connect();
    client.send(get("/api/long/200000"));
    std::this_thread::sleep_for(std::chrono::milliseconds(1'200));
    const auto got = client.read_to_end(3'000);
    CHECK(client.ended());
    CHECK(got.size() < 100'000'000);
    CHECK_FALSE(got.ends_with("0\r\n\r\n"));
    CHECK(status_of(app.ask(get("/api/hello"))) == 200);
}

TEST_CASE("a long answer is pulled piece by piece") {
    const Listening app;
    const auto answer = app.ask(get("/api/long/50"));
    CHECK(answer.find("Transfer-Encoding: chunked") != std::string::npos);
    CHECK(answer.find("3e8\r\nxxx") != std::string::npos);
    CHECK(answer.ends_with("\r\n0\r\n\r\n"));
    auto old = app.connect();
    old.send("GET /api/long/5 HTTP/1.0\r\n\r\n");
    CHECK(body_of(old.read_to_end()) == std::string(5'000, 'x'));
}

TEST_CASE("500 idle connections hurt nobody") {
    auto settings = short_limits();
    settings.idle_ms = 30'000;
    const Listening app(settings);
    std::vector<RawClient> idle;
    for (int i = 0; i < 500; ++i) {
        idle.push_back(app.connect());
    }
    const auto from = Clock::now();
    for (int i = 0; i < 20; ++i) {
        CHECK(status_of(app.ask(get("/api/hello"))) == 200);
    }
    CHECK(Clock::now() - from < std::chrono::seconds(1));
}

TEST_CASE("C78: a full queue answers 503 with Retry-After at once") {
    auto settings = short_limits();
    settings.workers = 1;
    settings.queue = 2;
    Listening app(settings);
    std::vector<RawClient> waiting;
    for (int i = 0; i < 3; ++i) {
        waiting.push_back(app.connect());
        waiting.back().send(get("/api/wait"));
        app.until_entered(1);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    const auto answer = app.ask(get("/api/hello"));
    CHECK(status_of(answer) == 503);
    CHECK(answer.find("Retry-After: 1\r\n") != std::string::npos);
    CHECK(body_of(answer).find("\"overloaded\"") != std::string::npos);
    app.released = 1'000;
    for (auto& client : waiting) {
        CHECK(status_of(client.read_answer()) == 200);
    }
    CHECK(status_of(app.ask(get("/api/hello"))) == 200);
}

TEST_CASE("C77: bodies under way have a common limit") {
    auto settings = short_limits();
    settings.in_flight_bytes = 1'000'000;
    const Listening app(settings);
    CHECK(status_of(app.ask(post("/api/echo", "Content-Length: 1000001\r\n", ""))) == 503);
    const std::string body(900'000, 'a');
    for (int i = 0; i < 3; ++i) {
        CHECK(status_of(app.ask(post("/api/echo", "Content-Length: 900000\r\n", body))) == 200);
    }
}

TEST_CASE("beyond the limit of connections new ones are closed") {
    auto settings = short_limits();
    settings.connections = 3;
    settings.idle_ms = 30'000;
    const Listening app(settings);
    std::vector<RawClient> open;
    for (int i = 0; i < 3; ++i) {
        open.push_back(app.connect());
        open.back().send(get("/api/hello"));
        CHECK(status_of(open.back().read_answer()) == 200);
    }
    auto client = app.connect();
    client.send(get("/api/hello"));
    CHECK(client.read_answer() == "");
    CHECK(client.ended());
}

TEST_CASE("C80: a stop drains what is under way and closes what is idle") {
    auto settings = short_limits();
    settings.idle_ms = 30'000;
    Listening app(settings);
    auto idle = app.connect(), busy = app.connect();
    idle.send(get("/api/hello"));
    CHECK(status_of(idle.read_answer()) == 200);
    busy.send(get("/api/wait"));
    app.until_entered(1);
    auto late = app.connect();  // accepted by the kernel, perhaps not yet by us
    late.send(get("/api/hello"));
    std::thread stopper([&] { app.server->stop(10'000); });
    CHECK(status_of(late.read_answer()) == 200);
    idle.read_to_end(3'000);
    CHECK(idle.ended());
    app.released = 1;
    const auto answer = busy.read_to_end(3'000);
    CHECK(status_of(answer) == 200);
    CHECK(answer.find("Connection: close") != std::string::npos);
    stopper.join();
    CHECK_THROWS(app.connect());
}

TEST_CASE("a second server on the same address is refused with a sentence") {
    const Listening app;
    auto settings = short_limits();
    settings.port = app.server->port();
    TestServer other(settings);
    CHECK_THROWS_WITH_AS(
        other.server->start(), doctest::Contains("choose another"), std::runtime_error
    );
}

TEST_CASE("C35: X-Forwarded-For is believed from a configured proxy alone") {
    for (const bool trusted : {false, true}) {
        auto settings = short_limits();
        if (trusted) {
            settings.proxies = {"127.0.0.1", "10.0.0.9"};
        }
        TestServer app(settings);
        app.router.get(
            "/api/peer", [](Call& call) { return Json{"\"" + call.request.peer + "\""}; }, "",
            Scope::open, "Peer"
        );
        app.server->start();
        RawClient client(app.server->port());
        client.send(get("/api/peer", "X-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.0.0.9\r\n"));
        CHECK(body_of(client.read_answer()) == (trusted ? "\"1.2.3.4\"" : "\"127.0.0.1\""));
    }
}

TEST_CASE("events reach a signed-in page, and a sixth stream of one account is refused") {
    Listening app;
    CHECK(status_of(app.ask(get("/api/stream"))) == 401);
    std::vector<RawClient> pages;
    for (int i = 0; i < 5; ++i) {
        pages.push_back(app.connect());
        pages.back().send(get("/api/stream", "X-Who: reader\r\n"));
        const auto head = pages.back().read_until("retry: 3000\n\n");
        CHECK(head.find("text/event-stream") != std::string::npos);
        CHECK(head.find("Cache-Control: no-store") != std::string::npos);
    }
    CHECK(status_of(app.ask(get("/api/stream", "X-Who: reader\r\n"))) == 429);
    auto other = app.connect();
    other.send(get("/api/stream", "X-Who: writer\r\n"));
    other.read_until("retry: 3000\n\n");
    CHECK(app.streams.listeners() == 6);

    app.streams.publish({"inbox", "{\"n\":\n1}"}, [](const Caller& caller) {
        return caller.name == "reader";
    });
    app.streams.publish({"board", "{}"}, [](const Caller&) { return true; });
    for (auto& page : pages) {
        CHECK(
            page.read_until("id: 2\nevent: board\ndata: {}\n\n") ==
            "id: 1\nevent: inbox\ndata: {\"n\": 1}\n\nid: 2\nevent: board\ndata: {}\n\n"
        );
    }
    CHECK(other.read_until("data: {}\n\n") == "id: 2\nevent: board\ndata: {}\n\n");

    pages.pop_back();  // a page that leaves makes room at once
    const auto end = Clock::now() + std::chrono::seconds(3);
    while (app.streams.listeners() > 5 && Clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    CHECK(app.streams.listeners() == 5);
    app.streams.end_where([](const Caller& caller) { return caller.name == "writer"; });
    other.read_to_end(3'000);
    CHECK(other.ended());
}

TEST_CASE("a quiet event stream beats, and a stop ends it") {
    auto settings = short_limits();
    settings.heartbeat_ms = 50;
    settings.write_ms = 100;  // of each write, not of the stream
    Listening app(settings);
    auto page = app.connect();
    page.send(get("/api/stream", "X-Who: reader\r\n"));
    page.read_until("retry: 3000\n\n");
    for (int i = 0; i < 6; ++i) {
        CHECK(page.read_until(":\n\n") == ":\n\n");
    }
    const auto from = Clock::now();
    app.server->stop();
    page.read_to_end(1'000);
    CHECK(page.ended());
    CHECK(Clock::now() - from < std::chrono::milliseconds(1'000));
}
