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

#include "app/testing.hpp"

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

    Reply send(const std::string& method, const std::string& target, const std::string& body = {}) {
        Reply reply;
        if (!connected()) {
            return reply;
        }
        std::string text = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + m_headers;
        if (!body.empty()) {
            text += "Content-Type: application/json\r\n";
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

/// `linli serve` on a free port.
class Server {
 public:
    Server(const std::filesystem::path& data, const std::string& db) {
        const auto started = Clock::now();
        int pipe[2];
        REQUIRE(::pipe2(pipe, O_CLOEXEC) == 0);
        m_pid = ::fork();
        REQUIRE(m_pid >= 0);
        if (m_pid == 0) {
            run(data, db, pipe[1]);
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
        const std::filesystem::path& data, const std::string& db, int out
    ) {
        ::dup2(out, STDOUT_FILENO);
        const int quiet = ::open("/dev/null", O_WRONLY);
        ::dup2(quiet, STDERR_FILENO);
        const auto program = linli_program().string(), folder = data.string(),
                   catalogue = catalogue_folder().string();
        ::execl(
            program.c_str(), "linli", "serve", "--data", folder.c_str(), "--db", db.c_str(),
            "--catalogue", catalogue.c_str(), "--port", "0", nullptr
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

/// Files requests over several connections until the server dies; ids of those acknowledged.
std::vector<std::string> file_until_killed(Server& server, AreaId area, int at_least) {
    std::mutex mutex;
    std::vector<std::string> acknowledged;
    std::atomic<bool> over{false};
    std::vector<std::unique_ptr<Wire>> wires;
    for (int i = 0; i < 4; ++i) {
        wires.push_back(std::make_unique<Wire>(server.port));
        wires.back()->sign_in("desk");
    }
    {
        std::vector<std::jthread> threads;
        for (auto& wire : wires) {
            threads.emplace_back([&] {
                for (int n = 0; !over; ++n) {
                    const auto reply = wire->send("POST", "/api/records/request", noise(area, n));
                    if (reply.status != 201) {
                        return;
                    }
                    std::lock_guard hold(mutex);
                    acknowledged.push_back(reply.text("id"));
                }
            });
        }
        const auto count = [&] {
            std::lock_guard hold(mutex);
            return static_cast<int>(acknowledged.size());
        };
        for (int i = 0; i < 3000 && count() < at_least; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        server.kill(SIGKILL);
        over = true;
    }
    return acknowledged;
}

void kill_and_look(
    const std::filesystem::path& data, const std::string& db, const Prepared& prepared
) {
    const char* asked = std::getenv("LINLI_KILLS");
    const int kills = asked ? std::atoi(asked) : 3;
    std::vector<std::string> all;
    for (int round = 0; round < kills; ++round) {
        Server server(data, db);
        CHECK(server.ready_ms < 3000);
        const auto more = file_until_killed(server, prepared.area, 60);
        CHECK(more.size() >= 60);
        all.insert(all.end(), more.begin(), more.end());
    }
    Server server(data, db);
    CHECK(server.ready_ms < 3000);
    Wire wire(server.port);
    wire.sign_in("desk");
    int lost = 0;
    for (const auto& id : all) {
        lost += wire.send("GET", "/api/records/request/" + id).status != 200;
    }
    CHECK(lost == 0);
    std::sort(all.begin(), all.end());
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
    MESSAGE(kills << " kills, " << all.size() << " acknowledged, " << lost << " lost");

    // What was due while nobody ran has happened, once.
    bool told = false;
    for (int i = 0; i < 400 && !told; ++i) {
        told = wire.send("GET", "/api/records/request/" + prepared.overdue).at("overdue") ==
                   Value(true) &&
               wire.send("GET", "/api/notices").size("notices") >= 2;
        std::this_thread::sleep_for(std::chrono::milliseconds(told ? 0 : 10));
    }
    CHECK(told);
    CHECK(server.kill(SIGTERM) == 0);
}

}  // namespace

TEST_CASE("kill -9 loses nothing that was acknowledged, and timers go on") {
    const auto data = fresh_folder("restart");
    TestOptions options;
    options.data = data;
    options.db = data / "linli.db";
    const auto prepared = prepare(options);
    kill_and_look(data, options.db, prepared);
    std::filesystem::remove_all(data);
}

TEST_CASE("kill -9 on PostgreSQL loses nothing that was acknowledged either") {
    if (!store::testing::ScratchPostgres::available()) {
        return;
    }
    const store::testing::ScratchPostgres scratch;
    const auto data = fresh_folder("restart");
    TestOptions options;
    options.engine = store::Engine::postgres;
    options.data = data;
    options.db = scratch.url();
    const auto prepared = prepare(options);
    kill_and_look(data, options.db, prepared);
    std::filesystem::remove_all(data);
}

}  // namespace linli::app::testing
