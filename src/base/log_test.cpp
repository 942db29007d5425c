// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"

using namespace linli;

TEST_CASE("a log line is JSON with time, level, event and members") {
    const Instant at = *parse_instant("2025-05-08T08:00:00+08:00");
    CHECK(
        log::line(log::Level::info, at, "started", {}) ==
        "{\"time\":\"2025-05-08T00:00:00.000Z\",\"level\":\"info\",\"event\":\"started\"}"
    );
    const auto line = parse_json(
        log::line(log::Level::error, at, "a\nb", obj({{"port", 8080}, {"where", "x\ny"}}))
    );
    CHECK(line.text_or("level") == "error");
    CHECK(line.text_or("event") == "a\nb");
    CHECK(line.int_or("port") == 8080);
}

TEST_CASE("secrets never reach the log") {
    const auto text = log::line(
        log::Level::warning, {0}, "sign_in",
        obj(
            {{"password", "p1"},
             {"New_Password", "p2"},
             {"Set-Cookie", "p3"},
             {"request", obj({{"headers", Value::List{obj({{"Authorization", "p4"}})}}})},
             {"token", obj({{"value", "p5"}})},
             {"client_secret", "p6"},
             {"tokens_left", 3}}
        )
    );
    for (const auto* secret : {"p1", "p2", "p3", "p4", "p5", "p6"}) {
        CAPTURE(secret);
        CHECK(text.find(secret) == std::string::npos);
    }
    CHECK(text.find("\"tokens_left\":3") != std::string::npos);
    CHECK(text.find("\"password\":\"***\"") != std::string::npos);
}
