// SPDX-License-Identifier: Apache-2.0
/// Who and what serves the people of the demo: facilities, organisations, community workers,
/// professionals, volunteers.
#include <algorithm>
#include <cmath>

#include "app/demo_register.hpp"
#include "base/text.hpp"

namespace linli::app {

namespace {

Value list_of(std::string_view words) {
    Value::List list;
    for (const auto word : split(words, ';')) {
        if (!word.empty()) {
            list.emplace_back(word);
        }
    }
    return list;
}

int rounded(double n) {
    return static_cast<int>(std::lround(n));
}

/// People of working age, by whom the posts are filled.
const DemoPerson& grown_up(DemoRegister& to, const DemoSettled& settled) {
    for (int tries = 0; tries < 50; ++tries) {
        const auto& one = to.dice().pick(settled.people);
        const int days = to.today() - one.born;
        if (days > 23 * 366 && days < 55 * 365) {
            return one;
        }
    }
    return settled.people.front();
}

Value duties_of(Dice& dice, int nth) {
    Value::List duties;
    const auto maybe = [&](const char* duty, double chance) {
        if (dice.chance(chance)) {
            duties.emplace_back(duty);
        }
    };
    if (nth == 0) {
        maybe("disaster_information", 0.97);
        maybe("mediator", 0.6);
    } else if (nth == 1) {
        maybe("agent", 0.93);
        maybe("child_director", 0.9);
        maybe("sport_instructor", 0.75);
        maybe("law_savvy", 0.6);
    } else {
        maybe("grid", 0.7);
        maybe("social_work", 0.2);
    }
    return duties;
}

void add_workers(DemoRegister& to, const DemoCommunity& community, const DemoSettled& settled) {
    static const std::vector<std::string> schools{"college", "bachelor", "bachelor", "senior"};
    constexpr int least = 2;
    constexpr double per_10000 = 19;
    auto& dice = to.dice();
    const auto wanted = rounded(static_cast<double>(settled.people.size()) * per_10000 / 10000);
    for (int nth = 0; nth < std::max(least, wanted); ++nth) {
        const auto& one = grown_up(to, settled);
        auto fields = obj(
            {{"name", one.name},
             {"post", nth == 0   ? "head"
                      : nth == 1 ? "deputy"
                      : nth % 2  ? "grid_staff"
                                 : "staff"},
             {"employment", dice.chance(0.85) ? "full_time" : "part_time"},
             {"person", std::to_string(one.id.value)},
             {"sex", one.male ? "male" : "female"},
             {"birth_date", to_text(one.born)},
             {"education", dice.pick(schools)},
             {"party_member", dice.chance(0.5)},
             {"source", nth < 2 ? "elected" : "recruited"},
             {"trained_days", dice.below(9)},
             {"started_on", to_text(to.today() + -dice.below(3000))},
             {"phone", to.phone()}}
        );
        if (auto duties = duties_of(dice, nth); !duties.as_list()->empty()) {
            fields.set("duties", std::move(duties));
        }
        if (dice.chance(0.8)) {
            fields.set("pay_grade", 1 + dice.below(18));
        }
        if (dice.chance(0.4)) {
            fields.set("certificate", dice.chance(0.7) ? "assistant" : "social_worker");
        }
        to.add("community_worker", community.area, fields);
    }
}

void add_professionals(
    DemoRegister& to, const DemoCommunity& community, const DemoSettled& settled
) {
    struct Profession {
        const char* name;
        double per_1000;
        int least;
        double certified;
    };
    static constexpr Profession professions[] = {
        {"social_worker", 0.6, 0, 0.9},
        {"care_worker", 0.55, 0, 0.8},
        {"general_practitioner", 0.4, 0, 1.0},
        {"legal_adviser", 0, 1, 1.0},
        {"mediator", 0.3, 0, 0.4},
        {"police", 0, 1, 0.0},
    };
    auto& dice = to.dice();
    for (const auto& one : professions) {
        const double mean = static_cast<double>(settled.people.size()) * one.per_1000 / 1000;
        const int count = std::max(one.least, static_cast<int>(mean + dice.unit()));
        for (int i = 0; i < count; ++i) {
            const bool male = dice.chance(0.4);
            to.add(
                "professional", community.area,
                obj(
                    {{"name", to.names().surname(dice) + to.names().given(dice, male)},
                     {"profession", one.name},
                     {"certified", dice.chance(one.certified)},
                     {"serves", Value::List{std::to_string(community.area.value)}},
                     {"hours_a_month", 20 + dice.below(140)},
                     {"started_on", to_text(to.today() + -dice.below(2500))}}
                )
            );
        }
    }
}

void add_volunteers(DemoRegister& to, const DemoCommunity& community, const DemoSettled& settled) {
    constexpr double share = 0.12;
    auto& dice = to.dice();
    for (const auto& one : settled.people) {
        const int days = to.today() - one.born;
        if (!dice.chance(share) || days < 16 * 366 || days > 75 * 365) {
            continue;
        }
        auto fields = obj(
            {{"name", one.name},
             {"person", std::to_string(one.id.value)},
             {"registered_on", to_text(to.today() + -(30 + dice.below(2000)))},
             {"themes", list_of(dice.chance(0.5) ? "elder_care;environment" : "safety")},
             {"emergency_volunteer", dice.chance(0.06)}}
        );
        if (dice.chance(0.7)) {
            fields.set("hours", static_cast<int>(dice.waiting(30)));
        }
        to.add("volunteer", one.grid ? one.grid : community.area, fields);
    }
}

}  // namespace

DemoServices::DemoServices(const std::filesystem::path& catalogue)
    : m_facilities(demo_rows(catalogue / "demo" / "facilities.csv")),
      m_organisations(demo_rows(catalogue / "demo" / "organisations.csv")) {}

void DemoServices::found(
    DemoRegister& to, const std::string& level, AreaId area, const std::string& name,
    const Value& centre, int households
) const {
    constexpr double for_a_household = 0.36;  // square metres
    const bool measured = level != "community" || households > 0;
    auto& dice = to.dice();
    for (const auto& row : m_facilities) {
        if (row.at(1) != level || !dice.chance(std::stod(row.at(2)))) {
            continue;
        }
        const bool by_households = row.at(4) == "households";
        const double usual = by_households       ? std::max(60.0, households * for_a_household)
                             : row.at(4).empty() ? 0
                                                 : std::stod(row.at(4));
        auto fields = obj(
            {{"name", name + row.at(3)},
             {"facility_kind", row.at(0)},
             {"status", dice.chance(0.97) ? "open" : "paused"},
             {"place", to.near(centre, level == "community" ? 400 : 1500)},
             {"opens_at", row.at(6)},
             {"closes_at", row.at(7)},
             {"open_days", list_of(dice.chance(0.6) ? "workdays;saturday;sunday" : "workdays")},
             {"opened_on", to_text(to.today() + -(200 + dice.below(4000)))},
             {"phone", "0" + std::to_string(555 + dice.below(30)) + "-" +
                           std::to_string(2000000 + dice.below(6000000))}}
        );
        if (usual > 0 && measured) {
            const int area_there = rounded(usual * (0.8 + 0.5 * dice.unit()));
            fields.set("floor_area", area_there);
            if (by_households) {
                fields.set("activity_area", rounded(area_there * (0.55 + 0.2 * dice.unit())));
            }
        }
        if (!row.at(5).empty() && measured) {
            fields.set("places", std::stoi(row.at(5)));
        }
        if (!row.at(8).empty()) {
            fields.set("functions", list_of(row.at(8)));
        }
        if (dice.chance(0.6)) {
            fields.set("access", list_of("step_free;signs"));
        }
        to.add("facility", area, fields);
    }
}

void DemoServices::organise(
    DemoRegister& to, const std::string& level, AreaId area, const std::string& name,
    const Value& centre
) const {
    auto& dice = to.dice();
    for (const auto& row : m_organisations) {
        if (row.at(1) != level || !dice.chance(std::stod(row.at(2)))) {
            continue;
        }
        const auto& kind = row.at(0);
        const bool social = kind == "community_organisation" || kind == "association" ||
                            kind == "service_institution" || kind == "foundation";
        auto fields = obj(
            {{"name", name + row.at(3)},
             {"organisation_kind", kind},
             {"status", dice.chance(0.95) ? "active" : "dormant"},
             {"founded_on", to_text(to.today() + -(100 + dice.below(5000)))},
             {"head_name", to.names().surname(dice) + to.names().given(dice, dice.chance(0.5))},
             {"phone", to.phone()},
             {"place", to.near(centre, level == "community" ? 400 : 1500)},
             {"staff_size", 3 + dice.below(40)}}
        );
        if (social) {
            fields.set("registration", kind == "community_organisation" ? "filed" : "registered");
        }
        if (!row.at(4).empty()) {
            fields.set("field_of_work", row.at(4));
        }
        if (!row.at(5).empty()) {
            fields.set("rating", row.at(5));
        }
        to.add("organisation", area, fields);
    }
}

void DemoServices::serve_community(
    DemoRegister& to, const DemoCommunity& community, const DemoSettled& settled
) const {
    const auto name = to.name_of(community.area);
    found(to, "community", community.area, name, settled.centre, settled.households);
    organise(to, "community", community.area, name, settled.centre);
    add_workers(to, community, settled);
    add_professionals(to, community, settled);
    add_volunteers(to, community, settled);
}

void DemoServices::serve_elsewhere(DemoRegister& to, AreaId community) const {
    const auto centre = to.near(to.centre(), 8000);
    const auto name = to.name_of(community);
    found(to, "community", community, name, centre, 0);
    organise(to, "community", community, name, centre);
}

void DemoServices::serve_above(DemoRegister& to) const {
    const auto& place = to.place();
    for (const auto& [level, area] :
         {std::pair{"subdistrict", place.subdistrict}, std::pair{"county", place.county}}) {
        found(to, level, area, to.name_of(area), to.centre(), 0);
        organise(to, level, area, to.name_of(area), to.centre());
    }
}

}  // namespace linli::app
