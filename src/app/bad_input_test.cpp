// SPDX-License-Identifier: Apache-2.0
/// Whatever is sent wrong gets a clear problem document, and nothing is half done.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

const std::string all_requests = "/api/records/request";

bool complains(const Reply& reply, const std::string& pointer, const std::string& code) {
    const auto* problems = reply.at("problems").as_list();
    return problems && std::any_of(problems->begin(), problems->end(), [&](const Value& problem) {
               return problem.text_or("pointer") == pointer && problem.text_or("code") == code &&
                      !problem.text_or("detail").empty();
           });
}

std::string nested(int depth) {
    return R"({"area":"1","fields":)" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "}";
}

struct BadBody {
    const char* what;
    std::string body;
    int status;
    std::string code, pointer, problem;
};

/// Bodies of a new request; AREA stands for the id of the community.
std::vector<BadBody> bad_bodies() {
    const auto with = [](const std::string& fields) {
        return R"({"area":"AREA","fields":{"category":"noise","description":"x")" + fields + "}}";
    };
    return {
        {"no JSON", "{", 400, "json_malformed", "", ""},
        {"trailing bytes", "{} x", 400, "json_malformed", "", ""},
        {"a key twice", R"({"area":"AREA","area":"AREA","fields":{}})", 400, "json_duplicate_key",
         "", ""},
        {"bad UTF-8", with(",\"comment\":\"\xff\xfe\""), 400, "json_not_utf8", "", ""},
        {"half of a surrogate pair", with(R"(,"comment":"\ud800")"), 400, "", "", ""},
        {"too deep", nested(80), 400, "json_too_deep", "", ""},
        {"a number out of range", with(R"(,"satisfaction":99999999999999999999999)"), 0, "", "",
         ""},
        {"no object", "[]", 422, "invalid", "", "wrong_type"},
        {"unknown member", R"({"area":"AREA","fields":{},"state":"closed"})", 422, "invalid",
         "/state", "unknown_field"},
        {"unknown field", with(R"(,"colour":"red")"), 422, "invalid", "/fields/colour",
         "unknown_field"},
        {"what the system sets", with(R"(,"created_by":"1")"), 422, "invalid", "/fields/created_by",
         "unknown_field"},
        {"wrong type", with(R"(,"anonymous":"yes")"), 422, "invalid", "/fields/anonymous",
         "wrong_type"},
        {"a list for a text", with(R"(,"comment":["x"])"), 422, "invalid", "/fields/comment", ""},
        {"too long", with(R"(,"address":")" + std::string(201, 'x') + "\""), 422, "invalid",
         "/fields/address", "too_long"},
        {"unknown choice", with(R"(,"channel":"pigeon")"), 422, "invalid", "/fields/channel",
         "unknown_choice"},
        {"too small", with(R"(,"satisfaction":0)"), 422, "invalid", "/fields/satisfaction", ""},
        {"no telephone", with(R"(,"phone":"abc")"), 422, "invalid", "/fields/phone", ""},
        {"no place on earth", with(R"(,"place":{"lat":91,"lon":0})"), 422, "invalid", "", ""},
        {"half a place", with(R"(,"place":{"lat":31})"), 422, "invalid", "", ""},
        {"required field missing", R"({"area":"AREA","fields":{"category":"noise"}})", 422,
         "invalid", "/fields/description", "required"},
        {"answer to what is not asked", with(R"(,"answers":{"height":3})"), 422, "invalid",
         "/fields/answers/height", "unknown_field"},
        {"required question", R"({"area":"AREA","fields":{"category":"litter","description":"x"}})",
         422, "invalid", "/fields/answers/waste_kind", "required"},
        {"no area", R"({"fields":{"category":"noise","description":"x"}})", 422, "invalid", "/area",
         "required"},
        {"an area that is a number",
         R"({"area":12,"fields":{"category":"noise","description":"x"}})", 422, "invalid", "/area",
         ""},
        {"an area that there is not",
         R"({"area":"123456","fields":{"category":"noise","description":"x"}})", 422, "invalid",
         "/area", ""},
        {"reference to nothing", with(R"(,"compound":"123456")"), 422, "invalid",
         "/fields/compound", ""},
    };
}

}  // namespace

TEST_CASE("a bad body is refused with the pointer to what is wrong, and nothing is written") {
    on_each_app([](TestApp& app) {
        const auto& here = app.community();
        const auto desk = app.as("community_desk", here.id);
        CHECK(desk.get(all_requests).status == 200);
        const auto before = app.row_counts();
        for (const auto& bad : bad_bodies()) {
            CAPTURE(bad.what);
            auto body = bad.body;
            for (auto at = body.find("AREA"); at != std::string::npos; at = body.find("AREA")) {
                body.replace(at, 4, text_of(here.id));
            }
            const auto reply = desk.send("POST", all_requests, body);
            CAPTURE(reply.body);
            CHECK(
                (bad.status == 0 ? reply.status == 400 || reply.status == 422
                                 : reply.status == bad.status)
            );
            CHECK((bad.code.empty() || reply.refusal() == bad.code));
            CHECK((bad.problem.empty() || complains(reply, bad.pointer, bad.problem)));
            CHECK(reply.text("request_id") == reply.header("X-Request-Id"));
            CHECK(reply.header("Cache-Control") == "no-store");
            const bool pointed = bad.status != 422 || reply.size("problems") > 0;
            CHECK(pointed);
        }
        CHECK(TestApp::difference(before, app.row_counts()) == "");
    });
}

TEST_CASE("a huge body is refused before it is read into a record") {
    TestApp app;
    const auto desk = app.as("community_desk", app.community().id);
    const auto reply = desk.send(
        "POST", all_requests,
        R"({"area":"1","fields":{"description":")" + std::string(2 << 20, 'x') + "\"}}"
    );
    CHECK(reply.status == 413);
    std::string many = "{";
    for (int i = 0; i < 20'000; ++i) {
        many += "\"k" + std::to_string(i) + "\":0,";
    }
    many.back() = '}';
    const auto crowded = desk.send("POST", all_requests, many);
    CHECK((crowded.status == 400 || crowded.status == 413));
}

TEST_CASE("who asks, from where and with what is checked before the body") {
    TestApp app;
    const auto& here = app.community();
    const auto desk = app.as("community_desk", here.id);
    const auto body = to_json(obj(
        {{"area", text_of(here.id)}, {"fields", obj({{"category", "noise"}, {"description", "x"}})}}
    ));
    struct Case {
        const char* what;
        Headers headers;
        int status;
        const char* code;
    };
    for (const auto& c : std::vector<Case>{
             {"no CSRF proof (C34)", {{"x-csrf", ""}}, 403, "csrf_missing"},
             {"wrong CSRF proof", {{"x-csrf", "0123"}}, 403, "csrf_missing"},
             {"page of another site", {{"sec-fetch-site", "cross-site"}}, 403, "cross_site"},
             {"form",
              {{"content-type", "application/x-www-form-urlencoded"}},
              415,
              "body_not_json"},
             {"compressed", {{"content-encoding", "gzip"}}, 415, "content_encoding_unknown"},
             {"no key of visible characters",
              {{"idempotency-key", "a b"}},
              400,
              "idempotency_key_malformed"},
         }) {
        CAPTURE(c.what);
        const auto reply = desk.send("POST", all_requests, body, c.headers);
        CHECK(reply.status == c.status);
        CHECK(reply.refusal() == c.code);
    }
    CHECK(desk.send("POST", all_requests, "").refusal() == "body_missing");
    CHECK(app.nobody().send("POST", all_requests, body).status == 401);
    CHECK(desk.get(all_requests + "?colour=red").refusal() == "unknown_query");
    CHECK(desk.get(all_requests + "?limit=0").status == 400);
    CHECK(desk.get(all_requests + "?limit=100000").status == 400);
    CHECK(desk.get(all_requests + "?cursor=nonsense").status == 400);
    CHECK(desk.get(all_requests + "?sort=phone").status == 400);
    CHECK(desk.get(all_requests + "?area=abc").status == 404);
    CHECK(desk.get("/api/records/nothing").status == 404);
    CHECK(desk.get(all_requests + "/abc").status == 404);
    CHECK(desk.get(all_requests + "/1/../2").status == 400);
    CHECK(desk.get(all_requests + "/%2e%2e/2").status == 400);
    CHECK(desk.send("PUT", all_requests, body).status == 405);
    CHECK(desk.get("/api/nothing").status == 404);
    CHECK(app.integer("SELECT COUNT(*) FROM request") == 0);
}

TEST_CASE("a change says which version it was made on") {
    on_each_app([](TestApp& app) {
        const auto& here = app.community();
        const auto desk = app.as("community_desk", here.id);
        const auto id = app.file_request(desk, here.id).text("id");
        const auto path = all_requests + "/" + id;
        const auto change = to_json(obj({{"fields", obj({{"address", "三号楼"}})}}));
        CHECK(desk.send("PATCH", path, change).refusal() == "version_missing");
        CHECK(desk.send("PATCH", path, change).status == 428);
        for (const auto* wrong : {"1", "\"x\"", "*", "W/\"1\""}) {
            CAPTURE(wrong);
            CHECK(desk.send("PATCH", path, change, {{"if-match", wrong}}).status == 400);
        }
        const auto first = desk.send("PATCH", path, change, {{"if-match", "\"1\""}});
        CHECK_MESSAGE(first.status == 200, first.body);
        CHECK(first.header("ETag") == "\"" + std::to_string(first.version()) + "\"");
        const auto again = desk.send("PATCH", path, change, {{"if-match", "\"1\""}});
        CHECK(again.status == 412);
        CHECK(again.refusal() == "version_stale");
        const auto accept = to_json(obj({{"fields", obj({{"handling", "immediate"}})}}));
        CHECK(desk.send("POST", path + "/actions/accept", accept).status == 428);
        CHECK(
            desk.send("POST", path + "/actions/accept", accept, {{"if-match", "\"1\""}}).status ==
            412
        );
        CHECK(desk.send("POST", path + "/withdraw", R"({"reason":"x"})").status == 428);
        CHECK(app.integer("SELECT COUNT(*) FROM record_history WHERE record = " + id) == 2);
    });
}

TEST_CASE("fields that a role may not write are refused (C23)") {
    TestApp app;
    const auto& here = app.community();
    const auto resident = app.as("resident", here.id);
    const auto id = app.file_request(resident, here.id).text("id");
    const auto path = all_requests + "/" + id;
    const auto supervisor = app.as("county_supervisor", app.city().counties[0].id);
    const auto desk = app.as("community_desk", here.id);
    for (const auto& field : app->catalogue().kind("request")->fields) {
        CAPTURE(field.name);
        CHECK(
            supervisor.patch(path, 1, obj({{"fields", obj({{field.name, nullptr}})}})).status >= 400
        );
        CHECK(
            resident.patch(path, 1, obj({{"fields", obj({{field.name, nullptr}})}})).status >= 400
        );
    }
    for (const auto* own :
         {"id", "state", "version", "county", "community", "created_at", "unit", "number"}) {
        CAPTURE(own);
        CHECK(desk.patch(path, 1, obj({{"fields", obj({{own, "1"}})}})).status == 422);
        CHECK(desk.patch(path, 1, obj({{own, "1"}})).status >= 400);
    }
    // Path and body name one object (C20).
    const auto two = desk.patch(path, 1, obj({{"id", "1"}, {"fields", obj({})}}));
    CHECK(two.status == 400);
    CHECK(two.refusal() == "objects_differ");
    CHECK(resident.get(path).version() == 1);
}

TEST_CASE("a replayed Idempotency-Key gives the first answer and makes nothing twice (C47)") {
    on_each_app([](TestApp& app) {
        const auto& here = app.community();
        const auto desk = app.as("community_desk", here.id).with("idempotency-key", "visit-17");
        const auto body = [&](const char* words) {
            return obj(
                {{"area", text_of(here.id)},
                 {"fields", obj({{"category", "noise"}, {"description", words}})}}
            );
        };
        const auto first = desk.post(all_requests, body("吵"));
        REQUIRE_MESSAGE(first.status == 201, first.body);
        app.advance(minute_ms);
        const auto second = desk.post(all_requests, body("吵"));
        CHECK(second.status == 201);
        CHECK(second.body == first.body);
        CHECK(second.header("Location") == first.header("Location"));
        CHECK(second.header("Idempotency-Replayed") == "true");
        const auto other = desk.post(all_requests, body("不同"));
        CHECK(other.status == 422);
        CHECK(other.refusal() == "idempotency_key_reused");
        // Keys belong to accounts.
        const auto colleague =
            app.as("community_desk", app.community(1).id).with("idempotency-key", "visit-17");
        CHECK(
            colleague
                .post(
                    all_requests,
                    obj(
                        {{"area", text_of(app.community(1).id)},
                         {"fields",
                          body("吵").find("fields") ? *body("吵").find("fields") : Value()}}
                    )
                )
                .status == 201
        );
        CHECK(app.integer("SELECT COUNT(*) FROM request") == 2);
        // An action with a key too.
        const auto path = all_requests + "/" + first.text("id") + "/actions/accept";
        const auto accept = to_json(obj({{"fields", obj({{"handling", "immediate"}})}}));
        const Headers headers{{"if-match", "\"1\""}, {"idempotency-key", "accept-17"}};
        const auto accepted = desk.send("POST", path, accept, headers);
        CHECK_MESSAGE(accepted.status == 200, accepted.body);
        CHECK(desk.send("POST", path, accept, headers).body == accepted.body);
        CHECK(
            app.integer("SELECT COUNT(*) FROM record_history WHERE record = " + first.text("id")) ==
            2
        );
    });
}

TEST_CASE("accounts and areas are made once per Idempotency-Key (C47)") {
    on_each_app([](TestApp& app) {
        const auto admin =
            app.as("system_admin", app.city().id).with("idempotency-key", "made-once");
        const auto account = [](const char* name) {
            return obj({{"login", "wang"}, {"name", name}});
        };
        const auto grid = [&](const char* name) {
            return obj(
                {{"parent", text_of(app.community().id)},
                 {"level", "compound"},
                 {"code", "C9"},
                 {"name", name}}
            );
        };
        const auto made_once = [&](const char* path, const Value& body, const Value& other) {
            CAPTURE(path);
            const auto first = admin.post(path, body);
            REQUIRE_MESSAGE(first.status == 201, first.body);
            CHECK(first.header("Idempotency-Replayed").empty());
            const auto before = app.row_counts();
            const auto second = admin.post(path, body);
            CHECK(second.status == 201);
            CHECK(second.body == first.body);
            CHECK(second.header("Idempotency-Replayed") == "true");
            CHECK(admin.post(path, other).refusal() == "idempotency_key_reused");
            CHECK(TestApp::difference(before, app.row_counts()) == "");
        };
        made_once("/api/accounts", account("王"), account("汪"));
        CHECK(admin.post("/api/areas", grid("桃园")).refusal() == "idempotency_key_reused");
        app->database().write_now([](store::Tx& tx) {
            http::forget_old_keys(tx, Instant{INT64_MAX});
        });
        made_once("/api/areas", grid("桃园"), grid("李园"));
    });
}

TEST_CASE("what is made by POST is made once per key; a token is shown once and kept nowhere (C47)"
) {
    TestApp app;
    for (const auto& route : app->router().routes()) {
        CAPTURE(route->path);
        const bool makes = route->method == "POST" && route->success == 201;
        const bool token = route->path == "/api/account/tokens";
        const bool keyless = route->path.starts_with("/open311/");  // its protocol has no keys
        CHECK((!makes || route->idempotent_key || token || keyless));
    }
}

TEST_CASE("a broken sheet is told cell by cell, and none of it is imported") {
    on_each_app([](TestApp& app) {
        const auto& here = app.community();
        const auto desk = app.as("community_desk", here.id).with("content-type", "text/csv");
        const auto import = [&](const std::string& sheet) {
            return desk.send("POST", "/api/imports/request", sheet);
        };
        const auto before = app.row_counts();
        const auto good = here.code + ",noise,半夜施工";
        struct Case {
            const char* what;
            std::string sheet;
        };
        for (const auto& c : std::vector<Case>{
                 {"empty", " "},
                 {"a column that there is not",
                  "area,category,description,colour\n" + good + ",red\n"},
                 {"a required column missing", "area,category\n" + here.code + ",noise\n"},
                 {"an unclosed quote", "area,category,description\n" + here.code + ",noise,\"x\n"},
                 {"too few cells", "area,category,description\n" + here.code + ",noise\n"},
                 {"a wrong cell after a good row",
                  "area,category,description\n" + good + "\n" + here.code + ",boredom,x\n"},
                 {"an area of others", "area,category,description\n" + good + "\n" +
                                           app.community(1).code + ",noise,x\n"},
                 {"bytes that are no text",
                  "area,category,description\n" + here.code + ",noise,\xff\xff\xff\n"},
             }) {
            CAPTURE(c.what);
            const auto reply = import(c.sheet);
            CAPTURE(reply.body);
            CHECK((reply.status >= 400 || reply.size("problems") > 0));
            CHECK(reply.status < 500);
        }
        CHECK(TestApp::difference(before, app.row_counts()) == "");
    });
}

TEST_CASE("the server does not start on a broken catalogue, and names file and line") {
    const auto folder = fresh_folder("broken");
    std::filesystem::copy(catalogue_folder(), folder, std::filesystem::copy_options::recursive);
    const auto file = folder / "core" / "request" / "request.yaml";
    std::string text;
    {
        std::ifstream in(file);
        text.assign(std::istreambuf_iterator<char>(in), {});
    }
    struct Case {
        const char *what, *from, *to, *says;
    };
    for (const auto& c : std::vector<Case>{
             {"unknown key", "multiline: true", "multilin: true", "multiline"},
             {"unknown type", "type: point", "type: pint", "pint"},
             {"dangling list", "list: request_channel", "list: request_chanel", "request_channel"},
             {"unknown state of an action", "to: accepted", "to: acepted", "acepted"},
             {"unknown role of an action", "by: [community_desk, grid_worker",
              "by: [comunity_desk, grid_worker", "community_desk"},
             {"no YAML", "fields:", "fields: [", ""},
         }) {
        CAPTURE(c.what);
        auto broken = text;
        const auto at = broken.find(c.from);
        REQUIRE(at != std::string::npos);
        const auto line =
            1 + std::count(broken.begin(), broken.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        broken.replace(at, std::string(c.from).size(), c.to);
        std::ofstream(file) << broken;
        std::string said;
        try {
            TestOptions options;
            options.catalogue = folder;
            TestApp app(options);
        } catch (const std::exception& error) {
            said = error.what();
        }
        CAPTURE(said);
        CHECK(said.find("request.yaml:") != std::string::npos);
        CHECK(said.find(c.says) != std::string::npos);
        const bool exact = *c.says == '\0' ||
                           std::string(c.what).find("of an action") != std::string::npos ||
                           said.find("request.yaml:" + std::to_string(line)) != std::string::npos;
        CHECK(exact);
    }
    std::filesystem::remove_all(folder);
}

}  // namespace linli::app::testing
