// SPDX-License-Identifier: Apache-2.0
/// From what the flow does to a letter at a real server, and what happens when that is not there.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "flow/followers.hpp"
#include "flow/testing.hpp"
#include "notify/gateway.hpp"
#include "notify/mail.hpp"
#include "notify/sender.hpp"
#include "notify/testing.hpp"

using namespace linli;
using namespace linli::notify;

namespace {

std::vector<store::SchemaStep> steps() {
    auto all = flow::world_schema();
    const auto own = notify::schema();
    all.insert(all.end(), own.begin(), own.end());
    return all;
}

std::shared_ptr<const FieldCipher> cipher() {
    static const auto key = std::make_shared<const FieldCipher>(std::string(32, 'k'));
    return key;
}

/// An account of the lamps department with an address and a wish, unless the test says otherwise.
AccountId reader(
    store::Tx& tx, const std::string& login, const std::string& address, Wish wish, Instant now
) {
    const auto id = identity::create_account(tx, login, "张三", "!", now);
    for (const auto channel : {Channel::mail, Channel::sms}) {
        Way way;
        way.account = id;
        way.channel = channel;
        way.address = seal_address(
            *cipher(), id, channel, channel == Channel::mail ? address : "13800001234"
        );
        way.confirmed_at = now;
        save_way(tx, way);
    }
    wish.account = id;
    wish.since = now;
    save_wish(tx, wish);
    return id;
}

Wish by_mail() {
    Wish wish;
    wish.remind = wish.escalate = wish.moved = "mail";
    wish.quiet_from = wish.quiet_to = 0;
    return wish;
}

/// A city whose requests move through the flow, and this room beside it.
struct Office {
    Office(store::testing::TestDatabase& in, const Settings& settings)
        : database(in),
          world(in, flow::shipped()),
          identity(
              *in, flow::shipped(), world.areas(), in.random(), cipher(), identity::Settings{}
          ),
          notify(Parts{
              *in, in.time(), in.random(), flow::shipped(), world.areas(), world.flow(), identity,
              cipher(), settings, [](store::Tx&, const RecordRef&) { return "SQ-1"; }}),
          sealer(*in, in.time()),
          follower(*in, sealer, "notify", notify.filler()) {
        follower.stop();
        world.at("2025-09-26 09:00");
    }

    AccountId add(
        const std::string& login, const std::string& address, const Wish& wish = by_mail()
    ) {
        return world.db().write_now([&](store::Tx& tx) {
            return reader(tx, login, address, wish, world.now());
        });
    }
    AccountId head(const std::string& address, const Wish& wish = by_mail()) {
        const auto id = add("head", address, wish);
        world.db().write_now([&](store::Tx& tx) {
            const http::Grant lead{
                0, "department", world.area("county"), world.unit("lamps"), true};
            identity::grant(
                tx, *flow::shipped(), *world.areas().today(), id, lead, {}, world.now()
            );
        });
        return id;
    }
    /// A notice of the flow about a fresh record, and its line in the log.
    void urge(bool urgent = false) {
        const auto record = world.file("community", obj({{"urgent", urgent}}));
        world.db().write_now([&](store::Tx& tx) {
            flow::Notice notice;
            notice.what = "urge";
            notice.kind = "request";
            notice.record = record;
            notice.number = "SQ-7";
            notice.unit = world.unit("lamps");
            notice.head = true;
            notice.at = world.now();
            flow::insert_notice(tx, notice);
            line(tx, record, "escalate", "submitted", "submitted");
        });
        fill();
    }
    void line(
        store::Tx& tx, RecordId record, const char* action, const char* before, const char* after
    ) {
        store::Change change;
        change.at = world.now();
        change.kind = "request";
        change.record = record;
        change.action = action;
        change.state_before = before;
        change.state_after = after;
        store::append_change(tx, home(record), change);
    }
    void fill() {
        sealer.seal_all();
        follower.catch_up();
    }
    std::vector<Message> messages() {
        return world.db().read_now([&](store::Tx& tx) {
            std::vector<Message> all;
            for (const auto& [county, position] : store::heads(tx)) {
                auto some = messages_of(tx, county, std::nullopt, {}, 1000);
                all.insert(all.end(), some.begin(), some.end());
            }
            return all;
        });
    }
    Message only() {
        const auto all = messages();
        REQUIRE(all.size() == 1);
        return all.front();
    }

    store::testing::TestDatabase& database;
    flow::World world;
    identity::Identity identity;
    Notify notify;
    store::Sealer sealer;
    store::Follower follower;
};

template <class F>
void in_each_office(F&& body) {
    for (const auto engine : store::testing::engines()) {
        Servers servers;
        store::testing::TestDatabase database(engine, steps());
        Office office(database, servers.settings());
        body(office, servers);
    }
}

}  // namespace

TEST_CASE("an escalation reaches whom the flow addresses and who wants it, in plain words") {
    in_each_office([](Office& office, Servers& servers) {
        office.head("head@example.org");
        office.add("other", "other@example.org");  // wants it, but is not addressed
        office.urge();
        office.fill();  // what was told once is not told again
        CHECK(office.only().status == Status::waiting);
        CHECK(office.notify.send_due() == 1);
        CHECK(office.notify.send_due() == 0);
        const auto mails = servers.arrived("mail");
        REQUIRE(mails.size() == 1);
        CHECK(mails[0].find("<head@example.org>") != std::string::npos);
        const auto text = decoded(mails[0]);
        CAPTURE(text);
        CHECK(text.find("催办：居民诉求 SQ-7") != std::string::npos);
        CHECK(text.find("期限 2025-09-2") != std::string::npos);
        CHECK(text.find("https://linli.example.org/desk/r/request/") != std::string::npos);
        CHECK(text.find("张三") == std::string::npos);
        CHECK(office.only().status == Status::sent);
    });
}

TEST_CASE("what a followed record did is told in the follower's language; nothing from before") {
    in_each_office([](Office& office, Servers& servers) {
        auto english = by_mail();
        english.language = Language::en;
        const auto record = office.world.file();
        office.world.db().write_now([&](store::Tx& tx) {
            office.line(tx, record, "accept", "submitted", "accepted");  // before anybody asked
        });
        office.world.time().advance(minute_ms);
        const auto follower = office.add("neighbour", "n@example.org", english);
        office.world.db().write_now([&](store::Tx& tx) {
            flow::follow(tx, {"request", record, "x", office.world.now()}, follower);
        });
        office.world.time().advance(minute_ms);
        office.world.db().write_now([&](store::Tx& tx) {
            office.line(tx, record, "assign", "accepted", "assigned");
        });
        office.fill();
        CHECK(office.only().stage == "assigned");
        CHECK(office.notify.send_due() == 1);
        const auto text = decoded(servers.arrived("mail").at(0));
        CAPTURE(text);
        CHECK(text.find("Progress: ") == 0);
        CHECK(text.find("(Beijing time)") != std::string::npos);
        CHECK(text.find("/records/request/" + std::to_string(record.value)) != std::string::npos);
    });
}

TEST_CASE("quiet hours hold messages back by the official clock; urgent ones break them if asked") {
    in_each_office([](Office& office, Servers&) {
        auto wish = by_mail();
        wish.quiet_from = 22 * 60;
        wish.quiet_to = 7 * 60;
        const auto id = office.head("head@example.org", wish);
        office.world.at("2025-09-26 23:30");
        office.urge(true);
        CHECK(office.only().next_at == flow::wall("2025-09-27 07:00"));
        CHECK(office.notify.send_due() == 0);
        office.world.at("2025-09-27 06:59");
        CHECK(office.notify.send_due() == 0);
        office.world.at("2025-09-27 07:00");
        CHECK(office.notify.send_due() == 1);
        office.world.at("2025-09-27 23:30");
        wish.account = id;
        wish.urgent_breaks = true;
        office.world.db().write_now([&](store::Tx& tx) { save_wish(tx, wish); });
        office.urge(false);
        CHECK(office.notify.send_due() == 0);
        office.urge(true);
        CHECK(office.notify.send_due() == 1);
    });
}

TEST_CASE("many notices for one account go in one letter, and the next waits a little") {
    in_each_office([](Office& office, Servers& servers) {
        office.head("head@example.org");
        for (int i = 0; i < 5; ++i) {
            office.urge();
        }
        CHECK(office.notify.send_due() == 5);
        REQUIRE(servers.arrived("mail").size() == 1);
        CHECK(decoded(servers.arrived("mail")[0]).find("您有 5 条通知") == 0);
        office.urge();
        CHECK(office.notify.send_due() == 0);
        office.world.time().advance(2 * minute_ms);
        CHECK(office.notify.send_due() == 1);
    });
}

TEST_CASE("a server that is away is tried again with growing pauses, then given up with its reason"
) {
    in_each_office([](Office& office, Servers& servers) {
        office.head("head@example.org");
        office.urge();
        servers.kill();
        std::vector<std::int64_t> pauses;
        for (int i = 0; i < 20 && office.only().status != Status::given_up; ++i) {
            CHECK(office.notify.send_due() == 0);
            const auto message = office.only();
            CHECK(message.reason == "unreachable");
            if (message.status == Status::failed) {
                pauses.push_back((message.next_at - office.world.now()) / minute_ms);
                office.world.time().set(message.next_at);
            }
        }
        CHECK(pauses == std::vector<std::int64_t>{1, 5, 15, 60, 180, 360, 720});
        CHECK(office.only().tries == 8);
    });
}

TEST_CASE("what the other side refuses for good is given up at once, for now is tried again") {
    in_each_office([](Office& office, Servers& servers) {
        office.head("refuse-me@example.org");
        office.urge();
        office.notify.send_due();
        CHECK(office.only().status == Status::given_up);
        CHECK(office.only().reason == "refused 550");
        office.world.db().write_now([&](store::Tx& tx) {
            auto way = *find_way(tx, office.only().account, Channel::mail);
            way.address =
                seal_address(*cipher(), way.account, Channel::mail, "later-me@example.org");
            save_way(tx, way);
            CHECK(try_again(tx, office.only(), office.world.now()));
        });
        office.notify.send_due();
        CHECK(office.only().status == Status::failed);
        CHECK(office.only().reason == "refused 451");
        CHECK(servers.arrived("mail").empty());
    });
}

TEST_CASE("a wish taken back, an address forgotten or an account closed stop what waits") {
    in_each_office([](Office& office, Servers& servers) {
        auto wish = by_mail();
        wish.account = office.head("head@example.org");
        office.urge();
        wish.escalate = "";
        office.world.db().write_now([&](store::Tx& tx) { save_wish(tx, wish); });
        CHECK(office.notify.send_due() == 0);
        CHECK(office.only().reason == "not wanted");
        CHECK(servers.arrived("mail").empty());
    });
}

TEST_CASE("a text goes through the gateway; its errors are kept as words without the number") {
    in_each_office([](Office& office, Servers& servers) {
        auto wish = by_mail();
        wish.escalate = "sms";
        wish.account = office.head("head@example.org", wish);
        office.urge();
        office.urge();
        CHECK(office.notify.send_due() == 2);
        const auto texts = servers.arrived("sms");
        REQUIRE(texts.size() == 1);
        CHECK(texts[0].starts_with("POST /send?to=13800001234&text=%e5%82%ac"));
        for (const auto& [number, reason] :
             {std::pair("13800001230", "answer 500"), {"13800001231", "answer 302"}}) {
            office.world.time().advance(10 * minute_ms);
            office.world.db().write_now([&](store::Tx& tx) {
                auto way = *find_way(tx, wish.account, Channel::sms);
                way.address = seal_address(*cipher(), way.account, Channel::sms, number);
                save_way(tx, way);
            });
            office.urge();
            office.notify.send_due();
            CHECK(office.messages().front().reason == reason);
        }
        CHECK(servers.arrived("sms").size() == 3);  // no redirect was followed
    });
}

TEST_CASE("a gateway at an inner address is not called unless the settings allow it (C43)") {
    Servers servers;
    auto settings = servers.settings().sms;
    settings.private_address = false;
    settings.url = "https" + settings.url.substr(4);
    Connection connection;
    const auto never_stopped = [] { return false; };
    const auto outcome = send_sms(connection, settings, "13800001234", "x", never_stopped);
    CHECK(outcome.reason == "inner address");
    settings.url = "https://localhost" + settings.url.substr(settings.url.rfind(':'));
    CHECK(
        send_sms(connection, settings, "13800001234", "x", never_stopped).reason == "inner address"
    );
    CHECK(servers.arrived("sms").empty());
}

TEST_CASE("mail goes under TLS with a password, and not to a server that cannot prove itself") {
    Servers servers({"--tls", "--login", "linli", "s3cret"});
    const auto password = servers.folder() / "password";
    std::ofstream(password) << "s3cret\n";
    auto settings = servers.settings().mail;
    settings.tls = "starttls";
    settings.user = "linli";
    settings.password_file = password;
    const Letter letter{"a@example.org", "题目", "正文", "1", {}};
    Connection connection;
    const auto never_stopped = [] { return false; };
    CHECK(send_mail(connection, settings, letter, never_stopped).reason == "tls");
    settings.authority = servers.folder() / "cert.pem";
    Connection fresh;
    const auto sent = send_mail(fresh, settings, letter, never_stopped);
    CHECK(sent.reason == "");
    CHECK(sent.result == Outcome::Result::sent);
    std::ofstream(password) << "wrong\n";
    Connection wrong;
    CHECK(send_mail(wrong, settings, letter, never_stopped).reason.starts_with("login"));
    CHECK(servers.arrived("mail").size() == 1);
}

TEST_CASE("nothing can be added to a message by what it is made of (C45)") {
    for (const auto* text :
         {"a@b", "a b@example.org", "a@example.org\r\nBcc: x@example.org", "a@example.org,b@x.org",
          "<a@example.org>", "\"a\"@example.org", "a@exa mple.org", "a@-example.org",
          "@example.org", "张三@example.org", ""}) {
        CAPTURE(text);
        CHECK_FALSE(plain_address(Channel::mail, text));
    }
    CHECK(plain_address(Channel::mail, "first.last+tag@mail.example.org"));
    for (const auto* text : {"1380000123", "23800001234", "1380000123a", "+1", "138\n00001234"}) {
        CAPTURE(text);
        CHECK_FALSE(plain_address(Channel::sms, text));
    }
    CHECK(plain_address(Channel::sms, "+86 138-0000-1234") == "13800001234");
    const auto text =
        text_of({"a@example.org", "x\r\nBcc: b@example.org", ".\r\nQUIT", "1", {}}, "l@x.org");
    CHECK(text.find("Bcc") == std::string::npos);
    CHECK(text.find("QUIT") == std::string::npos);
    SmsSettings sms;
    sms.url = "https://gw.example.org/{secret}?p={phone}";
    sms.body = R"({"text":"{text}","key":"{secret}"})";
    sms.headers = {"Content-Type: application/json", "X-Key: {secret}"};
    const auto request = fill(sms, "k/1", "+8613", "a\"b{phone}\n");
    CHECK(request.url == "https://gw.example.org/k%2f1?p=%2b8613");
    CHECK(request.body == R"({"text":"a\"b{phone}\n","key":"k/1"})");
    CHECK(request.headers[1] == "X-Key: k/1");
}

TEST_CASE("settings that cannot be right stop the server with a sentence") {
    const auto refused = [](auto&& change) {
        Settings settings;
        settings.public_url = "https://linli.example.org";
        settings.mail.host = "smtp.example.org";
        settings.mail.from = "linli@example.org";
        settings.sms.url = "https://gw.example.org/?p={phone}&t={text}";
        check(settings);
        change(settings);
        CHECK_THROWS_AS(check(settings), std::runtime_error);
    };
    refused([](Settings& s) { s.public_url = ""; });
    refused([](Settings& s) { s.public_url += "/"; });
    refused([](Settings& s) { s.mail.from = "linli"; });
    refused([](Settings& s) { s.mail.host = "smtp.example.org/x"; });
    refused([](Settings& s) { s.mail.user = "x"; });
    refused([](Settings& s) {
        s.mail.tls = "none";
        s.mail.user = "x";
        s.mail.password_file = "y";
    });
    refused([](Settings& s) { s.sms.url = "http://gw.example.org/?p={phone}&t={text}"; });
    refused([](Settings& s) { s.sms.url = "https://{phone}.example.org/?t={text}"; });
    refused([](Settings& s) { s.sms.url = "https://gw.example.org/?p={phone}"; });
    refused([](Settings& s) { s.sms.headers = {"X: {text}"}; });
}

TEST_CASE("a sender that is killed loses nothing and sends nothing twice that it wrote down") {
    constexpr int people = 60;
    for (const auto engine : store::testing::engines()) {
        Servers servers;
        const auto file = servers.folder() / "linli.db";
        std::unique_ptr<store::testing::ScratchPostgres> scratch;
        if (engine == store::Engine::postgres) {
            scratch = std::make_unique<store::testing::ScratchPostgres>();
        }
        store::Options options;
        options.url = scratch ? scratch->url() : file.string();
        options.unsafe_durability = true;
        ManualTime time(flow::wall("2025-09-26 09:00"));
        SeededRandom random(1);
        /// A process of its own: opens the database, does something, closes it.
        const auto with_notify = [&](auto&& body) {
            const auto database = store::Database::open(options, time, random);
            database->migrate([] {
                auto all = store::schema();
                const auto more = steps();
                all.insert(all.end(), more.begin(), more.end());
                return all;
            }());
            area::Areas areas(*database, time);
            const flow::Flow flow(flow::shipped(), areas);
            identity::Identity identity(
                *database, flow::shipped(), areas, random, cipher(), identity::Settings{}
            );
            Notify notify(Parts{
                *database,
                time,
                random,
                flow::shipped(),
                areas,
                flow,
                identity,
                cipher(),
                servers.settings(),
                {}});
            body(*database, notify);
            database->close();
        };
        with_notify([&](store::Database& database, Notify&) {
            database.write_now([&](store::Tx& tx) {
                for (int i = 0; i < people; ++i) {
                    const auto name = "p" + std::to_string(i);
                    Message message;
                    message.account =
                        reader(tx, name, name + "@example.org", by_mail(), time.now());
                    message.notice = i + 1;
                    message.what = "remind";
                    message.kind = "request";
                    message.number = name;
                    message.stage = "submitted";
                    message.created_at = message.next_at = time.now();
                    insert_message(tx, 0, message);
                }
            });
        });
        const auto child = ::fork();
        if (child == 0) {
            with_notify([](store::Database&, Notify& notify) { notify.send_due(); });
            ::_exit(0);
        }
        while (servers.arrived("mail").size() < people / 3 &&
               ::waitpid(child, nullptr, WNOHANG) == 0) {
            ::usleep(500);
        }
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        const auto count = [](store::Database& database, Status status) {
            return database.read_now([&](store::Tx& tx) {
                return static_cast<int>(count_messages(tx, 0, status, 1000));
            });
        };
        int known = 0;
        with_notify([&](store::Database& database, Notify& notify) {
            known = count(database, Status::sent);
            notify.send_due();
            time.advance(6 * minute_ms);  // what the dead one held is free again
            notify.send_due();
            CHECK(count(database, Status::sent) == people);
        });
        std::map<std::string, int> copies;
        for (const auto& mail : servers.arrived("mail")) {
            ++copies[mail.substr(0, mail.find('\r'))];
        }
        int twice = 0;
        for (const auto& [to, times] : copies) {
            twice += times - 1;
        }
        CAPTURE(known);
        CHECK(known > 0);
        CHECK(known < people);
        CHECK(copies.size() == people);
        CHECK(twice <= 1);  // at most the one that was under way
    }
}
