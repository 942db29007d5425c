// SPDX-License-Identifier: Apache-2.0
// A plan's ledger from an office's table to its sign-off.
#include <doctest/doctest.h>
#include <zip.h>

#include <cstring>

#include "app/testing.hpp"
#include "office/table.hpp"

using namespace linli;
using namespace linli::app::testing;

namespace {

const Headers raw{{"content-type", "application/octet-stream"}};

const char* const table =
    "序号,工作任务,具体项目,主要内容,责任单位,完成时限\n"
    "1,一、格局,（一）党建,建议事厅，覆盖全部社区,区urban_management、区housing、区外事办,"
    "持续实施\n"
    "2,,,修楼道灯,区housing,2025年6月底前\n"
    "3,二、供给,（一）兜底,办食堂,区外事办,另行通知\n";

std::string path(const char* what, AreaId area) {
    return std::string("/api/ledgers/maanshan-145") + what + "?area=" + text_of(area);
}

struct Ledgers {
    explicit Ledgers(TestApp& of)
        : app(of),
          county(of.city().counties[0].id),
          boss(of.as("county_supervisor", county)),
          builders(of.as("department", county, of.city().counties[0].departments[1])) {}
    Reply bring(const std::string& bytes, const char* how = "/import") const {
        return boss.send("POST", path(how, county), bytes, raw);
    }
    Reply rows() const { return boss.get(path("", county)); }

    TestApp& app;
    AreaId county;
    Client boss, builders;
};

/// Zeroes for a package, as many as `left` says, made as they are read.
zip_int64_t zeroes(void* left_of, void* to, zip_uint64_t size, zip_source_cmd_t what) {
    auto& left = *static_cast<zip_uint64_t*>(left_of);
    switch (what) {
        case ZIP_SOURCE_READ: {
            const auto some = std::min(left, size);
            std::memset(to, '0', some);
            left -= some;
            return static_cast<zip_int64_t>(some);
        }
        case ZIP_SOURCE_STAT:
            zip_stat_init(static_cast<zip_stat_t*>(to));
            return sizeof(zip_stat_t);
        case ZIP_SOURCE_SUPPORTS:
            return zip_source_make_command_bitmap(
                ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1
            );
        default:
            return 0;
    }
}

/// A book whose sheet is so many zeroes: small packed, huge unpacked.
std::string bomb(zip_uint64_t bytes) {
    zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, nullptr);
    zip_t* zip = zip_open_from_source(buffer, ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    REQUIRE(zip);
    zip_source_keep(buffer);
    const auto add = [&](const char* name, zip_source_t* part) {
        REQUIRE(zip_file_add(zip, name, part, ZIP_FL_ENC_UTF_8) >= 0);
    };
    const std::string book =
        "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/>"
        "</sheets></workbook>";
    const std::string relations =
        "<Relationships><Relationship Id=\"rId1\" Type=\"worksheet\" "
        "Target=\"worksheets/sheet1.xml\"/></Relationships>";
    add("xl/workbook.xml", zip_source_buffer(zip, book.data(), book.size(), 0));
    add("xl/_rels/workbook.xml.rels",
        zip_source_buffer(zip, relations.data(), relations.size(), 0));
    add("xl/worksheets/sheet1.xml", zip_source_function(zip, zeroes, &bytes));
    REQUIRE(zip_close(zip) == 0);
    zip_source_open(buffer);
    zip_source_seek(buffer, 0, SEEK_END);
    std::string packed(static_cast<std::size_t>(zip_source_tell(buffer)), '\0');
    zip_source_seek(buffer, 0, SEEK_SET);
    zip_source_read(buffer, packed.data(), packed.size());
    zip_source_close(buffer);
    zip_source_free(buffer);
    return packed;
}

}  // namespace

TEST_CASE("a preview tells what is understood and what is not, and writes nothing") {
    on_each_app([](TestApp& app) {
        const Ledgers w(app);
        const auto before = app.row_counts();
        const auto seen = w.bring(table, "/preview");
        REQUIRE(seen.status == 200);
        CHECK(seen.size("tasks") == 3);
        CHECK(seen.text("tasks/0/heading") == "建议事厅");
        CHECK(seen.text("tasks/0/lead/name") == "花山区urban_management");
        CHECK(seen.text("tasks/0/assist/0/name") == "花山区housing");
        CHECK(seen.at("tasks/0/unknown/0") == Value("区外事办"));
        CHECK(seen.text("tasks/1/task/due") == "2025-06-30");
        CHECK(seen.at("tasks/2/lead").is_null());
        REQUIRE(seen.size("remarks") == 1);
        CHECK(seen.text("remarks/0/code") == "deadline_not_understood");
        CHECK(seen.text("remarks/0/words") == "另行通知");
        CHECK(seen.number("remarks/0/row") == 4);
        CHECK(seen.size("problems") == 0);
        CHECK(seen.number("imported") == 0);
        CHECK(TestApp::difference(before, app.row_counts()).empty());
    });
}

TEST_CASE("a table becomes the ledger of an area once: all rows or none") {
    on_each_app([](TestApp& app) {
        const Ledgers w(app);
        const auto keyed = w.boss.with("idempotency-key", "one");
        const auto made = keyed.send("POST", path("/import", w.county), table, raw);
        REQUIRE(made.status == 200);
        CHECK(made.number("imported") == 3);
        const auto again = keyed.send("POST", path("/import", w.county), table, raw);
        CHECK(again.number("imported") == 3);
        CHECK(app.integer("SELECT COUNT(*) FROM ledger_task") == 3);
        CHECK(w.bring(table).refusal() == "ledger_imported_already");
        CHECK(app.integer("SELECT COUNT(*) FROM ledger_task") == 3);
        CHECK(app.integer("SELECT COUNT(*) FROM store_change WHERE action = 'import'") == 1);
        const auto rows = w.rows();
        REQUIRE(rows.size("tasks") == 3);
        CHECK(rows.text("tasks/0/unit") == "花山区urban_management");
        CHECK(rows.text("tasks/1/unit") == "花山区housing");
        CHECK(rows.text("tasks/1/due_on") == "2025-06-30");
        CHECK(rows.text("tasks/1/chapter") == "一、格局");
        CHECK(rows.text("tasks/1/section") == "（一）党建");
        CHECK(w.builders.get("/api/records/ledger_task").size("records") == 2);
    });
}

TEST_CASE("what cannot become a ledger is refused with a word for it, and nothing is half done") {
    on_each_app([](TestApp& app) {
        const Ledgers w(app);
        w.rows();
        w.builders.get("/api/me");
        const auto before = app.row_counts();
        std::string long_chapter(900, 'x');
        struct Case {
            std::string bytes, refusal;
        };
        for (const auto& c : std::vector<Case>{
                 {"甲,乙\n1,2\n", "ledger_without_heading"},
                 {"序号,主要内容,责任单位\n1,,\n", "ledger_without_tasks"},
                 {"one line of prose", "document_without_table"},
                 {std::string("PK\x03\x04 nothing", 12), "document_broken"},
                 {"序号,章节,主要内容,责任单位\n1,甲,做好,区housing\n2," + long_chapter +
                      ",乙,丙\n",
                  "invalid"}}) {
            CAPTURE(c.refusal);
            CHECK(w.bring(c.bytes).refusal() == c.refusal);
        }
        CHECK(
            w.boss.send("POST", path("/import", app.city(1).counties[0].id), table, raw).status ==
            404
        );
        CHECK(w.builders.send("POST", path("/import", w.county), table, raw).status == 403);
        CHECK(
            w.boss.send("POST", "/api/ledgers/none/import?area=" + text_of(w.county), table, raw)
                .refusal() == "plan_not_found"
        );
        CHECK(TestApp::difference(before, app.row_counts()).empty());
    });
}

TEST_CASE("a book that is a gigabyte when unpacked is refused before it is") {
    TestApp app;
    const auto packed = bomb(zip_uint64_t{1} << 30);
    CHECK(packed.size() < 2'000'000);
    const auto reply = Ledgers(app).bring(packed, "/preview");
    CHECK(reply.status == 413);
    CHECK(reply.refusal() == "document_too_large");
}

TEST_CASE("a task goes from its unit to sign-off; its day and its quarter are watched") {
    on_each_app([](TestApp& app) {
        const Ledgers w(app);
        app.time.set(start_of(date_of({2025, 5, 8})) + 9 * hour_ms);
        REQUIRE(w.bring(table).status == 200);
        const auto id = w.rows().text("tasks/1/id");
        CHECK(w.rows().text("tasks/1/light") == "behind");
        auto report = obj({{"fields", obj({{"progress", 90}, {"progress_words", "已修三百处"}})}});
        CHECK(w.boss.act("ledger_task", id, "start").refusal() == "action_not_yours");
        REQUIRE(w.builders.act("ledger_task", id, "start").status == 200);
        REQUIRE(w.builders.act("ledger_task", id, "report", report).status == 200);
        CHECK(w.rows().text("tasks/1/light") == "on_track");
        CHECK(w.rows().number("tasks/1/progress") == 90);
        app.advance(55 * day_ms, 6 * hour_ms);
        CHECK(w.rows().text("tasks/1/light") == "late");
        const auto late = w.builders.get("/api/records/ledger_task?overdue=1");
        CHECK(late.size("records") == 1);
        CHECK(
            late.text("records/0/due_at") == to_text(start_of(date_of({2025, 7, 1})) - minute_ms)
        );
        const auto result = obj({{"result", "全部修好"}});
        REQUIRE(w.builders.act("ledger_task", id, "submit", result).status == 200);
        CHECK(w.rows().text("tasks/1/light") == "on_track");
        CHECK(w.builders.act("ledger_task", id, "sign_off").refusal() == "action_not_yours");
        const auto reason = obj({{"reason", "还有两处未修"}});
        REQUIRE(w.boss.act("ledger_task", id, "return", reason).status == 200);
        CHECK(w.rows().text("tasks/1/light") == "late");
        REQUIRE(w.builders.act("ledger_task", id, "submit", result).status == 200);
        REQUIRE(w.boss.act("ledger_task", id, "sign_off").status == 200);
        CHECK(w.rows().text("tasks/1/light") == "done");
        app.advance(40 * day_ms, 12 * hour_ms);
        CHECK(w.rows().text("tasks/0/light") == "behind");
    });
}

TEST_CASE("a task's day may be moved, and a day that has passed is missed at once") {
    on_each_app([](TestApp& app) {
        const Ledgers w(app);
        app.time.set(start_of(date_of({2025, 5, 8})) + 9 * hour_ms);
        REQUIRE(w.bring(table).status == 200);
        const auto id = w.rows().text("tasks/1/id");
        const auto due = [&] {
            return w.boss.get("/api/records/ledger_task/" + id).text("due_at");
        };
        const auto move = [&](const char* day) {
            const auto version = w.boss.get("/api/records/ledger_task/" + id).version();
            return w.boss.patch(
                "/api/records/ledger_task/" + id, version, obj({{"fields", obj({{"due_on", day}})}})
            );
        };
        CHECK(due() == to_text(start_of(date_of({2025, 7, 1})) - minute_ms));
        REQUIRE(move("2025-05-31").status == 200);
        CHECK(due() == to_text(start_of(date_of({2025, 6, 1})) - minute_ms));
        REQUIRE(move("2025-04-30").status == 200);
        CHECK(due() == to_text(start_of(date_of({2025, 5, 1})) - minute_ms));
        app.advance(hour_ms);
        CHECK(w.boss.get("/api/records/ledger_task?overdue=1").size("records") == 1);
        CHECK(w.rows().text("tasks/1/light") == "late");
        CHECK(app.integer("SELECT COUNT(*) FROM flow_notice") > 0);
    });
}

TEST_CASE("subdistricts see the ledger that they carry out; other cities do not") {
    on_each_app([](TestApp& app) {
        const Ledgers w(app);
        REQUIRE(w.bring(table).status == 200);
        const auto& street = app.city().counties[0].subdistricts[0];
        const auto seen = app.as("subdistrict_desk", street.id).get(path("", street.id));
        CHECK(seen.size("tasks") == 3);
        CHECK(seen.at("may_import") == Value(false));
        const auto other = app.as("county_supervisor", app.city().counties[1].id);
        CHECK(other.get(path("", app.city().counties[1].id)).size("tasks") == 0);
        CHECK(other.get(path("", w.county)).status == 404);
    });
}

TEST_CASE("the ledger goes out as Word and Excel, masked and logged, and comes in again elsewhere"
) {
    on_each_app([](TestApp& app) {
        const Ledgers w(app);
        REQUIRE(w.bring(table).status == 200);
        const auto other = app.city().counties[1].id;
        for (const char* form : {"/table.docx", "/table.xlsx"}) {
            CAPTURE(form);
            const auto out = w.boss.get(path(form, w.county));
            REQUIRE(out.status == 200);
            CHECK(out.body.starts_with("PK"));
            const auto seen = app.as("county_supervisor", other)
                                  .send("POST", path("/preview", other), out.body, raw);
            CHECK(seen.size("tasks") == 3);
            CHECK(seen.text("tasks/1/task/due") == "2025-06-30");
            CHECK(seen.text("tasks/1/lead/name") == "雨山区housing");
        }
        CHECK(app.integer("SELECT COUNT(*) FROM store_change WHERE action = 'export'") == 2);
        CHECK(w.builders.get(path("/table.docx", w.county)).status == 403);
    });
}
