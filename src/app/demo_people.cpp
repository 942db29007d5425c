// SPDX-License-Identifier: Apache-2.0
/// People of the demo, their households and homes: made up, in the proportions of
/// catalogue/demo/population.csv.
#include <algorithm>
#include <array>

#include "app/demo_register.hpp"

namespace linli::app {

namespace {

constexpr int entrances = 3, storeys = 6, per_storey = 2;

enum Group { child, adult, elder };

/// Ages in shares that are reached whatever the order in which they are asked for.
class Ages {
 public:
    explicit Ages(const DemoFigures& of)
        : m_share{of.under_15, 1 - of.under_15 - of.over_60, of.over_60} {}
    /// The one of these that is furthest behind its share.
    Group next(std::initializer_list<Group> possible) const {
        return *std::max_element(possible.begin(), possible.end(), [&](Group a, Group b) {
            return behind(a) < behind(b);
        });
    }
    void count(Group group) {
        ++m_total;
        ++m_count[group];
    }

 private:
    double behind(Group group) const { return m_share[group] * (m_total + 1) - m_count[group]; }
    std::array<double, 3> m_share, m_count{};
    double m_total = 0;
};

struct Member {
    std::string name;
    const char* relation = "self";
    bool male = false;
    Group group = adult;
    Date born;
};

class Settlers {
 public:
    Settlers(
        DemoRegister& to, const DemoFigures& figures, const DemoCommunity& community,
        DemoSettled so_far
    )
        : m_to(to),
          m_dice(to.dice()),
          m_figures(figures),
          m_community(community),
          m_ages(figures),
          m_done(std::move(so_far)) {}

    DemoSettled settle(int more);

 private:
    void block(std::size_t wanted);
    RecordId building(
        AreaId compound, AreaId grid, const std::string& name, const std::string& road
    );
    RecordId dwelling(
        RecordId building, AreaId grid, const std::string& block, int door, bool empty
    );
    void household(RecordId dwelling, AreaId grid);
    int household_size();
    Member member(int nth, const std::string& surname, const Member& first);
    Date birthday(Group);
    Value fields_of(const Member&, RecordId household, bool alone);
    void add_work(Value& fields, const Member&);
    void add_needs(Value& fields, const Member&, bool alone);
    /// Somebody who is in the register already, entered once more by another hand.
    void enter_again(RecordId household, AreaId grid);

    DemoRegister& m_to;
    Dice& m_dice;
    const DemoFigures& m_figures;
    const DemoCommunity& m_community;
    Ages m_ages;
    DemoSettled m_done;
};

DemoSettled Settlers::settle(int more) {
    const auto wanted = m_done.people.size() + static_cast<std::size_t>(more);
    while (m_done.people.size() < wanted) {
        block(wanted);
    }
    return std::move(m_done);
}

void Settlers::block(std::size_t wanted) {
    const auto nth = static_cast<std::size_t>(m_done.blocks++);
    const auto& compounds = m_community.compounds;
    const auto& grids = m_community.grids;
    const auto compound = compounds.empty() ? AreaId{} : compounds[nth % compounds.size()];
    const auto grid = grids.empty() ? m_community.area : grids[nth % grids.size()];
    const auto number = compounds.empty() ? nth + 1 : nth / compounds.size() + 1;
    const auto estate = m_to.name_of(compound ? compound : m_community.area);
    const auto name = estate + std::to_string(number) + "号楼";
    const auto house = building(compound, grid, name, std::to_string(nth * 2 + 1) + "号");
    constexpr int doors = entrances * storeys * per_storey;
    for (int door = 0; door < doors && m_done.people.size() < wanted; ++door) {
        const bool empty = m_dice.chance(0.08);
        const auto home = dwelling(house, grid, name, door, empty);
        if (!empty) {
            household(home, grid);
        }
    }
    if (m_dice.chance(0.85)) {
        const auto head = std::to_string(m_done.people.back().id.value);
        m_to.change("building", house, obj({{"head", head}}));
    }
}

RecordId Settlers::building(
    AreaId compound, AreaId grid, const std::string& name, const std::string& number
) {
    const auto road = m_to.name_of(m_community.area) + "路";
    const auto place = m_to.near(m_done.centre, 500);
    auto address = obj(
        {{"full_text", road + number + " " + name},
         {"road", road},
         {"house_number", number},
         {"place", place}}
    );
    const int built = 1980 + m_dice.below(42);
    constexpr int homes = entrances * storeys * per_storey;
    auto fields = obj(
        {{"place_name", name},
         {"building_use", m_dice.chance(0.15) ? "mixed" : "residential"},
         {"place", place},
         {"year_built", built},
         {"structure", built < 1995 ? "brick_concrete" : "reinforced_concrete"},
         {"storeys", storeys},
         {"entrances", entrances},
         {"dwellings", homes},
         {"floor_area", homes * 98},
         {"commercial_area", homes * m_dice.below(15)},
         {"lifts", built > 2010 ? entrances : 0},
         {"barrier_free", built > 2010},
         {"safety_grade", m_dice.chance(0.01) ? "c"
                          : built < 1995      ? "b"
                                              : "a"}}
    );
    if (compound) {
        address.set("compound", std::to_string(compound.value));
        fields.set("compound", std::to_string(compound.value));
    }
    const auto at = m_to.add("address", grid, address);
    m_to.act("address", at, "approve");
    fields.set("address", std::to_string(at.value));
    return m_to.add("building", grid, fields);
}

RecordId Settlers::dwelling(
    RecordId building, AreaId grid, const std::string& block, int door, bool empty
) {
    const auto entrance = std::to_string(door / (storeys * per_storey) + 1);
    const int storey = door / per_storey % storeys + 1;
    const auto room = std::to_string(storey * 100 + door % per_storey + 1);
    return m_to.add(
        "dwelling", grid,
        obj(
            {{"place_name", block + entrance + "单元" + room + "室"},
             {"building", std::to_string(building.value)},
             {"entrance", entrance},
             {"storey", storey},
             {"room", room},
             {"floor_area", 55 + m_dice.below(85)},
             {"occupancy", empty ? "vacant" : "lived_in"},
             {"tenure", m_dice.chance(0.18) ? "rented" : "owned"}}
        )
    );
}

/// 1 to 5. A tenth of those who are entered live elsewhere at the time, so that as many residents
/// are left as the census says.
int Settlers::household_size() {
    const double mean = m_figures.household_size / 0.9;
    int size = 1;
    for (int i = 0; i < 4; ++i) {
        size += m_dice.chance((mean - 1) / 4) ? 1 : 0;
    }
    return size;
}

void Settlers::household(RecordId dwelling, AreaId grid) {
    const int size = household_size();
    std::vector<Member> members;
    const auto surname = m_to.names().surname(m_dice);
    for (int i = 0; i < size; ++i) {
        members.push_back(member(i, surname, members.empty() ? Member{} : members.front()));
    }
    auto fields = obj(
        {{"name", members.front().name},
         {"household_type", "family"},
         {"dwelling", std::to_string(dwelling.value)},
         {"members", size},
         {"in_group", m_dice.chance(0.82)}}
    );
    if (m_dice.chance(0.03)) {
        static const std::vector<std::string> tags{
            "minimum_living", "low_income", "single_parent", "zero_employment"};
        fields.set("household_tags", Value::List{m_dice.pick(tags)});
    }
    const auto made = m_to.add("household", grid, fields);
    RecordId representative;
    for (const auto& one : members) {
        const auto person = fields_of(one, made, size == 1);
        const auto id = m_to.add("person", grid, person);
        representative = representative ? representative : id;
        m_done.people.push_back(
            {id, one.name, std::string(person.text_or("phone")), grid, one.born, one.male}
        );
    }
    m_to.change("household", made, obj({{"representative", std::to_string(representative.value)}}));
    ++m_done.households;
    if (m_dice.chance(0.01)) {
        enter_again(made, grid);
    }
}

/// The first is grown up, the second usually his or her spouse, then come children and parents.
Member Settlers::member(int nth, const std::string& surname, const Member& first) {
    constexpr int nearly_seven_years = 2400;
    Member one;
    const bool spouse = nth == 1 && m_dice.chance(0.8);
    one.group = spouse     ? first.group
                : nth == 0 ? m_ages.next({adult, elder})
                           : m_ages.next({child, adult, elder});
    m_ages.count(one.group);
    one.male = spouse ? !first.male : m_dice.chance(0.5);
    one.born = birthday(one.group);
    if (spouse && one.group == adult) {
        one.born = std::min(
            first.born + (m_dice.below(nearly_seven_years) - nearly_seven_years / 2),
            m_to.today() + -20 * 366
        );
    }
    one.relation = nth == 0             ? "self"
                   : spouse             ? "spouse"
                   : one.group == elder ? "parent"
                   : one.male           ? "son"
                                        : "daughter";
    const bool own_name = nth == 0 || spouse || one.group == elder;
    one.name = (nth == 0   ? surname
                : own_name ? m_to.names().surname(m_dice)
                           : surname) +
               m_to.names().given(m_dice, one.male);
    return one;
}

Date Settlers::birthday(Group group) {
    const auto aged = [&](int from, int to) {
        return m_to.today() + -(366 * from + m_dice.below(365 * (to - from)));
    };
    if (group == child) {
        return m_to.today() + -m_dice.below(365 * 15);
    }
    if (group == adult) {
        return aged(18, 59);
    }
    return m_dice.chance(m_figures.over_65 / m_figures.over_60)
               ? aged(65, 67 + std::min(30, static_cast<int>(m_dice.waiting(9))))
               : aged(60, 65);
}

Value Settlers::fields_of(const Member& one, RecordId household, bool alone) {
    auto fields = obj(
        {{"name", one.name},
         {"sex", one.male ? "male" : "female"},
         {"birth_date", to_text(one.born)},
         {"id_type", "resident_card"},
         {"id_number", m_to.id_number(one.born, one.male)},
         {"residence", m_dice.chance(0.9)   ? "resident"
                       : m_dice.chance(0.5) ? "temporary"
                                            : "absent"},
         {"registered_here", m_dice.chance(0.78)},
         {"ethnic_group", m_dice.chance(0.985) ? "han" : "hui"},
         {"household", std::to_string(household.value)},
         {"relation", one.relation},
         {"source", "visit"},
         {"confirmed_on", to_text(m_to.today() + -(100 + m_dice.below(500)))}}
    );
    if (one.group != child && m_dice.chance(0.9)) {
        fields.set("phone", m_to.phone());
    }
    add_work(fields, one);
    add_needs(fields, one, alone);
    return fields;
}

void Settlers::add_work(Value& fields, const Member& one) {
    static const std::vector<std::string> schools{"junior",  "senior",   "vocational", "college",
                                                  "primary", "bachelor", "junior",     "senior"};
    static const std::vector<std::string> works{"employed", "employed", "employed",      "employed",
                                                "flexible", "flexible", "self_employed", "home"};
    if (one.group == adult) {
        fields.set("education", m_dice.pick(schools));
        fields.set("employment", m_dice.chance(0.03) ? "unemployed" : m_dice.pick(works));
    } else {
        fields.set("employment", one.group == child ? "student" : "retired");
    }
    if (one.group != child && m_dice.chance(0.07)) {
        fields.set("party_member", true);
    }
}

void Settlers::add_needs(Value& fields, const Member& one, bool alone) {
    const char* group = nullptr;
    if (one.group == elder) {
        group = alone                 ? "living_alone"
                : m_dice.chance(0.03) ? "dependent_elder"
                : m_dice.chance(0.04) ? "empty_nest"
                                      : nullptr;
    } else if (m_dice.chance(0.015)) {
        group = one.group == adult   ? "minimum_living"
                : m_dice.chance(0.3) ? "child_in_distress"
                                     : "left_behind_child";
    }
    if (group) {
        fields.set("key_groups", Value::List{group});
    }
    if (m_dice.chance(0.06)) {
        fields.set("health", one.group == elder ? "chronic" : "fair");
    }
    if (m_dice.chance(0.03)) {
        fields.set("disability", m_dice.chance(0.5) ? "limbs" : "hearing");
        fields.set("disability_grade", m_dice.chance(0.3) ? "grade_2" : "grade_3");
    }
}

void Settlers::enter_again(RecordId household, AreaId grid) {
    const auto& known = m_dice.pick(m_done.people);
    auto fields = obj(
        {{"name", known.name},
         {"sex", known.male ? "male" : "female"},
         {"birth_date", to_text(known.born)},
         {"residence", "temporary"},
         {"household", std::to_string(household.value)},
         {"relation", "other_relative"},
         {"source", "import"}}
    );
    if (!known.phone.empty()) {
        fields.set("phone", known.phone);
    }
    m_to.add("person", grid, fields);
}

}  // namespace

DemoSettled settle_demo(
    DemoRegister& to, const DemoFigures& figures, const DemoCommunity& community, int more,
    DemoSettled so_far
) {
    return Settlers(to, figures, community, std::move(so_far)).settle(more);
}

}  // namespace linli::app
