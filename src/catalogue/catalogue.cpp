// SPDX-License-Identifier: Apache-2.0
#include "catalogue/catalogue.hpp"

#include <algorithm>
#include <set>

namespace linli::catalogue {
namespace {

template <class T>
const T* find_named(const std::vector<T>& all, std::string_view name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const T& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

Type type_of(FieldType type) {
    switch (type) {
        case FieldType::integer:
        case FieldType::decimal:
        case FieldType::money:
            return Type::number;
        case FieldType::boolean:
            return Type::boolean;
        case FieldType::date:
            return Type::date;
        case FieldType::instant:
            return Type::instant;
        case FieldType::duration:
            return Type::duration;
        case FieldType::ref:
            return Type::reference;
        case FieldType::choices:
        case FieldType::refs:
        case FieldType::point:
        case FieldType::file:
        case FieldType::extra:
            return Type::list;
        case FieldType::text:
        case FieldType::choice:
        case FieldType::phone:
        case FieldType::id_number:
            break;
    }
    return Type::text;
}

}  // namespace

const StateSpec* FlowSpec::state(std::string_view name) const {
    return find_named(states, name);
}
const ActionSpec* FlowSpec::action(std::string_view name) const {
    return find_named(actions, name);
}
const ClockSpec* FlowSpec::clock(std::string_view name) const {
    return find_named(clocks, name);
}
const FieldSpec* Kind::field(std::string_view field_name) const {
    return find_named(fields, field_name);
}

bool KindRight::holds_in(std::string_view state) const {
    return states.empty() || std::find(states.begin(), states.end(), state) != states.end();
}

std::vector<std::string> Kind::states() const {
    std::vector<std::string> all;
    const auto add = [&](const FlowSpec& spec) {
        for (const auto& state : spec.states) {
            if (std::find(all.begin(), all.end(), state.name) == all.end()) {
                all.push_back(state.name);
            }
        }
    };
    if (flow) {
        add(*flow);
    }
    for (const auto& [version, old] : old_flows) {
        add(old);
    }
    if (all.empty()) {
        all.emplace_back("active");
    }
    all.emplace_back("withdrawn");
    return all;
}

const Choice* ChoiceList::find(std::string_view key) const {
    const auto found = std::find_if(choices.begin(), choices.end(), [&](const Choice& one) {
        return one.key == key;
    });
    return found == choices.end() ? nullptr : &*found;
}

const Kind* Catalogue::kind(std::string_view name) const {
    const auto found = m_kind_index.find(name);
    return found == m_kind_index.end() ? nullptr : &m_kinds[found->second];
}

const ChoiceList* Catalogue::list(std::string_view name, std::string_view city_name) const {
    if (const City* local = city_name.empty() ? nullptr : city(city_name)) {
        const auto found = local->lists.find(std::string(name));
        if (found != local->lists.end()) {
            return &found->second;
        }
    }
    const auto found = m_list_index.find(name);
    return found == m_list_index.end() ? nullptr : &m_lists[found->second];
}

const Role* Catalogue::role(std::string_view name) const {
    return find_named(m_roles, name);
}
const City* Catalogue::city(std::string_view name) const {
    return find_named(m_cities, name);
}

const Limit& Catalogue::limit(
    const Kind& kind, const ClockSpec& clock, std::string_view choice, std::string_view city_name
) const {
    const std::string key(clock.by.empty() ? std::string_view{} : choice);
    if (const City* local = city_name.empty() ? nullptr : city(city_name)) {
        const auto limits = local->limits.find(kind.name + "." + clock.name);
        if (limits != local->limits.end()) {
            const auto found = limits->second.find(key);
            if (found != limits->second.end()) {
                return found->second;
            }
        }
    }
    const auto found = clock.limits.find(key);
    if (found != clock.limits.end()) {
        return found->second;
    }
    // The choice is not known yet (handling not set): the longest limit binds, so nobody is late by
    // mistake.
    const Calendar& national = calendar();
    return std::max_element(
               clock.limits.begin(), clock.limits.end(),
               [&](const auto& a, const auto& b) {
                   return limit_ms(national, a.second) < limit_ms(national, b.second);
               }
    )->second;
}

const std::vector<EscalationSpec>& Catalogue::escalation(
    const Kind& kind, const FlowSpec& flow, std::string_view city_name
) const {
    if (const City* local = city_name.empty() ? nullptr : city(city_name)) {
        const auto found = local->ladders.find(kind.name);
        if (found != local->ladders.end()) {
            return found->second;
        }
    }
    return flow.escalation;
}

const Calendar& Catalogue::calendar(std::string_view name) const {
    const Calendar* national = m_calendars.front().get();
    for (const auto& one : m_calendars) {
        if (!name.empty() && one->name() == name) {
            return *one;
        }
        if (one->name() == "national") {
            national = one.get();
        }
    }
    return *national;
}

std::vector<std::string> Catalogue::known_rights() const {
    std::set<std::string> all;
    for (const auto& role : m_roles) {
        all.insert(role.rights.begin(), role.rights.end());
    }
    return {all.begin(), all.end()};
}

Symbols symbols_of(const Catalogue& catalogue, const Kind& kind, const std::string& table_alias) {
    const std::string prefix = table_alias.empty() ? "" : table_alias + ".";
    Symbols symbols;
    for (const auto& field : kind.fields) {
        Symbol symbol{field.name, type_of(field.type), {}, {}, 0};
        if (symbol.type == Type::list && field.type != FieldType::choices) {
            continue;  // kept in other tables or as one text: nothing to compare
        }
        if (field.data_class != Class::sensitive) {
            symbol.sql = prefix + field.name;  // sensitive ones are encrypted
        }
        if (const ChoiceList* list = catalogue.list(field.list)) {
            std::set<std::string> keys;
            for (const auto& choice : list->choices) {
                keys.insert(choice.key);
            }
            for (const auto& city : catalogue.cities()) {
                for (const auto& choice : catalogue.list(field.list, city.name)->choices) {
                    keys.insert(choice.key);
                }
            }
            symbol.choices.assign(keys.begin(), keys.end());
        }
        if (field.type == FieldType::decimal || field.type == FieldType::money) {
            symbol.scale = field.scale;
        }
        symbols.all.push_back(std::move(symbol));
    }
    const auto own = [&](const char* name, Type type) {
        symbols.all.push_back({name, type, prefix + name, {}, 0});
    };
    own("state", Type::text);
    symbols.all.back().choices = kind.states();
    own("number", Type::text);
    own("created_at", Type::instant);
    own("updated_at", Type::instant);
    for (const char* name : {"area", "subdistrict", "community", "grid", "unit", "created_by"}) {
        own(name, Type::reference);
    }
    return symbols;
}

std::string to_text(const Mistake& mistake) {
    std::string text = mistake.place.file;
    if (mistake.place.line > 0) {
        text += ":" + std::to_string(mistake.place.line);
    }
    text += ": " + mistake.message;
    if (!mistake.suggestion.empty()) {
        text += " (" + mistake.suggestion + ")";
    }
    return text;
}

}  // namespace linli::catalogue
