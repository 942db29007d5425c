// SPDX-License-Identifier: Apache-2.0
// Every field type in a kind of its own: there and back, refused input, sheets, search.
#include <doctest/doctest.h>

#include "record/list.hpp"
#include "record/personal.hpp"
#include "record/testing.hpp"
#include "record/write.hpp"

using namespace linli;
using namespace linli::record::testing;

namespace {

const char* const sample_yaml = R"(kind: sample
title: {zh: 样本, en: Sample}
number: "YB{county:6}-{date}-{seq:4}"
levels: [community, grid]
fields:
  name: {type: text, required: true, max: 20, search: true, class: personal, mask: name, title: {zh: 姓名, en: Name}}
  note: {type: text, multiline: true, search: true, class: internal, title: {zh: 备注, en: Note}}
  count: {type: int, min: 0, max: 100, class: internal, title: {zh: 数量, en: Count}}
  area_m2: {type: decimal, scale: 3, class: internal, title: {zh: 面积, en: Floor area}}
  worth: {type: money, min: 0, class: internal, title: {zh: 价值, en: Worth}}
  open: {type: bool, class: internal, title: {zh: 开放, en: Open}}
  born: {type: date, class: internal, title: {zh: 出生日期, en: Born}}
  seen_at: {type: instant, class: internal, title: {zh: 发现时间, en: Seen at}}
  takes: {type: duration, class: internal, title: {zh: 用时, en: Takes}}
  colour: {type: choice, list: colour, class: internal, title: {zh: 颜色, en: Colour}}
  colours: {type: choices, list: colour, max: 2, class: internal, title: {zh: 各种颜色, en: Colours}}
  partner: {type: ref, to: sample, class: internal, title: {zh: 伙伴, en: Partner}}
  partners: {type: refs, to: sample, class: internal, title: {zh: 各位伙伴, en: Partners}}
  house: {type: ref, to: area, class: internal, title: {zh: 房屋, en: House}}
  spot: {type: point, class: internal, title: {zh: 位置, en: Spot}}
  phone: {type: phone, class: sensitive, mask: contact, title: {zh: 电话, en: Phone}}
  citizen: {type: id_number, class: sensitive, mask: number, unique: true, title: {zh: 身份证号, en: Citizen number}}
  health: {type: choice, list: colour, class: sensitive, mask: text, title: {zh: 健康, en: Health}}
  papers: {type: file, accept: any, max: 2, class: personal, title: {zh: 材料, en: Papers}}
  answers: {type: extra, by: colour, class: personal, title: {zh: 补充, en: Answers}}
  secret: {type: text, class: personal, mask: text, when: "open = true", title: {zh: 秘密, en: Secret}}
title_fields: [name]
list_fields: [name, count, colour, partner]
views:
  dear: {title: {zh: 贵的, en: Dear}, where: "worth >= 100", sort: -worth}
rights:
  resident: {create: any, read: own, withdraw: own}
  community_desk: {create: scope, read: scope, change: scope, withdraw: scope, export: scope, import: scope, unmask: [phone, citizen]}
  subdistrict_desk: {read: scope, export: scope, hide: [note], unmasked: [phone]}
  county_supervisor: {read: scope, change: {scope: [count]}}
)";

const char* const lists_yaml = R"(lists:
  colour:
    title: {zh: 颜色, en: Colour}
    choices:
      red:
        title: {zh: 红, en: Red}
        questions:
          shade: {type: text, max: 10, required: true, title: {zh: 深浅, en: Shade}}
          coats: {type: int, min: 1, max: 9, title: {zh: 几遍, en: Coats}}
      green: {title: {zh: 绿, en: Green}}
)";

std::shared_ptr<const catalogue::Catalogue> samples() {
    static const auto one = with_files(
        {{"core/sample/sample.yaml", sample_yaml}, {"core/sample/lists.yaml", lists_yaml}}
    );
    return one;
}

struct People {
    explicit People(World& world) : w(world) {
        const auto office = w.unit("居委会", "340503001001", true);
        w.account("desk", "community_desk", "340503001001", office);
        w.account("next", "community_desk", "340503001002", office);
        w.account("street", "subdistrict_desk", "340503001000", office);
        w.account("county", "county_supervisor", "340503000000");
        w.account("li", "resident", "340503001001");
    }
    Reply sample(
        Value fields = {}, const std::string& who = "desk", const std::string& code = "340503001001"
    ) {
        Value all = obj({{"name", "王小明"}});
        for (const auto& [key, value] :
             fields.as_object() ? *fields.as_object() : Value::Object{}) {
            all.set(key, value);
        }
        return w.file(who, "sample", code, all);
    }
    World& w;
};

Value full() {
    return obj(
        {{"note", "第一行\n第二行"},
         {"count", 7},
         {"area_m2", 12.345},
         {"worth", 199.9},
         {"open", true},
         {"born", "1950-02-28"},
         {"seen_at", "2025-05-08T08:30:00+08:00"},
         {"takes", 90},
         {"colour", "red"},
         {"colours", Value::List{"green", "red"}},
         {"spot", obj({{"lat", 31.6701234}, {"lon", 118.5}})},
         {"phone", "+86 138-5550-1234"},
         {"citizen", "11010519491231002x"},
         {"health", "green"},
         {"answers", obj({{"shade", "深"}, {"coats", 2}})},
         {"secret", "不告诉你"}}
    );
}

std::string field(const Reply& reply, const char* name) {
    const auto* value = reply.json.find("fields")->find(name);
    return value ? to_json(*value) : "missing";
}

}  // namespace

TEST_CASE("every field type comes back as it was sent") {
    on_each_world(samples(), [](World& w) {
        People p(w);
        const auto other = p.sample({}, "li");
        auto fields = full();
        fields.set("partner", other.text("id"));
        fields.set("partners", Value::List{other.text("id")});
        fields.set("house", w.area_id("340503001001001"));
        const auto made = p.sample(fields, "li");
        const auto r = w.read("li", made);
        REQUIRE(r.status == 200);
        CHECK(r.body == made.body);
        CHECK(field(r, "note") == "\"第一行\\n第二行\"");
        CHECK(field(r, "count") == "7");
        CHECK(field(r, "area_m2") == "12.345");
        CHECK(field(r, "worth") == "199.9");
        CHECK(field(r, "open") == "true");
        CHECK(field(r, "born") == "\"1950-02-28\"");
        CHECK(field(r, "seen_at") == "\"2025-05-08T00:30:00.000Z\"");
        CHECK(field(r, "takes") == "90");
        CHECK(field(r, "colour") == "\"red\"");
        CHECK(field(r, "colours") == R"(["green","red"])");
        CHECK(field(r, "partner") == "{\"id\":\"" + other.text("id") + "\",\"title\":\"王小明\"}");
        CHECK(
            field(r, "partners") == "[{\"id\":\"" + other.text("id") + "\",\"title\":\"王小明\"}]"
        );
        CHECK(r.json.find("fields")->find("house")->text_or("title") == "第一网格");
        CHECK(field(r, "spot") == R"({"lat":31.6701234,"lon":118.5})");
        CHECK(field(r, "phone") == "\"13855501234\"");
        CHECK(field(r, "citizen") == "\"11010519491231002X\"");
        CHECK(field(r, "health") == "\"green\"");
        CHECK(field(r, "answers") == R"({"shade":"深","coats":2})");
        CHECK(field(r, "secret") == "\"不告诉你\"");
        CHECK(r.text("number") == "YB340503-20250508-0002");
    });
}

TEST_CASE("sensitive values are nowhere in the clear") {
    on_each_world(samples(), [](World& w) {
        People p(w);
        auto r = p.sample(full());
        r = w.patch("desk", r, obj({{"phone", "13900000001"}}));
        REQUIRE(r.status == 200);
        std::string all;
        w.db->read([&](store::Tx& tx) {
            for (const char* sql :
                 {"SELECT phone, citizen, health, answers FROM sample",
                  "SELECT changes, reason FROM record_history"}) {
                tx.each(store::Sql{"test.canary", sql}, [&](const store::Row& row) {
                    for (int i = 0; i < row.columns(); ++i) {
                        all += row.bytes(i);
                    }
                    return true;
                });
            }
        });
        for (const char* canary :
             {"13855501234", "13900000001", "11010519491231002X", "green", "深"}) {
            CHECK(all.find(canary) == std::string::npos);
        }
        const auto history = w.get("street", World::path(r) + "/history");
        CHECK(
            history.body.find(R"("before":"13855501234","after":"13900000001")") !=
            std::string::npos
        );
        for (const char* other : {"county", "desk"}) {
            const auto masked = w.get(other, World::path(r) + "/history");
            CHECK(masked.body.find("1385550") == std::string::npos);
        }
    });
}

TEST_CASE("wrong input is named, each with its place, and nothing is filed") {
    on_each_world(samples(), [](World& w) {
        People p(w);
        const auto foreign = p.sample({}, "next", "340503001002");
        struct Case {
            Value fields;
            const char* problems;
        };
        const std::string forty(40, 'x');
        for (const auto& c : std::vector<Case>{
                 {obj({{"nothing", 1}}),
                  "unknown_field at /fields/nothing; required at /fields/name"},
                 {obj({{"name", 5}}), "wrong_type at /fields/name"},
                 {obj({{"name", forty}}), "too_long at /fields/name"},
                 {obj({{"name", "\u202e  "}}), "required at /fields/name"},
                 {obj({{"name", "a"}, {"count", "7"}}), "wrong_type at /fields/count"},
                 {obj({{"name", "a"}, {"count", 101}}), "out_of_range at /fields/count"},
                 {obj({{"name", "a"}, {"area_m2", 1.2345}}), "not_decimal at /fields/area_m2"},
                 {obj({{"name", "a"}, {"worth", -1}}), "out_of_range at /fields/worth"},
                 {obj({{"name", "a"}, {"worth", 1e300}}), "not_decimal at /fields/worth"},
                 {obj({{"name", "a"}, {"open", 1}}), "wrong_type at /fields/open"},
                 {obj({{"name", "a"}, {"born", "2025-02-30"}}), "wrong_type at /fields/born"},
                 {obj({{"name", "a"}, {"seen_at", "2025-05-08"}}), "wrong_type at /fields/seen_at"},
                 {obj({{"name", "a"}, {"takes", -5}}), "wrong_type at /fields/takes"},
                 {obj({{"name", "a"}, {"colour", "blue"}}), "unknown_choice at /fields/colour"},
                 {obj({{"name", "a"}, {"colours", "red"}}), "wrong_type at /fields/colours"},
                 {obj({{"name", "a"}, {"colours", Value::List{"red", "blue"}}}),
                  "unknown_choice at /fields/colours/1"},
                 {obj({{"name", "a"}, {"colours", Value::List{"red", "green", "red"}}}),
                  "too_many at /fields/colours"},
                 {obj({{"name", "a"}, {"partner", "999"}}), "ref_not_found at /fields/partner"},
                 {obj({{"name", "a"}, {"partner", foreign.text("id")}}),
                  "ref_not_found at /fields/partner"},
                 {obj({{"name", "a"}, {"partners", Value::List{foreign.text("id")}}}),
                  "ref_not_found at /fields/partners/0"},
                 {obj({{"name", "a"}, {"house", "7"}}), "ref_not_found at /fields/house"},
                 {obj({{"name", "a"}, {"spot", obj({{"lat", 91}, {"lon", 0}})}}),
                  "wrong_type at /fields/spot"},
                 {obj({{"name", "a"}, {"phone", "12345"}}), "not_phone at /fields/phone"},
                 {obj({{"name", "a"}, {"citizen", "110105194912310021"}}),
                  "not_id_number at /fields/citizen"},
                 {obj({{"name", "a"}, {"papers", "x"}}), "upload_file at /fields/papers"},
                 {obj({{"name", "a"}, {"secret", "x"}}), "not_asked at /fields/secret"},
                 {obj({{"name", "a"}, {"colour", "red"}}), "required at /fields/answers/shade"},
                 {obj({{"name", "a"}, {"colour", "red"}, {"answers", obj({{"shade", 1}, {"x", 2}})}}
                  ),
                  "wrong_type at /fields/answers/shade; unknown_field at /fields/answers/x; "
                  "required at /fields/answers/shade"},
                 {obj({{"name", "a"}, {"answers", obj({{"shade", "x"}})}}),
                  "unknown_field at /fields/answers/shade"},
             }) {
            CAPTURE(c.problems);
            const auto reply = w.call(
                "desk", "POST", "/api/records/sample",
                obj({{"area", w.area_id("340503001001")}, {"fields", c.fields}})
            );
            CHECK(reply.status == 422);
            CHECK(reply.problems() == c.problems);
        }
        const auto post = [&](const Value& body) {
            return w.call("desk", "POST", "/api/records/sample", body);
        };
        CHECK(post(obj({{"fields", obj({{"name", "a"}})}})).problems() == "required at /area");
        CHECK(
            post(obj({{"area", "5"}, {"fields", obj({{"name", "a"}})}})).problems() ==
            "area_not_found at /area"
        );
        CHECK(post(obj({{"area", w.area_id("340503001002")}})).code == "area_out_of_scope");
        CHECK(post(obj({{"area", w.area_id("340503001000")}})).code == "area_out_of_scope");
        CHECK(
            post(obj({{"area", w.area_id("340503001001")}, {"state", "x"}})).problems() ==
            "unknown_field at /state"
        );
        CHECK(w.get("desk", "/api/records/sample?count=1").json.int_or("count") == 0);
        CHECK(
            w.call(
                 "county", "POST", "/api/records/sample", obj({{"area", w.area_id("340503001001")}})
            ).code == "right_missing"
        );
    });
}

TEST_CASE("unique values are unique, changes are versioned and conditions are kept") {
    on_each_world(samples(), [](World& w) {
        People p(w);
        auto r = p.sample(full());
        const auto twice = w.call(
            "desk", "POST", "/api/records/sample",
            obj(
                {{"area", w.area_id("340503001001")},
                 {"fields", obj({{"name", "b"}, {"citizen", "11010519491231002X"}})}}
            )
        );
        CHECK(twice.problems() == "not_unique at /fields/citizen");
        CHECK(
            w.patch("county", r, obj({{"note", "x"}})).problems() ==
            "not_changeable at /fields/note"
        );
        const auto old = r;
        r = w.patch("county", r, obj({{"count", 8}}));
        REQUIRE_MESSAGE(r.status == 200, r.body);
        CHECK(r.version() == "2");
        CHECK(w.patch("desk", old, obj({{"count", 9}})).code == "version_stale");
        CHECK(w.call("desk", "PATCH", World::path(r), obj({{"fields", obj({})}})).status == 428);
        CHECK(w.patch("desk", r, obj({{"count", 8}})).version() == "2");
        r = w.patch("desk", r, obj({{"open", false}}));
        CHECK(field(r, "secret") == "null");
        r = w.patch("desk", r, obj({{"colour", "green"}}));
        CHECK(field(r, "answers") == "null");
        r = w.patch("desk", r, obj({{"colour", "red"}}));
        CHECK(r.status == 200);
        r = w.patch("desk", r, obj({{"colours", Value::List{"red"}}, {"name", nullptr}}));
        CHECK(r.problems() == "required at /fields/name");
        r = w.read("desk", old);
        const auto withdraw = [&](const char* who, const char* reason) {
            return w.call(
                who, "POST", World::path(old) + "/withdraw", obj({{"reason", reason}}),
                {{"if-match", "\"" + r.version() + "\""}}
            );
        };
        CHECK(withdraw("county", "x").code == "right_missing");
        CHECK(withdraw("desk", " ").problems() == "required at /reason");
        CHECK(withdraw("desk", "重复登记").text("state") == "withdrawn");
        CHECK(w.get("desk", "/api/records/sample?count=1").json.int_or("count") == 0);
        CHECK(
            w.get("desk", "/api/records/sample?count=1&state=withdrawn").json.int_or("count") == 1
        );
    });
}

TEST_CASE("who sees what: masks, hidden fields, unmasking on record") {
    on_each_world(samples(), [](World& w) {
        People p(w);
        const auto r = p.sample(full(), "li");
        const auto own = w.read("li", r), desk = w.read("desk", r), street = w.read("street", r);
        CHECK(field(own, "phone") == "\"13855501234\"");
        CHECK(field(own, "name") == "\"王小明\"");
        CHECK(field(desk, "phone") == "\"138****1234\"");
        CHECK(field(desk, "citizen").find("1949") == std::string::npos);
        CHECK(field(desk, "health") == "\"***\"");
        CHECK(desk.text("title") == "王**");
        CHECK(desk.body.find("王小明") == std::string::npos);
        CHECK(field(street, "note") == "missing");
        CHECK(field(street, "phone") == "\"13855501234\"");
        const auto lines = [&](const char* action) {
            return w.db->read_now([&](store::Tx& tx) {
                return *tx.one<std::int64_t>(
                    store::Sql{
                        "test.lines",
                        "SELECT count(*) FROM store_change WHERE action = $1 AND actor <> 0"},
                    action
                );
            });
        };
        CHECK(lines("read") == 1);
        CHECK(
            w.get("street", "/api/records/sample?q=13855501234")
                .json.find("records")
                ->as_list()
                ->size() == 1
        );

        const auto unmask = [&](const char* who, const Value& fields, const char* reason) {
            return w.call(
                who, "POST", World::path(r) + "/unmask",
                obj({{"fields", fields}, {"reason", reason}})
            );
        };
        const Value::List phone{"phone"};
        CHECK(unmask("desk", phone, "电话回访核实情况").code == "step_up_needed");
        w.callers.at("desk").stepped_up_until = w.db.time().now() + hour_ms;
        CHECK(unmask("desk", phone, "看看").problems() == "reason_too_short at /reason");
        CHECK(unmask("desk", Value::List{"name"}, "电话回访核实情况").code == "unmask_not_allowed");
        CHECK(
            unmask("desk", Value::List{"x"}, "电话回访核实情况").problems() ==
            "unknown_field at /fields/0"
        );
        CHECK(unmask("next", phone, "电话回访核实情况").status == 404);
        CHECK(lines("unmask") == 0);
        const auto shown = unmask("desk", phone, "电话回访核实情况");
        REQUIRE_MESSAGE(shown.status == 200, shown.body);
        CHECK(shown.body == R"({"fields":{"phone":"13855501234"}})");
        CHECK(lines("unmask") == 1);
        for (int i = 1; i < 30; ++i) {
            CHECK(unmask("desk", phone, "电话回访核实情况").status == 200);
        }
        CHECK(unmask("desk", phone, "电话回访核实情况").code == "unmask_ration");
        w.db.time().advance(hour_ms);
        w.callers.at("desk").stepped_up_until = w.db.time().now() + hour_ms;
        CHECK(unmask("desk", phone, "电话回访核实情况").status == 200);
    });
}

TEST_CASE("files are what they say, belong to their record, and are saved rather than run") {
    on_each_world(samples(), [](World& w) {
        People p(w);
        const auto r = p.sample({}, "li");
        const std::string png = "\x89PNG\r\n\x1a\n0000", html = "<html><script>alert(1)</script>";
        const auto upload = [&](const char* who, const std::string& name, const std::string& bytes,
                                const char* to = "papers") {
            return w.raw(
                who, "POST", World::path(r) + "/files?field=" + to + "&name=" + name, bytes,
                {{"content-type", "application/octet-stream"}}
            );
        };
        CHECK(upload("li", "a.svg", "<svg/>").problems() == "file_type_refused at name");
        CHECK(upload("li", "a.html", html).problems() == "file_type_refused at name");
        CHECK(upload("li", "a.png", html).problems() == "file_type_refused at name");
        CHECK(upload("li", "a.jpg", png).problems() == "file_type_refused at name");
        CHECK(upload("li", "a.png", png, "name").problems() == "unknown_field at field");
        CHECK(upload("next", "a.png", png).status == 404);
        CHECK(upload("county", "a.png", png).code == "files_not_allowed");
        const auto one = upload("li", "../x/a.png", png);
        REQUIRE_MESSAGE(one.status == 201, one.body);
        CHECK(one.text("name") == "a.png");
        CHECK(one.text("type") == "image/png");
        CHECK(upload("desk", "b.txt", "你好").status == 201);
        CHECK(upload("desk", "c.txt", "你好").code == "too_many_files");
        const auto file = World::path(r) + "/files/" + one.text("id");
        const auto bytes = w.get("desk", file);
        CHECK(bytes.body == png);
        CHECK(bytes.headers.at("Content-Disposition") == "inline; filename*=UTF-8''a.png");
        CHECK(w.get("next", file).status == 404);
        CHECK(w.get("desk", World::path(r) + "/files/1").status == 404);
        CHECK(w.read("desk", r).json.find("files")->as_list()->size() == 2);
        const auto other = p.sample({}, "li");
        CHECK(w.get("li", World::path(other) + "/files/" + one.text("id")).status == 404);
    });
}

TEST_CASE("a sheet goes out and comes in again") {
    on_each_world(samples(), [](World& w) {
        People p(w);
        p.sample(full());
        p.sample(obj({{"name", "=1+1"}, {"note", "-5"}, {"count", 3}}));
        CHECK(w.get("li", "/api/exports/sample.csv").status == 403);
        const auto out = w.get("desk", "/api/exports/sample.csv?sort=created_at");
        REQUIRE(out.status == 200);
        CHECK(out.body.starts_with("\xef\xbb\xbf编号,所属区域,状态,姓名,"));
        CHECK(out.body.find("花山区/沙塘路街道/桃花园社区") != std::string::npos);
        CHECK(out.body.find("王**") != std::string::npos);  // though this desk has entered it
        CHECK(out.body.find(",'=**") != std::string::npos);
        const auto street = w.get("street", "/api/exports/sample.csv");
        CHECK(street.body.find("王**") != std::string::npos);
        CHECK(street.body.find("备注") == std::string::npos);
        CHECK(w.get("street", "/api/exports/sample.csv?columns=number,count")
                  .body.starts_with("\xef\xbb\xbf编号,数量\r\n"));

        const auto import = [&](const std::string& sheet, bool dry) {
            return w.raw(
                "desk", "POST", std::string("/api/imports/sample") + (dry ? "?dry_run=1" : ""),
                sheet, {{"content-type", "text/csv"}}
            );
        };
        // The same rows as new ones: without number, and without what must be unique.
        std::string copy =
            "所属区域,姓名,备注,数量,面积,价值,开放,出生日期,用时,颜色,各种颜色,位置,电话,补充,"
            "秘密\r\n";
        copy +=
            "桃花园社区,王小明,\"第一行\n第二行\",7,12.345,199.90,是,1950/2/"
            "28,90,红,绿；red,31.6701234 118.5,13855501234,\"{\"\"shade\"\":\"\"深\"\"}\",不\r\n";
        copy += "340503001001,'=1+1,,3,,,,,,,,,,,\r\n";
        auto report = import(copy, true);
        REQUIRE_MESSAGE(report.status == 200, report.body);
        CHECK(to_json(*report.json.find("problems")) == "[]");
        CHECK(report.json.int_or("created") == 2);
        CHECK(w.get("desk", "/api/records/sample?count=1").json.int_or("count") == 2);
        report = import(copy, false);
        REQUIRE_MESSAGE(report.json.int_or("created") == 2, report.body);
        CHECK(w.get("desk", "/api/records/sample?count=1").json.int_or("count") == 4);
        const auto id = *(*report.json.find("created_ids")->as_list())[0].as_text();
        const auto r = w.get("desk", "/api/records/sample/" + id);
        CHECK(field(r, "born") == "\"1950-02-28\"");
        CHECK(field(r, "colours") == R"(["green","red"])");
        CHECK(field(r, "spot") == R"({"lat":31.6701234,"lon":118.5})");

        const auto number = r.text("number");
        report = import("number,数量\n" + number + ",9\n", false);
        CHECK(report.json.int_or("changed") == 1);
        CHECK(field(w.read("desk", r), "count") == "9");

        report = import(
            "area,姓名,数量,颜色,电话\n雨田社区,a,1,,\n桃花园社区,b,x,蓝,1\n没有,c,,,\n,d,,,\n",
            true
        );
        CHECK(report.json.find("problems")->as_list()->size() == 6);
        CHECK(
            report.body.find(R"({"row":3,"column":"数量","code":"wrong_type")") != std::string::npos
        );
        CHECK(
            report.body.find(R"({"row":3,"column":"颜色","code":"unknown_choice")") !=
            std::string::npos
        );
        CHECK(
            report.body.find(R"({"row":3,"column":"电话","code":"not_phone")") != std::string::npos
        );
        CHECK(
            report.body.find(R"({"row":4,"column":"area","code":"area_not_found")") !=
            std::string::npos
        );
        report = import("area,姓名\n桃花园社区,好\n桃花园社区,\n", false);
        CHECK(report.json.int_or("created") == 0);
        CHECK(w.get("desk", "/api/records/sample?count=1").json.int_or("count") == 4);
        CHECK(import("area,什么\n", true).body.find("unknown_column") != std::string::npos);
        CHECK(import("", true).code == "sheet_empty");
        CHECK(
            import(
                "area,姓名,身份证号\n桃花园社区,a,11010519491231002X\n桃花园社区,b,"
                "11010519491231002X\n",
                true
            )
                .body.find("not_unique") != std::string::npos
        );
        CHECK(w.get("desk", "/api/imports/sample/template.csv")
                  .body.starts_with("\xef\xbb\xbf所属区域,姓名,"));
    });
}

TEST_CASE("words find records of the caller alone") {
    on_each_world(samples(), [](World& w) {
        People p(w);
        const auto r = p.sample(obj({{"note", "楼道堆放杂物"}, {"phone", "13855501234"}}));
        p.sample(obj({{"note", "楼道灯不亮"}}), "next", "340503001002");
        w.index();
        const auto hits = [&](const char* who, const std::string& q) {
            const auto reply = w.get(who, "/api/search?q=" + q);
            REQUIRE_MESSAGE(reply.status == 200, reply.body);
            return reply.json.find("results")->as_list()->size();
        };
        CHECK(hits("desk", "楼道") == 1);
        CHECK(hits("next", "楼道") == 1);
        CHECK(hits("county", "楼道") == 2);
        CHECK(hits("county", "堆放") == 1);
        CHECK(hits("county", "放堆") == 0);
        CHECK(hits("li", "楼道") == 0);
        CHECK(hits("street", "楼道") == 0);  // its notes are hidden from the street
        CHECK(hits("street", r.text("number")) == 1);
        CHECK(hits("desk", r.text("number")) == 1);
        CHECK(hits("next", r.text("number")) == 0);
        CHECK(hits("desk", "13855501234") == 1);
        CHECK(hits("desk", "1234") == 1);
        CHECK(hits("next", "1234") == 0);
        CHECK(
            w.get("desk", "/api/records/sample?q=堆放").json.find("records")->as_list()->size() == 1
        );
        w.patch("desk", w.read("desk", r), obj({{"note", "已清理"}}));
        w.index();
        CHECK(hits("desk", "堆放") == 0);
        CHECK(hits("desk", "清理") == 1);
    });
}

TEST_CASE("filters by field") {
    on_each_world(samples(), [](World& w) {
        People p(w);
        const auto other = p.sample(obj({{"count", 3}, {"worth", 50}, {"born", "2000-01-01"}}));
        p.sample(obj(
            {{"count", 8},
             {"worth", 500},
             {"partner", other.text("id")},
             {"colours", Value::List{"red"}},
             {"open", true},
             {"citizen", "11010519491231002X"}}
        ));
        const auto hits = [&](const std::string& query) {
            const auto reply = w.get("desk", "/api/records/sample?" + query);
            REQUIRE_MESSAGE(reply.status == 200, reply.body);
            return reply.json.find("records")->as_list()->size();
        };
        CHECK(hits("f.count=3") == 1);
        CHECK(hits("f.count=3,8") == 2);
        CHECK(hits("f.count=4..") == 1);
        CHECK(hits("f.worth=0..50") == 1);
        CHECK(hits("f.worth=50.00") == 1);
        CHECK(hits("f.born=1999-12-31..2000-12-31") == 1);
        CHECK(hits("f.colours=red,green") == 1);
        CHECK(hits("f.partner=" + other.text("id")) == 1);
        CHECK(hits("f.open=true") == 1);
        CHECK(hits("f.citizen=11010519491231002X") == 1);
        CHECK(hits("view=dear") == 1);
        for (const char* bad :
             {"f.count=x", "f.note=x", "f.nothing=1", "f.born=1", "limit=0", "limit=201", "state=x",
              "view=x", "mine=x", "from=x", "x=1", "count=1&count=1"}) {
            CAPTURE(bad);
            CHECK(w.get("desk", std::string("/api/records/sample?") + bad).status == 400);
        }
        CHECK(w.get("county", "/api/records/sample?f.secret=x").status == 400);
    });
}

TEST_CASE("phones and citizen numbers") {
    using record::plain_id_number;
    using record::plain_phone;
    CHECK(plain_phone("+86 138 5550 1234") == "13855501234");
    CHECK(plain_phone("0555-2345678") == "05552345678");
    CHECK(plain_phone("400-800-1234") == "4008001234");
    for (const char* bad :
         {"", "110", "12855501234", "1385550123a", "138555012345", "00552345678"}) {
        CHECK_FALSE(plain_phone(bad));
    }
    CHECK(plain_id_number("11010519491231002x") == "11010519491231002X");
    CHECK(plain_id_number("110105491231002") == "11010519491231002X");
    CHECK_FALSE(plain_id_number("110105490231002"));
    for (const char* bad :
         {"", "11010519491231002", "110105194912310021", "11010519490231002X", "99010519491231002X",
          "a1010519491231002X"}) {
        CHECK_FALSE(plain_id_number(bad));
    }
}

TEST_CASE("the interface of a kind is described from its fields") {
    on_each_world(samples(), [](World& w) {
        const auto schemas = w.engine->openapi_schemas();
        const auto* input = schemas.find("SampleInput");
        REQUIRE(input);
        CHECK(to_json(*input->find("required")) == R"(["name"])");
        CHECK(input->find("properties")->find("name")->int_or("maxLength") == 20);
        CHECK(input->find("properties")->as_object()->size() == 20);
        CHECK(w.engine->openapi_paths().find("/api/records/sample/{id}"));
    });
}
