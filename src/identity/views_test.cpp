// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "identity/testing.hpp"

using namespace linli;
using namespace linli::identity;
using namespace linli::identity::testing;

namespace {

Value view(const char* name, const char* query, const char* kind = "request") {
    return obj({{"kind", kind}, {"name", name}, {"query", query}});
}
std::string names(const Reply& reply) {
    std::string text;
    for (const auto& one : *reply.body.find("views")->as_list()) {
        text += one.text_or("name") + "=" + one.text_or("query") + " ";
    }
    return text;
}
std::string first_id(const Reply& reply) {
    return reply.body.find("views")->as_list()->at(0).text_or("id");
}
constexpr const char* all = "/api/account/views";
constexpr const char* of_requests = "/api/account/views?kind=request";

}  // namespace

TEST_CASE("a narrowed list is kept under a name, for its owner and its kind alone") {
    in_each_town([](Town& town) {
        Person desk(town), other(town);
        town.account("desk", "community_desk", "340503001001", town.unit("340503001001"));
        town.account("other", "community_desk", "340503001002", town.unit("340503001002"));
        CHECK(desk.get(of_requests).status == 401);
        desk.sign_in("desk");
        other.sign_in("other");
        CHECK(names(desk.post(all, view("噪音", "f.category=noise"))) == "噪音=f.category=noise ");
        const auto two = desk.post(all, view(" 加急 ", "overdue=1&q=13812345678"));
        CHECK(names(two) == "加急=overdue=1&q=13812345678 噪音=f.category=noise ");
        CHECK(names(desk.post(all, view("噪音", ""))) == "加急=overdue=1&q=13812345678 噪音= ");
        CHECK(names(desk.get("/api/account/views?kind=notice")).empty());
        CHECK(names(other.get(of_requests)).empty());
        const auto path = std::string(all) + "/" + first_id(two);
        CHECK(other.send("DELETE", path).code() == "view_not_found");
        CHECK(desk.send("DELETE", path).status == 204);
        CHECK(names(desk.get(of_requests)) == "噪音= ");
    });
}

TEST_CASE("views are few, named, of kinds that there are, and searched words are stored sealed") {
    in_each_town([](Town& town) {
        Person desk(town);
        town.account("desk", "community_desk", "340503001001", town.unit("340503001001"));
        desk.sign_in("desk");
        CHECK(desk.post(all, view("a", "", "nothing")).refusal() == "unknown_kind");
        CHECK(desk.post(all, view("  ", "")).refusal() == "required");
        CHECK(desk.post(all, view("a", std::string(1001, 'q').c_str())).status == 422);
        for (int i = 0; i < 30; ++i) {
            desk.post(all, view(std::to_string(i).c_str(), "q=13812345678"));
        }
        CHECK(desk.post(all, view("one more", "")).code() == "too_many_views");
        CHECK(desk.post(all, view("7", "mine=1")).status == 200);
        const store::Sql clear{
            "test.clear", "SELECT count(*) FROM identity_view WHERE query LIKE '%138%'"};
        CHECK(town.database->read_now([&](store::Tx& tx) {
            return *tx.one<std::int64_t>(clear);
        }) == 0);
    });
}
