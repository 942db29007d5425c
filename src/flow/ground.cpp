// SPDX-License-Identifier: Apache-2.0
#include "flow/ground.hpp"

#include <algorithm>

namespace linli::flow {
namespace {

bool is_reporter(const Subject& subject, const http::Caller& caller) {
    return (caller.account && caller.account == subject.filed_by) ||
           (caller.person && caller.person == subject.about);
}

bool belongs(
    store::Tx& tx, const std::string& relation, const Subject& subject, const http::Caller& caller
) {
    return std::any_of(caller.grants.begin(), caller.grants.end(), [&](const http::Grant& grant) {
        if (!grant.unit) {
            return false;
        }
        return relation == "lead_unit" ? grant.unit == subject.unit
                                       : assists(tx, subject.record.id, grant.unit);
    });
}

bool is_actor(
    store::Tx& tx, const std::string& word, const Subject& subject, const http::Caller& caller,
    const area::Tree& tree
) {
    if (word == "timer") {
        return false;
    }
    if (word == "reporter") {
        return is_reporter(subject, caller);
    }
    if (word == "lead_unit" || word == "assist_unit") {
        return belongs(tx, word, subject, caller);
    }
    return std::any_of(caller.grants.begin(), caller.grants.end(), [&](const http::Grant& grant) {
        return grant.role == word && identity::covers(grant.area, subject.filing, tree);
    });
}

}  // namespace

std::string Ground::city(AreaId area) const {
    std::vector<std::string> codes;
    for (const auto& one : catalogue.cities()) {
        codes.push_back(one.area);
    }
    const auto code = codes.empty() ? std::string() : areas.city_code(area, codes);
    for (const auto& one : catalogue.cities()) {
        if (!code.empty() && one.area == code) {
            return one.name;
        }
    }
    return {};
}

const Calendar& Ground::calendar(store::Tx& tx, AreaId area, UnitId unit) const {
    if (unit) {
        const auto row = identity::find_unit(tx, unit);
        if (row && !row->calendar.empty()) {
            return catalogue.calendar(row->calendar);
        }
    }
    const auto* pack = catalogue.city(city(area));
    return catalogue.calendar(pack ? pack->calendar : std::string());
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

Value value_of(const Subject& subject, const std::string& field) {
    return subject.value_of ? subject.value_of(field) : Value();
}

std::string text_of(const Subject& subject, const std::string& field) {
    const auto value = value_of(subject, field);
    return value.as_text() ? *value.as_text() : std::string();
}

std::string acts_as(
    store::Tx& tx, const catalogue::ActionSpec& action, const Subject& subject, const Actor& actor,
    const area::Tree& tree
) {
    for (const auto& word : action.by) {
        if (actor.caller ? is_actor(tx, word, subject, *actor.caller, tree) : word == "timer") {
            return word;
        }
    }
    return {};
}

bool waits_for(
    const catalogue::FlowSpec& flow, const std::string& state, const std::string& actor
) {
    const auto* spec = flow.state(state);
    return spec && contains(spec->waits_for, actor);
}

void describe(
    Work& work, const catalogue::Kind& kind, const catalogue::FlowSpec& flow, const Subject& subject
) {
    work.id = subject.record.id;
    work.kind = kind.name;
    work.number = subject.number;
    work.title = subject.title;
    work.area = subject.filing.area;
    work.subdistrict = subject.filing.subdistrict;
    work.community = subject.filing.community;
    work.grid = subject.filing.grid;
    work.flow_version = subject.flow_version;
    work.filed_by = subject.filed_by;
    work.about = subject.about;
    work.rank = subject.urgent ? 0 : 1;
    work.asks = waits_for(flow, work.state, "reporter");
    for (const auto& field : kind.fields) {
        if (field.type == catalogue::FieldType::choice) {
            work.choice = text_of(subject, field.name);
            break;
        }
    }
}

}  // namespace linli::flow
