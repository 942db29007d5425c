// SPDX-License-Identifier: Apache-2.0
/// A kind takes one YAML file (tests/kinds/lost_and_found.yaml): table, interface, sheets, rights,
/// masking and OpenAPI follow from it.
#include <doctest/doctest.h>

#include <algorithm>

#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

template <class F>
void with_new_kind(F&& body) {
    const ExtraKind pack("lost_and_found");
    TestOptions options;
    options.catalogue = pack.folder;
    on_each_app(body, options);
}

const std::string all_records = "/api/records/lost_and_found";

Value wallet() {
    return obj({
        {"item", "黑色钱包"},
        {"thing", "wallet"},
        {"found_on", "2025-05-07"},
        {"place", obj({{"lat", 31.67}, {"lon", 118.5}})},
        {"finder", "13812345678"},
        {"value", 320.5},
    });
}

Reply found(const Client& by, AreaId area, const Value& fields = wallet()) {
    return by.post(all_records, obj({{"area", text_of(area)}, {"fields", fields}}));
}

/// Names of a table's columns with their types, or its indexes, as the engine says them.
std::map<std::string, std::string> described(
    TestApp& app, const std::string& lite, const std::string& big
) {
    std::map<std::string, std::string> result;
    const auto& sql = app->database().engine() == store::Engine::sqlite ? lite : big;
    app->database().read([&](store::Tx& tx) {
        tx.each(store::Sql{"test.described." + lite, sql}, [&](const store::Row& row) {
            result[std::string(row.text(0))] = row.text(1);
            return true;
        });
    });
    return result;
}

}  // namespace

TEST_CASE("a new kind is a table with typed columns and indexes") {
    with_new_kind([](TestApp& app) {
        const auto columns = described(
            app, "SELECT name, lower(type) FROM pragma_table_info('lost_and_found')",
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = "
            "current_schema() AND table_name = 'lost_and_found'"
        );
        for (const auto* name :
             {"county", "id", "area", "subdistrict", "community", "grid", "state", "version",
              "created_at", "item", "thing", "found_on", "finder", "value", "returned"}) {
            CAPTURE(name);
            CHECK(columns.count(name) == 1);
        }
        CHECK(columns.at("found_on") == "integer");
        CHECK(columns.at("value") == "bigint");
        CHECK(columns.at("item") == "text");
        CHECK((columns.at("finder") == "blob" || columns.at("finder") == "bytea"));
        const auto indexes = described(
            app,
            "SELECT name, COALESCE(sql, '') FROM sqlite_schema WHERE type = 'index' AND tbl_name = "
            "'lost_and_found'",
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND "
            "tablename = 'lost_and_found'"
        );
        CHECK(indexes.size() >= 4);
        // Applying again adds nothing.
        CHECK(app->database()
                  .write_now([&](store::Tx& tx) { return record::apply(tx, app->catalogue()); })
                  .empty());
    });
}

TEST_CASE("records of a new kind are created, read, changed, moved along and searched") {
    with_new_kind([](TestApp& app) {
        const auto& here = app.community();
        const auto desk = app.as("community_desk", here.id);
        const auto made = found(app.as("resident", here.id), here.grids[0]);
        REQUIRE_MESSAGE(made.status == 201, made.body);
        const auto path = all_records + "/" + made.text("id");
        CHECK(made.header("Location") == path);
        CHECK(made.text("number").starts_with("SW340503-"));
        CHECK(made.text("title") == "黑色钱包");
        CHECK(made.text("state") == "registered");

        auto reply = desk.get(path);
        CHECK(reply.at("fields/value") == Value(320.5));
        CHECK(reply.text("fields/found_on") == "2025-05-07");
        CHECK(reply.at("fields/place") == obj({{"lat", 31.67}, {"lon", 118.5}}));
        reply = desk.patch(path, reply.version(), obj({{"fields", obj({{"thing", "keys"}})}}));
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        CHECK(reply.text("fields/thing") == "keys");

        CHECK(desk.get(all_records + "?f.thing=keys&count=1").number("count") == 1);
        CHECK(desk.get(all_records + "?f.thing=wallet&count=1").number("count") == 0);
        app.index();
        CHECK(desk.get(all_records + "?q=钱包").size("records") == 1);
        CHECK(desk.get("/api/search?q=钱包").size("results") == 1);

        reply =
            desk.act("lost_and_found", made.text("id"), "claim", obj({{"reason", "失主核对无误"}}));
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        reply = desk.act(
            "lost_and_found", made.text("id"), "give_back",
            obj({{"fields", obj({{"returned", true}})}})
        );
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        CHECK(reply.text("state") == "returned_to_owner");
        CHECK(reply.at("fields/returned") == Value(true));
        CHECK(desk.get(path + "/history").size("entries") == 4);
    });
}

TEST_CASE("a timer of a new kind runs by itself") {
    with_new_kind([](TestApp& app) {
        const auto& here = app.community();
        const auto made = found(app.as("grid_worker", here.grids[0]), here.grids[0]);
        REQUIRE_MESSAGE(made.status == 201, made.body);
        app.advance(29 * day_ms, day_ms);
        const auto desk = app.as("community_desk", here.id);
        CHECK(desk.get(all_records + "/" + made.text("id")).text("state") == "registered");
        app.advance(2 * day_ms, day_ms);
        CHECK(desk.get(all_records + "/" + made.text("id")).text("state") == "expired");
    });
}

TEST_CASE("rights and masking of a new kind hold at once") {
    with_new_kind([](TestApp& app) {
        const auto& here = app.community(0);
        const auto& next = app.community(1);
        const auto finder = app.as("resident", here.id);
        const auto made = found(finder, here.id);
        REQUIRE_MESSAGE(made.status == 201, made.body);
        const auto path = all_records + "/" + made.text("id");
        const auto desk = app.as("community_desk", here.id);

        CHECK(finder.get(path).text("fields/finder") == "13812345678");
        CHECK(desk.get(path).text("fields/finder") == "138****5678");
        CHECK(desk.get(path).body.find("13812345678") == std::string::npos);
        CHECK(desk.get(all_records).body.find("13812345678") == std::string::npos);
        CHECK(
            app.integer("SELECT COUNT(*) FROM lost_and_found WHERE CAST(finder AS TEXT) LIKE "
                        "'%13812345678%'") == 0
        );

        const auto ask = obj({{"fields", Value::List{"finder"}}, {"reason", "联系拾获人核对"}});
        CHECK(desk.post(path + "/unmask", ask).refusal() == "step_up_needed");
        const auto shown = desk.stepped_up().post(path + "/unmask", ask);
        CHECK_MESSAGE(shown.text("fields/finder") == "13812345678", shown.body);
        CHECK(app.integer("SELECT COUNT(*) FROM store_change WHERE action = 'unmask'") == 1);

        for (const auto& foreign :
             {app.as("community_desk", next.id), app.as("grid_worker", next.grids[0]),
              app.other("resident", here.id, "somebody"),
              app.as("department", app.city().counties[0].id)}) {
            CAPTURE(foreign.name());
            CHECK(foreign.get(path).status == 404);
            CHECK(
                foreign.get(all_records + "?count=1").body.find(made.text("id")) ==
                std::string::npos
            );
        }
        CHECK(found(app.as("community_desk", next.id), here.id).status == 403);
        CHECK(found(app.as("department", app.city().counties[0].id), here.id).status == 403);
    });
}

TEST_CASE("sheets of a new kind go out and come in, with a dry run that says which cell is wrong") {
    with_new_kind([](TestApp& app) {
        const auto& here = app.community();
        const auto desk = app.as("community_desk", here.id).with("content-type", "text/csv");
        REQUIRE(found(app.as("resident", here.id), here.id).status == 201);
        const auto sheet = desk.get("/api/exports/lost_and_found.csv");
        REQUIRE_MESSAGE(sheet.status == 200, sheet.body);
        CHECK(sheet.body.find("黑色钱包") != std::string::npos);
        CHECK(sheet.body.find("13812345678") == std::string::npos);
        const auto form = desk.get("/api/imports/lost_and_found/template.csv");
        REQUIRE_MESSAGE(form.status == 200, form.body);
        for (const auto* column : {"所属区域", "物品", "种类", "拾获日期", "估价"}) {
            CAPTURE(column);
            CHECK(form.body.find(column) != std::string::npos);
        }

        const auto heading = std::string("area,item,thing,found_on,value\r\n");
        const auto good = heading + here.code + ",红色雨伞,keys,2025-05-06,12.50\r\n" + here.code +
                          ",\"手机,白色\",phone,2025-05-05,\r\n";
        const auto bad = good + here.code + ",,boat,2025-02-30,many\r\n" + app.community(1).code +
                         ",别处,keys,2025-05-06,1\r\n";
        const auto records = [&] { return app.integer("SELECT COUNT(*) FROM lost_and_found"); };
        const auto import = [&](const std::string& query, const std::string& text) {
            return desk.send("POST", "/api/imports/lost_and_found" + query, text);
        };
        auto reply = import("?dry_run=1", bad);
        std::vector<std::string> cells;
        for (std::size_t i = 0; i < reply.size("problems"); ++i) {
            const auto at = "problems/" + std::to_string(i);
            cells.push_back(
                std::to_string(reply.number(at + "/row")) + ":" + reply.text(at + "/column")
            );
        }
        for (const auto* cell : {"4:item", "4:thing", "4:found_on", "4:value", "5:area"}) {
            CAPTURE(cell);
            CHECK_MESSAGE(std::count(cells.begin(), cells.end(), cell) == 1, reply.body);
        }
        CHECK(records() == 1);
        import("", bad);
        CHECK(records() == 1);
        reply = import("?dry_run=1", good);
        CHECK_MESSAGE(reply.size("problems") == 0, reply.body);
        CHECK(reply.number("rows") == 2);
        CHECK(records() == 1);
        reply = import("", good);
        CHECK_MESSAGE(reply.number("created") == 2, reply.body);
        CHECK(records() == 3);
        CHECK(
            desk.get(all_records + "?f.thing=phone").text("records/0/fields/item") == "手机,白色"
        );
    });
}

TEST_CASE("a new kind stands in the catalogue and in OpenAPI") {
    with_new_kind([](TestApp& app) {
        const auto desk = app.as("community_desk", app.community().id);
        const auto catalogue = desk.get("/api/catalogue");
        CHECK(catalogue.text("kinds/lost_and_found/title/zh") == "失物招领");
        CHECK(catalogue.size("kinds/lost_and_found/fields") == 8);
        CHECK(catalogue.size("lists/found_thing/choices") == 3);
        CHECK(desk.get("/api/me").at("kinds/lost_and_found/create") == Value(true));
        const auto openapi = desk.get("/api/openapi.json");
        const auto* paths = openapi.at("paths").as_object();
        REQUIRE(paths);
        for (const auto* end :
             {"/lost_and_found", "/lost_and_found/{id}", "/lost_and_found/{id}/actions/claim"}) {
            CAPTURE(end);
            CHECK(std::any_of(paths->begin(), paths->end(), [&](const auto& path) {
                return path.first == std::string("/api/records") + end;
            }));
        }
        CHECK(app->openapi(false).find("lost_and_found") == std::string::npos);
    });
}

}  // namespace linli::app::testing
