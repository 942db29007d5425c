// SPDX-License-Identifier: Apache-2.0
/// Areas, units and accounts of the demo. Area codes and names are real; people, compounds and
/// grids are made up.
#include <algorithm>
#include <map>
#include <stdexcept>
#include <thread>

#include "app/demo.hpp"
#include "area/import.hpp"
#include "identity/workers.hpp"

namespace linli::app {

namespace {

struct PlaceSpec {
    const char* prefix;
    const char* county;  ///< official code
};
/// A district of each of the five places whose plans the product carries.
constexpr PlaceSpec place_specs[] = {
    {"mas", "340504000000"}, {"wz", "330302000000"}, {"jn", "370811000000"},
    {"bb", "340311000000"},  {"lj", "350504000000"},
};
constexpr int grids_per_community = 3, compounds_per_community = 3, residents_per_place = 3,
              desks_per_place = 2, grid_workers_per_place = 2, departments_with_account = 3;

/// What people are called; the same dice give the same names.
struct Names {
    std::vector<std::string> surnames, given, compounds;
    explicit Names(const std::filesystem::path& catalogue) {
        for (const auto& row : demo_rows(catalogue / "demo" / "names.csv")) {
            auto& list = row.at(0) == "surname" ? surnames
                         : row.at(0) == "given" ? given
                                                : compounds;
            list.push_back(row.at(1));
        }
    }
    std::string person(Dice& dice) const { return dice.pick(surnames) + dice.pick(given); }
};

/// An account still without a password: hashing is slow, so it is done for all at once, before the
/// transaction.
struct NewAccount {
    std::string login, name;
    std::vector<http::Grant> grants;
    AccountId* made = nullptr;
};

const area::Node& node_of(const area::Tree& tree, const std::string& code) {
    const auto* node = tree.find_code(code);
    if (!node) {
        throw std::runtime_error("the demo's areas lack " + code);
    }
    return *node;
}

/// The first subdistrict of a county that has enough communities to work in.
AreaId choose_subdistrict(const area::Tree& tree, AreaId county) {
    for (const auto* child : tree.children(county)) {
        const auto communities = tree.children(child->id);
        const auto counted = std::count_if(
            communities.begin(), communities.end(), [](const auto* c) { return c->counted; }
        );
        if (child->counted && child->kind == area::Kind::subdistrict && counted >= 4) {
            return child->id;
        }
    }
    return tree.children(county).front()->id;
}

std::vector<DemoCommunity> divide_communities(
    store::Tx& tx, const area::Tree& tree, AreaId subdistrict, const Names& names, Dice& dice
) {
    static const char* const ordinals[] = {"第一网格", "第二网格", "第三网格"};
    std::vector<DemoCommunity> communities;
    for (const auto* node : tree.children(subdistrict)) {
        if (!node->counted) {
            continue;
        }
        DemoCommunity one{node->id, {}, {}, {}, {}};
        area::Version version;
        version.from = tree.at();
        version.parent = node->id;
        version.urban_rural = node->urban_rural;
        for (int i = 0; i < grids_per_community; ++i) {
            version.level = area::Level::grid;
            version.code = std::string(node->code) + "00" + std::to_string(i + 1);
            version.name = ordinals[i];
            one.grids.push_back(area::add_area(tx, version));
        }
        auto compounds = names.compounds;
        for (int i = 0; i < compounds_per_community; ++i) {
            const auto at =
                static_cast<std::size_t>(dice.below(static_cast<int>(compounds.size())));
            version.level = area::Level::compound;
            version.code = std::string(node->code) + "C" + std::to_string(i + 1);
            version.name = compounds[at];
            compounds.erase(compounds.begin() + static_cast<std::ptrdiff_t>(at));
            one.compounds.push_back(area::add_area(tx, version));
        }
        communities.push_back(std::move(one));
    }
    return communities;
}

UnitId add_unit(
    store::Tx& tx, AreaId area, std::string name, std::string kind, bool office, Dice& dice,
    Instant now
) {
    identity::UnitRow unit;
    unit.area = area;
    unit.name = std::move(name);
    unit.kind = std::move(kind);
    unit.office = office;
    unit.phone = "0" + std::to_string(555 + dice.below(30)) + "-" +
                 std::to_string(2000000 + dice.below(6000000));
    return identity::create_unit(tx, unit, now);
}

/// Departments of a county, as catalogue/demo/units.csv names them.
std::vector<DemoPlace::Department> add_departments(
    store::Tx& tx, const std::filesystem::path& catalogue, const area::Node& county, Dice& dice,
    Instant now
) {
    std::vector<DemoPlace::Department> departments;
    for (const auto& row : demo_rows(catalogue / "demo" / "units.csv")) {
        const auto name = std::string(county.name) + row.at(1);
        departments.push_back(
            {add_unit(tx, county.id, name, row.at(0), false, dice, now), row.at(0), {}}
        );
    }
    return departments;
}

class AccountMaker {
 public:
    AccountMaker(const Names& names, Dice& dice) : m_names(names), m_dice(dice) {}
    void add(std::string login, http::Grant grant, AccountId* made = nullptr) {
        m_accounts.push_back({std::move(login), m_names.person(m_dice), {std::move(grant)}, made});
    }
    void add(std::string login, std::vector<http::Grant> grants) {
        m_accounts.push_back({std::move(login), m_names.person(m_dice), std::move(grants), nullptr}
        );
    }
    void make(Application& application, Instant now) {
        std::vector<std::string> hashes(m_accounts.size());
        {
            std::vector<std::jthread> threads;
            for (std::size_t t = 0; t < 2; ++t) {
                threads.emplace_back([&, t] {
                    for (std::size_t i = t; i < hashes.size(); i += 2) {
                        hashes[i] = hash_password(demo_password);
                    }
                });
            }
        }
        const auto tree = application.areas().today();
        application.database().write_now([&](store::Tx& tx) {
            for (std::size_t i = 0; i < m_accounts.size(); ++i) {
                const auto& one = m_accounts[i];
                const auto id = identity::create_account(tx, one.login, one.name, hashes[i], now);
                identity::mark_demo(tx, id);
                if (one.grants.front().role == "grid_worker") {
                    const auto number = std::to_string(2100000 + i);
                    identity::set_public_phone(tx, id, "0555-" + number);
                }
                for (const auto& grant : one.grants) {
                    identity::grant(tx, application.catalogue(), *tree, id, grant, {}, now);
                }
                if (one.made) {
                    *one.made = id;
                }
            }
        });
    }

 private:
    const Names& m_names;
    Dice& m_dice;
    std::vector<NewAccount> m_accounts;
};

http::Grant over(std::string role, AreaId area, UnitId unit = {}, bool head = false) {
    http::Grant grant;
    grant.role = std::move(role);
    grant.area = area;
    grant.unit = unit;
    grant.head = head;
    return grant;
}

/// Which departments get an account: those whom residents' requests go to most.
bool wants_account(const std::string& kind) {
    return kind == "urban_management" || kind == "housing" || kind == "public_security";
}

void add_staff(AccountMaker& maker, DemoPlace& place, const std::map<AreaId, UnitId>& offices) {
    const auto login = [&](const std::string& name) { return place.prefix + "-" + name; };
    for (int i = 0; i < desks_per_place; ++i) {
        auto& community = place.communities[static_cast<std::size_t>(i)];
        maker.add(
            login("community" + std::to_string(i + 1)),
            over("community_desk", community.area, offices.at(community.area), true),
            &community.desk
        );
    }
    for (int i = 0; i < grid_workers_per_place; ++i) {
        auto& community = place.communities[static_cast<std::size_t>(i)];
        maker.add(
            login("grid" + std::to_string(i + 1)), over("grid_worker", community.grids[0]),
            &community.grid_worker
        );
    }
    maker.add(
        login("street"),
        over("subdistrict_desk", place.subdistrict, offices.at(place.subdistrict), true),
        &place.subdistrict_desk
    );
    for (auto& department : place.departments) {
        if (department.kind == "grid_centre") {
            maker.add(
                login("centre"), over("grid_centre", place.county, department.unit, true),
                &place.grid_centre
            );
        }
        if (department.kind == "emergency_management") {
            maker.add(
                login("duty"), over("duty_officer", place.county, department.unit),
                &place.duty_officer
            );
        }
        if (wants_account(department.kind)) {
            maker.add(
                login(
                    department.kind == "urban_management" ? "chengguan"
                    : department.kind == "housing"        ? "zhujian"
                                                          : "gongan"
                ),
                over("department", place.county, department.unit, true), &department.account
            );
        }
    }
    maker.add(login("county"), over("county_supervisor", place.county), &place.county_supervisor);
    place.residents.resize(residents_per_place);
    for (int i = 0; i < residents_per_place; ++i) {
        const auto& community = place.communities[static_cast<std::size_t>(i % desks_per_place)];
        maker.add(
            login("resident" + std::to_string(i + 1)), over("resident", community.area),
            &place.residents[static_cast<std::size_t>(i)]
        );
    }
}

}  // namespace

std::vector<DemoPlace> make_demo_places(
    Application& application, const std::filesystem::path& folder, Dice& dice, Instant now
) {
    const auto rows = area::read_areas(folder / "demo" / "areas.csv");
    const auto report = application.database().write_now([&](store::Tx& tx) {
        return area::import_areas(tx, rows, official_date(now), false);
    });
    if (!report.problems.empty()) {
        throw Refused(422, "demo_areas_invalid", "catalogue/demo/areas.csv", report.problems);
    }
    application.areas().reload();
    const auto tree = application.areas().today();
    const Names names(folder);
    std::vector<DemoPlace> places;
    std::vector<std::map<AreaId, UnitId>> offices(std::size(place_specs));
    application.database().write_now([&](store::Tx& tx) {
        for (const auto& spec : place_specs) {
            const auto& county = node_of(*tree, spec.county);
            auto& own_offices = offices[places.size()];
            DemoPlace place;
            place.prefix = spec.prefix;
            place.county = county.id;
            place.subdistrict = choose_subdistrict(*tree, county.id);
            place.communities = divide_communities(tx, *tree, place.subdistrict, names, dice);
            own_offices[place.subdistrict] = add_unit(
                tx, place.subdistrict, std::string(tree->find(place.subdistrict)->name),
                "subdistrict_office", true, dice, now
            );
            for (const auto& community : place.communities) {
                own_offices[community.area] = add_unit(
                    tx, community.area, std::string(tree->find(community.area)->name),
                    "community_office", true, dice, now
                );
            }
            place.departments = add_departments(tx, folder, county, dice, now);
            places.push_back(std::move(place));
        }
    });
    application.areas().reload();
    AccountMaker maker(names, dice);
    for (std::size_t i = 0; i < places.size(); ++i) {
        add_staff(maker, places[i], offices[i]);
    }
    for (auto& place : places) {
        if (place.prefix == "mas" || place.prefix == "wz") {
            const auto city = tree->ancestor(place.county, area::Level::city)->id;
            maker.add(
                place.prefix + "-city", over("city_supervisor", city), &place.city_supervisor
            );
        }
    }
    for (const auto* role : {"system_admin", "security_admin", "auditor"}) {
        std::vector<http::Grant> grants;
        for (const auto& place : places) {
            grants.push_back(over(role, tree->ancestor(place.county, area::Level::city)->id));
        }
        const std::string login = std::string(role) == "system_admin" ? "admin"
                                  : std::string(role) == "auditor"    ? "audit"
                                                                      : "security";
        maker.add(login, std::move(grants));
    }
    maker.make(application, now);
    return places;
}

}  // namespace linli::app
