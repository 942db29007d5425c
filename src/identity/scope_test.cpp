// SPDX-License-Identifier: Apache-2.0
#include "identity/scope.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace linli;
using namespace linli::identity;
using catalogue::KindRight;
using catalogue::Reach;

namespace {

area::Version version(int id, int parent, const char* code, area::Level level) {
    area::Version v;
    v.area = {id};
    v.parent = {parent};
    v.code = code;
    v.name = code;
    v.level = level;
    return v;
}

/// 1 city: 10 county (100 street: 1000, 1001 communities, 10000 grid; 101 street: 1010), 20 county
/// (200: 2000).
const area::Tree& tree() {
    using area::Level;
    static const area::Tree all(
        Date{20000},
        {version(1, 0, "340500000000", Level::city), version(10, 1, "340503000000", Level::county),
         version(100, 10, "340503001000", Level::subdistrict),
         version(1000, 100, "340503001001", Level::community),
         version(10000, 1000, "340503001001001", Level::grid),
         version(10001, 1000, "C", Level::compound),
         version(1001, 100, "340503001002", Level::community),
         version(101, 10, "340503002000", Level::subdistrict),
         version(1010, 101, "340503002001", Level::community),
         version(20, 1, "340504000000", Level::county),
         version(200, 20, "340504001000", Level::subdistrict),
         version(2000, 200, "340504001001", Level::community)},
        {{{10}, 1}, {{20}, 2}}
    );
    return all;
}

catalogue::FieldSpec field_spec(const char* name, catalogue::Mask mask, catalogue::Class of) {
    catalogue::FieldSpec spec;
    spec.name = name;
    spec.mask = mask;
    spec.data_class = of;
    return spec;
}

KindRight right(Reach create, Reach read, Reach change) {
    KindRight one;
    one.create = create;
    one.read = read;
    one.change = change;
    return one;
}

catalogue::Kind kind() {
    using catalogue::Class;
    using catalogue::Mask;
    catalogue::Kind one;
    one.name = "request";
    one.fields = {
        field_spec("category", Mask::none, Class::internal),
        field_spec("phone", Mask::contact, Class::sensitive),
        field_spec("name", Mask::name, Class::personal),
        field_spec("note", Mask::none, Class::internal)};
    one.rights["resident"] = right(Reach::any, Reach::own, Reach::none);
    one.rights["resident"].hidden_fields = {"note"};
    one.rights["desk"] = right(Reach::scope, Reach::scope, Reach::scope);
    one.rights["desk"].change_fields = {"category"};
    one.rights["desk"].unmask_fields = {"phone", "name"};
    one.rights["department"] = right(Reach::none, Reach::assigned, Reach::none);
    one.rights["department"].unmask_fields = {"phone"};
    one.rights["department"].hidden_fields = {"note"};
    one.rights["doctor"] = right(Reach::none, Reach::scope, Reach::any);
    one.rights["doctor"].unmasked_fields = {"phone"};
    one.rights["neighbour"] = right(Reach::none, Reach::path, Reach::none);
    one.rights["neighbour"].states = {"published"};
    one.rights["overseer"] = right(Reach::none, Reach::any, Reach::none);
    return one;
}

http::Caller with(std::vector<http::Grant> grants) {
    http::Caller caller;
    caller.account = {1};
    caller.grants = std::move(grants);
    return caller;
}
http::Grant role(const char* name, int area, int unit = 0) {
    return {1, name, {area}, {unit}, false};
}

Facts at(int area, bool own = false, std::vector<UnitId> parties = {}) {
    return {tree().filing({area}), own, std::move(parties)};
}

}  // namespace

TEST_CASE("C16 C24: which records a role over an area reaches") {
    struct Case {
        http::Grant grant;
        Operation operation;
        std::vector<int> reached;  ///< areas of records, out of all
    };
    const std::vector<int> all{1, 10, 100, 1000, 10000, 10001, 1001, 101, 1010, 20, 200, 2000};
    const auto one_kind = kind();
    for (const auto& c : std::vector<Case>{
             {role("desk", 1000), Operation::read, {1000, 10000, 10001}},
             {role("desk", 10000), Operation::read, {10000}},
             {role("desk", 10001), Operation::read, {10001}},
             {role("desk", 100), Operation::read, {100, 1000, 10000, 10001, 1001}},
             {role("desk", 10), Operation::change, {10, 100, 1000, 10000, 10001, 1001, 101, 1010}},
             {role("desk", 1), Operation::read, all},
             {role("desk", 999), Operation::read, {}},
             {role("desk", 100), Operation::withdraw, {}},
             {role("resident", 1000), Operation::read, {}},
             {role("resident", 1000), Operation::create, all},
             {role("department", 10, 5), Operation::read, {}},
             {role("overseer", 2000), Operation::read, all},
             {role("nobody", 1), Operation::read, {}}}) {
        CAPTURE(c.grant.role);
        CAPTURE(c.grant.area.value);
        const auto caller = with({c.grant});
        const auto reach = access(caller, one_kind, c.operation, tree());
        for (const int area : all) {
            CAPTURE(area);
            const bool expected = std::count(c.reached.begin(), c.reached.end(), area) > 0;
            CHECK(!grants_for(caller, one_kind, c.operation, at(area), tree()).empty() == expected);
            // what a list asks for is the same
            const bool listed =
                reach.any || std::any_of(reach.areas.begin(), reach.areas.end(), [&](AreaId top) {
                    return tree().within({area}, top);
                });
            CHECK(listed == expected);
        }
    }
}

TEST_CASE("own and assigned records are reached wherever they are") {
    const auto one_kind = kind();
    const auto resident = with({role("resident", 1000)});
    CHECK(access(resident, one_kind, Operation::read, tree()).own);
    CHECK(grants_for(resident, one_kind, Operation::read, at(2000, true), tree()).size() == 1);
    CHECK(grants_for(resident, one_kind, Operation::read, at(1000, false), tree()).empty());
    const auto department = with({role("department", 10, 5), role("department", 20)});
    CHECK(access(department, one_kind, Operation::read, tree()).units == std::vector<UnitId>{{5}});
    CHECK(
        grants_for(department, one_kind, Operation::read, at(2000, false, {{4}, {5}}), tree())
            .size() == 1
    );
    CHECK(grants_for(department, one_kind, Operation::read, at(1000, false, {{4}}), tree()).empty()
    );
    CHECK(grants_for(department, one_kind, Operation::read, at(1000, false, {{0}}), tree()).empty()
    );
    CHECK(access(http::Caller{}, one_kind, Operation::read, tree()).none());
}

TEST_CASE("a right to some states reaches along the path, and nothing in any other state") {
    const auto one_kind = kind();
    const auto caller = with({role("neighbour", 1000)});
    const auto reach = access(caller, one_kind, Operation::read, tree());
    CHECK(reach.areas.empty());  // who looks at these alone shows too little
    REQUIRE(reach.limited.size() == 1);
    CHECK(reach.limited[0].states == std::vector<std::string>{"published"});
    CHECK(reach.limited[0].areas == std::vector<AreaId>{{1000}});
    CHECK(reach.limited[0].at == std::vector<AreaId>{{1}, {10}, {100}});
    for (const int area : {1, 10, 100, 1000, 10000, 10001, 1001, 101, 1010, 20, 200, 2000}) {
        CAPTURE(area);
        auto facts = at(area);
        const auto reached = [&](const char* state) {
            facts.state = state;
            return !grants_for(caller, one_kind, Operation::read, facts, tree()).empty();
        };
        CHECK(
            reached("published") == (area <= 1000 ? area != 20 && area != 101 && area != 200
                                                  : area == 10000 || area == 10001)
        );
        CHECK_FALSE(reached("draft"));
        CHECK_FALSE(reached(""));
    }
    const auto both = with({role("neighbour", 1000), role("desk", 100)});
    CHECK(access(both, one_kind, Operation::read, tree()).areas == std::vector<AreaId>{{100}});
    const auto all = with({role("neighbour", 1000), role("overseer", 100)});
    CHECK(access(all, one_kind, Operation::read, tree()).limited.empty());
}

TEST_CASE("areas inside others add nothing to a scope") {
    const auto one_kind = kind();
    const auto caller = with(
        {role("desk", 1000), role("desk", 100), role("desk", 10000), role("desk", 2000),
         role("desk", 2000)}
    );
    CHECK(
        access(caller, one_kind, Operation::read, tree()).areas ==
        std::vector<AreaId>{{100}, {2000}}
    );
    const auto both = with({role("desk", 100), role("overseer", 2000)});
    const auto reach = access(both, one_kind, Operation::read, tree());
    CHECK(reach.any);
    CHECK(reach.areas.empty());
}

TEST_CASE("C23: what may be seen and changed in a record") {
    using Names = std::set<std::string>;
    const auto one_kind = kind();
    SUBCASE("a desk sees masked what is personal, and may unmask with a reason") {
        const auto rights = field_rights(with({role("desk", 100)}), one_kind, at(1000), tree());
        CHECK(rights.hidden.empty());
        CHECK(rights.masked == Names{"name", "phone"});
        CHECK(rights.unmaskable == Names{"name", "phone"});
        CHECK(rights.changeable == Names{"category"});
    }
    SUBCASE("outside of the scope nothing") {
        const auto rights = field_rights(with({role("desk", 100)}), one_kind, at(2000), tree());
        CHECK(rights.hidden.size() == one_kind.fields.size());
        CHECK(rights.changeable.empty());
    }
    SUBCASE("own records are not masked, but what the role must not see stays hidden") {
        const auto rights =
            field_rights(with({role("resident", 1000)}), one_kind, at(2000, true), tree());
        CHECK(rights.masked.empty());
        CHECK(rights.hidden == Names{"note"});
        CHECK(rights.unmaskable.empty());
    }
    SUBCASE("two roles together: hidden only if for both, unmasked if for one") {
        const auto both = with({role("department", 10, 5), role("doctor", 100)});
        const auto rights = field_rights(both, one_kind, at(1000, false, {{5}}), tree());
        CHECK(rights.hidden.empty());
        CHECK(rights.masked == Names{"name"});
        CHECK(rights.unmaskable.empty());
        CHECK(rights.changeable == Names{"category", "name", "note", "phone"});
        const auto elsewhere = field_rights(both, one_kind, at(2000, false, {{5}}), tree());
        CHECK(elsewhere.hidden == Names{"note"});
        CHECK(elsewhere.masked == Names{"name", "phone"});
        CHECK(elsewhere.unmaskable == Names{"phone"});
    }
}

TEST_CASE("rights of a list hold for every row, or it says that they vary") {
    const auto one_kind = kind();
    const auto own = list_rights(with({role("resident", 1000)}), one_kind, tree());
    CHECK_FALSE(own.varies);
    CHECK(own.rights.masked.empty());
    CHECK(own.rights.hidden.contains("note"));
    CHECK(list_rights(with({role("desk", 100)}), one_kind, tree()).varies);  // rows of his own
    CHECK(list_rights(with({role("desk", 100)}), one_kind, tree()).rights.masked.size() == 2);
    auto plain = one_kind;
    plain.fields = {one_kind.fields[0]};
    CHECK_FALSE(list_rights(with({role("desk", 100), role("desk", 20)}), plain, tree()).varies);
    CHECK(list_rights(with({role("desk", 100), role("doctor", 20)}), plain, tree()).varies);
}

TEST_CASE("C49: masked values show little, whatever their length") {
    using catalogue::Mask;
    struct Case {
        Mask mask;
        const char* value;
        const char* shown;
    };
    for (const auto& c : std::vector<Case>{
             {Mask::contact, "13812341234", "138****1234"},
             {Mask::contact, "62881234", "******34"},
             {Mask::contact, "110", "***"},
             {Mask::contact, "", ""},
             {Mask::name, "王小明", "王**"},
             {Mask::name, "欧阳修文", "欧阳**"},
             {Mask::name, "欧阳", "欧**"},
             {Mask::name, "王", "*"},
             {Mask::number, "340503199001011234", "340***********1234"},
             {Mask::number, "340503", "****03"},
             {Mask::number, "12", "**"},
             {Mask::address, "花山区湖东路12号3栋502室", "花山区湖东路***"},
             {Mask::address, "桃花园小区3栋", "桃花园小区***"},
             {Mask::address, "某某大楼十七层东边", "某某大楼***"},
             {Mask::address, "楼上", "楼***"},
             {Mask::text, "患有高血压", "***"},
             {Mask::none, "患有高血压", "***"}}) {
        CAPTURE(c.value);
        CHECK(masked(c.mask, c.value) == c.shown);
    }
}
