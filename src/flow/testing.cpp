// SPDX-License-Identifier: Apache-2.0
#include "flow/testing.hpp"

#include <algorithm>
#include <stdexcept>

namespace linli::flow {
namespace {

struct TestArea {
    const char *key, *code, *parent, *level;
};
constexpr TestArea all_areas[] = {
    {"province", "340000000000", "", "province"},
    {"city", "340100000000", "340000000000", "city"},
    {"county", "340102000000", "340100000000", "county"},
    {"county2", "340103000000", "340100000000", "county"},
    {"street", "340102001000", "340102000000", "subdistrict"},
    {"street2", "340102002000", "340102000000", "subdistrict"},
    {"street3", "340103001000", "340103000000", "subdistrict"},
    {"community", "340102001001", "340102001000", "community"},
    {"community2", "340102001002", "340102001000", "community"},
    {"community4", "340102002001", "340102002000", "community"},
    {"community3", "340103001001", "340103001000", "community"},
    {"grid", "340102001001001", "340102001001", "grid"},
    {"grid2", "340102001001002", "340102001001", "grid"},
};
struct TestUnit {
    const char *key, *area, *kind;
    bool office, enabled;
};
constexpr TestUnit all_units[] = {
    {"office", "community", "community_office", true, true},
    {"office2", "community2", "community_office", true, true},
    {"office4", "community4", "community_office", true, true},
    {"street_office", "street", "subdistrict_office", true, true},
    {"county_office", "county", "grid_centre", true, true},
    {"lamps", "county", "municipal_works", false, true},
    {"roads", "county", "urban_management", false, true},
    {"closed", "county", "transport", false, false},
    {"far", "county2", "municipal_works", false, true},
    {"water", "city", "water_affairs", false, true},
};
struct TestPerson {
    const char *key, *role, *area, *unit;
    bool head;
};
constexpr TestPerson all_people[] = {
    {"resident", "resident", "community", "", false},
    {"neighbour", "resident", "community", "", false},
    {"desk", "community_desk", "community", "office", true},
    {"desk2", "community_desk", "community2", "office2", false},
    {"street_desk", "subdistrict_desk", "street", "street_office", false},
    {"grid_worker", "grid_worker", "grid", "", false},
    {"clerk", "department", "county", "lamps", false},
    {"head", "department", "county", "lamps", true},
    {"assistant", "department", "county", "roads", false},
    {"far_clerk", "department", "county2", "far", false},
    {"water_clerk", "department", "city", "water", false},
    {"duty", "duty_officer", "county", "county_office", false},
    {"centre", "grid_centre", "county", "county_office", true},
    {"supervisor", "county_supervisor", "county", "", false},
    {"supervisor2", "county_supervisor", "county2", "", false},
    {"city_supervisor", "city_supervisor", "city", "", false},
};

void merge(Value& fields, const Value& fresh) {
    if (const auto* object = fresh.as_object()) {
        for (const auto& [name, value] : *object) {
            fields.set(name, value);
        }
    }
}

}  // namespace

Instant wall(const std::string& text) {
    const auto at = parse_instant(text.substr(0, 10) + "T" + text.substr(11) + ":00+08:00");
    if (!at) {
        throw std::invalid_argument("no time: " + text);
    }
    return *at;
}

std::vector<store::SchemaStep> world_schema() {
    auto steps = area::schema();
    for (const auto& room : {identity::schema(), schema()}) {
        steps.insert(steps.end(), room.begin(), room.end());
    }
    return steps;
}

World::World(
    store::testing::TestDatabase& database, std::shared_ptr<const catalogue::Catalogue> catalogue
)
    : m_database(database), m_catalogue(std::move(catalogue)) {
    if (!m_catalogue) {
        throw std::runtime_error("the catalogue cannot be loaded: run `linli catalogue check`");
    }
    (*m_database).write_now([&](store::Tx& tx) { make_areas(tx); });
    m_areas = std::make_unique<area::Areas>(*m_database, m_database.time());
    for (const auto& one : all_areas) {
        m_area[one.key] = m_areas->today()->find_code(one.code)->id;
    }
    (*m_database).write_now([&](store::Tx& tx) { make_units(tx); });
    make_people();
    m_flow = std::make_unique<Flow>(m_catalogue, *m_areas);
}

void World::make_areas(store::Tx& tx) {
    std::vector<area::ImportRow> rows;
    for (const auto& one : all_areas) {
        area::ImportRow row;
        row.code = one.code;
        row.parent = one.parent;
        row.level = one.level;
        row.name = one.key;
        rows.push_back(row);
    }
    const auto report = area::import_areas(tx, rows, *parse_date("2020-01-01"), false);
    if (!report.problems.empty()) {
        throw std::runtime_error("test areas: " + report.problems.front().detail);
    }
}

void World::make_units(store::Tx& tx) {
    constexpr store::Sql known{"test.unit", "SELECT id FROM identity_unit WHERE name = $1"};
    for (const auto& one : all_units) {
        if (const auto id = tx.one<UnitId>(known, one.key)) {
            m_unit[one.key] = *id;
            continue;
        }
        identity::UnitRow row;
        row.area = area(one.area);
        row.name = one.key;
        row.kind = one.kind;
        row.office = one.office;
        row.enabled = one.enabled;
        m_unit[one.key] = identity::create_unit(tx, row, now());
    }
}

void World::make_people() {
    std::int64_t number = 0;
    for (const auto& one : all_people) {
        http::Caller caller;
        caller.account = {++number};
        caller.name = one.key;
        http::Grant grant;
        grant.id = number;
        grant.role = one.role;
        grant.area = area(one.area);
        grant.unit = *one.unit ? unit(one.unit) : UnitId{};
        grant.head = one.head;
        caller.grants.push_back(grant);
        if (const auto* role = m_catalogue->role(one.role)) {
            caller.rights = role->rights;
            std::sort(caller.rights.begin(), caller.rights.end());
        }
        m_people[one.key] = caller;
    }
}

Subject World::subject(RecordId id) const {
    const auto& record = m_records.at(id);
    auto subject = record.subject;
    subject.value_of = [&record](const std::string& name) {
        const auto* value = record.fields.find(name);
        return value ? *value : Value();
    };
    return subject;
}

RecordId World::file(
    const std::string& area_key, const Value& fields, const std::string& who, int flow_version
) {
    Record record;
    auto& subject = record.subject;
    subject.filing = m_areas->today()->filing(area(area_key));
    subject.flow_version = flow_version ? flow_version : kind().flow->version;
    subject.title = "category";
    subject.number = "SQ" + std::to_string(++m_number);
    subject.filed_by = as(who).account;
    merge(record.fields, obj({{"category", "street_light"}}));
    merge(record.fields, fields);
    const auto* urgent = record.fields.find("urgent");
    subject.urgent = urgent && urgent->as_bool() && *urgent->as_bool();
    return db().write_now([&](store::Tx& tx) {
        const RecordId id{tx.new_id(subject.filing.county_number)};
        subject.record = {"request", id};
        m_records[id] = record;
        const auto outcome = m_flow->begin(tx, kind(), this->subject(id), {&as(who), now()});
        m_records[id].subject.state = outcome.state;
        m_records[id].subject.unit = outcome.unit;
        return id;
    });
}

Outcome World::act_in(
    store::Tx& tx, RecordId id, const std::string& action, const http::Caller* caller,
    const Inputs& inputs, const Value& fields, Instant at
) {
    const auto before = m_records.at(id);
    merge(m_records[id].fields, fields);
    try {
        auto now_subject = subject(id);
        if (const auto* urgent = m_records[id].fields.find("urgent")) {
            now_subject.urgent = urgent->as_bool() && *urgent->as_bool();
        }
        const auto outcome = m_flow->act(tx, kind(), now_subject, action, inputs, {caller, at});
        m_records[id].subject.state = outcome.state;
        m_records[id].subject.unit = outcome.unit;
        m_records[id].subject.urgent = now_subject.urgent;
        return outcome;
    } catch (const Refused&) {
        m_records[id] = before;
        throw;
    }
}

Outcome World::act(
    RecordId id, const std::string& action, const std::string& who, const Inputs& inputs,
    const Value& fields
) {
    return db().write_now([&](store::Tx& tx) {
        return act_in(tx, id, action, who.empty() ? nullptr : &as(who), inputs, fields, now());
    });
}

std::string World::refusal(
    RecordId id, const std::string& action, const std::string& who, const Inputs& inputs,
    const Value& fields
) {
    try {
        act(id, action, who, inputs, fields);
        return {};
    } catch (const Refused& refused) {
        return refused.problems.empty()
                   ? refused.code
                   : refused.problems.front().pointer + " " + refused.problems.front().code;
    }
}

void World::change(RecordId id, const Value& fields, const std::string& area_key) {
    const auto old = m_records.at(id);
    auto before = old.subject;
    before.value_of = [&old](const std::string& name) {
        const auto* value = old.fields.find(name);
        return value ? *value : Value();
    };
    merge(m_records[id].fields, fields);
    if (!area_key.empty()) {
        m_records[id].subject.filing = m_areas->today()->filing(area(area_key));
    }
    if (const auto* urgent = m_records[id].fields.find("urgent")) {
        m_records[id].subject.urgent = urgent->as_bool() && *urgent->as_bool();
    }
    const auto outcome = db().write_now([&](store::Tx& tx) {
        return m_flow->changed(tx, kind(), before, subject(id), {&as("desk"), now()});
    });
    m_records[id].subject.unit = outcome.unit;
}

void World::withdraw(RecordId id) {
    db().write_now([&](store::Tx& tx) {
        m_flow->end(tx, kind(), subject(id), {&as("resident"), now()});
    });
    m_records[id].subject.state = "withdrawn";
}

std::vector<std::string> World::allowed(RecordId id, const std::string& who) {
    std::vector<std::string> names;
    db().read([&](store::Tx& tx) {
        for (const auto& one : m_flow->allowed(tx, kind(), subject(id), {&as(who), now()})) {
            names.push_back(one.spec->name);
        }
    });
    return names;
}

std::optional<Work> World::work(RecordId id) {
    return db().read_now([&](store::Tx& tx) { return find_work(tx, id); });
}

Clock World::clock(RecordId id, const std::string& name) {
    for (const auto& one : db().read_now([&](store::Tx& tx) { return find_clocks(tx, id); })) {
        if (one.name == name) {
            return one;
        }
    }
    throw std::runtime_error("no clock " + name);
}

std::unique_ptr<Scheduler> World::scheduler() {
    return std::make_unique<Scheduler>(
        db(), time(), *m_flow,
        [this](store::Tx& tx, const RecordRef& record, const std::string& action, Instant at) {
            if (const auto found = failing.find(record.id); found != failing.end()) {
                ++found->second;
                throw std::runtime_error("the test says so");
            }
            act_in(tx, record.id, action, nullptr, {}, {}, at);
        }
    );
}

int World::run() {
    return scheduler()->run_due(now());
}

RecordId World::accepted(const std::string& handling) {
    const auto id = file();
    act(id, "accept", "desk", {}, obj({{"handling", handling}}));
    return id;
}

RecordId World::assigned(const std::string& handling) {
    const auto id = accepted(handling);
    Inputs inputs;
    inputs.lead_unit = unit("lamps");
    act(id, "assign", "desk", inputs);
    return id;
}

}  // namespace linli::flow
