// SPDX-License-Identifier: Apache-2.0
#include "identity/scope.hpp"

#include <algorithm>
#include <map>

namespace linli::identity {

using catalogue::Kind;
using catalogue::KindRight;
using catalogue::Reach;

namespace {

const KindRight* right_of(const Kind& kind, const http::Grant& grant) {
    const auto found = kind.rights.find(grant.role);
    return found == kind.rights.end() ? nullptr : &found->second;
}

Reach reach_of(const KindRight& right, Operation operation) {
    switch (operation) {
        case Operation::create:
            return right.create;
        case Operation::read:
            return right.read;
        case Operation::change:
            return right.change;
        case Operation::withdraw:
            return right.withdraw;
        case Operation::export_:
            return right.export_;
        case Operation::import:
            return right.import;
        case Operation::publish:
            return Reach::none;  // no role has a part in it
    }
    return Reach::none;
}

template <class T>
void keep_once(std::vector<T>& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

/// Areas that no longer exist reach nothing; those inside another add nothing.
std::vector<AreaId> outermost(std::vector<AreaId> areas, const area::Tree& tree) {
    keep_once(areas);
    std::vector<AreaId> result;
    for (const auto one : areas) {
        const bool inside = std::any_of(areas.begin(), areas.end(), [&](AreaId other) {
            return other != one && tree.within(one, other);
        });
        if (!inside && tree.find(one)) {
            result.push_back(one);
        }
    }
    return result;
}

}  // namespace

bool covers(AreaId granted, const area::Filing& filing, const area::Tree& tree) {
    if (granted == filing.area || granted == filing.grid || granted == filing.community ||
        granted == filing.subdistrict || granted == filing.county) {
        return bool(granted);
    }
    const auto* node = tree.find(granted);
    if (!node) {
        return false;
    }
    if (node->level < area::Level::county &&
        tree.within(filing.county ? filing.county : filing.area, granted)) {
        return true;
    }
    return (node->level > area::Level::grid && tree.within(filing.area, granted)) ||
           tree.inherits(granted, filing);
}

namespace {

bool reaches(Reach reach, const http::Grant& grant, const Facts& facts, const area::Tree& tree) {
    switch (reach) {
        case Reach::none:
            return false;
        case Reach::own:
            return facts.own;
        case Reach::assigned:
            return grant.unit &&
                   std::find(facts.parties.begin(), facts.parties.end(), grant.unit) !=
                       facts.parties.end();
        case Reach::scope:
            return covers(grant.area, facts.filing, tree);
        case Reach::path:
            return covers(grant.area, facts.filing, tree) ||
                   tree.within(grant.area, facts.filing.area);
        case Reach::any:
            return true;
    }
    return false;
}

bool has(const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}
bool to_be_masked(const catalogue::FieldSpec& field) {
    return field.mask != catalogue::Mask::none || field.data_class == catalogue::Class::sensitive;
}

/// What the rights of the grants that reach a record say together.
FieldRights together(
    const Kind& kind, const std::vector<const KindRight*>& reading,
    const std::vector<const KindRight*>& changing, bool own
) {
    FieldRights result;
    for (const auto& field : kind.fields) {
        const auto& name = field.name;
        const auto one_has = [&](auto member) {
            return std::any_of(reading.begin(), reading.end(), [&](const KindRight* right) {
                return has(right->*member, name);
            });
        };
        const bool hidden =
            std::all_of(reading.begin(), reading.end(), [&](const KindRight* right) {
                return has(right->hidden_fields, name);
            });
        if (hidden) {
            result.hidden.insert(name);
            continue;
        }
        if (to_be_masked(field) && !own && !one_has(&KindRight::unmasked_fields)) {
            result.masked.insert(name);
            if (one_has(&KindRight::unmask_fields)) {
                result.unmaskable.insert(name);
            }
        }
        for (const auto* right : changing) {
            if (right->change_fields.empty() || has(right->change_fields, name)) {
                result.changeable.insert(name);
            }
        }
    }
    return result;
}

std::vector<const KindRight*> rights_of(
    const Kind& kind, const std::vector<const http::Grant*>& grants
) {
    std::vector<const KindRight*> result;
    for (const auto* grant : grants) {
        result.push_back(right_of(kind, *grant));
    }
    keep_once(result);
    return result;
}

void add(Access& to, Reach reach, const http::Grant& grant, const area::Tree& tree) {
    switch (reach) {
        case Reach::none:
            break;
        case Reach::own:
            to.own = true;
            break;
        case Reach::assigned:
            if (grant.unit) {
                to.units.push_back(grant.unit);
            }
            break;
        case Reach::path:
            for (const auto* above : tree.path(grant.area)) {
                to.at.push_back(above->id);
            }
            to.areas.push_back(grant.area);
            break;
        case Reach::scope:
            to.areas.push_back(grant.area);
            break;
        case Reach::any:
            to.any = true;
            break;
    }
}

/// Without what it says twice.
Access plain(Access from, const area::Tree& tree) {
    Access result;
    result.states = std::move(from.states);
    if (from.any) {
        result.any = true;
        return result;
    }
    result.own = from.own;
    result.units = std::move(from.units);
    keep_once(result.units);
    result.areas = outermost(std::move(from.areas), tree);
    result.at = std::move(from.at);
    keep_once(result.at);
    std::erase_if(result.at, [&](AreaId at) {
        return std::any_of(result.areas.begin(), result.areas.end(), [&](AreaId area) {
            return tree.within(at, area);
        });
    });
    return result;
}

}  // namespace

Access access(
    const http::Caller& caller, const Kind& kind, Operation operation, const area::Tree& tree
) {
    if (operation == Operation::publish) {
        Access everybody;
        everybody.any = true;
        return everybody;
    }
    std::map<std::vector<std::string>, Access> by_states;
    for (const auto& grant : caller.grants) {
        const auto* right = right_of(kind, grant);
        const auto reach = right ? reach_of(*right, operation) : Reach::none;
        if (reach != Reach::none) {
            auto& part = by_states[right->states];
            part.states = right->states;
            add(part, reach, grant, tree);
        }
    }
    auto result = plain(std::move(by_states[{}]), tree);
    for (auto& [states, part] : by_states) {
        if (!states.empty() && !result.any) {
            result.limited.push_back(plain(std::move(part), tree));
        }
    }
    return result;
}

std::vector<const http::Grant*> grants_for(
    const http::Caller& caller, const Kind& kind, Operation operation, const Facts& facts,
    const area::Tree& tree
) {
    std::vector<const http::Grant*> result;
    for (const auto& grant : caller.grants) {
        const auto* right = right_of(kind, grant);
        if (right && right->holds_in(facts.state) &&
            reaches(reach_of(*right, operation), grant, facts, tree)) {
            result.push_back(&grant);
        }
    }
    return result;
}

FieldRights field_rights(
    const http::Caller& caller, const Kind& kind, const Facts& facts, const area::Tree& tree
) {
    const auto reading = grants_for(caller, kind, Operation::read, facts, tree);
    const auto changing = grants_for(caller, kind, Operation::change, facts, tree);
    const auto rights = rights_of(kind, reading);
    // Staff who have entered somebody's record do not own it.
    const bool owner = facts.own && std::any_of(rights.begin(), rights.end(), [](auto* right) {
                           return right->read == Reach::own;
                       });
    return together(kind, rights, rights_of(kind, changing), owner);
}

ListRights list_rights(const http::Caller& caller, const Kind& kind, const area::Tree&) {
    std::vector<const KindRight*> reading;
    bool only_own = true, change_differs = false;
    for (const auto& grant : caller.grants) {
        const auto* right = right_of(kind, grant);
        if (right && right->read != Reach::none) {
            reading.push_back(right);
            only_own = only_own && right->read == Reach::own;
            change_differs =
                change_differs || (right->change != Reach::none && right->change != right->read);
        }
    }
    keep_once(reading);
    std::vector<const KindRight*> changing;
    std::copy_if(reading.begin(), reading.end(), std::back_inserter(changing), [](auto* right) {
        return right->change != Reach::none;
    });
    ListRights result;
    result.rights = together(kind, reading, changing, only_own && !reading.empty());
    // Own rows among others are not masked, and grants of several roles reach different rows.
    result.varies = !result.rights.masked.empty() || reading.size() > 1 || change_differs;
    return result;
}

}  // namespace linli::identity
