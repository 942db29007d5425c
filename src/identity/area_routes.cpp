// SPDX-License-Identifier: Apache-2.0
/// One area with its office, and new grids, compounds and buildings: here, because offices and
/// rights are known here.
#include "base/text.hpp"
#include "http/idempotency.hpp"
#include "identity/impl.hpp"
#include "identity/workers.hpp"

namespace linli::identity {

namespace {

using Shared = std::shared_ptr<Identity::Impl>;
constexpr const char* area_manage = "area.manage";

struct AreaStep {
    AreaId id;
    std::string name;
    area::Level level{};
    static constexpr auto fields = std::tuple{
        field("id", &AreaStep::id), field("name", &AreaStep::name),
        field("level", &AreaStep::level)};
};
struct Office {
    UnitId id;
    std::string name, phone;
    OpeningHours hours;
    static constexpr auto fields = std::tuple{
        field("id", &Office::id), field("name", &Office::name), field("phone", &Office::phone),
        field("hours", &Office::hours)};
};
struct Past {
    Date from;
    std::optional<Date> to;
    std::string code, name;
    AreaId parent;
    static constexpr auto fields = std::tuple{
        field("from", &Past::from), field("to", &Past::to), field("code", &Past::code),
        field("name", &Past::name), field("parent", &Past::parent)};
};
struct AreaAnswer {
    AreaId id;
    std::string code, name;
    area::Level level{};
    area::Kind kind{};
    area::UrbanRural urban_rural{};
    bool counted = true;
    std::int64_t children = 0;
    std::vector<AreaStep> path;
    std::optional<Office> office;
    std::vector<Worker> workers;  ///< for who lives or works there only
    std::vector<Past> versions;
    std::vector<Date> changed;  ///< days on which what belongs to it was split, merged or moved
    static constexpr auto fields = std::tuple{
        field("id", &AreaAnswer::id),           field("code", &AreaAnswer::code),
        field("name", &AreaAnswer::name),       field("level", &AreaAnswer::level),
        field("kind", &AreaAnswer::kind),       field("urban_rural", &AreaAnswer::urban_rural),
        field("counted", &AreaAnswer::counted), field("children", &AreaAnswer::children),
        field("path", &AreaAnswer::path),       field("office", &AreaAnswer::office),
        field("workers", &AreaAnswer::workers), field("versions", &AreaAnswer::versions),
        field("changed", &AreaAnswer::changed)};
};
struct NewArea {
    AreaId parent;
    area::Level level{};
    std::string code, name;
    static constexpr auto fields = std::tuple{
        field("parent", &NewArea::parent), field("level", &NewArea::level),
        field("code", &NewArea::code, {.max = 40}), field("name", &NewArea::name, {.max = 100})};
};

/// An area that has ended is described by its last version.
void describe(
    const area::Tree& tree, const std::vector<area::Version>& versions, AreaAnswer& answer
) {
    const auto& last = versions.back();
    answer.code = last.code;
    answer.name = last.name;
    answer.level = last.level;
    answer.kind = last.kind;
    answer.urban_rural = last.urban_rural;
    answer.counted = last.counted;
    answer.children = static_cast<std::int64_t>(tree.children(answer.id).size());
    for (const auto* node : tree.path(answer.id)) {
        answer.path.push_back({node->id, std::string(node->name), node->level});
    }
    for (const auto& one : versions) {
        answer.versions.push_back({one.from, one.to, one.code, one.name, one.parent});
    }
}

bool at_home(const Shared& impl, const http::Caller& caller, AreaId id) {
    std::vector<AreaId> own;
    for (const auto& grant : caller.grants) {
        own.push_back(grant.area);
    }
    return impl->covers(own, id);
}

AreaAnswer show_area(const Shared& impl, const http::Call& call, store::Tx& tx, AreaId id) {
    const auto tree = impl->areas.today();
    const auto versions = area::versions_of(tx, id);
    if (versions.empty()) {
        throw not_found("area");
    }
    AreaAnswer answer;
    answer.id = id;
    describe(*tree, versions, answer);
    answer.changed = area::changes_of(tx, *tree, id);
    if (const auto office = office_of(tx, *tree, id)) {
        const auto unit = find_unit(tx, *office).value();
        const auto& calendar = impl->catalogue->calendar(unit.calendar);
        answer.office = Office{unit.id, unit.name, unit.phone, opening_hours(calendar, call.now)};
    }
    if (at_home(impl, call.caller, id)) {
        answer.workers = workers_of(tx, *tree, id, impl->settings.demo);
    }
    return answer;
}

AreaId make(
    const Shared& impl, const http::Call& call, store::Tx& tx, const area::Version& version
) {
    const auto made = area::add_area(tx, version);
    auto change = change_of(call, "area", {}, "create");
    change.record = {made.value};
    change.role = impl->role_with(call.caller, area_manage);
    change.area_after = made;
    store::append_change(tx, 0, std::move(change));
    return made;
}

AreaAnswer add_area(const Shared& impl, http::Call& call, const NewArea& body) {
    if (body.level < area::Level::grid) {
        throw invalid(
            "/level", "level_not_allowed",
            "official areas come by import; here grid, compound or building"
        );
    }
    if (!impl->covers(impl->areas_with(call.caller, area_manage), body.parent)) {
        throw forbidden("area_out_of_scope", "the area is outside of your own");
    }
    area::Version version;
    version.from = official_date(call.now);
    version.code = tidy(body.code);
    version.name = tidy(body.name);
    version.level = body.level;
    version.parent = body.parent;
    const auto made = impl->database.write_now([&](store::Tx& tx) {
        return http::once(tx, call, [&] {  // kept is which area: a replay shows it as it is then
            http::Answer answer;
            answer.body = std::to_string(make(impl, call, tx, version).value);
            return answer;
        });
    });
    for (const auto& [name, value] : made.headers) {
        call.header(name, value);
    }
    impl->areas.reload();
    AreaId id;
    parse_id(made.body, id.value);
    return impl->database.read_now([&](store::Tx& tx) { return show_area(impl, call, tx, id); });
}

}  // namespace

void area_routes(http::Router& r, const Shared& impl) {
    r.get(
         "/api/areas/{id}",
         [impl](http::Call& call) { return show_area(impl, call, call.tx(), call.id<Area>()); }, "",
         http::Scope::open, "An area with its way up, its office and its past"
    )
        .id_fields({"path:id"});
    r.post(
         "/api/areas",
         [impl](http::Call& call, const NewArea& body) { return add_area(impl, call, body); },
         area_manage, http::Scope::area, "Add a grid, a compound or a building"
    )
        .no_transaction()
        .once_per_key()
        .created()
        .id_fields({"body:parent"})
        .limit(4096);
}

}  // namespace linli::identity
