// SPDX-License-Identifier: Apache-2.0
#include "app/demo_register.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "record/personal.hpp"
#include "record/write.hpp"
#include "registry/queue.hpp"

namespace linli::app {

namespace {

/// Above so many people in a community, further communities of the county are settled too.
constexpr int crowded = 4000;
/// Fewer people than that do not make a community: then some are left empty.
constexpr int sparse = 30;
/// So many at most in a transaction.
constexpr int persons_together = 2000;

struct Middle {
    const char* prefix;
    double latitude, longitude;
};
constexpr Middle middles[] = {
    {"mas", 31.682, 118.498}, {"wz", 28.015, 120.655}, {"jn", 35.433, 116.606},
    {"bb", 32.966, 117.359},  {"lj", 24.940, 118.671},
};

std::map<std::string, DemoFigures> read_figures(const std::filesystem::path& folder) {
    std::map<std::string, DemoFigures> all;
    for (const auto& row : demo_rows(folder / "demo" / "population.csv")) {
        const auto number = [&](std::size_t at) { return std::stod(row.at(at)); };
        all[row.at(0)] = {number(2), number(3), number(4) / 100, number(5) / 100, number(6) / 100};
    }
    return all;
}

http::Grant over(const char* role, AreaId area) {
    http::Grant grant;
    grant.role = role;
    grant.area = area;
    return grant;
}

/// The communities in which the demo works; of the whole county if they would be crowded.
std::vector<DemoCommunity> communities_for(
    const area::Tree& tree, const DemoPlace& place, int persons
) {
    auto all = place.communities;
    if (persons / static_cast<int>(all.size()) <= crowded) {
        all.resize(std::min(all.size(), static_cast<std::size_t>(persons / sparse + 1)));
        return all;
    }
    for (const auto& node : tree.subtree(place.county)) {
        const bool known = std::any_of(all.begin(), all.end(), [&](const DemoCommunity& one) {
            return one.area == node.id;
        });
        if (node.level == area::Level::community && node.counted && !known) {
            all.push_back({node.id, {}, {}, {}, {}});
        }
    }
    return all;
}

void fill_community(
    DemoRegister& entries, const DemoFigures& figures, const DemoServices& services,
    const DemoCommunity& community, int persons
) {
    DemoSettled settled;
    settled.centre = entries.near(entries.centre(), 2500);
    for (; persons > 0; persons -= persons_together) {
        const int more = std::min(persons, persons_together);
        DemoSettled after;
        entries.together([&] { after = settle_demo(entries, figures, community, more, settled); });
        settled = std::move(after);
    }
    if (!settled.people.empty()) {
        entries.together([&] { services.serve_community(entries, community, settled); });
    }
}

/// The other communities of the county have entered what they have, not yet their people, so that
/// coverage is a figure of the county.
void fill_others(
    DemoRegister& entries, const DemoServices& services, const area::Tree& tree,
    const std::vector<DemoCommunity>& settled
) {
    std::set<AreaId> done;
    for (const auto& one : settled) {
        done.insert(one.area);
    }
    entries.together([&] {
        for (const auto& node : tree.subtree(entries.place().county)) {
            if (node.level == area::Level::community && node.counted && !done.contains(node.id)) {
                services.serve_elsewhere(entries, node.id);
            }
        }
    });
}

}  // namespace

DemoNames::DemoNames(const std::filesystem::path& catalogue) {
    int total = 0;
    for (const auto& row : demo_rows(catalogue / "demo" / "people.csv")) {
        if (row.at(0) == "surname") {
            m_surnames.push_back(row.at(1));
            m_until.push_back(total += std::stoi(row.at(2)));
        } else {
            (row.at(0) == "male" ? m_male : m_female).push_back(row.at(1));
        }
    }
}

const std::string& DemoNames::surname(Dice& dice) const {
    const auto at = std::upper_bound(m_until.begin(), m_until.end(), dice.below(m_until.back()));
    return m_surnames[static_cast<std::size_t>(at - m_until.begin())];
}

std::string DemoNames::given(Dice& dice, bool male) const {
    const auto& from = male ? m_male : m_female;
    auto name = dice.pick(from);
    return dice.chance(0.8) ? name + dice.pick(from) : name;
}

DemoRegister::DemoRegister(
    Application& application, const DemoPlace& place, const DemoNames& names, Dice& dice,
    Instant now, Date today
)
    : m_app(application),
      m_place(place),
      m_names(names),
      m_dice(dice),
      m_now(now),
      m_today(today),
      m_core(application.records().core()) {
    m_caller.account = place.communities.front().desk;
    for (const char* role : {"community_desk", "subdistrict_desk", "county_supervisor"}) {
        m_caller.grants.push_back(over(role, place.county));
    }
    const auto tree = application.areas().today();
    m_division = std::string(tree->find(place.county)->code.substr(0, 4)) + "99";
}

void DemoRegister::together(const std::function<void()>& work) {
    const auto dice = m_dice;
    const auto numbers = m_numbers;
    m_app.database().write_now([&](store::Tx& tx) {
        m_dice = dice;
        m_numbers = numbers;
        const record::Context context(*m_core, tx, &m_caller, m_now);
        m_context = &context;
        work();
        m_context = nullptr;
    });
}

RecordId DemoRegister::add(const char* kind, AreaId area, const Value& fields) {
    const auto body = obj({{"area", std::to_string(area.value)}, {"fields", fields}});
    return record::create(*m_context, m_core->table(kind), body).record.id;
}

void DemoRegister::change(const char* kind, RecordId id, const Value& fields) {
    const auto& table = m_core->table(kind);
    const auto body = obj({{"fields", fields}});
    record::change(*m_context, table, record::revise(*m_context, table, id, std::nullopt, body));
}

void DemoRegister::act(const char* kind, RecordId id, const char* action) {
    record::act(*m_context, m_core->table(kind), id, std::nullopt, action, obj({}));
}

std::string DemoRegister::phone() {
    return "154" + std::to_string(10000000 + m_dice.below(89999999));
}

std::string DemoRegister::id_number(Date born, bool male) {
    auto digits = to_text(born);
    std::erase(digits, '-');
    for (;;) {
        const auto serial = std::to_string(1000 + m_dice.below(500) * 2 + (male ? 1 : 0)).substr(1);
        auto number = record::with_check_digit(m_division + digits + serial);
        if (m_numbers.insert(number).second) {
            return number;
        }
    }
}

Value DemoRegister::near(const Value& around, double metres) {
    constexpr double degree = 111'320;
    const auto coordinate = [&](const char* key) { return *around.find(key)->as_double(); };
    const auto off = [&] { return (2 * m_dice.unit() - 1) * metres / degree; };
    const auto rounded = [](double degrees) { return std::round(degrees * 1e6) / 1e6 + 1e-7; };
    const auto latitude = rounded(coordinate("lat") + off());
    return obj({{"lat", latitude}, {"lon", rounded(coordinate("lon") + off() * 1.15)}});
}

Value DemoRegister::centre() {
    for (const auto& one : middles) {
        if (m_place.prefix == one.prefix) {
            return obj({{"lat", one.latitude}, {"lon", one.longitude}});
        }
    }
    throw std::runtime_error("the demo does not know where " + m_place.prefix + " lies");
}

std::string DemoRegister::name_of(AreaId area) const {
    return std::string(m_app.areas().today()->find(area)->name);
}

void make_demo_registers(
    Application& application, const std::filesystem::path& folder,
    const std::vector<DemoPlace>& places, std::uint64_t seed, int persons, Instant now,
    Instant until
) {
    const auto figures = read_figures(folder);
    const DemoNames names(folder);
    const DemoServices services(folder);
    Dice dice(seed + 1000);  // its own, so that requests stay as they are
    double weights = 0;
    for (const auto& place : places) {
        weights += figures.at(place.prefix).weight;
    }
    for (const auto& place : places) {
        const auto& here = figures.at(place.prefix);
        const int people = static_cast<int>(std::lround(persons * here.weight / weights));
        const auto tree = application.areas().today();
        const auto settled = communities_for(*tree, place, people);
        DemoRegister entries(application, place, names, dice, now, official_date(until));
        entries.together([&] { services.serve_above(entries); });
        int left = people;
        for (std::size_t i = 0; i < settled.size(); ++i) {
            const int share_of_it = left / static_cast<int>(settled.size() - i);
            left -= share_of_it;
            fill_community(entries, here, services, settled[i], share_of_it);
        }
        if (settled.size() >= place.communities.size()) {
            fill_others(entries, services, *tree, settled);
        }
    }
}

void find_demo_duplicates(
    Application& application, const std::filesystem::path& folder,
    const std::vector<DemoPlace>& places, Instant now
) {
    const registry::Readings readings(registry::readings_in(folder));
    for (const auto& place : places) {
        const auto county = application.areas().today()->find(place.county)->county_number;
        registry::find_duplicates(application.database(), readings, county, now);
    }
}

}  // namespace linli::app
