// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "office/table.hpp"
#include "record/testing.hpp"

using namespace linli;
using namespace linli::record::testing;

namespace {

/// The words of a row of the paper that begins with `title`; "" if there is none.
std::string row(const office::Document& paper, const std::string& title) {
    for (const auto& one : paper.tables.at(0).rows) {
        if (one.cells.at(0).text == title) {
            return one.cells.at(1).text;
        }
    }
    return {};
}

bool says(const office::Document& paper, const std::string& words) {
    for (const auto& one : paper.tables.at(0).rows) {
        for (const auto& cell : one.cells) {
            if (cell.text.find(words) != std::string::npos) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace

TEST_CASE("the paper of a record says what its reader may see, and what was done") {
    on_each_world([](World& w) {
        const auto bureau = w.unit("花山区城管局", "340503000000", false);
        w.unit("桃花园社区居委会", "340503001001", true);
        w.account("li", "resident", "340503001001");
        w.account("desk", "community_desk", "340503001001");
        w.account("bureau", "department", "340503000000", bureau);
        w.account("other", "community_desk", "340503001002");
        const auto fields = obj(
            {{"category", "street_light"}, {"description", "路灯坏了"}, {"phone", "13855501234"}}
        );
        auto r = w.file("li", "request", "340503001001", fields);
        r = w.act("desk", r, "accept", obj({}));
        r = w.act(
            "desk", r, "assign",
            obj({{"lead_unit", std::to_string(bureau.value)}, {"reason", "请今天修好"}})
        );
        REQUIRE_MESSAGE(r.status == 200, r.body);
        const auto path = "/api/records/request/" + r.text("id") + "/case.docx";

        const auto reply = w.get("desk", path);
        REQUIRE(reply.status == 200);
        CHECK(
            reply.headers.at("Content-Disposition") ==
            "attachment; filename=\"request-" + r.text("id") + ".docx\""
        );
        const auto paper = office::read_document(reply.body);
        CHECK(paper.heading.at(1).find(r.text("number")) == 0);
        CHECK(row(paper, "情况说明") == "路灯坏了");
        CHECK(row(paper, "责任单位") == "花山区城管局");
        CHECK(says(paper, "138****1234"));
        CHECK_FALSE(says(paper, "13855501234"));
        CHECK(says(paper, "请今天修好"));
        CHECK(row(paper, "办理时限").size() >= std::string("2025-05-08 09:00").size());

        CHECK(says(office::read_document(w.get("li", path).body), "13855501234"));
        CHECK(w.get("other", path).status == 404);
        CHECK(w.get("desk", "/api/records/request/1/case.docx").status == 404);
    });
}
