// SPDX-License-Identifier: Apache-2.0
/// What a whole day leaves in the log: lines of JSON, and none of what was typed in confidence
/// (C69).
#include "base/log.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "app/testing.hpp"
#include "base/text.hpp"

namespace linli::app::testing {

namespace {

/// Standard error goes to a file as long as this lives.
class Caught {
 public:
    Caught() : m_before(::dup(STDERR_FILENO)) {
        const int file = ::open(m_path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
        ::dup2(file, STDERR_FILENO);
        ::close(file);
        log::set_level(log::Level::debug);
    }
    ~Caught() {
        log::set_level(log::Level::info);
        ::dup2(m_before, STDERR_FILENO);
        ::close(m_before);
        std::filesystem::remove_all(m_path.parent_path());
    }
    Caught(const Caught&) = delete;
    Caught& operator=(const Caught&) = delete;
    std::string text() const {
        std::ostringstream out;
        out << std::ifstream(m_path, std::ios::binary).rdbuf();
        return out.str();
    }

 private:
    std::filesystem::path m_path = fresh_folder("log") / "log";
    int m_before;
};

constexpr const char* password = "Canary-password-58";
constexpr const char* wrong_password = "Canary-wrong-58";
constexpr const char* phone = "13800001111";
constexpr const char* words = "金丝雀在三楼唱歌";

std::string token_of(const Reply& reply) {
    const auto cookie = reply.header("Set-Cookie");
    const auto begin = cookie.find('=') + 1;
    return cookie.substr(begin, cookie.find(';') - begin);
}

/// Signs in (also wrongly), files, unmasks, looks for a phone, breaks the database under a request.
std::vector<std::string> a_day(TestApp& app) {
    const auto& here = app.community();
    std::vector<std::string> secrets{password, wrong_password, phone, words};
    secrets.push_back(app->identity().first_token(app.time.now()));
    app.account("canary", password, "resident", here.id);
    const auto sign_in = [&](const char* with) {
        return app.nobody().post("/api/session", obj({{"login", "canary"}, {"password", with}}));
    };
    CHECK(sign_in(wrong_password).status == 401);
    const auto session = sign_in(password);
    REQUIRE_MESSAGE(session.status == 200, session.body);
    secrets.push_back(token_of(session));
    secrets.push_back(session.text("csrf"));
    CHECK(
        app.nobody().with("authorization", "Bearer Canary-bearer-58").get("/api/me").status == 401
    );
    secrets.emplace_back("Canary-bearer-58");

    const auto resident = app.as("resident", here.id);
    const auto filed =
        app.file_request(resident, here.id, obj({{"phone", phone}, {"description", words}}));
    CHECK(
        resident.post("/api/records/request", obj({{"area", words}, {"phone", phone}})).status ==
        422
    );
    const auto desk = app.as("community_desk", here.id).stepped_up();
    const auto path = "/api/records/request/" + filed.text("id");
    const auto shown = desk.post(
        path + "/unmask",
        obj({{"fields", Value::List{"phone"}}, {"reason", "电话回访核实情况，金丝雀"}})
    );
    REQUIRE_MESSAGE(shown.status == 200, shown.body);
    CHECK(shown.body.find(phone) != std::string::npos);  // the control: it was there to be told
    CHECK(desk.get("/api/records/request?phone=" + std::string(phone)).status != 0);
    CHECK(desk.get("/api/records/request?q=" + std::string(words)).status != 0);
    app.index();
    return secrets;
}

void break_database(TestApp& app) {
    app->database().write_now([](store::Tx& tx) {
        tx.script("ALTER TABLE record_history RENAME TO record_history_gone");
    });
}

}  // namespace

TEST_CASE("the log of a whole day is JSON with request ids, and tells no secret") {
    on_each_app([](TestApp& app) {
        const Caught log;
        auto secrets = a_day(app);
        break_database(app);
        const auto& here = app.community();
        const auto resident = app.as("resident", here.id);
        const auto failed = resident.post(
            "/api/records/request",
            obj(
                {{"area", text_of(here.id)},
                 {"fields", obj({{"category", "noise"}, {"description", words}, {"phone", phone}})}}
            )
        );
        CHECK(failed.status == 500);
        const auto text = log.text();
        for (const auto& secret : secrets) {
            CAPTURE(secret);
            REQUIRE(secret.size() > 8);
            CHECK(text.find(secret) == std::string::npos);
        }
        bool told = false;
        for (const auto line : split(text, '\n')) {
            if (line.empty()) {
                continue;
            }
            CAPTURE(line);
            const auto value = parse_json(line);
            CHECK_FALSE(value.text_or("time").empty());
            CHECK_FALSE(value.text_or("level").empty());
            CHECK_FALSE(value.text_or("event").empty());
            told = told || (value.text_or("event") == "request_failed" &&
                            value.text_or("request") == failed.header("X-Request-Id"));
        }
        CHECK(told);
    });
}

TEST_CASE("an error of the database names no value of the row") {
    on_each_app([](TestApp& app) {
        const auto write = [](store::Tx& tx) {
            tx.script(
                "CREATE TABLE canary (name TEXT PRIMARY KEY); "
                "INSERT INTO canary (name) VALUES ('Canary-58')"
            );
            constexpr store::Sql sql{"test.again", "INSERT INTO canary (name) VALUES ($1)"};
            tx.run(sql, "Canary-58");
        };
        try {
            app->database().write_now(write);
            FAIL("was accepted");
        } catch (const store::ConstraintError& error) {
            CHECK(std::string(error.what()).find("Canary") == std::string::npos);
        }
    });
}

}  // namespace linli::app::testing
