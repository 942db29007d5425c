// SPDX-License-Identifier: Apache-2.0
/// The log outside of the server: exported, signed, checked by a program that knows no database
/// (C66); nothing happens without its line (C67), and nothing shortens the log (C68).
#include "app/audit.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "app/testing.hpp"
#include "audit/verify.hpp"

namespace linli::app::testing {

namespace {

bool holds(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

using Lines = std::vector<std::string>;

Lines split(const std::string& text) {
    Lines lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// A log of two counties with two checkpoints, and what an auditor holds of it.
struct Log {
    std::string key = std::string(32, 'k');
    Lines lines, checkpoints;

    explicit Log(TestApp& app) {
        work(app);
        checkpoint(app);
        work(app);
        checkpoint(app);
        std::ostringstream out;
        app->database().read([&](store::Tx& tx) { export_lines(tx, {}, {}, out); });
        lines = split(out.str());
    }
    void work(TestApp& app) {
        for (const std::size_t i : {0U, 4U}) {
            const auto& here = app.community(i);
            const auto desk = app.as("community_desk", here.id);
            const auto id = app.file_request(desk, here.id).text("id");
            desk.act("request", id, "accept", obj({{"fields", obj({{"handling", "immediate"}})}}));
        }
        app.index();
    }
    void checkpoint(TestApp& app) {
        const auto made = app->database().write_now([&](store::Tx& tx) {
            const auto first = make_checkpoint(tx, key, app.time.now());
            CHECK(!make_checkpoint(tx, key, app.time.now()));  // nothing new to sign
            return first;
        });
        REQUIRE(made);
        checkpoints.push_back(audit::to_json(*made));
    }
    audit::Verdict verdict(bool part = false) const {
        std::istringstream log(join(lines, "\n") + "\n"),
            signed_ones(join(checkpoints, "\n") + "\n");
        return audit::verify({&log, &signed_ones, audit::public_key(key), part});
    }
    std::string problem() const { return verdict().problem; }
    /// Where the nth change of the first county lies (0 = above the counties).
    std::size_t place(std::size_t n) const {
        for (std::size_t i = 1; i < lines.size(); ++i) {
            if (holds(lines[i], "\"after\":") && !holds(lines[i], "\"county\":0,")) {
                return i + 1 + n;
            }
        }
        throw std::out_of_range("no county");
    }
    std::string& change(std::size_t n) { return lines.at(place(n)); }
    /// As the auditor counts, from 1.
    std::string line(std::size_t n) const { return "line " + std::to_string(place(n) + 1) + ": "; }
    void remove(const std::string& line) {
        lines.erase(std::find(lines.begin(), lines.end(), line));
    }
};

void replace(std::string& text, const std::string& from, const std::string& to) {
    REQUIRE(text.find(from) != std::string::npos);
    text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("an exported log fits its chain and its signed checkpoints") {
    on_each_app([](TestApp& app) {
        const Log log(app);
        const auto verdict = log.verdict();
        CHECK(verdict.problem == "");
        CHECK(verdict.lines >= 8);
        CHECK(verdict.checkpoints == 2);
        CHECK(verdict.beyond == 0);
    });
}

TEST_CASE("an edited, removed, reordered or cut off line is found and named") {
    on_each_app([](TestApp& app) {
        const Log whole(app);
        auto log = whole;
        replace(log.change(2), "\"role\":\"community_desk\"", "\"role\":\"county_supervisor\"");
        CHECK(holds(log.problem(), log.line(2) + "does not fit the chain"));

        log = whole;
        log.remove(log.change(1));
        CHECK(holds(log.problem(), log.line(1) + "has position 3 where 2 is next"));

        log = whole;
        std::swap(log.change(1), log.change(2));
        CHECK(holds(log.problem(), log.line(1) + "has position 3 where 2 is next"));

        log = whole;
        log.lines.resize(5);
        CHECK(holds(log.problem(), "line 6: is missing: the file is cut off"));

        log = whole;
        log.lines.back() = "{\"lines\":3}";
        CHECK(holds(log.problem(), "counts other lines than there are"));

        log = whole;
        log.lines.push_back(log.change(0));
        CHECK(holds(log.problem(), "follows the last line"));

        log = whole;
        log.change(1) = "{";
        CHECK(holds(log.problem(), log.line(1) + "is not JSON"));
    });
}

TEST_CASE("who holds the database cannot rewrite, nor shorten, what was signed") {
    TestApp app;
    Log log(app);
    // the last line of the second county is cut off, and the ends are made to fit
    std::size_t end = log.lines.size() - 2;
    const auto before = parse_json(log.lines[end - 2]);
    log.lines.erase(log.lines.begin() + static_cast<std::ptrdiff_t>(end - 1));
    --end;
    const auto county = std::to_string(audit::integer_of(before, "county"));
    const auto position = std::to_string(audit::integer_of(before, "position"));
    log.lines[end] = "{\"county\":" + county + ",\"end\":" + position + ",\"hash\":\"" +
                     audit::text_of(before, "hash") + "\"}";
    std::int64_t count = 0;
    for (const auto& line : log.lines) {
        count += line.find("\"position\":") != std::string::npos ? 1 : 0;
    }
    log.lines.back() = "{\"lines\":" + std::to_string(count) + "}";
    CHECK(log.verdict(true).problem == "");
    CHECK(holds(log.problem(), "county " + county + " ends at position " + position));
    CHECK(holds(log.problem(), "but checkpoint 2 signed position"));

    // a whole log that was written anew, with a chain of its own
    TestApp other;
    other.file_request(other.as("resident", other.community().id), other.community().id);
    Log forged(other);
    forged.checkpoints = log.checkpoints;
    CHECK(holds(forged.verdict(true).problem, "is not what checkpoint"));
}

TEST_CASE("a forged, altered or missing checkpoint is found") {
    TestApp app;
    const Log whole(app);
    auto log = whole;
    auto forged = audit::read_checkpoint(log.checkpoints[1]);
    forged.heads.back().hash = std::string(64, 'f');
    log.checkpoints[1] = audit::to_json(forged);
    CHECK(holds(log.problem(), "checkpoint line 2: its signature or its root is wrong"));

    audit::sign(forged, std::string(32, 'x'));
    log.checkpoints[1] = audit::to_json(forged);
    CHECK(holds(log.problem(), "checkpoint line 2: its signature or its root is wrong"));

    audit::sign(forged, whole.key);  // even with the key, the lines do not fit
    log.checkpoints[1] = audit::to_json(forged);
    CHECK(holds(log.problem(), "is not what checkpoint 2 signed"));

    log = whole;
    log.checkpoints.erase(log.checkpoints.begin());
    CHECK(holds(log.problem(), "checkpoint line 1: does not follow the checkpoint before it"));

    log = whole;
    log.checkpoints[0] = "{}";
    CHECK(holds(log.problem(), "checkpoint line 1: is no checkpoint"));
}

TEST_CASE("a part of the log fits by its own, and checkpoints are appended to their file once") {
    TestApp app;
    Log log(app);
    app.time.advance(2 * day_ms);
    const auto from = app.time.now();
    log.work(app);
    std::ostringstream out;
    app->database().read([&](store::Tx& tx) { export_lines(tx, from, {}, out); });
    log.lines = split(out.str());
    CHECK(log.verdict(true).problem == "");
    CHECK(log.verdict(true).lines >= 4);
    CHECK(log.verdict(true).beyond == log.verdict(true).lines);

    const auto file = app.data() / "away" / "checkpoints.jsonl";
    CHECK(write_checkpoints(app->database(), file) == 2);
    CHECK(write_checkpoints(app->database(), file) == 0);
    SeededRandom random(1);
    const auto key = audit_key(app.data(), random);
    CHECK(audit_key(app.data(), random) == key);
    std::string open;
    std::ifstream(app.data() / "keys" / "audit.pub") >> open;
    CHECK(from_hex(open) == audit::public_key(key));
    CHECK(take_checkpoint(app->database(), key, app.time.now(), file) == 1);
    std::ofstream(file, std::ios::app) << "something else\n";
    CHECK_THROWS(take_checkpoint(app->database(), key, app.time.now(), file));
}

TEST_CASE("what cannot be written to the log does not happen (C67)") {
    on_each_app([](TestApp& app) {
        const auto& here = app.community();
        const auto desk = app.as("community_desk", here.id);
        const auto id = app.file_request(desk, here.id).text("id");
        const auto before = app.row_counts();
        app->database().write_now([](store::Tx& tx) {
            tx.script("ALTER TABLE store_change RENAME TO store_change_away");
        });
        const auto body = obj(
            {{"area", text_of(here.id)},
             {"fields", obj({{"category", "noise"}, {"description", "半夜施工"}})}}
        );
        CHECK(desk.post("/api/records/request", body).status == 500);
        const auto accept = obj({{"fields", obj({{"handling", "immediate"}})}});
        CHECK(desk.act("request", id, "accept", accept).status == 500);
        app->database().write_now([](store::Tx& tx) {
            tx.script("ALTER TABLE store_change_away RENAME TO store_change");
        });
        CHECK(TestApp::difference(before, app.row_counts()) == "");
        CHECK(desk.get("/api/records/request/" + id).text("state") == "submitted");
        CHECK(desk.post("/api/records/request", body).status == 201);
    });
}

TEST_CASE("no statement deletes or changes a line of the log, but for the seal (C68)") {
    const std::regex touches(
        R"((DELETE\s+FROM|UPDATE|TRUNCATE(\s+TABLE)?|DROP\s+TABLE(\s+IF\s+EXISTS)?|REPLACE\s+INTO)\s+(store_change|store_head|store_checkpoint)\b)",
        std::regex::icase
    );
    std::vector<std::string> found;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(LINLI_SOURCE_DIR "/src")) {
        const auto name = entry.path().filename().string();
        const bool text =
            name.ends_with(".cpp") || name.ends_with(".hpp") || name.ends_with(".sql");
        if (!text || name.ends_with("_test.cpp")) {
            continue;
        }
        std::ifstream file(entry.path());
        const std::string all((std::istreambuf_iterator<char>(file)), {});
        for (std::sregex_iterator at(all.begin(), all.end(), touches), last; at != last; ++at) {
            found.push_back(name + ": " + at->str());
        }
    }
    CHECK(found == std::vector<std::string>{"sealer.cpp: UPDATE store_change"});
    TestApp app;
    for (const auto& route : app->router().routes()) {
        CAPTURE(route->path);
        const bool log = holds(route->path, "audit") || holds(route->path, "change_log");
        CHECK((!log || route->method == "GET" || route->method == "POST"));
    }
}

}  // namespace linli::app::testing
