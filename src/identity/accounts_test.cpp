// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <thread>

#include "identity/testing.hpp"

using namespace linli;
using namespace linli::identity;
using namespace linli::identity::testing;

namespace {

template <class F>
std::string refusal_of(F&& f) {
    try {
        f();
    } catch (const Refused& refused) {
        return refused.problems.empty() ? refused.code : refused.problems[0].code;
    }
    return "";
}

}  // namespace

TEST_CASE("logins are unique without regard to case and blanks") {
    in_each_town([](Town& town) {
        const auto id = town.account(" Li.Si ");
        CHECK(
            town.database->read_now([&](store::Tx& tx) { return find_account(tx, id); })->login ==
            "li.si"
        );
        CHECK(refusal_of([&] { town.account("LI.SI"); }) == "login_in_use");
        CHECK(refusal_of([&] { town.account(""); }) == "login_malformed");
        CHECK(refusal_of([&] { town.account("a b"); }) == "login_malformed");
        CHECK(refusal_of([&] { town.account(std::string(61, 'a')); }) == "login_malformed");
    });
}

TEST_CASE("C12: a grant obeys the rules of its role") {
    in_each_town([](Town& town) {
        const auto id = town.account("a");
        const auto office = town.unit("340503001001"), elsewhere = town.unit("340504001001");
        const auto refusal = [&](const char* role, const char* code, UnitId unit = {},
                                 bool head = false) {
            return refusal_of([&] { town.give(id, role, code, unit, head); });
        };
        CHECK(refusal("king", "340500000000") == "unknown_role");
        CHECK(refusal("city_supervisor", "340503000000") == "level_not_allowed");
        CHECK(refusal("city_supervisor", "999999999999") == "unknown_area");
        CHECK(refusal("community_desk", "340503001001") == "required");
        CHECK(refusal("community_desk", "340503001001", elsewhere) == "unit_elsewhere");
        CHECK(refusal("community_desk", "340503001001", UnitId{99}) == "unknown_unit");
        CHECK(refusal("resident", "340503001001", {}, true) == "required");
        CHECK(refusal("community_desk", "340503001001", office) == "");
        CHECK(refusal("system_admin", "340500000000") == "");
        CHECK(refusal("security_admin", "340500000000") == "roles_exclude");
        CHECK(refusal("auditor", "340500000000") == "roles_exclude");
        CHECK(town.caller(id).grants.size() == 2);
        CHECK(
            town.give(id, "system_admin", "340500000000") ==
            town.give(id, "system_admin", "340500000000")
        );
        CHECK(town.caller(id).grants.size() == 2);
        CHECK(town.caller(id).may("account.manage"));
        CHECK_FALSE(town.caller(id).may("grant.manage"));
    });
}

TEST_CASE("C12: two grants at the same moment cannot make one account hold excluded roles") {
    in_each_town([](Town& town) {
        const auto id = town.account("a");
        std::vector<std::thread> threads;
        for (const char* role : {"system_admin", "security_admin", "auditor"}) {
            threads.emplace_back([&town, id, role] {
                refusal_of([&] { town.give(id, role, "340500000000"); });
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        CHECK(town.caller(id).grants.size() == 1);
    });
}

TEST_CASE("the office of an area is its own, else the nearest above") {
    in_each_town([](Town& town) {
        const auto street = town.unit("340503001000"), community = town.unit("340503001001");
        town.unit("340503001002", false);
        const auto office = [&](const char* code) {
            return town.database->read_now([&](store::Tx& tx) {
                return office_of(tx, *town.areas->today(), town.area(code));
            });
        };
        CHECK(office("340503001001") == community);
        CHECK(office("340503001002") == street);
        CHECK(office("340503001000") == street);
        CHECK(office("340504001001") == std::nullopt);
    });
}

TEST_CASE("heads of a unit are the enabled accounts that lead it") {
    in_each_town([](Town& town) {
        const auto office = town.unit("340503001001");
        const auto head = town.account("head"), other = town.account("other");
        town.give(head, "community_desk", "340503001001", office, true);
        town.give(other, "community_desk", "340503001001", office);
        const auto heads =
            town.database->read_now([&](store::Tx& tx) { return heads_of(tx, office); });
        CHECK(heads == std::vector<AccountId>{head});
    });
}
