// SPDX-License-Identifier: Apache-2.0
/// The real server as a process of its own, killed without warning: what it acknowledged is there
/// when it is back, timers go on, and it is back soon (C73, C74).
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <mutex>
#include <thread>
#include <utility>

#include "app/testing.hpp"
#include "flow/power_cuts.hpp"

namespace linli::app::testing {

namespace {

using Clock = std::chrono::steady_clock;
constexpr const char* password = "correct horse 58";

/// One kept-alive connection. Any failure is status 0: the server is gone.
class Wire {
 public:
    explicit Wire(int port) : m_port(port) {}
    ~Wire() { close(); }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    Reply send(
        const std::string& method, const std::string& target, const std::string& body = {},
        const std::string& key = {}
    ) {
        Reply reply;
        if (!connected()) {
            return reply;
        }
        std::string text = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + m_headers;
        if (!body.empty()) {
            text += "Content-Type: application/json\r\n";
        }
        if (!key.empty()) {
            text += "Idempotency-Key: " + key + "\r\n";
        }
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        if (::send(m_socket, text.data(), text.size(), MSG_NOSIGNAL) !=
                static_cast<ssize_t>(text.size()) ||
            !read(reply)) {
            close();
            return {};
        }
        return reply;
    }
    void sign_in_like(const Wire& other) { m_headers = other.m_headers; }
    void sign_in(const std::string& login) {
        const auto reply =
            send("POST", "/api/session", to_json(obj({{"login", login}, {"password", password}})));
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        const auto cookie = reply.header("Set-Cookie");
        m_headers = "Cookie: " + cookie.substr(0, cookie.find(';')) +
                    "\r\nX-CSRF: " + reply.text("csrf") + "\r\n";
    }

 private:
    bool connected() {
        if (m_socket >= 0) {
            return true;
        }
        m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(m_port));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(m_socket, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
            close();
        }
        return m_socket >= 0;
    }
    void close() {
        if (m_socket >= 0) {
            ::close(m_socket);
        }
        m_socket = -1;
    }
    bool more(std::string& text) const {
        char piece[16384];
        const auto size = ::recv(m_socket, piece, sizeof piece, 0);
        if (size <= 0) {
            return false;
        }
        text.append(piece, static_cast<std::size_t>(size));
        return true;
    }
    bool read(Reply& reply) const {
        std::string text;
        auto end = std::string::npos;
        while ((end = text.find("\r\n\r\n")) == std::string::npos) {
            if (!more(text)) {
                return false;
            }
        }
        reply.status = std::stoi(text.substr(9, 3));
        std::size_t length = 0;
        for (auto at = text.find("\r\n"); at < end;) {
            const auto next = text.find("\r\n", at + 2);
            const auto line = text.substr(at + 2, next - at - 2);
            const auto colon = line.find(": ");
            reply.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
            at = next;
        }
        length = std::stoul("0" + reply.header("Content-Length"));
        while (text.size() < end + 4 + length) {
            if (!more(text)) {
                return false;
            }
        }
        reply.body = text.substr(end + 4, length);
        if (!reply.body.empty() && reply.body.front() == '{') {
            reply.json = parse_json(reply.body);
        }
        return true;
    }

    int m_port, m_socket = -1;
    std::string m_headers;
};

/// `linli serve` on a free port, its clock some hours ahead.
class Server {
 public:
    Server(
        const std::filesystem::path& data, const std::string& db, int hours = 1,
        const char* log = "/dev/null"
    ) {
        const auto started = Clock::now();
        int pipe[2];
        REQUIRE(::pipe2(pipe, O_CLOEXEC) == 0);
        m_pid = ::fork();
        REQUIRE(m_pid >= 0);
        if (m_pid == 0) {
            run(data, db, hours, log, pipe[1]);
        }
        ::close(pipe[1]);
        read_port(pipe[0]);
        ::close(pipe[0]);
        while (Wire(port).send("GET", "/readyz").status != 200 &&
               Clock::now() - started < std::chrono::seconds(20)) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        ready_ms =
            std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started).count();
    }
    ~Server() { kill(SIGKILL); }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    /// The exit code; -1 if it was killed.
    int kill(int signal) {
        int status = 0;
        if (m_pid > 0) {
            ::kill(m_pid, signal);
            ::waitpid(m_pid, &status, 0);
        }
        m_pid = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    int port = 0;
    std::int64_t ready_ms = 0;

 private:
    [[noreturn]] static void run(
        const std::filesystem::path& data, const std::string& db, int hours, const char* log,
        int out
    ) {
        ::dup2(out, STDOUT_FILENO);
        const int quiet = ::open(log, O_WRONLY);
        ::dup2(quiet, STDERR_FILENO);
        const auto program = linli_program().string(), folder = data.string(),
                   catalogue = catalogue_folder().string(),
                   ahead = std::to_string(hours) + " hours";
        ::execl(
            program.c_str(), "linli", "serve", "--data", folder.c_str(), "--db", db.c_str(),
            "--catalogue", catalogue.c_str(), "--port", "0", "--pace", "0", "--demo", "--ahead",
            ahead.c_str(), nullptr
        );
        ::_exit(127);
    }
    static std::filesystem::path linli_program() {
        if (const char* named = std::getenv("LINLI_BIN")) {
            return named;
        }
        return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "linli";
    }
    void read_port(int from) {
        const std::string before = "linli serves http://127.0.0.1:";
        std::string said;
        char piece[512];
        while (said.find('\n', said.find(before)) == std::string::npos ||
               said.find(before) == std::string::npos) {
            const auto size = ::read(from, piece, sizeof piece);
            REQUIRE_MESSAGE(size > 0, "linli serve said: ", said);
            said.append(piece, static_cast<std::size_t>(size));
        }
        port = std::stoi(said.substr(said.find(before) + before.size()));
    }

    pid_t m_pid = -1;
};

/// Areas, units, a desk and a resident with passwords, and one request that is overdue by now.
struct Prepared {
    AreaId area;
    std::string overdue;
};

Prepared prepare(TestOptions options) {
    options.durable = true;
    TestApp app(options);
    const auto& here = app.community();
    const auto desk = app.account("desk", password, "", {});
    app->database().write_now([&](store::Tx& tx) {
        http::Grant grant{0, "community_desk", here.id, here.office, true};
        identity::grant(
            tx, app->catalogue(), *app->areas().today(), desk, grant, {}, app.time.now()
        );
    });
    return {here.id, app.file_request(app.as("resident", here.id), here.id).text("id")};
}

std::string noise(AreaId area, int n) {
    return to_json(obj(
        {{"area", text_of(area)},
         {"fields", obj({{"category", "noise"}, {"description", "第" + std::to_string(n) + "次"}})}}
    ));
}

/// Requests by their idempotency key: what was answered, and what had no answer when the server
/// died.
struct Load {
    std::mutex mutex;
    std::vector<std::string> acknowledged;  ///< ids
    std::vector<int> unanswered;
    int next = 0;
    bool count_early = false;  ///< counts a request when it is sent: must be found out
    int counted_early = 0;

    int begin() {
        const std::lock_guard hold(mutex);
        counted_early += count_early ? 1 : 0;
        return ++next;
    }
    bool end(int key, const Reply& reply) {
        const std::lock_guard hold(mutex);
        if (reply.status == 201) {
            acknowledged.push_back(reply.text("id"));
        } else {
            unanswered.push_back(key);
        }
        return reply.status == 201;
    }
    std::size_t count() {
        const std::lock_guard hold(mutex);
        return acknowledged.size();
    }
};

Reply file(Wire& wire, AreaId area, int key) {
    return wire.send(
        "POST", "/api/records/request", noise(area, key), "kill-" + std::to_string(key)
    );
}

/// Sends what had no answer once more: it happens once, whether it had happened or not.
void send_again(Wire& wire, AreaId area, Load& load) {
    const auto keys = std::exchange(load.unanswered, {});
    for (const int key : keys) {
        CHECK(load.end(key, file(wire, area, key)));
    }
}

/// Files over four connections until the server dies.
void file_until_killed(
    Server& server, AreaId area, Load& load, std::size_t at_least, const std::string& crash
) {
    Wire first(server.port);
    first.sign_in("desk");
    send_again(first, area, load);
    std::vector<std::unique_ptr<Wire>> wires;
    for (int i = 0; i < 4; ++i) {
        wires.push_back(std::make_unique<Wire>(server.port));
        wires.back()->sign_in_like(first);
    }
    const auto enough = load.count() + at_least;
    std::vector<std::jthread> threads;
    for (auto& wire : wires) {
        threads.emplace_back([&, area] {
            for (int key = load.begin(); load.end(key, file(*wire, area, key));) {
                key = load.begin();
            }
        });
    }
    for (int i = 0; i < 3000 && load.count() < enough; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    if (!crash.empty()) {
        CHECK(std::system(crash.c_str()) == 0);
    }
    server.kill(SIGKILL);
}

constexpr int hours_a_round = 5;

/// Every record filed is there once, and every step of its clocks happened once.
void look_inside(const TestOptions& options, const Load& load, int hours) {
    ManualTime time(SystemTime().now() + (hours + hours_a_round) * hour_ms);
    SystemRandom random;
    Settings settings;
    settings.data = options.data;
    settings.db = options.db;
    settings.catalogue = catalogue_folder();
    Application application(settings, time, random);
    application.scheduler().run_due(time.now());
    application.sealer().seal_all();
    application.database().read([&](store::Tx& tx) {
        const auto count =
            tx.one<std::int64_t>({"test.requests", "SELECT COUNT(*) FROM request"}).value();
        CHECK(count == static_cast<std::int64_t>(load.acknowledged.size()) + 1);
        for (const auto& [county, position] : store::heads(tx)) {
            CHECK(!store::find_broken_link(tx, county));
        }
        const auto timers =
            flow::find_timer_faults(tx, application.catalogue(), "request", time.now());
        CHECK(timers.lost.empty());
        CHECK(timers.doubled.empty());
        CHECK(timers.fired > 0);
        MESSAGE(
            timers.fired << " steps of clocks, " << timers.lost.size() << " lost, "
                         << timers.doubled.size() << " doubled"
        );
    });
}

/// Makes the database file as large as LINLI_PAD_GB says (bench/ready.sh), so that a start that
/// reads it all would show.
void pad(const TestOptions& options) {
    const char* asked = std::getenv("LINLI_PAD_GB");
    if (!asked) {
        return;
    }
    store::Options opened;
    opened.url = options.db;
    opened.unsafe_durability = true;
    SystemTime time;
    SystemRandom random;
    const auto db = store::Database::open(opened, time, random);
    db->write_now([](store::Tx& tx) { tx.script("CREATE TABLE padding (body BLOB)"); });
    for (int i = 0; i < std::atoi(asked) * 100; ++i) {
        db->write_now([](store::Tx& tx) {
            tx.script("INSERT INTO padding VALUES (randomblob(10000000))");
        });
    }
    db->close();
}

/// Kills the server again and again; every third time PostgreSQL too, if `crash` says how.
void kill_and_look(
    const TestOptions& options, const Prepared& prepared, const std::string& crash = {}
) {
    const char* asked = std::getenv("LINLI_KILLS");
    const int kills = asked ? std::atoi(asked) : 3;
    Load load;
    int hours = 1;
    std::int64_t slowest = 0;
    for (int round = 0; round < kills; ++round, hours += hours_a_round) {
        Server server(options.data, options.db, hours);
        slowest = std::max(slowest, server.ready_ms);
        file_until_killed(server, prepared.area, load, 60, round % 3 == 1 ? crash : "");
    }
    Server server(options.data, options.db, hours);
    slowest = std::max(slowest, server.ready_ms);
    CHECK(slowest < 3000);
    Wire wire(server.port);
    wire.sign_in("desk");
    send_again(wire, prepared.area, load);
    int lost = 0;
    for (const auto& id : load.acknowledged) {
        lost += wire.send("GET", "/api/records/request/" + id).status != 200;
    }
    CHECK(lost == 0);
    auto all = load.acknowledged;
    std::sort(all.begin(), all.end());
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
    MESSAGE(
        kills << " kills, " << all.size() << " acknowledged, " << lost << " lost; ready in "
              << slowest << " ms at most"
    );

    // What was due while nobody ran has happened.
    bool told = false;
    for (int i = 0; i < 400 && !told; ++i) {
        told = wire.send("GET", "/api/records/request/" + prepared.overdue).at("overdue") ==
                   Value(true) &&
               wire.send("GET", "/api/notices").size("notices") >= 2;
        std::this_thread::sleep_for(std::chrono::milliseconds(told ? 0 : 10));
    }
    CHECK(told);
    CHECK(server.kill(SIGTERM) == 0);
    look_inside(options, load, hours);
}

/// SQLite in a folder of its own, which the test removes.
TestOptions on_file() {
    TestOptions options;
    options.data = fresh_folder("restart");
    options.db = options.data / "linli.db";
    return options;
}

}  // namespace

TEST_CASE("kill -9 loses nothing that was acknowledged, and timers go on") {
    if (store::testing::engines().front() != store::Engine::sqlite) {
        return;
    }
    const auto options = on_file();
    const auto prepared = prepare(options);
    pad(options);
    kill_and_look(options, prepared);
    std::filesystem::remove_all(options.data);
}

TEST_CASE("kill -9 on PostgreSQL, and of PostgreSQL, loses nothing that was acknowledged either") {
    if (!store::testing::ScratchPostgres::available()) {
        return;
    }
    const store::testing::ScratchPostgres scratch;
    TestOptions options;
    options.engine = store::Engine::postgres;
    options.data = fresh_folder("restart");
    options.db = scratch.url();
    const auto prepared = prepare(options);
    const char* crash = std::getenv("LINLI_CRASH_POSTGRES");
    kill_and_look(options, prepared, crash ? crash : "");
    std::filesystem::remove_all(options.data);
}

TEST_CASE("with a log that cannot be written any more all goes on (C75)") {
    if (store::testing::engines().front() != store::Engine::sqlite) {
        return;
    }
    const auto options = on_file();
    const auto prepared = prepare(options);
    Server server(options.data, options.db, 1, "/dev/full");
    Wire wire(server.port);
    wire.sign_in("desk");
    CHECK(file(wire, prepared.area, 1).status == 201);
    CHECK(wire.send("GET", "/api/records/request?count=1").number("count") == 2);
    CHECK(server.kill(SIGTERM) == 0);
    std::filesystem::remove_all(options.data);
}

/// kill -9 alone takes nothing from SQLite, whatever its settings: the pages are the system's. What
/// the loop must notice is an answer that comes before the commit.
TEST_CASE("kill -9: the loop notices writes that are counted before they are on disk") {
    if (store::testing::engines().front() != store::Engine::sqlite) {
        return;
    }
    const auto options = on_file();
    const auto prepared = prepare(options);
    Load load;
    load.count_early = true;
    std::int64_t found = 1;
    for (int round = 0; round < 20 && found == load.counted_early + 1; ++round) {
        load.unanswered.clear();
        Server server(options.data, options.db);
        file_until_killed(server, prepared.area, load, 20, "");
        Server again(options.data, options.db);
        Wire wire(again.port);
        wire.sign_in("desk");
        found = wire.send("GET", "/api/records/request?count=1").number("count");
    }
    CHECK(found < load.counted_early + 1);  // one was there before
    std::filesystem::remove_all(options.data);
}

}  // namespace linli::app::testing
