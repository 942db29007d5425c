// SPDX-License-Identifier: Apache-2.0
/// Units: found by everybody who is signed in, made and changed by administrators in their areas.
#include <algorithm>

#include "base/text.hpp"
#include "identity/manage.hpp"

namespace linli::identity {

namespace {

using Shared = std::shared_ptr<Identity::Impl>;
constexpr const char* unit_manage = "unit.manage";

struct UnitAnswer {
    UnitId id;
    std::string name, kind;
    AreaName area;
    bool office = false;
    std::string calendar, phone;
    bool enabled = true;
    std::int64_t version = 1;
    static constexpr auto fields =
        std::tuple{field("id", &UnitAnswer::id),          field("name", &UnitAnswer::name),
                   field("kind", &UnitAnswer::kind),      field("area", &UnitAnswer::area),
                   field("office", &UnitAnswer::office),  field("calendar", &UnitAnswer::calendar),
                   field("phone", &UnitAnswer::phone),    field("enabled", &UnitAnswer::enabled),
                   field("version", &UnitAnswer::version)};
};
struct UnitsAnswer {
    std::vector<UnitAnswer> units;
    static constexpr auto fields = std::tuple{field("units", &UnitsAnswer::units)};
};
struct UnitChange {
    std::optional<AreaId> area;
    std::optional<std::string> name, kind, calendar, phone;
    std::optional<bool> office, enabled;
    static constexpr auto fields = std::tuple{
        field("area", &UnitChange::area),
        field("name", &UnitChange::name, {.max = 80}),
        field("kind", &UnitChange::kind, {.max = 60}),
        field("calendar", &UnitChange::calendar, {.max = 60}),
        field("phone", &UnitChange::phone, {.max = 40}),
        field("office", &UnitChange::office),
        field("enabled", &UnitChange::enabled)};
};

UnitAnswer answer_of(const UnitRow& row, const area::Tree& tree) {
    const auto* node = tree.find(row.area);
    return {row.id,     row.name,     row.kind,  {row.area, node ? std::string(node->name) : ""},
            row.office, row.calendar, row.phone, row.enabled,
            row.version};
}

AreaId area_asked(const http::Call& call, const char* name) {
    AreaId id;
    const auto text = call.query(name);
    if (text && !parse_id(*text, id.value)) {
        throw malformed("query_malformed", std::string(name) + " is an id: a decimal number");
    }
    return id;
}

UnitsAnswer list_units(const Shared& impl, http::Call& call) {
    constexpr store::Sql sql{"identity.units", R"(
        SELECT id, area, name, kind, office, calendar, phone, enabled, version FROM identity_unit
         WHERE ($1 = 0 OR area = $1) AND ($2 = '' OR kind = $2) ORDER BY id)"};
    const auto tree = impl->areas.today();
    const auto area = area_asked(call, "area"), under = area_asked(call, "under");
    const auto kind = call.query("kind").value_or("");
    const auto words = tidy(call.query("q").value_or(""));
    const auto limit = static_cast<std::size_t>(call.query_int("limit", 100, 1, 1000));
    std::vector<UnitRow> rows;
    call.tx().each(
        sql,
        [&](const store::Row& row) {
            auto unit = store::read_row<UnitRow>(row);
            if ((!under || tree->within(unit.area, under)) &&
                unit.name.find(words) != std::string::npos) {
                rows.push_back(std::move(unit));
            }
            return rows.size() < limit;
        },
        area, kind
    );
    std::stable_sort(rows.begin(), rows.end(), [&](const UnitRow& a, const UnitRow& b) {
        return tree->find(a.area) < tree->find(b.area);  // nodes stand in depth-first order
    });
    UnitsAnswer answer;
    for (const auto& row : rows) {
        answer.units.push_back(answer_of(row, *tree));
    }
    return answer;
}

void check_unit_words(const catalogue::Catalogue& catalogue, const UnitRow& row) {
    const auto* kinds = catalogue.list("unit_kind");
    if (kinds && !kinds->find(row.kind)) {
        throw invalid("/kind", "unknown_choice", "the list unit_kind has no " + row.kind);
    }
    const auto& calendars = catalogue.calendars();
    const bool known = row.calendar.empty() ||
                       std::any_of(calendars.begin(), calendars.end(), [&](const auto& one) {
                           return one->name() == row.calendar;
                       });
    if (!known) {
        throw invalid("/calendar", "unknown_choice", "there is no calendar " + row.calendar);
    }
    if (row.name.empty()) {
        throw invalid("/name", "required", "a unit has a name");
    }
}

void take(const UnitChange& body, UnitRow& row) {
    row.area = body.area.value_or(row.area);
    row.name = tidy(body.name.value_or(row.name));
    row.kind = body.kind.value_or(row.kind);
    row.calendar = body.calendar.value_or(row.calendar);
    row.phone = tidy(body.phone.value_or(row.phone));
    row.office = body.office.value_or(row.office);
    row.enabled = body.enabled.value_or(row.enabled);
}

void log(
    const Shared& impl, http::Call& call, const UnitRow& row, const char* action, AreaId before
) {
    auto change = change_of(call, "unit", {}, action);
    change.record = {row.id.value};
    change.role = impl->role_with(call.caller, unit_manage);
    change.area_before = before;
    change.area_after = row.area;
    store::append_change(call.tx(), 0, std::move(change));
}

UnitAnswer add_unit(const Shared& impl, http::Call& call, const UnitChange& body) {
    UnitRow row;
    take(body, row);
    check_unit_words(*impl->catalogue, row);
    if (!impl->covers(impl->areas_with(call.caller, unit_manage), row.area)) {
        throw forbidden("area_out_of_scope", "the area is outside of your own");
    }
    row.id = create_unit(call.tx(), row, call.now);
    log(impl, call, row, "create", {});
    return answer_of(row, *impl->areas.today());
}

UnitAnswer change_unit(const Shared& impl, http::Call& call, const UnitChange& body) {
    const auto version = call.expected_version();
    const auto scope = impl->areas_with(call.caller, unit_manage);
    auto row = find_unit(call.tx(), call.id<Unit>());
    if (!row || !impl->covers(scope, row->area)) {
        throw not_found("unit");
    }
    const auto before = row->area;
    take(body, *row);
    check_unit_words(*impl->catalogue, *row);
    if (!impl->covers(scope, row->area)) {
        throw forbidden("area_out_of_scope", "the area is outside of your own");
    }
    if (row->version != version || !save_unit(call.tx(), *row)) {
        throw stale();
    }
    ++row->version;
    log(impl, call, *row, "change", before);
    return answer_of(*row, *impl->areas.today());
}

}  // namespace

void unit_routes(http::Router& r, const Shared& impl) {
    r.get(
         "/api/units", [impl](http::Call& call) { return list_units(impl, call); }, "unit.read",
         http::Scope::self, "Units of an area, or of all areas under one"
    )
        .query("area", "of exactly this area")
        .query("under", "of this area and all below")
        .query("kind", "key of the list unit_kind")
        .query("q", "part of the name")
        .query("limit", "1 to 1000")
        .id_fields({"query:area", "query:under"});
    r.post(
         "/api/units",
         [impl](http::Call& call, const UnitChange& body) { return add_unit(impl, call, body); },
         unit_manage, http::Scope::area, "Make a unit"
    )
        .created()
        .id_fields({"body:area"})
        .once_per_key();
    r.patch(
         "/api/units/{id}",
         [impl](http::Call& call, const UnitChange& body) { return change_unit(impl, call, body); },
         unit_manage, http::Scope::area, "Change a unit"
    )
        .id_fields({"path:id", "body:area"});
}

}  // namespace linli::identity
