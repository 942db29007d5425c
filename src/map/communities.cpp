// SPDX-License-Identifier: Apache-2.0
/// Splits and mergers of communities, with what people wish of them.
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "map/districts.hpp"
#include "map/outlines.hpp"
#include "spatial/district.hpp"

namespace linli::map {

namespace {

constexpr int wished = 200;  // far more than any border

/// A wish in numbers; areas are those of Divided.
struct Bound {
    Wish wish;
    bool of_areas = true;
    std::uint32_t first = 0, second = 0;
};

std::uint32_t area_by_code(const Divided& on, const std::string& code, const std::string& where) {
    for (std::uint32_t a = 0; a < on.areas.size(); ++a) {
        if (on.area(a).code == code) {
            return a;
        }
    }
    throw invalid(where, "unknown_area", "no dwelling belongs to " + code);
}

std::uint32_t compound_of(const Divided& on, const std::string& number, const std::string& where) {
    for (const auto i : on.dwellings) {
        if (!on.town().compound.empty() && std::to_string(on.town().compound[i]) == number) {
            return on.town().compound[i];
        }
    }
    throw invalid(where, "unknown_compound", "no dwelling belongs to compound " + number);
}

std::vector<Bound> bind(const Divided& on, const std::vector<Wish>& wishes) {
    std::vector<Bound> all;
    for (std::size_t w = 0; w < wishes.size(); ++w) {
        const auto where = "/wishes/" + std::to_string(w);
        Bound one{wishes[w]};
        const bool codes = one.wish.first.size() == 12;
        one.of_areas = one.wish.rule == Rule::leave || (one.wish.rule == Rule::apart && codes);
        const auto find = [&](const std::string& name, const char* field) {
            return one.of_areas ? area_by_code(on, name, where + field)
                                : compound_of(on, name, where + field);
        };
        one.first = find(one.wish.first, "/first");
        one.second = one.wish.rule == Rule::leave ? 0 : find(one.wish.second, "/second");
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<spatial::Community> communities_of(
    const Divided& on, const DistrictOrder& order, const std::vector<Bound>& wishes
) {
    std::vector<spatial::Community> all(on.areas.size());
    for (std::uint32_t a = 0; a < all.size(); ++a) {
        all[a].parent = on.area(a).parent;
    }
    for (std::size_t h = 0; h < on.dwellings.size(); ++h) {
        const auto i = on.dwellings[h];
        auto& one = all[on.homes.area[h]];
        const auto* persons = on.town().column("persons");
        one.households += on.homes.households[h];
        one.persons += persons ? (*persons)[i] : 0;
        one.jobs += on.town().jobs[i];
        const bool rural = on.town().dwellings.area_class[i] == spatial::AreaClass::rural;
        one.leave = one.leave || (rural && !order.villages);
    }
    for (const auto& one : wishes) {
        if (one.wish.rule == Rule::leave) {
            all[one.first].leave = true;
        }
    }
    return all;
}

void weigh(
    spatial::UnitGraph& graph, const std::vector<std::uint32_t>& compound,
    const std::vector<Bound>& wishes
) {
    for (const auto& one : wishes) {
        for (std::uint32_t u = 0; !one.of_areas && u < graph.size(); ++u) {
            for (auto i = graph.begin[u]; i < graph.begin[u + 1]; ++i) {
                const auto a = compound[u], b = compound[graph.links[i].to];
                if ((a == one.first && b == one.second) || (b == one.first && a == one.second)) {
                    graph.links[i].cost = one.wish.rule == Rule::together ? wished : -wished;
                }
            }
        }
    }
}

/// What would be: codes and names of communities afterwards, and whose each dwelling is.
class Then {
 public:
    Then(const Divided& on, const spatial::StreetUnits& units) : m_on(on), m_units(units) {
        m_label.assign(on.town().doors.size(), no_label);
    }
    Value::List add(const spatial::CommunityProposal& one) {
        Value::List into;
        if (one.fit == spatial::Fit::none) {
            return into;
        }
        const auto& heir = m_on.area(one.areas[0]);
        into.push_back(name(heir.code, heir.name));
        for (const auto area : one.areas) {
            give([&](std::size_t h) { return m_on.homes.area[h] == area; });
        }
        for (std::size_t p = 1; p < one.parts.size(); ++p) {
            const auto code = next_code(heir.code);
            into.push_back(name(code, heir.name + "（" + std::to_string(p + 1) + "）"));
            const std::set<std::uint32_t> own(one.parts[p].units.begin(), one.parts[p].units.end());
            give([&](std::size_t h) { return own.count(m_units.unit[h]) > 0; });
        }
        return into;
    }
    const std::vector<std::uint32_t>& label() const { return m_label; }
    Value parts() const {
        Value::List list;
        for (const auto& [number, grounds] : outlines(m_on.town(), m_label)) {
            auto one = m_names[number];
            one.set("ground", ground_value(grounds));
            list.push_back(std::move(one));
        }
        return list;
    }

 private:
    Value name(const std::string& code, const std::string& words) {
        m_names.push_back(obj({{"code", code}, {"name", words}}));
        return m_names.back();
    }
    /// To the one that was named last.
    template <class Which>
    void give(const Which& which) {
        for (std::size_t h = 0; h < m_on.dwellings.size(); ++h) {
            if (which(h)) {
                m_label[m_on.dwellings[h]] = static_cast<std::uint32_t>(m_names.size() - 1);
            }
        }
    }
    /// The next free one beside it: the last three of twelve digits count up.
    std::string next_code(const std::string& code) {
        for (int number = 1; number < 1'000; ++number) {
            char digits[16];
            std::snprintf(digits, sizeof digits, "%03d", number);
            const auto fresh = code.substr(0, 9) + digits;
            if (!m_on.work->tree().find_code(fresh) && m_taken.insert(fresh).second) {
                return fresh;
            }
        }
        throw invalid("/area", "codes_used_up", "no code is free beside " + code);
    }

    const Divided& m_on;
    const spatial::StreetUnits& m_units;
    std::vector<Value> m_names;
    std::set<std::string> m_taken;
    std::vector<std::uint32_t> m_label;
};

Value sizes(Value into, const spatial::CommunityPart& part) {
    into.set("households", static_cast<std::int64_t>(part.households));
    into.set("persons", static_cast<std::int64_t>(part.persons));
    into.set("jobs", static_cast<std::int64_t>(part.jobs));
    return into;
}

Value proposal_value(
    const Divided& on, const std::vector<spatial::Community>& communities,
    const spatial::CommunityProposal& one, Then& then
) {
    Value::List areas;
    spatial::CommunityPart all;
    for (const auto area : one.areas) {
        const auto& now = communities[area];
        areas.push_back(sizes(
            obj(
                {{"area", on.areas[area]},
                 {"code", on.area(area).code},
                 {"name", on.area(area).name}}
            ),
            {now.households, now.persons, now.jobs, {}}
        ));
        all.households += now.households;
        all.persons += now.persons;
        all.jobs += now.jobs;
    }
    auto into = then.add(one);
    for (std::size_t p = 0; p < into.size(); ++p) {
        into[p] = sizes(into[p], one.parts.empty() ? all : one.parts[p]);
    }
    const auto word = [](auto value) { return name_of(value); };
    return obj(
        {{"kind", word(one.kind)},
         {"fit", word(one.fit)},
         {"why", word(one.why)},
         {"areas", std::move(areas)},
         {"into", std::move(into)},
         {"moved", static_cast<std::int64_t>(one.moved)}}
    );
}

/// Whether a wish is kept: by the labels, or by the areas that stay as they are.
bool kept(const Divided& on, const Bound& one, const std::vector<std::uint32_t>& label) {
    const auto stays = [&](std::size_t h) {
        const auto now = label[on.dwellings[h]];
        return now == no_label ? std::int64_t{-1} - on.homes.area[h] : std::int64_t{now};
    };
    std::set<std::int64_t> first, second, both;
    for (std::size_t h = 0; h < on.dwellings.size(); ++h) {
        const auto of = one.of_areas ? on.homes.area[h] : on.town().compound[on.dwellings[h]];
        if (of == one.first) {
            first.insert(stays(h));
        } else if (of == one.second) {
            second.insert(stays(h));
        }
    }
    both = first;
    both.insert(second.begin(), second.end());
    return one.wish.rule == Rule::leave      ? true
           : one.wish.rule == Rule::together ? both.size() == 1
                                             : both.size() == first.size() + second.size();
}

}  // namespace

Value propose_communities(const Divided& on, const DistrictOrder& order) {
    const auto wishes = bind(on, order.wishes);
    const auto communities = communities_of(on, order, wishes);
    const auto units = spatial::street_units(on.town().network, on.homes, on.barriers);
    auto inside = spatial::within_areas(on.town().network, units, on.barriers);
    spatial::UnitFacts facts;
    facts.persons.assign(units.graph.size(), 0);
    facts.jobs.assign(units.graph.size(), 0);
    std::vector<std::uint32_t> compound;
    const auto* persons = on.town().column("persons");
    for (std::size_t h = 0; h < on.dwellings.size(); ++h) {
        const auto i = on.dwellings[h];
        facts.persons[units.unit[h]] += persons ? (*persons)[i] : 0;
        facts.jobs[units.unit[h]] += on.town().jobs[i];
        compound.push_back(on.town().compound.empty() ? 0 : on.town().compound[i]);
    }
    if (!on.town().compound.empty()) {
        const auto of_unit = spatial::of_units(units, on.homes, compound);
        inside = spatial::prefer_whole(inside, of_unit);
        weigh(inside, of_unit, wishes);
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> apart;
    for (const auto& one : wishes) {
        if (one.of_areas && one.wish.rule == Rule::apart) {
            apart.emplace_back(one.first, one.second);
        }
    }
    spatial::CommunityRules rules;
    rules.split_above = static_cast<std::uint32_t>(order.split_above);
    rules.merge_below = static_cast<std::uint32_t>(order.merge_below);
    Then then(on, units);
    Value::List proposals, told;
    for (const auto& one :
         spatial::propose_communities({units, inside, facts, communities, apart}, rules)) {
        proposals.push_back(proposal_value(on, communities, one, then));
    }
    for (const auto& one : wishes) {
        told.push_back(obj(
            {{"rule", name_of(one.wish.rule)},
             {"first", one.wish.first},
             {"second", one.wish.second},
             {"reason", one.wish.reason},
             {"kept", kept(on, one, then.label())}}
        ));
    }
    return obj(
        {{"kind", "communities"},
         {"communities", communities.size()},
         {"proposals", std::move(proposals)},
         {"parts", then.parts()},
         {"wishes", std::move(told)}}
    );
}

}  // namespace linli::map
