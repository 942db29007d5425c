// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "http/compress.hpp"
#include "http/testing.hpp"
#include "http/web_files.hpp"

using namespace linli;
using namespace linli::http;

namespace {

struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("linli-web-" + std::to_string(::getpid()));

    Folder() {
        write("index.html", "<p>residents");
        write("desk.html", "<p>desk");
        write("assets/app-1a2b.js", std::string(5'000, 'j'));
        write("assets/app-1a2b.js.map", "{}");
        write("assets/worker.mjs", "export {}");
        write("sw.js", "self");
        write(".secret", "x");
        write(".git/config", "x");
    }
    ~Folder() { std::filesystem::remove_all(path); }
    void write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((path / name).parent_path());
        std::ofstream(path / name) << text;
    }
};

Request get(
    const std::string& path, std::vector<std::pair<std::string, std::string>> headers = {}
) {
    Request request;
    request.method = "GET";
    request.path = path;
    request.headers = std::move(headers);
    return request;
}

}  // namespace

TEST_CASE("each face gets its page, files their type, the rest nothing") {
    const Folder folder;
    const WebFiles files(folder.path);
    struct Case {
        const char *path, *content, *type;
    };
    const std::string script(5'000, 'j');
    for (const auto& c : {
             Case{"/", "<p>residents", "text/html; charset=utf-8"},
             Case{"/requests/12", "<p>residents", "text/html; charset=utf-8"},
             Case{"/desk", "<p>desk", "text/html; charset=utf-8"},
             Case{"/desk/records/request/12", "<p>desk", "text/html; charset=utf-8"},
             Case{"/board", "<p>residents", "text/html; charset=utf-8"},
             Case{"/assets/app-1a2b.js", script.c_str(), "text/javascript; charset=utf-8"},
             Case{"/assets/worker.mjs", "export {}", "text/javascript; charset=utf-8"},
         }) {
        CAPTURE(c.path);
        const auto answer = files.find(get(c.path));
        REQUIRE(answer);
        CHECK(*answer->kept == c.content);
        CHECK(answer->type == c.type);
    }
    for (const char* path :
         {"/assets/none.js", "/assets/app-1a2b.js.map", "/.secret", "/.git/config", "/api/none",
          "/open311/x"}) {
        CAPTURE(path);
        CHECK_FALSE(files.find(get(path)));
    }
    auto post = get("/");
    post.method = "POST";
    CHECK_FALSE(files.find(post));
    CHECK_THROWS_WITH(WebFiles(folder.path / "none"), doctest::Contains("build the web"));
}

TEST_CASE("files are compressed as the browser takes it, and not sent twice") {
    const Folder folder;
    const WebFiles files(folder.path);
    const std::string path = "/assets/app-1a2b.js";
    const auto plain = files.find(get(path));
    const auto zipped = files.find(get(path, {{"accept-encoding", "gzip, deflate"}}));
    const auto packed = files.find(get(path, {{"accept-encoding", "gzip, br;q=1.0"}}));
    const auto neither = files.find(get(path, {{"accept-encoding", "br;q=0, gzip;q=0"}}));
    CHECK_FALSE(plain->header("Content-Encoding"));
    CHECK(*zipped->header("Content-Encoding") == "gzip");
    CHECK(*packed->header("Content-Encoding") == "br");
    CHECK_FALSE(neither->header("Content-Encoding"));
    CHECK(packed->kept->size() < 100);
    CHECK(*plain->header("ETag") != *packed->header("ETag"));
    CHECK(plain->header("Cache-Control")->find("immutable") != std::string::npos);
    CHECK(*files.find(get("/"))->header("Cache-Control") == "no-cache");
    CHECK(*files.find(get("/sw.js"))->header("Cache-Control") == "no-cache");

    const auto etag = *plain->header("ETag");
    CHECK(files.find(get(path, {{"if-none-match", "\"x\", W/" + etag}}))->status == 304);
    CHECK(files.find(get(path, {{"if-none-match", etag}}))->kept == nullptr);
    CHECK(files.find(get(path, {{"if-none-match", "\"x\""}}))->status == 200);
}

TEST_CASE("pages go out over a socket with C33 headers; unknown files are problems") {
    const Folder folder;
    Settings settings;
    settings.port = 0;
    settings.workers = 1;
    settings.web = folder.path;
    settings.secure_cookies = true;
    TestServer app(settings);
    app.server->start();
    RawClient client(app.server->port());
    client.send("GET /desk/inbox HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto page = client.read_answer();
    CHECK(body_of(page) == "<p>desk");
    CHECK(page.find("Content-Security-Policy: default-src 'self'") != std::string::npos);
    CHECK(page.find("Strict-Transport-Security: max-age=31536000") != std::string::npos);
    client.send("GET /assets/none.js HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(status_of(client.read_answer()) == 404);
    client.send("GET /api/none HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(body_of(client.read_answer()).find("route_not_found") != std::string::npos);
}

TEST_CASE("large JSON answers are compressed for who takes it") {
    TestServer app;
    app.router.get(
        "/api/much", [](Call&) { return Json{"\"" + std::string(3'000, 'a') + "\""}; }, "",
        Scope::open, "Much"
    );
    const auto plain = app.as("").send("GET", "/api/much");
    const auto zipped = app.as("").header("Accept-Encoding", "gzip, br").send("GET", "/api/much");
    CHECK(plain.body.size() == 3'002);
    CHECK(*plain.header("Vary") == "Accept-Encoding");
    CHECK(*zipped.header("Content-Encoding") == "gzip");
    CHECK(zipped.body == gzip(plain.body, 1));
}
