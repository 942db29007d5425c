// SPDX-License-Identifier: Apache-2.0
// What leaves in sheets and files is on record with its ids; uploads and imports happen once per
// key.
#include <doctest/doctest.h>

#include "record/testing.hpp"

using namespace linli;
using namespace linli::record::testing;

namespace {

const char* const paper_yaml = R"(kind: paper
title: {zh: 材料, en: Paper}
levels: [community]
fields:
  subject: {type: choice, list: subject, class: internal, title: {zh: 主题, en: Subject}}
  phone: {type: phone, class: sensitive, mask: contact, title: {zh: 电话, en: Phone}}
  scan: {type: file, accept: image, max: 2, class: personal, mask: text, title: {zh: 扫描件, en: Scan}}
title_fields: [subject]
rights:
  community_desk: {create: scope, read: scope, change: scope, export: scope, import: scope}
  subdistrict_desk: {read: scope, export: scope, unmasked: [phone, scan]}
)";
const char* const lists_yaml = R"(lists:
  subject:
    title: {zh: 主题, en: Subject}
    choices:
      light: {title: {zh: 路灯, en: Street light}}
)";

std::shared_ptr<const catalogue::Catalogue> papers() {
    static const auto one =
        with_files({{"core/paper/paper.yaml", paper_yaml}, {"core/paper/lists.yaml", lists_yaml}});
    return one;
}

struct Desk {
    explicit Desk(World& world) : w(world) {
        const auto office = w.unit("街道办事处", "340503001000", true);
        w.account("desk", "community_desk", "340503001001", office);
        w.account("street", "subdistrict_desk", "340503001000", office);
    }
    Reply paper() {
        return w.file(
            "desk", "paper", "340503001001", obj({{"subject", "light"}, {"phone", "13855501234"}})
        );
    }
    Reply upload(const Reply& paper, const std::string& bytes, const std::string& key = {}) {
        std::vector<std::pair<std::string, std::string>> headers{{"content-type", "image/png"}};
        if (!key.empty()) {
            headers.emplace_back("idempotency-key", key);
        }
        return w.raw(
            "desk", "POST", World::path(paper) + "/files?field=scan&name=a.png",
            "\x89PNG\r\n\x1a\n" + bytes, headers
        );
    }
    /// "fields: detail" of the reads on record, oldest first.
    std::vector<std::string> reads() {
        std::vector<std::string> lines;
        w.tx([&](store::Tx& tx) {
            tx.each(
                store::Sql{
                    "test.reads",
                    "SELECT fields, detail FROM store_change WHERE action = 'read' ORDER BY id"},
                [&](const store::Row& row) {
                    lines.push_back(std::string(row.text(0)) + ": " + std::string(row.text(1)));
                    return true;
                }
            );
        });
        return lines;
    }
    std::size_t blobs() const {
        std::size_t n = 0;
        for (const auto& one : std::filesystem::recursive_directory_iterator(w.folder)) {
            n += one.is_regular_file() ? 1 : 0;
        }
        return n;
    }
    World& w;
};

}  // namespace

TEST_CASE("a sheet and a file with what others see masked leave their ids in the log (C55)") {
    on_each_world(papers(), [](World& w) {
        Desk desk(w);
        const auto one = desk.paper(), two = desk.paper();
        const auto file = desk.upload(one, "a");
        REQUIRE_MESSAGE(file.status == 201, file.body);
        REQUIRE(w.get("desk", "/api/exports/paper.csv").status == 200);  // his own records
        CHECK(desk.reads().empty());
        const auto sheet = w.get("street", "/api/exports/paper.csv?sort=created_at");
        CHECK(sheet.body.find("13855501234") != std::string::npos);
        CHECK(desk.reads() == std::vector{"phone: ids=" + one.text("id") + "," + two.text("id")});
        REQUIRE(w.get("street", "/api/exports/paper.csv?columns=subject").status == 200);
        CHECK(desk.reads().size() == 1);
        CHECK(w.get("street", World::path(one) + "/files/" + file.text("id")).status == 200);
        REQUIRE(desk.reads().size() == 2);
        CHECK(desk.reads()[1] == "scan: ids=" + one.text("id"));
    });
}

TEST_CASE("an upload happens once per key, and a refused one leaves nothing behind") {
    on_each_world(papers(), [](World& w) {
        Desk desk(w);
        const auto paper = desk.paper();
        const auto first = desk.upload(paper, "a", "k1");
        REQUIRE_MESSAGE(first.status == 201, first.body);
        CHECK(desk.upload(paper, "b").status == 201);
        const auto again = desk.upload(paper, "a", "k1");  // though there is no room any more
        CHECK(again.status == 201);
        CHECK(again.body == first.body);
        CHECK(again.headers.at("Idempotency-Replayed") == "true");
        CHECK(desk.upload(paper, "other", "k1").code == "idempotency_key_reused");
        const auto kept = desk.blobs();
        CHECK(desk.upload(paper, "c", "k2").code == "too_many_files");
        CHECK(desk.blobs() == kept);
    });
}

TEST_CASE("an import happens once per key") {
    on_each_world(papers(), [](World& w) {
        Desk desk(w);
        const std::string sheet = "area,subject\n桃花园社区,路灯\n";
        const auto send = [&](const std::string& body) {
            return w.raw(
                "desk", "POST", "/api/imports/paper", body,
                {{"content-type", "text/csv"}, {"idempotency-key", "k1"}}
            );
        };
        const auto first = send(sheet);
        CHECK_MESSAGE(first.json.int_or("created") == 1, first.body);
        const auto again = send(sheet);
        CHECK(again.body == first.body);
        CHECK(again.headers.at("Idempotency-Replayed") == "true");
        CHECK(send(sheet + "桃花园社区,路灯\n").code == "idempotency_key_reused");
        CHECK(w.get("desk", "/api/records/paper?count=1").json.int_or("count") == 1);
    });
}

TEST_CASE("titles come in both languages") {
    on_each_world(papers(), [](World& w) {
        Desk desk(w);
        const auto paper = desk.paper();
        CHECK(paper.text("title") == "路灯");
        CHECK(paper.text("title_en") == "Street light");
    });
}
