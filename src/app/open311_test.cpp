// SPDX-License-Identifier: Apache-2.0
/// Open311 as a client sees it that somebody else wrote: sockets, forms, and a parser of XML that
/// knows nothing of ours.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <expat.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/testing.hpp"

namespace linli::app::testing {

namespace {

/// Elements as a client's parser gives them: name, text, children.
struct Xml {
    std::string name, text;
    std::vector<Xml> children;
    std::vector<const Xml*> all(const std::string& wanted) const {
        std::vector<const Xml*> found;
        for (const auto& child : children) {
            if (child.name == wanted) {
                found.push_back(&child);
            }
        }
        return found;
    }
    std::string of(const std::string& child) const {
        const auto found = all(child);
        return found.empty() ? "(none)" : found.front()->text;
    }
};

Xml parse_xml(const std::string& text) {
    Xml top;
    std::vector<Xml*> open{&top};
    auto* parser = XML_ParserCreate(nullptr);
    XML_SetUserData(parser, &open);
    XML_SetElementHandler(
        parser,
        [](void* to, const char* name, const char**) {
            auto& stack = *static_cast<std::vector<Xml*>*>(to);
            stack.push_back(&stack.back()->children.emplace_back(Xml{name, "", {}}));
        },
        [](void* to, const char*) { static_cast<std::vector<Xml*>*>(to)->pop_back(); }
    );
    XML_SetCharacterDataHandler(parser, [](void* to, const char* piece, int size) {
        static_cast<std::vector<Xml*>*>(to)->back()->text.append(
            piece, static_cast<std::size_t>(size)
        );
    });
    const auto status = XML_Parse(parser, text.data(), static_cast<int>(text.size()), 1);
    XML_ParserFree(parser);
    REQUIRE_MESSAGE(status == XML_STATUS_OK, text);
    return top.children.front();
}

std::string encoded(const std::string& text) {
    static const char* digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) && byte < 0x80) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string form(const Pairs& values) {
    std::string text;
    for (const auto& [name, value] : values) {
        text += (text.empty() ? "" : "&") + encoded(name) + "=" + encoded(value);
    }
    return text;
}

/// A desk of the first community that has made a token for a program.
struct Town {
    explicit Town(TestApp& in) : app(in), desk(in.as("community_desk", in.community().id)) {
        const auto grant =
            in.integer("SELECT id FROM identity_grant WHERE account = " + text_of(desk.account()));
        const auto made = desk.stepped_up().post(
            "/api/account/tokens",
            obj({{"name", "app"}, {"days", 9}, {"grants", Value::List{text_of(grant)}}})
        );
        REQUIRE_MESSAGE(made.status == 201, made.body);
        key = made.text("token");
    }
    Reply get(const std::string& target) { return app.nobody().get("/open311/v2/" + target); }
    Reply post(const std::string& target, const Pairs& values) {
        return app.nobody().send(
            "POST", "/open311/v2/" + target, form(values),
            {{"content-type", "application/x-www-form-urlencoded"}}
        );
    }
    Pairs litter(const std::string& words = "垃圾没有清运") {
        return {
            {"api_key", key},
            {"service_code", "litter"},
            {"description", words},
            {"attribute[waste_kind]", "bulky"}};
    }

    TestApp& app;
    Client desk;
    std::string key;
};

/// "404 400": codes of an error in JSON.
std::string codes(const Reply& reply) {
    std::string text;
    for (const auto& error : reply.json.as_list() ? *reply.json.as_list() : Value::List{}) {
        text += (text.empty() ? "" : " ") + std::to_string(error.int_or("code"));
        CHECK(!error.text_or("description").empty());
    }
    return text;
}

struct Heard {
    int status = 0;
    std::string head, body;
};

/// One request on a connection of its own, as any client would send it.
Heard over_socket(int port, const std::string& line, const std::string& body = {}) {
    const auto text = line +
                      " HTTP/1.1\r\nHost: city.example\r\nConnection: close\r\nContent-Type: "
                      "application/x-www-form-urlencoded\r\nContent-Length: " +
                      std::to_string(body.size()) + "\r\n\r\n" + body;
    const int wire = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(wire, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    REQUIRE(
        ::send(wire, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size())
    );
    std::string answer;
    char piece[4096];
    for (ssize_t n = 0; (n = ::recv(wire, piece, sizeof piece, 0)) > 0;) {
        answer.append(piece, static_cast<std::size_t>(n));
    }
    ::close(wire);
    const auto end = answer.find("\r\n\r\n");
    REQUIRE(end != std::string::npos);
    return {std::atoi(answer.c_str() + 9), answer.substr(0, end + 2), answer.substr(end + 4)};
}

}  // namespace

TEST_CASE("a client written by others finds the services, files and follows over HTTP in XML") {
    for (const auto engine : store::testing::engines()) {
        TestOptions options;
        options.engine = engine;
        options.http.port = 0;
        TestApp app(options);
        Town town(app);
        app->start();
        const int port = app->server().port();
        const auto get = [&](const std::string& path) {
            const auto reply = over_socket(port, "GET /open311/v2/" + path);
            CHECK(reply.status == 200);
            CHECK(
                reply.head.find("Content-Type: text/xml; charset=utf-8\r\n") != std::string::npos
            );
            CHECK(reply.body.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
            return parse_xml(reply.body);
        };
        const auto discovery = get("discovery.xml");
        const auto& endpoint = *discovery.all("endpoints").front()->all("endpoint").front();
        CHECK(endpoint.of("url") == "http://city.example/open311/v2");
        CHECK(endpoint.of("specification") == "http://wiki.open311.org/GeoReport_v2");
        CHECK(endpoint.all("formats").front()->of("format") == "text/xml");

        const auto services = get("services.xml");
        CHECK(services.name == "services");
        std::string asked;
        for (const auto* service : services.all("service")) {
            CHECK(service->of("type") == "realtime");
            asked = service->of("metadata") == "true" && asked.empty() ? service->of("service_code")
                                                                       : asked;
        }
        CHECK(asked == "litter");
        const auto definition = get("services/litter.xml");
        CHECK(definition.name == "service_definition");
        const auto& attribute = *definition.all("attributes").front()->all("attribute").front();
        CHECK(attribute.of("code") == "waste_kind");
        CHECK(attribute.of("datatype") == "singlevaluelist");
        CHECK(attribute.of("required") == "true");
        CHECK(attribute.all("values").front()->all("value").size() == 5);

        const auto filed =
            over_socket(port, "POST /open311/v2/requests.xml", form(town.litter("<臭> & \x01乱")));
        CHECK(filed.status == 201);
        const auto made = parse_xml(filed.body);
        CHECK(made.name == "service_requests");
        const auto id = made.all("request").front()->of("service_request_id");
        const auto found = get("requests.xml?service_request_id=" + id);
        REQUIRE(found.all("request").size() == 1);
        const auto& request = *found.all("request").front();
        CHECK(request.of("status") == "open");
        CHECK(request.of("service_code") == "litter");
        CHECK(request.of("description") == "");
        CHECK(request.of("requested_datetime").ends_with("Z"));
        CHECK(get("requests/" + id + ".xml").all("request").size() == 1);
        CHECK(get("tokens/" + id + ".xml").all("request").front()->of("service_request_id") == id);
        CHECK(
            town.desk.get("/api/records/request/" + id).text("fields/description") == "<臭> & 乱"
        );

        const auto updated = over_socket(
            port, "POST /open311/v2/servicerequestupdates.xml",
            form(
                {{"api_key", town.key},
                 {"service_request_id", id},
                 {"status", "OPEN"},
                 {"updated_datetime", "2025-05-08T09:00:00+08:00"},
                 {"description", "还在"}}
            )
        );
        const auto answer = parse_xml(updated.body);
        CHECK(answer.name == "service_request_updates");
        CHECK(answer.all("request_update").front()->of("update_id").size() > 1);
        app->stop();
    }
}

TEST_CASE("what anybody reads holds no words, no name, no number, no exact place (C17)") {
    on_each_app([](TestApp& app) {
        Town town(app);
        auto values = town.litter("王家门口的沙发");
        for (const auto& [name, value] : Pairs{
                 {"phone", "13812345678"},
                 {"first_name", "Ping"},
                 {"last_name", "Wang"},
                 {"address_string", "5 号楼 301"},
                 {"lat", "31.6712345"},
                 {"long", "118.5087654"},
                 {"media_url", "https://pictures.example/1.jpg"}}) {
            values.emplace_back(name, value);
        }
        const auto filed = town.post("requests.json", values);
        REQUIRE_MESSAGE(filed.status == 201, filed.body);
        const auto id = filed.text("0/service_request_id");
        const auto record = town.desk.get("/api/records/request/" + id);
        CHECK(
            record.text("fields/description") == "王家门口的沙发\nhttps://pictures.example/1.jpg"
        );
        CHECK(record.text("fields/channel") == "open311");
        CHECK(record.text("fields/answers/waste_kind") == "bulky");
        const auto take = [&](const char* action, const Value& body) {
            const auto reply = town.desk.act("request", id, action, body);
            REQUIRE_MESSAGE(reply.ok(), reply.body);
        };
        const auto classes = obj({{"handling", "tracked"}, {"urgent", true}});
        take("accept", obj({{"fields", classes}}));
        take("note", obj({{"reason", "WorkNote"}}));
        take(
            "upgrade",
            obj({{"reason", "WhyUp"}, {"fields", obj({{"emergency_level", "very_major"}})}})
        );
        take("resolve", obj({{"result", "HowDone"}, {"evidence", obj({{"word", "TheirWord"}})}}));
        take("debrief", obj({{"fields", obj({{"after_action", "LessonsOf"}})}}));

        for (const std::string& target :
             {"requests.json?service_request_id=" + id, std::string("requests.json"),
              "requests/" + id + ".json", std::string("requests.xml"),
              std::string("servicerequestupdates.json")}) {
            CAPTURE(target);
            const auto read = town.get(target);
            CHECK(read.status == 200);
            for (const char* secret :
                 {"沙发", "pictures", "1381234", "Wang", "Ping", "301", "31.6712", "118.508",
                  "WorkNote", "WhyUp", "very_major", "HowDone", "TheirWord", "LessonsOf"}) {
                CHECK(read.body.find(secret) == std::string::npos);
            }
        }
        const auto read = town.get("requests/" + id + ".json");
        CHECK(read.body.find("\"lat\":31.671,\"long\":118.509") != std::string::npos);
        CHECK(read.text("0/address_id") == app.community().code);
        CHECK(read.text("0/agency_responsible") != "");
        CHECK(read.at("0/description").is_null());
    });
}

TEST_CASE("what tells whom it is about is no service, and is shown to nobody") {
    on_each_app([](TestApp& app) {
        Town town(app);
        const auto resident = app.as("resident", app.community().id);
        const auto about = app.file_request(
            resident, app.community().id, obj({{"category", "elder_help"}, {"description", "x"}})
        );
        const auto gone = app.file_request(resident, app.community().id);
        CHECK(town.get("requests/" + about.text("id") + ".json").status == 404);
        CHECK(town.get("tokens/" + about.text("id") + ".json").status == 404);
        CHECK(town.get("services/elder_help.json").status == 404);
        CHECK(town.get("requests.json?service_code=elder_help").status == 404);
        CHECK(town.get("services.json").body.find("elder_help") == std::string::npos);
        CHECK(town.get("requests.json").json.as_list()->size() == 1);
        CHECK(
            town.get("requests.json?service_request_id=" + about.text("id"))
                .json.as_list()
                ->size() == 0
        );
        auto values = town.litter();
        values[1].second = "elder_help";
        CHECK(codes(town.post("requests.json", values)) == "404");
        const auto path = "/api/records/request/" + gone.text("id") + "/withdraw";
        const auto withdrawn =
            resident.send("POST", path, to_json(obj({{"reason", "x"}})), {{"if-match", "\"1\""}});
        REQUIRE_MESSAGE(withdrawn.ok(), withdrawn.body);
        CHECK(town.get("requests/" + gone.text("id") + ".json").status == 404);
    });
}

TEST_CASE("an error is a list of codes and what is wrong, in the format that was asked for") {
    TestApp app;
    Town town(app);
    struct Case {
        std::string name, value, codes, says;  ///< the value that replaces or joins a good form's
    };
    for (const auto& c : std::vector<Case>{
             {"api_key", "", "403", "api_key"},
             {"api_key", "no-such-token", "403", ""},
             {"service_code", "", "400", "service_code"},
             {"service_code", "flying_saucer", "404", "service_code"},
             {"description", "", "400", "description"},
             {"attribute[waste_kind]", "", "400", "attribute[waste_kind]"},
             {"attribute[waste_kind]", "gold", "400 400", "attribute[waste_kind]"},
             {"jurisdiction_id", "999999", "404", "jurisdiction"},
             {"jurisdiction_id", app.cities()[1].code, "400", "address_id"},
             {"address_id", app.city().code, "400", "address_id"},
             {"address_id", app.community(app.communities().size() - 1).code, "403", ""},
             {"lat", "north", "400", "lat"},
             {"lat", "31.6", "400", "long"},
             {"phone", "12", "400", "phone"}}) {
        CAPTURE(c.name + "=" + c.value);
        auto values = town.litter();
        std::erase_if(values, [&](const auto& one) { return one.first == c.name; });
        values.emplace_back(c.name, c.value);
        const auto before = app.row_counts();
        const auto refused = town.post("requests.json", values);
        CHECK(codes(refused) == c.codes);
        CHECK(c.codes.starts_with(std::to_string(refused.status)));
        CHECK_MESSAGE(refused.body.find(c.says) != std::string::npos, refused.body);
        CHECK(TestApp::difference(before, app.row_counts()) == "");
        const auto xml = parse_xml(town.post("requests.xml", values).body);
        CHECK(xml.name == "errors");
        CHECK(c.codes.starts_with(xml.all("error").front()->of("code")));
    }
    for (const auto& [target, code] : Pairs{
             {"requests/7.json", "404"},
             {"requests/abc.json", "404"},
             {"services/abc.json", "404"},
             {"tokens/7.json", "404"},
             {"services.json?jurisdiction_id=nowhere.gov", "404"},
             {"requests.json?status=lost", "400"},
             {"requests.json?start_date=yesterday", "400"},
             {"requests.json?start_date=2025-01-01&end_date=2025-05-01", "400"},
             {"requests.json?page=0", "400"},
             {"requests.json?page_size=1001", "400"},
             {"requests.json?page=11&page_size=1000", "400"},
             {"servicerequestupdates.json?end_date=x", "400"}}) {
        CAPTURE(target);
        const auto refused = town.get(target);
        CHECK(codes(refused) == code);
        CHECK(std::to_string(refused.status) == code);
    }
    const auto odd = app.nobody().send(
        "POST", "/open311/v2/requests.json", "{}", {{"content-type", "application/json"}}
    );
    CHECK(codes(odd) == "400");
}

TEST_CASE("requests are found by service, status, time, place and page") {
    on_each_app([](TestApp& app) {
        Town town(app);
        const auto resident = app.as("resident", app.community().id);
        std::vector<std::string> ids;
        for (const char* category : {"noise", "pets", "noise"}) {
            ids.push_back(app.file_request(
                                 resident, app.community().id, obj({{"category", category}})
            ).text("id"));
            app.time.advance(day_ms);
        }
        const auto& far = app.community(app.communities().size() - 1);
        ids.push_back(app.file_request(
                             app.as("resident", far.id), far.id, obj({{"category", "pets"}})
        ).text("id"));
        CHECK(
            town.desk.act("request", ids[0], "decline", obj({{"reason", "不在职责内"}})).status ==
            200
        );
        const auto found = [&](const std::string& query) {
            const auto reply = town.get("requests.json?" + query);
            std::string text;
            for (const auto& one :
                 reply.json.as_list() ? *reply.json.as_list() : Value::List{reply.body}) {
                const auto id = one.text_or("service_request_id");
                text += std::to_string(std::find(ids.begin(), ids.end(), id) - ids.begin());
            }
            return text;
        };
        CHECK(found("") == "3210");
        CHECK(found("service_code=noise") == "20");
        CHECK(found("service_code=noise,pets&status=open") == "321");
        CHECK(found("status=closed") == "0");
        CHECK(found("status=open,closed&page=2&page_size=3") == "0");
        CHECK(found("page_size=2") == "32");
        CHECK(found("jurisdiction_id=" + app.community().code) == "210");
        CHECK(found("jurisdiction_id=" + far.code) == "3");
        CHECK(found("service_request_id=" + ids[1] + ",7," + ids[3]) == "13");
        const auto day = [&](int back) { return to_text(app.time.now() - back * day_ms); };
        CHECK(found("start_date=" + day(2)) == "321");
        CHECK(found("start_date=" + day(3) + "&end_date=" + day(2)) == "0");
        CHECK(found("end_date=" + day(1) + "&api_key=whatever&extensions=true") == "10");
        CHECK(found("start_date=" + encoded("2020-01-01T00:00:00+08:00")) == "");
    });
}

TEST_CASE("updates go both ways: what happened is told, what is added stands in the history") {
    on_each_app([](TestApp& app) {
        Town town(app);
        const auto id = town.post("requests.json", town.litter()).text("0/service_request_id");
        const auto send = [&](const Pairs& more) {
            Pairs values{{"api_key", town.key}, {"service_request_id", id}};
            values.insert(values.end(), more.begin(), more.end());
            return town.post("servicerequestupdates.json", values);
        };
        CHECK(codes(send({{"description", ""}})) == "400");
        CHECK(codes(send({{"description", "x"}, {"status", "lost"}})) == "400");
        CHECK(
            codes(town.post(
                "servicerequestupdates.json",
                {{"api_key", town.key}, {"service_request_id", "7"}, {"description", "x"}}
            )) == "404"
        );
        const auto noted = send({{"description", "又多了一堆"}, {"status", "closed"}});
        REQUIRE_MESSAGE(noted.status == 201, noted.body);
        const auto history = [&] {
            return town.desk.get("/api/records/request/" + id + "/history").body;
        };
        CHECK(history().find("又多了一堆") != std::string::npos);
        CHECK(town.get("servicerequestupdates.json").json.as_list()->size() == 0);

        REQUIRE(
            town.desk
                .act("request", id, "accept", obj({{"fields", obj({{"handling", "immediate"}})}}))
                .ok()
        );
        const auto done = send({{"description", "已经清走"}, {"status", "CLOSED"}});
        REQUIRE_MESSAGE(done.status == 201, done.body);
        CHECK(town.get("requests/" + id + ".json").text("0/status") == "closed");
        const auto updates = town.get("servicerequestupdates.json");
        REQUIRE(updates.json.as_list()->size() == 2);
        CHECK(updates.text("0/status") == "open");
        CHECK(updates.text("1/status") == "closed");
        CHECK(updates.text("1/service_request_id") == id);
        CHECK(updates.text("1/description").find("办好") != std::string::npos);
        CHECK(updates.body.find("清走") == std::string::npos);
        CHECK(
            town.get("servicerequestupdates.json?jurisdiction_id=" + app.community(1).code)
                .json.as_list()
                ->size() == 0
        );

        const auto other =
            app.file_request(app.as("resident", app.community(1).id), app.community(1).id);
        CHECK(
            codes(town.post(
                "servicerequestupdates.json", {{"api_key", town.key},
                                               {"service_request_id", other.text("id")},
                                               {"description", "x"}}
            )) == "404"
        );
    });
}

TEST_CASE("pictures come with a multipart form, and what is no picture is refused whole") {
    on_each_app([](TestApp& app) {
        Town town(app);
        const auto send = [&](const std::string& name, const std::string& bytes) {
            std::string body;
            for (const auto& [field, value] : town.litter()) {
                body += "--xyz\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" +
                        value + "\r\n";
            }
            body += "--xyz\r\nContent-Disposition: form-data; name=\"media\"; filename=\"" + name +
                    "\"\r\nContent-Type: image/png\r\n\r\n" + bytes + "\r\n--xyz--\r\n";
            return app.nobody().send(
                "POST", "/open311/v2/requests.json", body,
                {{"content-type", "multipart/form-data; boundary=xyz"}}
            );
        };
        const auto filed = send("a.png", "\x89PNG\r\n\x1a\nzz");
        REQUIRE_MESSAGE(filed.status == 201, filed.body);
        const auto read =
            town.desk.get("/api/records/request/" + filed.text("0/service_request_id"));
        CHECK(read.text("files/0/name") == "a.png");
        const auto before = app.row_counts();
        CHECK(codes(send("a.png", "<script>")) == "400");
        CHECK(TestApp::difference(before, app.row_counts()) == "");
    });
}

}  // namespace linli::app::testing
