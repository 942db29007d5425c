// SPDX-License-Identifier: Apache-2.0
#include "record/engine.hpp"

#include <algorithm>

namespace linli::record {

Core::Core(Parts of) : parts(std::move(of)) {
    for (const auto& kind : parts.catalogue->kinds()) {
        tables.push_back(std::make_unique<KindTable>(*parts.catalogue, kind));
        by_name[kind.name] = tables.back().get();
    }
    for (const auto& city : parts.catalogue->cities()) {
        m_city_codes.push_back(city.area);
    }
}

const KindTable& Core::table(std::string_view kind) const {
    const auto found = by_name.find(kind);
    if (found == by_name.end()) {
        throw not_found("kind");
    }
    return *found->second;
}

std::string Core::city_of(AreaId area) const {
    if (m_city_codes.empty()) {
        return {};
    }
    const auto code = parts.areas.city_code(area, m_city_codes);
    for (const auto& city : parts.catalogue->cities()) {
        if (city.area == code) {
            return city.name;
        }
    }
    return {};
}

Context::Context(
    const Core& in, store::Tx& on, const http::Caller* by, Instant at, std::string request
)
    : core(in),
      tx(on),
      caller(by),
      now(at),
      request_id(std::move(request)),
      tree(in.parts.areas.today()) {}

area::Filing filing_of(const Context& c, const Record& r) {
    area::Filing filing;
    filing.area = r.area;
    filing.county_number = r.county();
    filing.subdistrict = r.subdistrict;
    filing.community = r.community;
    filing.grid = r.grid;
    if (const auto* county = c.tree->county(r.county())) {
        filing.county = county->id;
    }
    return filing;
}

bool own(const Context& c, const KindTable& table, const Record& r) {
    if (!c.caller || !c.caller->signed_in()) {
        return false;
    }
    if (r.created_by == c.caller->account) {
        return true;
    }
    if (!c.caller->person) {
        return false;
    }
    if (table.kind->name == "person" && r.id == c.caller->person) {
        return true;
    }
    const auto* about =
        table.about < 0 ? nullptr : r.cells[static_cast<std::size_t>(table.about)].value.as_int();
    return about && *about == c.caller->person.value;
}

std::vector<UnitId> parties_of(const Context& c, const KindTable& table, const Record& r) {
    std::vector<UnitId> units;
    if (table.kind->flow) {
        units = c.core.parts.flow.parties(c.tx, {table.kind->name, r.id});
    }
    if (r.unit && std::find(units.begin(), units.end(), r.unit) == units.end()) {
        units.push_back(r.unit);
    }
    return units;
}

identity::Facts facts_of(const Context& c, const KindTable& table, const Record& r) {
    return {filing_of(c, r), own(c, table, r), parties_of(c, table, r), r.state};
}

namespace {

/// By the areas as filed, like the lists do it; areas of the second view (compounds, buildings) by
/// the tree.
bool filed_within(const Context& c, const Record& r, AreaId area) {
    const auto* node = c.tree->find(area);
    if (!node) {
        return false;
    }
    if (c.tree->inherits(area, filing_of(c, r))) {
        return true;
    }
    switch (node->level) {
        case area::Level::county:
            return node->county_number == r.county();
        case area::Level::subdistrict:
            return r.subdistrict == area;
        case area::Level::community:
            return r.community == area;
        case area::Level::grid:
            return r.grid == area;
        case area::Level::compound:
        case area::Level::building:
            return c.tree->within(r.area, area);
        default: {
            if (r.county() == 0) {
                return c.tree->within(r.area, area);
            }
            const auto counties = c.tree->counties_under(area);
            return std::binary_search(counties.begin(), counties.end(), r.county());
        }
    }
}

}  // namespace

bool reaches(
    const Context& c, const identity::Access& access, const KindTable& table, const Record& r,
    const identity::Facts& facts
) {
    if (access.any || (access.own && facts.own)) {
        return true;
    }
    for (const auto area : access.areas) {
        if (filed_within(c, r, area)) {
            return true;
        }
    }
    const auto among = [](const auto& list, const auto& one) {
        return std::find(list.begin(), list.end(), one) != list.end();
    };
    return among(access.at, r.area) ||
           std::any_of(
               access.units.begin(), access.units.end(),
               [&](UnitId unit) { return among(facts.parties, unit); }
           ) ||
           std::any_of(
               access.limited.begin(), access.limited.end(),
               [&](const identity::Access& limited) {
                   return among(limited.states, r.state) && reaches(c, limited, table, r, facts);
               }
           );
}

bool reaches(
    const Context& c, const KindTable& table, identity::Operation operation, const Record& r,
    const identity::Facts& facts
) {
    return c.caller &&
           reaches(
               c, identity::access(*c.caller, *table.kind, operation, *c.tree), table, r, facts
           );
}

Found load(const Context& c, const KindTable& table, RecordId id) {
    auto record = id ? find(c.tx, table, id) : std::nullopt;
    if (!record) {
        throw not_found("record");
    }
    Found found{std::move(*record), {}};
    found.facts = facts_of(c, table, found.record);
    if (c.caller && !reaches(c, table, identity::Operation::read, found.record, found.facts)) {
        throw not_found("record");
    }
    return found;
}

namespace {

std::string seal_context(const KindTable& table, std::size_t field, RecordId id) {
    return table.kind->name + "/" + table.field(field).name + "/" + std::to_string(id.value);
}

}  // namespace

std::string blind(
    const Core& core, const KindTable& table, std::size_t field, const std::string& packed
) {
    return core.parts.cipher->blind(packed, table.kind->name + "/" + table.field(field).name);
}

std::string blind_tail(
    const Core& core, const KindTable& table, std::size_t field, std::string_view number
) {
    constexpr std::size_t digits = 4;
    const auto tail = number.substr(number.size() - std::min(number.size(), digits));
    return core.parts.cipher->blind(
        tail, table.kind->name + "/" + table.field(field).name + "/tail"
    );
}

Value open(const Core& core, const KindTable& table, const Record& r, std::size_t field) {
    const auto& cell = r.cells[field];
    if (cell.bytes.empty() || !cell.value.is_null()) {
        return cell.value;
    }
    return unpack(
        core.parts.cipher->open(cell.bytes, seal_context(table, field, r.id)), table.field(field)
    );
}

void seal(const Core& core, const KindTable& table, Record& r) {
    r.digests.assign(table.size(), {});
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto& cell = r.cells[i];
        if (shape_of(table.field(i)) != Shape::sealed || cell.empty()) {
            continue;
        }
        const auto packed = pack(open(core, table, r, i));
        if (cell.bytes.empty()) {
            cell.bytes = core.parts.cipher->seal(packed, seal_context(table, i, r.id));
        }
        if (has_blind(table.field(i))) {
            r.digests[i].whole = blind(core, table, i, packed);
        }
        if (table.field(i).type == FieldType::phone) {
            r.digests[i].tail = blind_tail(core, table, i, packed);
        }
    }
}

bool urgent_choice(
    const catalogue::Catalogue& catalogue, const FieldSpec& field, const std::string& key,
    const std::string& city
) {
    const auto* list = catalogue.list(field.list, city);
    const auto* choice = list ? list->find(key) : nullptr;
    const auto* mark = choice ? choice->attributes.find("urgent") : nullptr;
    return mark && mark->as_bool() && *mark->as_bool();
}

bool urgent(const Context& c, const KindTable& table, const Record& r, const std::string& city) {
    if (table.urgent_field >= 0 &&
        r.cells[static_cast<std::size_t>(table.urgent_field)].value == Value(1)) {
        return true;
    }
    for (const auto i : table.urgent_choices) {
        const auto* key = r.cells[i].value.as_text();
        if (key && urgent_choice(c.catalogue(), table.field(i), *key, city)) {
            return true;
        }
    }
    return false;
}

bool over(const KindTable& table, const Record& r) {
    if (r.state == "withdrawn" || !table.kind->flow) {
        return r.state == "withdrawn";
    }
    const auto old = table.kind->old_flows.find(r.flow_version);
    const auto& flow = old == table.kind->old_flows.end() ? *table.kind->flow : old->second;
    const auto* state = flow.state(r.state);
    return state && state->final;
}

Value value_of(const Context& c, const KindTable& table, const Record& r, const std::string& name) {
    const int i = table.find(name);
    if (i >= 0) {
        return open(c.core, table, r, static_cast<std::size_t>(i));
    }
    const auto id = [](std::int64_t value) { return value == 0 ? Value() : Value(value); };
    return name == "state"         ? Value(r.state)
           : name == "number"      ? Value(r.number)
           : name == "created_at"  ? Value(r.created_at.ms)
           : name == "updated_at"  ? Value(r.updated_at.ms)
           : name == "area"        ? id(r.area.value)
           : name == "subdistrict" ? id(r.subdistrict.value)
           : name == "community"   ? id(r.community.value)
           : name == "grid"        ? id(r.grid.value)
           : name == "unit"        ? id(r.unit.value)
           : name == "created_by"  ? id(r.created_by.value)
                                   : Value();
}

flow::Subject subject_of(const Context& c, const KindTable& table, const Record& r) {
    const auto city = c.core.city_of(r.area);
    flow::Subject subject;
    subject.record = {table.kind->name, r.id};
    subject.number = r.number;
    subject.title = table.kind->title.zh;
    for (const auto& name : table.kind->title_fields) {
        const int i = table.find(name);
        const auto& field = table.field(static_cast<std::size_t>(i));
        const auto* text = r.cells[static_cast<std::size_t>(i)].value.as_text();
        if (text && field.data_class <= catalogue::Class::internal) {
            const auto* list =
                field.type == FieldType::choice ? c.catalogue().list(field.list, city) : nullptr;
            const auto* choice = list ? list->find(*text) : nullptr;
            subject.title = choice ? choice->title.zh : *text;
            break;
        }
    }
    subject.filing = filing_of(c, r);
    subject.state = r.state;
    subject.flow_version = r.flow_version;
    subject.unit = r.unit;
    subject.filed_by = r.created_by;
    if (table.about >= 0) {
        const auto* about = r.cells[static_cast<std::size_t>(table.about)].value.as_int();
        subject.about.value = about ? *about : 0;
    }
    subject.urgent = urgent(c, table, r, city);
    subject.value_of = [&c, &table, &r](const std::string& name) {
        return value_of(c, table, r, name);
    };
    return subject;
}

}  // namespace linli::record
